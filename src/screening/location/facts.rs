//! What several checks ask of a profile, found once: countries claimed, texts not understood, trips.

use crate::domain::place::Country;
use crate::domain::time::Timestamp;
use crate::screening::policy;
use crate::screening::profile::Profile;

/// Facts of one profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Countries of all readings of all claims, folded, sorted.
    pub claimed: Vec<Country>,
    /// Some claim is a military post office: the physical place cannot be known.
    pub military: bool,
    /// Claim texts that were not understood.
    not_understood: Vec<String>,
    /// Places of trips that were not understood.
    unknown_trips: Vec<String>,
}

impl Facts {
    /// The facts of a profile.
    #[must_use]
    pub fn of(profile: &Profile) -> Self {
        let texts = |unknown: Vec<&String>| {
            let mut texts: Vec<String> = unknown.into_iter().cloned().collect();
            texts.sort_unstable();
            texts.dedup();
            texts
        };
        Self {
            claimed: profile.claimed_countries(),
            military: profile.claims.iter().any(|claim| claim.readings.is_military()),
            not_understood: texts(profile.claims.iter().filter(|c| c.readings.is_empty()).map(|c| &c.value.text).collect()),
            unknown_trips: texts(profile.travel.iter().filter(|t| t.readings.is_empty()).map(|t| &t.value.place).collect()),
        }
    }

    /// True when claims can be compared with an observation at all.
    #[must_use]
    pub fn comparable(&self) -> bool {
        !self.military && !self.claimed.is_empty()
    }

    /// True when the place of a trip was not understood.
    #[must_use]
    pub fn has_unknown_trip(&self) -> bool {
        !self.unknown_trips.is_empty()
    }

    /// The note of a check: what is given, and the places that were not understood.
    #[must_use]
    pub fn note(&self, also: Option<String>) -> Option<String> {
        let military = self.military.then(|| "a military post office tells no place".to_owned());
        let unknown = self.not_understood.iter().chain(&self.unknown_trips).map(|text| format!("place not understood: {text}"));
        let parts: Vec<String> = also.into_iter().chain(military).chain(unknown).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// True when a declared trip explains being in one of the countries at this time, a day before and after included. A trip to
/// a place that was not understood explains every country.
#[must_use]
pub fn trip_explains(profile: &Profile, at: Timestamp, countries: &[Country]) -> bool {
    let day = at.date();
    let slack = jiff::Span::new().days(policy::TRIP_SLACK_DAYS);
    profile.travel.iter().any(|trip| {
        let from = trip.value.from.first_day().saturating_sub(slack);
        let to = trip.value.to.last_day().saturating_add(slack);
        let there = trip.readings.is_empty() || trip.readings.countries().iter().any(|c| countries.iter().any(|seen| seen.folded() == *c));
        (from..=to).contains(&day) && there
    })
}
