//! Review: cases, dispositions of findings, decisions of named people. No engine ever decides.

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::id::CaseId;
use super::time::Timestamp;

words!(
    /// How far a case has come.
    CaseStatus {
        /// Waits for a person.
        Waiting = "waiting",
        /// A person has taken it.
        Taken = "taken",
        /// A person has decided.
        Decided = "decided",
    }
);

words!(
    /// A reviewer's verdict on one finding.
    DispositionVerdict {
        /// It is as the finding says.
        TrueMatch = "true-match",
        /// It is someone or something else.
        NotAMatch = "not-a-match",
        /// It cannot be told.
        Unsure = "unsure",
    }
);

words!(
    /// A named person's verdict on a candidate.
    DecisionVerdict {
        /// Nothing stands against the candidate.
        Cleared = "cleared",
        /// Something must be verified with the candidate.
        Verify = "verify",
        /// Too much does not fit.
        HighRisk = "high-risk",
        /// The identity is a fabrication, confirmed.
        ConfirmedFake = "confirmed-fake",
        /// The identity belongs to someone else, who is a victim.
        IdentityTheftVictim = "identity-theft-victim",
    }
);

impl DecisionVerdict {
    /// As people read it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Cleared => "Cleared",
            Self::Verify => "Verify",
            Self::HighRisk => "High risk",
            Self::ConfirmedFake => "Confirmed fake",
            Self::IdentityTheftVictim => "Identity-theft victim",
        }
    }
}

/// One unit of review work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Public id.
    pub id: CaseId,
    /// Internal number of the candidate; one case a candidate.
    pub candidate: i64,
    /// How far it has come.
    pub status: CaseStatus,
    /// Who has taken it, by name.
    pub assignee: Option<String>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Rises with every change; a change must name the version it saw.
    pub version: i64,
}

/// A reviewer's verdict on one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    /// The verdict.
    pub verdict: DispositionVerdict,
    /// Why.
    pub note: String,
    /// Who, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A named person's verdict on a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The verdict.
    pub verdict: DecisionVerdict,
    /// Why.
    pub reason: String,
    /// Who, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}
