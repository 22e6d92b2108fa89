//! Receipts and settings: what must not happen twice, and who was first.

use bonafide::store::receipt::{self, Receipt};
use bonafide::store::{Engine, StoreError, setting};
use rstest::rstest;

use crate::support::{self, at};

fn answered(body: u8, seconds: i64) -> Receipt {
    Receipt { key_hash: [1; 32], body_hash: [body; 32], status: 201, answer: "/candidates/1".to_owned(), created_at: at(seconds) }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn of_twenty_equal_requests_one_is_answered_first(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut tasks = tokio::task::JoinSet::new();
    for body in 0..20 {
        let store = db.store.clone();
        tasks.spawn(async move {
            let mut write = store.begin_write().await.unwrap();
            match receipt::insert(&mut write, &answered(body, 10), at(0)).await {
                Ok(()) => {
                    write.commit().await.unwrap();
                    Some(body)
                }
                Err(StoreError::Conflict) => None,
                Err(other) => panic!("{other:?}"),
            }
        });
    }
    let winners: Vec<u8> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(winners.len(), 1);
    assert_eq!(receipt::find(&db.store, &[1; 32], at(10)).await.unwrap(), Some(answered(winners[0], 10)));
    assert_eq!(receipt::find(&db.store, &[2; 32], at(0)).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_old_answer_is_forgotten(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut write = db.store.begin_write().await.unwrap();
    receipt::insert(&mut write, &answered(1, 10), at(0)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(receipt::find(&db.store, &[1; 32], at(11)).await.unwrap(), None);
    let mut write = db.store.begin_write().await.unwrap();
    receipt::insert(&mut write, &answered(2, 100), at(11)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(receipt::find(&db.store, &[1; 32], at(11)).await.unwrap(), Some(answered(2, 100)));
    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(receipt::delete_older(&mut write, at(100)).await.unwrap(), 0);
    assert_eq!(receipt::delete_older(&mut write, at(101)).await.unwrap(), 1);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_lost_race_for_a_setting_is_a_conflict(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    assert_eq!(setting::load(&db.store, "organization").await.unwrap(), None);
    let save = async |value: &str, read: i64| {
        let mut write = db.store.begin_write().await.unwrap();
        let saved = setting::save(&mut write, "organization", value, read).await;
        write.commit().await.unwrap();
        saved
    };
    assert_eq!(save("a", 0).await.unwrap(), 1);
    assert!(matches!(save("b", 0).await, Err(StoreError::Conflict)));
    assert_eq!(save("b", 1).await.unwrap(), 2);
    assert!(matches!(save("c", 1).await, Err(StoreError::Conflict)));
    assert_eq!(setting::load(&db.store, "organization").await.unwrap(), Some(("b".to_owned(), 2)));
}
