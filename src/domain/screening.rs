//! A screening: one run of all engines on one candidate, with the versions of everything that went into it.

use serde::{Deserialize, Serialize};

use super::finding::{Code, Finding, Source, words};
use super::time::Timestamp;

words!(
    /// How urgently a person should look (CONTRACT section 3). Ordered: `Clear` is least.
    Attention {
        /// No finding.
        Clear = "clear",
        /// Context only.
        Low = "low",
        /// A person should look.
        Review = "review",
        /// A person should look first.
        High = "high",
    }
);

words!(
    /// How far a screening has come.
    ScreeningState {
        /// Waits for a worker.
        Queued = "queued",
        /// Is being worked on.
        Running = "running",
        /// Is finished.
        Done = "done",
    }
);

words!(
    /// What a check came to.
    Outcome {
        /// It found something.
        Match = "match",
        /// It compared and found nothing.
        NoMatch = "no-match",
        /// There was nothing to compare.
        NoData = "no-data",
        /// It could not be completed.
        Incomplete = "incomplete",
    }
);

/// What one check came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which.
    pub code: Code,
    /// What it came to.
    pub outcome: Outcome,
    /// What a reader should know, such as `place not understood: …`.
    pub note: Option<String>,
}

/// The version of a list that was searched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ListVersion {
    /// Name of the list.
    pub list: String,
    /// Its version.
    pub version: i64,
}

/// Another candidate that shares an identifier or photo under the same name: a link, never a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Link {
    /// Public id of the other candidate.
    pub candidate: String,
    /// What ties them, in words.
    pub reason: String,
}

/// One run of all engines on one candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Screening {
    /// The instant that all dates are compared with.
    pub as_of: Timestamp,
    /// How urgently a person should look.
    pub attention: Attention,
    /// Which rule of the attention table was met, in words.
    pub attention_reason: String,
    /// Independent sources of the findings that count, sorted.
    pub sources: Vec<Source>,
    /// Sum of the match weights, in bits; it orders the queue and decides nothing.
    pub weight_bits: f64,
    /// Findings, strongest first.
    pub findings: Vec<Finding>,
    /// One row a code that this version can raise.
    pub checks: Vec<Check>,
    /// Candidates that are likely the same person.
    pub links: Vec<Link>,
    /// Version of the rules.
    pub rule_version: String,
    /// Versions of the lists that were searched.
    pub list_versions: Vec<ListVersion>,
}
