//! The queue: each job once, none lost.

use std::collections::BTreeSet;

use bonafide::store::job::{self, Count, JobState, NewJob, Queued};
use bonafide::store::{Engine, Store, StoreError};
use rstest::rstest;
use serde_json::json;

use crate::support::{self, at};

fn screen(key: &str) -> NewJob {
    NewJob {
        kind: "screen",
        unique_key: key.to_owned(),
        payload: json!({ "candidate": key }),
        priority: 0,
        not_before: at(0),
        created_at: at(0),
    }
}

async fn queue(store: &Store, job: &NewJob) -> Queued {
    let mut write = store.begin_write().await.unwrap();
    let queued = job::insert(&mut write, job).await.unwrap();
    write.commit().await.unwrap();
    queued
}

async fn take(store: &Store, holder: &str, seconds: i64) -> Option<job::Job> {
    job::take_next(store, &["screen", "touch"], holder, at(seconds)).await.unwrap()
}

async fn finish(store: &Store, id: i64, holder: &str) -> Result<(), StoreError> {
    let mut write = store.begin_write().await.unwrap();
    job::finish(&mut write, id, holder).await?;
    write.commit().await
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_jobs_go_to_eight_workers_each_once(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut write = db.store.begin_write().await.unwrap();
    for n in 0..200 {
        job::insert(&mut write, &screen(&format!("{n:03}"))).await.unwrap();
    }
    write.commit().await.unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for n in 0..8 {
        let store = db.store.clone();
        workers.spawn(async move {
            let holder = format!("worker {n}");
            let mut done = Vec::new();
            while let Some(job) = take(&store, &holder, 0).await {
                finish(&store, job.id, &holder).await.unwrap();
                done.push(job.unique_key);
            }
            done
        });
    }
    let done = workers.join_all().await.concat();
    assert_eq!(done.len(), 200);
    assert_eq!(done.iter().collect::<BTreeSet<_>>().len(), 200);
    assert!(job::counts(&db.store).await.unwrap().is_empty());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn live_work_goes_first_and_nothing_before_its_time(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    queue(&db.store, &NewJob { priority: 2, ..screen("rescreen") }).await;
    queue(&db.store, &screen("live 1")).await;
    queue(&db.store, &screen("live 2")).await;
    queue(&db.store, &NewJob { not_before: at(60), ..screen("later") }).await;
    queue(&db.store, &NewJob { kind: "digest", ..screen("of another kind") }).await;
    let first = take(&db.store, "a", 0).await.unwrap();
    assert_eq!((first.unique_key.as_str(), first.attempts, first.kind.as_str()), ("live 1", 1, "screen"));
    assert_eq!((first.payload, first.created_at), (json!({ "candidate": "live 1" }), at(0)));
    assert_eq!(take(&db.store, "a", 0).await.unwrap().unique_key, "live 2");
    assert_eq!(take(&db.store, "a", 0).await.unwrap().unique_key, "rescreen");
    assert_eq!(take(&db.store, "a", 59).await, None);
    assert_eq!(take(&db.store, "a", 60).await.unwrap().unique_key, "later");
    assert_eq!(job::take_next(&db.store, &[], "a", at(60)).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_waiting_job_is_asked_for_once_and_takes_the_better_terms(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    assert_eq!(queue(&db.store, &NewJob { priority: 2, not_before: at(60), ..screen("a") }).await, Queued::Inserted);
    assert_eq!(queue(&db.store, &NewJob { payload: json!(2), ..screen("a") }).await, Queued::AlreadyWaiting);
    assert_eq!(queue(&db.store, &NewJob { kind: "touch", ..screen("a") }).await, Queued::Inserted);
    let taken = take(&db.store, "w", 0).await.unwrap();
    assert_eq!((taken.kind.as_str(), taken.priority, taken.payload), ("screen", 0, json!(2)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn what_is_asked_for_while_it_runs_runs_again(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    queue(&db.store, &screen("a")).await;
    let first = take(&db.store, "w", 0).await.unwrap();
    assert_eq!(queue(&db.store, &screen("a")).await, Queued::Inserted);
    assert_eq!(queue(&db.store, &screen("a")).await, Queued::AlreadyWaiting);
    assert_eq!(job::states(&db.store, "screen", "a").await.unwrap(), [JobState::Running, JobState::Waiting]);
    finish(&db.store, first.id, "w").await.unwrap();
    let second = take(&db.store, "w", 0).await.unwrap();
    assert_ne!(second.id, first.id);
    finish(&db.store, second.id, "w").await.unwrap();
    assert_eq!(take(&db.store, "w", 0).await, None);
    assert!(job::states(&db.store, "screen", "a").await.unwrap().is_empty());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_job_asked_for_in_an_open_change_does_not_run_before_its_commit(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    queue(&db.store, &screen("a")).await;
    let mut change = db.store.begin_write().await.unwrap();
    assert_eq!(job::insert(&mut change, &screen("a")).await.unwrap(), Queued::AlreadyWaiting);
    let store = db.store.clone();
    let taking = tokio::spawn(async move { take(&store, "w", 0).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!taking.is_finished(), "it would run on the state before the change");
    change.commit().await.unwrap();
    assert_eq!(taking.await.unwrap().unwrap().unique_key, "a");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_retried_job_waits_or_joins_the_one_that_waits(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    queue(&db.store, &screen("a")).await;
    let first = take(&db.store, "w", 0).await.unwrap();
    assert!(!job::retry(&db.store, first.id, "someone else", "photo unreadable", at(30)).await.unwrap());
    assert!(job::retry(&db.store, first.id, "w", "photo unreadable", at(30)).await.unwrap());
    assert!(!job::retry(&db.store, first.id, "w", "photo unreadable", at(30)).await.unwrap());
    assert_eq!(take(&db.store, "w", 29).await, None);
    let second = take(&db.store, "w", 30).await.unwrap();
    assert_eq!((second.attempts, second.created_at), (2, at(0)));

    queue(&db.store, &screen("a")).await;
    assert!(job::retry(&db.store, second.id, "w", "again", at(900)).await.unwrap());
    let joined = take(&db.store, "w", 31).await.unwrap();
    assert_eq!(take(&db.store, "w", 1_000).await, None);
    assert!(job::fail(&db.store, joined.id, "w", "given up").await.unwrap());
    assert!(!job::fail(&db.store, joined.id, "w", "given up").await.unwrap());
    assert_eq!(job::states(&db.store, "screen", "a").await.unwrap(), [JobState::Failed]);
    assert_eq!(queue(&db.store, &screen("a")).await, Queued::Inserted);
    let counts = job::counts(&db.store).await.unwrap();
    let expected = [JobState::Failed, JobState::Waiting].map(|state| ("screen".to_owned(), Count { priority: 0, state, jobs: 1 }));
    assert_eq!(counts, expected);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_abandoned_job_goes_to_one_other_and_the_first_holder_is_told(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    queue(&db.store, &screen("a")).await;
    let taken = take(&db.store, "dead", 0).await.unwrap();
    let seen = job::running(&db.store).await.unwrap();
    assert_eq!((seen.len(), seen[0].id, seen[0].holder.as_str()), (1, taken.id, "dead"));
    assert!(job::beat(&db.store, taken.id, "dead").await.unwrap());
    let late = job::take_over(&db.store, taken.id, seen[0].beat, "early watcher").await.unwrap();
    assert_eq!(late, None, "its holder is alive");

    let seen = job::running(&db.store).await.unwrap()[0].beat;
    let mut watchers = tokio::task::JoinSet::new();
    for n in 0..6 {
        let (store, id) = (db.store.clone(), taken.id);
        watchers.spawn(async move {
            let holder = format!("watcher {n}");
            job::take_over(&store, id, seen, &holder).await.unwrap().map(|job| (holder, job.attempts))
        });
    }
    let winners: Vec<(String, i64)> = watchers.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    let (winner, attempts) = &winners[0];
    assert_eq!(*attempts, 2);
    assert!(!job::beat(&db.store, taken.id, "dead").await.unwrap());
    assert!(matches!(finish(&db.store, taken.id, "dead").await, Err(StoreError::Conflict)));
    finish(&db.store, taken.id, winner).await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_clean_stop_gives_everything_back(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    for key in ["a", "b", "c"] {
        queue(&db.store, &screen(key)).await;
    }
    for holder in ["stopping", "stopping", "staying"] {
        take(&db.store, holder, 0).await.unwrap();
    }
    assert_eq!(job::release_all_of(&db.store, "stopping", at(0)).await.unwrap(), 2);
    assert_eq!(job::running(&db.store).await.unwrap().len(), 1);
    let again = take(&db.store, "next", 0).await.unwrap();
    assert_eq!((again.unique_key.as_str(), again.attempts), ("a", 1));
}
