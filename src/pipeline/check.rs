//! Findings without a database: `check` on the command line and over the API.
//!
//! Pure but for the pictures' decoding: the same line gives the same answer every time. It knows only the line's own
//! candidates and entries, so nobody can ask it who is listed.

use serde::Serialize;
use serde_json::Value;

use crate::domain::finding::Finding;
use crate::domain::id::EntryId;
use crate::domain::identifier::AccountKey;
use crate::domain::intake::Fault;
use crate::domain::screening::{Attention, ListVersion};
use crate::domain::time::Timestamp;
use crate::domain::watchlist::{Entry, EntryStatus, Persona};
use crate::exchange::intake::check::{self, CheckLine};
use crate::exchange::intake::{IntakeRead, ReadOptions};
use crate::screening::context::{Context, Organization};
use crate::screening::photo;
use crate::screening::profile::{Profile, ProfilePhoto};

/// Name under which a line's own entries are cited.
const OWN_LIST: &str = "entries of this line";

/// The answer for one line that could be read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// The line's id.
    pub id: String,
    /// The instant that dates were compared with.
    pub as_of: Timestamp,
    /// How urgently a person should look.
    pub attention: Attention,
    /// Findings, strongest first.
    pub findings: Vec<Finding>,
}

/// The answer for one line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Faulty {
    /// The line's id.
    pub id: String,
    /// Its number, from 1.
    pub line: u64,
    /// Every fault.
    pub errors: Vec<Fault>,
}

/// The answer for one line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// It was screened.
    Checked(Checked),
    /// It has faults.
    Faulty(Faulty),
}

impl Answer {
    /// True when there is a finding or a fault.
    #[must_use]
    pub fn has_something(&self) -> bool {
        match self {
            Self::Checked(checked) => !checked.findings.is_empty(),
            Self::Faulty(_) => true,
        }
    }
}

/// Checks one line, given as text. `today` is used when neither the line nor its intake names a date.
#[must_use]
pub fn check_text(text: &[u8], line: u64, today: Timestamp) -> Answer {
    match crate::exchange::document::parse_bytes(text) {
        Ok(value) => check_value(&value, line, today),
        Err(errors) => faulty(line.to_string(), line, errors),
    }
}

/// Checks one line, given as a JSON value: an intake, or the wrapper of CONTRACT section 4.
#[must_use]
pub fn check_value(value: &Value, line: u64, today: Timestamp) -> Answer {
    // Nothing is stored, so the key needs no secret: equal accounts must only hash alike inside one line.
    let options = ReadOptions { account_key: AccountKey::new([0; 32]), allow_files: false };
    match check::read_check_line(value, &options) {
        Ok(read) => Answer::Checked(screen(read, line, today)),
        Err(errors) => faulty(check::line_id(value).unwrap_or_else(|| line.to_string()), line, errors),
    }
}

fn faulty(id: String, line: u64, errors: Vec<Fault>) -> Answer {
    let errors = errors.into_iter().map(|fault| if fault.line.is_none() { fault.on_line(line) } else { fault }).collect();
    Answer::Faulty(Faulty { id, line, errors })
}

fn screen(read: CheckLine, line: u64, today: Timestamp) -> Checked {
    let id = read.id.or_else(|| read.candidate.intake.external_id.clone()).unwrap_or_else(|| line.to_string());
    let as_of = read.as_of.or(read.candidate.intake.received_at).unwrap_or(today);
    let subject = profile(&format!("{id}#candidate"), &read.candidate, as_of);
    let peers: Vec<Profile> =
        read.other_candidates.iter().enumerate().map(|(i, other)| profile(&other_id(other, i), other, as_of)).collect();
    let entries: Vec<Entry> = read.entries.into_iter().enumerate().map(|(i, persona)| entry(persona, i)).collect();
    let list_versions = if entries.is_empty() { Vec::new() } else { vec![ListVersion { list: OWN_LIST.to_owned(), version: 1 }] };
    let organization = Organization {
        trusted_networks: read.organization.trusted_networks,
        shared_networks: read.organization.shared_networks,
        known_addresses: read.organization.known_addresses,
        watched_countries: read.organization.watched_countries,
    };
    let context = Context { as_of, organization, list_versions };
    let screening = crate::screening::screen(&subject, &peers, &entries, &[], &context);
    Checked { id, as_of, attention: screening.attention, findings: screening.findings }
}

fn other_id(other: &IntakeRead, index: usize) -> String {
    other.intake.external_id.clone().unwrap_or_else(|| format!("other_candidates[{index}]"))
}

/// A line's entry has no public id; a fixed one made of its place keeps the answer the same every time.
fn entry(persona: Persona, index: usize) -> Entry {
    let id = EntryId::parse(&format!("{index:032x}")).unwrap_or_else(|_| EntryId::random());
    let number = i64::try_from(index).unwrap_or(i64::MAX);
    Entry { id, number, list: OWN_LIST.to_owned(), list_version: 1, status: EntryStatus::Active, persona }
}

fn profile(id: &str, read: &IntakeRead, received_at: Timestamp) -> Profile {
    let photos = read
        .pictures
        .iter()
        .filter_map(|picture| {
            let claim = read.intake.photos.get(picture.index)?;
            let sha256 = claim.sha256.clone().unwrap_or_default();
            let features = photo::enroll(&picture.bytes).map(|enrolled| enrolled.features).map_err(|fault| fault.to_string());
            Some(ProfilePhoto { path: format!("photos[{}]", picture.index), shown: sha256.clone(), kind: claim.kind, sha256, features })
        })
        .collect();
    Profile::of(id, &[(received_at, &read.intake)], photos)
}
