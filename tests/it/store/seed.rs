//! Candidates, screenings and lists for the tests of the store, each in one call.

use bonafide::domain::candidate::Candidate;
use bonafide::domain::finding::{Code, Evidence, Finding, Other, OtherKind, Severity, Side, Source};
use bonafide::domain::id::{CandidateId, CaseId, EntryId, ImportId, ScreeningId, SubmissionId, UserId, WatchlistId};
use bonafide::domain::intake::Intake;
use bonafide::domain::name::PersonName;
use bonafide::domain::screening::{Attention, Check, ListVersion, Outcome, Screening};
use bonafide::domain::user::{Actor, Scope};
use bonafide::domain::watchlist::{EntryStatus, Persona, Watchlist};
use bonafide::store::candidate::{self, NewCandidate};
use bonafide::store::entry::{self, NewEntry};
use bonafide::store::screening::{self, NewScreening, Recorded};
use bonafide::store::submission::{self, NewSubmission};
use bonafide::store::watchlist::{self, NewWatchlist, Publication, Staging};
use bonafide::store::{Store, case};

use crate::support::at;

/// A person who signs in.
pub fn person(name: &str) -> Actor {
    Actor { user: Some(UserId::random()), name: name.to_owned() }
}

/// An intake with a name alone.
pub fn intake(name: &str) -> Intake {
    Intake::of(PersonName::parse(name).unwrap())
}

/// A candidate of a team with one submission, both at `at(seconds)`.
pub async fn candidate(store: &Store, team: &str, name: &str, seconds: i64) -> Candidate {
    candidate_of(store, team, &intake(name), 0, seconds, false).await
}

/// The same with an intake, a twin and a flag of one's own.
pub async fn candidate_of(store: &Store, team: &str, intake: &Intake, twin: i64, seconds: i64, is_demo: bool) -> Candidate {
    let id = CandidateId::random();
    let mut write = store.begin_write().await.unwrap();
    let number = candidate::reserve(&mut write, 1).await.unwrap();
    candidate::insert(&mut write, &NewCandidate { number, id: &id, team, twin, intake, at: at(seconds), is_demo }).await.unwrap();
    let submission = submission::reserve(&mut write, 1).await.unwrap();
    let new = NewSubmission {
        number: submission,
        id: &SubmissionId::random(),
        candidate: number,
        intake,
        received_at: at(seconds),
        by: &person("Riley Example"),
        import: None,
    };
    submission::insert(&mut write, &new).await.unwrap();
    write.commit().await.unwrap();
    candidate::find(store, &Scope::All, &id).await.unwrap().unwrap()
}

/// A finding on the name, against an entry or candidate of this id.
pub fn finding(code: Code, severity: Severity, source: Source, other: Option<(OtherKind, &str)>) -> Finding {
    let other = other.map(|(kind, id)| {
        let mut other = Other::of(kind).with_value("names[0]", Some("Theirs".into()), "theirs");
        other.id = Some(id.to_owned());
        other.list = (kind == OtherKind::Entry).then(|| "Sanctions".to_owned());
        other
    });
    let evidence = Evidence::new(Side::new("name", "Ours", "ours"), other, "nothing");
    Finding { id: None, code, severity, source, sentence: format!("{code} matches"), evidence }
}

/// A screening with these findings.
pub fn screening(attention: Attention, weight_bits: f64, findings: Vec<Finding>) -> Screening {
    let mut sources: Vec<Source> = findings.iter().filter(|f| f.severity > Severity::Low).map(|f| f.source).collect();
    sources.sort_unstable();
    sources.dedup();
    Screening {
        as_of: at(0),
        attention,
        attention_reason: "as the test says".into(),
        sources,
        weight_bits,
        findings,
        checks: vec![Check { code: Code::WatchlistEmail, outcome: Outcome::NoData, note: Some("no e-mail".into()) }],
        links: Vec::new(),
        rule_version: "test.1".into(),
        list_versions: vec![ListVersion { list: "Sanctions".into(), version: 1 }],
    }
}

/// Records a screening that ended at `at(seconds)`, under this digest.
pub async fn record(store: &Store, candidate: i64, screening: &Screening, digest: &str, seconds: i64) -> Recorded {
    let mut write = store.begin_write().await.unwrap();
    let number = screening::reserve(&mut write, 1).await.unwrap();
    let new = NewScreening {
        number,
        id: &ScreeningId::random(),
        candidate,
        digest,
        started_at: at(seconds),
        finished_at: at(seconds),
        screening,
    };
    let recorded = screening::record(&mut write, &new).await.unwrap();
    write.commit().await.unwrap();
    recorded
}

/// Opens the candidate's case at `at(seconds)`.
pub async fn open_case(store: &Store, candidate: i64, seconds: i64) -> case::Opened {
    let mut write = store.begin_write().await.unwrap();
    let opened = case::open(&mut write, candidate, &CaseId::random(), at(seconds)).await.unwrap();
    write.commit().await.unwrap();
    opened
}

/// A persona with a name alone.
pub fn persona(name: &str) -> Persona {
    Persona { names: vec![PersonName::parse(name).unwrap()], ..Persona::default() }
}

/// A revision to stage, known by the persona's name.
pub async fn new_entry(store: &Store, persona: Persona, id: EntryId) -> NewEntry {
    let mut write = store.begin_write().await.unwrap();
    let number = entry::reserve(&mut write, 1).await.unwrap();
    write.commit().await.unwrap();
    NewEntry { number, id, entry_key: persona.title(), persona, status: EntryStatus::Active }
}

/// What a publication of so many entries is recorded with.
pub fn publication(added: i64, changed: i64, removed: i64) -> Publication {
    Publication { at: at(0), by: "Morgan Example".into(), note: "personas.csv".into(), added, changed, removed }
}

/// Begins a change of a list as it was read.
pub async fn begin(store: &Store, list: &Watchlist) -> Staging {
    let staging = Staging { watchlist: list.number, seen_version: list.version, token: ImportId::random() };
    let mut write = store.begin_write().await.unwrap();
    watchlist::begin_change(&mut write, &staging).await.unwrap();
    write.commit().await.unwrap();
    staging
}

/// An empty list.
pub async fn empty_list(store: &Store, name: &str, is_demo: bool) -> Watchlist {
    let id = WatchlistId::random();
    let mut write = store.begin_write().await.unwrap();
    let number = watchlist::reserve(&mut write, 1).await.unwrap();
    let new = NewWatchlist { number, id: &id, name, at: at(0), by: "Morgan Example", is_demo };
    watchlist::insert(&mut write, &new).await.unwrap();
    write.commit().await.unwrap();
    watchlist::find(store, &id).await.unwrap().unwrap()
}

/// A published list with one entry a name; gives the entries' numbers and ids, too.
pub async fn list(store: &Store, name: &str, names: &[&str], is_demo: bool) -> (Watchlist, Vec<(i64, EntryId)>) {
    let list = empty_list(store, name, is_demo).await;
    let staging = begin(store, &list).await;
    let mut entries = Vec::new();
    for name in names {
        entries.push(new_entry(store, persona(name), EntryId::random()).await);
    }
    let mut write = store.begin_write().await.unwrap();
    entry::stage(&mut write, &staging, &entries, at(0)).await.unwrap();
    watchlist::publish(&mut write, &staging, &publication(names.len() as i64, 0, 0)).await.unwrap();
    write.commit().await.unwrap();
    let ids = entries.into_iter().map(|entry| (entry.number, entry.id)).collect();
    (watchlist::find(store, &list.id).await.unwrap().unwrap(), ids)
}
