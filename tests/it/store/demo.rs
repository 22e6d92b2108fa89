//! Removing the demonstration.

use bonafide::domain::finding::{Code, OtherKind, Severity, Source};
use bonafide::domain::id::PhotoId;
use bonafide::domain::photo::PhotoKind;
use bonafide::domain::screening::Attention;
use bonafide::domain::user::Scope;
use bonafide::store::counter::{self, Counter};
use bonafide::store::key::{self, KeyKind};
use bonafide::store::photo::{self, NewPhoto};
use bonafide::store::{Engine, Store, candidate, demo, submission, watchlist};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

/// A picture without content; gives its number.
async fn picture(store: &Store, candidate: i64) -> i64 {
    let submission = submission::latest(store, candidate).await.unwrap().unwrap().number;
    let mut write = store.begin_write().await.unwrap();
    let number = counter::next(&mut write, Counter::Photo).await.unwrap();
    let new = NewPhoto {
        id: &PhotoId::random(),
        candidate,
        submission,
        position: 0,
        kind: PhotoKind::Profile,
        sha256: "00",
        format: "png",
        width: 1,
        height: 1,
        at: at(1),
        content: Err("too small"),
    };
    photo::insert(&mut write, number, &new).await.unwrap();
    write.commit().await.unwrap();
    number
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn only_the_demonstration_goes_and_whom_it_touched_is_told(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let store = &db.store;
    assert!(!demo::is_present(store).await.unwrap());
    let (kept_list, kept_entries) = seed::list(store, "Sanctions", &["Ann Example"], false).await;
    let (_, entries) = seed::list(store, "Demo list", &["Zoe Example"], true).await;
    let (touched, kept) = (seed::candidate(store, "a", "Real One", 1).await, seed::candidate(store, "a", "Real Two", 1).await);
    let invented = seed::candidate_of(store, "a", &seed::intake("Invented Three"), 0, 1, true).await;
    let cite = |kind, id: &str| seed::finding(Code::WatchlistEmail, Severity::Critical, Source::List, Some((kind, id)));
    for (number, finding) in [
        (touched.number, cite(OtherKind::Entry, entries[0].1.as_str())),
        (kept.number, cite(OtherKind::Entry, kept_entries[0].1.as_str())),
        (invented.number, cite(OtherKind::Candidate, touched.id.as_str())),
    ] {
        seed::record(store, number, &seed::screening(Attention::High, 1.0, vec![finding]), "d", 2).await;
        seed::open_case(store, number, 2).await;
    }
    let (kept_photo, demo_photo) = (picture(store, kept.number).await, picture(store, invented.number).await);
    let mut write = store.begin_write().await.unwrap();
    candidate::link(&mut write, invented.number, kept.number, "told by hand", at(1)).await.unwrap();
    key::insert_many(&mut write, KeyKind::Candidate, &[(5, invented.number), (5, kept.number)]).await.unwrap();
    key::insert_many(&mut write, KeyKind::Entry, &[(5, entries[0].0), (5, kept_entries[0].0)]).await.unwrap();
    write.commit().await.unwrap();
    assert!(demo::is_present(store).await.unwrap());

    let mut write = store.begin_write().await.unwrap();
    let removed = demo::remove(&mut write).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(removed, demo::Removed { photos: vec![demo_photo], candidates: 1, watchlists: 1, touched: vec![touched.number] });
    assert!(!demo::is_present(store).await.unwrap());
    assert_eq!(candidate::find(store, &Scope::All, &invented.id).await.unwrap(), None);
    assert_eq!(candidate::count(store, &Scope::All).await.unwrap(), 2);
    assert_eq!(candidate::linked(store, &Scope::All, kept.number).await.unwrap(), []);
    assert_eq!(watchlist::list(store).await.unwrap(), [kept_list]);
    assert_eq!(key::sharing(store, KeyKind::Candidate, &[5], 9).await.unwrap().numbers, [kept.number]);
    assert_eq!(key::sharing(store, KeyKind::Entry, &[5], 9).await.unwrap().numbers, [kept_entries[0].0]);
    let photos: Vec<i64> = photo::by_numbers(store, &[kept_photo, demo_photo]).await.unwrap().iter().map(|p| p.number).collect();
    assert_eq!(photos, [kept_photo]);

    let mut write = store.begin_write().await.unwrap();
    assert_eq!(demo::remove(&mut write).await.unwrap(), demo::Removed::default(), "again is nothing");
}
