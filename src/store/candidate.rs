//! Candidates: one row a person as submitted, with what lists show of the latest screening.

use crate::domain::candidate::{Candidate, Stage};
use crate::domain::case::DecisionVerdict;
use crate::domain::finding::Finding;
use crate::domain::id::CandidateId;
use crate::domain::intake::Intake;
use crate::domain::screening::Attention;
use crate::domain::time::Timestamp;
use crate::domain::user::Scope;

use super::counter;
use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// A candidate to be stored.
#[derive(Debug, Clone)]
pub struct NewCandidate<'a> {
    /// Internal number, of [`reserve`].
    pub number: i64,
    /// Public id.
    pub id: &'a CandidateId,
    /// Team whose recruiters see it.
    pub team: &'a str,
    /// 0, or for another person under the same external id the number of those before.
    pub twin: i64,
    /// The first submission.
    pub intake: &'a Intake,
    /// When it arrived.
    pub at: Timestamp,
    /// Made by the demonstration.
    pub is_demo: bool,
}

/// A candidate known under an external id.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// 0 for the first, more for another person under the same external id.
    pub twin: i64,
    /// The candidate.
    pub candidate: Candidate,
}

/// A candidate tied to another one by the sender's own id.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The other candidate.
    pub candidate: Candidate,
    /// What ties them, in words.
    pub reason: String,
}

row!(
    struct CandidateRow {
        number: i64,
        id: String,
        team: String,
        external_id: Option<String>,
        name: String,
        role: Option<String>,
        stage: String,
        created_at: i64,
        is_demo: i64,
        version: i64,
    }
);

impl TryFrom<CandidateRow> for Candidate {
    type Error = StoreError;

    fn try_from(row: CandidateRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("candidate", column, row.number);
        Ok(Self {
            id: CandidateId::parse(&row.id).map_err(|_| wrong("id"))?,
            number: row.number,
            stage: Stage::parse(&row.stage).ok_or_else(|| wrong("stage"))?,
            team: row.team,
            external_id: row.external_id,
            name: row.name,
            role: row.role,
            created_at: Timestamp::from_ms(row.created_at),
            is_demo: row.is_demo != 0,
            version: row.version,
        })
    }
}

row!(
    struct TwinRow {
        twin: i64,
    }
);

row!(
    struct ReasonRow {
        reason: String,
    }
);

/// Joins two private rows of one statement.
struct Both<A, B>(A, B);

impl<'r, A, B> sqlx::FromRow<'r, sqlx::any::AnyRow> for Both<A, B>
where
    A: sqlx::FromRow<'r, sqlx::any::AnyRow>,
    B: sqlx::FromRow<'r, sqlx::any::AnyRow>,
{
    fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self(A::from_row(row)?, B::from_row(row)?))
    }
}

/// The first of `count` candidate numbers that nobody else gets.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, count: u32) -> Result<i64, StoreError> {
    counter::reserve(write, "candidate", count).await
}

/// Stores a new candidate.
///
/// # Errors
/// [`StoreError::Conflict`] when the team has this external id and twin already: somebody else was first, read again.
pub async fn insert(write: &mut Write, new: &NewCandidate<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO candidate (
            number, id, team, external_id, twin, name, role, requisition, stage,
            created_at, updated_at, last_submission_at, submissions, is_demo, version, attention, sources, weight_bits)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $10, 1, $11, 1, -1, 0, 0)",
    )
    .bind(new.number)
    .bind(new.id.as_str())
    .bind(new.team)
    .bind(new.intake.external_id.as_deref())
    .bind(new.twin)
    .bind(new.intake.name.as_str())
    .bind(new.intake.role.as_deref())
    .bind(new.intake.requisition.as_deref())
    .bind(new.intake.stage.as_str())
    .bind(new.at.as_ms())
    .bind(i64::from(new.is_demo))
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Notes a further submission: the row shows the latest one.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such candidate.
pub async fn resubmit(write: &mut Write, number: i64, intake: &Intake, at: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE candidate
        SET name = $2, role = $3, requisition = $4, stage = $5, updated_at = $6, last_submission_at = $6,
            submissions = submissions + 1, version = version + 1
        WHERE number = $1",
    )
    .bind(number)
    .bind(intake.name.as_str())
    .bind(intake.role.as_deref())
    .bind(intake.requisition.as_deref())
    .bind(intake.stage.as_str())
    .bind(at.as_ms())
    .execute(write.connection())
    .await?;
    if done.rows_affected() == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// The candidate with this public id, where the reader sees it.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn find(store: &Store, scope: &Scope, id: &CandidateId) -> Result<Option<Candidate>, StoreError> {
    let row: Option<CandidateRow> = sqlx::query_as(
        "SELECT number, id, team, external_id, name, role, stage, created_at, is_demo, version FROM candidate WHERE id = $1",
    )
    .bind(id.as_str())
    .fetch_optional(store.reader())
    .await?;
    let candidate = row.map(Candidate::try_from).transpose()?;
    Ok(candidate.filter(|candidate| scope.includes(&candidate.team)))
}

/// The candidates with these numbers, for the engines; those that are gone are left out.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn by_numbers(store: &Store, numbers: &[i64]) -> Result<Vec<Candidate>, StoreError> {
    let mut found = Vec::with_capacity(numbers.len());
    for group in sql::padded(numbers) {
        let text = sql::with_keys(
            "SELECT number, id, team, external_id, name, role, stage, created_at, is_demo, version
            FROM candidate WHERE number IN {keys} ORDER BY number",
            1,
        );
        let rows: Vec<CandidateRow> =
            group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    Ok(found)
}

/// Everyone the team knows under this external id, the first one first. Inside a change, so that what follows agrees with it.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn same_external_id(write: &mut Write, team: &str, external_id: &str) -> Result<Vec<Known>, StoreError> {
    let rows: Vec<Both<TwinRow, CandidateRow>> = sqlx::query_as(
        "SELECT twin, number, id, team, external_id, name, role, stage, created_at, is_demo, version
        FROM candidate WHERE team = $1 AND external_id = $2 ORDER BY twin",
    )
    .bind(team)
    .bind(external_id)
    .fetch_all(write.connection())
    .await?;
    rows.into_iter().map(|Both(twin, row)| Ok(Known { twin: twin.twin, candidate: row.try_into()? })).collect()
}

/// Ties a candidate to another one; again is the same as once.
///
/// # Errors
/// When the database fails.
pub async fn link(write: &mut Write, candidate: i64, other: i64, reason: &str, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO candidate_link (candidate, other, reason, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (candidate, other) DO NOTHING",
    )
    .bind(candidate)
    .bind(other)
    .bind(reason)
    .bind(at.as_ms())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// The candidates tied to this one, in either direction, as far as the reader sees them.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn linked(store: &Store, scope: &Scope, candidate: i64) -> Result<Vec<Linked>, StoreError> {
    let rows: Vec<Both<ReasonRow, CandidateRow>> = sqlx::query_as(
        "SELECT l.reason, c.number, c.id, c.team, c.external_id, c.name, c.role, c.stage, c.created_at, c.is_demo, c.version
        FROM (
            SELECT other AS number, reason FROM candidate_link WHERE candidate = $1
            UNION
            SELECT candidate AS number, reason FROM candidate_link WHERE other = $1
        ) AS l
        JOIN candidate c ON c.number = l.number
        ORDER BY c.created_at, c.number, l.reason",
    )
    .bind(candidate)
    .fetch_all(store.reader())
    .await?;
    let mut all = Vec::with_capacity(rows.len());
    for Both(reason, row) in rows {
        let candidate = Candidate::try_from(row)?;
        if scope.includes(&candidate.team) {
            all.push(Linked { candidate, reason: reason.reason });
        }
    }
    Ok(all)
}

/// What lists show of a finished screening.
pub(super) struct Latest<'a> {
    pub(super) screening: i64,
    pub(super) finished_at: Timestamp,
    pub(super) attention: Attention,
    pub(super) sources: usize,
    pub(super) weight_bits: f64,
    pub(super) top: Option<&'a Finding>,
}

/// Copies what lists show and order by from a finished screening, to the candidate and to its place in the queue.
pub(super) async fn set_latest(write: &mut Write, number: i64, latest: &Latest<'_>) -> Result<(), StoreError> {
    let sources = i64::try_from(latest.sources).unwrap_or(i64::MAX);
    let done = sqlx::query(
        "UPDATE candidate
        SET screening = $2, screened_at = $3, attention = $4, sources = $5, weight_bits = $6,
            top_code = $7, top_severity = $8, top_sentence = $9, top_other = $10, updated_at = $3, version = version + 1
        WHERE number = $1",
    )
    .bind(number)
    .bind(latest.screening)
    .bind(latest.finished_at.as_ms())
    .bind(latest.attention as i64)
    .bind(sources)
    .bind(latest.weight_bits)
    .bind(latest.top.map(|finding| finding.code.as_str()))
    .bind(latest.top.map(|finding| finding.severity.as_str()))
    .bind(latest.top.map(|finding| finding.sentence.as_str()))
    .bind(latest.top.and_then(|finding| finding.evidence.other.as_ref()).map(|other| other.kind.as_str()))
    .execute(write.connection())
    .await?;
    if done.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    sqlx::query("UPDATE review_case SET attention = $2, sources = $3, weight_bits = $4 WHERE candidate = $1")
        .bind(number)
        .bind(latest.attention as i64)
        .bind(sources)
        .bind(latest.weight_bits)
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Copies the verdict of the latest decision.
pub(super) async fn set_decision(write: &mut Write, number: i64, verdict: DecisionVerdict, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE candidate SET decision = $2, updated_at = $3, version = version + 1 WHERE number = $1")
        .bind(number)
        .bind(verdict.as_str())
        .bind(at.as_ms())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Raises the version of a candidate that still has the one that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone else changed it meanwhile.
pub async fn touch_version(write: &mut Write, number: i64, seen: i64, at: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE candidate SET version = version + 1, updated_at = $3 WHERE number = $1 AND version = $2")
        .bind(number)
        .bind(seen)
        .bind(at.as_ms())
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

/// Numbers above `after` in order, `limit` at most: for what must go through all candidates in pieces.
///
/// # Errors
/// When the database fails.
pub async fn numbers_above(store: &Store, after: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
    let numbers = sqlx::query_scalar("SELECT number FROM candidate WHERE number > $1 ORDER BY number LIMIT $2")
        .bind(after)
        .bind(limit)
        .fetch_all(store.reader())
        .await?;
    Ok(numbers)
}

/// How many candidates the reader sees.
///
/// # Errors
/// When the database fails.
pub async fn count(store: &Store, scope: &Scope) -> Result<i64, StoreError> {
    let (all, team) = match scope {
        Scope::All => (1_i64, ""),
        Scope::Team(team) => (0, team.as_str()),
    };
    let count = sqlx::query_scalar("SELECT COUNT(*) FROM candidate WHERE $1 = 1 OR team = $2")
        .bind(all)
        .bind(team)
        .fetch_one(store.reader())
        .await?;
    Ok(count)
}

/// The teams that have candidates, as far as the reader sees them.
///
/// # Errors
/// When the database fails.
pub async fn teams(store: &Store, scope: &Scope) -> Result<Vec<String>, StoreError> {
    if let Scope::Team(own) = scope {
        return Ok(vec![own.clone()]);
    }
    let teams = sqlx::query_scalar("SELECT DISTINCT team FROM candidate ORDER BY team LIMIT 200").fetch_all(store.reader()).await?;
    Ok(teams)
}
