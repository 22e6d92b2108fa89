//! `location.timezone-mismatch`: the stated zone has no offset in common with any stated place. Offsets are taken at the date
//! of the check, on 15 January and on 15 July of its year, so that summer time on one side never counts.
//!
//! To add a spelling of a zone: a row in `data/zone_abbreviations.tsv`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::tz::TimeZone;

use super::area;
use super::claims;
use super::facts::Facts;
use super::gazetteer;
use super::place_key::place_key;
use super::tables;
use crate::domain::finding::{Code, Evidence, Side};
use crate::domain::place::{Precision, Reading, ReadingSet};
use crate::domain::screening::Outcome;
use crate::domain::time::Timestamp;
use crate::screening::context::{Context, Raised};
use crate::screening::policy;
use crate::screening::profile::Profile;

/// Offsets in minutes east of UTC.
type Offsets = BTreeSet<i32>;

/// Largest offset there is, in minutes.
const OFFSET_MAX_MIN: i32 = 14 * 60;

static ABBREVIATIONS: LazyLock<BTreeMap<String, Offsets>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/zone_abbreviations.tsv").lines().skip(1);
    rows.filter_map(|row| {
        let mut fields = row.split('\t');
        let name = place_key(fields.next()?);
        Some((name, fields.next()?.split(',').filter_map(|minutes| minutes.parse().ok()).collect()))
    })
    .collect()
});

/// The offsets of a zone as people state it: an IANA name, `UTC±h[:mm]`, `GMT±h`, `±hh:mm` or an abbreviation, which may
/// mean several zones. None when not understood.
#[must_use]
pub fn stated_offsets(text: &str, as_of: Timestamp) -> Option<Offsets> {
    let text: String = text.trim().chars().map(|c| if matches!(c, '\u{2212}' | '\u{2013}') { '-' } else { c }).collect();
    let signed = text.contains(['+', '-']);
    if let Some(known) = ABBREVIATIONS.get(&place_key(&text)).filter(|_| !signed) {
        return Some(known.clone());
    }
    if let Some(minutes) = fixed_offset(&text) {
        return Some(Offsets::from([minutes]));
    }
    if let Some(offsets) = zone_offsets(&text.replace(' ', "_"), as_of) {
        return Some(offsets);
    }
    // "America/Chicago (CDT)" and "Central Time (US)": the part in front of the bracket decides.
    let front = text.split(['(', ',', ';']).next().unwrap_or_default().trim();
    if front.is_empty() || front == text { None } else { stated_offsets(front, as_of) }
}

fn fixed_offset(text: &str) -> Option<i32> {
    let compact: String = text.to_ascii_uppercase().split_whitespace().collect();
    let rest = compact.strip_prefix("UTC").or_else(|| compact.strip_prefix("GMT")).unwrap_or(&compact);
    if matches!(rest, "Z" | "±0") {
        return Some(0);
    }
    let (sign, digits) = rest.strip_prefix('+').map(|d| (1, d)).or_else(|| rest.strip_prefix('-').map(|d| (-1, d)))?;
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, "5")) if digits.contains('.') => (hours, "30"),
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "0"),
    };
    let plain = |part: &str| if (1..=2).contains(&part.len()) { part.parse::<u8>().ok().map(i32::from) } else { None };
    let total = plain(hours)? * 60 + plain(minutes).filter(|m| *m < 60)?;
    (total <= OFFSET_MAX_MIN).then_some(sign * total)
}

/// Offsets of an IANA zone at the date of the check and on 15 January and 15 July of its year.
fn zone_offsets(name: &str, as_of: Timestamp) -> Option<Offsets> {
    let zone = TimeZone::get(name).ok()?;
    let year = as_of.date().year();
    let middle = |month| jiff::civil::Date::new(year, month, 15).ok()?.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp());
    let instants = [Some(as_of.to_jiff()), middle(1), middle(7)];
    Some(instants.into_iter().flatten().map(|at| zone.to_offset(at).seconds() / 60).collect())
}

/// Zones of a reading: of the town, or all of the region or country.
fn zones(reading: &Reading) -> BTreeSet<&str> {
    let area = reading.country.and_then(|country| match reading.precision {
        Precision::Region => area::area_of(country.code(), reading.admin1.as_deref()?),
        Precision::Country => Some(area::Area { country, region: None }),
        _ => None,
    });
    match area {
        Some(area) => gazetteer::of_area(area).iter().map(|town| town.time_zone).collect(),
        None => reading.time_zone.as_deref().into_iter().collect(),
    }
}

/// Compares the stated zone with those of all claims and declared trips.
pub fn check(profile: &Profile, context: &Context, facts: &Facts, raised: &mut Raised) {
    let code = Code::LocationTimezoneMismatch;
    let stated = profile.timezone.as_ref().map(|zone| (zone, stated_offsets(&zone.value, context.as_of)));
    let (Some((zone, Some(offsets))), true) = (&stated, facts.comparable() && !facts.has_unknown_trip()) else {
        let unknown = stated.filter(|(_, offsets)| offsets.is_none()).map(|(zone, _)| format!("time zone not understood: {}", zone.value));
        raised.record(code, Outcome::NoData, facts.note(unknown));
        return;
    };
    let sets = profile.claims.iter().map(|c| &c.readings).chain(profile.travel.iter().map(|t| &t.readings));
    let mut zones_there: BTreeSet<&str> = BTreeSet::new();
    for ReadingSet(readings) in sets {
        readings.iter().for_each(|reading| zones_there.extend(zones(reading)));
    }
    let there: Offsets = zones_there.iter().filter_map(|name| zone_offsets(name, context.as_of)).flatten().collect();
    let claim = profile.claims.iter().filter(|c| !c.readings.is_empty()).min_by_key(|c| (c.value.source, &c.value.text));
    if let Some(claim) = claim.filter(|_| !there.is_empty() && offsets.is_disjoint(&there)) {
        let sentence = format!(
            "The stated time zone {:?} ({}) is not in use at any stated place: {:?} has {}.",
            zone.value,
            utc(offsets),
            claim.value.text,
            utc(&there)
        );
        let least = offsets.iter().flat_map(|a| there.iter().map(move |b| (a - b).abs())).min().unwrap_or(0);
        let side = Side::new(&zone.path, &zone.value, utc(offsets));
        let clears = "A declared trip, a move, or working hours agreed in another zone.";
        let mut evidence = Evidence::new(side, Some(claims::other(claim)), clears).with_number("difference_min", least);
        evidence.reasons.push(format!("offsets at the stated places: {}", utc(&there)));
        evidence.data = vec![tables::zones(), tables::places()];
        raised.findings.push(policy::finding(code, sentence, evidence));
    }
    raised.record(code, if there.is_empty() { Outcome::NoData } else { Outcome::NoMatch }, facts.note(None));
}

/// Offsets as people read them: `UTC-6 or UTC-5`.
fn utc(offsets: &Offsets) -> String {
    let one = |minutes: &i32| {
        let sign = if *minutes < 0 { '-' } else { '+' };
        let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
        if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
    };
    offsets.iter().map(one).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("America/Chicago", &[-360, -300])]
    #[case("america/chicago", &[-360, -300])]
    #[case("Europe/Kiev", &[120, 180])]
    #[case("America/New York", &[-300, -240])]
    #[case("UTC-6", &[-360])]
    #[case("UTC+05:30", &[330])]
    #[case("GMT +2", &[120])]
    #[case("UTC\u{2212}3", &[-180])]
    #[case("+0545", &[345])]
    #[case("UTC", &[0])]
    #[case("CST", &[-360, -300, 480])]
    #[case("Pacific Time (US & Canada)", &[-480, -420])]
    #[case("UTC+25", &[])]
    #[case("UTC+", &[])]
    #[case("whenever", &[])]
    #[case("", &[])]
    fn zones_are_read_as_people_state_them(#[case] text: &str, #[case] expected: &[i32]) {
        let as_of = Timestamp::parse("2026-11-02").unwrap();
        let found = stated_offsets(text, as_of).map(|o| o.into_iter().collect::<Vec<_>>());
        assert_eq!(found.unwrap_or_default(), expected);
    }

    #[test]
    fn offsets_read_well() {
        assert_eq!(utc(&Offsets::from([-360, 330, 0])), "UTC-6 or UTC+0 or UTC+5:30");
    }
}
