//! `location.claim-conflict`: two stated places that exclude each other. Fires only when every pair of readings conflicts.

use super::area;
use super::distance::{between_circles_km, between_km, thousands, whole, whole_km};
use super::facts::Facts;
use super::gap;
use super::gazetteer::{self, Place};
use super::tables;
use crate::domain::claim::Claim;
use crate::domain::finding::{Code, Evidence, Other, OtherKind, Pair, Side};
use crate::domain::place::{Coordinates, Precision, Reading, ReadingSet};
use crate::domain::screening::Outcome;
use crate::screening::context::Raised;
use crate::screening::policy;
use crate::screening::profile::{Placed, Profile};

/// How far two readings are apart at least.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Apart {
    /// They lie in different countries, territories folded.
    other_country: bool,
    /// Kilometers between their nearest edges; none when unknown.
    least_km: Option<f64>,
}

impl Apart {
    fn conflicts(self) -> bool {
        self.other_country || self.least_km.is_some_and(|km| km > policy::CLAIM_CONFLICT_KM)
    }

    /// For choosing the weakest conflict of two sets and the strongest of several pairs.
    fn weight(self) -> (bool, i64) {
        (self.other_country, whole_km(self.least_km.unwrap_or(0.0)))
    }
}

/// Compares every pair of understood claims.
pub fn check(profile: &Profile, facts: &Facts, raised: &mut Raised) {
    let understood: Vec<&Placed<Claim>> = profile.claims.iter().filter(|c| !c.readings.is_empty() && !c.readings.is_military()).collect();
    let mut pairs: Vec<(&Placed<Claim>, &Placed<Claim>, Apart)> = Vec::new();
    for (i, a) in understood.iter().enumerate() {
        for b in understood.iter().skip(i + 1) {
            if let Some(apart) = least_apart(&a.readings, &b.readings).filter(|apart| apart.conflicts()) {
                let (a, b) = if order(a) <= order(b) { (*a, *b) } else { (*b, *a) };
                pairs.push((a, b, apart));
            }
        }
    }
    if profile.relocation {
        let note = (!pairs.is_empty()).then(|| "a move is declared, so places that differ are expected".to_owned());
        raised.record(Code::LocationClaimConflict, Outcome::NoMatch, facts.note(note));
        return;
    }
    pairs.sort_by_cached_key(|(a, b, apart)| (std::cmp::Reverse(apart.weight()), a.value.text.clone(), b.value.text.clone()));
    if let Some((first, more)) = pairs.split_first() {
        let (a, b, apart) = first;
        let distance = apart.least_km.map_or_else(String::new, |km| format!(", at least {} km apart", thousands(km)));
        let sentence = format!(
            "Two stated places do not fit together{distance}: {:?} ({}) and {:?} ({}).",
            a.value.text, a.value.source, b.value.text, b.value.source
        );
        let clears = "A move, a second home or a typing error explains it: ask which place is current, or mark relocation.";
        let mut evidence = Evidence::new(side(a), Some(other(b)), clears);
        evidence.numbers = numbers(*apart);
        evidence.data = vec![tables::places()];
        evidence.more =
            more.iter().map(|(a, b, apart)| Pair { candidate: side(a), other: Some(other(b)), numbers: numbers(*apart) }).collect();
        raised.findings.push(policy::finding(Code::LocationClaimConflict, sentence, evidence));
    }
    let outcome = if understood.len() < 2 { Outcome::NoData } else { Outcome::NoMatch };
    raised.record(Code::LocationClaimConflict, outcome, facts.note(None));
}

/// Application first, then the other sources; then by content, so that the order of the input does not matter.
fn order(claim: &Placed<Claim>) -> (crate::domain::claim::ClaimSource, &str) {
    (claim.value.source, &claim.value.text)
}

fn numbers(apart: Apart) -> serde_json::Map<String, serde_json::Value> {
    apart.least_km.map(|km| ("distance_km".to_owned(), whole(km))).into_iter().collect()
}

/// A claim as the candidate's side.
#[must_use]
pub fn side(claim: &Placed<Claim>) -> Side {
    let mut side = Side::new(format!("{}.text", claim.path), &claim.value.text, shown(&claim.readings));
    side.at = claim.value.at.map(|at| at.to_string());
    side
}

/// A claim as the other side: another fact of the same candidate.
#[must_use]
pub fn other(claim: &Placed<Claim>) -> Other {
    let mut other =
        Other::of(OtherKind::Own).with_value(format!("{}.text", claim.path), Some(claim.value.text.clone()), shown(&claim.readings));
    other.at = claim.value.at.map(|at| at.to_string());
    other
}

/// Readings as evidence shows them: `Austin, TX, US or Austin, 08, CA`.
#[must_use]
pub fn shown(readings: &ReadingSet) -> String {
    let one = |r: &Reading| {
        let region = r.country.zip(r.admin1.as_deref()).and_then(|(c, code)| area::area_of(c.code(), code)?.region).and_then(area::region);
        let country = r.country.map(|c| c.to_string());
        let parts = [r.city.clone(), region.map(|r| r.name.to_owned()), country];
        if r.precision == Precision::Military {
            "military post office".to_owned()
        } else {
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    };
    readings.0.iter().map(one).collect::<Vec<_>>().join(" or ")
}

/// The pair of readings that conflicts least; none when a set is empty.
fn least_apart(a: &ReadingSet, b: &ReadingSet) -> Option<Apart> {
    let pairs = a.0.iter().flat_map(|x| b.0.iter().map(move |y| apart(x, y)));
    pairs.min_by_key(|apart| (apart.conflicts(), apart.weight()))
}

fn apart(a: &Reading, b: &Reading) -> Apart {
    let (Some(country_a), Some(country_b)) = (a.country, b.country) else { return Apart { other_country: false, least_km: None } };
    let circles = || Some((a.point?, a.precision.radius_km()?, b.point?, b.precision.radius_km()?));
    let circle_km = circles().map(|(p, r, q, s)| between_circles_km(p, r, q, s));
    if country_a.folded() != country_b.folded() {
        return Apart { other_country: true, least_km: circle_km.or_else(|| gap::between_countries_km(country_a, country_b)) };
    }
    let same_region = a.admin1.is_some() && (country_a, &a.admin1) == (country_b, &b.admin1);
    let whole_country = a.precision == Precision::Country || b.precision == Precision::Country;
    let km = match circle_km {
        Some(km) => Some(km),
        None if whole_country || same_region => Some(0.0),
        None => regions_km(a, b),
    };
    Apart { other_country: false, least_km: km }
}

/// Least distance where at least one side is a region: between its towns and the other side's.
fn regions_km(a: &Reading, b: &Reading) -> Option<f64> {
    let (towns_a, towns_b) = (towns(a)?, towns(b)?);
    let radius = a.precision.radius_km().unwrap_or(0.0) + b.precision.radius_km().unwrap_or(0.0);
    let least = towns_a.iter().flat_map(|p| towns_b.iter().map(move |q| between_km(*p, *q))).min_by(f64::total_cmp)?;
    Some((least - radius).max(0.0))
}

/// The point of a town, or the largest towns of a region.
fn towns(reading: &Reading) -> Option<Vec<Coordinates>> {
    if reading.precision != Precision::Region {
        return Some(vec![reading.point?]);
    }
    let region = area::area_of(reading.country?.code(), reading.admin1.as_deref()?)?.region?;
    Some(gazetteer::of_region(region).iter().take(policy::REGION_TOWNS_MAX).filter_map(Place::point).collect())
}
