//! The reverse journey: a list changed, so which earlier candidates must be seen again? The same keys, asked the other way.

use crate::domain::time::Timestamp;
use crate::screening::identity::keys::Questions;
use crate::screening::policy::{EXACT_BLOCK_ROWS, NAME_ROW_BUDGET};
use crate::store::job::{Job, NewJob};
use crate::store::key::KeyKind;
use crate::store::{self, StoreError, Write};

use super::installation::Installation;
use super::screen::{self, Urgency};

/// Kind of the jobs that look for candidates a list version touches.
pub const JOB: &str = "touch";

/// Entries, and candidates, handled in one step.
const PAGE: i64 = 500;

/// Queues the search for candidates that a version touches, inside the write that publishes it.
///
/// # Errors
/// When the database fails.
pub async fn queue(write: &mut Write, watchlist: i64, version: i64, at: Timestamp) -> Result<(), StoreError> {
    let job = NewJob {
        kind: JOB,
        unique_key: format!("{watchlist}@{version}"),
        payload: serde_json::json!({"watchlist": watchlist, "version": version}),
        priority: 1,
        not_before: at,
        created_at: at,
    };
    store::job::insert(write, &job).await?;
    Ok(())
}

/// Queues a screening for everyone the version touches, then ends the job. Stopped midway and run again it queues the same.
///
/// # Errors
/// When the database fails; the job is tried again.
pub async fn run(installation: &Installation, job: &Job, holder: &str) -> Result<(), StoreError> {
    let field = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_i64).ok_or(StoreError::NotFound);
    let (watchlist, version) = (field("watchlist")?, field("version")?);
    let store = &installation.store;
    let mut after = 0;
    loop {
        let entries = store::entry::begun_in(store, watchlist, version, after, PAGE).await?;
        let Some(last) = entries.last() else { break };
        after = last.number;
        for entry in &entries {
            let questions = Questions::of_persona(&entry.persona);
            let exact = store::key::sharing(store, KeyKind::Candidate, &questions.exact, EXACT_BLOCK_ROWS).await?;
            let names = store::key::rarest_first(store, KeyKind::Candidate, &questions.names, NAME_ROW_BUDGET).await?;
            screen_again(installation, &[exact.numbers, names.numbers].concat()).await?;
        }
    }
    let mut after = 0;
    loop {
        let ended = store::entry::ended_by(store, watchlist, version, after, PAGE).await?;
        let Some((last, _)) = ended.last() else { break };
        after = *last;
        let ids: Vec<_> = ended.into_iter().map(|(_, id)| id).collect();
        let citing = store::finding::citing_entries(store, &ids).await?;
        screen_again(installation, &citing).await?;
    }
    let mut write = store.begin_write().await?;
    store::job::finish(&mut write, job.id, holder).await?;
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(())
}

/// Queues a screening for each of these candidates, behind live work, in short writes.
///
/// # Errors
/// When the database fails.
pub async fn screen_again(installation: &Installation, candidates: &[i64]) -> Result<(), StoreError> {
    let mut candidates = candidates.to_vec();
    candidates.sort_unstable();
    candidates.dedup();
    for batch in candidates.chunks(PAGE as usize) {
        let mut write = installation.store.begin_write().await?;
        for candidate in batch {
            screen::queue(&mut write, *candidate, Urgency::Rescreen, installation.clock.now()).await?;
        }
        write.commit().await?;
    }
    Ok(())
}

/// Queues a screening for every candidate: after a new rule or data table.
///
/// # Errors
/// When the database fails.
pub async fn screen_all_again(installation: &Installation) -> Result<usize, StoreError> {
    let (mut after, mut count) = (0, 0);
    loop {
        let numbers = store::candidate::numbers_above(&installation.store, after, PAGE).await?;
        let Some(last) = numbers.last() else { return Ok(count) };
        after = *last;
        count += numbers.len();
        screen_again(installation, &numbers).await?;
    }
}
