//! The audit log: in order, append-only, and no change of it goes unseen.

use bonafide::domain::audit::AuditEvent;
use bonafide::domain::id::UserId;
use bonafide::domain::user::Actor;
use bonafide::store::audit::{self, AuditKey, Broken, Filter};
use bonafide::store::{Engine, Store};
use rstest::rstest;
use sqlx::{AssertSqlSafe, Connection};

use crate::support::{self, TestStore, at};

fn key() -> AuditKey {
    AuditKey::new([42; 32])
}

fn event(n: i64) -> AuditEvent {
    let actor = Actor { user: (n % 2 == 0).then(UserId::random), name: format!("actor {}", n % 3) };
    AuditEvent::new(at(n), &actor, if n < 5 { "candidate.submitted" } else { "decision.made" }, (n % 4 != 0).then_some("object"))
        .with("count", n)
        .with("code", "watchlist.email")
}

async fn log_of(store: &Store, count: i64) -> Vec<AuditEvent> {
    let events: Vec<AuditEvent> = (1..=count).map(event).collect();
    for event in &events {
        let mut write = store.begin_write().await.unwrap();
        audit::append(&mut write, event, &key()).await.unwrap();
        write.commit().await.unwrap();
    }
    events
}

async fn without_triggers(db: &TestStore) {
    match db.store.engine() {
        Engine::Sqlite => db.tamper("DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_loses_none").await,
        Engine::Postgres => db.tamper("DROP TRIGGER audit_keeps_rows ON audit").await,
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_empty_and_a_whole_log_are_verified(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let empty = audit::verify(&db.store, &key()).await.unwrap().unwrap();
    assert_eq!((empty.rows, empty.head), (0, [0; 32]));
    log_of(&db.store, 8).await;
    let whole = audit::verify(&db.store, &key()).await.unwrap().unwrap();
    assert_eq!(whole.rows, 8);
    let other_key = audit::verify(&db.store, &AuditKey::new([43; 32])).await.unwrap();
    assert_eq!(other_key, Err(Broken::Changed(1)));
    assert_eq!(format!("{:?}", key()), "AuditKey(hidden)");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn the_log_is_listed_newest_first_page_by_page(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let events = log_of(&db.store, 8).await;
    let list = async |filter: Filter, limit: u32| audit::list(&db.store, &filter, limit).await.unwrap();
    let numbers = |entries: &[audit::Entry]| entries.iter().map(|entry| entry.number).collect::<Vec<_>>();
    let all = list(Filter::default(), 100).await;
    assert_eq!(numbers(&all), [8, 7, 6, 5, 4, 3, 2, 1]);
    assert!(all.iter().rev().map(|entry| &entry.event).eq(&events));
    assert_eq!(numbers(&list(Filter::default(), 3).await), [8, 7, 6]);
    assert_eq!(numbers(&list(Filter { before: Some(6), ..Filter::default() }, 3).await), [5, 4, 3]);
    assert_eq!(numbers(&list(Filter { action: Some("candidate.submitted".to_owned()), ..Filter::default() }, 9).await), [4, 3, 2, 1]);
    assert_eq!(numbers(&list(Filter { object: Some("object".to_owned()), ..Filter::default() }, 9).await), [7, 6, 5, 3, 2, 1]);
    assert_eq!(numbers(&list(Filter { actor: Some("actor 0".to_owned()), ..Filter::default() }, 9).await), [6, 3]);
    assert_eq!(numbers(&list(Filter { from: Some(at(3)), to: Some(at(5)), ..Filter::default() }, 9).await), [4, 3]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn parallel_writers_make_one_chain(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let other = Store::open(&db.url).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for store in [&db.store, &other, &db.store, &other] {
        let store = store.clone();
        tasks.spawn(async move { log_of(&store, 20).await });
    }
    while !tasks.is_empty() {
        // What is read in the middle is whole, too.
        audit::verify(&db.store, &key()).await.unwrap().unwrap();
        tasks.join_next().await.unwrap().unwrap();
    }
    assert_eq!(audit::verify(&db.store, &key()).await.unwrap().unwrap().rows, 80);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn the_database_refuses_to_change_or_delete_a_row(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    log_of(&db.store, 3).await;
    let mut raw = db.raw().await;
    for sql in ["UPDATE audit SET action = 'x' WHERE number = 2", "DELETE FROM audit WHERE number = 2", "DELETE FROM audit"] {
        let error = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut raw).await.unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
    raw.close().await.unwrap();
    assert_eq!(audit::verify(&db.store, &key()).await.unwrap().unwrap().rows, 3);
}

#[rstest]
#[case::actor_changed("UPDATE audit SET actor_name = 'someone else' WHERE number = 3", Broken::Changed(3))]
#[case::detail_changed("UPDATE audit SET detail = '{}' WHERE number = 8", Broken::Changed(8))]
#[case::object_emptied("UPDATE audit SET object = '' WHERE number = 4", Broken::Changed(4))]
#[case::row_deleted("DELETE FROM audit WHERE number = 5", Broken::Missing(5))]
#[case::row_deleted_and_gap_closed("DELETE FROM audit WHERE number = 5; UPDATE audit SET number = 5 WHERE number = 6", Broken::Changed(5))]
#[case::row_put_in_at_the_end(
    "INSERT INTO audit (number, at, actor_user, actor_name, action, object, detail, previous, hash) \
     SELECT 9, at, actor_user, actor_name, action, object, detail, previous, hash FROM audit WHERE number = 8",
    Broken::Changed(9)
)]
#[case::first_row_deleted("DELETE FROM audit WHERE number = 1", Broken::Missing(1))]
#[case::tail_cut("DELETE FROM audit WHERE number > 6", Broken::Missing(7))]
#[case::tail_cut_and_counter_set_back(
    "DELETE FROM audit WHERE number > 6; UPDATE counter SET n = 6 WHERE name = 'audit'",
    Broken::Missing(7)
)]
#[case::tail_cut_and_head_set_back(
    "DELETE FROM audit WHERE number > 6; UPDATE counter SET n = 6 WHERE name = 'audit'; \
     UPDATE audit_head SET number = 6, hash = (SELECT hash FROM audit WHERE number = 6)",
    Broken::Head(6)
)]
#[case::all_cut("DELETE FROM audit; DELETE FROM audit_head", Broken::Missing(1))]
#[case::head_removed("DELETE FROM audit_head", Broken::Head(8))]
#[case::head_and_counter_removed("DELETE FROM audit_head; UPDATE counter SET n = 0 WHERE name = 'audit'", Broken::Head(0))]
#[case::rows_swapped(
    "UPDATE audit SET number = 100 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3; \
     UPDATE audit SET number = 3 WHERE number = 100",
    Broken::Changed(2)
)]
#[case::whole_row_of_elsewhere("UPDATE audit SET previous = hash, hash = previous WHERE number = 2", Broken::Changed(2))]
#[tokio::test]
async fn every_change_past_the_program_is_found_at_its_row(
    #[case] attack: &str,
    #[case] expected: Broken,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = support::open(engine).await else { return };
    log_of(&db.store, 8).await;
    without_triggers(&db).await;
    assert!(audit::verify(&db.store, &key()).await.unwrap().is_ok());
    db.tamper(attack).await;
    assert_eq!(audit::verify(&db.store, &key()).await.unwrap(), Err(expected));
}
