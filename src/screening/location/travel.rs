//! `location.impossible-travel` and `-weak`: two sightings too far apart for the time between them.
//!
//! Idea: least distance (edges of circles, nearest towns of countries) over the time plus a slack. Pairs are each sighting with
//! the one before it and, for a physical one, with the last physical one, so that a sighting through a VPN hides nothing.
//! Cost: linear in the sightings. Limits: an address whose kind is not known to be hidden counts as an access line.

use super::distance::{between_circles_km, between_km, thousands, whole};
use super::gap;
use super::network;
use super::tables;
use super::whereabouts::Whereabouts;
use crate::domain::finding::{Code, Evidence, Other, OtherKind, Pair};
use crate::domain::place::Coordinates;
use crate::domain::screening::Outcome;
use crate::screening::context::Raised;
use crate::screening::policy;

/// A pair of sightings that nobody can travel between in time.
#[derive(Debug, Clone, PartialEq)]
struct Leap<'a> {
    from: &'a Whereabouts<'a>,
    to: &'a Whereabouts<'a>,
    /// Kilometers between the centers, where both are points.
    distance_km: Option<f64>,
    least_km: f64,
    hours: f64,
    least_kmh: f64,
}

/// Looks at the pairs of consecutive sightings.
pub fn check(sightings: &[Whereabouts<'_>], raised: &mut Raised) {
    let (mut firm, mut weak): (Vec<Leap<'_>>, Vec<Leap<'_>>) = (Vec::new(), Vec::new());
    let (mut before, mut physical_before): (Option<&Whereabouts<'_>>, Option<&Whereabouts<'_>>) = (None, None);
    let mut compared = 0;
    for to in sightings {
        let mut from = vec![before];
        if to.is_physical() && physical_before.map(|p| p.path) != before.map(|p| p.path) {
            from.push(physical_before);
        }
        for from in from.into_iter().flatten() {
            compared += 1;
            match (leap(from, to), from.is_physical(), to.is_physical()) {
                (Some(leap), true, true) => firm.push(leap),
                (Some(leap), true, false) | (Some(leap), false, true) => weak.push(leap),
                _ => {}
            }
        }
        before = Some(to);
        if to.is_physical() {
            physical_before = Some(to);
        }
    }
    let outcome = if compared == 0 { Outcome::NoData } else { Outcome::NoMatch };
    for (code, leaps) in [(Code::LocationImpossibleTravel, firm), (Code::LocationImpossibleTravelWeak, weak)] {
        raise(code, leaps, raised);
        raised.record(code, outcome, None);
    }
}

fn raise(code: Code, mut leaps: Vec<Leap<'_>>, raised: &mut Raised) {
    leaps.sort_by(|a, b| b.least_kmh.total_cmp(&a.least_kmh));
    let Some((first, more)) = leaps.split_first() else { return };
    let sentence = format!(
        "Between {} ({}) and {} ({}) lie {} km in {}: at least {} km/h.",
        first.from.sighting.at.for_people(),
        first.from.shown(),
        first.to.sighting.at.for_people(),
        first.to.shown(),
        thousands(first.distance_km.unwrap_or(first.least_km)),
        duration(first.hours),
        thousands(first.least_kmh)
    );
    let clears = "A wrong location of an address, or a network that carries its traffic far away, such as a company gateway.";
    let pair = first.pair();
    let mut evidence = Evidence::new(pair.candidate, pair.other, clears);
    evidence.numbers = pair.numbers;
    if code == Code::LocationImpossibleTravelWeak {
        evidence.reasons.push(format!("one end is a {} network, which may stand elsewhere than the person", first.soft_class()));
    }
    evidence.data = vec![tables::networks(), tables::registry(), tables::places()];
    evidence.more = more.iter().map(Leap::pair).collect();
    raised.findings.push(policy::finding(code, sentence, evidence));
}

impl Leap<'_> {
    fn pair(&self) -> Pair {
        let from = self.from.side();
        let mut other = Other::of(OtherKind::Own).with_value(from.path, from.value, from.normalized.unwrap_or_default());
        other.at = from.at;
        let distance = self.distance_km.map(|km| ("distance_km".to_owned(), whole(km)));
        let numbers = [
            ("least_km".to_owned(), whole(self.least_km)),
            ("hours".to_owned(), ((self.hours * 100.0).round() / 100.0).into()),
            ("least_kmh".to_owned(), whole(self.least_kmh)),
        ];
        Pair { candidate: self.to.side(), other: Some(other), numbers: distance.into_iter().chain(numbers).collect() }
    }

    fn soft_class(&self) -> &'static str {
        if self.from.is_physical() { self.to.class.as_str() } else { self.from.class.as_str() }
    }
}

fn duration(hours: f64) -> String {
    let minutes = (hours * 60.0).round();
    format!("{:.0} h {:02.0}", (minutes / 60.0).floor(), minutes % 60.0)
}

/// The pair as a leap, when nobody travels that fast.
fn leap<'a>(from: &'a Whereabouts<'a>, to: &'a Whereabouts<'a>) -> Option<Leap<'a>> {
    if from.is_same_line(to) {
        return None;
    }
    let least_km = least_km(from, to)?;
    if least_km < policy::TRAVEL_MIN_KM {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of some years are exact")]
    let hours = (to.sighting.at.as_ms() - from.sighting.at.as_ms()) as f64 / 3_600_000.0;
    let least_kmh = least_km / (hours + policy::TRAVEL_SLACK_HOURS);
    let distance_km = from.circle.zip(to.circle).map(|((p, _), (q, _))| between_km(p, q));
    (least_kmh > policy::TRAVEL_MAX_KMH).then_some(Leap { from, to, distance_km, least_km, hours, least_kmh })
}

/// Least distance between two sightings in kilometers; none when a country is unknown or an address tells only its owner's.
fn least_km(a: &Whereabouts<'_>, b: &Whereabouts<'_>) -> Option<f64> {
    let hidden = |w: &Whereabouts<'_>| network::hides_country(w.class) && w.sighting.point.is_none();
    if hidden(a) || hidden(b) {
        return None;
    }
    match (a.circle, b.circle) {
        (Some((p, r)), Some((q, s))) => Some(between_circles_km(p, r, q, s)),
        (Some(circle), None) => to_countries_km(a, circle, b),
        (None, Some(circle)) => to_countries_km(b, circle, a),
        (None, None) => {
            let pairs = a.countries.iter().flat_map(|x| b.countries.iter().map(move |y| (*x, *y)));
            let gaps: Option<Vec<f64>> = pairs.map(|(x, y)| gap::between_countries_km(x, y)).collect();
            gaps?.into_iter().min_by(f64::total_cmp)
        }
    }
}

/// From a circle to the nearest town of any country of the other sighting; 0 where the circle may lie in one of them.
fn to_countries_km(of: &Whereabouts<'_>, circle: (Coordinates, f64), other: &Whereabouts<'_>) -> Option<f64> {
    let own = if of.countries.is_empty() { of.possible_countries() } else { of.countries.clone() };
    if other.countries.iter().any(|c| own.iter().any(|mine| mine.folded() == c.folded())) {
        return Some(0.0);
    }
    let each: Option<Vec<f64>> = other.countries.iter().map(|c| gap::to_country_km(circle.0, *c)).collect();
    each?.into_iter().min_by(f64::total_cmp).map(|km| (km - circle.1).max(0.0))
}
