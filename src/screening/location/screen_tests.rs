//! Every code with a hit and near misses, on invented candidates; and what must hold for all.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::claim::{Claim, ClaimSource};
use crate::domain::finding::{Code, Finding, Severity};
use crate::domain::history::{HistoryEntry, HistoryKind};
use crate::domain::intake::{Intake, PhoneEntry};
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::place::{Coordinates, Country};
use crate::domain::screening::Outcome;
use crate::domain::sighting::{NetworkClass, Sighting, SightingKind};
use crate::domain::time::{PartialDate, Timestamp};
use crate::domain::travel::Trip;
use crate::screening::context::Organization;

const CHINA_LINE: &str = "59.44.1.1";
const TEXAS_LINE: &str = "128.83.40.1";
const HOSTING: &str = "45.76.1.1";

fn candidate(claims: &[&str]) -> Intake {
    let mut intake = Intake::of(PersonName::parse("Robin Alder").unwrap());
    let claim = |text: &&str| Claim { source: ClaimSource::Application, text: (*text).to_owned(), at: None };
    intake.claims = claims.iter().map(claim).collect();
    intake
}

fn sighting(at: &str, ip: Option<&str>, point: Option<(f64, f64, f64)>) -> Sighting {
    Sighting {
        at: Timestamp::parse(at).unwrap(),
        kind: SightingKind::Login,
        ip: ip.map(|ip| ip.parse().unwrap()),
        city: None,
        country: None,
        point: point.map(|(lat, lon, _)| Coordinates::new(lat, lon).unwrap()),
        accuracy_km: point.map(|(.., km)| km),
        network: None,
        client_tz: None,
        client_utc_offset_min: None,
    }
}

fn trip(place: &str, from: &str, to: &str) -> Trip {
    Trip { place: place.to_owned(), from: PartialDate::parse(from).unwrap(), to: PartialDate::parse(to).unwrap() }
}

fn screened_by(intake: &Intake, organization: Organization) -> Raised {
    let as_of = Timestamp::parse("2026-11-02").unwrap();
    let profile = Profile::of("x", &[(as_of, intake)], Vec::new());
    screen(&profile, &Context { as_of, organization, list_versions: Vec::new() })
}

fn screened(intake: &Intake) -> Raised {
    screened_by(intake, Organization::default())
}

fn codes(intake: &Intake) -> Vec<&'static str> {
    screened(intake).findings.iter().map(|f| f.code.as_str()).collect()
}

fn only(raised: &Raised) -> &Finding {
    assert_eq!(raised.findings.len(), 1, "{:?}", raised.findings);
    &raised.findings[0]
}

#[rstest]
#[case::other_country(&["Austin, TX", "Lagos, Nigeria"], true)]
#[case::far_in_one_country(&["Austin, TX", "Seattle, WA"], true)]
#[case::two_regions(&["Texas", "Oregon"], true)]
#[case::same_place_twice(&["Bengaluru", "Bangalore, Karnataka, India"], false)]
#[case::next_town(&["Dallas, TX", "Fort Worth, TX"], false)]
#[case::one_reading_fits(&["Birmingham", "Atlanta, GA"], true)]
#[case::another_reading_fits(&["Birmingham", "Tuscaloosa, AL"], false)]
#[case::town_inside_its_region(&["California", "San Diego, CA"], false)]
#[case::town_inside_its_country(&["United States", "Austin, TX"], false)]
#[case::neighboring_regions(&["Texas", "Oklahoma"], false)]
#[case::metro_and_its_town(&["SF Bay Area", "San Jose, CA"], false)]
#[case::territory_of_the_state(&["San Juan, Puerto Rico", "United States"], false)]
#[case::military(&["APO AE 09012", "Austin, TX"], false)]
#[case::not_understood(&["Anywhere", "Austin, TX"], false)]
fn two_claims_conflict_when_all_their_readings_do(#[case] claims: &[&str], #[case] expected: bool) {
    assert_eq!(codes(&candidate(claims)).contains(&"location.claim-conflict"), expected);
}

#[test]
fn a_declared_move_clears_the_conflict_of_claims() {
    let mut intake = candidate(&["Austin, TX", "Lagos, Nigeria"]);
    let raised = screened(&intake);
    let finding = only(&raised);
    assert_eq!(finding.severity, Severity::Medium);
    assert!(finding.evidence.numbers["distance_km"].as_i64().is_some_and(|km| (10_000..11_500).contains(&km)));
    intake.relocation = true;
    assert!(screened(&intake).findings.is_empty());
}

#[rstest]
#[case::abroad("+84 24 3825 2222", &["Austin, TX"], None, true)]
#[case::at_home("+1 512 471 3434", &["Austin, TX"], None, false)]
#[case::worked_there("+91 98765 43210", &["Berlin, Germany"], Some("Bengaluru, India"), false)]
#[case::worked_elsewhere("+91 98765 43210", &["Berlin, Germany"], Some("Lisbon, Portugal"), true)]
#[case::work_not_understood("+91 98765 43210", &["Berlin, Germany"], Some("somewhere nice"), false)]
#[case::one_reading_fits("+995 32 212 3456", &["Georgia"], None, false)]
#[case::guernsey_is_dialed_as_britain("+44 7911 123456", &["Leeds, UK"], None, false)]
#[case::kazakhstan_is_not_russia("+7 701 123 45 67", &["Moscow, Russia"], None, true)]
#[case::toll_free("+1 800 234 5678", &["Lisbon, Portugal"], None, false)]
#[case::satellite("+8816 234 5678 90", &["Lisbon, Portugal"], None, false)]
#[case::without_country_code("030 12345678", &["Austin, TX"], None, false)]
#[case::military("+49 30 12345678", &["APO AE 09012"], None, false)]
#[case::no_place("+46 70 123 45 67", &["Anywhere / EMEA"], None, false)]
fn a_phone_of_a_country_nobody_names(#[case] number: &str, #[case] claims: &[&str], #[case] job: Option<&str>, #[case] expected: bool) {
    let mut intake = candidate(claims);
    intake.phones.push(PhoneEntry { number: PhoneNumber::parse(number).unwrap(), line_type: None });
    intake.history.extend(job.map(|place| HistoryEntry {
        kind: HistoryKind::Job,
        org: None,
        title: None,
        place: Some(place.to_owned()),
        from: None,
        to: None,
        remote: None,
        full_time: None,
        domain: None,
    }));
    assert_eq!(codes(&intake) == ["location.phone-country-mismatch"], expected);
}

#[rstest]
#[case::elsewhere("Asia/Vladivostok", &["Miami, FL"], None, true)]
#[case::fixed_elsewhere("UTC+8", &["Austin, TX"], None, true)]
#[case::half_an_hour("UTC+5", &["Bengaluru, India"], None, true)]
#[case::same("America/Chicago", &["Austin, TX"], None, false)]
#[case::standard_time_in_summer("UTC-6", &["Austin, TX"], None, false)]
#[case::summer_time_in_winter("UTC-5", &["Austin, TX"], None, false)]
#[case::alias("Europe/Kiev", &["Kyiv, Ukraine"], None, false)]
#[case::abbreviation_of_two_zones("CST", &["Shanghai, China"], None, false)]
#[case::any_zone_of_the_country("America/Denver", &["Remote (US)"], None, false)]
#[case::any_zone_of_the_region("America/Denver", &["Texas"], None, false)]
#[case::one_reading_fits("America/Chicago", &["Birmingham"], None, false)]
#[case::declared_trip("Europe/Lisbon", &["Austin, TX"], Some("Lisbon, Portugal"), false)]
#[case::trip_not_understood("Europe/Lisbon", &["Austin, TX"], Some("on the road"), false)]
#[case::military("Asia/Tokyo", &["APO AP 96349"], None, false)]
#[case::zone_not_understood("whenever", &["Austin, TX"], None, false)]
fn a_zone_that_no_place_uses(#[case] zone: &str, #[case] claims: &[&str], #[case] travel: Option<&str>, #[case] expected: bool) {
    let mut intake = candidate(claims);
    intake.timezone = Some(zone.to_owned());
    intake.travel.extend(travel.map(|place| trip(place, "2026-10-01", "2026-10-20")));
    assert_eq!(codes(&intake) == ["location.timezone-mismatch"], expected);
}

#[rstest]
#[case::abroad(CHINA_LINE, &["Austin, TX"], true)]
#[case::at_home(TEXAS_LINE, &["Austin, TX"], false)]
#[case::one_reading_fits(TEXAS_LINE, &["Georgia"], false)]
#[case::military(CHINA_LINE, &["APO AE 09012"], false)]
#[case::rented_server("185.65.134.1", &["Austin, TX"], false)]
#[case::documentation("203.0.113.5", &["Austin, TX"], false)]
#[case::private("10.0.0.1", &["Austin, TX"], false)]
#[case::no_place(CHINA_LINE, &["Anywhere"], false)]
fn an_address_of_a_country_nobody_claims(#[case] ip: &str, #[case] claims: &[&str], #[case] expected: bool) {
    let mut intake = candidate(claims);
    intake.sightings.push(sighting("2026-10-05T14:00:00Z", Some(ip), None));
    assert_eq!(codes(&intake) == ["location.ip-country-mismatch"], expected);
}

#[rstest]
#[case::that_day("Beijing, China", "2026-10-01", "2026-10-05", false)]
#[case::a_day_late("Beijing, China", "2026-10-01", "2026-10-04", false)]
#[case::two_days_late("Beijing, China", "2026-10-01", "2026-10-03", true)]
#[case::a_month("China", "2026-10", "2026-10", false)]
#[case::elsewhere("Lisbon, Portugal", "2026-10-01", "2026-10-09", true)]
#[case::not_understood("on the road", "2026-10-01", "2026-10-09", false)]
fn a_declared_trip_clears_an_address(#[case] place: &str, #[case] from: &str, #[case] to: &str, #[case] expected: bool) {
    let mut intake = candidate(&["Austin, TX"]);
    intake.sightings.push(sighting("2026-10-05T14:00:00Z", Some(CHINA_LINE), None));
    intake.travel.push(trip(place, from, to));
    assert_eq!(codes(&intake) == ["location.ip-country-mismatch"], expected);
}

#[test]
fn an_address_counts_more_in_a_watched_country_and_nothing_on_a_trusted_network() {
    let mut intake = candidate(&["Austin, TX"]);
    intake.sightings.push(sighting("2026-10-05T14:00:00Z", Some(CHINA_LINE), None));
    let watched = Organization { watched_countries: vec![Country::parse("CN").unwrap()], ..Organization::default() };
    let trusted = Organization { trusted_networks: vec!["59.44.0.0/16".parse().unwrap()], ..Organization::default() };
    assert_eq!(only(&screened(&intake)).severity, Severity::Medium);
    assert_eq!(only(&screened_by(&intake, watched)).severity, Severity::High);
    assert!(screened_by(&intake, trusted).findings.is_empty());
}

#[test]
fn a_told_country_that_fits_clears_an_address_registered_abroad() {
    let mut intake = candidate(&["Austin, TX"]);
    let mut seen = sighting("2026-10-05T14:00:00Z", Some(CHINA_LINE), None);
    seen.country = Country::parse("US").ok();
    intake.sightings.push(seen);
    assert!(screened(&intake).findings.is_empty());
}

const AUSTIN: (f64, f64, f64) = (30.27, -97.74, 20.0);
const DALLAS: (f64, f64, f64) = (32.78, -96.80, 20.0);
const SEATTLE: (f64, f64, f64) = (47.61, -122.33, 20.0);

#[rstest]
#[case::too_fast(("13:00", AUSTIN), ("14:00", SEATTLE), true)]
#[case::at_once(("13:00", AUSTIN), ("13:00", SEATTLE), true)]
#[case::a_flight(("13:00", AUSTIN), ("17:00", SEATTLE), false)]
#[case::too_near(("13:00", AUSTIN), ("13:01", DALLAS), false)]
#[case::wide_radius(("13:00", AUSTIN), ("13:10", (47.61, -122.33, 2_400.0)), false)]
#[case::across_the_date_line(("10:00", (-18.14, 178.44, 20.0)), ("12:00", (-13.83, -171.77, 20.0)), false)]
fn nobody_travels_faster_than_a_plane(#[case] a: (&str, (f64, f64, f64)), #[case] b: (&str, (f64, f64, f64)), #[case] expected: bool) {
    let mut intake = candidate(&[]);
    for (time, point) in [a, b] {
        intake.sightings.push(sighting(&format!("2026-10-05T{time}:00Z"), None, Some(point)));
    }
    assert_eq!(codes(&intake) == ["location.impossible-travel"], expected);
}

#[test]
fn a_sighting_through_a_hidden_network_between_two_lines_hides_nothing() {
    let mut intake = candidate(&["Austin, TX"]);
    intake.sightings = vec![
        sighting("2026-10-05T13:00:00Z", Some(TEXAS_LINE), None),
        sighting("2026-10-05T13:30:00Z", Some(HOSTING), None),
        sighting("2026-10-05T14:00:00Z", Some(CHINA_LINE), None),
    ];
    intake.travel.push(trip("China", "2026-10-01", "2026-10-09"));
    let raised = screened(&intake);
    let finding = only(&raised);
    assert_eq!((finding.code, finding.severity), (Code::LocationImpossibleTravel, Severity::High));
    assert_eq!(finding.evidence.numbers["hours"], 1.0);
    assert!(finding.evidence.numbers["least_kmh"].as_i64().is_some_and(|v| v > 3_000));
    assert_eq!(finding.evidence.candidate.path, "sightings[2].ip");
}

#[rstest]
#[case::mobile_far_away(Some(NetworkClass::Mobile), TEXAS_LINE, &["location.impossible-travel-weak"])]
#[case::vpn_with_its_point(Some(NetworkClass::Vpn), TEXAS_LINE, &["location.impossible-travel-weak"])]
#[case::one_line(None, "172.56.1.1", &[])]
fn a_soft_end_is_weak_and_one_line_is_one_place(#[case] class: Option<NetworkClass>, #[case] first: &str, #[case] expected: &[&str]) {
    let mut intake = candidate(&[]);
    let mut second = sighting("2026-10-05T13:05:00Z", Some(if class.is_some() { "172.56.1.1" } else { first }), Some(SEATTLE));
    second.network = class;
    intake.sightings = vec![sighting("2026-10-05T13:00:00Z", Some(first), Some(AUSTIN)), second];
    assert_eq!(codes(&intake), expected);
}

#[test]
fn neighbors_are_near_and_far_countries_are_not() {
    let told = |countries: [&str; 2]| {
        let mut intake = candidate(&[]);
        for (minute, code) in countries.iter().enumerate() {
            let mut seen = sighting(&format!("2026-10-05T13:0{minute}:00Z"), None, None);
            seen.country = Country::parse(code).ok();
            intake.sightings.push(seen);
        }
        codes(&intake)
    };
    assert!(told(["US", "CA"]).is_empty());
    assert!(told(["US", "PR"]).is_empty());
    assert!(told(["AQ", "US"]).is_empty());
    assert_eq!(told(["GB", "US"]), ["location.impossible-travel"]);
}

#[test]
fn every_code_has_its_row_and_unknown_texts_are_named() {
    let raised = screened(&candidate(&["Anywhere / EMEA"]));
    let rows: Vec<_> = raised.checks.iter().map(|c| c.code).collect();
    let family: Vec<_> = Code::ALL.iter().copied().filter(|c| c.family() == "location").collect();
    assert!(family.iter().all(|code| rows.contains(code)) && rows.len() == family.len());
    assert!(raised.checks.iter().all(|c| c.outcome == Outcome::NoData));
    assert_eq!(raised.checks[0].note.as_deref(), Some("place not understood: Anywhere / EMEA"));
}

#[test]
fn evidence_is_complete() {
    let mut intake = candidate(&["Austin, TX", "Oslo, Norway"]);
    intake.phones.push(PhoneEntry { number: PhoneNumber::parse("+84 24 3825 2222").unwrap(), line_type: None });
    intake.timezone = Some("Asia/Vladivostok".to_owned());
    intake.sightings.push(sighting("2026-10-05T13:00:00Z", Some(TEXAS_LINE), None));
    intake.sightings.push(sighting("2026-10-05T14:00:00Z", Some(CHINA_LINE), None));
    let raised = screened(&intake);
    assert_eq!(raised.findings.len(), 5);
    for finding in &raised.findings {
        let evidence = &finding.evidence;
        assert!(evidence.candidate.value.is_some() && evidence.other.as_ref().is_some_and(|o| o.value.is_some()), "{}", finding.code);
        assert!(!evidence.clears.is_empty() && !evidence.data.is_empty(), "{}", finding.code);
        assert!(evidence.data.iter().all(|d| d.version.chars().any(|c| c.is_ascii_digit())), "{:?}", evidence.data);
        assert!(finding.sentence.ends_with('.'));
    }
}

/// What must not depend on the order of the input: codes, severities and the headline's sentence and numbers.
fn essence(raised: &Raised) -> Vec<(Code, Severity, String, String, usize)> {
    let one = |f: &Finding| (f.code, f.severity, f.sentence.clone(), format!("{:?}", f.evidence.numbers), f.evidence.more.len());
    raised.findings.iter().map(one).collect()
}

fn any_sighting() -> impl Strategy<Value = Sighting> {
    let ips = vec![None, Some(CHINA_LINE), Some(TEXAS_LINE), Some(HOSTING), Some("172.58.1.1"), Some("139.18.1.1"), Some("203.0.113.5")];
    let points = vec![None, Some(AUSTIN), Some(SEATTLE), Some((39.9, 116.4, 50.0)), Some((-18.14, 178.44, 20.0))];
    (0..6_u32, prop::sample::select(ips), prop::sample::select(points))
        .prop_map(|(hour, ip, point)| sighting(&format!("2026-10-05T{:02}:00:00Z", 10 + hour), ip, point))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_the_input_never_changes_findings(
        (sightings, shuffled) in prop::collection::vec(any_sighting(), 0..6).prop_flat_map(|v| (Just(v.clone()), Just(v).prop_shuffle())),
        turn in 0..3_usize,
    ) {
        let mut claims = ["Austin, TX", "Lagos, Nigeria", "Birmingham"];
        let mut intake = candidate(&claims);
        intake.sightings = sightings;
        intake.timezone = Some("Asia/Tokyo".to_owned());
        let first = essence(&screened(&intake));
        claims.rotate_left(turn);
        let mut again = candidate(&claims);
        again.sightings = shuffled;
        again.timezone = intake.timezone;
        prop_assert_eq!(essence(&screened(&again)), first);
    }

    #[test]
    fn one_more_claim_never_adds_a_finding_of_a_country(sightings in prop::collection::vec(any_sighting(), 1..4), more in prop::sample::select(
        vec!["Beijing, China", "Oslo", "Georgia", "Anywhere", "APO AE 09012", "CA", "Springfield"])) {
        let country_codes = |intake: &Intake| -> Vec<&'static str> { codes(intake).into_iter().filter(|c| c.contains("country")).collect() };
        let mut intake = candidate(&["Austin, TX"]);
        intake.sightings = sightings;
        intake.phones.push(PhoneEntry { number: PhoneNumber::parse("+84 24 3825 2222").unwrap(), line_type: None });
        let before = country_codes(&intake);
        intake.claims.push(Claim { source: ClaimSource::Resume, text: more.to_owned(), at: None });
        prop_assert!(country_codes(&intake).iter().all(|code| before.contains(code)));
    }
}
