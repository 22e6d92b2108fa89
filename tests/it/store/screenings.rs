//! Screenings, findings and whom they cite.

use bonafide::domain::finding::{Code, Other, OtherKind, Pair, Severity, Side, Source};
use bonafide::domain::id::{CandidateId, EntryId, FindingId};
use bonafide::domain::screening::Attention;
use bonafide::domain::user::Scope;
use bonafide::store::screening::Recorded;
use bonafide::store::{Engine, StoreError, finding, screening};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_screening_reads_back_whole_with_ids_on_its_findings(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    assert_eq!(screening::latest(&db.store, known.number).await.unwrap(), None);
    let listed = EntryId::random();
    let mut findings = vec![
        seed::finding(Code::WatchlistEmail, Severity::Critical, Source::List, Some((OtherKind::Entry, listed.as_str()))),
        seed::finding(Code::LocationPhoneCountryMismatch, Severity::Low, Source::Phone, None),
    ];
    findings[0].evidence = findings[0].evidence.clone().with_number("score", 91.5).with_level("exact");
    let given = FindingId::random();
    findings[1].id = Some(given.clone());
    let told = seed::screening(Attention::High, 21.4, findings);
    assert_eq!(seed::record(&db.store, known.number, &told, "d1", 2).await, Recorded::New);

    let stored = screening::latest(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!((stored.digest.as_str(), stored.finished_at, stored.candidate), ("d1", at(2), known.number));
    let mut read = stored.screening.clone();
    assert_eq!(read.findings[1].id, Some(given));
    assert!(read.findings[0].id.is_some());
    read.findings[0].id = None;
    assert_eq!(read, told);

    let id = stored.screening.findings[0].id.clone().unwrap();
    let found = finding::find(&db.store, &Scope::Team("a".into()), &id).await.unwrap().unwrap();
    assert_eq!((found.candidate, found.candidate_id, found.is_latest), (known.number, known.id, true));
    assert_eq!(found.finding, stored.screening.findings[0]);
    assert_eq!(finding::find(&db.store, &Scope::Team("b".into()), &id).await.unwrap(), None);
    assert_eq!(finding::find(&db.store, &Scope::All, &FindingId::random()).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn the_same_digest_is_no_new_row_and_becomes_the_latest_again(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let clear = seed::screening(Attention::Clear, 0.0, vec![]);
    let hit = seed::screening(Attention::Review, 3.0, vec![seed::finding(Code::ReuseEmail, Severity::High, Source::Pool, None)]);
    assert_eq!(seed::record(&db.store, known.number, &clear, "clear", 2).await, Recorded::New);
    assert_eq!(seed::record(&db.store, known.number, &hit, "hit", 3).await, Recorded::New);
    let id = screening::latest(&db.store, known.number).await.unwrap().unwrap().screening.findings[0].id.clone().unwrap();
    assert_eq!(seed::record(&db.store, known.number, &hit, "hit", 4).await, Recorded::Same);
    let latest = screening::latest(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!(latest.screening.findings[0].id, Some(id.clone()), "the finding keeps its id");
    assert_eq!(seed::record(&db.store, known.number, &clear, "clear", 5).await, Recorded::Same);
    assert_eq!(screening::latest(&db.store, known.number).await.unwrap().unwrap().digest, "clear");
    assert!(!finding::find(&db.store, &Scope::All, &id).await.unwrap().unwrap().is_latest);
    let past = screening::history(&db.store, known.number, 10).await.unwrap();
    let told: Vec<_> = past.iter().map(|p| (p.finished_at, p.attention, p.findings)).collect();
    assert_eq!(told, [(at(3), Attention::Review, 1), (at(2), Attention::Clear, 0)]);

    let other = seed::candidate(&db.store, "a", "Kim Two", 1).await;
    assert_eq!(seed::record(&db.store, other.number, &clear, "clear", 6).await, Recorded::New, "digests are each candidate's own");
    let both = screening::latest_of(&db.store, &[other.number, known.number, 999]).await.unwrap();
    assert_eq!(both.iter().map(|s| s.candidate).collect::<Vec<_>>(), [known.number, other.number]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn only_the_latest_findings_cite_and_further_pairs_count(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let (one, two) = (seed::candidate(&db.store, "a", "Sam One", 1).await, seed::candidate(&db.store, "a", "Kim Two", 1).await);
    let (main, further, untouched) = (EntryId::random(), EntryId::random(), EntryId::random());
    let mut listed = seed::finding(Code::WatchlistName, Severity::Low, Source::List, Some((OtherKind::Entry, main.as_str())));
    let mut other = Other::of(OtherKind::Entry);
    other.id = Some(further.as_str().to_owned());
    let pair = Pair { candidate: Side::new("name", "a", "a"), other: Some(other), numbers: serde_json::Map::new() };
    listed.evidence.more = vec![pair.clone(), pair];
    let pool = seed::finding(Code::ReuseEmail, Severity::High, Source::Pool, Some((OtherKind::Candidate, two.id.as_str())));
    let own = seed::finding(Code::LocationClaimConflict, Severity::Medium, Source::History, Some((OtherKind::Own, main.as_str())));
    seed::record(&db.store, one.number, &seed::screening(Attention::Review, 1.0, vec![listed.clone(), pool, own]), "d1", 2).await;
    seed::record(&db.store, two.number, &seed::screening(Attention::Low, 1.0, vec![listed]), "d1", 2).await;

    let citing = |entries: Vec<EntryId>| {
        let store = db.store.clone();
        async move { finding::citing_entries(&store, &entries).await.unwrap() }
    };
    assert_eq!(citing(vec![untouched.clone(), main.clone()]).await, [one.number, two.number]);
    assert_eq!(citing(vec![further.clone()]).await, [one.number, two.number]);
    assert_eq!(citing(vec![untouched]).await, [0; 0]);
    assert_eq!(finding::citing_candidate(&db.store, &two.id).await.unwrap(), [one.number]);
    let mut write = db.store.begin_write().await.unwrap();
    assert!(finding::cites_candidate(&mut write, one.number, &two.id).await.unwrap());
    assert!(!finding::cites_candidate(&mut write, two.number, &one.id).await.unwrap());
    drop(write);

    seed::record(&db.store, one.number, &seed::screening(Attention::Clear, 0.0, vec![]), "d2", 3).await;
    assert_eq!(citing(vec![main, further]).await, [two.number]);
    assert_eq!(finding::citing_candidate(&db.store, &two.id).await.unwrap(), [0; 0]);
    assert_eq!(finding::citing_candidate(&db.store, &CandidateId::random()).await.unwrap(), [0; 0]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_candidate_that_is_gone_cannot_be_screened(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let told = seed::screening(Attention::Clear, 0.0, vec![]);
    let mut write = db.store.begin_write().await.unwrap();
    let new = screening::NewScreening {
        number: 1,
        id: &bonafide::domain::id::ScreeningId::random(),
        candidate: 77,
        digest: "d",
        started_at: at(1),
        finished_at: at(1),
        screening: &told,
    };
    assert!(matches!(screening::record(&mut write, &new).await, Err(StoreError::NotFound)));
}
