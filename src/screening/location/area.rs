//! Countries and first-level regions by name and code: `TX`, `Bayern`, `Ontario`, `Deutschland`, `GBR`.
//!
//! Data: `countries.tsv` and `admin1.tsv` (GeoNames), and two tables kept by hand: `country_names.tsv` (own languages and
//! short forms) and `region_names.tsv` (codes and names in own languages). To add a name: a row there.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::gazetteer::{self, Place};
use super::place_key::place_key;
use crate::domain::place::Country;

/// Row of a region in `admin1.tsv`, from 0.
pub type RegionNumber = u16;

/// A country or one of its regions, as a text names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Area {
    /// The country.
    pub country: Country,
    /// The region; none is the whole country.
    pub region: Option<RegionNumber>,
}

/// A first-level region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its country.
    pub country: Country,
    /// Code inside the country.
    pub code: &'static str,
    /// Name, mostly English.
    pub name: &'static str,
}

struct CountryRow {
    country: Country,
    name: &'static str,
    people: u32,
}

static COUNTRIES: LazyLock<Vec<CountryRow>> = LazyLock::new(|| {
    rows(include_str!("../../../data/countries.tsv"))
        .filter_map(|f| {
            let country = Country::parse(f.first()?).ok()?;
            Some(CountryRow { country, name: f.get(3)?.trim(), people: f.get(7)?.parse().unwrap_or(0) })
        })
        .collect()
});

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    rows(include_str!("../../../data/admin1.tsv"))
        .filter_map(|f| Some(Region { country: Country::parse(f.first()?).ok()?, code: f.get(1)?, name: f.get(2)? }))
        .collect()
});

/// People and largest town of each region and country, by one pass over the towns.
struct Extents {
    region_people: Vec<u32>,
    region_largest: Vec<Option<Place>>,
    country_largest: Vec<Option<Place>>,
}

static EXTENTS: LazyLock<Extents> = LazyLock::new(|| {
    let mut of = Extents {
        region_people: vec![0; REGIONS.len()],
        region_largest: vec![None; REGIONS.len()],
        country_largest: vec![None; COUNTRIES.len()],
    };
    let larger = |slot: Option<&mut Option<Place>>, place: Place| {
        if let Some(slot) = slot
            && slot.is_none_or(|known| known.people < place.people)
        {
            *slot = Some(place);
        }
    };
    for place in (0..gazetteer::count()).filter_map(gazetteer::place) {
        larger(row_of_country(place.country).and_then(|row| of.country_largest.get_mut(row as usize)), place);
        let Some(region) = place.region.map(usize::from) else { continue };
        larger(of.region_largest.get_mut(region), place);
        if let Some(sum) = of.region_people.get_mut(region) {
            *sum = sum.saturating_add(place.people);
        }
    }
    of
});

/// Words of region names that people leave out: `Enugu State`, `Zhytomyr Oblast`, `Province of Turin`.
const REGION_WORDS: &[&str] = &[
    "oblast",
    "province",
    "state",
    "region",
    "department",
    "district",
    "county",
    "republic",
    "krai",
    "kray",
    "voivodeship",
    "governorate",
    "prefecture",
    "city",
    "of",
    "do",
    "wojewodztwo",
    "land",
    "canton",
    "kanton",
    "provincia",
    "provincia de",
    "estado",
    "de",
];

/// Two dissolved states that GeoNames still lists.
const DISSOLVED: &[&str] = &["AN", "CS"];

static NAMED: LazyLock<BTreeMap<String, Vec<Area>>> = LazyLock::new(|| {
    let mut named: BTreeMap<String, Vec<Area>> = BTreeMap::new();
    let mut add = |name: &str, area: Area| {
        let areas = named.entry(place_key(name)).or_default();
        if !areas.contains(&area) {
            areas.push(area);
        }
    };
    for f in rows(include_str!("../../../data/countries.tsv")) {
        let Some(country) = f.first().and_then(|c| Country::parse(c).ok()) else { continue };
        if !DISSOLVED.contains(&country.code()) {
            f.iter().take(4).filter(|name| name.parse::<u32>().is_err()).for_each(|name| add(name, Area { country, region: None }));
        }
    }
    for f in rows(include_str!("../../../data/country_names.tsv")) {
        if let [code, names] = f.as_slice()
            && let Ok(country) = Country::parse(code)
        {
            names.split('|').for_each(|name| add(name, Area { country, region: None }));
        }
    }
    for (number, region) in REGIONS.iter().enumerate() {
        let Ok(number) = RegionNumber::try_from(number) else { break };
        let area = Area { country: region.country, region: Some(number) };
        add(region.name, area);
        if let Some(core) = without_region_words(&place_key(region.name)) {
            add(&core, area);
        }
        if region.country.code() == "US" {
            add(region.code, area);
        }
    }
    for f in rows(include_str!("../../../data/region_names.tsv")) {
        if let [country, code, names] = f.as_slice()
            && let Some(area) = area_of(country, code)
        {
            names.split('|').for_each(|name| add(name, area));
        }
    }
    named
});

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

/// The key without words such as `state` and `province`; none when nothing changes or nothing is left.
#[must_use]
pub fn without_region_words(key: &str) -> Option<String> {
    let core: Vec<&str> = key.split(' ').filter(|word| !REGION_WORDS.contains(word)).collect();
    let core = core.join(" ");
    (!core.is_empty() && core != key).then_some(core)
}

/// The countries and regions that this key names or codes; empty when none.
#[must_use]
pub fn named(key: &str) -> &'static [Area] {
    NAMED.get(key).map_or(&[], Vec::as_slice)
}

/// All countries of the table.
pub fn countries() -> impl Iterator<Item = Country> {
    COUNTRIES.iter().map(|row| row.country)
}

/// The country in a row of `countries.tsv`, from 0.
#[must_use]
pub fn country_of_row(row: u32) -> Option<Country> {
    COUNTRIES.get(row as usize).map(|found| found.country)
}

/// The row of a country in `countries.tsv`, from 0; the index of the gap table.
#[must_use]
pub fn row_of_country(country: Country) -> Option<u32> {
    let row = COUNTRIES.binary_search_by_key(&country, |row| row.country).ok()?;
    u32::try_from(row).ok()
}

/// The English name of a country; its code when it is not in the table.
#[must_use]
pub fn country_name(country: Country) -> String {
    COUNTRIES.iter().find(|row| row.country == country).map_or_else(|| country.code().to_owned(), |row| row.name.to_owned())
}

/// People of a country or region.
#[must_use]
pub fn people(area: Area) -> u32 {
    match area.region {
        Some(region) => EXTENTS.region_people.get(usize::from(region)).copied().unwrap_or(0),
        None => COUNTRIES.iter().find(|row| row.country == area.country).map_or(0, |row| row.people),
    }
}

/// The largest town of a country or region; none where the table holds no town.
#[must_use]
pub fn largest_town(area: Area) -> Option<Place> {
    match area.region {
        Some(region) => EXTENTS.region_largest.get(usize::from(region)).copied().flatten(),
        None => EXTENTS.country_largest.get(row_of_country(area.country)? as usize).copied().flatten(),
    }
}

/// The region of this number.
#[must_use]
pub fn region(number: RegionNumber) -> Option<Region> {
    REGIONS.get(usize::from(number)).copied()
}

/// The region of a country by its code in `admin1.tsv`.
#[must_use]
pub fn area_of(country: &str, code: &str) -> Option<Area> {
    let country = Country::parse(country).ok()?;
    let number = REGIONS.iter().position(|r| r.country == country && r.code == code)?;
    Some(Area { country, region: RegionNumber::try_from(number).ok() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("tx", "US", Some("TX"))]
    #[case("on", "CA", Some("08"))]
    #[case("nsw", "AU", Some("02"))]
    #[case("bayern", "DE", Some("02"))]
    #[case("scotland", "GB", Some("SCT"))]
    #[case("enugu", "NG", Some("47"))]
    #[case("deutschland", "DE", None)]
    #[case("україна", "UA", None)]
    #[case("usa", "US", None)]
    #[case("중국", "CN", None)]
    fn names_and_codes_are_known(#[case] name: &str, #[case] country: &str, #[case] code: Option<&str>) {
        let found = named(&place_key(name));
        let hit = found.iter().any(|a| a.country.code() == country && a.region.and_then(region).map(|r| r.code) == code);
        assert!(hit, "{name}: {found:?}");
    }

    #[test]
    fn a_code_with_two_meanings_keeps_both() {
        assert!(named("in").len() >= 2);
        assert!(named("georgia").len() >= 2);
    }

    #[test]
    fn every_row_of_the_hand_kept_tables_names_a_known_area() {
        for f in rows(include_str!("../../../data/region_names.tsv")) {
            assert!(f.len() == 3 && area_of(f[0], f[1]).is_some(), "{f:?}");
        }
        for f in rows(include_str!("../../../data/country_names.tsv")) {
            assert!(f.len() == 2 && Country::parse(f[0]).is_ok_and(|c| row_of_country(c).is_some()), "{f:?}");
        }
    }
}
