//! Everything one screening compares, fetched: the candidate, who shares a key, who has a like picture, which entries.
//!
//! What a budget leaves out of an exact identifier's block is told as a gap, so that nothing is silently clear. Names are
//! context only: the commonest name blocks are left unread without a gap.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::candidate::{Candidate, Submission};
use crate::domain::identifier::Identifier;
use crate::domain::time::Timestamp;
use crate::domain::watchlist::Entry;
use crate::screening::Gap;
use crate::screening::context::{Context, Organization};
use crate::screening::identity::keys::{self, Questions};
use crate::screening::photo::thumbnail;
use crate::screening::policy::{EXACT_BLOCK_ROWS, NAME_ROW_BUDGET};
use crate::screening::profile::{Profile, ProfilePhoto};
use crate::screening::reuse;
use crate::store::key::{KeyKind, Sharing};
use crate::store::photo::StoredPhoto;
use crate::store::{self, StoreError};

use super::installation::Installation;

/// What one screening compares.
#[derive(Debug)]
pub struct Gathered {
    /// The candidate.
    pub candidate: Candidate,
    /// Its submissions, the latest first.
    pub submissions: Vec<Submission>,
    /// The candidate, normalized.
    pub subject: Profile,
    /// Others that share something.
    pub peers: Vec<Profile>,
    /// Personas that share something.
    pub entries: Vec<Entry>,
    /// What could not be completed.
    pub gaps: Vec<Gap>,
    /// What the engines may know besides.
    pub context: Context,
}

/// Fetches what a screening of this candidate compares; none when the candidate is gone.
///
/// # Errors
/// When the database fails.
pub async fn gather(installation: &Installation, number: i64) -> Result<Option<Gathered>, StoreError> {
    let store = &installation.store;
    let Some(candidate) = store::candidate::by_numbers(store, &[number]).await?.pop() else { return Ok(None) };
    let submissions = store::submission::all_of(store, number).await?;
    let photos = store::photo::of_candidates(store, &[number]).await?;
    let subject = profile(&candidate, &submissions, &photos);
    let list_versions = store::watchlist::current_versions(store).await?;
    let mut gaps = Vec::new();
    let entry_numbers = entries_sharing(installation, &subject, &mut gaps).await?;
    let entries = store::entry::by_numbers(store, &entry_numbers).await?;
    let mut peer_numbers: BTreeSet<i64> = candidates_sharing(installation, &subject, &mut gaps).await?.into_iter().collect();
    let alike = alike_pictures(installation, number, &subject).await?;
    peer_numbers.extend(alike.keys());
    peer_numbers.remove(&number);
    let peers = peers(installation, &peer_numbers, &alike).await?;
    let context = Context { as_of: installation.clock.now(), organization: Organization::default(), list_versions };
    Ok(Some(Gathered { candidate, submissions, subject, peers, entries, gaps, context }))
}

/// Entries that share a contact, an account or a name with the subject.
async fn entries_sharing(installation: &Installation, subject: &Profile, gaps: &mut Vec<Gap>) -> Result<Vec<i64>, StoreError> {
    let store = &installation.store;
    let questions = Questions::of_profile(subject);
    let exact = store::key::sharing(store, KeyKind::Entry, &questions.exact, EXACT_BLOCK_ROWS).await?;
    if !exact.is_complete() {
        gaps.push(cut(KeyKind::Entry, &exact));
    }
    let names = store::key::rarest_first(store, KeyKind::Entry, &questions.names, NAME_ROW_BUDGET).await?;
    Ok([exact.numbers, names.numbers].concat())
}

/// Candidates that share what one person owns. Names and domains tie nobody together: thousands share a mail provider.
async fn candidates_sharing(installation: &Installation, subject: &Profile, gaps: &mut Vec<Gap>) -> Result<Vec<i64>, StoreError> {
    let owned: Vec<Identifier> = subject.identifiers.iter().filter(|identifier| reuse::is_owned(identifier.kind)).cloned().collect();
    let exact = store::key::sharing(&installation.store, KeyKind::Candidate, &keys::exact_keys(&owned), EXACT_BLOCK_ROWS).await?;
    if !exact.is_complete() {
        gaps.push(cut(KeyKind::Candidate, &exact));
    }
    Ok(exact.numbers)
}

fn cut(kind: KeyKind, sharing: &Sharing) -> Gap {
    let whom = match kind {
        KeyKind::Candidate => "earlier candidates",
        KeyKind::Entry => "watchlist entries",
    };
    Gap {
        check: format!("The comparison with {whom}"),
        reason: format!("more than {EXACT_BLOCK_ROWS} {whom} share one contact or account, and {} such were cut", sharing.cut.len()),
        path: None,
    }
}

/// For each other candidate, the numbers of its pictures that may show the same as one of the subject's.
async fn alike_pictures(installation: &Installation, number: i64, subject: &Profile) -> Result<BTreeMap<i64, Vec<i64>>, StoreError> {
    let mut alike: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    if subject.photos.is_empty() {
        return Ok(alike);
    }
    installation.photos.refresh(&installation.store).await?;
    for photo in &subject.photos {
        if let Ok(features) = &photo.features {
            for found in installation.photos.search(features, photo.kind, number).await {
                alike.entry(found.owner).or_default().push(found.number);
            }
        }
    }
    Ok(alike)
}

/// The others as profiles, each with only those of its pictures that may show the same.
async fn peers(installation: &Installation, numbers: &BTreeSet<i64>, alike: &BTreeMap<i64, Vec<i64>>) -> Result<Vec<Profile>, StoreError> {
    let store = &installation.store;
    let numbers: Vec<i64> = numbers.iter().copied().collect();
    let pictures: Vec<i64> = alike.values().flatten().copied().collect();
    let candidates = store::candidate::by_numbers(store, &numbers).await?;
    let submissions = store::submission::of_candidates(store, &numbers).await?;
    let pictures = store::photo::by_numbers(store, &pictures).await?;
    let mut of_candidate: BTreeMap<i64, (Vec<Submission>, Vec<StoredPhoto>)> = BTreeMap::new();
    for submission in submissions {
        of_candidate.entry(submission.candidate).or_default().0.push(submission);
    }
    for picture in pictures {
        of_candidate.entry(picture.candidate).or_default().1.push(picture);
    }
    let profiles = candidates.iter().filter_map(|candidate| {
        let (submissions, pictures) = of_candidate.get(&candidate.number)?;
        Some(profile(candidate, submissions, pictures))
    });
    Ok(profiles.collect())
}

fn profile(candidate: &Candidate, submissions: &[Submission], photos: &[StoredPhoto]) -> Profile {
    let latest = submissions.first().map(|submission| submission.number);
    let photos = photos
        .iter()
        .map(|photo| {
            let prefix = if Some(photo.submission) == latest { "" } else { "earlier." };
            let features = match &photo.features {
                Ok(stored) => thumbnail::read(stored.gray.clone()).map(|gray| stored.with_gray(gray)).map_err(|fault| fault.to_string()),
                Err(fault) => Err(fault.clone()),
            };
            ProfilePhoto {
                path: format!("{prefix}photos[{}]", photo.position),
                shown: format!("/photos/{}", photo.id),
                kind: photo.kind,
                sha256: photo.sha256.clone(),
                features,
            }
        })
        .collect();
    let intakes: Vec<(Timestamp, &_)> = submissions.iter().map(|submission| (submission.received_at, &submission.intake)).collect();
    Profile::of(candidate.id.as_str(), &intakes, photos)
}
