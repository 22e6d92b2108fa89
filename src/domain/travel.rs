//! Travel: trips the candidate declared.

use serde::{Deserialize, Serialize};

use super::time::PartialDate;

/// One declared trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trip {
    /// Where, as written.
    pub place: String,
    /// First day.
    pub from: PartialDate,
    /// Last day.
    pub to: PartialDate,
}
