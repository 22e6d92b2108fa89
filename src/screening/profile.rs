//! Submissions to profile: everything normalized once, so that no engine normalizes again.

use crate::domain::claim::Claim;
use crate::domain::history::HistoryEntry;
use crate::domain::identifier::{Identifier, IdentifierKind};
use crate::domain::intake::{Intake, PhoneEntry};
use crate::domain::name::PersonName;
use crate::domain::photo::{PhotoFeatures, PhotoKind};
use crate::domain::place::{Country, ReadingSet};
use crate::domain::sighting::Sighting;
use crate::domain::time::Timestamp;
use crate::domain::travel::Trip;

use super::identity::normalize::NameForm;
use super::location::place;

/// A value with its place in the intake.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated<T> {
    /// Path in the intake, such as `claims[0]`; `earlier.` stands before values that only an earlier submission holds.
    pub path: String,
    /// The value.
    pub value: T,
}

/// A value with the places its text may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// Path in the intake.
    pub path: String,
    /// The value.
    pub value: T,
    /// The places its text may mean; empty when there is no text or it was not understood.
    pub readings: ReadingSet,
}

/// A name as written and as compared.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileName {
    /// Path in the intake.
    pub path: String,
    /// As written.
    pub name: PersonName,
    /// As compared.
    pub form: NameForm,
}

/// A picture of the profile.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfilePhoto {
    /// Path in the intake, such as `photos[0]`.
    pub path: String,
    /// `/photos/{id}`, or the SHA-256 of the bytes in `check`.
    pub shown: String,
    /// What it shows.
    pub kind: PhotoKind,
    /// SHA-256 of the bytes as sent.
    pub sha256: String,
    /// What is compared; none when the picture could not be read, with the reason.
    pub features: Result<PhotoFeatures, String>,
}

/// One candidate, normalized.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Public id of the candidate, or the line's id in `check`.
    pub id: String,
    /// Names, the main one first.
    pub names: Vec<ProfileName>,
    /// Contacts and accounts in the form that equality rests on, each once.
    pub identifiers: Vec<Identifier>,
    /// Phone numbers.
    pub phones: Vec<Stated<PhoneEntry>>,
    /// Places stated.
    pub claims: Vec<Placed<Claim>>,
    /// Time zone stated.
    pub timezone: Option<Stated<String>>,
    /// A move to the place of work is declared.
    pub relocation: bool,
    /// Observations, in the order of time.
    pub sightings: Vec<Stated<Sighting>>,
    /// Jobs and education.
    pub history: Vec<Placed<HistoryEntry>>,
    /// Declared trips.
    pub travel: Vec<Placed<Trip>>,
    /// Pictures.
    pub photos: Vec<ProfilePhoto>,
}

impl Profile {
    /// The profile of a candidate: the latest submission, and what only earlier ones hold.
    ///
    /// `submissions` are (received, intake), the latest first; there must be at least one, else the profile is of nobody
    /// and no check finds anything. `photos` are the pictures of all submissions.
    #[must_use]
    pub fn of(id: &str, submissions: &[(Timestamp, &Intake)], photos: Vec<ProfilePhoto>) -> Self {
        let mut profile = Self {
            id: id.to_owned(),
            names: Vec::new(),
            identifiers: Vec::new(),
            phones: Vec::new(),
            claims: Vec::new(),
            timezone: None,
            relocation: false,
            sightings: Vec::new(),
            history: Vec::new(),
            travel: Vec::new(),
            photos,
        };
        for (age, (received_at, intake)) in submissions.iter().enumerate() {
            let prefix = if age == 0 { "" } else { "earlier." };
            profile.add(prefix, *received_at, intake);
        }
        profile.sightings.sort_by_key(|sighting| sighting.value.at);
        profile
    }

    /// The main name as written.
    #[must_use]
    pub fn main_name(&self) -> &str {
        self.names.first().map_or("", |name| name.name.as_str())
    }

    /// Every country that a claim or a job may mean, folded, each once.
    #[must_use]
    pub fn claimed_countries(&self) -> Vec<Country> {
        let mut all: Vec<Country> = self.claims.iter().flat_map(|claim| claim.readings.countries()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn add(&mut self, prefix: &str, received_at: Timestamp, intake: &Intake) {
        let at = |field: &str, i: usize| format!("{prefix}{field}[{i}]");
        self.add_name(format!("{prefix}name"), &intake.name);
        for (i, name) in intake.other_names.iter().enumerate() {
            self.add_name(at("other_names", i), name);
        }
        for (i, claim) in intake.claims.iter().enumerate() {
            if !self.claims.iter().any(|known| known.value.text == claim.text) {
                let dated = Claim { at: claim.at.or(intake.received_at).or(Some(received_at)), ..claim.clone() };
                self.claims.push(Placed { path: at("claims", i), readings: place::read(&claim.text), value: dated });
            }
        }
        for (i, phone) in intake.phones.iter().enumerate() {
            if !self.phones.iter().any(|known| known.value.number == phone.number) {
                self.phones.push(Stated { path: at("phones", i), value: phone.clone() });
            }
        }
        self.add_identifiers(prefix, intake);
        for (i, sighting) in intake.sightings.iter().enumerate() {
            if !self.sightings.iter().any(|known| known.value == *sighting) {
                self.sightings.push(Stated { path: at("sightings", i), value: sighting.clone() });
            }
        }
        if !prefix.is_empty() {
            return;
        }
        self.timezone = intake.timezone.clone().map(|value| Stated { path: "timezone".to_owned(), value });
        self.relocation = intake.relocation;
        for (i, entry) in intake.history.iter().enumerate() {
            let readings = entry.place.as_deref().map(place::read).unwrap_or_default();
            self.history.push(Placed { path: at("history", i), value: entry.clone(), readings });
        }
        for (i, trip) in intake.travel.iter().enumerate() {
            self.travel.push(Placed { path: at("travel", i), value: trip.clone(), readings: place::read(&trip.place) });
        }
    }

    fn add_name(&mut self, path: String, name: &PersonName) {
        if !self.names.iter().any(|known| known.name == *name) {
            self.names.push(ProfileName { path, name: name.clone(), form: NameForm::of(name) });
        }
    }

    fn add_identifiers(&mut self, prefix: &str, intake: &Intake) {
        let countries = self.claimed_countries();
        let only_country = match countries.as_slice() {
            [one] => Some(*one),
            _ => None,
        };
        let mut add = |kind, path: String, canonical: String, typed: Option<&str>| {
            if !self.identifiers.iter().any(|known| known.kind == kind && known.canonical == canonical) {
                self.identifiers.push(Identifier { kind, canonical, path: format!("{prefix}{path}"), typed: typed.map(str::to_owned) });
            }
        };
        for (i, email) in intake.emails.iter().enumerate() {
            add(IdentifierKind::Email, format!("emails[{i}]"), email.canonical().to_owned(), Some(email.as_str()));
        }
        for (i, email) in intake.emails.iter().enumerate() {
            add(IdentifierKind::Domain, format!("emails[{i}]"), email.domain().to_owned(), Some(email.as_str()));
        }
        for (i, handle) in intake.handles.iter().enumerate() {
            add(IdentifierKind::Handle, format!("handles[{i}]"), handle.canonical(), Some(handle.as_str()));
        }
        for (i, phone) in intake.phones.iter().enumerate() {
            let canonical = phone.number.e164(only_country).unwrap_or_else(|| phone.number.canonical());
            add(IdentifierKind::Phone, format!("phones[{i}].number"), canonical, Some(phone.number.as_str()));
        }
        for (i, website) in intake.websites.iter().enumerate() {
            add(IdentifierKind::Domain, format!("websites[{i}]"), website.host().to_owned(), Some(website.as_str()));
        }
        for (i, entry) in intake.history.iter().enumerate() {
            if let Some(domain) = &entry.domain {
                add(IdentifierKind::Domain, format!("history[{i}].domain"), domain.to_lowercase(), Some(domain));
            }
        }
        for (i, wallet) in intake.wallets.iter().enumerate() {
            add(IdentifierKind::Wallet, format!("wallets[{i}]"), wallet.canonical(), Some(wallet.as_str()));
        }
        if let Some(account) = &intake.payout_account {
            add(IdentifierKind::PayoutAccount, "payout_account".to_owned(), account.as_str().to_owned(), None);
        }
        for (i, sighting) in intake.sightings.iter().enumerate() {
            if let Some(ip) = sighting.ip {
                let text = ip.to_string();
                add(IdentifierKind::Ip, format!("sightings[{i}].ip"), text.clone(), Some(&text));
            }
        }
    }
}
