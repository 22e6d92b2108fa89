//! Reviewers' verdicts on findings, remembered for what was compared rather than for one screening: the next screening that
//! finds the same again meets the same verdict. When a value, the counterpart or the number of pairs changes, nobody has judged
//! that yet. Verdicts are only ever added; the latest one counts.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::domain::case::{Disposition, DispositionVerdict};
use crate::domain::finding::{Finding, Other, Side};
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;

use super::counter;
use super::error::StoreError;
use super::open::{Store, Write};

/// A verdict to be saved.
#[derive(Debug, Clone)]
pub struct NewDisposition<'a> {
    /// Internal number of the candidate.
    pub candidate: i64,
    /// The finding it is on.
    pub finding: &'a Finding,
    /// The verdict.
    pub verdict: DispositionVerdict,
    /// Why.
    pub note: &'a str,
    /// Who.
    pub by: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// The latest verdicts on a candidate's findings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dispositions(HashMap<String, Disposition>);

impl Dispositions {
    /// The latest verdict on a finding, or on one that compared the same.
    #[must_use]
    pub fn on(&self, finding: &Finding) -> Option<&Disposition> {
        self.0.get(&fingerprint(finding))
    }

    /// True when nothing was judged.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

row!(
    struct DispositionRow {
        fingerprint: String,
        verdict: String,
        note: String,
        by_name: String,
        at: i64,
    }
);

/// What a verdict is remembered for: SHA-256 of the code and of every pair compared, in an order of its own. Paths do not
/// count, because the same value moves from one place of the intake to another; a date does, because another day is another
/// fact.
#[must_use]
pub fn fingerprint(finding: &Finding) -> String {
    let evidence = &finding.evidence;
    let first = std::iter::once((&evidence.candidate, evidence.other.as_ref()));
    let more = evidence.more.iter().map(|pair| (&pair.candidate, pair.other.as_ref()));
    let mut pairs: Vec<String> = first.chain(more).map(|(side, other)| compared(side, other)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let text = serde_json::to_vec(&(finding.code, pairs)).unwrap_or_default();
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn compared(side: &Side, other: Option<&Other>) -> String {
    let own = (side.normalized.as_ref().or(side.value.as_ref()), &side.at);
    let theirs = other.map(|o| (o.kind, &o.id, o.normalized.as_ref().or(o.value.as_ref()), &o.at));
    serde_json::to_string(&(own, theirs)).unwrap_or_default()
}

/// Saves a verdict on a finding.
///
/// # Errors
/// When the database fails.
pub async fn save(write: &mut Write, new: &NewDisposition<'_>) -> Result<(), StoreError> {
    let number = counter::reserve(write, "disposition", 1).await?;
    let other = new.finding.evidence.other.as_ref();
    sqlx::query(
        "INSERT INTO disposition (number, candidate, code, fingerprint, other_kind, other_id, verdict, note, by_user, by_name, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(number)
    .bind(new.candidate)
    .bind(new.finding.code.as_str())
    .bind(fingerprint(new.finding))
    .bind(other.map(|o| o.kind.as_str()))
    .bind(other.and_then(|o| o.id.as_deref()))
    .bind(new.verdict.as_str())
    .bind(new.note)
    .bind(new.by.user.as_ref().map(UserId::as_str))
    .bind(new.by.name.as_str())
    .bind(new.at.as_ms())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// The latest verdicts on a candidate's findings, whichever screening raised them.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn of_candidate(store: &Store, candidate: i64) -> Result<Dispositions, StoreError> {
    Ok(Dispositions(all_of(store, candidate).await?.into_iter().rev().collect()))
}

/// All verdicts on a candidate's findings with what they are remembered for, the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn all_of(store: &Store, candidate: i64) -> Result<Vec<(String, Disposition)>, StoreError> {
    let rows: Vec<DispositionRow> = sqlx::query_as(
        "SELECT fingerprint, verdict, note, by_name, at FROM disposition WHERE candidate = $1 ORDER BY at DESC, number DESC",
    )
    .bind(candidate)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter()
        .map(|row| {
            let verdict =
                DispositionVerdict::parse(&row.verdict).ok_or_else(|| StoreError::inconsistent("disposition", "verdict", candidate))?;
            Ok((row.fingerprint, Disposition { verdict, note: row.note, by: row.by_name, at: Timestamp::from_ms(row.at) }))
        })
        .collect()
}
