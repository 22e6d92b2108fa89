//! A candidate is submitted: read pictures, decide whose submission it is, keep everything in one write, answer only then.
//!
//! The form, the API, the command line and the demonstration all come through here. One write holds candidate, submission,
//! pictures, keys, job and audit event, so an acknowledged submission has its screening waiting.

use crate::domain::audit::AuditEvent;
use crate::domain::id::{CandidateId, ImportId, PhotoId, SubmissionId};
use crate::domain::intake::{Fault, Intake, Picture};
use crate::domain::name::PersonName;
use crate::domain::photo::PhotoKind;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;
use crate::screening::identity::align::{self, NameLevel};
use crate::screening::identity::keys;
use crate::screening::identity::normalize::NameForm;
use crate::screening::photo::Enrolled;
use crate::screening::profile::Profile;
use crate::store::candidate::{Known, NewCandidate};
use crate::store::counter::Counter;
use crate::store::key::KeyKind;
use crate::store::photo::{NewPhoto, Readable};
use crate::store::submission::NewSubmission;
use crate::store::{self, StoreError, Write};

use super::installation::Installation;
use super::pictures::PictureError;
use super::screen::{self, Urgency};

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
    pub import: Option<ImportId>,
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

/// How a submission relates to what is known already (CONTRACT section 4, "same candidate").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// A candidate not seen before.
    NewCandidate,
    /// A candidate seen before, with other content.
    NewSubmission,
    /// The same content as last time: nothing is added.
    Known,
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
    /// How it relates to what was known.
    pub arrival: Arrival,
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
    keys: Vec<i64>,
}

/// Takes one submission: reads its pictures, keeps it, wakes the workers.
///
/// # Errors
/// [`SubmitError`]; then nothing was kept.
pub async fn submit(installation: &Installation, sent: Sent, origin: &Origin) -> Result<Submitted, SubmitError> {
    match submit_now(installation, sent.clone(), origin).await {
        // Two of one external id at the same moment: the second now finds the first.
        Err(SubmitError::Store(StoreError::Conflict)) => submit_now(installation, sent, origin).await,
        other => other,
    }
}

async fn submit_now(installation: &Installation, sent: Sent, origin: &Origin) -> Result<Submitted, SubmitError> {
    let prepared = prepare(installation, sent).await?;
    let mut write = installation.store.begin_write().await?;
    let submitted = keep(installation, &mut write, prepared, origin).await?;
    if submitted.is_new {
        let event = AuditEvent::new(installation.clock.now(), &origin.actor, "candidate.submitted", Some(submitted.candidate.as_str()));
        store::audit::append(&mut write, &event, &installation.audit_key()).await?;
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
    Ok(Prepared { intake: sent.intake, pictures, team: sent.team, keys })
}

/// Keeps one prepared submission inside a write that the caller commits; its numbers were reserved in the same write.
///
/// # Errors
/// [`SubmitError::Store`].
pub async fn keep(installation: &Installation, write: &mut Write, prepared: Prepared, origin: &Origin) -> Result<Submitted, SubmitError> {
    let at = installation.clock.now();
    let intake = &prepared.intake;
    let known = known(write, &prepared).await?;
    let (number, candidate, arrival) = match own(&known, intake) {
        Some(Known { candidate, .. }) => {
            if let Some(submission) = same_content(write, candidate.number, intake).await? {
                let (candidate, external_id) = (candidate.id.clone(), candidate.external_id.clone());
                return Ok(Submitted { candidate, external_id, submission, is_new: false, arrival: Arrival::Known });
            }
            store::candidate::resubmit(write, candidate.number, intake, at).await?;
            (candidate.number, candidate.id.clone(), Arrival::NewSubmission)
        }
        None => {
            let (number, id) = new_candidate(write, &prepared, &known, origin, at).await?;
            (number, id, Arrival::NewCandidate)
        }
    };
    let submission = SubmissionId::random();
    let submission_number = store::submission::reserve(write, 1).await?;
    let import = origin.import.as_ref();
    let new =
        NewSubmission { number: submission_number, id: &submission, candidate: number, intake, received_at: at, by: &origin.actor, import };
    store::submission::insert(write, &new).await?;
    let pairs: Vec<(i64, i64)> = prepared.keys.iter().map(|key| (*key, number)).collect();
    store::key::insert_many(write, KeyKind::Candidate, &pairs).await?;
    let urgency = if import.is_some() { Urgency::Import } else { Urgency::Live };
    screen::queue(write, number, urgency, at).await?;
    keep_pictures(write, &prepared, number, submission_number, at).await?;
    Ok(Submitted { candidate, external_id: intake.external_id.clone(), submission, is_new: true, arrival })
}

/// What [`keep`] would make of a prepared submission as things stand; changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn arrival(write: &mut Write, prepared: &Prepared) -> Result<Arrival, StoreError> {
    let known = known(write, prepared).await?;
    let Some(own) = own(&known, &prepared.intake) else { return Ok(Arrival::NewCandidate) };
    let same = same_content(write, own.candidate.number, &prepared.intake).await?;
    Ok(if same.is_some() { Arrival::Known } else { Arrival::NewSubmission })
}

/// Everyone the team knows under the external id that was sent.
async fn known(write: &mut Write, prepared: &Prepared) -> Result<Vec<Known>, StoreError> {
    match &prepared.intake.external_id {
        Some(external_id) => store::candidate::same_external_id(write, &prepared.team, external_id).await,
        None => Ok(Vec::new()),
    }
}

/// The one of them whose name matches.
fn own<'a>(known: &'a [Known], intake: &Intake) -> Option<&'a Known> {
    known.iter().find(|known| names_match(&known.candidate.name, intake))
}

/// The latest submission, where its content is the same.
async fn same_content(write: &mut Write, candidate: i64, intake: &Intake) -> Result<Option<SubmissionId>, StoreError> {
    let latest = store::submission::latest_content(write, candidate).await?;
    Ok(latest.filter(|(_, hash)| *hash == store::submission::content_hash(intake)).map(|(id, _)| id))
}

/// Under one external id another name is another candidate, linked to the first: a merge in the sender's system hides nothing.
async fn new_candidate(
    write: &mut Write,
    prepared: &Prepared,
    known: &[Known],
    origin: &Origin,
    at: Timestamp,
) -> Result<(i64, CandidateId), StoreError> {
    let number = store::candidate::reserve(write, 1).await?;
    let id = CandidateId::random();
    let twin = known.iter().map(|known| known.twin + 1).max().unwrap_or(0);
    let (team, intake, is_demo) = (prepared.team.as_str(), &prepared.intake, origin.is_demo);
    store::candidate::insert(write, &NewCandidate { number, id: &id, team, twin, intake, at, is_demo }).await?;
    for other in known {
        store::candidate::link(write, number, other.candidate.number, "the sender gave both the same id", at).await?;
    }
    Ok((number, id))
}

async fn keep_pictures(write: &mut Write, prepared: &Prepared, candidate: i64, submission: i64, at: Timestamp) -> Result<(), StoreError> {
    for (position, picture) in &prepared.pictures {
        let kind = prepared.intake.photos.get(*position).map_or(PhotoKind::Profile, |claim| claim.kind);
        let readable = Readable { features: picture.features.clone(), jpeg: picture.served.clone() };
        let number = store::counter::next(write, Counter::Photo).await?;
        let photo = NewPhoto {
            id: &PhotoId::random(),
            candidate,
            submission,
            position: *position,
            kind,
            sha256: &picture.sha256,
            format: picture.format.as_str(),
            width: picture.width,
            height: picture.height,
            at,
            content: Ok(&readable),
        };
        store::photo::insert(write, number, &photo).await?;
    }
    Ok(())
}

/// True when the new name, or one of the other names sent, matches the known one.
fn names_match(known: &str, intake: &Intake) -> bool {
    let Ok(known) = PersonName::parse(known) else { return false };
    let known = NameForm::of(&known);
    std::iter::once(&intake.name)
        .chain(&intake.other_names)
        .any(|name| matches!(align::compare(&known, &NameForm::of(name)).level, NameLevel::Exact | NameLevel::Strong))
}
