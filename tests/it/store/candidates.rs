//! Candidates, submissions, imports.

use bonafide::domain::candidate::Stage;
use bonafide::domain::id::{CandidateId, ImportId, SubmissionId};
use bonafide::domain::user::Scope;
use bonafide::store::candidate::{self, NewCandidate};
use bonafide::store::import::{self, Import};
use bonafide::store::page::PageRequest;
use bonafide::store::submission::{self, NewSubmission};
use bonafide::store::{Engine, StoreError};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_candidate_of_another_team_is_absent(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "platform", "Renée Doe", 1).await;
    assert_eq!((known.name.as_str(), known.stage, known.version), ("Renée Doe", Stage::Applied, 1));
    let own = Scope::Team("platform".into());
    let find = |scope: Scope| {
        let (store, id) = (db.store.clone(), known.id.clone());
        async move { candidate::find(&store, &scope, &id).await.unwrap() }
    };
    assert_eq!(find(own.clone()).await, Some(known.clone()));
    for foreign in ["data", "", "Platform"] {
        let scope = Scope::Team(foreign.into());
        assert_eq!(find(scope.clone()).await, None, "{foreign:?}");
        assert_eq!(candidate::count(&db.store, &scope).await.unwrap(), 0, "{foreign:?}");
    }
    assert_eq!(candidate::count(&db.store, &own).await.unwrap(), 1);
    assert_eq!(candidate::teams(&db.store, &Scope::All).await.unwrap(), ["platform"]);
    assert_eq!(candidate::find(&db.store, &Scope::All, &CandidateId::random()).await.unwrap(), None);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn one_external_id_holds_a_renamed_person_beside_the_first(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let mut intake = seed::intake("First Person");
    intake.external_id = Some("gh-1".into());
    let first = seed::candidate_of(&db.store, "a", &intake, 0, 1, false).await;
    let elsewhere = seed::candidate_of(&db.store, "b", &intake, 0, 1, false).await;

    let mut write = db.store.begin_write().await.unwrap();
    let number = candidate::reserve(&mut write, 1).await.unwrap();
    let again = NewCandidate { number, id: &CandidateId::random(), team: "a", twin: 0, intake: &intake, at: at(2), is_demo: false };
    assert!(matches!(candidate::insert(&mut write, &again).await, Err(StoreError::Conflict)));
    drop(write);

    let twin = seed::candidate_of(&db.store, "a", &intake, 1, 3, false).await;
    let mut write = db.store.begin_write().await.unwrap();
    let known = candidate::same_external_id(&mut write, "a", "gh-1").await.unwrap();
    assert_eq!(known.iter().map(|k| (k.twin, k.candidate.number)).collect::<Vec<_>>(), [(0, first.number), (1, twin.number)]);
    assert_eq!(candidate::same_external_id(&mut write, "a", "gh-2").await.unwrap(), []);
    for _ in 0..2 {
        candidate::link(&mut write, twin.number, first.number, "same external id under another name", at(3)).await.unwrap();
    }
    candidate::link(&mut write, elsewhere.number, first.number, "told by hand", at(3)).await.unwrap();
    write.commit().await.unwrap();

    let linked = candidate::linked(&db.store, &Scope::Team("a".into()), first.number).await.unwrap();
    assert_eq!(linked.iter().map(|l| l.candidate.number).collect::<Vec<_>>(), [twin.number], "the other team's link is not shown");
    assert_eq!(candidate::linked(&db.store, &Scope::All, twin.number).await.unwrap()[0].candidate, first);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn submissions_are_all_kept_and_the_row_shows_the_latest(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let other = seed::candidate(&db.store, "a", "Kim Two", 1).await;
    let mut second = seed::intake("Sam Uno");
    second.role = Some("Backend Engineer".into());
    second.stage = Stage::Offer;

    let mut write = db.store.begin_write().await.unwrap();
    let (_, hash) = submission::latest_content(&mut write, known.number).await.unwrap().unwrap();
    assert_eq!(hash, submission::content_hash(&seed::intake("Sam One")));
    assert_ne!(hash, submission::content_hash(&second));
    let number = submission::reserve(&mut write, 1).await.unwrap();
    let id = SubmissionId::random();
    let by = seed::person("Riley Example");
    let new = NewSubmission { number, id: &id, candidate: known.number, intake: &second, received_at: at(5), by: &by, import: None };
    submission::insert(&mut write, &new).await.unwrap();
    candidate::resubmit(&mut write, known.number, &second, at(5)).await.unwrap();
    assert!(matches!(candidate::resubmit(&mut write, 999, &second, at(5)).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();

    let now = candidate::find(&db.store, &Scope::All, &known.id).await.unwrap().unwrap();
    assert_eq!((now.name.as_str(), now.stage, now.role.as_deref(), now.version), ("Sam Uno", Stage::Offer, Some("Backend Engineer"), 2));
    let latest = submission::latest(&db.store, known.number).await.unwrap().unwrap();
    assert_eq!((latest.id, latest.intake, latest.by, latest.received_at), (id, second, by.user, at(5)));
    let names = |all: Vec<bonafide::domain::candidate::Submission>| -> Vec<(i64, String)> {
        all.into_iter().map(|s| (s.candidate, s.intake.name.as_str().to_owned())).collect()
    };
    assert_eq!(
        names(submission::of_candidates(&db.store, &[other.number, known.number, other.number]).await.unwrap()),
        [(known.number, "Sam Uno".into()), (known.number, "Sam One".into()), (other.number, "Kim Two".into())]
    );
    assert_eq!(candidate::by_numbers(&db.store, &[known.number, 12_345]).await.unwrap(), [now]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_change_of_a_candidate_names_the_version_it_saw(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let mut write = db.store.begin_write().await.unwrap();
    candidate::touch_version(&mut write, known.number, 1, at(2)).await.unwrap();
    assert!(matches!(candidate::touch_version(&mut write, known.number, 1, at(2)).await, Err(StoreError::Conflict)));
    candidate::touch_version(&mut write, known.number, 2, at(2)).await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_stored_value_that_is_not_understood_names_its_row(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    db.tamper("UPDATE candidate SET stage = 'promoted'").await;
    let error = candidate::find(&db.store, &Scope::All, &known.id).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Inconsistent { table: "candidate", column: "stage", id } if *id == known.number.to_string()),
        "{error:?}"
    );
    db.tamper("UPDATE submission SET intake = '{}'").await;
    let error = submission::latest(&db.store, known.number).await.unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { table: "submission", column: "intake", .. }), "{error:?}");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_import_is_found_with_what_came_in_it(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let file = Import {
        id: ImportId::random(),
        file_name: "may.csv".into(),
        at: at(9),
        team: "a".into(),
        by: seed::person("Riley Example"),
        candidates: 2,
    };
    let mut write = db.store.begin_write().await.unwrap();
    import::insert(&mut write, &file).await.unwrap();
    write.commit().await.unwrap();
    let mut numbers = Vec::new();
    for name in ["Kim Two", "Sam One"] {
        let known = seed::candidate(&db.store, "a", name, 1).await;
        let mut write = db.store.begin_write().await.unwrap();
        let number = submission::reserve(&mut write, 1).await.unwrap();
        let new = NewSubmission {
            number,
            id: &SubmissionId::random(),
            candidate: known.number,
            intake: &seed::intake(name),
            received_at: at(9),
            by: &file.by,
            import: Some(&file.id),
        };
        submission::insert(&mut write, &new).await.unwrap();
        write.commit().await.unwrap();
        numbers.push((known.number, known.id, name.to_owned()));
    }
    let own = Scope::Team("a".into());
    let foreign = Scope::Team("b".into());
    let expected: Vec<_> = numbers.iter().map(|(_, id, name)| (id.clone(), name.clone())).collect();
    assert_eq!(import::candidates(&db.store, &own, &file.id).await.unwrap(), expected);
    assert_eq!(import::candidates(&db.store, &foreign, &file.id).await.unwrap(), []);
    assert_eq!(import::find(&db.store, &own, &file.id).await.unwrap(), Some(file.clone()));
    assert_eq!(import::find(&db.store, &foreign, &file.id).await.unwrap(), None);
    assert_eq!(import::of_candidate(&db.store, numbers[0].0).await.unwrap(), Some(file.clone()));
    let page = import::list(&db.store, &own, PageRequest::of(1, 20)).await.unwrap();
    assert_eq!((page.rows, page.total), (vec![file], 1));
    assert_eq!(import::list(&db.store, &foreign, PageRequest::of(1, 20)).await.unwrap().total, 0);
}
