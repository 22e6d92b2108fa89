//! What the readers of an intake take, what they refuse, and that they say where, what and what is expected.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ReadOptions, read, read_check_line, write};
use crate::domain::identifier::AccountKey;
use crate::domain::intake::{Fault, PHOTO_MAX_BYTES};
use crate::exchange::lists::entry_json;

/// The smallest text that is taken for a PNG picture: its eight first bytes.
const PNG: &str = "iVBORw0KGgo=";

fn options(allow_files: bool) -> ReadOptions {
    ReadOptions { account_key: AccountKey::new([7; 32]), allow_files }
}

fn base() -> Value {
    json!({"name": "Ana Reyes", "emails": ["ana@example.org"]})
}

/// Every key of the contract, each with a value.
fn full() -> Value {
    json!({
        "external_id": "gh-4711", "name": "Ana Reyes", "other_names": ["Ana R."], "stage": "interview",
        "emails": ["ana+x@example.org"], "phones": [{"number": "+1 512 471 3434", "line_type": "mobile"}, {"number": "5124713434", "line_type": null}],
        "handles": [{"platform": "github", "value": "https://github.com/Ana"}, {"platform": "some-board", "value": "ana"}],
        "websites": ["https://ana.example.org/cv"], "wallets": ["0xAbCd1234"],
        "claims": [{"source": "application", "text": "Austin, TX", "at": "2026-10-01"}, {"source": "bank", "text": "Oslo"}],
        "timezone": "UTC-6", "relocation": true,
        "working_hours": {"stated": "09:00-17:00", "activity_utc_hours": [14, 15]},
        "sightings": [{"at": "2026-10-05T14:00:00Z", "kind": "application", "ip": "10.0.0.1", "city": null, "country": "us", "lat": 30.27, "lon": -97.74,
            "accuracy_km": 20, "network": "isp", "client_tz": "America/Chicago", "client_utc_offset_min": -300}],
        "history": [{"kind": "job", "org": "Acme", "title": "Dev", "place": "Austin, TX", "from": "2022-01", "to": null, "remote": true,
            "full_time": true, "domain": "https://www.Example.com/"}],
        "travel": [{"place": "Lisbon, Portugal", "from": "2026-10-01", "to": "2026-10-09"}],
        "shipping_address": "1 Main St, Austin, TX", "payroll_country": "US", "payout_account": "DE89 3704 0044 0532 0130 00", "payout_name": "Ana Reyes",
        "references": [{"name": "Bo", "email": "bo@example.org", "phone": "+1 512 471 3435", "org": "Acme"}],
        "photos": [{"kind": "profile", "data_base64": PNG, "exif_lat": 1.5, "exif_lon": 2.5, "taken_at": "2026-01-01T00:00:00Z"}, {"kind": "document"}],
        "footprint": {"platform": "github", "account_created": "2024-11-02", "first_commit": "2019", "copied_commits": 12, "dormant_until": null,
            "commit_identities": [{"name": "A", "email": "a@host"}]},
        "interviews": [{"at": "2026-10-09T15:00:00Z", "round": "technical", "appeared_as": "Ana", "same_person_as_before": true, "camera": "on",
            "continuity_check": "not-done", "prompted": false, "local_knowledge": "not-asked", "note": "fine"}],
        "resume_text": "Text", "role": "Backend Engineer", "requisition": "ENG-12", "team": "platform", "notes": "n",
        "received_at": "2026-10-05T14:00:00Z", "notice_given_at": "2026-10-05"
    })
}

fn faults(patch: Value) -> Vec<Fault> {
    let mut value = base();
    if let (Value::Object(all), Value::Object(patch)) = (&mut value, patch) {
        all.extend(patch);
    }
    read(&value, &options(true)).expect_err("must be refused")
}

#[rstest::rstest]
// names and single values
#[case(json!({"name": null}), "name", "is missing")]
#[case(json!({"name": ""}), "name", "is empty")]
#[case(json!({"name": 5}), "name", "is a number")]
#[case(json!({"name": "123"}), "name", "has no letter")]
#[case(json!({"name": "A\u{0}B"}), "name", "has a NUL character")]
#[case(json!({"name": "x".repeat(201)}), "name", "has 201 characters")]
#[case(json!({"other_names": ["A", ""]}), "other_names[1]", "is empty")]
#[case(json!({"other_names": "A"}), "other_names", "is a text")]
#[case(json!({"other_names": vec!["A"; 51]}), "other_names", "has 51 values")]
#[case(json!({"external_id": "x".repeat(301)}), "external_id", "has 301 characters")]
#[case(json!({"external_id": 4711}), "external_id", "is a number")]
#[case(json!({"team": "a\u{0}b"}), "team", "has a NUL character")]
#[case(json!({"notes": "x".repeat(10_001)}), "notes", "has 10001 characters")]
#[case(json!({"resume_text": "x".repeat(200_001)}), "resume_text", "has 200001 characters")]
#[case(json!({"stage": "fired"}), "stage", "is not a word of the list")]
#[case(json!({"relocation": "yes"}), "relocation", "is a text")]
#[case(json!({"role": ["x"]}), "role", "is a list")]
#[case(json!({"nationality": "x"}), "nationality", "is not a known key")]
#[case(json!({"payroll_country": "USA"}), "payroll_country", "is not a country code")]
#[case(json!({"payout_account": "?!"}), "payout_account", "is not an account")]
#[case(json!({"payout_account": 12_345_678}), "payout_account", "is a number")]
#[case(json!({"received_at": "yesterday"}), "received_at", "is not a time")]
#[case(json!({"notice_given_at": "05.10.2026"}), "notice_given_at", "is not a date")]
// contacts
#[case(json!({"emails": []}), "emails", "is empty, and so are phones and handles: at least one contact is missing")]
#[case(json!({"emails": null}), "emails", "is empty, and so are phones and handles: at least one contact is missing")]
#[case(json!({"emails": ["a@"]}), "emails[0]", "has no domain")]
#[case(json!({"emails": ["a@x.io", null]}), "emails[1]", "is null")]
#[case(json!({"emails": "a@x.io"}), "emails", "is a text")]
#[case(json!({"emails": [{"value": "a@x.io"}]}), "emails[0]", "is an object")]
#[case(json!({"phones": ["+1 512 471 3434"]}), "phones[0]", "is a text")]
#[case(json!({"phones": [{"number": "12"}]}), "phones[0].number", "has 2 digits")]
#[case(json!({"phones": [{"line_type": "mobile"}]}), "phones[0].number", "is missing")]
#[case(json!({"phones": [{"number": "+15124713434", "line_type": "fax"}]}), "phones[0].line_type", "is not a word of the list")]
#[case(json!({"phones": [{"number": "+15124713434", "kind": "x"}]}), "phones[0].kind", "is not a known key")]
#[case(json!({"handles": [{"platform": "Git Hub", "value": "a"}]}), "handles[0].platform", "is not a platform")]
#[case(json!({"handles": [{"platform": "github"}]}), "handles[0].value", "is missing")]
#[case(json!({"handles": [{"platform": "github", "value": "two words"}]}), "handles[0].value", "is not an account name")]
#[case(json!({"handles": [{"platform": "github", "value": "https://gitlab.com/a"}]}), "handles[0].value", "is the address of another platform")]
#[case(json!({"handles": [{"platform": "github", "value": "x".repeat(301)}]}), "handles[0].value", "has 301 characters")]
#[case(json!({"websites": ["ftp://a.b"]}), "websites[0]", "is not a web address")]
#[case(json!({"wallets": ["a b"]}), "wallets[0]", "is not an account")]
#[case(json!({"references": [{}]}), "references[0]", "says nothing")]
#[case(json!({"references": [{"email": "x"}]}), "references[0].email", "has no @")]
// places and times
#[case(json!({"claims": [{"source": "gossip", "text": "Oslo"}]}), "claims[0].source", "is not a word of the list")]
#[case(json!({"claims": [{"source": "resume"}]}), "claims[0].text", "is missing")]
#[case(json!({"claims": [{"source": "resume", "text": " "}]}), "claims[0].text", "is empty")]
#[case(json!({"claims": [{"source": "resume", "text": "Oslo", "at": "2026-13-01"}]}), "claims[0].at", "is not a time")]
#[case(json!({"claims": {"source": "resume"}}), "claims", "is an object")]
#[case(json!({"timezone": "Mars/Olympus"}), "timezone", "is not a time zone")]
#[case(json!({"timezone": "UTC+25"}), "timezone", "is not a time zone")]
#[case(json!({"working_hours": {"stated": "9 to 5"}}), "working_hours.stated", "is not a span of hours")]
#[case(json!({"working_hours": {"activity_utc_hours": [24]}}), "working_hours.activity_utc_hours[0]", "is out of range")]
#[case(json!({"working_hours": {"activity_utc_hours": [1.5]}}), "working_hours.activity_utc_hours[0]", "is out of range")]
#[case(json!({"working_hours": {"activity_utc_hours": vec![1; 1_001]}}), "working_hours.activity_utc_hours", "has 1001 values")]
#[case(json!({"sightings": [{"kind": "login"}]}), "sightings[0].at", "is missing")]
#[case(json!({"sightings": [{"at": "2026-10-05T14:00:00Z"}]}), "sightings[0].kind", "is missing")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "ip": "1.2.3"}]}), "sightings[0].ip", "is not a network address")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "lat": 1}]}), "sightings[0].lon", "is missing beside lat")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "lat": 91, "lon": 0}]}), "sightings[0].lat", "is out of range")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "accuracy_km": -1}]}), "sightings[0].accuracy_km", "is out of range")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "network": "wifi"}]}), "sightings[0].network", "is not a word of the list")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "client_tz": "UTC-6"}]}), "sightings[0].client_tz", "is not a time zone")]
#[case(json!({"sightings": [{"at": "2026-10-05", "kind": "login", "client_utc_offset_min": 841}]}), "sightings[0].client_utc_offset_min", "is out of range")]
#[case(json!({"history": [{"org": "Acme"}]}), "history[0].kind", "is missing")]
#[case(json!({"history": [{"kind": "job", "from": "2024-05", "to": "2023"}]}), "history[0].from", "is after the end, 2023")]
#[case(json!({"history": [{"kind": "job", "from": "May 2024"}]}), "history[0].from", "is not a date")]
#[case(json!({"history": [{"kind": "job", "remote": 1}]}), "history[0].remote", "is a number")]
#[case(json!({"history": [{"kind": "job", "domain": "acme"}]}), "history[0].domain", "has no host")]
#[case(json!({"travel": [{"place": "Oslo", "from": "2026-10-01"}]}), "travel[0].to", "is missing")]
#[case(json!({"travel": [{"place": "Oslo", "from": "2026-10-09", "to": "2026-10-01"}]}), "travel[0].from", "is after the end, 2026-10-01")]
// pictures and conduct
#[case(json!({"photos": [{"data_base64": PNG}]}), "photos[0].kind", "is missing")]
#[case(json!({"photos": [{"kind": "profile", "data_base64": "%%%"}]}), "photos[0].data_base64", "is not base64")]
#[case(json!({"photos": [{"kind": "profile", "data_base64": "R0lGODlh"}]}), "photos[0]", "is not a picture of a type that is read")]
#[case(json!({"photos": [{"kind": "profile", "data_base64": "A".repeat(PHOTO_MAX_BYTES / 2 * 3)}]}), "photos[0].data_base64", "is larger than 8 MB")]
#[case(json!({"photos": [PNG]}), "photos[0]", "is a text")]
#[case(json!({"photos": vec![json!({"kind": "profile"}); 7]}), "photos", "has 7 values")]
#[case(json!({"photos": [{"kind": "profile", "file": "/etc/passwd"}]}), "photos[0].file", "is not a name beside the file")]
#[case(json!({"photos": [{"kind": "profile", "file": "a/../../b.jpg"}]}), "photos[0].file", "is not a name beside the file")]
#[case(json!({"photos": [{"kind": "profile", "file": "C:\\a.jpg"}]}), "photos[0].file", "is not a name beside the file")]
#[case(json!({"photos": [{"kind": "profile", "file": "a.jpg", "data_base64": PNG}]}), "photos[0].file", "stands beside data_base64")]
#[case(json!({"photos": [{"kind": "profile", "exif_lon": 3}]}), "photos[0].exif_lat", "is missing beside exif_lon")]
#[case(json!({"footprint": []}), "footprint", "is a list")]
#[case(json!({"footprint": {"platform": "Git Hub"}}), "footprint.platform", "is not a platform")]
#[case(json!({"footprint": {"copied_commits": -1}}), "footprint.copied_commits", "is out of range")]
#[case(json!({"footprint": {"commit_identities": [{"mail": "x"}]}}), "footprint.commit_identities[0].mail", "is not a known key")]
#[case(json!({"interviews": [{"round": "first"}]}), "interviews[0].at", "is missing")]
#[case(json!({"interviews": [{"at": "2026-10-09", "camera": "broken"}]}), "interviews[0].camera", "is not a word of the list")]
#[case(json!({"interviews": [{"at": "2026-10-09", "continuity_check": "skipped"}]}), "interviews[0].continuity_check", "is not a word of the list")]
#[case(json!({"interviews": [{"at": "2026-10-09", "local_knowledge": "none"}]}), "interviews[0].local_knowledge", "is not a word of the list")]
#[case(json!({"interviews": [{"at": "2026-10-09", "prompted": "no"}]}), "interviews[0].prompted", "is a text")]
fn a_bad_value_is_told_with_path_and_problem(#[case] patch: Value, #[case] path: &str, #[case] problem: &str) {
    let told = faults(patch);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].path.as_str(), told[0].problem.as_str()), (path, problem));
    assert!(!told[0].expected.is_empty() && told[0].value.as_ref().is_none_or(|value| value.chars().count() <= 200));
}

#[test]
fn all_faults_come_at_once() {
    let told =
        faults(json!({"emails": ["a@", "@b"], "phones": [{"number": "x"}], "photo": 1, "stage": "?", "timezone": 5, "photos": [1, 2]}));
    let paths: Vec<&str> = told.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["photo", "photos[0]", "photos[1]", "stage", "emails[0]", "emails[1]", "phones[0].number", "timezone"]);
}

#[test]
fn accounts_and_pictures_never_stand_in_a_fault() {
    let secret = "DE89370400440532013000";
    for patch in [
        json!({"payout_account": [secret]}),
        json!({"payout_account": format!("{secret}{}", "1".repeat(300))}),
        json!({"payout_acount": secret}),
        json!({"photos": secret}),
        json!({"photos": [secret]}),
        json!({"photos": [{"kind": "profile", "data_base64": format!("%{secret}")}]}),
        json!({"photos": [{"kind": "profile", "data_base64": {"a": secret}}]}),
    ] {
        let told = serde_json::to_string(&faults(patch)).unwrap();
        assert!(!told.contains("DE8937"), "{told}");
    }
}

#[test]
fn every_key_of_the_contract_reaches_the_intake() {
    let done = read(&full(), &options(false)).unwrap();
    let intake = &done.intake;
    assert_eq!((intake.handles.len(), intake.claims.len(), intake.photos.len()), (2, 2, 2));
    assert_eq!((done.pictures.len(), done.pictures[0].index, done.pictures[0].bytes.len()), (1, 0, 8));
    assert_eq!(intake.photos[0].sha256.as_deref(), Some("4c4b6a3be1314ab86138bef4314dde022e600960d8689a2c8f8631802d20dab6"));
    assert_eq!(intake.history[0].domain.as_deref(), Some("example.com"));
    assert_eq!(intake.payout_account, AccountKey::new([7; 32]).hash("de89370400440532013000").ok());
    assert_eq!(intake.sightings[0].point.map(|p| p.lat()), Some(30.27));
    assert_eq!(intake.interviews[0].camera.as_deref(), Some("on"));
}

#[test]
fn files_are_named_only_where_they_can_lie() {
    let value = json!({"name": "A", "emails": ["a@x.io"], "photos": [{"kind": "profile", "file": "p/a.jpg"}]});
    assert_eq!(read(&value, &options(true)).unwrap().files[0].name, "p/a.jpg");
    assert_eq!(read(&value, &options(false)).unwrap_err()[0].problem, "is not taken here");
}

#[test]
fn a_written_intake_reads_back_equal_but_for_pictures_and_account() {
    let mut first = read(&full(), &options(false)).unwrap().intake;
    let written = write(&first);
    assert!(written.get("payout_account").is_none());
    assert!(!written.to_string().contains(PNG));
    let second = read(&written, &options(false)).unwrap().intake;
    first.payout_account = None;
    first.photos[0].sha256 = None;
    assert_eq!(first, second);
}

/// Values of any shape, with keys and words that lead into the readers.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("name"),
        Just("emails"),
        Just("phones"),
        Just("number"),
        Just("handles"),
        Just("platform"),
        Just("value"),
        Just("claims"),
        Just("at"),
        Just("kind"),
        Just("sightings"),
        Just("history"),
        Just("from"),
        Just("to"),
        Just("photos"),
        Just("data_base64"),
        Just("working_hours"),
        Just("stated"),
        Just("candidate"),
        Just("entries"),
        Just("names"),
        Just("org"),
        Just("timezone"),
        Just("interviews"),
        Just("footprint"),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9:TZ+UC.-]{0,12}".prop_map(Value::from),
        "[a-z@.]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_read_or_refused_with_where_what_and_expected(value in any_json()) {
        let all = [
            read(&value, &options(true)).err(),
            read_check_line(&value, &options(false)).err(),
            entry_json::read(&value, &AccountKey::new([7; 32])).err(),
        ];
        for told in all.into_iter().flatten() {
            prop_assert!(!told.is_empty());
            for fault in told {
                prop_assert!(!fault.path.is_empty() && !fault.problem.is_empty() && !fault.expected.is_empty(), "{:?}", fault);
            }
        }
    }

    #[test]
    fn what_is_read_is_written_and_read_again_alike(
        name in "[A-Z][a-z]{1,9}( [A-Z][a-zéø]{1,9})?", mail in "[a-z]{1,9}(\\+[a-z]{1,4})?@[a-z]{2,9}\\.[a-z]{2,4}", text in "[ -~]{0,40}",
        year in 1970..2100_i32, lat in -90.0..90.0_f64, lon in -180.0..180.0_f64, flag in any::<bool>(), hours in proptest::collection::vec(0..24_u8, 0..9),
    ) {
        let value = json!({
            "name": name, "emails": [mail], "role": text, "notes": text, "relocation": flag,
            "working_hours": {"activity_utc_hours": hours}, "notice_given_at": year.to_string(),
            "sightings": [{"at": format!("{year}-02-03T04:05:06.789Z"), "kind": "login", "lat": lat, "lon": lon}],
            "history": [{"kind": "education", "title": text, "from": format!("{year}-02"), "full_time": flag}],
        });
        let first = read(&value, &options(false)).unwrap().intake;
        let second = read(&write(&first), &options(false)).unwrap().intake;
        prop_assert_eq!(first, second);
    }
}
