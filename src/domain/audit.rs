//! Audit events: who did what to which id, when. Ids and codes only, never personal data.

use serde::{Deserialize, Serialize};

use super::time::Timestamp;
use super::user::Actor;

/// One event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What: `candidate.submitted`, `decision.made`.
    pub action: String,
    /// On which public id, where there is one.
    pub object: Option<String>,
    /// Ids, codes and counts that tell more.
    pub detail: serde_json::Map<String, serde_json::Value>,
}

impl AuditEvent {
    /// An event without detail.
    #[must_use]
    pub fn new(at: Timestamp, actor: &Actor, action: &str, object: Option<&str>) -> Self {
        Self { at, actor: actor.clone(), action: action.to_owned(), object: object.map(str::to_owned), detail: serde_json::Map::new() }
    }

    /// Adds an id, a code or a count.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<serde_json::Value>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }
}
