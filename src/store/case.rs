//! Cases: one a candidate, changed by compare-and-set on its version, so that two people never overwrite each other unseen.

use crate::domain::case::{Case, CaseStatus};
use crate::domain::id::{CaseId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::{Actor, Scope};

use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// A case with what only the store's callers ask of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCase {
    /// The case.
    pub case: Case,
    /// Who has taken it.
    pub assignee: Option<UserId>,
    /// When it was last decided.
    pub decided_at: Option<Timestamp>,
}

/// What opening came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// There was none.
    New,
    /// It was decided and waits again.
    Reopened,
    /// It waited or was taken, and still is.
    Already,
}

/// How many cases stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseCounts {
    /// Cases that wait.
    pub waiting: i64,
    /// Cases that someone has taken.
    pub taken: i64,
    /// Cases that are decided.
    pub decided: i64,
}

row!(
    struct CaseRow {
        candidate: i64,
        id: String,
        status: String,
        assignee_user: Option<String>,
        assignee_name: Option<String>,
        opened_at: i64,
        decided_at: Option<i64>,
        version: i64,
    }
);

impl TryFrom<CaseRow> for StoredCase {
    type Error = StoreError;

    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("review_case", column, row.candidate);
        Ok(Self {
            case: Case {
                id: CaseId::parse(&row.id).map_err(|_| wrong("id"))?,
                candidate: row.candidate,
                status: CaseStatus::parse(&row.status).ok_or_else(|| wrong("status"))?,
                assignee: row.assignee_name,
                opened_at: Timestamp::from_ms(row.opened_at),
                version: row.version,
            },
            assignee: row.assignee_user.map(|id| UserId::parse(&id)).transpose().map_err(|_| wrong("assignee_user"))?,
            decided_at: row.decided_at.map(Timestamp::from_ms),
        })
    }
}

/// Opens the candidate's case, or sets a decided one back to waiting. After the screening is recorded, whose weight orders the
/// queue.
///
/// # Errors
/// When the database fails.
pub async fn open(write: &mut Write, candidate: i64, id: &CaseId, at: Timestamp) -> Result<Opened, StoreError> {
    let done = sqlx::query(
        "INSERT INTO review_case (candidate, id, status, is_open, opened_at, version, attention, sources, weight_bits)
        SELECT c.number, $2, $3, 1, $4, 1, c.attention, c.sources, c.weight_bits FROM candidate c WHERE c.number = $1
        ON CONFLICT (candidate) DO NOTHING",
    )
    .bind(candidate)
    .bind(id.as_str())
    .bind(CaseStatus::Waiting.as_str())
    .bind(at.as_ms())
    .execute(write.connection())
    .await?;
    if done.rows_affected() > 0 {
        return Ok(Opened::New);
    }
    let done = sqlx::query(
        "UPDATE review_case
        SET status = $2, is_open = 1, assignee_user = NULL, assignee_name = NULL, opened_at = $3, version = version + 1
        WHERE candidate = $1 AND is_open = 0",
    )
    .bind(candidate)
    .bind(CaseStatus::Waiting.as_str())
    .bind(at.as_ms())
    .execute(write.connection())
    .await?;
    Ok(if done.rows_affected() > 0 { Opened::Reopened } else { Opened::Already })
}

/// Takes a waiting case out of the queue when nothing is left to look at: one that was decided before stands decided again,
/// one that never was goes. True when there was one. A case that someone has taken stays.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(write: &mut Write, candidate: i64) -> Result<bool, StoreError> {
    let back = sqlx::query(
        "UPDATE review_case SET status = $3, is_open = 0, version = version + 1
        WHERE candidate = $1 AND status = $2 AND decided_at IS NOT NULL",
    )
    .bind(candidate)
    .bind(CaseStatus::Waiting.as_str())
    .bind(CaseStatus::Decided.as_str())
    .execute(write.connection())
    .await?;
    let gone = sqlx::query("DELETE FROM review_case WHERE candidate = $1 AND status = $2 AND decided_at IS NULL")
        .bind(candidate)
        .bind(CaseStatus::Waiting.as_str())
        .execute(write.connection())
        .await?;
    Ok(back.rows_affected() + gone.rows_affected() > 0)
}

/// The candidate's case.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, candidate: i64) -> Result<Option<StoredCase>, StoreError> {
    Ok(of_candidates(store, &[candidate]).await?.pop())
}

/// The cases of these candidates, by candidate number.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_candidates(store: &Store, candidates: &[i64]) -> Result<Vec<StoredCase>, StoreError> {
    let mut found = Vec::new();
    for group in sql::padded(candidates) {
        let text = sql::with_keys(
            "SELECT candidate, id, status, assignee_user, assignee_name, opened_at, decided_at, version
            FROM review_case WHERE candidate IN {keys} ORDER BY candidate",
            1,
        );
        let rows: Vec<CaseRow> = group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Gives an undecided case to a person, also from another one's hands; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when the case changed since that version, or is decided.
pub async fn take(write: &mut Write, candidate: i64, seen_version: i64, by: &Actor) -> Result<i64, StoreError> {
    let version: Option<i64> = sqlx::query_scalar(
        "UPDATE review_case SET status = $3, assignee_user = $4, assignee_name = $5, version = version + 1
        WHERE candidate = $1 AND version = $2 AND is_open = 1 RETURNING version",
    )
    .bind(candidate)
    .bind(seen_version)
    .bind(CaseStatus::Taken.as_str())
    .bind(by.user.as_ref().map(UserId::as_str))
    .bind(by.name.as_str())
    .fetch_optional(write.connection())
    .await?;
    version.ok_or(StoreError::Conflict)
}

/// Puts a taken case back into the queue; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when the case changed since that version, or is not taken.
pub async fn release(write: &mut Write, candidate: i64, seen_version: i64) -> Result<i64, StoreError> {
    let version: Option<i64> = sqlx::query_scalar(
        "UPDATE review_case SET status = $3, assignee_user = NULL, assignee_name = NULL, version = version + 1
        WHERE candidate = $1 AND version = $2 AND status = $4 RETURNING version",
    )
    .bind(candidate)
    .bind(seen_version)
    .bind(CaseStatus::Waiting.as_str())
    .bind(CaseStatus::Taken.as_str())
    .fetch_optional(write.connection())
    .await?;
    version.ok_or(StoreError::Conflict)
}

/// Marks a case as decided, also once more; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when the case changed since that version.
pub(super) async fn set_decided(write: &mut Write, candidate: i64, seen_version: i64, at: Timestamp) -> Result<i64, StoreError> {
    let version: Option<i64> = sqlx::query_scalar(
        "UPDATE review_case SET status = $3, is_open = 0, decided_at = $4, version = version + 1
        WHERE candidate = $1 AND version = $2 RETURNING version",
    )
    .bind(candidate)
    .bind(seen_version)
    .bind(CaseStatus::Decided.as_str())
    .bind(at.as_ms())
    .fetch_optional(write.connection())
    .await?;
    version.ok_or(StoreError::Conflict)
}

/// How many cases of the reader's candidates stand where.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn count_by_status(store: &Store, scope: &Scope) -> Result<CaseCounts, StoreError> {
    let (all, team) = match scope {
        Scope::All => (1_i64, ""),
        Scope::Team(team) => (0, team.as_str()),
    };
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT k.status, COUNT(*) FROM review_case k JOIN candidate c ON c.number = k.candidate
        WHERE $1 = 1 OR c.team = $2 GROUP BY k.status ORDER BY k.status",
    )
    .bind(all)
    .bind(team)
    .fetch_all(store.reader())
    .await?;
    let mut counts = CaseCounts::default();
    for (status, count) in rows {
        match CaseStatus::parse(&status).ok_or_else(|| StoreError::inconsistent("review_case", "status", &status))? {
            CaseStatus::Waiting => counts.waiting = count,
            CaseStatus::Taken => counts.taken = count,
            CaseStatus::Decided => counts.decided = count,
        }
    }
    Ok(counts)
}
