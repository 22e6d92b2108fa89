//! `location.ip-country-mismatch`: a sighting on an access line or a mobile network in a country that nobody claimed.

use super::area;
use super::claims;
use super::facts::{Facts, trip_explains};
use super::tables;
use super::whereabouts::Whereabouts;
use crate::domain::finding::{Code, Evidence, Pair, Severity};
use crate::domain::place::Country;
use crate::domain::screening::Outcome;
use crate::domain::sighting::NetworkClass;
use crate::screening::context::{Context, Raised};
use crate::screening::policy;
use crate::screening::profile::Profile;

/// Compares every sighting of known country with the countries claimed.
pub fn check(profile: &Profile, context: &Context, facts: &Facts, sightings: &[Whereabouts<'_>], raised: &mut Raised) {
    let usable: Vec<&Whereabouts<'_>> = sightings.iter().filter(|w| tells_a_country(w)).collect();
    let mut hits: Vec<(&Whereabouts<'_>, Vec<Country>, bool)> = Vec::new();
    for seen in usable.iter().filter(|_| facts.comparable()) {
        let is_claimed = |c: &Country| facts.claimed.contains(&c.folded());
        // The towns around a point are asked for last: that costs most.
        if seen.countries.iter().any(is_claimed) {
            continue;
        }
        let possible = seen.possible_countries();
        if possible.is_empty() || possible.iter().any(is_claimed) || trip_explains(profile, seen.sighting.at, &possible) {
            continue;
        }
        // What surrounds the point may clear the sighting, but a country that was told names it.
        let countries = if seen.countries.is_empty() { possible } else { seen.countries.clone() };
        let is_watched = |c: &Country| context.organization.watched_countries.iter().any(|w| w.folded() == c.folded());
        let watched = countries.iter().all(is_watched);
        if !hits
            .iter()
            .any(|(known, ..)| known.sighting.ip == seen.sighting.ip && known.countries == seen.countries && known.circle == seen.circle)
        {
            hits.push((seen, countries, watched));
        }
    }
    // The watched first, then lines before mobile networks, then the order of time.
    hits.sort_by_key(|(seen, _, watched)| (!watched, seen.class != NetworkClass::Isp));
    let stated = profile.claims.iter().filter(|c| !c.readings.is_empty()).min_by_key(|c| (c.value.source, &c.value.text));
    if let (Some((first, more)), Some(stated)) = (hits.split_first(), stated) {
        let (seen, countries, watched) = first;
        let claimed = names(&facts.claimed);
        let sentence = format!(
            "The {} of {} came from {} in {}; the stated places are in {} ({:?}).",
            seen.sighting.kind,
            seen.sighting.at.for_people(),
            seen.shown(),
            names(countries),
            claimed,
            stated.value.text
        );
        let clears = "A declared trip on that day, a company network listed as trusted, or the person's own account of where they were.";
        let mut evidence = Evidence::new(seen.side(), Some(claims::other(stated)), clears);
        if *watched {
            evidence = evidence.with_reason("the organization lists this country as watched");
        }
        evidence.data = vec![tables::registry(), tables::networks(), tables::places()];
        evidence.more = more
            .iter()
            .map(|(seen, ..)| Pair { candidate: seen.side(), other: Some(claims::other(stated)), numbers: serde_json::Map::new() })
            .collect();
        let code = Code::LocationIpCountryMismatch;
        let severity = if *watched { Severity::High } else { policy::rule(code).severity };
        raised.findings.push(policy::finding_of(code, severity, sentence, evidence));
    }
    let outcome = if usable.is_empty() || !facts.comparable() { Outcome::NoData } else { Outcome::NoMatch };
    raised.record(Code::LocationIpCountryMismatch, outcome, facts.note(None));
}

/// An access line, own coordinates, or a mobile network, whose address keeps its country while roaming.
fn tells_a_country(seen: &Whereabouts<'_>) -> bool {
    matches!(seen.class, NetworkClass::Isp | NetworkClass::Mobile) && (!seen.countries.is_empty() || seen.circle.is_some())
}

fn names(countries: &[Country]) -> String {
    countries.iter().map(|c| area::country_name(*c)).collect::<Vec<_>>().join(" or ")
}
