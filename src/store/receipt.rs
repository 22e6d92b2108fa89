//! Answers given to requests that may come twice: idempotency keys, forms sent by a double click.

use super::error::StoreError;
use super::open::{Store, Write};
use crate::domain::time::Timestamp;

/// The answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// SHA-256 over who asked, where, and the key.
    pub key_hash: [u8; 32],
    /// SHA-256 of the body: the same key with another body is a fault.
    pub body_hash: [u8; 32],
    /// HTTP status answered.
    pub status: u16,
    /// Body or address answered; ids only.
    pub answer: String,
    /// When.
    pub created_at: Timestamp,
}

row! {
    struct ReceiptRow {
        key_hash: Vec<u8>,
        body_hash: Vec<u8>,
        status: i64,
        answer: String,
        created_at: i64,
    }
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StoreError;
    fn try_from(row: ReceiptRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("receipt", column, format!("of {}", row.created_at));
        Ok(Self {
            key_hash: row.key_hash.try_into().map_err(|_| wrong("key_hash"))?,
            body_hash: row.body_hash.try_into().map_err(|_| wrong("body_hash"))?,
            status: u16::try_from(row.status).map_err(|_| wrong("status"))?,
            answer: row.answer,
            created_at: Timestamp::from_ms(row.created_at),
        })
    }
}

/// The answer given to this key since `since`.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, key_hash: &[u8; 32], since: Timestamp) -> Result<Option<Receipt>, StoreError> {
    let row: Option<ReceiptRow> =
        sqlx::query_as("SELECT key_hash, body_hash, status, answer, created_at FROM receipt WHERE key_hash = $1 AND created_at >= $2")
            .bind(&key_hash[..])
            .bind(since.as_ms())
            .fetch_optional(store.reader())
            .await?;
    row.map(Receipt::try_from).transpose()
}

/// Keeps an answer, in the transaction of what it answers. One given before `since` is forgotten and replaced.
///
/// # Errors
/// [`StoreError::Conflict`] when the key was answered meanwhile: drop the transaction and give that answer.
pub async fn insert(write: &mut Write, receipt: &Receipt, since: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO receipt (key_hash, body_hash, status, answer, created_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (key_hash) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status, \
         answer = excluded.answer, created_at = excluded.created_at WHERE receipt.created_at < $6",
    )
    .bind(&receipt.key_hash[..])
    .bind(&receipt.body_hash[..])
    .bind(i64::from(receipt.status))
    .bind(&receipt.answer)
    .bind(receipt.created_at.as_ms())
    .bind(since.as_ms())
    .execute(write.connection())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Sweeps answers given before; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_older(write: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM receipt WHERE created_at < $1").bind(before.as_ms()).execute(write.connection()).await?;
    Ok(done.rows_affected())
}
