//! Findings: one reason to look, made whole with its evidence or not at all.
//!
//! The codes are listed once, in [`Code`]; severity, source and reason of each stand in `screening/policy.rs`.

use serde::{Deserialize, Serialize};

use super::id::FindingId;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What kind of reason: `family.kind`, stable, one variant a code that this version can raise.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl Code {
            /// Every code, in the order in which checks are listed.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable text, such as `watchlist.email`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
        }
    };
}

codes!(
    /// The mailbox of a listed persona.
    WatchlistEmail = "watchlist.email",
    /// The handle of a listed persona.
    WatchlistHandle = "watchlist.handle",
    /// The phone number of a listed persona.
    WatchlistPhone = "watchlist.phone",
    /// The web or mail domain of a listed persona.
    WatchlistDomain = "watchlist.domain",
    /// The wallet of a listed persona.
    WatchlistWallet = "watchlist.wallet",
    /// The payout account of a listed persona.
    WatchlistPayoutAccount = "watchlist.payout-account",
    /// The network address of a listed persona.
    WatchlistIp = "watchlist.ip",
    /// A namesake of a listed persona: context only.
    WatchlistName = "watchlist.name",
    /// The mailbox of another candidate under another name.
    ReuseEmail = "reuse.email",
    /// The phone number of another candidate under another name.
    ReusePhone = "reuse.phone",
    /// The handle of another candidate under another name.
    ReuseHandle = "reuse.handle",
    /// The wallet of another candidate under another name.
    ReuseWallet = "reuse.wallet",
    /// The payout account of another candidate under another name.
    ReusePayoutAccount = "reuse.payout-account",
    /// The same picture under another name.
    PhotoSamePhoto = "photo.same-photo",
    /// Everything but the face is the picture of someone under another name.
    PhotoFaceSwapped = "photo.face-swapped",
    /// The same background as other people's pictures: context only.
    PhotoSharedBackdrop = "photo.shared-backdrop",
    /// Two stated places that exclude each other.
    LocationClaimConflict = "location.claim-conflict",
    /// The phone belongs to a country nothing else names.
    LocationPhoneCountryMismatch = "location.phone-country-mismatch",
    /// The stated time zone fits no stated place.
    LocationTimezoneMismatch = "location.timezone-mismatch",
    /// The network address belongs to a country not claimed.
    LocationIpCountryMismatch = "location.ip-country-mismatch",
    /// Two sightings too far apart for the time between them.
    LocationImpossibleTravel = "location.impossible-travel",
    /// The same where one end is a network that moves or hides people.
    LocationImpossibleTravelWeak = "location.impossible-travel-weak",
    /// A check that could not be completed.
    ScreeningIncomplete = "screening.incomplete",
);

impl Code {
    /// The part before the dot.
    #[must_use]
    pub fn family(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }

    /// Reads a code text; none when this version does not know it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            /// Every word, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as stored and exchanged.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads the word; none for any other text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words!(
    /// How much one finding weighs. `Low` is context and never counts.
    Severity {
        /// Context; never raises attention.
        Low = "low",
        /// Counts beside another source.
        Medium = "medium",
        /// Opens a review alone.
        High = "high",
        /// Enough for high attention alone.
        Critical = "critical",
    }
);

words!(
    /// What the evidence rests on; two findings are independent when their sources differ.
    Source {
        /// A watchlist.
        List = "list",
        /// The company's own earlier candidates.
        Pool = "pool",
        /// Pictures.
        Photo = "photo",
        /// Network addresses.
        Network = "network",
        /// Clocks and zones.
        Clock = "clock",
        /// Phone numbers.
        Phone = "phone",
        /// Payout and payroll.
        Money = "money",
        /// Stated places and jobs.
        History = "history",
        /// None: the check itself failed.
        None = "none",
    }
);

/// One side of a comparison: where the value stands in the intake, as sent and as compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// Path in the intake, such as `emails[0]`.
    pub path: String,
    /// As sent; none for payout accounts.
    pub value: Option<String>,
    /// As compared.
    pub normalized: Option<String>,
    /// When it was stated or seen, RFC 3339 or a date.
    pub at: Option<String>,
}

impl Side {
    /// A value at a path, as sent and as compared.
    #[must_use]
    pub fn new(path: impl Into<String>, value: impl Into<String>, normalized: impl Into<String>) -> Self {
        Self { path: path.into(), value: Some(value.into()), normalized: Some(normalized.into()), at: None }
    }
}

words!(
    /// Whose value the candidate's is compared with.
    OtherKind {
        /// A persona on a watchlist.
        Entry = "entry",
        /// Another candidate.
        Candidate = "candidate",
        /// Another fact of the same candidate.
        Own = "self",
        /// A fact of a data table.
        Reference = "reference",
    }
);

/// The other side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// Whose value.
    pub kind: OtherKind,
    /// Public id of the entry's or candidate; none for `self` and `reference`.
    pub id: Option<String>,
    /// Name of the persona or candidate.
    pub name: Option<String>,
    /// Where the value stands on that side.
    pub path: Option<String>,
    /// As sent or listed.
    pub value: Option<String>,
    /// As compared.
    pub normalized: Option<String>,
    /// When it was stated or seen.
    pub at: Option<String>,
    /// Name of the list.
    pub list: Option<String>,
    /// Version of the list.
    pub list_version: Option<i64>,
    /// The entry's own date.
    pub as_of: Option<String>,
    /// The entry's confidence, 0 to 100.
    pub confidence: Option<u8>,
}

impl Other {
    /// An other side of this kind with nothing else told yet.
    #[must_use]
    pub fn of(kind: OtherKind) -> Self {
        Self {
            kind,
            id: None,
            name: None,
            path: None,
            value: None,
            normalized: None,
            at: None,
            list: None,
            list_version: None,
            as_of: None,
            confidence: None,
        }
    }

    /// The same with the place and the value compared.
    #[must_use]
    pub fn with_value(mut self, path: impl Into<String>, value: Option<String>, normalized: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self.value = value;
        self.normalized = Some(normalized.into());
        self
    }
}

/// A table or list that an answer rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataUsed {
    /// Its name.
    pub name: String,
    /// Its version or date.
    pub version: String,
}

/// A further pair under the same finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The candidate's side.
    pub candidate: Side,
    /// The other side.
    pub other: Option<Other>,
    /// Measured numbers by name; the unit is in the name.
    pub numbers: serde_json::Map<String, serde_json::Value>,
}

/// Everything a reader needs to judge a finding. One shape for all codes; every key is always there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The candidate's side.
    pub candidate: Side,
    /// The other side; none when there is none.
    pub other: Option<Other>,
    /// The step of the comparison that was reached.
    pub level: Option<String>,
    /// Match weight, log2(m/u).
    pub bits: Option<f64>,
    /// Named reasons, such as `plus tag removed`.
    pub reasons: Vec<String>,
    /// Measured numbers by name; the unit is in the name.
    pub numbers: serde_json::Map<String, serde_json::Value>,
    /// Tables and lists used.
    pub data: Vec<DataUsed>,
    /// What would clear it.
    pub clears: String,
    /// Further pairs of the same kind.
    pub more: Vec<Pair>,
}

impl Evidence {
    /// Evidence of one pair and what would clear it; the rest is added by the `with_` methods.
    #[must_use]
    pub fn new(candidate: Side, other: Option<Other>, clears: impl Into<String>) -> Self {
        Self {
            candidate,
            other,
            level: None,
            bits: None,
            reasons: Vec::new(),
            numbers: serde_json::Map::new(),
            data: Vec::new(),
            clears: clears.into(),
            more: Vec::new(),
        }
    }

    /// Adds the level reached.
    #[must_use]
    pub fn with_level(mut self, level: impl Into<String>) -> Self {
        self.level = Some(level.into());
        self
    }

    /// Adds a named reason.
    #[must_use]
    pub fn with_reason(mut self, reason: impl Into<String>) -> Self {
        self.reasons.push(reason.into());
        self
    }

    /// Adds a measured number; the unit is in the name.
    #[must_use]
    pub fn with_number(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.numbers.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a table used.
    #[must_use]
    pub fn with_data(mut self, name: impl Into<String>, version: impl Into<String>) -> Self {
        self.data.push(DataUsed { name: name.into(), version: version.into() });
        self
    }
}

/// One reason to look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Public id; made when the finding is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<FindingId>,
    /// What kind.
    pub code: Code,
    /// How much it weighs here.
    pub severity: Severity,
    /// What it rests on.
    pub source: Source,
    /// The fact in plain words, with both values.
    pub sentence: String,
    /// What the reader needs to judge it.
    pub evidence: Evidence,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_texts_are_kebab_case_unique_and_read_back() {
        for code in Code::ALL {
            assert_eq!(Code::parse(code.as_str()), Some(*code));
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'-'));
        }
        let mut texts: Vec<_> = Code::ALL.iter().map(|c| c.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), Code::ALL.len());
    }

    #[test]
    fn severities_are_ordered_by_weight() {
        assert!(Severity::Critical > Severity::High && Severity::High > Severity::Medium && Severity::Medium > Severity::Low);
    }
}
