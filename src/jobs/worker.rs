//! The workers of one process: take a job, run it, say every few seconds that it is still being worked on.
//!
//! A worker that dies leaves a job whose beat stands still. Every process watches the running jobs on its own monotonic clock
//! and takes over what stood still for [`ABANDONED_AFTER`]; no stored time decides, so clocks may jump.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::domain::id::RequestId;
use crate::pipeline::installation::Installation;
use crate::pipeline::{screen, touched};
use crate::store::job::{self, Job};
use crate::store::{Store, StoreError};

/// Kinds of jobs these workers run.
const KINDS: [&str; 2] = [screen::JOB, touched::JOB];

/// How often a holder raises the beat.
const BEAT_EVERY: Duration = Duration::from_secs(5);

/// How long a beat stands still before the job counts as abandoned.
const ABANDONED_AFTER: Duration = Duration::from_secs(20);

/// Longest sleep when nothing wakes the worker: another process may have written a job.
const IDLE: Duration = Duration::from_millis(500);

/// Tries before a job is given up and kept to be looked at.
const TRIES_MAX: i64 = 6;

/// Runs `workers` workers and one watcher until `stop` says so. Jobs in hand are finished or given back.
///
/// # Errors
/// When the database cannot be asked to take back what is left.
pub async fn run(installation: Installation, workers: usize, mut stop: watch::Receiver<bool>) -> Result<(), StoreError> {
    let holder = RequestId::random();
    let mut tasks = JoinSet::new();
    for _ in 0..workers.max(1) {
        tasks.spawn(work(installation.clone(), holder.to_string(), stop.clone()));
    }
    tasks.spawn(watch_abandoned(installation.clone(), holder.to_string(), stop.clone()));
    drop(stop.wait_for(|stopped| *stopped).await);
    installation.wake.notify_waiters();
    while tasks.join_next().await.is_some() {}
    job::release_all_of(&installation.store, holder.as_str(), installation.clock.now()).await?;
    Ok(())
}

/// Works off everything that is due now, then returns: for commands that queue work and wait for it.
///
/// # Errors
/// When the database fails.
pub async fn drain(installation: &Installation) -> Result<usize, StoreError> {
    let holder = RequestId::random();
    let mut done = 0;
    while let Some(job) = job::take_next(&installation.store, &KINDS, holder.as_str(), installation.clock.now()).await? {
        run_one(installation, &job, holder.as_str()).await;
        done += 1;
    }
    Ok(done)
}

async fn work(installation: Installation, holder: String, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let woken = installation.wake.notified();
        match job::take_next(&installation.store, &KINDS, &holder, installation.clock.now()).await {
            Ok(Some(job)) => run_one(&installation, &job, &holder).await,
            Ok(None) => drop(tokio::time::timeout(IDLE, woken).await),
            Err(error) => {
                tracing::warn!(error = %error, "no job could be taken");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

async fn run_one(installation: &Installation, job: &Job, holder: &str) {
    let started = Instant::now();
    let beating = tokio::spawn(beat(installation.store.clone(), job.id, holder.to_owned()));
    let outcome = match job.kind.as_str() {
        screen::JOB => screen::run(installation, job, holder).await,
        touched::JOB => touched::run(installation, job, holder).await,
        _ => Err(StoreError::NotFound),
    };
    beating.abort();
    match outcome {
        Ok(()) => tracing::debug!(job = job.id, kind = %job.kind, ms = started.elapsed().as_millis(), "job done"),
        // Another holder has it: what it does is enough.
        Err(StoreError::Conflict) => tracing::info!(job = job.id, kind = %job.kind, "job was taken over"),
        Err(error) => give_back(installation, job, holder, &error).await,
    }
}

async fn give_back(installation: &Installation, job: &Job, holder: &str, error: &StoreError) {
    tracing::warn!(job = job.id, kind = %job.kind, attempts = job.attempts, error = %error, "job failed");
    let text = error.to_string();
    let store = &installation.store;
    let outcome = if job.attempts >= TRIES_MAX && !error.is_passing() {
        job::fail(store, job.id, holder, &text).await
    } else {
        let wait_ms = 1_000 << job.attempts.clamp(0, 8);
        job::retry(store, job.id, holder, &text, installation.clock.now().plus_ms(wait_ms)).await
    };
    if let Err(error) = outcome {
        // The beat now stands still, so the watcher of some process takes the job over.
        tracing::warn!(job = job.id, error = %error, "job could not be given back");
    }
}

async fn beat(store: Store, id: i64, holder: String) {
    loop {
        tokio::time::sleep(BEAT_EVERY).await;
        match job::beat(&store, id, &holder).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::warn!(job = id, error = %error, "the beat was not raised"),
        }
    }
}

/// Watches every running job; one whose beat stood still is taken over and run here.
async fn watch_abandoned(installation: Installation, holder: String, mut stop: watch::Receiver<bool>) {
    let mut seen: HashMap<i64, (i64, Instant)> = HashMap::new();
    while !*stop.borrow() {
        if let Ok(running) = job::running(&installation.store).await {
            seen.retain(|id, _| running.iter().any(|job| job.id == *id));
            for job in running {
                let (beat, since) = *seen.entry(job.id).or_insert((job.beat, Instant::now()));
                if beat != job.beat {
                    seen.insert(job.id, (job.beat, Instant::now()));
                } else if since.elapsed() >= ABANDONED_AFTER
                    && job.holder != holder
                    && let Ok(Some(taken)) = job::take_over(&installation.store, job.id, beat, &holder).await
                {
                    tracing::info!(job = taken.id, kind = %taken.kind, "abandoned job taken over");
                    run_one(&installation, &taken, &holder).await;
                }
            }
        }
        drop(tokio::time::timeout(BEAT_EVERY, stop.changed()).await);
    }
}
