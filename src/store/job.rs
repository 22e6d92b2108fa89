//! The queue: work that outlives the request that asked for it.
//!
//! A job waits, is taken by one holder, and is deleted when it is finished. Its key is unique among *waiting* jobs of its kind
//! alone: what is asked for while the same work runs waits for a run of its own, so a change in the middle of a screening is
//! not lost. A holder raises `beat`; another takes the job over once it saw the beat stand still on its own monotonic clock,
//! so no stored time decides.

use serde::{Deserialize, Serialize};

use super::counter;
use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;
use crate::domain::finding::words;
use crate::domain::time::Timestamp;

words!(
    /// Where a job stands.
    JobState {
        /// To be taken.
        Waiting = "waiting",
        /// Taken.
        Running = "running",
        /// Given up after too many tries; kept to be looked at.
        Failed = "failed",
    }
);

/// Work to be queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Which job: `screen`, `touch`.
    pub kind: &'static str,
    /// What it works on: one waiting job a kind and key.
    pub unique_key: String,
    /// What it needs to know: ids and numbers.
    pub payload: serde_json::Value,
    /// Lower is earlier: 0 live submissions, 1 imports, 2 rescreens.
    pub priority: i64,
    /// Not taken before.
    pub not_before: Timestamp,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// What became of a job to be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queued {
    /// It waits now.
    Inserted,
    /// One of this key waits already; it took the better priority, the earlier time and the newer payload.
    AlreadyWaiting,
}

/// A job that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// Which job.
    pub kind: String,
    /// What it works on.
    pub unique_key: String,
    /// What it needs to know.
    pub payload: serde_json::Value,
    /// As queued.
    pub priority: i64,
    /// Times it was taken, this one included.
    pub attempts: i64,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// A job in someone's hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub id: i64,
    /// Who has it.
    pub holder: String,
    /// How far its holder raised the beat.
    pub beat: i64,
}

/// How many jobs of one kind and priority stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// As queued.
    pub priority: i64,
    /// Where they stand.
    pub state: JobState,
    /// How many.
    pub jobs: i64,
}

row! {
    struct JobRow {
        number: i64,
        kind: String,
        unique_key: String,
        payload: String,
        priority: i64,
        attempts: i64,
        created_at: i64,
    }
}

row! {
    struct RunningRow {
        number: i64,
        holder: Option<String>,
        beat: i64,
    }
}

row! {
    struct CountRow {
        kind: String,
        priority: i64,
        state: String,
        jobs: i64,
    }
}

impl TryFrom<JobRow> for Job {
    type Error = StoreError;
    fn try_from(row: JobRow) -> Result<Self, StoreError> {
        Ok(Self {
            payload: serde_json::from_str(&row.payload).map_err(|_| StoreError::inconsistent("job", "payload", row.number))?,
            id: row.number,
            kind: row.kind,
            unique_key: row.unique_key,
            priority: row.priority,
            attempts: row.attempts,
            created_at: Timestamp::from_ms(row.created_at),
        })
    }
}

/// Queues work, in the transaction of the change that asks for it: after its numbers are reserved and before a counter is
/// taken, several jobs in the order of their keys, so that two writers never wait for each other.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, job: &NewJob) -> Result<Queued, StoreError> {
    let number = counter::reserve(write, "job", 1).await?;
    // DO UPDATE, not DO NOTHING: its row lock keeps the waiting job from being taken before this change is committed, or it
    // would run on the state before.
    let kept: i64 = sqlx::query_scalar(
        "INSERT INTO job (number, kind, unique_key, slot, payload, priority, state, attempts, beat, not_before, created_at) \
         VALUES ($1, $2, $3, 'waiting', $4, $5, 'waiting', 0, 0, $6, $7) ON CONFLICT (kind, unique_key, slot) DO UPDATE SET \
         payload = excluded.payload, \
         priority = CASE WHEN excluded.priority < job.priority THEN excluded.priority ELSE job.priority END, \
         not_before = CASE WHEN excluded.not_before < job.not_before THEN excluded.not_before ELSE job.not_before END \
         RETURNING number",
    )
    .bind(number)
    .bind(job.kind)
    .bind(&job.unique_key)
    .bind(job.payload.to_string())
    .bind(job.priority)
    .bind(job.not_before.as_ms())
    .bind(job.created_at.as_ms())
    .fetch_one(write.connection())
    .await?;
    Ok(if kept == number { Queued::Inserted } else { Queued::AlreadyWaiting })
}

/// Takes the next job of these kinds that is due: best priority first, then oldest. Each job goes to one holder.
///
/// # Errors
/// When the database fails.
pub async fn take_next(store: &Store, kinds: &[&str], holder: &str, now: Timestamp) -> Result<Option<Job>, StoreError> {
    loop {
        let due = due(store, kinds, now).await?;
        if due.is_empty() {
            return Ok(None);
        }
        for number in due {
            let mut write = store.begin_write().await?;
            let row: Option<JobRow> = sqlx::query_as(
                "UPDATE job SET state = 'running', slot = $3, holder = $2, beat = beat + 1, attempts = attempts + 1 \
                 WHERE number = $1 AND state = 'waiting' \
                 RETURNING number, kind, unique_key, payload, priority, attempts, created_at",
            )
            .bind(number)
            .bind(holder)
            .bind(number.to_string())
            .fetch_optional(write.connection())
            .await?;
            write.commit().await?;
            if let Some(row) = row {
                return Job::try_from(row).map(Some);
            }
        }
    }
}

/// A few due jobs, best first: whoever loses the first to another worker tries the next.
async fn due(store: &Store, kinds: &[&str], now: Timestamp) -> Result<Vec<i64>, StoreError> {
    let Some(kinds) = sql::padded(kinds).next() else { return Ok(Vec::new()) };
    let mut query = sqlx::query_scalar(sql::with_keys(
        "SELECT number FROM job WHERE state = 'waiting' AND not_before <= $1 AND kind IN {keys} \
         ORDER BY priority, number LIMIT 8",
        2,
    ))
    .bind(now.as_ms());
    for kind in kinds {
        query = query.bind(*kind);
    }
    Ok(query.fetch_all(store.reader()).await?)
}

/// Says that the holder is alive; false when the job is no longer theirs, and they stop.
///
/// # Errors
/// When the database fails.
pub async fn beat(store: &Store, id: i64, holder: &str) -> Result<bool, StoreError> {
    let mut write = store.begin_write().await?;
    let mine = raise_beat(&mut write, id, holder).await?;
    write.commit().await?;
    Ok(mine)
}

async fn raise_beat(write: &mut Write, id: i64, holder: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE job SET beat = beat + 1 WHERE number = $1 AND holder = $2 AND state = 'running'")
        .bind(id)
        .bind(holder)
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a job, in the transaction of what it did.
///
/// # Errors
/// [`StoreError::Conflict`] when the job was taken over: drop the transaction, the other holder does the work.
pub async fn finish(write: &mut Write, id: i64, holder: &str) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM job WHERE number = $1 AND holder = $2 AND state = 'running'")
        .bind(id)
        .bind(holder)
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Lets a job wait again, under a new number; where one of its key waits already, that one does for both. False when the job
/// is no longer the holder's. `error` is a code or sentence without personal data.
///
/// # Errors
/// When the database fails.
pub async fn retry(store: &Store, id: i64, holder: &str, error: &str, not_before: Timestamp) -> Result<bool, StoreError> {
    let mut write = store.begin_write().await?;
    let mine = wait_again(&mut write, id, holder, error, not_before, 0).await?;
    write.commit().await?;
    Ok(mine)
}

async fn wait_again(
    write: &mut Write,
    id: i64,
    holder: &str,
    error: &str,
    not_before: Timestamp,
    attempts_given_back: i64,
) -> Result<bool, StoreError> {
    // First, because its row lock keeps others from taking the job over in between.
    if !raise_beat(write, id, holder).await? {
        return Ok(false);
    }
    let number = counter::reserve(write, "job", 1).await?;
    sqlx::query(
        "INSERT INTO job (number, kind, unique_key, slot, payload, priority, state, attempts, beat, not_before, created_at, last_error) \
         SELECT $2, kind, unique_key, 'waiting', payload, priority, 'waiting', attempts - $3, 0, $4, created_at, $5 \
         FROM job WHERE number = $1 ON CONFLICT (kind, unique_key, slot) DO UPDATE SET \
         priority = CASE WHEN excluded.priority < job.priority THEN excluded.priority ELSE job.priority END",
    )
    .bind(id)
    .bind(number)
    .bind(attempts_given_back)
    .bind(not_before.as_ms())
    .bind(error)
    .execute(write.connection())
    .await?;
    sqlx::query("DELETE FROM job WHERE number = $1").bind(id).execute(write.connection()).await?;
    Ok(true)
}

/// Gives a job up; it stays to be looked at. False when it is no longer the holder's.
///
/// # Errors
/// When the database fails.
pub async fn fail(store: &Store, id: i64, holder: &str, error: &str) -> Result<bool, StoreError> {
    let mut write = store.begin_write().await?;
    let done = sqlx::query(
        "UPDATE job SET state = 'failed', holder = NULL, last_error = $3 WHERE number = $1 AND holder = $2 AND state = 'running'",
    )
    .bind(id)
    .bind(holder)
    .bind(error)
    .execute(write.connection())
    .await?;
    write.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Every job in someone's hands. Whoever watches sees the same beat twice, 20 s apart on their own clock, and takes it over.
///
/// # Errors
/// When the database fails.
pub async fn running(store: &Store) -> Result<Vec<Running>, StoreError> {
    let rows: Vec<RunningRow> =
        sqlx::query_as("SELECT number, holder, beat FROM job WHERE state = 'running' ORDER BY number").fetch_all(store.reader()).await?;
    let running = |row: RunningRow| {
        let holder = row.holder.ok_or_else(|| StoreError::inconsistent("job", "holder", row.number))?;
        Ok(Running { id: row.number, holder, beat: row.beat })
    };
    rows.into_iter().map(running).collect()
}

/// Takes an abandoned job; none when its holder, or another watcher, moved the beat meanwhile.
///
/// # Errors
/// When the database fails.
pub async fn take_over(store: &Store, id: i64, seen_beat: i64, holder: &str) -> Result<Option<Job>, StoreError> {
    let mut write = store.begin_write().await?;
    let row: Option<JobRow> = sqlx::query_as(
        "UPDATE job SET holder = $3, beat = beat + 1, attempts = attempts + 1 \
         WHERE number = $1 AND beat = $2 AND state = 'running' \
         RETURNING number, kind, unique_key, payload, priority, attempts, created_at",
    )
    .bind(id)
    .bind(seen_beat)
    .bind(holder)
    .fetch_optional(write.connection())
    .await?;
    write.commit().await?;
    row.map(Job::try_from).transpose()
}

/// Lets everything a holder has wait again, at a clean stop; that was no failed try. Gives how many.
///
/// # Errors
/// When the database fails.
pub async fn release_all_of(store: &Store, holder: &str, now: Timestamp) -> Result<u64, StoreError> {
    let mut released = 0;
    for job in running(store).await?.into_iter().filter(|job| job.holder == holder) {
        let mut write = store.begin_write().await?;
        let mine = wait_again(&mut write, job.id, holder, "stopped", now, 1).await?;
        write.commit().await?;
        released += u64::from(mine);
    }
    Ok(released)
}

/// How many jobs stand where, by kind.
///
/// # Errors
/// When the database fails.
pub async fn counts(store: &Store) -> Result<Vec<(String, Count)>, StoreError> {
    let rows: Vec<CountRow> = sqlx::query_as(
        "SELECT kind, priority, state, COUNT(*) AS jobs FROM job GROUP BY kind, priority, state ORDER BY kind, priority, state",
    )
    .fetch_all(store.reader())
    .await?;
    let count = |row: CountRow| {
        let state = JobState::parse(&row.state).ok_or_else(|| StoreError::inconsistent("job", "state", &row.kind))?;
        Ok((row.kind, Count { priority: row.priority, state, jobs: row.jobs }))
    };
    rows.into_iter().map(count).collect()
}

/// Where the jobs of one kind and key stand: what `queued` and `running` in an answer mean.
///
/// # Errors
/// When the database fails.
pub async fn states(store: &Store, kind: &str, unique_key: &str) -> Result<Vec<JobState>, StoreError> {
    let words: Vec<String> = sqlx::query_scalar("SELECT state FROM job WHERE kind = $1 AND unique_key = $2 ORDER BY number")
        .bind(kind)
        .bind(unique_key)
        .fetch_all(store.reader())
        .await?;
    words.iter().map(|word| JobState::parse(word).ok_or_else(|| StoreError::inconsistent("job", "state", unique_key))).collect()
}
