//! What the journeys of people share: who keeps the accounts needs the store, the clock's answer, passwords and keys.
//!
//! ```text
//! let people = People { store: &store, passwords: &passwords, secrets: &secrets, now: clock.now() };
//! let invite = people.add(&actor, &new).await?;
//! ```

use crate::domain::audit::AuditEvent;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;
use crate::secrets::{Purpose, Secrets, SecretsError};
use crate::store::audit::{self, AuditKey};
use crate::store::{Store, StoreError, Write};

use super::password::{PasswordError, Passwords};

/// Everything a journey of people works with, at one instant.
#[derive(Debug, Clone, Copy)]
pub struct People<'a> {
    /// Where people are kept.
    pub store: &'a Store,
    /// Hashes passwords.
    pub passwords: &'a Passwords,
    /// Keys and signatures.
    pub secrets: &'a Secrets,
    /// Now.
    pub now: Timestamp,
}

/// Why a journey of people ended early for no fault of theirs.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The password slots.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// No random bytes.
    #[error(transparent)]
    Secrets(#[from] SecretsError),
}

/// An event of the audit log before it has a time.
pub(super) struct Deed<'a> {
    pub(super) actor: &'a Actor,
    pub(super) action: &'a str,
    pub(super) object: Option<&'a str>,
}

impl People<'_> {
    /// Appends to the audit log what was done, as the last step before the commit.
    pub(super) async fn note(&self, write: &mut Write, deed: Deed<'_>) -> Result<(), StoreError> {
        self.note_event(write, &AuditEvent::new(self.now, deed.actor, deed.action, deed.object)).await
    }

    /// Appends an event with detail.
    pub(super) async fn note_event(&self, write: &mut Write, event: &AuditEvent) -> Result<(), StoreError> {
        let key = AuditKey::new(self.secrets.key(Purpose::Audit));
        audit::append(write, event, &key).await?;
        Ok(())
    }
}
