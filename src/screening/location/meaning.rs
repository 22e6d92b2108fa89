//! What one name may mean: a town, a large area, a region or a country; and how well each fits the names beside it.

use super::area::{self, Area};
use super::distance::haversine_km;
use super::gazetteer::{self, Place};
use super::metro::{self, Metro};
use crate::domain::place::Country;
use crate::screening::policy;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A town; `needs_area` when the name is only three capitals.
    Town { place: Place, needs_area: bool },
    /// A large area.
    Metro(&'static Metro),
    /// A region or a country.
    Area(Area),
}

/// One thing a name may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// What.
    pub kind: Kind,
    /// log10 of people, lowered and raised as `policy` says.
    pub score: f64,
    /// How many of the names beside it fit.
    pub fits: usize,
    /// True when one letter was corrected.
    pub corrected: bool,
}

/// What a name beside the town says.
#[derive(Debug, Clone, PartialEq)]
pub enum Qualifier {
    /// One of these countries or regions.
    Areas(Vec<Area>),
    /// Near one of these towns.
    Near(Vec<Place>),
    /// Nothing that is understood.
    Unknown,
}

/// How a meaning fits one qualifier, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    None,
    Near,
    Country,
    Region,
    /// It is that region itself.
    Itself,
}

/// The score of so many people; small towns are all alike.
#[must_use]
pub fn people_score(people: u32) -> f64 {
    f64::from(people.max(300)).log10()
}

/// Parts of another country in common speech: `Hong Kong, China`. Only for reading a text, never for comparing countries.
const ALSO_SAID_OF: &[(&str, &str)] = &[("HK", "CN"), ("MO", "CN"), ("TW", "CN"), ("XK", "RS"), ("PS", "IL"), ("EH", "MA")];

fn is_said_of(country: Country, stated: Country) -> bool {
    country == stated || country.folded() == stated || ALSO_SAID_OF.contains(&(country.code(), stated.code()))
}

impl Meaning {
    /// The area in which it lies.
    #[must_use]
    pub const fn area(&self) -> Area {
        match &self.kind {
            Kind::Town { place, .. } => Area { country: place.country, region: place.region },
            Kind::Metro(metro) => Area { country: metro.center.country, region: metro.center.region },
            Kind::Area(area) => *area,
        }
    }

    /// True for a town or a large area, false for a region or country.
    #[must_use]
    pub const fn is_town(&self) -> bool {
        !matches!(self.kind, Kind::Area(_))
    }

    fn fit(&self, qualifier: &Qualifier) -> Fit {
        match qualifier {
            Qualifier::Unknown => Fit::None,
            Qualifier::Near(towns) => {
                let center = match &self.kind {
                    Kind::Town { place, .. } => place,
                    Kind::Metro(metro) => &metro.center,
                    Kind::Area(_) => return Fit::None,
                };
                let near = |town: &Place| haversine_km((town.lat, town.lon), (center.lat, center.lon)) <= policy::PLACE_NEAR_KM;
                if towns.iter().any(near) { Fit::Near } else { Fit::None }
            }
            Qualifier::Areas(areas) => areas.iter().map(|stated| self.fit_area(*stated)).max().unwrap_or(Fit::None),
        }
    }

    fn fit_area(&self, stated: Area) -> Fit {
        let mine = self.area();
        let itself = matches!(self.kind, Kind::Area(area) if area == stated);
        let reaches = matches!(&self.kind, Kind::Metro(metro) if stated.region.is_some_and(|r| metro.also.contains(&r)));
        match stated.region {
            _ if itself => Fit::Itself,
            Some(_) if reaches || mine.region == stated.region => Fit::Region,
            None if is_said_of(mine.country, stated.country) => Fit::Country,
            _ => Fit::None,
        }
    }
}

/// Everything a key may mean, unordered. A code such as `IN` or `CA` means no town of that name.
#[must_use]
pub fn meanings(key: &str) -> Vec<Meaning> {
    let mut found = Vec::new();
    let mut add = |kind, score| found.push(Meaning { kind, score, fits: 0, corrected: false });
    if let Some(metro) = metro::named(key) {
        add(Kind::Metro(metro), people_score(metro.center.people) + policy::PLACE_METRO_BONUS);
    }
    let areas = area::named(key);
    let code = is_code(key);
    let towns = if code { Vec::new() } else { gazetteer::find(key) };
    let towns: Vec<_> = towns.into_iter().filter_map(|posting| Some((posting, gazetteer::place(posting.place)?))).collect();
    for &area in areas {
        let own = towns.iter().filter(|(p, town)| !p.three_capitals && is_in(town, area)).max_by_key(|(_, town)| town.people);
        let people = area::people(area);
        let mut score = people_score(people) - if area.region.is_some() { policy::PLACE_REGION_MALUS } else { 0.0 };
        if let Some((posting, town)) = own {
            // A city state is its city: the area says nothing more.
            if f64::from(people) < f64::from(town.people) * policy::PLACE_CITY_STATE_RATIO {
                continue;
            }
            if area.region.is_some() && f64::from(people) < f64::from(town.people) * policy::PLACE_OWN_CITY_RATIO {
                score = score.min(town_score(town.people, posting.alternate) - 0.01);
            }
        }
        add(Kind::Area(area), score);
    }
    for (posting, place) in towns {
        add(Kind::Town { place, needs_area: posting.three_capitals }, town_score(place.people, posting.alternate));
    }
    found
}

fn town_score(people: u32, alternate: bool) -> f64 {
    people_score(people) - if alternate { policy::PLACE_ALTERNATE_MALUS } else { 0.0 }
}

fn is_in(town: &Place, area: Area) -> bool {
    town.country == area.country && area.region.is_none_or(|region| town.region == Some(region))
}

/// True when the key only codes areas (`IN`, `USA`), and is no name of theirs.
#[must_use]
pub fn is_code(key: &str) -> bool {
    let areas = area::named(key);
    let is_name = |a: &Area| a.region.and_then(area::region).is_some_and(|r| super::place_key::place_key(r.name) == key);
    (2..=3).contains(&key.len()) && key.is_ascii() && !areas.is_empty() && !areas.iter().any(is_name)
}

/// Codes that people write alone: countries, and regions of the United States, Canada and Australia.
fn is_well_known_code(area: Area) -> bool {
    area.region.is_none() || matches!(area.country.code(), "US" | "CA" | "AU")
}

/// The meanings of `key` that fit the names beside it best.
///
/// `after` are the names behind it: the last understood area must fit, else nothing is meant. `before` are names in front:
/// they only choose between meanings. Empty when the key means nothing there.
#[must_use]
pub fn fitting(key: &str, after: &[Qualifier], before: &[Qualifier]) -> Vec<Meaning> {
    let last_area = after.iter().rposition(|q| matches!(q, Qualifier::Areas(_)));
    let only_near = last_area.is_none() && after.iter().any(|q| matches!(q, Qualifier::Near(_)));
    let bare_code = is_code(key) && !after.iter().chain(before).any(|q| matches!(q, Qualifier::Areas(_)));
    let mut kept: Vec<Meaning> = Vec::new();
    for mut meaning in meanings(key) {
        if bare_code && matches!(meaning.kind, Kind::Area(area) if !is_well_known_code(area)) {
            continue;
        }
        let fits_of = |qualifiers: &[Qualifier]| -> Vec<Fit> { qualifiers.iter().map(|q| meaning.fit(q)).collect() };
        let (behind, in_front) = (fits_of(after), fits_of(before));
        let fits_last = last_area.is_none_or(|i| behind.get(i).is_some_and(|fit| *fit > Fit::Near));
        let fits_near = !only_near || behind.contains(&Fit::Near);
        let fits = behind.iter().chain(&in_front).filter(|fit| **fit != Fit::None);
        let best = |wanted: &[Fit]| fits.clone().any(|fit| wanted.contains(fit));
        let (region, country) = (best(&[Fit::Region, Fit::Itself]), best(&[Fit::Country]));
        let needs_area = matches!(meaning.kind, Kind::Town { needs_area: true, .. });
        if !fits_last || !fits_near || (needs_area && !region && !country) {
            continue;
        }
        meaning.fits = fits.clone().count();
        meaning.score += match (region, country) {
            (true, true) => policy::PLACE_BOTH_BONUS,
            (true, false) => policy::PLACE_REGION_BONUS,
            (false, true) => policy::PLACE_COUNTRY_BONUS,
            (false, false) => 0.0,
        };
        let itself = best(&[Fit::Itself]);
        // "New York, NY" is the town: its region stands only where no town fits.
        if itself && kept.iter().any(Meaning::is_town) {
            continue;
        }
        kept.push(meaning);
    }
    if kept.iter().any(|m| m.is_town() && m.fits > 0) {
        kept.retain(|m| m.is_town() || !after.iter().chain(before).any(|q| m.fit(q) == Fit::Itself));
    }
    let most = kept.iter().map(|m| m.fits).max().unwrap_or(0);
    kept.retain(|m| m.fits == most);
    kept
}

/// What the words of a name beside the town say: areas, several of them (`TX USA`), or a town nearby.
#[must_use]
pub fn qualifiers(words: &[String]) -> Vec<Qualifier> {
    let key = words.join(" ");
    if let Some(areas) = areas(&key) {
        return vec![Qualifier::Areas(areas)];
    }
    for tail in (1..words.len()).rev().filter(|tail| words.len() - tail <= 3) {
        let (head, last) = words.split_at(tail);
        if let Some(areas) = areas(&last.join(" ")) {
            let mut all = qualifiers(head);
            all.push(Qualifier::Areas(areas));
            return all;
        }
    }
    if let Some(metro) = metro::named(&key) {
        return vec![Qualifier::Near(vec![metro.center])];
    }
    let towns: Vec<Place> =
        gazetteer::find(&key).into_iter().filter(|p| !p.three_capitals).filter_map(|p| gazetteer::place(p.place)).collect();
    vec![if towns.is_empty() { Qualifier::Unknown } else { Qualifier::Near(towns) }]
}

fn areas(key: &str) -> Option<Vec<Area>> {
    let named = area::named(key);
    let named = if named.is_empty() { area::without_region_words(key).map_or(named, |core| area::named(&core)) } else { named };
    (!named.is_empty()).then(|| named.to_vec())
}
