//! Two stored pictures compared once more, area by area, for the page that shows them side by side.

use crate::domain::id::{CandidateId, PhotoId};
use crate::domain::photo::{PhotoFeatures, TileMap};
use crate::domain::user::Scope;
use crate::screening::photo::{compare, thumbnail};
use crate::store::photo::StoredPhoto;
use crate::store::{self, StoreError};

use super::installation::Installation;

/// One picture of one candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Whose.
    pub candidate: CandidateId,
    /// Which.
    pub photo: PhotoId,
}

/// The areas of the first picture that match the second; none when one of them is gone, unreadable or not for this reader, or
/// nothing of them overlaps.
///
/// # Errors
/// When the database fails.
pub async fn tile_map(installation: &Installation, scope: &Scope, one: &Shown, other: &Shown) -> Result<Option<TileMap>, StoreError> {
    let (Some(one), Some(other)) = (features(installation, scope, one).await?, features(installation, scope, other).await?) else {
        return Ok(None);
    };
    // A comparison takes some ten milliseconds of computing, too long for the thread that answers requests.
    let compared = tokio::task::spawn_blocking(move || compare(&one, &other)).await;
    Ok(compared.ok().and_then(|comparison| comparison.tiles))
}

async fn features(installation: &Installation, scope: &Scope, shown: &Shown) -> Result<Option<PhotoFeatures>, StoreError> {
    let store = &installation.store;
    let Some(candidate) = store::candidate::find(store, scope, &shown.candidate).await? else { return Ok(None) };
    let photos = store::photo::of_candidates(store, &[candidate.number]).await?;
    Ok(photos.iter().find(|photo| photo.id == shown.photo).and_then(read))
}

fn read(photo: &StoredPhoto) -> Option<PhotoFeatures> {
    let stored = photo.features.as_ref().ok()?;
    thumbnail::read(stored.gray.clone()).ok().map(|gray| stored.with_gray(gray))
}
