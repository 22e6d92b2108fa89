//! The intake as JSON: one object a candidate.

use serde_json::Value;

use super::{IntakeRead, LIST_MAX, NOTES_MAX, RESUME_MAX, ReadOptions, VALUE_MAX, conduct, contacts, photos, places};
use crate::domain::candidate::Stage;
use crate::domain::intake::{Fault, Intake};
use crate::domain::name::PersonName;
use crate::domain::place::Country;
use crate::domain::time::{PartialDate, Timestamp};
use crate::exchange::fields::{Faults, Fields, Slot};

/// Every key of an intake.
pub const KEYS: &[&str] = &[
    "external_id",
    "name",
    "other_names",
    "stage",
    "emails",
    "phones",
    "handles",
    "websites",
    "wallets",
    "claims",
    "timezone",
    "relocation",
    "working_hours",
    "sightings",
    "history",
    "travel",
    "shipping_address",
    "payroll_country",
    "payout_account",
    "payout_name",
    "references",
    "photos",
    "footprint",
    "interviews",
    "resume_text",
    "role",
    "requisition",
    "team",
    "notes",
    "received_at",
    "notice_given_at",
];

/// Reads one candidate.
///
/// # Errors
/// Every fault at once: unknown keys, missing and wrong values, broken limits, each with its path.
pub fn read(value: &Value, options: &ReadOptions) -> Result<IntakeRead, Vec<Fault>> {
    let faults = Faults::default();
    let read = read_slot(&Slot::top(value, &faults), options);
    faults.finish(read)
}

/// Reads one candidate inside another document.
pub(crate) fn read_slot(slot: &Slot<'_>, options: &ReadOptions) -> Option<IntakeRead> {
    let fields = slot.fields(KEYS)?;
    let name = name_of(&fields);
    contacts::require_contact(&fields);
    let photos = photos::photos(&fields, options);
    let stage = fields.get("stage").and_then(|s| s.word(Stage::ALL, Stage::as_str));
    let person = |key| fields.get(key).and_then(|s: Slot<'_>| s.parse(usize::MAX, PersonName::parse));
    let intake = Intake {
        external_id: fields.text("external_id", VALUE_MAX),
        other_names: fields.list("other_names", LIST_MAX, |s| s.parse(usize::MAX, PersonName::parse)),
        stage: stage.unwrap_or(Stage::Applied),
        emails: contacts::emails(&fields),
        phones: contacts::phones(&fields),
        handles: contacts::handles(&fields),
        websites: contacts::websites(&fields),
        wallets: contacts::wallets(&fields),
        claims: places::claims(&fields),
        timezone: fields.get("timezone").and_then(|s| places::stated_zone(&s)),
        relocation: fields.get("relocation").and_then(|s| s.flag()).unwrap_or(false),
        working_hours: places::working_hours(&fields),
        sightings: places::sightings(&fields),
        history: places::history(&fields),
        travel: places::travel(&fields),
        shipping_address: fields.text("shipping_address", VALUE_MAX),
        payroll_country: fields.get("payroll_country").and_then(|s| s.parse(VALUE_MAX, Country::parse)),
        payout_account: fields.get("payout_account").and_then(|s| s.parse(VALUE_MAX, |text| options.account_key.hash(text))),
        payout_name: person("payout_name"),
        references: contacts::references(&fields),
        photos: photos.claims,
        footprint: conduct::footprint(&fields),
        interviews: conduct::interviews(&fields),
        resume_text: fields.text("resume_text", RESUME_MAX),
        role: fields.text("role", VALUE_MAX),
        requisition: fields.text("requisition", VALUE_MAX),
        team: fields.text("team", VALUE_MAX),
        notes: fields.text("notes", NOTES_MAX),
        received_at: fields.get("received_at").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse)),
        notice_given_at: fields.get("notice_given_at").and_then(|s| s.parse(VALUE_MAX, PartialDate::parse)),
        // Without a name there is a fault, and the intake is dropped.
        ..Intake::of(name?)
    };
    Some(IntakeRead { intake, pictures: photos.pictures, files: photos.files })
}

fn name_of(fields: &Fields<'_>) -> Option<PersonName> {
    fields.require("name", "the full name as the person writes it")?.parse(usize::MAX, PersonName::parse)
}
