//! Claims: dated statements of where someone is, with their source.

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::time::Timestamp;

words!(
    /// Where a claim was made.
    ClaimSource {
        /// On the application.
        Application = "application",
        /// In a resume.
        Resume = "resume",
        /// On an online profile.
        Profile = "profile",
        /// On a document.
        Document = "document",
        /// Toward a bank.
        Bank = "bank",
    }
);

/// One statement of where someone is. Its text is read by `screening/location/place.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Where it was made.
    pub source: ClaimSource,
    /// The place as written.
    pub text: String,
    /// When; none is undated.
    pub at: Option<Timestamp>,
}
