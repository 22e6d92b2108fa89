//! The JSON form of a watchlist entry; as `jsonl`, one a line.

use std::io::BufRead;

use serde_json::Value;

use super::Row;
use super::text::{refanged, traffic_light, visible};
use crate::domain::email::EmailAddress;
use crate::domain::identifier::{AccountKey, Wallet};
use crate::domain::intake::Fault;
use crate::domain::name::PersonName;
use crate::domain::phone::PhoneNumber;
use crate::domain::time::PartialDate;
use crate::domain::url::WebAddress;
use crate::domain::watchlist::{Persona, Tlp};
use crate::exchange::fields::{Faults, Fields, Slot};
use crate::exchange::intake::{NOTES_MAX, VALUE_MAX, contacts, places};
use crate::exchange::lines::{JsonLines, on_line};

/// Most values of one list of an entry; official lists give single people more than a hundred names.
const LIST_MAX: usize = 1_000;

/// Longest postal address or place, in characters; official lists write up to 750.
const ADDRESS_MAX: usize = 1_000;

/// Every key of an entry.
pub const KEYS: &[&str] = &[
    "id",
    "names",
    "emails",
    "phones",
    "handles",
    "domains",
    "wallets",
    "addresses",
    "ips",
    "payout_accounts",
    "photo_hashes",
    "source",
    "source_url",
    "as_of",
    "confidence",
    "expires",
    "tlp",
    "note",
    "locations",
];

/// Entries of a file of lines.
#[derive(Debug)]
pub struct Entries<R> {
    lines: JsonLines<R>,
    key: AccountKey,
}

impl<R: BufRead> Entries<R> {
    /// Reads from `reader`; `key` turns payout accounts into hashes.
    #[must_use]
    pub const fn new(reader: R, key: AccountKey) -> Self {
        Self { lines: JsonLines::new(reader), key }
    }
}

impl<R: BufRead> Iterator for Entries<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let (line, value) = self.lines.next()?;
        Some((line, value.and_then(|value| read(&value, &self.key).map_err(|faults| on_line(faults, line)))))
    }
}

/// Reads one entry.
///
/// # Errors
/// Every fault at once; an entry without any name or identifier is one, too.
pub fn read(value: &Value, key: &AccountKey) -> Result<Persona, Vec<Fault>> {
    let faults = Faults::default();
    let persona = read_slot(&Slot::top(value, &faults), key);
    faults.finish(persona)
}

/// Reads one entry inside another document.
pub(crate) fn read_slot(slot: &Slot<'_>, key: &AccountKey) -> Option<Persona> {
    let fields = slot.fields(KEYS)?;
    if fields.get("photo_hashes").is_some_and(|hashes| !hashes.is_empty_list()) {
        fields.fault("photo_hashes", "is not read by this version", "the key left out, or an empty list");
    }
    let persona = Persona {
        id: fields.text("id", VALUE_MAX),
        names: fields.list("names", LIST_MAX, |s| s.parse(usize::MAX, |text| PersonName::parse(&visible(text)))),
        emails: fields.list("emails", LIST_MAX, |s| s.parse(VALUE_MAX, |text| EmailAddress::parse(&refanged(text)))),
        phones: fields.list("phones", LIST_MAX, phone),
        handles: fields.list("handles", LIST_MAX, contacts::handle),
        domains: fields.list("domains", LIST_MAX, |s| s.parse(VALUE_MAX, |text| WebAddress::parse(&refanged(text)))),
        wallets: fields.list("wallets", LIST_MAX, |s| s.parse(VALUE_MAX, |text| Wallet::parse(&refanged(text)))),
        addresses: texts(&fields, "addresses"),
        ips: fields.list("ips", LIST_MAX, places::ip),
        payout_accounts: fields.list("payout_accounts", LIST_MAX, |s| s.parse(VALUE_MAX, |text| key.hash(text))),
        source: fields.text("source", VALUE_MAX),
        source_url: fields.get("source_url").and_then(|s| s.parse(VALUE_MAX, |text| WebAddress::parse(&refanged(text)))),
        as_of: date(&fields, "as_of"),
        confidence: fields.get("confidence").and_then(|s| s.integer(0..=100)).and_then(|n| u8::try_from(n).ok()),
        expires: date(&fields, "expires"),
        tlp: fields.get("tlp").and_then(|s| tlp(&s)),
        note: fields.text("note", NOTES_MAX),
        locations: texts(&fields, "locations"),
    };
    let said_nothing = !["names", "emails", "phones", "handles", "domains", "wallets", "ips", "payout_accounts"]
        .iter()
        .any(|key| fields.get(key).is_some_and(|slot| !slot.is_empty_list()));
    if said_nothing {
        slot.fault("has neither a name nor an identifier", "a name, e-mail, phone, handle, domain, wallet, ip or payout account");
    }
    persona.is_usable().then_some(persona)
}

/// A phone number, alone or as an intake writes it.
fn phone(slot: &Slot<'_>) -> Option<PhoneNumber> {
    let read = |s: &Slot<'_>| s.parse(VALUE_MAX, |text| PhoneNumber::parse(&refanged(text)));
    if slot.is_text() {
        return read(slot);
    }
    let fields = slot.fields(&["number", "line_type"])?;
    read(&fields.require("number", "a number such as +1 512 471 3434")?)
}

fn texts(fields: &Fields<'_>, key: &str) -> Vec<String> {
    fields.list(key, LIST_MAX, |s| s.filled(ADDRESS_MAX).map(visible))
}

fn date(fields: &Fields<'_>, key: &str) -> Option<PartialDate> {
    fields.get(key)?.parse(VALUE_MAX, PartialDate::parse)
}

fn tlp(slot: &Slot<'_>) -> Option<Tlp> {
    let word = Tlp::parse(&traffic_light(slot.filled(VALUE_MAX)?));
    if word.is_none() {
        slot.fault("is not a traffic-light word", "one of clear, green, amber, amber+strict, red");
    }
    word
}
