//! Opening, migrating, writing, counting.

use bonafide::store::counter::{self, Counter};
use bonafide::store::{Engine, Store, StoreError, migrate};
use rstest::rstest;
use sqlx::AssertSqlSafe;

use crate::support;

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn migrating_twice_changes_nothing(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    migrate::run(&db.store).await.unwrap();
    assert_eq!(db.store.engine(), engine);
    db.store.ping().await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_older_program_refuses_a_newer_database(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    db.tamper("UPDATE _sqlx_migrations SET version = 9001 WHERE version = 1").await;
    let error = migrate::run(&db.store).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 9001, .. }), "{error:?}");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_dropped_write_never_happened(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(counter::next(&mut write, Counter::Photo).await.unwrap(), 1);
    drop(write);
    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(counter::next(&mut write, Counter::Photo).await.unwrap(), 1);
    write.commit().await.unwrap();
    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(counter::next(&mut write, Counter::Photo).await.unwrap(), 2);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn reserved_numbers_never_overlap(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let mut numbers = Vec::new();
            for _ in 0..10 {
                let mut write = store.begin_write().await.unwrap();
                let first = counter::reserve(&mut write, "candidate", 7).await.unwrap();
                write.commit().await.unwrap();
                numbers.extend(first..first + 7);
            }
            numbers
        });
    }
    let mut all: Vec<i64> = tasks.join_all().await.concat();
    all.sort_unstable();
    assert_eq!(all, (1..=280).collect::<Vec<_>>());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_second_writer_waits_its_turn(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let other = Store::open(&db.url).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for store in [&db.store, &other, &db.store, &other] {
        let store = store.clone();
        tasks.spawn(async move {
            for _ in 0..25 {
                let mut write = store.begin_write().await.unwrap();
                counter::next(&mut write, Counter::List).await.unwrap();
                write.commit().await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let mut write = other.begin_write().await.unwrap();
    assert_eq!(counter::next(&mut write, Counter::List).await.unwrap(), 101);
}

#[rstest]
#[case::sqlite(Engine::Sqlite, "BEGIN IMMEDIATE")]
#[case::postgres(Engine::Postgres, "BEGIN; UPDATE counter SET n = n WHERE name = 'photo'")]
#[tokio::test]
async fn who_waits_too_long_for_a_lock_hears_busy(#[case] engine: Engine, #[case] lock: &str) {
    let Some(db) = support::open(engine).await else { return };
    let mut raw = db.raw().await;
    sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut raw).await.unwrap();
    let wait = async || {
        let mut write = db.store.begin_write().await?;
        counter::next(&mut write, Counter::Photo).await
    };
    let error = wait().await.unwrap_err();
    assert!(matches!(error, StoreError::Busy(_)) && error.is_passing(), "{error:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut raw).await.unwrap();
    assert_eq!(wait().await.unwrap(), 1);
}

#[tokio::test]
async fn sqlite_files_are_their_owners_alone_and_lose_nothing() {
    let db = support::open(Engine::Sqlite).await.unwrap();
    #[cfg(unix)]
    for end in ["", "-wal"] {
        use std::os::unix::fs::PermissionsExt;
        let path = format!("{}{end}", db.url.trim_start_matches("sqlite://"));
        assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(db.store.warnings().is_empty());
}

#[tokio::test]
async fn a_file_name_may_hold_anything() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Übung 1%20 & more.db");
    let store = Store::open(&format!("sqlite://{}", path.display())).await.unwrap();
    migrate::run(&store).await.unwrap();
    assert!(path.exists());
}

#[tokio::test]
async fn a_server_that_may_lose_commits_is_named() {
    let Some(db) = support::open(Engine::Postgres).await else { return };
    let name = db.url.rsplit('/').find(|part| part.starts_with("bonafide_test")).unwrap().split('?').next().unwrap();
    db.tamper(&format!("ALTER DATABASE {name} SET synchronous_commit = off")).await;
    let again = Store::open(&db.url).await.unwrap();
    assert!(again.warnings().iter().any(|w| w.contains("synchronous_commit = off")), "{:?}", again.warnings());
    assert!(!db.store.warnings().iter().any(|w| w.contains("synchronous_commit")));
}

#[rstest]
#[case::no_kind("bonafide.db")]
#[case::other_kind("mysql://localhost/x")]
#[case::in_memory("sqlite://:memory:")]
#[case::parameters("sqlite://x.db?mode=memory")]
#[tokio::test]
async fn other_addresses_are_refused(#[case] url: &str) {
    assert!(matches!(Store::open(url).await, Err(StoreError::Address(_))));
}
