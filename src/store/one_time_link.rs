//! Links that work once: to set the first user up, to sign in without a password, to set a first password.

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::open::{Store, Write};
use crate::domain::finding::words;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;

words!(
    /// What a link lets its holder do.
    Purpose {
        /// Make the first user.
        Setup = "setup",
        /// Sign in as a user.
        SignIn = "sign-in",
        /// Set the first password of a user.
        Invite = "invite",
    }
);

/// A link that was not used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeLink {
    /// What it is for.
    pub purpose: Purpose,
    /// For whom; none for setup.
    pub user: Option<UserId>,
    /// When it ends unused.
    pub expires_at: Timestamp,
}

row! {
    struct LinkRow {
        purpose: String,
        user_id: Option<String>,
        expires_at: i64,
    }
}

impl TryFrom<LinkRow> for OneTimeLink {
    type Error = StoreError;
    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("one_time_link", column, format!("expiring at {}", row.expires_at));
        Ok(Self {
            purpose: Purpose::parse(&row.purpose).ok_or_else(|| wrong("purpose"))?,
            user: row.user_id.as_deref().map(UserId::parse).transpose().map_err(|_| wrong("user_id"))?,
            expires_at: Timestamp::from_ms(row.expires_at),
        })
    }
}

/// Makes a link; only the SHA-256 of its token is kept.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, token_hash: &[u8; 32], link: &OneTimeLink) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO one_time_link (token_hash, purpose, user_id, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(&token_hash[..])
        .bind(link.purpose.as_str())
        .bind(link.user.as_ref().map(UserId::as_str))
        .bind(link.expires_at.as_ms())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The link of a token, while it can still be used.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<OneTimeLink>, StoreError> {
    let row: Option<LinkRow> = sqlx::query_as(
        "SELECT purpose, user_id, expires_at FROM one_time_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
    )
    .bind(&token_hash[..])
    .bind(now.as_ms())
    .fetch_optional(store.reader())
    .await?;
    row.map(OneTimeLink::try_from).transpose()
}

/// Uses a link up. Of several at once, one gets it; the others, and later ones, get none.
///
/// # Errors
/// When the database fails.
pub async fn take(write: &mut Write, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<OneTimeLink>, StoreError> {
    let row: Option<LinkRow> = sqlx::query_as(
        "UPDATE one_time_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING purpose, user_id, expires_at",
    )
    .bind(&token_hash[..])
    .bind(now.as_ms())
    .fetch_optional(write.connection())
    .await?;
    row.map(OneTimeLink::try_from).transpose()
}

/// Takes back unused links of one purpose, of one user or of none: a new setup link replaces the old one.
///
/// # Errors
/// When the database fails.
pub async fn delete_unused(write: &mut Write, purpose: Purpose, user: Option<&UserId>) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM one_time_link WHERE purpose = $1 AND COALESCE(user_id, '') = $2 AND used_at IS NULL")
        .bind(purpose.as_str())
        .bind(user.map_or("", UserId::as_str))
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
