//! History: jobs and education as stated.

use serde::{Deserialize, Serialize};

use super::finding::words;
use super::time::PartialDate;

words!(
    /// What kind of entry.
    HistoryKind {
        /// Paid work.
        Job = "job",
        /// School or study.
        Education = "education",
    }
);

/// One job or course of study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// What kind.
    pub kind: HistoryKind,
    /// Company or school.
    pub org: Option<String>,
    /// Title or degree.
    pub title: Option<String>,
    /// Where, as written.
    pub place: Option<String>,
    /// First day.
    pub from: Option<PartialDate>,
    /// Last day; none is still open.
    pub to: Option<PartialDate>,
    /// Done from elsewhere.
    pub remote: Option<bool>,
    /// Full time.
    pub full_time: Option<bool>,
    /// Web domain of the company or school.
    pub domain: Option<String>,
}
