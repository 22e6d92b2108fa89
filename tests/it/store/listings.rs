//! The lists of candidates, the queue, the filter they share, and the extract.

use bonafide::domain::candidate::{Candidate, Stage};
use bonafide::domain::case::{CaseStatus, DecisionVerdict};
use bonafide::domain::finding::{Code, OtherKind, Severity, Source};
use bonafide::domain::id::EntryId;
use bonafide::domain::screening::Attention;
use bonafide::domain::user::Scope;
use bonafide::store::decision::{self, NewDecision};
use bonafide::store::filter::Filter;
use bonafide::store::page::PageRequest;
use bonafide::store::{Engine, Store, case, extract, listing};
use rstest::rstest;

use super::seed;
use crate::support::{self, at};

const ALL: PageRequest = PageRequest { offset: 0, limit: 100 };

/// A candidate with this attention, these independent sources and weight, whose case was opened at `at(seconds)`.
async fn queued(store: &Store, name: &str, attention: Attention, sources: &[Source], weight: f64, seconds: i64) -> Candidate {
    let known = seed::candidate(store, "a", name, seconds).await;
    let findings = sources.iter().map(|source| seed::finding(Code::ReuseEmail, Severity::High, *source, None)).collect();
    seed::record(store, known.number, &seed::screening(attention, weight, findings), "d", seconds).await;
    seed::open_case(store, known.number, seconds).await;
    known
}

async fn queue(store: &Store, filter: &Filter) -> Vec<String> {
    let page = listing::queue(store, &Scope::All, filter, ALL).await.unwrap();
    assert_eq!(page.total, page.rows.len() as i64);
    page.rows.into_iter().map(|row| row.candidate.name).collect()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn the_queue_is_ordered_by_attention_sources_weight_and_age(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let two = [Source::Pool, Source::Photo];
    queued(&db.store, "Sixth Newer", Attention::Review, &two[..1], 5.0, 9).await;
    queued(&db.store, "Fifth Older", Attention::Review, &two[..1], 5.0, 3).await;
    queued(&db.store, "Fourth Heavier", Attention::Review, &two[..1], 5.5, 8).await;
    queued(&db.store, "Third Sources", Attention::Review, &two, 1.0, 9).await;
    let second = queued(&db.store, "Second High", Attention::High, &two[..1], 1.0, 9).await;
    queued(&db.store, "First High", Attention::High, &two, 0.5, 9).await;
    let order = ["First High", "Second High", "Third Sources", "Fourth Heavier", "Fifth Older", "Sixth Newer"];
    assert_eq!(queue(&db.store, &Filter::default()).await, order);
    let page = listing::queue(&db.store, &Scope::All, &Filter::default(), PageRequest::of(2, 4)).await.unwrap();
    assert_eq!(page.rows.iter().map(|r| r.candidate.name.as_str()).collect::<Vec<_>>(), order[4..]);
    assert_eq!((page.total, page.is_longer()), (6, false));

    // A later screening moves the case.
    let lower = seed::screening(Attention::Low, 0.0, vec![]);
    seed::record(&db.store, second.number, &lower, "d2", 10).await;
    assert_eq!(queue(&db.store, &Filter::default()).await.last().unwrap(), "Second High");
    let review = Filter { attention: vec![Attention::Review, Attention::Low], ..Filter::default() };
    assert_eq!(queue(&db.store, &review).await.len(), 5);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_decided_case_leaves_the_queue_unless_it_is_asked_for(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let one = queued(&db.store, "Sam One", Attention::Review, &[Source::Pool], 1.0, 1).await;
    let two = queued(&db.store, "Kim Two", Attention::Review, &[Source::Pool], 2.0, 1).await;
    seed::candidate(&db.store, "a", "No Case", 1).await;
    let by = seed::person("Riley Example");
    let mut write = db.store.begin_write().await.unwrap();
    let new = NewDecision { candidate: one.number, seen_version: 1, verdict: DecisionVerdict::Verify, reason: "call", by: &by, at: at(5) };
    decision::insert(&mut write, &new).await.unwrap();
    case::take(&mut write, two.number, 1, &by).await.unwrap();
    write.commit().await.unwrap();
    let of = |status: &[CaseStatus]| Filter { status: status.to_vec(), ..Filter::default() };
    assert_eq!(queue(&db.store, &Filter::default()).await, ["Kim Two"]);
    assert_eq!(queue(&db.store, &of(&[CaseStatus::Decided])).await, ["Sam One"]);
    assert_eq!(queue(&db.store, &of(&[CaseStatus::Waiting])).await, [""; 0]);
    assert_eq!(queue(&db.store, &of(&[CaseStatus::Taken, CaseStatus::Decided])).await, ["Kim Two", "Sam One"]);
    let rows = listing::queue(&db.store, &Scope::All, &of(&[CaseStatus::Taken]), ALL).await.unwrap().rows;
    assert_eq!(rows[0].case.as_ref().unwrap().assignee.as_deref(), Some("Riley Example"));
    let verify = Filter { decision: vec![DecisionVerdict::Cleared, DecisionVerdict::Verify], ..Filter::default() };
    let rows = listing::candidates(&db.store, &Scope::All, &verify, ALL).await.unwrap().rows;
    assert_eq!(rows.iter().map(|r| (r.candidate.number, r.decision)).collect::<Vec<_>>(), [(one.number, Some(DecisionVerdict::Verify))]);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn every_condition_of_the_filter_narrows_the_list(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let entry = EntryId::random();
    let listed = seed::candidate(&db.store, "a", "Listed One", 1).await;
    let on_list = seed::finding(Code::WatchlistEmail, Severity::Critical, Source::List, Some((OtherKind::Entry, entry.as_str())));
    let phone = seed::finding(Code::LocationPhoneCountryMismatch, Severity::Low, Source::Phone, None);
    seed::record(&db.store, listed.number, &seed::screening(Attention::High, 9.0, vec![on_list, phone]), "d", 4).await;
    let mut offer = seed::intake("Clear Two");
    offer.stage = Stage::Offer;
    let clear = seed::candidate_of(&db.store, "b", &offer, 0, 2, false).await;
    seed::record(&db.store, clear.number, &seed::screening(Attention::Clear, 0.0, vec![]), "d", 4).await;
    seed::candidate(&db.store, "b", "Waits Three", 3).await;

    let names = |scope: Scope, filter: Filter| {
        let store = db.store.clone();
        async move {
            let page = listing::candidates(&store, &scope, &filter, ALL).await.unwrap();
            assert_eq!(page.total, page.rows.len() as i64, "{filter:?}");
            page.rows.into_iter().map(|row| row.candidate.name).collect::<Vec<_>>().join(" + ")
        }
    };
    let none = Filter::default();
    let cases = [
        (none.clone(), "Waits Three + Clear Two + Listed One"),
        (Filter { attention: vec![Attention::High], ..none.clone() }, "Listed One"),
        (Filter { attention: vec![Attention::High, Attention::Clear], ..none.clone() }, "Clear Two + Listed One"),
        (Filter { team: Some("b".into()), ..none.clone() }, "Waits Three + Clear Two"),
        (Filter { team: Some("%".into()), ..none.clone() }, ""),
        (Filter { stage: vec![Stage::Offer, Stage::Hired], ..none.clone() }, "Clear Two"),
        (Filter { severity: vec![Severity::Low], ..none.clone() }, "Listed One"),
        (Filter { severity: vec![Severity::Medium], ..none.clone() }, ""),
        (Filter { code: vec![Code::WatchlistEmail, Code::ReuseEmail], ..none.clone() }, "Listed One"),
        (Filter { code: vec![Code::ReuseEmail], ..none.clone() }, ""),
        (Filter { list: Some("Sanctions".into()), ..none.clone() }, "Listed One"),
        (Filter { list: Some("Other".into()), ..none.clone() }, ""),
        (Filter { severity: vec![Severity::Low], list: Some("Sanctions".into()), ..none.clone() }, ""),
        (Filter { status: vec![CaseStatus::Waiting], ..none.clone() }, ""),
        (Filter { decision: vec![DecisionVerdict::Cleared], ..none.clone() }, ""),
        (Filter { from: Some(at(2)), ..none.clone() }, "Waits Three + Clear Two"),
        (Filter { to: Some(at(2)), ..none.clone() }, "Listed One"),
        (Filter { from: Some(at(2)), to: Some(at(3)), ..none.clone() }, "Clear Two"),
    ];
    for (filter, expected) in cases {
        assert_eq!(names(Scope::All, filter.clone()).await, expected, "{filter:?}");
    }
    assert_eq!(names(Scope::Team("b".into()), none.clone()).await, "Waits Three + Clear Two");
    assert_eq!(names(Scope::Team("b".into()), Filter { team: Some("a".into()), ..none.clone() }).await, "");
    assert_eq!(names(Scope::Team(String::new()), none).await, "", "no team is not all teams");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn a_list_shows_the_strongest_finding_and_nothing_before_the_first_screening(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let known = seed::candidate(&db.store, "a", "Sam One", 1).await;
    let first =
        |store: Store| async move { listing::candidates(&store, &Scope::All, &Filter::default(), ALL).await.unwrap().rows.swap_remove(0) };
    let row = first(db.store.clone()).await;
    assert_eq!((row.screened, row.case, row.decision, row.submissions), (None, None, None, 1));
    let strongest = seed::finding(Code::ReuseEmail, Severity::High, Source::Pool, Some((OtherKind::Candidate, "x")));
    let context = seed::finding(Code::WatchlistName, Severity::Low, Source::List, None);
    seed::record(&db.store, known.number, &seed::screening(Attention::Review, 2.5, vec![strongest, context]), "d", 3).await;
    let screened = first(db.store.clone()).await.screened.unwrap();
    assert_eq!((screened.at, screened.attention, screened.sources, screened.weight_bits), (at(3), Attention::Review, 1, 2.5));
    let top = screened.top.unwrap();
    assert_eq!((top.code, top.severity, top.other), (Code::ReuseEmail, Severity::High, Some(OtherKind::Candidate)));
    assert_eq!(top.sentence, "reuse.email matches");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test]
async fn an_extract_gives_each_candidate_once_and_whole(#[case] engine: Engine) {
    let Some(db) = support::open(engine).await else { return };
    let first = queued(&db.store, "Sam One", Attention::Review, &[Source::Pool], 1.0, 1).await;
    for i in 0..500 {
        seed::candidate(&db.store, if i % 2 == 0 { "a" } else { "b" }, "Filler Person", i).await;
    }
    let read = |scope: Scope| {
        let store = db.store.clone();
        async move {
            let (mut seen, mut after, mut pages) = (Vec::new(), 0, 0);
            loop {
                let page = extract::next(&store, &scope, &Filter::default(), after).await.unwrap();
                let Some(last) = page.last() else { break };
                assert!(page.len() <= 64);
                after = last.candidate.number;
                pages += 1;
                seen.extend(page);
            }
            assert_eq!(pages, seen.len().div_ceil(64));
            seen
        }
    };
    let all = read(Scope::All).await;
    let mut numbers: Vec<i64> = all.iter().map(|row| row.candidate.number).collect();
    numbers.dedup();
    assert_eq!((all.len(), numbers.len()), (501, 501));
    assert!(all.iter().all(|row| row.submissions.len() == 1));
    let row = &all[0];
    assert_eq!((row.candidate.id.clone(), row.screened_at), (first.id, Some(at(1))));
    assert_eq!(row.screening.as_ref().unwrap().screening.findings.len(), 1);
    assert_eq!(row.case.as_ref().unwrap().status, CaseStatus::Waiting);
    assert_eq!((row.decision.clone(), row.photo_hashes.len()), (None, 0));
    assert_eq!(read(Scope::Team("b".into())).await.len(), 250);
}
