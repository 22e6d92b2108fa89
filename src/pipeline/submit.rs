//! A candidate is submitted: read pictures, decide whose submission it is, keep everything in one write, answer only then.
//!
//! The form, the API, the command line and the demonstration all come through here. One write holds candidate, submission,
//! pictures, keys, job and audit event, so an acknowledged submission has its screening waiting.

use sha2::{Digest, Sha256};

use crate::domain::audit::AuditEvent;
use crate::domain::candidate::{Candidate, Submission};
use crate::domain::id::{CandidateId, SubmissionId};
use crate::domain::intake::{Fault, Intake, Picture};
use crate::domain::name::PersonName;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;
use crate::screening::identity::keys;
use crate::screening::identity::normalize::NameForm;
use crate::screening::identity::{align, align::NameLevel};
use crate::screening::photo::Enrolled;
use crate::screening::profile::Profile;
use crate::store::key::Owner;
use crate::store::photo::NewPhoto;
use crate::store::{self, StoreError, Write};

use super::installation::Installation;
use super::pictures::PictureError;
use super::screen;

/// One candidate as a door hands it over.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What was said.
    pub intake: Intake,
    /// The bytes of its pictures.
    pub pictures: Vec<Picture>,
    /// Team the candidate belongs to.
    pub team: String,
}

/// Where a submission came from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Who sent it.
    pub actor: Actor,
    /// The import it is part of.
    pub import: Option<crate::domain::id::ImportId>,
    /// Made by the demonstration.
    pub is_demo: bool,
}

impl Origin {
    /// Sent by a person or program, alone.
    #[must_use]
    pub const fn of(actor: Actor) -> Self {
        Self { actor, import: None, is_demo: false }
    }
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// The candidate.
    pub candidate: CandidateId,
    /// The sender's own id.
    pub external_id: Option<String>,
    /// The submission: this one, or the equal one that was there.
    pub submission: SubmissionId,
    /// False when the same had been sent before and nothing was added.
    pub is_new: bool,
}

/// Why a submission was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Some values are no good; every fault is told.
    #[error("{} values cannot be taken", .0.len())]
    Faults(Vec<Fault>),
    /// Everything that reads pictures is busy; trying again in a moment helps.
    #[error("all picture readers are busy")]
    Busy,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PictureError> for SubmitError {
    fn from(error: PictureError) -> Self {
        match error {
            PictureError::Faults(faults) => Self::Faults(faults),
            PictureError::Busy => Self::Busy,
        }
    }
}

/// One candidate whose pictures were read; what is left is to keep it.
#[derive(Debug)]
pub struct Prepared {
    intake: Intake,
    pictures: Vec<(usize, Enrolled)>,
    team: String,
    content_hash: String,
    keys: Vec<i64>,
}

/// Takes one submission: reads its pictures, keeps it, wakes the workers.
///
/// # Errors
/// [`SubmitError`]; then nothing was kept.
pub async fn submit(installation: &Installation, sent: Sent, origin: &Origin) -> Result<Submitted, SubmitError> {
    let prepared = prepare(installation, sent).await?;
    let mut write = installation.store.begin_write().await?;
    let submitted = keep(installation, &mut write, prepared, origin).await?;
    if submitted.is_new {
        let event = AuditEvent::new(installation.clock.now(), &origin.actor, "candidate.submitted", Some(submitted.candidate.as_str()));
        store::audit::append(&mut write, &event, &installation.secrets.audit_key()).await?;
        write.commit().await?;
        installation.wake.notify_waiters();
    }
    Ok(submitted)
}

/// Reads the pictures and computes what is searched, before any write begins.
///
/// # Errors
/// [`SubmitError::Faults`] with the place of each picture that cannot be read; [`SubmitError::Busy`].
pub async fn prepare(installation: &Installation, sent: Sent) -> Result<Prepared, SubmitError> {
    let pictures = installation.decoders.enroll(sent.pictures).await?;
    let keys = keys::profile_keys(&Profile::of("", &[(installation.clock.now(), &sent.intake)], Vec::new()));
    let content_hash = content_hash(&sent.intake)?;
    Ok(Prepared { intake: sent.intake, pictures, team: sent.team, content_hash, keys })
}

/// Keeps one prepared submission inside a write that the caller commits.
///
/// # Errors
/// [`SubmitError::Store`].
pub async fn keep(
    installation: &Installation,
    write: &mut Write,
    prepared: Prepared,
    origin: &Origin,
) -> Result<Submitted, SubmitError> {
    let now = installation.clock.now();
    let known = match &prepared.intake.external_id {
        Some(external_id) => store::candidate::same_external_id(write, &prepared.team, external_id).await?,
        None => Vec::new(),
    };
    let own = first_with_name(write, &known, &prepared.intake).await?;
    let candidate = match own {
        Some((candidate, latest)) if latest.content_hash == prepared.content_hash => {
            return Ok(Submitted {
                candidate: candidate.id,
                external_id: candidate.external_id,
                submission: latest.submission.id,
                is_new: false,
            });
        }
        Some((candidate, _)) => candidate,
        None => new_candidate(write, &prepared, &known, origin, now).await?,
    };
    let submission = keep_submission(write, &candidate, &prepared, origin, now).await?;
    for (index, picture) in prepared.pictures {
        let kind = prepared.intake.photos.get(index).map(|claim| claim.kind).unwrap_or(crate::domain::photo::PhotoKind::Profile);
        let photo = NewPhoto::readable(candidate.number, submission.number, index, kind, picture, now);
        store::photo::insert(write, photo).await?;
    }
    Ok(Submitted { candidate: candidate.id, external_id: candidate.external_id, submission: submission.id, is_new: true })
}
