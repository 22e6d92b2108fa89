//! Submissions: every intake as sent, whole and never overwritten, because a merge in the sender's system must hide nothing.

use sha2::{Digest, Sha256};

use crate::domain::candidate::Submission;
use crate::domain::id::{ImportId, SubmissionId, UserId};
use crate::domain::intake::Intake;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;

use super::counter;
use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// A submission to be stored.
#[derive(Debug, Clone)]
pub struct NewSubmission<'a> {
    /// Internal number, of [`reserve`].
    pub number: i64,
    /// Public id.
    pub id: &'a SubmissionId,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// What was sent; the bytes of pictures are stored beside it.
    pub intake: &'a Intake,
    /// When it arrived here.
    pub received_at: Timestamp,
    /// Who sent it.
    pub by: &'a Actor,
    /// The file it came in.
    pub import: Option<&'a ImportId>,
}

row!(
    struct SubmissionRow {
        number: i64,
        id: String,
        candidate: i64,
        intake: String,
        received_at: i64,
        by_user: Option<String>,
        by_name: String,
    }
);

impl TryFrom<SubmissionRow> for Submission {
    type Error = StoreError;

    fn try_from(row: SubmissionRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("submission", column, row.number);
        Ok(Self {
            id: SubmissionId::parse(&row.id).map_err(|_| wrong("id"))?,
            number: row.number,
            candidate: row.candidate,
            intake: serde_json::from_str(&row.intake).map_err(|_| wrong("intake"))?,
            received_at: Timestamp::from_ms(row.received_at),
            by: row.by_user.map(|id| UserId::parse(&id)).transpose().map_err(|_| wrong("by_user"))?,
            by_name: row.by_name,
        })
    }
}

/// SHA-256 of the content of an intake, pictures included by their digests: equal content is nothing new.
#[must_use]
pub fn content_hash(intake: &Intake) -> String {
    let text = serde_json::to_vec(intake).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The first of `count` submission numbers that nobody else gets.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, count: u32) -> Result<i64, StoreError> {
    counter::reserve(write, "submission", count).await
}

/// Keeps a submission.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, new: &NewSubmission<'_>) -> Result<(), StoreError> {
    let intake = serde_json::to_string(new.intake).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO submission (number, id, candidate, intake, content_hash, received_at, by_user, by_name, import)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(new.number)
    .bind(new.id.as_str())
    .bind(new.candidate)
    .bind(intake)
    .bind(content_hash(new.intake))
    .bind(new.received_at.as_ms())
    .bind(new.by.user.as_ref().map(UserId::as_str))
    .bind(new.by.name.as_str())
    .bind(new.import.map(ImportId::as_str))
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Id and [`content_hash`] of the latest submission, inside the change that compares them with a new one.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn latest_content(write: &mut Write, candidate: i64) -> Result<Option<(SubmissionId, String)>, StoreError> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT id, content_hash FROM submission WHERE candidate = $1 ORDER BY received_at DESC, number DESC LIMIT 1")
            .bind(candidate)
            .fetch_optional(write.connection())
            .await?;
    row.map(|(id, hash)| match SubmissionId::parse(&id) {
        Ok(id) => Ok((id, hash)),
        Err(_) => Err(StoreError::inconsistent("submission", "id", candidate)),
    })
    .transpose()
}

/// The latest submission of a candidate.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn latest(store: &Store, candidate: i64) -> Result<Option<Submission>, StoreError> {
    let row: Option<SubmissionRow> = sqlx::query_as(
        "SELECT number, id, candidate, intake, received_at, by_user, by_name
        FROM submission WHERE candidate = $1 ORDER BY received_at DESC, number DESC LIMIT 1",
    )
    .bind(candidate)
    .fetch_optional(store.reader())
    .await?;
    row.map(Submission::try_from).transpose()
}

/// All submissions of a candidate, the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn all_of(store: &Store, candidate: i64) -> Result<Vec<Submission>, StoreError> {
    of_candidates(store, &[candidate]).await
}

/// All submissions of many candidates: by candidate number, then the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_candidates(store: &Store, candidates: &[i64]) -> Result<Vec<Submission>, StoreError> {
    let mut candidates = candidates.to_vec();
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = Vec::with_capacity(candidates.len());
    for group in sql::padded(&candidates) {
        let text = sql::with_keys(
            "SELECT number, id, candidate, intake, received_at, by_user, by_name
            FROM submission WHERE candidate IN {keys} ORDER BY candidate, received_at DESC, number DESC",
            1,
        );
        let rows: Vec<SubmissionRow> =
            group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}
