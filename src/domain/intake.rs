//! The intake: everything a sender may say of one candidate (CONTRACT section 4), typed, and the faults of what is not.
//!
//! `exchange/intake` reads bytes into an [`Intake`] or every [`Fault`] at once. What is stored is the intake as sent, with
//! the bytes of pictures moved out and the payout account already its keyed hash.

use serde::{Deserialize, Serialize};

use super::candidate::Stage;
use super::claim::Claim;
use super::email::EmailAddress;
use super::handle::Handle;
use super::history::HistoryEntry;
use super::identifier::{AccountHash, Wallet};
use super::name::PersonName;
use super::phone::{LineType, PhoneNumber};
use super::photo::PhotoKind;
use super::place::{Coordinates, Country};
use super::sighting::Sighting;
use super::time::{PartialDate, Timestamp};
use super::travel::Trip;
use super::url::WebAddress;

/// Largest picture taken, in bytes.
pub const PHOTO_MAX_BYTES: usize = 8 * 1024 * 1024;

/// A phone number with its kind of line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneEntry {
    /// The number.
    pub number: PhoneNumber,
    /// What kind of line, when stated.
    pub line_type: Option<LineType>,
}

/// Hours stated and hours seen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WorkingHours {
    /// As stated, `HH:MM-HH:MM`.
    pub stated: Option<String>,
    /// Hours of the day UTC, 0 to 23, one an activity.
    pub activity_utc_hours: Vec<u8>,
}

/// Someone who vouches for the candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Name.
    pub name: Option<PersonName>,
    /// E-mail address.
    pub email: Option<EmailAddress>,
    /// Phone number.
    pub phone: Option<PhoneNumber>,
    /// Company.
    pub org: Option<String>,
}

/// A picture as the intake tells of it; its bytes travel beside the intake.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoClaim {
    /// What it shows.
    pub kind: PhotoKind,
    /// SHA-256 of the bytes as sent, 64 hexadecimal digits; none when only place and date were sent.
    pub sha256: Option<String>,
    /// Where it was taken.
    pub exif: Option<Coordinates>,
    /// When it was taken.
    pub taken_at: Option<Timestamp>,
}

/// A name and address in the commits of a code account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitIdentity {
    /// Name.
    pub name: Option<String>,
    /// E-mail address as written in the commit.
    pub email: Option<String>,
}

/// Facts of a developer platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footprint {
    /// The platform word.
    pub platform: Option<String>,
    /// Day on which the account was made.
    pub account_created: Option<PartialDate>,
    /// Day of the first commit.
    pub first_commit: Option<PartialDate>,
    /// Number of commits that also stand in other people's work.
    pub copied_commits: Option<u32>,
    /// Day until which the account was quiet.
    pub dormant_until: Option<PartialDate>,
    /// Names and addresses in commits.
    pub commit_identities: Vec<CommitIdentity>,
}

/// One interview round as people recorded it; the words are those of CONTRACT section 4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interview {
    /// When.
    pub at: Timestamp,
    /// Which round.
    pub round: Option<String>,
    /// Name shown.
    pub appeared_as: Option<String>,
    /// Whether it was the same person as before.
    pub same_person_as_before: Option<bool>,
    /// `on`, `off` or `refused`.
    pub camera: Option<String>,
    /// `passed`, `failed` or `not-done`.
    pub continuity_check: Option<String>,
    /// Whether answers were prompted.
    pub prompted: Option<bool>,
    /// `passed`, `failed` or `not-asked`.
    pub local_knowledge: Option<String>,
    /// Free text.
    pub note: Option<String>,
}

/// Everything a sender says of one candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intake {
    /// The sender's own id of the candidate.
    pub external_id: Option<String>,
    /// Full name.
    pub name: PersonName,
    /// Other names.
    pub other_names: Vec<PersonName>,
    /// Where in the hiring the candidate is.
    pub stage: Stage,
    /// E-mail addresses.
    pub emails: Vec<EmailAddress>,
    /// Phone numbers.
    pub phones: Vec<PhoneEntry>,
    /// Accounts on platforms.
    pub handles: Vec<Handle>,
    /// Web addresses.
    pub websites: Vec<WebAddress>,
    /// Wallets.
    pub wallets: Vec<Wallet>,
    /// Places stated.
    pub claims: Vec<Claim>,
    /// Time zone stated: IANA name or `UTC±h`.
    pub timezone: Option<String>,
    /// A move to the place of work is declared.
    pub relocation: bool,
    /// Hours stated and seen.
    pub working_hours: Option<WorkingHours>,
    /// Observations.
    pub sightings: Vec<Sighting>,
    /// Jobs and education.
    pub history: Vec<HistoryEntry>,
    /// Declared trips.
    pub travel: Vec<Trip>,
    /// Where the laptop goes, one line.
    pub shipping_address: Option<String>,
    /// Country of the bank.
    pub payroll_country: Option<Country>,
    /// Payout account, as its keyed hash.
    pub payout_account: Option<AccountHash>,
    /// Name on the payout account.
    pub payout_name: Option<PersonName>,
    /// People who vouch.
    pub references: Vec<Reference>,
    /// Pictures.
    pub photos: Vec<PhotoClaim>,
    /// Facts of a developer platform.
    pub footprint: Option<Footprint>,
    /// Interview rounds.
    pub interviews: Vec<Interview>,
    /// Text of the resume.
    pub resume_text: Option<String>,
    /// Role applied for.
    pub role: Option<String>,
    /// Requisition.
    pub requisition: Option<String>,
    /// Team.
    pub team: Option<String>,
    /// Notes of the sender.
    pub notes: Option<String>,
    /// When the sender received it.
    pub received_at: Option<Timestamp>,
    /// Day on which the candidate was told of the checks.
    pub notice_given_at: Option<PartialDate>,
}

impl Intake {
    /// An intake that holds a name and nothing else.
    #[must_use]
    pub const fn of(name: PersonName) -> Self {
        Self {
            external_id: None,
            name,
            other_names: Vec::new(),
            stage: Stage::Applied,
            emails: Vec::new(),
            phones: Vec::new(),
            handles: Vec::new(),
            websites: Vec::new(),
            wallets: Vec::new(),
            claims: Vec::new(),
            timezone: None,
            relocation: false,
            working_hours: None,
            sightings: Vec::new(),
            history: Vec::new(),
            travel: Vec::new(),
            shipping_address: None,
            payroll_country: None,
            payout_account: None,
            payout_name: None,
            references: Vec::new(),
            photos: Vec::new(),
            footprint: None,
            interviews: Vec::new(),
            resume_text: None,
            role: None,
            requisition: None,
            team: None,
            notes: None,
            received_at: None,
            notice_given_at: None,
        }
    }

    /// True when there is at least one e-mail, phone or handle.
    #[must_use]
    pub fn has_contact(&self) -> bool {
        !(self.emails.is_empty() && self.phones.is_empty() && self.handles.is_empty())
    }
}

/// The bytes of one picture and its place in [`Intake::photos`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Index in [`Intake::photos`].
    pub index: usize,
    /// The bytes as sent.
    pub bytes: Vec<u8>,
}

/// What was wrong with one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where, such as `emails[0]`; a column name in a CSV file.
    pub path: String,
    /// The value, cut at 200 characters; none for payout accounts, picture data and secrets.
    pub value: Option<String>,
    /// What is wrong: `has no domain`.
    pub problem: String,
    /// What is expected: `name@domain`.
    pub expected: String,
    /// Line of the input, from 1, where it has lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
}

impl Fault {
    /// A fault of a value that may be shown; it is cut at 200 characters.
    #[must_use]
    pub fn new(path: impl Into<String>, value: Option<&str>, problem: impl Into<String>, expected: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            value: value.map(|v| v.chars().take(200).collect()),
            problem: problem.into(),
            expected: expected.into(),
            line: None,
        }
    }

    /// A fault from a parse error whose text reads `what is wrong: expected what is expected`.
    #[must_use]
    pub fn from_error(path: impl Into<String>, value: Option<&str>, error: &dyn std::fmt::Display) -> Self {
        let text = error.to_string();
        let (problem, expected) = text.split_once(": expected ").unwrap_or((text.as_str(), "another value"));
        Self::new(path, value, problem, expected)
    }

    /// The same fault on a line of the input.
    #[must_use]
    pub fn on_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "{} {}", self.path, self.problem)?;
        if let Some(value) = &self.value {
            write!(f, " ({value:?})")?;
        }
        write!(f, "; expected {}", self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailError;

    #[test]
    fn a_fault_says_where_what_and_what_is_expected() {
        let fault = Fault::from_error("emails[0]", Some("a@"), &EmailError::NoDomain).on_line(3);
        assert_eq!(fault.problem, "has no domain");
        assert_eq!(fault.to_string(), "line 3: emails[0] has no domain (\"a@\"); expected name@domain");
    }

    #[test]
    fn an_intake_survives_storage() {
        let mut intake = Intake::of(PersonName::parse("Renée Doe").unwrap());
        intake.emails.push(EmailAddress::parse("Renee+x@Example.org").unwrap());
        intake.handles.push(Handle::parse("github", "https://github.com/Renee").unwrap());
        let text = serde_json::to_string(&intake).unwrap();
        assert_eq!(serde_json::from_str::<Intake>(&text).unwrap(), intake);
    }
}
