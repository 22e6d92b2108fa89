//! One running installation: what every journey needs at hand.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::identifier::AccountKey;
use crate::domain::time::Clock;
use crate::secrets::{Purpose, Secrets};
use crate::store::Store;
use crate::store::audit::AuditKey;

use super::pictures::Decoders;
use super::resident::PhotoResident;

/// Longest time for the engines on one candidate; then the screening says that it could not be completed. An unoptimized build
/// compares pictures some thirty times slower.
const ENGINE_LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 2 });

/// Store, clock, keys and what is kept in RAM. Cheap to clone.
#[derive(Clone)]
pub struct Installation {
    /// The database.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Clock,
    /// Keys that live outside the database.
    pub secrets: Arc<Secrets>,
    /// Readers of pictures.
    pub decoders: Decoders,
    /// Hashes of all candidates' pictures.
    pub photos: Arc<PhotoResident>,
    /// Longest time for the engines on one candidate.
    pub engine_limit: Duration,
    /// Wakes the workers of this process when a job was written.
    pub wake: Arc<Notify>,
}

impl Installation {
    /// An installation on an open store.
    #[must_use]
    pub fn new(store: Store, clock: Clock, secrets: Arc<Secrets>) -> Self {
        Self {
            store,
            clock,
            secrets,
            decoders: Decoders::default(),
            photos: Arc::new(PhotoResident::default()),
            engine_limit: ENGINE_LIMIT,
            wake: Arc::new(Notify::new()),
        }
    }

    /// The key of the audit chain.
    #[must_use]
    pub fn audit_key(&self) -> AuditKey {
        AuditKey::new(self.secrets.key(Purpose::Audit))
    }

    /// The key that turns payout accounts into hashes.
    #[must_use]
    pub fn account_key(&self) -> AccountKey {
        AccountKey::new(self.secrets.key(Purpose::Account))
    }
}
