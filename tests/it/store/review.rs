//! Cases, verdicts, decisions.

use bonafide::domain::case::{CaseStatus, DecisionVerdict, DispositionVerdict};
use bonafide::domain::finding::{Code, Finding, OtherKind, Severity, Source};
use bonafide::domain::screening::Attention;
use bonafide::domain::user::{Actor, Scope};
use bonafide::store::case::{CaseCounts, Opened};
use bonafide::store::decision::NewDecision;
use bonafide::store::disposition::{self, NewDisposition};
use bonafide::store::{Engine, Store, StoreError, case, decision};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

async fn decide(store: &Store, candidate: i64, seen_version: i64, verdict: DecisionVerdict, by: &Actor) -> Result<i64, StoreError> {
    let mut write = store.begin_write().await?;
    let new = NewDecision { candidate, seen_version, verdict, reason: "as seen", by, at: at(9) };
    let version = decision::insert(&mut write, &new).await?;
    write.commit().await?;
    Ok(version)
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_case_is_opened_taken_released_decided_and_opened_again(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let by = seed::person("Riley Example");
    assert_eq!(case::find(&db.store, known.number).await.unwrap(), None);
    assert_eq!(seed::open_case(&db.store, known.number, 2).await, Opened::New);
    assert_eq!(seed::open_case(&db.store, known.number, 3).await, Opened::Already);
    let waiting = case::find(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!((waiting.case.status, waiting.case.opened_at, waiting.case.version), (CaseStatus::Waiting, at(2), 1));

    let mut write = db.store.begin_write().await.unwrap();
    assert_eq!(case::take(&mut write, known.number, 1, &by).await.unwrap(), 2);
    assert!(matches!(case::take(&mut write, known.number, 1, &by).await, Err(StoreError::Conflict)));
    write.commit().await.unwrap();
    let taken = case::find(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!(
        (taken.case.status, taken.case.assignee.as_deref(), taken.assignee),
        (CaseStatus::Taken, Some("Riley Example"), by.user.clone())
    );

    let mut write = db.store.begin_write().await.unwrap();
    assert!(!case::withdraw(&mut write, known.number).await.unwrap(), "a taken case stays");
    assert_eq!(case::release(&mut write, known.number, 2).await.unwrap(), 3);
    assert!(matches!(case::release(&mut write, known.number, 3).await, Err(StoreError::Conflict)), "it is not taken");
    write.commit().await.unwrap();

    assert_eq!(decide(&db.store, known.number, 3, DecisionVerdict::Verify, &by).await.unwrap(), 4);
    let mut write = db.store.begin_write().await.unwrap();
    assert!(matches!(case::take(&mut write, known.number, 4, &by).await, Err(StoreError::Conflict)), "it is decided");
    drop(write);
    assert_eq!(seed::open_case(&db.store, known.number, 20).await, Opened::Reopened);
    let reopened = case::find(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!((reopened.case.status, reopened.case.opened_at, reopened.decided_at), (CaseStatus::Waiting, at(20), Some(at(9))));
    assert_eq!(reopened.case.id, waiting.case.id);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn of_two_decisions_on_one_version_one_stands(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    seed::open_case(&db.store, known.number, 2).await;
    let mut tasks = tokio::task::JoinSet::new();
    for (name, verdict) in [("Riley", DecisionVerdict::Cleared), ("Morgan", DecisionVerdict::ConfirmedFake)] {
        let store = db.store.clone();
        let number = known.number;
        tasks.spawn(async move { decide(&store, number, 1, verdict, &seed::person(name)).await });
    }
    let outcomes = tasks.join_all().await;
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
    assert_eq!(outcomes.iter().filter(|o| matches!(o, Err(StoreError::Conflict))).count(), 1, "{outcomes:?}");
    assert_eq!(decision::all_of(&db.store, known.number).await.unwrap().len(), 1);
    let version = case::find(&db.store, known.number).await.unwrap().unwrap().case.version;
    let by = seed::person("Quinn");
    decide(&db.store, known.number, version, DecisionVerdict::HighRisk, &by).await.unwrap();
    let latest = decision::latest(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!(
        (latest.verdict, latest.by.as_str(), latest.reason.as_str(), latest.at),
        (DecisionVerdict::HighRisk, "Quinn", "as seen", at(9))
    );
    assert_eq!(decision::all_of(&db.store, known.number).await.unwrap().len(), 2, "the first one is kept");
    assert!(matches!(decide(&db.store, 999, 1, DecisionVerdict::Cleared, &by).await, Err(StoreError::Conflict)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_waiting_case_is_withdrawn_when_nothing_is_left_to_look_at(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let (fresh, decided) = (seed::candidate(&db.store, "a", "Sam One", 1).await, seed::candidate(&db.store, "b", "Kim Two", 1).await);
    for known in [&fresh, &decided] {
        seed::open_case(&db.store, known.number, 2).await;
    }
    decide(&db.store, decided.number, 1, DecisionVerdict::Cleared, &seed::person("Riley")).await.unwrap();
    seed::open_case(&db.store, decided.number, 3).await;
    let counts = |scope: Scope| {
        let store = db.store.clone();
        async move { case::count_by_status(&store, &scope).await.unwrap() }
    };
    assert_eq!(counts(Scope::All).await, CaseCounts { waiting: 2, taken: 0, decided: 0 });
    assert_eq!(counts(Scope::Team("b".into())).await.waiting, 1);
    let mut write = db.store.begin_write().await.unwrap();
    assert!(case::withdraw(&mut write, fresh.number).await.unwrap());
    assert!(case::withdraw(&mut write, decided.number).await.unwrap());
    assert!(!case::withdraw(&mut write, decided.number).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(case::find(&db.store, fresh.number).await.unwrap(), None);
    assert_eq!(counts(Scope::All).await, CaseCounts { waiting: 0, taken: 0, decided: 1 });
}

fn reuse(theirs: &str) -> Finding {
    seed::finding(Code::ReuseEmail, Severity::High, Source::Pool, Some((OtherKind::Candidate, theirs)))
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_verdict_holds_for_what_was_compared_and_no_further(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    seed::record(&db.store, known.number, &seed::screening(Attention::Review, 1.0, vec![reuse("x")]), "d1", 2).await;
    assert!(disposition::of_candidate(&db.store, known.number).await.unwrap().is_empty());
    for (verdict, seconds) in [(DispositionVerdict::Unsure, 3), (DispositionVerdict::NotAMatch, 4)] {
        let by = seed::person("Riley");
        let new = NewDisposition { candidate: known.number, finding: &reuse("x"), verdict, note: "siblings", by: &by, at: at(seconds) };
        let mut write = db.store.begin_write().await.unwrap();
        disposition::save(&mut write, &new).await.unwrap();
        write.commit().await.unwrap();
    }
    let verdicts = disposition::of_candidate(&db.store, known.number).await.unwrap();
    let mut moved = reuse("x");
    moved.evidence.candidate.path = "emails[3]".into();
    moved.sentence = "other words".into();
    let on = verdicts.on(&moved).unwrap();
    assert_eq!((on.verdict, on.note.as_str(), on.by.as_str(), on.at), (DispositionVerdict::NotAMatch, "siblings", "Riley", at(4)));
    assert_eq!(disposition::all_of(&db.store, known.number).await.unwrap().len(), 2, "the first verdict is kept");

    let mut own_value = reuse("x");
    own_value.evidence.candidate.normalized = Some("changed".into());
    let mut code = reuse("x");
    code.code = Code::ReusePhone;
    let mut day = reuse("x");
    day.evidence.candidate.at = Some("2026-10-05".into());
    for changed in [reuse("y"), own_value, code, day] {
        assert_eq!(verdicts.on(&changed), None, "{changed:?}");
    }
}
