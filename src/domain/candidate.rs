//! Candidates and submissions. A submission is one intake as sent; it is never overwritten.

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::id::{CandidateId, SubmissionId, UserId};
use super::intake::Intake;
use super::time::Timestamp;

words!(
    /// Where in the hiring a candidate is.
    Stage {
        /// Has applied.
        Applied = "applied",
        /// Is being interviewed.
        Interview = "interview",
        /// Has an offer.
        Offer = "offer",
        /// Works for the company.
        Hired = "hired",
        /// Is no longer considered.
        Closed = "closed",
    }
);

/// One person as submitted once or more.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Public id.
    pub id: CandidateId,
    /// Internal number.
    pub number: i64,
    /// Team whose recruiters see it.
    pub team: String,
    /// The sender's own id.
    pub external_id: Option<String>,
    /// Name of the latest submission.
    pub name: String,
    /// Stage of the latest submission.
    pub stage: Stage,
    /// Role of the latest submission.
    pub role: Option<String>,
    /// First submission.
    pub created_at: Timestamp,
    /// Made by the demonstration.
    pub is_demo: bool,
    /// Rises with every change.
    pub version: i64,
}

/// One intake as sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Public id.
    pub id: SubmissionId,
    /// Internal number.
    pub number: i64,
    /// Candidate it belongs to.
    pub candidate: i64,
    /// What was sent.
    pub intake: Intake,
    /// When it arrived here.
    pub received_at: Timestamp,
    /// Who sent it; none for the command line.
    pub by: Option<UserId>,
    /// Name of who sent it, as shown.
    pub by_name: String,
}
