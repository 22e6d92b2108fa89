//! The demonstration tells what it is meant to tell: each planted story is found, every honest candidate stays clear or low.

use std::collections::BTreeMap;
use std::sync::Arc;

use bonafide::domain::screening::Attention;
use bonafide::domain::time::{Clock, Timestamp};
use bonafide::domain::user::{Actor, Scope};
use bonafide::jobs::worker;
use bonafide::pipeline::demo;
use bonafide::pipeline::installation::Installation;
use bonafide::secrets::Secrets;
use bonafide::store::filter::Filter;
use bonafide::store::page::PageRequest;
use bonafide::store::{self, Engine};

use crate::support;

/// The planted stories: who must have which findings. An empty list tells nothing yet.
const STORIES: [(&str, &[&str]); 17] = [
    ("GH-1023", &["photo.same-photo"]),
    ("GH-1024", &["photo.same-photo"]),
    ("GH-1025", &["photo.face-swapped"]),
    ("GH-1026", &["photo.face-swapped"]),
    ("GH-1027", &["reuse.phone", "reuse.handle"]),
    ("GH-1028", &["reuse.phone", "reuse.handle"]),
    ("GH-1029", &["reuse.phone"]),
    ("GH-1030", &["reuse.payout-account"]),
    ("GH-1031", &["reuse.payout-account"]),
    ("GH-1032", &["watchlist.email"]),
    ("GH-1033", &["watchlist.handle"]),
    ("GH-1034", &["watchlist.phone"]),
    ("GH-1035", &["watchlist.domain"]),
    ("GH-1036", &["location.impossible-travel"]),
    ("GH-1037", &["location.timezone-mismatch"]),
    ("GH-1038", &["location.claim-conflict"]),
    ("GH-1039", &[]),
];

struct Outcome {
    attention: Attention,
    codes: Vec<String>,
}

async fn outcomes(installation: &Installation) -> BTreeMap<String, Outcome> {
    let page = PageRequest { offset: 0, limit: 200 };
    let listed = store::listing::candidates(&installation.store, &Scope::All, &Filter::default(), page).await.unwrap();
    let mut outcomes = BTreeMap::new();
    for row in listed.rows {
        let stored = store::screening::latest(&installation.store, row.candidate.number).await.unwrap().unwrap();
        let codes = stored.screening.findings.iter().map(|finding| finding.code.to_string()).collect();
        outcomes.insert(row.candidate.external_id.unwrap(), Outcome { attention: stored.screening.attention, codes });
    }
    outcomes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_story_is_found_and_every_honest_candidate_stays_clear_or_low_then_all_of_it_goes() {
    let database = support::open(Engine::Sqlite).await.unwrap();
    let now = Clock::Fixed(Timestamp::parse("2026-11-20").unwrap());
    let installation = Installation::new(database.store.clone(), now, Arc::new(Secrets::from_bytes([7; 32])));
    let loaded = demo::load(&installation).await.unwrap();
    while worker::drain(&installation).await.unwrap() > 0 {}
    let outcomes = outcomes(&installation).await;
    assert_eq!(outcomes.len(), loaded.candidates);
    let mut wrong = Vec::new();
    for (id, outcome) in &outcomes {
        let told = format!("{id}: {} {:?}", outcome.attention, outcome.codes);
        match STORIES.iter().find(|(planted, _)| planted == id) {
            Some((_, codes)) if codes.iter().all(|code| outcome.codes.iter().any(|found| found == code)) => {}
            None if outcome.attention <= Attention::Low => {}
            _ => wrong.push(told),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(STORIES.iter().all(|(id, _)| outcomes.contains_key(*id)));

    assert!(demo::is_present(&installation).await.unwrap());
    let removed = demo::remove(&installation, &Actor::program()).await.unwrap();
    assert_eq!((removed.candidates, removed.watchlists), (loaded.candidates as u64, loaded.watchlists as u64));
    assert!(!demo::is_present(&installation).await.unwrap());
    assert!(installation.photos.is_empty().await);
    assert_eq!(store::audit::verify(&installation.store, &installation.audit_key()).await.unwrap().unwrap().rows, 8);
}
