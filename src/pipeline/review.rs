//! Review: a person takes a case, judges findings, decides with a reason. Each act and its audit event stand in one write.
//!
//! Versions guard against two people at once: whoever comes second is told what stands now, and nothing is overwritten.

use crate::domain::audit::AuditEvent;
use crate::domain::candidate::Candidate;
use crate::domain::case::{Case, CaseStatus, DecisionVerdict, DispositionVerdict};
use crate::domain::id::{CandidateId, FindingId};
use crate::domain::intake::Fault;
use crate::domain::user::{Actor, Scope, User};
use crate::store::decision::NewDecision;
use crate::store::disposition::NewDisposition;
use crate::store::filter::Filter;
use crate::store::page::PageRequest;
use crate::store::{self, StoreError, Write};

use super::installation::Installation;
use super::screen::{self, Urgency};

/// Longest reason or note, in characters.
const TEXT_MAX: usize = 4_000;

/// Shortest reason of every decision but *cleared*, in characters: a person must be able to answer for it later.
const REASON_MIN: usize = 10;

/// Why an act of review did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// No such candidate, case or finding for this person.
    #[error("there is no such candidate, case or finding")]
    NotFound,
    /// Someone else was first.
    #[error("{now}")]
    Lost {
        /// What stands now, in a sentence.
        now: String,
    },
    /// A value cannot be taken.
    #[error("{} values cannot be taken", .0.len())]
    Faults(Vec<Fault>),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for ReviewError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::Lost { now: "Someone else changed this meanwhile. Nothing of yours was saved.".to_owned() },
            other => Self::Store(other),
        }
    }
}

/// Takes a case that has this version.
///
/// # Errors
/// [`ReviewError::Lost`] when it changed meanwhile, [`ReviewError::NotFound`].
pub async fn take(installation: &Installation, person: &User, id: &CandidateId, seen_version: i64) -> Result<(), ReviewError> {
    let candidate = visible(installation, person, id).await?;
    let mut write = installation.store.begin_write().await?;
    let taken = store::case::take(&mut write, candidate.number, seen_version, &Actor::person(person)).await;
    told(installation, &candidate, taken).await?;
    finish(installation, write, AuditEvent::new(installation.clock.now(), &Actor::person(person), "case.taken", Some(id.as_str()))).await
}

/// Puts a case back that this person has taken.
///
/// # Errors
/// [`ReviewError::Lost`] when it changed meanwhile, [`ReviewError::NotFound`].
pub async fn release(installation: &Installation, person: &User, id: &CandidateId, seen_version: i64) -> Result<(), ReviewError> {
    let candidate = visible(installation, person, id).await?;
    let mut write = installation.store.begin_write().await?;
    let released = store::case::release(&mut write, candidate.number, seen_version).await;
    told(installation, &candidate, released).await?;
    finish(installation, write, AuditEvent::new(installation.clock.now(), &Actor::person(person), "case.released", Some(id.as_str()))).await
}

/// Takes the first waiting case of the queue; none when nothing waits.
///
/// # Errors
/// [`ReviewError::Store`].
pub async fn next(installation: &Installation, person: &User) -> Result<Option<CandidateId>, ReviewError> {
    let scope = person.scope().ok_or(ReviewError::NotFound)?;
    let waiting = Filter { status: vec![CaseStatus::Waiting], ..Filter::default() };
    // Two people who press at once aim at the same case: whoever is second takes the following one.
    for _ in 0..20 {
        let queue = store::listing::queue(&installation.store, &scope, &waiting, PageRequest { offset: 0, limit: 1 }).await?;
        let Some((candidate, case)) = queue.rows.into_iter().find_map(|row| Some((row.candidate.id, row.case?))) else { return Ok(None) };
        match take(installation, person, &candidate, case.version).await {
            Ok(()) => return Ok(Some(candidate)),
            Err(ReviewError::Lost { .. } | ReviewError::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(None)
}

/// Judges one finding of the latest screening. What is called *not a match* no longer counts; the candidate is weighed anew.
///
/// # Errors
/// [`ReviewError::NotFound`] when the finding is not one of the candidate's latest; [`ReviewError::Faults`] for a long note.
pub async fn dispose(
    installation: &Installation,
    person: &User,
    id: &CandidateId,
    finding: &FindingId,
    verdict: DispositionVerdict,
    note: &str,
) -> Result<(), ReviewError> {
    let candidate = visible(installation, person, id).await?;
    let note = note.trim();
    at_most("note", note)?;
    let found = store::finding::find(&installation.store, &Scope::All, finding).await?;
    let found = found.filter(|found| found.candidate == candidate.number && found.is_latest).ok_or(ReviewError::NotFound)?;
    let (by, at) = (Actor::person(person), installation.clock.now());
    let mut write = installation.store.begin_write().await?;
    let new = NewDisposition { candidate: candidate.number, finding: &found.finding, verdict, note, by: &by, at };
    store::disposition::save(&mut write, &new).await?;
    screen::queue(&mut write, candidate.number, Urgency::Live, at).await?;
    let event = AuditEvent::new(at, &by, "finding.judged", Some(id.as_str()))
        .with("finding", finding.as_str())
        .with("code", found.finding.code.as_str())
        .with("verdict", verdict.as_str());
    finish(installation, write, event).await?;
    installation.wake.notify_waiters();
    Ok(())
}

/// Decides on a candidate whose case has this version. The reason may be empty only for *cleared*.
///
/// # Errors
/// [`ReviewError::Faults`] for a missing reason, [`ReviewError::Lost`] when the case changed meanwhile.
pub async fn decide(
    installation: &Installation,
    person: &User,
    id: &CandidateId,
    verdict: DecisionVerdict,
    reason: &str,
    seen_version: i64,
) -> Result<(), ReviewError> {
    let candidate = visible(installation, person, id).await?;
    let reason = reason.trim();
    at_most("reason", reason)?;
    if verdict != DecisionVerdict::Cleared && reason.chars().count() < REASON_MIN {
        let expected = "10 characters or more that say why, so that the decision can be answered for later";
        return Err(ReviewError::Faults(vec![Fault::new("reason", Some(reason), "is too short", expected)]));
    }
    let (by, at) = (Actor::person(person), installation.clock.now());
    let mut write = installation.store.begin_write().await?;
    let new = NewDecision { candidate: candidate.number, seen_version, verdict, reason, by: &by, at };
    let decided = store::decision::insert(&mut write, &new).await;
    told(installation, &candidate, decided).await?;
    finish(installation, write, AuditEvent::new(at, &by, "decision.made", Some(id.as_str())).with("verdict", verdict.as_str())).await
}

/// The candidate, where this person sees it; else it is as if absent.
async fn visible(installation: &Installation, person: &User, id: &CandidateId) -> Result<Candidate, ReviewError> {
    let scope = person.scope().ok_or(ReviewError::NotFound)?;
    store::candidate::find(&installation.store, &scope, id).await?.ok_or(ReviewError::NotFound)
}

async fn finish(installation: &Installation, mut write: Write, event: AuditEvent) -> Result<(), ReviewError> {
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    Ok(())
}

fn at_most(path: &str, text: &str) -> Result<(), ReviewError> {
    if text.chars().count() <= TEXT_MAX {
        return Ok(());
    }
    Err(ReviewError::Faults(vec![Fault::new(path, Some(text), "is too long", "at most 4,000 characters")]))
}

/// Turns a lost race into what stands now.
async fn told<T>(installation: &Installation, candidate: &Candidate, outcome: Result<T, StoreError>) -> Result<T, ReviewError> {
    match outcome {
        Err(StoreError::Conflict) => Err(ReviewError::Lost { now: stands_now(installation, candidate).await? }),
        other => Ok(other?),
    }
}

async fn stands_now(installation: &Installation, candidate: &Candidate) -> Result<String, ReviewError> {
    let store = &installation.store;
    let Some(stored) = store::case::find(store, candidate.number).await? else { return Err(ReviewError::NotFound) };
    let Case { status, assignee, .. } = stored.case;
    let who = assignee.unwrap_or_else(|| "someone".to_owned());
    Ok(match status {
        CaseStatus::Decided => match store::decision::latest(store, candidate.number).await? {
            Some(decision) => format!(
                "{} decided “{}” at {} while this page was open. Nothing of yours was saved.",
                decision.by,
                decision.verdict.label(),
                decision.at.for_people()
            ),
            None => "The case was closed while this page was open. Nothing of yours was saved.".to_owned(),
        },
        CaseStatus::Taken => format!("{who} has taken this case while this page was open. Nothing of yours was saved."),
        CaseStatus::Waiting => "The case changed while this page was open and waits again. Nothing of yours was saved.".to_owned(),
    })
}
