//! The fields of the candidate form: CONTRACT section 4 as a declared list, in the order in which a recruiter has them at hand.
//!
//! To add a field: one line here; the page, the reading and the faults follow.

use crate::domain::candidate::Stage;
use crate::domain::claim::ClaimSource;
use crate::domain::history::HistoryKind;
use crate::domain::phone::LineType;
use crate::domain::photo::PhotoKind;
use crate::domain::sighting::{NetworkClass, SightingKind};

use super::fields::{Field, Group, Input, Part, Section, TEAM};

const fn field(key: &'static str, label: &'static str, hint: &'static str, input: Input) -> Field {
    Field { key, label, hint, input }
}

const fn group(key: &'static str, title: &'static str, one: &'static str, fields: &'static [Field]) -> Group {
    Group { key, title, one, hint: "", rows: 1, most: 50, fields, further: &[] }
}

const TEXT: Input = Input::Line("text");
const DAY: &str = "Such as 2026-10-05 or 5 Oct 2026";
const TIME: &str = "Such as 2026-10-05 14:00, in UTC";

fn line_types() -> Vec<&'static str> {
    LineType::ALL.iter().map(|word| word.as_str()).collect()
}
fn claim_sources() -> Vec<&'static str> {
    ClaimSource::ALL.iter().map(|word| word.as_str()).collect()
}
fn sighting_kinds() -> Vec<&'static str> {
    SightingKind::ALL.iter().map(|word| word.as_str()).collect()
}
fn networks() -> Vec<&'static str> {
    NetworkClass::ALL.iter().map(|word| word.as_str()).collect()
}
fn history_kinds() -> Vec<&'static str> {
    HistoryKind::ALL.iter().map(|word| word.as_str()).collect()
}
fn photo_kinds() -> Vec<&'static str> {
    PhotoKind::ALL.iter().map(|word| word.as_str()).collect()
}
fn stages() -> Vec<&'static str> {
    Stage::ALL.iter().map(|word| word.as_str()).collect()
}
fn camera() -> Vec<&'static str> {
    vec!["on", "off", "refused"]
}
fn continuity() -> Vec<&'static str> {
    vec!["passed", "failed", "not-done"]
}
fn local_knowledge() -> Vec<&'static str> {
    vec!["passed", "failed", "not-asked"]
}

/// The whole form.
pub const SECTIONS: &[Section] = &[
    Section {
        id: "identity",
        title: "Identity",
        parts: &[
            Part::One(field("name", "Full name", "As the person writes it", Input::Name)),
            Part::Many(group("emails", "E-mail addresses", "e-mail", &[field("", "E-mail", "", Input::Line("email"))])),
            Part::Many(group(
                "phones",
                "Phone numbers",
                "phone",
                &[
                    field("number", "Number", "With country code, such as +1 512 471 3434", Input::Line("tel")),
                    field("line_type", "Kind of line", "", Input::Maybe(line_types)),
                ],
            )),
            Part::Fold(
                "Other names",
                &[Part::Many(group("other_names", "Other names", "name", &[field("", "Other name", "", Input::Name)]))],
            ),
        ],
    },
    Section {
        id: "online",
        title: "Online",
        parts: &[
            Part::Many(Group {
                rows: 2,
                hint: "Account name or address of the profile",
                ..group(
                    "handles",
                    "Accounts",
                    "account",
                    &[field("platform", "Platform", "", Input::Platform), field("value", "Account", "", TEXT)],
                )
            }),
            Part::Many(group(
                "websites",
                "Websites",
                "website",
                &[field("", "Website", "Such as https://example.com", Input::Line("url"))],
            )),
            Part::Fold("Wallets", &[Part::Many(group("wallets", "Wallets", "wallet", &[field("", "Wallet", "", TEXT)]))]),
            Part::Fold(
                "Developer footprint",
                &[
                    Part::One(field("footprint.platform", "Platform", "", Input::Platform)),
                    Part::One(field("footprint.account_created", "Account made on", DAY, Input::Day)),
                    Part::One(field("footprint.first_commit", "First commit on", DAY, Input::Day)),
                    Part::One(field(
                        "footprint.copied_commits",
                        "Commits that also stand in other people's work",
                        "A number",
                        Input::Number,
                    )),
                    Part::One(field("footprint.dormant_until", "Quiet until", DAY, Input::Day)),
                    Part::Many(group(
                        "footprint.commit_identities",
                        "Names in commits",
                        "name in commits",
                        &[field("name", "Name", "", TEXT), field("email", "E-mail", "", Input::Line("email"))],
                    )),
                ],
            ),
        ],
    },
    Section {
        id: "places",
        title: "Places and signals",
        parts: &[
            Part::Many(Group {
                hint: "Where the candidate says they are, with who said it and when",
                ..group(
                    "claims",
                    "Stated places",
                    "place",
                    &[
                        field("text", "Place", "Such as Austin, TX", TEXT),
                        field("source", "Stated in", "", Input::Word(claim_sources)),
                        field("at", "Stated on", DAY, Input::Instant),
                    ],
                )
            }),
            Part::One(field("timezone", "Time zone", "Such as America/Chicago or UTC-6", TEXT)),
            Part::One(field("relocation", "A move to the place of work is agreed", "", Input::Tick)),
            Part::Many(Group {
                hint: "Observed by your own systems: application form, interview tool, signature",
                most: 1_000,
                further: &[
                    field("country", "Country told by another system", "Two letters, such as US", TEXT),
                    field("city", "Town told by another system", "", TEXT),
                    field("network", "Kind of network", "", Input::Maybe(networks)),
                    field("client_tz", "Zone of the browser's clock", "Such as America/Chicago", TEXT),
                    field("client_utc_offset_min", "Offset of the browser's clock", "Minutes east of UTC, such as -300", Input::Number),
                    field("lat", "Latitude", "-90 to 90", Input::Number),
                    field("lon", "Longitude", "-180 to 180", Input::Number),
                    field("accuracy_km", "Accuracy of the point", "Kilometers", Input::Number),
                ],
                ..group(
                    "sightings",
                    "Sightings",
                    "sighting",
                    &[
                        field("at", "When", TIME, Input::Instant),
                        field("kind", "Occasion", "", Input::Word(sighting_kinds)),
                        field("ip", "Network address", "Such as 198.51.100.7", TEXT),
                    ],
                )
            }),
            Part::Fold(
                "Working hours",
                &[
                    Part::One(field("working_hours.stated", "Hours stated", "Such as 09:00-17:00", TEXT)),
                    Part::One(field(
                        "working_hours.activity_utc_hours",
                        "Hours of activity",
                        "Hours of the day in UTC, such as 14, 15, 16",
                        Input::Hours,
                    )),
                ],
            ),
            Part::Fold(
                "Jobs and education",
                &[Part::Many(Group {
                    most: 200,
                    further: &[
                        field("title", "Title or degree", "", TEXT),
                        field("remote", "Remote", "", Input::YesNo),
                        field("full_time", "Full time", "", Input::YesNo),
                        field("domain", "Web domain", "Such as example.com", TEXT),
                    ],
                    ..group(
                        "history",
                        "Jobs and education",
                        "job or course",
                        &[
                            field("kind", "Kind", "", Input::Word(history_kinds)),
                            field("org", "Company or school", "", TEXT),
                            field("place", "Place", "", TEXT),
                            field("from", "From", "Such as 2022-01", Input::Day),
                            field("to", "To", "Empty when it goes on", Input::Day),
                        ],
                    )
                })],
            ),
            Part::Fold(
                "Declared travel",
                &[Part::Many(group(
                    "travel",
                    "Declared travel",
                    "trip",
                    &[
                        field("place", "Place", "Such as Lisbon, Portugal", TEXT),
                        field("from", "From", DAY, Input::Day),
                        field("to", "To", DAY, Input::Day),
                    ],
                ))],
            ),
            Part::Fold(
                "Shipping and pay",
                &[
                    Part::One(field("shipping_address", "Shipping address", "One line", TEXT)),
                    Part::One(field("payroll_country", "Country of the bank", "Two letters, such as US", TEXT)),
                    Part::One(field("payout_account", "Payout account", "Only a keyed hash of it is stored", TEXT)),
                    Part::One(field("payout_name", "Name on the account", "", Input::Name)),
                ],
            ),
            Part::Fold(
                "References",
                &[Part::Many(group(
                    "references",
                    "References",
                    "reference",
                    &[
                        field("name", "Name", "", Input::Name),
                        field("email", "E-mail", "", Input::Line("email")),
                        field("phone", "Phone", "", Input::Line("tel")),
                        field("org", "Company", "", TEXT),
                    ],
                ))],
            ),
            Part::Fold(
                "Interviews held",
                &[Part::Many(Group {
                    hint: "What was seen and done; no one is asked to judge looks or voice",
                    ..group(
                        "interviews",
                        "Interviews held",
                        "interview",
                        &[
                            field("at", "When", TIME, Input::Instant),
                            field("round", "Round", "", TEXT),
                            field("appeared_as", "Name shown", "", TEXT),
                            field("same_person_as_before", "Same person as before", "", Input::YesNo),
                            field("camera", "Camera", "", Input::Maybe(camera)),
                            field("continuity_check", "Continuity check", "Profile turn, hand wave, window", Input::Maybe(continuity)),
                            field("prompted", "Answers prompted", "", Input::YesNo),
                            field("local_knowledge", "Local knowledge", "", Input::Maybe(local_knowledge)),
                            field("note", "Note", "", Input::Text(2)),
                        ],
                    )
                })],
            ),
        ],
    },
    Section {
        id: "documents",
        title: "Documents",
        parts: &[
            Part::Many(Group {
                hint: "JPG, PNG or WebP, at most 8 MB each",
                most: 6,
                further: &[
                    field("taken_at", "Taken on", "Read from the picture when left empty", Input::Instant),
                    field("exif_lat", "Latitude", "Read from the picture when left empty", Input::Number),
                    field("exif_lon", "Longitude", "Read from the picture when left empty", Input::Number),
                ],
                ..group(
                    "photos",
                    "Pictures",
                    "picture",
                    &[field("file", "Picture", "", Input::Picture), field("kind", "What it shows", "", Input::Word(photo_kinds))],
                )
            }),
            Part::One(field("role", "Role applied for", "", TEXT)),
            Part::One(field("requisition", "Requisition", "", TEXT)),
            Part::One(field("stage", "Stage", "", Input::Word(stages))),
            Part::One(field(TEAM, "Team", "", TEXT)),
            Part::One(field("external_id", "Your own number", "The same number again is the same candidate", TEXT)),
            Part::One(field("received_at", "Received on", "Today when left empty", Input::Instant)),
            Part::One(field("notice_given_at", "Told of these checks on", DAY, Input::Day)),
            Part::Fold("Résumé text", &[Part::One(field("resume_text", "Résumé text", "Paste the whole text", Input::Text(8)))]),
            Part::One(field("notes", "Notes", "", Input::Text(3))),
        ],
    },
];
