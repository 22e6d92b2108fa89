//! One screening: gather, compare, weigh, record. The run, the case and the end of the job stand in one write.
//!
//! So a worker that is killed anywhere leaves either the job or the result, never half of one, and each finding exists once.

use std::collections::BTreeSet;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::finding::{Finding, OtherKind, Severity};
use crate::domain::id::{CandidateId, CaseId};
use crate::domain::screening::{Attention, Screening};
use crate::domain::time::Timestamp;
use crate::screening::{self, Gap, attention};
use crate::store::job::{Job, NewJob};
use crate::store::screening::{Inserted, NewScreening};
use crate::store::{self, StoreError, Write};

use super::gather::{self, Gathered};
use super::installation::Installation;

/// Kind of the jobs that screen one candidate.
pub const JOB: &str = "screen";

/// Longest time for the engines on one candidate (DESIGN: the wall clock belongs here); then the screening says so.
const ENGINE_LIMIT: Duration = Duration::from_secs(2);

/// Tries of a screening that could not be completed, and the wait before each.
const RETRY_WAITS_MS: [i64; 3] = [30_000, 300_000, 3_600_000];

/// How soon a screening is wanted: live submissions before imports before rescreens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Someone waits for it.
    Live,
    /// Part of a file.
    Import,
    /// A list or rule changed.
    Rescreen,
}

/// Queues a screening of this candidate; one that is waiting already is enough.
///
/// # Errors
/// When the database fails.
pub async fn queue(write: &mut Write, candidate: i64, urgency: Urgency, at: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JOB,
        unique_key: &unique_key(candidate),
        payload: &candidate.to_string(),
        priority: match urgency {
            Urgency::Live => 0,
            Urgency::Import => 10,
            Urgency::Rescreen => 20,
        },
        not_before: at,
        at,
    };
    store::job::insert(write, &job).await?;
    Ok(())
}

/// The key under which at most one screening of a candidate waits.
#[must_use]
pub fn unique_key(candidate: i64) -> String {
    format!("{JOB}:{candidate}")
}

/// Screens one candidate and ends the job in the same write.
///
/// # Errors
/// When the database fails; the job stays leased and is tried again.
pub async fn run(installation: &Installation, job: &Job, holder: &str) -> Result<(), StoreError> {
    let started_at = installation.clock.now();
    let number: i64 = job.payload.parse().map_err(|_| StoreError::NotFound)?;
    let Some(gathered) = gather::gather(installation, number).await? else {
        let mut write = installation.store.begin_write().await?;
        store::job::finish(&mut write, job.number, holder).await?;
        return write.commit().await;
    };
    let gathered = std::sync::Arc::new(gathered);
    let screening = engines(gathered.clone()).await;
    let retry = retry_wait(&screening, job);
    record(installation, job, holder, &gathered, &screening, started_at).await?;
    if let Some(wait_ms) = retry {
        requeue(installation, number, job, wait_ms).await?;
    }
    Ok(())
}

/// Runs the engines off the async threads. Time out or panic: nothing is clear, and the finding says why.
async fn engines(gathered: std::sync::Arc<Gathered>) -> Screening {
    let work = gathered.clone();
    let task = tokio::task::spawn_blocking(move || {
        screening::screen(&work.subject, &work.peers, &work.entries, &work.gaps, &work.context)
    });
    let reason = match tokio::time::timeout(ENGINE_LIMIT, task).await {
        Ok(Ok(screening)) => return screening,
        Ok(Err(_)) => "an engine stopped with an error",
        Err(_) => "it took longer than 2 seconds",
    };
    let gap = Gap { check: "The screening".to_owned(), reason: reason.to_owned(), path: None };
    screening::unfinished(&[gathered.gaps.as_slice(), &[gap]].concat(), &gathered.context)
}

async fn record(
    installation: &Installation,
    job: &Job,
    holder: &str,
    gathered: &Gathered,
    screening: &Screening,
    started_at: Timestamp,
) -> Result<(), StoreError> {
    let store = &installation.store;
    let now = installation.clock.now();
    let number = gathered.candidate.number;
    let before = store::screening::latest(store, number).await?;
    let dispositions = store::disposition::of_candidate(store, number).await?;
    let counting: Vec<&Finding> = screening.findings.iter().filter(|finding| !dispositions.lifts(finding)).collect();
    let attention = attention::weigh(counting.iter().copied()).attention;
    let known: BTreeSet<String> =
        before.iter().flat_map(|before| &before.screening.findings).map(store::finding::fingerprint).collect();
    let has_new = counting.iter().any(|f| f.severity > Severity::Low && !known.contains(&store::finding::fingerprint(f)));
    let peers = peers_to_look_again(installation, &gathered.candidate.id, screening).await?;

    let mut write = store.begin_write().await?;
    let new = NewScreening { candidate: number, digest: &digest(gathered, screening), screening, started_at, finished_at: now };
    let inserted = store::screening::insert(&mut write, &new).await?;
    if inserted == Inserted::New && attention >= Attention::Review {
        store::case::open_or_reopen(&mut write, number, &CaseId::random(), has_new, now).await?;
    }
    for peer in peers {
        queue(&mut write, peer, Urgency::Rescreen, now).await?;
    }
    store::job::finish(&mut write, job.number, holder).await?;
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(())
}

/// Findings are mutual: a candidate found in the pool is screened once more, unless its latest screening cites this one.
async fn peers_to_look_again(installation: &Installation, own: &CandidateId, screening: &Screening) -> Result<Vec<i64>, StoreError> {
    let mut others = BTreeSet::new();
    for finding in &screening.findings {
        let more = finding.evidence.more.iter().filter_map(|pair| pair.other.as_ref());
        for other in finding.evidence.other.iter().chain(more).filter(|other| other.kind == OtherKind::Candidate) {
            others.extend(other.id.as_deref().and_then(|id| CandidateId::parse(id).ok()));
        }
    }
    let others: Vec<CandidateId> = others.into_iter().collect();
    store::screening::not_citing(&installation.store, &others, own).await
}

/// SHA-256 over what went in and what came out: the same twice is no new row.
fn digest(gathered: &Gathered, screening: &Screening) -> String {
    let mut hash = Sha256::new();
    let submissions: Vec<i64> = gathered.submissions.iter().map(|submission| submission.number).collect();
    let parts = (&submissions, &screening.rule_version, &screening.list_versions, &screening.findings, &screening.checks, &screening.links);
    hash.update(serde_json::to_vec(&parts).unwrap_or_default());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn retry_wait(screening: &Screening, job: &Job) -> Option<i64> {
    let incomplete = screening.findings.iter().any(|finding| finding.code == crate::domain::finding::Code::ScreeningIncomplete);
    let tried = usize::try_from(job.retries()).unwrap_or(usize::MAX);
    if incomplete { RETRY_WAITS_MS.get(tried).copied() } else { None }
}

async fn requeue(installation: &Installation, number: i64, job: &Job, wait_ms: i64) -> Result<(), StoreError> {
    let now = installation.clock.now();
    let mut write = installation.store.begin_write().await?;
    let key = format!("{}:retry", unique_key(number));
    let new = NewJob { kind: JOB, unique_key: &key, payload: &job.retry_payload(), priority: 20, not_before: now.plus_ms(wait_ms), at: now };
    store::job::insert(&mut write, &new).await?;
    write.commit().await
}
