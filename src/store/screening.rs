//! Screenings: one row a digest of recorded inputs. The same inputs give the same answer, so the same digest is no new row.

use crate::domain::id::ScreeningId;
use crate::domain::screening::{Attention, Screening};
use crate::domain::time::Timestamp;

use super::candidate::{self, Latest};
use super::counter;
use super::error::StoreError;
use super::finding;
use super::open::{Store, Write};
use super::sql;

/// A finished screening to be recorded.
#[derive(Debug, Clone)]
pub struct NewScreening<'a> {
    /// Internal number, of [`reserve`].
    pub number: i64,
    /// Public id.
    pub id: &'a ScreeningId,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// Digest of everything that went into it.
    pub digest: &'a str,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What it came to; findings without an id get a random one.
    pub screening: &'a Screening,
}

/// What recording came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// A new row.
    New,
    /// A row with this digest stood already and is the latest again.
    Same,
}

/// A recorded screening; its findings have ids.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredScreening {
    /// Internal number.
    pub number: i64,
    /// Public id.
    pub id: ScreeningId,
    /// Internal number of the candidate.
    pub candidate: i64,
    /// Digest of everything that went into it.
    pub digest: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What it came to.
    pub screening: Screening,
}

/// An earlier screening in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastScreening {
    /// Public id.
    pub id: ScreeningId,
    /// When it ended.
    pub finished_at: Timestamp,
    /// What it came to.
    pub attention: Attention,
    /// Which rule was met.
    pub attention_reason: String,
    /// Version of the rules.
    pub rule_version: String,
    /// Number of findings.
    pub findings: i64,
}

row!(
    struct ScreeningRow {
        number: i64,
        id: String,
        candidate: i64,
        digest: String,
        as_of: i64,
        started_at: i64,
        finished_at: i64,
        attention: String,
        attention_reason: String,
        sources: String,
        weight_bits: f64,
        checks: String,
        links: String,
        rule_version: String,
        list_versions: String,
    }
);

impl TryFrom<ScreeningRow> for StoredScreening {
    type Error = StoreError;

    /// Without its findings, which have rows of their own.
    fn try_from(row: ScreeningRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("screening", column, row.number);
        Ok(Self {
            number: row.number,
            id: ScreeningId::parse(&row.id).map_err(|_| wrong("id"))?,
            candidate: row.candidate,
            started_at: Timestamp::from_ms(row.started_at),
            finished_at: Timestamp::from_ms(row.finished_at),
            screening: Screening {
                as_of: Timestamp::from_ms(row.as_of),
                attention: Attention::parse(&row.attention).ok_or_else(|| wrong("attention"))?,
                sources: serde_json::from_str(&row.sources).map_err(|_| wrong("sources"))?,
                weight_bits: row.weight_bits,
                findings: Vec::new(),
                checks: serde_json::from_str(&row.checks).map_err(|_| wrong("checks"))?,
                links: serde_json::from_str(&row.links).map_err(|_| wrong("links"))?,
                list_versions: serde_json::from_str(&row.list_versions).map_err(|_| wrong("list_versions"))?,
                attention_reason: row.attention_reason,
                rule_version: row.rule_version,
            },
            digest: row.digest,
        })
    }
}

row!(
    struct PastRow {
        id: String,
        finished_at: i64,
        attention: String,
        attention_reason: String,
        rule_version: String,
        findings: i64,
    }
);

impl TryFrom<PastRow> for PastScreening {
    type Error = StoreError;

    fn try_from(row: PastRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("screening", column, &row.id);
        Ok(Self {
            id: ScreeningId::parse(&row.id).map_err(|_| wrong("id"))?,
            finished_at: Timestamp::from_ms(row.finished_at),
            attention: Attention::parse(&row.attention).ok_or_else(|| wrong("attention"))?,
            attention_reason: row.attention_reason,
            rule_version: row.rule_version,
            findings: row.findings,
        })
    }
}

/// The first of `count` screening numbers that nobody else gets.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, count: u32) -> Result<i64, StoreError> {
    counter::reserve(write, "screening", count).await
}

/// Records a screening with its findings as the candidate's latest, and what lists show of it.
///
/// # Errors
/// [`StoreError::NotFound`] when the candidate is gone.
pub async fn record(write: &mut Write, new: &NewScreening<'_>) -> Result<Recorded, StoreError> {
    let json = |value: serde_json::Result<String>| value.map_err(|error| StoreError::from(sqlx::Error::Encode(error.into())));
    let screening = new.screening;
    let done = sqlx::query(
        "INSERT INTO screening (
            number, id, candidate, digest, as_of, started_at, finished_at, attention, attention_reason,
            sources, weight_bits, checks, links, rule_version, list_versions)
        SELECT $1, $2, c.number, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 FROM candidate c WHERE c.number = $3
        ON CONFLICT (candidate, digest) DO NOTHING",
    )
    .bind(new.number)
    .bind(new.id.as_str())
    .bind(new.candidate)
    .bind(new.digest)
    .bind(screening.as_of.as_ms())
    .bind(new.started_at.as_ms())
    .bind(new.finished_at.as_ms())
    .bind(screening.attention.as_str())
    .bind(screening.attention_reason.as_str())
    .bind(json(serde_json::to_string(&screening.sources))?)
    .bind(screening.weight_bits)
    .bind(json(serde_json::to_string(&screening.checks))?)
    .bind(json(serde_json::to_string(&screening.links))?)
    .bind(screening.rule_version.as_str())
    .bind(json(serde_json::to_string(&screening.list_versions))?)
    .execute(write.connection())
    .await?;
    let is_new = done.rows_affected() > 0;
    let number = if is_new {
        finding::insert_all(write, new.number, new.candidate, &screening.findings).await?;
        new.number
    } else {
        sqlx::query_scalar("SELECT number FROM screening WHERE candidate = $1 AND digest = $2")
            .bind(new.candidate)
            .bind(new.digest)
            .fetch_one(write.connection())
            .await?
    };
    let latest = Latest {
        screening: number,
        finished_at: new.finished_at,
        attention: screening.attention,
        sources: screening.sources.len(),
        weight_bits: screening.weight_bits,
        top: screening.findings.first(),
    };
    // The candidate's row lock first: two workers must not mix what they cite.
    candidate::set_latest(write, new.candidate, &latest).await?;
    finding::cite(write, new.candidate, &screening.findings).await?;
    Ok(if is_new { Recorded::New } else { Recorded::Same })
}

/// The latest finished screening of a candidate, with its findings.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn latest(store: &Store, candidate: i64) -> Result<Option<StoredScreening>, StoreError> {
    Ok(latest_of(store, &[candidate]).await?.pop())
}

/// The latest finished screenings of these candidates, with their findings, by candidate number.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn latest_of(store: &Store, candidates: &[i64]) -> Result<Vec<StoredScreening>, StoreError> {
    let mut candidates = candidates.to_vec();
    candidates.sort_unstable();
    candidates.dedup();
    let mut found: Vec<StoredScreening> = Vec::with_capacity(candidates.len());
    for group in sql::padded(&candidates) {
        let text = sql::with_keys(
            "SELECT s.number, s.id, s.candidate, s.digest, s.as_of, s.started_at, s.finished_at, s.attention, s.attention_reason,
                s.sources, s.weight_bits, s.checks, s.links, s.rule_version, s.list_versions
            FROM candidate c JOIN screening s ON s.number = c.screening
            WHERE c.number IN {keys} ORDER BY s.candidate",
            1,
        );
        let rows: Vec<ScreeningRow> =
            group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    let numbers: Vec<i64> = found.iter().map(|stored| stored.number).collect();
    let mut findings: std::collections::HashMap<i64, Vec<_>> = std::collections::HashMap::new();
    for (screening, finding) in finding::of_screenings(store, &numbers).await? {
        findings.entry(screening).or_default().push(finding);
    }
    for stored in &mut found {
        stored.screening.findings = findings.remove(&stored.number).unwrap_or_default();
    }
    Ok(found)
}

/// The candidate's screenings, the latest first, `limit` at most.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn history(store: &Store, candidate: i64, limit: i64) -> Result<Vec<PastScreening>, StoreError> {
    let rows: Vec<PastRow> = sqlx::query_as(
        "SELECT s.id, s.finished_at, s.attention, s.attention_reason, s.rule_version,
            (SELECT COUNT(*) FROM finding f WHERE f.screening = s.number) AS findings
        FROM screening s WHERE s.candidate = $1 ORDER BY s.finished_at DESC, s.number DESC LIMIT $2",
    )
    .bind(candidate)
    .bind(limit)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(PastScreening::try_from).collect()
}
