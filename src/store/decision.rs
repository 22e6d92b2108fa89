//! Decisions of named people on candidates; only ever added. One version of a case is decided once.

use crate::domain::case::{Decision, DecisionVerdict};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;

use super::candidate;
use super::case;
use super::counter;
use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// A decision to be recorded.
#[derive(Debug, Clone)]
pub struct NewDecision<'a> {
    /// Internal number of the candidate.
    pub candidate: i64,
    /// The version of the case that the person saw.
    pub seen_version: i64,
    /// The verdict.
    pub verdict: DecisionVerdict,
    /// Why.
    pub reason: &'a str,
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub at: Timestamp,
}

row!(
    struct DecisionRow {
        candidate: i64,
        verdict: String,
        reason: String,
        by_name: String,
        at: i64,
    }
);

impl TryFrom<DecisionRow> for Decision {
    type Error = StoreError;

    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        Ok(Self {
            verdict: DecisionVerdict::parse(&row.verdict).ok_or_else(|| StoreError::inconsistent("decision", "verdict", row.candidate))?,
            reason: row.reason,
            by: row.by_name,
            at: Timestamp::from_ms(row.at),
        })
    }
}

/// Records a decision, closes the case and shows the verdict in lists; gives the case's new version. A write that fails here is
/// to be dropped, not committed.
///
/// # Errors
/// [`StoreError::Conflict`] when someone else changed or decided the case meanwhile, or there is none.
pub async fn insert(write: &mut Write, new: &NewDecision<'_>) -> Result<i64, StoreError> {
    // Candidate before case, as recording a screening does: in another order the two could wait for each other.
    candidate::set_decision(write, new.candidate, new.verdict, new.at).await?;
    let version = case::set_decided(write, new.candidate, new.seen_version, new.at).await?;
    let number = counter::reserve(write, "decision", 1).await?;
    sqlx::query(
        "INSERT INTO decision (number, candidate, verdict, reason, by_user, by_name, at, case_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(number)
    .bind(new.candidate)
    .bind(new.verdict.as_str())
    .bind(new.reason)
    .bind(new.by.user.as_ref().map(UserId::as_str))
    .bind(new.by.name.as_str())
    .bind(new.at.as_ms())
    .bind(new.seen_version)
    .execute(write.connection())
    .await?;
    Ok(version)
}

/// The latest decision on a candidate.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn latest(store: &Store, candidate: i64) -> Result<Option<Decision>, StoreError> {
    let mut all = all_of(store, candidate).await?;
    Ok(if all.is_empty() { None } else { Some(all.swap_remove(0)) })
}

/// All decisions on a candidate, the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn all_of(store: &Store, candidate: i64) -> Result<Vec<Decision>, StoreError> {
    Ok(of_candidates(store, &[candidate]).await?.into_iter().map(|(_, decision)| decision).collect())
}

/// All decisions on these candidates, each with its candidate's number: by number, then the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_candidates(store: &Store, candidates: &[i64]) -> Result<Vec<(i64, Decision)>, StoreError> {
    let mut found = Vec::new();
    for group in sql::padded(candidates) {
        let text = sql::with_keys(
            "SELECT candidate, verdict, reason, by_name, at FROM decision
            WHERE candidate IN {keys} ORDER BY candidate, case_version DESC",
            1,
        );
        let rows: Vec<DecisionRow> =
            group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push((row.candidate, row.try_into()?));
        }
    }
    Ok(found)
}
