//! Places and times of an intake: claims, time zone, working hours, sightings, history, travel.

use std::net::IpAddr;

use super::{HISTORY_MAX, LIST_MAX, SIGHTINGS_MAX, VALUE_MAX};
use crate::domain::claim::{Claim, ClaimSource};
use crate::domain::history::{HistoryEntry, HistoryKind};
use crate::domain::intake::WorkingHours;
use crate::domain::place::{Coordinates, Country};
use crate::domain::sighting::{NetworkClass, Sighting, SightingKind};
use crate::domain::time::{PartialDate, Timestamp};
use crate::domain::travel::Trip;
use crate::domain::url::WebAddress;
use crate::exchange::fields::{Fields, Slot};

/// Half the circumference of the Earth in kilometers, rounded up: no error of a point is larger.
const ACCURACY_MAX_KM: f64 = 20_038.0;

const CLAIM_KEYS: &[&str] = &["source", "text", "at"];
const TRIP_KEYS: &[&str] = &["place", "from", "to"];
const HISTORY_KEYS: &[&str] = &["kind", "org", "title", "place", "from", "to", "remote", "full_time", "domain"];
const SIGHTING_KEYS: &[&str] =
    &["at", "kind", "ip", "city", "country", "lat", "lon", "accuracy_km", "network", "client_tz", "client_utc_offset_min"];

/// Places stated.
pub(super) fn claims(fields: &Fields<'_>) -> Vec<Claim> {
    fields.list("claims", LIST_MAX, |slot| {
        let claim = slot.fields(CLAIM_KEYS)?;
        let source = claim
            .require("source", "one of application, resume, profile, document, bank")
            .and_then(|s| s.word(ClaimSource::ALL, ClaimSource::as_str));
        let text = claim.require("text", "a place such as Austin, TX").and_then(|s| s.filled(VALUE_MAX));
        let at = claim.get("at").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse));
        Some(Claim { source: source?, text: text?.to_owned(), at })
    })
}

/// A stated time zone: an IANA name or `UTC±h[:mm]`.
pub(super) fn stated_zone(slot: &Slot<'_>) -> Option<String> {
    let text = slot.filled(VALUE_MAX)?;
    if is_zone(text) || is_offset(text) {
        return Some(text.to_owned());
    }
    slot.fault("is not a time zone", "an IANA name such as America/Chicago, or UTC-6, UTC+5:30");
    None
}

/// True for a name of the bundled zone data, in any letter case.
fn is_zone(text: &str) -> bool {
    !text.eq_ignore_ascii_case("Etc/Unknown") && jiff::tz::TimeZoneDatabase::bundled().get(text).is_ok()
}

/// True for `UTC-6`, `UTC+05:30`: -12:00 to +14:00, the range in civil use.
fn is_offset(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("UTC") else { return false };
    let (sign, rest) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (None, Some(rest)) => (-1, rest),
        (None, None) => return false,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "00"));
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<i32>().ok()).flatten()
    };
    match (number(hours, 1..=2), number(minutes, 2..=2)) {
        (Some(hours), Some(minutes)) => minutes < 60 && (-720..=840).contains(&(sign * (hours * 60 + minutes))),
        _ => false,
    }
}

/// Hours stated and seen.
pub(super) fn working_hours(fields: &Fields<'_>) -> Option<WorkingHours> {
    let hours = fields.get("working_hours")?.fields(&["stated", "activity_utc_hours"])?;
    let stated = hours.get("stated").and_then(|slot| {
        let text = slot.filled(VALUE_MAX)?;
        if !is_hours(text) {
            slot.fault("is not a span of hours", "HH:MM-HH:MM, such as 09:00-17:00");
            return None;
        }
        Some(text.to_owned())
    });
    let seen = hours.list("activity_utc_hours", SIGHTINGS_MAX, |slot| slot.integer(0..=23).and_then(|hour| u8::try_from(hour).ok()));
    Some(WorkingHours { stated, activity_utc_hours: seen })
}

fn is_hours(text: &str) -> bool {
    let is_time = |text: &str| match text.as_bytes() {
        [h1, h2, b':', m1, m2] => {
            let all_digits = [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit());
            all_digits && (h1 - b'0') * 10 + (h2 - b'0') < 24 && *m1 < b'6'
        }
        _ => false,
    };
    text.split_once('-').is_some_and(|(from, to)| is_time(from) && is_time(to))
}

/// Observations.
pub(super) fn sightings(fields: &Fields<'_>) -> Vec<Sighting> {
    fields.list("sightings", SIGHTINGS_MAX, |slot| {
        let seen = slot.fields(SIGHTING_KEYS)?;
        let at = seen.require("at", "the time, such as 2026-10-05T14:00:00Z").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse));
        let kind = seen
            .require("kind", "one of application, interview, login, signature")
            .and_then(|s| s.word(SightingKind::ALL, SightingKind::as_str));
        let client_tz = seen.get("client_tz").and_then(|slot| {
            let zone = slot.filled(VALUE_MAX)?;
            if !is_zone(zone) {
                slot.fault("is not a time zone", "an IANA name such as America/Chicago");
                return None;
            }
            Some(zone.to_owned())
        });
        let offset = seen.get("client_utc_offset_min").and_then(|s| s.integer(-840..=840)).and_then(|minutes| i32::try_from(minutes).ok());
        let sighting = Sighting {
            at: at.unwrap_or(Timestamp::from_ms(0)),
            kind: kind.unwrap_or(SightingKind::Application),
            ip: seen.get("ip").and_then(|s| ip(&s)),
            city: seen.text("city", VALUE_MAX),
            country: seen.get("country").and_then(|s| s.parse(VALUE_MAX, Country::parse)),
            point: point(&seen, "lat", "lon"),
            accuracy_km: seen.get("accuracy_km").and_then(|s| s.number(0.0..=ACCURACY_MAX_KM)),
            network: seen.get("network").and_then(|s| s.word(NetworkClass::ALL, NetworkClass::as_str)),
            client_tz,
            client_utc_offset_min: offset,
        };
        at.and(kind).map(|_| sighting)
    })
}

/// A network address, private ones too: what they mean is for the engine to say.
pub(crate) fn ip(slot: &Slot<'_>) -> Option<IpAddr> {
    let text = slot.filled(VALUE_MAX)?;
    let ip = text.parse().ok();
    if ip.is_none() {
        slot.fault("is not a network address", "IPv4 or IPv6, such as 198.51.100.7");
    }
    ip
}

/// A point of two keys: both or none.
pub(super) fn point(fields: &Fields<'_>, lat: &str, lon: &str) -> Option<Coordinates> {
    let (north, east) = (fields.get(lat), fields.get(lon));
    match (&north, &east) {
        (Some(_), None) => fields.fault(lon, format!("is missing beside {lat}"), "both or none"),
        (None, Some(_)) => fields.fault(lat, format!("is missing beside {lon}"), "both or none"),
        _ => {}
    }
    let north = north.and_then(|s| s.number(-90.0..=90.0));
    let east = east.and_then(|s| s.number(-180.0..=180.0));
    Coordinates::new(north?, east?).ok()
}

/// Jobs and education.
pub(super) fn history(fields: &Fields<'_>) -> Vec<HistoryEntry> {
    fields.list("history", HISTORY_MAX, |slot| {
        let entry = slot.fields(HISTORY_KEYS)?;
        let kind = entry.require("kind", "job or education").and_then(|s| s.word(HistoryKind::ALL, HistoryKind::as_str));
        let (from, to) = span(&entry);
        let read = HistoryEntry {
            kind: kind.unwrap_or(HistoryKind::Job),
            org: entry.text("org", VALUE_MAX),
            title: entry.text("title", VALUE_MAX),
            place: entry.text("place", VALUE_MAX),
            from,
            to,
            remote: entry.get("remote").and_then(|s| s.flag()),
            full_time: entry.get("full_time").and_then(|s| s.flag()),
            domain: entry.get("domain").and_then(|s| s.parse(VALUE_MAX, WebAddress::parse)).map(|address| address.host().to_owned()),
        };
        kind.map(|_| read)
    })
}

/// Declared trips.
pub(super) fn travel(fields: &Fields<'_>) -> Vec<Trip> {
    fields.list("travel", LIST_MAX, |slot| {
        let trip = slot.fields(TRIP_KEYS)?;
        let place = trip.require("place", "a place such as Lisbon, Portugal").and_then(|s| s.filled(VALUE_MAX));
        for key in ["from", "to"] {
            let _there = trip.require(key, "a date such as 2026-10-01");
        }
        let (from, to) = span(&trip);
        Some(Trip { place: place?.to_owned(), from: from?, to: to? })
    })
}

/// `from` and `to`; a fault when the first surely comes after the second.
fn span(fields: &Fields<'_>) -> (Option<PartialDate>, Option<PartialDate>) {
    let date = |key| fields.get(key).and_then(|s: Slot<'_>| s.parse(VALUE_MAX, PartialDate::parse));
    let (from, to) = (date("from"), date("to"));
    if let (Some(first), Some(last), Some(slot)) = (from, to, fields.get("from"))
        && first.first_day() > last.last_day()
    {
        slot.fault(format!("is after the end, {last}"), "a date on or before `to`");
    }
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("America/Chicago", true)]
    #[case("UTC", true)]
    #[case("UTC-6", true)]
    #[case("UTC+05:30", true)]
    #[case("UTC+14", true)]
    #[case("UTC+14:01", false)]
    #[case("UTC-12:30", false)]
    #[case("UTC+5:3", false)]
    #[case("UTC+5:60", false)]
    #[case("UTC6", false)]
    #[case("UTC+", false)]
    #[case("Etc/Unknown", false)]
    #[case("Atlantis/Capital", false)]
    #[case("../../etc/passwd", false)]
    fn zones_are_those_of_the_bundled_data_and_offsets_in_civil_use(#[case] text: &str, #[case] good: bool) {
        assert_eq!(is_zone(text) || is_offset(text), good);
    }

    #[rstest::rstest]
    #[case("09:00-17:00", true)]
    #[case("22:30-06:15", true)]
    #[case("9:00-17:00", false)]
    #[case("24:00-01:00", false)]
    #[case("09:60-17:00", false)]
    #[case("09:00", false)]
    #[case("né:00-17:00", false)]
    fn spans_of_hours_have_two_times(#[case] text: &str, #[case] good: bool) {
        assert_eq!(is_hours(text), good);
    }
}
