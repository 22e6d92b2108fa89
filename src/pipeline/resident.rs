//! What each process keeps in RAM: the hashes of all candidates' pictures. The rows are the truth; this is a copy.
//!
//! Refreshed before every screening from the picture numbers above the last one seen: they are given in the order of commits,
//! so nothing is missed. Whatever it finds is read again from the database before a finding is written.

use tokio::sync::RwLock;

use crate::domain::photo::{PhotoFeatures, PhotoKind};
use crate::screening::photo::{Candidate, PhotoIndex, QueryVariants, Row};
use crate::store::{self, Store, StoreError};

/// Rows read at a time while the copy is filled.
const PAGE: i64 = 5_000;

/// The hashes of all candidates' pictures.
#[derive(Debug, Default)]
pub struct PhotoResident(RwLock<PhotoIndex>);

impl PhotoResident {
    /// Adds the pictures that came since the last time.
    ///
    /// # Errors
    /// When the database fails; what was read stays.
    pub async fn refresh(&self, store: &Store) -> Result<(), StoreError> {
        let mut after = self.0.read().await.last_number().unwrap_or(0);
        loop {
            let rows = store::photo::hashes_above(store, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.number;
            let mut index = self.0.write().await;
            for row in &rows {
                index.push(Row::new(row.number, row.candidate, row.kind), [row.whole, row.without_head, row.head]);
            }
        }
    }

    /// Pictures of other candidates that may show the same, the closest first.
    pub async fn search(&self, features: &PhotoFeatures, kind: PhotoKind, owner: i64) -> Vec<Candidate> {
        let query = QueryVariants::of(features);
        self.0.read().await.search(&query, kind, Some(owner))
    }

    /// Forgets pictures that were removed.
    pub async fn remove(&self, numbers: &[i64]) {
        let mut index = self.0.write().await;
        for number in numbers {
            index.remove(*number);
        }
    }

    /// True when no picture is held.
    pub async fn is_empty(&self) -> bool {
        self.0.read().await.is_empty()
    }
}
