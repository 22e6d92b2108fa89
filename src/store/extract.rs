//! The extract for exports: candidates page by page in the order of their numbers, with everything a row of the file needs.
//! One page is in memory at a time, so memory does not grow with rows; candidates that arrive meanwhile come last.

use std::collections::HashMap;

use crate::domain::candidate::{Candidate, Submission};
use crate::domain::case::{Case, Decision};
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;

use super::candidate;
use super::case;
use super::decision;
use super::error::StoreError;
use super::filter::{Filter, filtered};
use super::open::Store;
use super::screening::{self, StoredScreening};
use super::sql;
use super::submission;

/// Candidates a page of an extract holds.
const PAGE: i64 = sql::SLOTS as i64;

/// One candidate of an extract.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtractRow {
    /// The candidate; its number is where the next page begins.
    pub candidate: Candidate,
    /// All submissions, the latest first: its contacts and places, and the sightings of all.
    pub submissions: Vec<Submission>,
    /// The latest finished screening with its findings.
    pub screening: Option<StoredScreening>,
    /// When the candidate was last screened, also where that gave nothing new.
    pub screened_at: Option<Timestamp>,
    /// The case.
    pub case: Option<Case>,
    /// The latest decision.
    pub decision: Option<Decision>,
    /// `algorithm:hash:quality` of the whole of each readable picture.
    pub photo_hashes: Vec<String>,
}

const NUMBERS: &str = filtered!(
    "SELECT c.number, c.screened_at ",
    "FROM candidate c LEFT JOIN review_case k ON k.candidate = c.number",
    "AND c.number > $14 ORDER BY c.number LIMIT $15",
    arrival = "c.last_submission_at + 0"
);

/// The candidates above `after` that the reader sees and the filter lets through; none is the end. Begin with 0, go on with the
/// last row's number.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn next(store: &Store, scope: &Scope, filter: &Filter, after: i64) -> Result<Vec<ExtractRow>, StoreError> {
    let found: Vec<(i64, Option<i64>)> =
        sqlx::query_as_with(NUMBERS, filter.arguments(scope)?).bind(after).bind(PAGE).fetch_all(store.reader()).await?;
    let numbers: Vec<i64> = found.iter().map(|(number, _)| *number).collect();
    let screened_at: HashMap<i64, i64> = found.into_iter().filter_map(|(number, at)| Some((number, at?))).collect();
    let mut submissions: HashMap<i64, Vec<Submission>> = HashMap::new();
    for submission in submission::of_candidates(store, &numbers).await? {
        submissions.entry(submission.candidate).or_default().push(submission);
    }
    let mut screenings: HashMap<i64, StoredScreening> =
        screening::latest_of(store, &numbers).await?.into_iter().map(|stored| (stored.candidate, stored)).collect();
    let mut cases: HashMap<i64, Case> =
        case::of_candidates(store, &numbers).await?.into_iter().map(|stored| (stored.case.candidate, stored.case)).collect();
    let mut decisions: HashMap<i64, Decision> = HashMap::new();
    for (candidate, decision) in decision::of_candidates(store, &numbers).await? {
        decisions.entry(candidate).or_insert(decision);
    }
    let mut hashes = photo_hashes(store, &numbers).await?;
    let candidates = candidate::by_numbers(store, &numbers).await?;
    let row = |candidate: Candidate| ExtractRow {
        submissions: submissions.remove(&candidate.number).unwrap_or_default(),
        screening: screenings.remove(&candidate.number),
        screened_at: screened_at.get(&candidate.number).copied().map(Timestamp::from_ms),
        case: cases.remove(&candidate.number),
        decision: decisions.remove(&candidate.number),
        photo_hashes: hashes.remove(&candidate.number).unwrap_or_default(),
        candidate,
    };
    Ok(candidates.into_iter().map(row).collect())
}

async fn photo_hashes(store: &Store, candidates: &[i64]) -> Result<HashMap<i64, Vec<String>>, StoreError> {
    let mut hashes: HashMap<i64, Vec<String>> = HashMap::new();
    for group in sql::padded(candidates) {
        let text = sql::with_keys(
            "SELECT candidate, algorithm, hash_whole, quality_whole FROM photo
            WHERE candidate IN {keys} AND fault IS NULL ORDER BY number",
            1,
        );
        let rows: Vec<(i64, String, Vec<u8>, i64)> =
            group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for (candidate, algorithm, hash, quality) in rows {
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            hashes.entry(candidate).or_default().push(format!("{algorithm}:{hex}:{quality}"));
        }
    }
    Ok(hashes)
}
