//! The audit log: append-only, every row sealed by HMAC-SHA256 over the row before it and its own content.
//!
//! The key is in a file outside the database. Whoever holds both can rebuild the chain; a head kept elsewhere shows even that.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::counter::{self, Counter};
use super::error::StoreError;
use super::open::{Store, Write};
use crate::domain::audit::AuditEvent;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;

/// The key of the chain.
#[derive(Clone)]
pub struct AuditKey([u8; 32]);

impl AuditKey {
    /// From 32 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA256 over parts, each with its length before it, so that no two lists of parts look alike.
    fn seal(&self, parts: &[&[u8]]) -> [u8; 32] {
        // A key shorter than the hash's block is padded with zeros: the definition of HMAC, and no length can be refused.
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey(hidden)")
    }
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place, from 1, without gaps.
    pub number: i64,
    /// What happened.
    pub event: AuditEvent,
}

/// Which rows to list; what is not set does not narrow.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Exact action, such as `decision.made`.
    pub action: Option<String>,
    /// Exact public id acted on.
    pub object: Option<String>,
    /// Exact name of the actor.
    pub actor: Option<String>,
    /// First instant.
    pub from: Option<Timestamp>,
    /// First instant no longer wanted.
    pub to: Option<Timestamp>,
    /// Only rows before this number: the last one of the page before.
    pub before: Option<i64>,
}

/// A chain without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Rows.
    pub rows: i64,
    /// Hash of the last one, to be kept elsewhere; zeros when there is none.
    pub head: [u8; 32],
}

/// The first row that is not as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A row of this number should be there.
    #[error("row {0} is missing")]
    Missing(i64),
    /// The row's content does not fit its seal: changed, moved or put in by someone without the key.
    #[error("row {0} is not as it was written")]
    Changed(i64),
    /// The row is whole, but does not follow the one before it.
    #[error("row {0} does not follow the row before it")]
    OutOfOrder(i64),
    /// The record of the last row was changed or removed.
    #[error("the record of the last row, {0}, is not as it was written")]
    Head(i64),
}

row! {
    struct EntryRow {
        number: i64,
        at: i64,
        actor_user: Option<String>,
        actor_name: String,
        action: String,
        object: Option<String>,
        detail: String,
    }
}

row! {
    struct SealRow {
        previous: Vec<u8>,
        hash: Vec<u8>,
    }
}

row! {
    struct HeadRow {
        n: i64,
        number: Option<i64>,
        hash: Option<Vec<u8>>,
        seal: Option<Vec<u8>>,
    }
}

impl EntryRow {
    fn seal(&self, key: &AuditKey, previous: &[u8]) -> [u8; 32] {
        let presence = [u8::from(self.actor_user.is_some()), u8::from(self.object.is_some())];
        key.seal(&[
            b"row",
            previous,
            &self.number.to_be_bytes(),
            &self.at.to_be_bytes(),
            &presence,
            self.actor_user.as_deref().unwrap_or_default().as_bytes(),
            self.actor_name.as_bytes(),
            self.action.as_bytes(),
            self.object.as_deref().unwrap_or_default().as_bytes(),
            self.detail.as_bytes(),
        ])
    }
}

fn head_seal(key: &AuditKey, number: i64, hash: &[u8]) -> [u8; 32] {
    key.seal(&[b"head", &number.to_be_bytes(), hash])
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;
    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("audit", column, row.number);
        let user = row.actor_user.as_deref().map(UserId::parse).transpose().map_err(|_| wrong("actor_user"))?;
        let detail = serde_json::from_str(&row.detail).map_err(|_| wrong("detail"))?;
        let actor = Actor { user, name: row.actor_name };
        let event = AuditEvent { at: Timestamp::from_ms(row.at), actor, action: row.action, object: row.object, detail };
        Ok(Self { number: row.number, event })
    }
}

/// Appends one event, as the last step of the transaction of what happened; gives its number.
///
/// # Errors
/// When the database fails.
pub async fn append(write: &mut Write, event: &AuditEvent, key: &AuditKey) -> Result<i64, StoreError> {
    // The counter's row lock is what makes the head below the latest one.
    let number = counter::next(write, Counter::Audit).await?;
    let previous: Option<Vec<u8>> =
        sqlx::query_scalar("SELECT hash FROM audit_head WHERE id = 1").fetch_optional(write.connection()).await?;
    let previous = previous.unwrap_or_else(|| vec![0; 32]);
    let row = EntryRow {
        number,
        at: event.at.as_ms(),
        actor_user: event.actor.user.as_ref().map(|id| id.as_str().to_owned()),
        actor_name: event.actor.name.clone(),
        action: event.action.clone(),
        object: event.object.clone(),
        detail: serde_json::Value::Object(event.detail.clone()).to_string(),
    };
    let hash = row.seal(key, &previous);
    sqlx::query(
        "INSERT INTO audit (number, at, actor_user, actor_name, action, object, detail, previous, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(row.number)
    .bind(row.at)
    .bind(row.actor_user)
    .bind(row.actor_name)
    .bind(row.action)
    .bind(row.object)
    .bind(row.detail)
    .bind(previous)
    .bind(&hash[..])
    .execute(write.connection())
    .await?;
    sqlx::query(
        "INSERT INTO audit_head (id, number, hash, seal) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE SET \
         number = excluded.number, hash = excluded.hash, seal = excluded.seal",
    )
    .bind(number)
    .bind(&hash[..])
    .bind(&head_seal(key, number, &hash)[..])
    .execute(write.connection())
    .await?;
    Ok(number)
}

/// One page of the log, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, filter: &Filter, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT number, at, actor_user, actor_name, action, object, detail FROM audit \
         WHERE ($1 = '' OR action = $1) AND ($2 = '' OR object = $2) AND ($3 = '' OR actor_name = $3) \
         AND at >= $4 AND at < $5 AND number < $6 ORDER BY number DESC LIMIT $7",
    )
    .bind(filter.action.as_deref().unwrap_or_default())
    .bind(filter.object.as_deref().unwrap_or_default())
    .bind(filter.actor.as_deref().unwrap_or_default())
    .bind(filter.from.map_or(i64::MIN, Timestamp::as_ms))
    .bind(filter.to.map_or(i64::MAX, Timestamp::as_ms))
    .bind(filter.before.unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(Entry::try_from).collect()
}

/// Walks the whole chain, in pages, while others go on writing; the inner error names the first bad row.
///
/// # Errors
/// When the database fails.
pub async fn verify(store: &Store, key: &AuditKey) -> Result<Result<Verified, Broken>, StoreError> {
    match walk(store, key).await? {
        // Rows and no head at all: unless the very first rows were written during the walk, a second one finds that again.
        Err(Broken::Head(0)) => walk(store, key).await,
        outcome => Ok(outcome),
    }
}

async fn walk(store: &Store, key: &AuditKey) -> Result<Result<Verified, Broken>, StoreError> {
    let head: HeadRow =
        sqlx::query_as("SELECT c.n, h.number, h.hash, h.seal FROM counter c LEFT JOIN audit_head h ON h.id = 1 WHERE c.name = 'audit'")
            .fetch_one(store.reader())
            .await?;
    let mut rows = 0_i64;
    let mut last = [0_u8; 32];
    let mut at_head = last;
    loop {
        let page = sqlx::query(
            "SELECT number, at, actor_user, actor_name, action, object, detail, previous, hash FROM audit \
             WHERE number > $1 ORDER BY number LIMIT 1000",
        )
        .bind(rows)
        .fetch_all(store.reader())
        .await?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            let entry = <EntryRow as sqlx::FromRow<_>>::from_row(row)?;
            let seal = <SealRow as sqlx::FromRow<_>>::from_row(row)?;
            if entry.number != rows + 1 {
                return Ok(Err(Broken::Missing(rows + 1)));
            }
            let hash = entry.seal(key, &seal.previous);
            if hash[..] != seal.hash {
                return Ok(Err(Broken::Changed(entry.number)));
            }
            if seal.previous != last {
                return Ok(Err(Broken::OutOfOrder(entry.number)));
            }
            (rows, last) = (entry.number, hash);
            if head.number == Some(rows) {
                at_head = hash;
            }
        }
    }
    let known = head.number.unwrap_or_default().max(head.n);
    if rows < known {
        return Ok(Err(Broken::Missing(rows + 1)));
    }
    let head_holds = match (head.number, head.hash, head.seal) {
        (Some(number), Some(hash), Some(seal)) => number == head.n && hash == at_head && seal == head_seal(key, number, &hash),
        _ => rows == 0 && head.n == 0,
    };
    Ok(if head_holds { Ok(Verified { rows, head: last }) } else { Err(Broken::Head(known)) })
}
