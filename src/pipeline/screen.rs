//! One screening: gather, compare, weigh, record. The run, the case and the end of the job stand in one write.
//!
//! So a worker that is killed anywhere leaves either the job or the result, never half of one, and each finding exists once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::case::{CaseStatus, DispositionVerdict};
use crate::domain::finding::{Code, Finding, OtherKind, Severity};
use crate::domain::id::{CandidateId, CaseId, ScreeningId};
use crate::domain::screening::{Attention, Screening};
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;
use crate::screening::{self, Gap, attention};
use crate::store::disposition::{self, Dispositions};
use crate::store::job::{Job, NewJob};
use crate::store::screening::{NewScreening, StoredScreening};
use crate::store::{self, StoreError, Write};

use super::gather::{self, Gathered};
use super::installation::Installation;

/// Kind of the jobs that screen one candidate.
pub const JOB: &str = "screen";

/// Waits before a screening that could not be completed is tried again, in milliseconds; after the last it stays as it is.
const RETRY_WAITS_MS: [i64; 3] = [30_000, 300_000, 3_600_000];

/// How soon a screening is wanted: live submissions before imports before rescreens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Someone waits for it.
    Live = 0,
    /// Part of a file.
    Import = 1,
    /// A list or rule changed.
    Rescreen = 2,
}

/// Queues a screening of this candidate; one that is waiting already is enough.
///
/// # Errors
/// When the database fails.
pub async fn queue(write: &mut Write, candidate: i64, urgency: Urgency, at: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JOB,
        unique_key: candidate.to_string(),
        payload: serde_json::json!({"candidate": candidate}),
        priority: urgency as i64,
        not_before: at,
        created_at: at,
    };
    store::job::insert(write, &job).await?;
    Ok(())
}

/// Screens one candidate and ends the job in the same write.
///
/// # Errors
/// When the database fails; the job is tried again. [`StoreError::Conflict`] when another worker took the job over.
pub async fn run(installation: &Installation, job: &Job, holder: &str) -> Result<(), StoreError> {
    let started_at = installation.clock.now();
    let number = job.payload.get("candidate").and_then(serde_json::Value::as_i64).ok_or(StoreError::NotFound)?;
    let Some(gathered) = gather::gather(installation, number).await? else {
        let mut write = installation.store.begin_write().await?;
        store::job::finish(&mut write, job.id, holder).await?;
        return write.commit().await;
    };
    let gathered = Arc::new(gathered);
    let mut screening = engines(gathered.clone(), installation.engine_limit).await;
    let dispositions = store::disposition::of_candidate(&installation.store, number).await?;
    lift(&mut screening, &dispositions);
    record(installation, job, holder, &gathered, &screening, started_at).await
}

/// Runs the engines off the async threads. Out of time or stopped by an error: nothing is clear, and the finding says why.
async fn engines(gathered: Arc<Gathered>, limit: Duration) -> Screening {
    let work = gathered.clone();
    let task = tokio::task::spawn_blocking(move || screening::screen(&work.subject, &work.peers, &work.entries, &work.gaps, &work.context));
    let reason = match tokio::time::timeout(limit, task).await {
        Ok(Ok(screening)) => return screening,
        Ok(Err(_)) => "an engine stopped with an error".to_owned(),
        Err(_) => format!("it took longer than {} seconds", limit.as_secs()),
    };
    let gap = Gap { check: "The screening".to_owned(), reason, path: None };
    screening::unfinished(&[gathered.gaps.as_slice(), &[gap]].concat(), &gathered.context)
}

/// Findings that a reviewer called *not a match* stay visible and no longer count.
fn lift(screening: &mut Screening, dispositions: &Dispositions) {
    let is_lifted = |finding: &&Finding| dispositions.on(finding).is_some_and(|d| d.verdict == DispositionVerdict::NotAMatch);
    let lifted = screening.findings.iter().filter(is_lifted).count();
    if lifted == 0 {
        return;
    }
    let weighed = attention::weigh(screening.findings.iter().filter(|finding| !is_lifted(finding)));
    screening.attention_reason = format!("{}; {lifted} judged not a match", weighed.reason);
    screening.attention = weighed.attention;
    screening.sources = weighed.sources;
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
    let candidate = gathered.candidate.number;
    let before = store::screening::latest(store, candidate).await?;
    let case = store::case::find(store, candidate).await?;
    let peers = peers_to_look_again(installation, screening).await?;
    let hits = list_hits(installation, before.as_ref(), screening).await?;
    let now = installation.clock.now();

    let mut write = store.begin_write().await?;
    // First: a worker whose job was taken over must not write anything.
    store::job::finish(&mut write, job.id, holder).await?;
    let new = NewScreening {
        number: store::screening::reserve(&mut write, 1).await?,
        id: &ScreeningId::random(),
        candidate,
        digest: &digest(gathered, screening),
        started_at,
        finished_at: now,
        screening,
    };
    store::screening::record(&mut write, &new).await?;
    if screening.attention >= Attention::Review {
        let was_decided = case.is_some_and(|stored| stored.case.status == CaseStatus::Decided);
        if !was_decided || has_new_finding(before.as_ref(), screening) {
            store::case::open(&mut write, candidate, &CaseId::random(), now).await?;
        }
    } else {
        store::case::withdraw(&mut write, candidate).await?;
    }
    for peer in peers {
        if !store::finding::cites_candidate(&mut write, peer, &gathered.candidate.id).await? {
            queue(&mut write, peer, Urgency::Rescreen, now).await?;
        }
    }
    if let Some(again) = again(screening, job, now) {
        store::job::insert(&mut write, &again).await?;
    }
    for hit in hits {
        store::watchlist::add_hits(&mut write, hit.watchlist, hit.version, hit.new, hit.gone).await?;
    }
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(())
}

/// True when some finding above context was not there before: only that reopens a decided case.
fn has_new_finding(before: Option<&StoredScreening>, screening: &Screening) -> bool {
    let known: BTreeSet<String> = before.iter().flat_map(|b| &b.screening.findings).map(disposition::fingerprint).collect();
    screening.findings.iter().any(|f| f.severity > Severity::Low && !known.contains(&disposition::fingerprint(f)))
}

/// Findings are mutual: a candidate found in the pool is screened once more, unless its latest screening cites this one.
async fn peers_to_look_again(installation: &Installation, screening: &Screening) -> Result<BTreeSet<i64>, StoreError> {
    let mut peers = BTreeSet::new();
    for finding in &screening.findings {
        let more = finding.evidence.more.iter().filter_map(|pair| pair.other.as_ref());
        for other in finding.evidence.other.iter().chain(more).filter(|other| other.kind == OtherKind::Candidate) {
            let Some(id) = other.id.as_deref().and_then(|id| CandidateId::parse(id).ok()) else { continue };
            peers.extend(store::candidate::find(&installation.store, &Scope::All, &id).await?.map(|peer| peer.number));
        }
    }
    Ok(peers)
}

/// Findings that a list gave or took away against the screening before.
struct ListHits {
    watchlist: i64,
    version: i64,
    new: i64,
    gone: i64,
}

async fn list_hits(
    installation: &Installation,
    before: Option<&StoredScreening>,
    screening: &Screening,
) -> Result<Vec<ListHits>, StoreError> {
    let Some(before) = before else { return Ok(Vec::new()) };
    let cited = |findings: &[Finding]| -> BTreeSet<(String, String)> {
        let others = findings.iter().filter_map(|f| Some((f, f.evidence.other.as_ref()?)));
        others.filter_map(|(f, other)| Some((other.list.clone()?, format!("{} {}", f.code, other.id.as_deref()?)))).collect()
    };
    let (then, now) = (cited(&before.screening.findings), cited(&screening.findings));
    let mut hits = Vec::new();
    for list in store::watchlist::list(&installation.store).await? {
        let count = |a: &BTreeSet<(String, String)>, b: &BTreeSet<(String, String)>| {
            i64::try_from(a.difference(b).filter(|(name, _)| *name == list.name).count()).unwrap_or(i64::MAX)
        };
        let (new, gone) = (count(&now, &then), count(&then, &now));
        if new + gone > 0 {
            hits.push(ListHits { watchlist: list.number, version: list.version, new, gone });
        }
    }
    Ok(hits)
}

/// SHA-256 over what went in and what came out: the same twice is no new row.
fn digest(gathered: &Gathered, screening: &Screening) -> String {
    let submissions: Vec<i64> = gathered.submissions.iter().map(|submission| submission.number).collect();
    let versions = (&screening.rule_version, &screening.list_versions);
    let outcome = (&screening.findings, &screening.checks, &screening.links, screening.attention, &screening.attention_reason);
    let text = serde_json::to_vec(&(&submissions, versions, outcome)).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The next try of a screening that could not be completed; none when it could, or was tried often enough.
fn again(screening: &Screening, job: &Job, now: Timestamp) -> Option<NewJob> {
    if !screening.findings.iter().any(|finding| finding.code == Code::ScreeningIncomplete) {
        return None;
    }
    let tries = job.payload.get("tries").and_then(serde_json::Value::as_u64).unwrap_or(0);
    let wait_ms = RETRY_WAITS_MS.get(usize::try_from(tries).ok()?)?;
    let candidate = job.payload.get("candidate")?;
    Some(NewJob {
        kind: JOB,
        unique_key: format!("{candidate} again"),
        payload: serde_json::json!({"candidate": candidate, "tries": tries + 1}),
        priority: Urgency::Rescreen as i64,
        not_before: now.plus_ms(*wait_ms),
        created_at: now,
    })
}
