//! Findings of screenings, and who is cited by the latest ones: that is how a change of an entry or a candidate finds whom to
//! screen again.

use crate::domain::finding::{Code, Finding, Other, OtherKind, Severity, Source};
use crate::domain::id::{CandidateId, EntryId, FindingId};
use crate::domain::user::Scope;

use super::error::StoreError;
use super::open::{Store, Write};
use super::sql;

/// A finding with where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Internal number of the candidate.
    pub candidate: i64,
    /// Public id of the candidate.
    pub candidate_id: CandidateId,
    /// True when it belongs to the candidate's latest screening.
    pub is_latest: bool,
    /// The finding.
    pub finding: Finding,
}

row!(
    struct FindingRow {
        screening: i64,
        position: i64,
        id: String,
        code: String,
        severity: String,
        source: String,
        sentence: String,
        evidence: String,
    }
);

impl TryFrom<FindingRow> for Finding {
    type Error = StoreError;

    fn try_from(row: FindingRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("finding", column, format!("{}/{}", row.screening, row.position));
        Ok(Self {
            id: Some(FindingId::parse(&row.id).map_err(|_| wrong("id"))?),
            code: Code::parse(&row.code).ok_or_else(|| wrong("code"))?,
            severity: Severity::parse(&row.severity).ok_or_else(|| wrong("severity"))?,
            source: Source::parse(&row.source).ok_or_else(|| wrong("source"))?,
            evidence: serde_json::from_str(&row.evidence).map_err(|_| wrong("evidence"))?,
            sentence: row.sentence,
        })
    }
}

row!(
    struct PlaceRow {
        candidate: i64,
        candidate_id: String,
        latest: Option<i64>,
    }
);

/// A finding's row and where it stands.
struct FoundRow(FindingRow, PlaceRow);

impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for FoundRow {
    fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self(FindingRow::from_row(row)?, PlaceRow::from_row(row)?))
    }
}

/// Stores the findings of a new screening in their order. One without an id gets a random one.
pub(super) async fn insert_all(write: &mut Write, screening: i64, candidate: i64, findings: &[Finding]) -> Result<(), StoreError> {
    for (position, finding) in (0_i64..).zip(findings) {
        sqlx::query(
            "INSERT INTO finding (screening, position, id, candidate, code, severity, source, sentence, evidence)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(screening)
        .bind(position)
        .bind(finding.id.clone().unwrap_or_else(FindingId::random).as_str())
        .bind(candidate)
        .bind(finding.code.as_str())
        .bind(finding.severity.as_str())
        .bind(finding.source.as_str())
        .bind(finding.sentence.as_str())
        .bind(serde_json::to_string(&finding.evidence).map_err(|error| sqlx::Error::Encode(error.into()))?)
        .execute(write.connection())
        .await?;
    }
    Ok(())
}

/// Replaces what the candidate's latest findings cite.
pub(super) async fn cite(write: &mut Write, candidate: i64, findings: &[Finding]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM citation WHERE candidate = $1").bind(candidate).execute(write.connection()).await?;
    for (position, finding) in (0_i64..).zip(findings) {
        for other in others(finding) {
            let Some(id) = &other.id else { continue };
            sqlx::query(
                "INSERT INTO citation (kind, other, candidate, position, list) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (kind, other, candidate, position) DO NOTHING",
            )
            .bind(other.kind.as_str())
            .bind(id.as_str())
            .bind(candidate)
            .bind(position)
            .bind(other.list.as_deref())
            .execute(write.connection())
            .await?;
        }
    }
    Ok(())
}

/// Entries and candidates that a finding names, those of further pairs included.
fn others(finding: &Finding) -> impl Iterator<Item = &Other> {
    let more = finding.evidence.more.iter().filter_map(|pair| pair.other.as_ref());
    finding.evidence.other.iter().chain(more).filter(|other| matches!(other.kind, OtherKind::Entry | OtherKind::Candidate))
}

/// The findings of these screenings, each with its screening's number, in their order.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_screenings(store: &Store, screenings: &[i64]) -> Result<Vec<(i64, Finding)>, StoreError> {
    let mut found = Vec::new();
    for group in sql::padded(screenings) {
        let text = sql::with_keys(
            "SELECT screening, position, id, code, severity, source, sentence, evidence
            FROM finding WHERE screening IN {keys} ORDER BY screening, position",
            1,
        );
        let rows: Vec<FindingRow> = group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push((row.screening, row.try_into()?));
        }
    }
    Ok(found)
}

/// The finding with this public id, where the reader sees its candidate.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, scope: &Scope, id: &FindingId) -> Result<Option<Found>, StoreError> {
    let (all, team) = match scope {
        Scope::All => (1_i64, ""),
        Scope::Team(team) => (0, team.as_str()),
    };
    let row: Option<FoundRow> = sqlx::query_as(
        "SELECT f.screening, f.position, f.id, f.code, f.severity, f.source, f.sentence, f.evidence,
            f.candidate, c.id AS candidate_id, c.screening AS latest
        FROM finding f JOIN candidate c ON c.number = f.candidate
        WHERE f.id = $1 AND ($2 = 1 OR c.team = $3)",
    )
    .bind(id.as_str())
    .bind(all)
    .bind(team)
    .fetch_optional(store.reader())
    .await?;
    let Some(FoundRow(row, place)) = row else { return Ok(None) };
    Ok(Some(Found {
        candidate: place.candidate,
        candidate_id: CandidateId::parse(&place.candidate_id).map_err(|_| StoreError::inconsistent("candidate", "id", place.candidate))?,
        is_latest: place.latest == Some(row.screening),
        finding: row.try_into()?,
    }))
}

/// Numbers of the candidates whose latest findings cite one of these entries, sorted.
///
/// # Errors
/// When the database fails.
pub async fn citing_entries(store: &Store, entries: &[EntryId]) -> Result<Vec<i64>, StoreError> {
    let ids: Vec<&str> = entries.iter().map(EntryId::as_str).collect();
    citing(store, OtherKind::Entry, &ids).await
}

/// Numbers of the candidates whose latest findings cite this candidate, sorted.
///
/// # Errors
/// When the database fails.
pub async fn citing_candidate(store: &Store, id: &CandidateId) -> Result<Vec<i64>, StoreError> {
    citing(store, OtherKind::Candidate, &[id.as_str()]).await
}

/// True when the latest findings of `candidate` cite `other`: then it need not be looked at again for its sake.
///
/// # Errors
/// When the database fails.
pub async fn cites_candidate(write: &mut Write, candidate: i64, other: &CandidateId) -> Result<bool, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT position FROM citation WHERE kind = $1 AND other = $2 AND candidate = $3 ORDER BY position LIMIT 1")
            .bind(OtherKind::Candidate.as_str())
            .bind(other.as_str())
            .bind(candidate)
            .fetch_optional(write.connection())
            .await?;
    Ok(found.is_some())
}

async fn citing(store: &Store, kind: OtherKind, ids: &[&str]) -> Result<Vec<i64>, StoreError> {
    let mut candidates = Vec::new();
    for group in sql::padded(ids) {
        let text = sql::with_keys("SELECT DISTINCT candidate FROM citation WHERE kind = $1 AND other IN {keys} ORDER BY candidate", 2);
        let query = sqlx::query_scalar(text).bind(kind.as_str());
        let rows: Vec<i64> = group.fold(query, |query, id| query.bind(*id)).fetch_all(store.reader()).await?;
        candidates.extend(rows);
    }
    candidates.sort_unstable();
    candidates.dedup();
    Ok(candidates)
}
