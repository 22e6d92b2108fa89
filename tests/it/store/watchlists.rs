//! Lists, versions, entries: staged out of sight, published at once.

use bonafide::domain::id::{EntryId, WatchlistId};
use bonafide::domain::screening::ListVersion;
use bonafide::domain::watchlist::{EntryStatus, Watchlist};
use bonafide::store::key::{self, KeyKind};
use bonafide::store::page::PageRequest;
use bonafide::store::watchlist::{NewWatchlist, Staging};
use bonafide::store::{Engine, Store, StoreError, entry, watchlist};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

async fn names(store: &Store, list: &Watchlist) -> Vec<String> {
    let page = entry::list(store, list.number, "", ALL).await.unwrap();
    assert_eq!(page.total, page.rows.len() as i64);
    page.rows.iter().map(|entry| entry.persona.title()).collect()
}

async fn again(store: &Store, list: &Watchlist) -> Watchlist {
    watchlist::find(store, &list.id).await.unwrap().unwrap()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_list_has_one_name_and_is_searched_once_published(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let empty = seed::empty_list(&db.store, "Empty", false).await;
    assert_eq!((empty.version, empty.entries), (0, 0));
    let (list, entries) = seed::list(&db.store, "Sanctions", &["Ann Example", "Bob Example"], false).await;
    assert_eq!((list.version, list.entries, list.changed_by.as_str()), (1, 2, "Morgan Example"));
    assert_eq!(watchlist::list(&db.store).await.unwrap(), [empty, list.clone()]);
    assert_eq!(watchlist::find_by_name(&db.store, "Sanctions").await.unwrap(), Some(list.clone()));
    assert_eq!(watchlist::find_by_name(&db.store, "Other").await.unwrap(), None);
    assert_eq!(watchlist::current_versions(&db.store).await.unwrap(), [ListVersion { list: "Sanctions".into(), version: 1 }]);

    let mut write = db.store.begin_write().await.unwrap();
    let number = watchlist::reserve(&mut write, 1).await.unwrap();
    let new = NewWatchlist { number, id: &WatchlistId::random(), name: "Sanctions", at: at(0), by: "x", is_demo: false };
    assert!(matches!(watchlist::insert(&mut write, &new).await, Err(StoreError::Conflict)));
    drop(write);

    let found = entry::find(&db.store, &entries[1].1).await.unwrap().unwrap();
    assert_eq!((found.entry_key.as_str(), found.entry.number), ("Bob Example", entries[1].0));
    assert_eq!((found.entry.list.as_str(), found.entry.list_version, found.entry.status), ("Sanctions", 1, EntryStatus::Active));
    assert_eq!(entry::find(&db.store, &EntryId::random()).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_staged_change_shows_nothing_and_a_published_one_everything(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let store = &db.store;
    let (list, old) = seed::list(store, "Sanctions", &["Ann Example", "Bob Example", "Cem Example"], false).await;
    let staging = seed::begin(store, &list).await;
    let changed = seed::new_entry(store, seed::persona("Bob Renamed"), old[1].1.clone()).await;
    let added = seed::new_entry(store, seed::persona("Dan Example"), EntryId::random()).await;
    let mut write = store.begin_write().await.unwrap();
    assert_eq!(entry::sweep(&mut write, &staging, 100).await.unwrap(), 0);
    entry::end(&mut write, &staging, &[old[1].0, old[2].0]).await.unwrap();
    entry::stage(&mut write, &staging, &[changed.clone(), added.clone()], at(1)).await.unwrap();
    write.commit().await.unwrap();

    let numbers = [old[0].0, old[1].0, old[2].0, changed.number, added.number];
    let live =
        |store: Store| async move { entry::by_numbers(&store, &numbers).await.unwrap().iter().map(|e| e.number).collect::<Vec<_>>() };
    assert_eq!(names(store, &list).await, ["Ann Example", "Bob Example", "Cem Example"]);
    assert_eq!(live(store.clone()).await, numbers[..3]);
    assert_eq!(entry::find(store, &old[1].1).await.unwrap().unwrap().entry.number, old[1].0);
    assert_eq!(entry::begun_in(store, list.number, 2, 0, 10).await.unwrap(), []);
    assert_eq!(entry::ended_by(store, list.number, 2, 0, 10).await.unwrap(), []);

    let mut write = store.begin_write().await.unwrap();
    assert_eq!(watchlist::publish(&mut write, &staging, &seed::publication(1, 1, 1)).await.unwrap(), 2);
    write.commit().await.unwrap();

    assert_eq!(names(store, &list).await, ["Ann Example", "Bob Renamed", "Dan Example"]);
    assert_eq!(live(store.clone()).await, [old[0].0, changed.number, added.number]);
    let now = entry::find(store, &old[1].1).await.unwrap().unwrap().entry;
    assert_eq!((now.number, now.list_version), (changed.number, 2));
    assert_eq!(entry::find(store, &old[2].1).await.unwrap(), None);
    assert_eq!((again(store, &list).await.entries, again(store, &list).await.version), (3, 2));
    let begun: Vec<i64> = entry::begun_in(store, list.number, 2, 0, 10).await.unwrap().iter().map(|e| e.number).collect();
    assert_eq!(begun, [changed.number, added.number]);
    assert_eq!(entry::ended_by(store, list.number, 2, 0, 10).await.unwrap(), [old[1].clone(), old[2].clone()]);
    assert_eq!(entry::ended_by(store, list.number, 2, old[1].0, 10).await.unwrap(), [old[2].clone()]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_change_left_behind_is_taken_over_and_swept(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let store = &db.store;
    let (list, old) = seed::list(store, "Sanctions", &["Ann Example", "Bob Example"], false).await;
    let first = seed::begin(store, &list).await;
    let left: Vec<_> = [
        seed::new_entry(store, seed::persona("Left One"), EntryId::random()).await,
        seed::new_entry(store, seed::persona("Left Two"), EntryId::random()).await,
    ]
    .into();
    let mut write = store.begin_write().await.unwrap();
    entry::stage(&mut write, &first, &left, at(1)).await.unwrap();
    entry::end(&mut write, &first, &[old[0].0]).await.unwrap();
    key::insert_many(&mut write, KeyKind::Entry, &[(5, left[0].number), (5, old[0].0)]).await.unwrap();
    write.commit().await.unwrap();

    let second = seed::begin(store, &list).await;
    let mut write = store.begin_write().await.unwrap();
    assert!(matches!(entry::stage(&mut write, &first, &left, at(1)).await, Err(StoreError::Conflict)));
    assert!(matches!(entry::end(&mut write, &first, &[old[1].0]).await, Err(StoreError::Conflict)));
    assert!(matches!(watchlist::publish(&mut write, &first, &seed::publication(2, 0, 1)).await, Err(StoreError::Conflict)));
    drop(write);
    let mut write = store.begin_write().await.unwrap();
    assert_eq!(entry::sweep(&mut write, &second, 1).await.unwrap(), 1);
    assert_eq!(entry::sweep(&mut write, &second, 10).await.unwrap(), 1);
    assert_eq!(entry::sweep(&mut write, &second, 10).await.unwrap(), 0);
    let added = seed::persona("New Example");
    write.commit().await.unwrap();
    let added = seed::new_entry(store, added, EntryId::random()).await;
    let mut write = store.begin_write().await.unwrap();
    entry::stage(&mut write, &second, &[added], at(2)).await.unwrap();
    watchlist::publish(&mut write, &second, &seed::publication(1, 0, 0)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(names(store, &list).await, ["Ann Example", "Bob Example", "New Example"]);
    assert_eq!(key::sharing(store, KeyKind::Entry, &[5], 10).await.unwrap().numbers, [old[0].0]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_change_computed_from_an_old_version_is_refused(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let (list, _) = seed::list(&db.store, "Sanctions", &["Ann Example"], false).await;
    let stale = Staging { seen_version: 0, ..seed::begin(&db.store, &list).await };
    let mut write = db.store.begin_write().await.unwrap();
    assert!(matches!(watchlist::begin_change(&mut write, &stale).await, Err(StoreError::Conflict)));
    assert!(matches!(watchlist::publish(&mut write, &stale, &seed::publication(0, 0, 0)).await, Err(StoreError::Conflict)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn two_entries_of_one_version_cannot_have_one_key(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let list = seed::empty_list(&db.store, "Sanctions", false).await;
    let staging = seed::begin(&db.store, &list).await;
    let one = seed::new_entry(&db.store, seed::persona("Ann Example"), EntryId::random()).await;
    let two = seed::new_entry(&db.store, seed::persona("Ann Example"), EntryId::random()).await;
    let mut write = db.store.begin_write().await.unwrap();
    assert!(matches!(entry::stage(&mut write, &staging, &[one, two], at(0)).await, Err(StoreError::Conflict)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn entries_are_searched_as_typed_and_paged(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let (list, _) = seed::list(&db.store, "Sanctions", &["Ann Example", "Änne 100% Example", "Bob Example"], false).await;
    let search = |text: &'static str, page| {
        let store = db.store.clone();
        async move {
            let page = entry::list(&store, list.number, text, page).await.unwrap();
            (page.rows.iter().map(|e| e.persona.title()).collect::<Vec<_>>(), page.total)
        }
    };
    assert_eq!(search("ÄNNE", ALL).await, (vec!["Änne 100% Example".into()], 1));
    assert_eq!(search("100%", ALL).await.1, 1);
    assert_eq!(search("%", ALL).await.1, 1, "a sign of a pattern is searched as itself");
    assert_eq!(search("nobody", ALL).await, (vec![], 0));
    assert_eq!(search("example", PageRequest::of(2, 2)).await, (vec!["Bob Example".into()], 3));
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let piece = entry::above(&db.store, list.number, after, 2).await.unwrap();
        let Some(last) = piece.last() else { break };
        after = last.entry.number;
        seen.extend(piece.into_iter().map(|listed| listed.entry_key));
    }
    assert_eq!(seen, ["Ann Example", "Änne 100% Example", "Bob Example"]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn versions_tell_what_changed_and_what_followed(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let (other, _) = seed::list(&db.store, "Other", &["Zoe Example"], false).await;
    let (list, _) = seed::list(&db.store, "Sanctions", &["Ann Example"], false).await;
    let staging = seed::begin(&db.store, &list).await;
    let mut write = db.store.begin_write().await.unwrap();
    watchlist::publish(&mut write, &staging, &seed::publication(0, 0, 0)).await.unwrap();
    watchlist::add_hits(&mut write, list.number, 2, 3, 1).await.unwrap();
    watchlist::add_hits(&mut write, list.number, 2, 1, 0).await.unwrap();
    write.commit().await.unwrap();
    let page = watchlist::versions(&db.store, list.number, ALL).await.unwrap();
    let told: Vec<_> = page.rows.iter().map(|v| (v.number, v.version, v.publication.added, v.new_hits, v.gone_hits)).collect();
    assert_eq!(told, [(3, 2, 0, 4, 1), (2, 1, 1, 0, 0)], "numbers rise over all lists");
    assert_eq!(page.rows[0].publication, seed::publication(0, 0, 0));
    assert_eq!(watchlist::versions(&db.store, other.number, ALL).await.unwrap().total, 1);
}
