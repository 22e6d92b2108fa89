//! Keys: blocks, budgets, caps.

use bonafide::store::key::{self, KeyKind};
use bonafide::store::{Engine, Store};
use rstest::rstest;

use crate::support;

async fn insert(store: &Store, kind: KeyKind, pairs: &[(i64, i64)]) {
    let mut write = store.begin_write().await.unwrap();
    key::insert_many(&mut write, kind, pairs).await.unwrap();
    write.commit().await.unwrap();
}

/// Key 10 has 3 owners, key -20 has 5, key 30 has 40; owner 1 has all of them.
async fn three_blocks(store: &Store) {
    let block = |h: i64, owners: i64| (1..=owners).map(move |number| (h, if number == 1 { 1 } else { h.abs() * 100 + number }));
    let pairs: Vec<_> = block(10, 3).chain(block(-20, 5)).chain(block(30, 40)).collect();
    insert(store, KeyKind::Candidate, &pairs).await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn small_blocks_are_read_first_and_what_the_budget_leaves_out_is_told(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    three_blocks(&db.store).await;
    let read = |budget| {
        let store = db.store.clone();
        async move { key::rarest_first(&store, KeyKind::Candidate, &[30, 10, -20, 10, 999], budget).await.unwrap() }
    };
    let all = read(48).await;
    assert!(all.is_complete());
    assert_eq!(all.numbers.len(), 46, "owner 1 is told once");
    let tight = read(47).await;
    assert_eq!((tight.numbers.clone(), tight.cut), (vec![1, 1_002, 1_003, 2_002, 2_003, 2_004, 2_005], vec![30]));
    let tighter = read(7).await;
    assert_eq!((tighter.numbers, tighter.cut), (vec![1, 1_002, 1_003], vec![-20, 30]));
    assert_eq!(read(2).await.numbers, [0; 0]);
    assert_eq!(key::rarest_first(&db.store, KeyKind::Entry, &[10], 100).await.unwrap(), key::Sharing::default());
    assert_eq!(key::rarest_first(&db.store, KeyKind::Candidate, &[], 100).await.unwrap(), key::Sharing::default());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn exact_keys_have_no_budget_but_each_has_a_cap_that_is_told(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    three_blocks(&db.store).await;
    let all = key::sharing(&db.store, KeyKind::Candidate, &[30, 10, -20], 1_000).await.unwrap();
    assert_eq!((all.numbers.len(), all.cut), (46, vec![]));
    let capped = key::sharing(&db.store, KeyKind::Candidate, &[30, 10], 4).await.unwrap();
    assert_eq!((capped.numbers, capped.cut), (vec![1, 1_002, 1_003, 3_002, 3_003, 3_004], vec![30]));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn more_keys_than_one_statement_takes_are_all_asked(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let pairs: Vec<(i64, i64)> = (0..1_203).map(|i| (i64::MIN + i, i)).collect();
    insert(&db.store, KeyKind::Entry, &pairs).await;
    insert(&db.store, KeyKind::Entry, &pairs[..700]).await;
    let keys: Vec<i64> = pairs.iter().map(|(h, _)| *h).collect();
    let found = key::rarest_first(&db.store, KeyKind::Entry, &keys, 2_000).await.unwrap();
    assert_eq!((found.numbers, found.cut), ((0..1_203).collect(), vec![]));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_owners_keys_go_and_others_stay(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    three_blocks(&db.store).await;
    insert(&db.store, KeyKind::Entry, &[(10, 1)]).await;
    assert_eq!(key::of_owner(&db.store, KeyKind::Candidate, 1).await.unwrap(), [-20, 10, 30]);
    let mut write = db.store.begin_write().await.unwrap();
    key::delete_of(&mut write, KeyKind::Candidate, &[1, 1_002]).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(key::sharing(&db.store, KeyKind::Candidate, &[10], 9).await.unwrap().numbers, [1_003]);
    assert_eq!(key::sharing(&db.store, KeyKind::Entry, &[10], 9).await.unwrap().numbers, [1]);
}
