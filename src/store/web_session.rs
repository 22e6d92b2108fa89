//! Who is signed in, in which browser. The browser holds the token, this table its SHA-256.

use super::error::StoreError;
use super::open::{Store, Write};
use super::user::user_of;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::User;

/// One signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebSession {
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who.
    pub user: User,
    /// When they signed in.
    pub created_at: Timestamp,
    /// When a request last came, as far as [`touch`] was told.
    pub last_seen_at: Timestamp,
    /// When it ends, used or not.
    pub expires_at: Timestamp,
}

row! {
    struct WebSessionRow {
        token_hash: Vec<u8>,
        begun_at: i64,
        last_seen_at: i64,
        expires_at: i64,
    }
}

fn web_session_of(row: &sqlx::any::AnyRow) -> Result<WebSession, StoreError> {
    let user = user_of(row)?;
    let row = <WebSessionRow as sqlx::FromRow<_>>::from_row(row)?;
    Ok(WebSession {
        token_hash: row.token_hash.try_into().map_err(|_| StoreError::inconsistent("web_session", "token_hash", &user.id))?,
        user,
        created_at: Timestamp::from_ms(row.begun_at),
        last_seen_at: Timestamp::from_ms(row.last_seen_at),
        expires_at: Timestamp::from_ms(row.expires_at),
    })
}

/// Signs someone in.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    write: &mut Write,
    token_hash: &[u8; 32],
    user: &UserId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO web_session (token_hash, user_id, begun_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)")
        .bind(&token_hash[..])
        .bind(user.as_str())
        .bind(now.as_ms())
        .bind(expires_at.as_ms())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The live web session of a token: not over, not idle for `idle_ms` or longer, its user not disabled.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, token_hash: &[u8; 32], now: Timestamp, idle_ms: i64) -> Result<Option<WebSession>, StoreError> {
    let row = sqlx::query(
        "SELECT s.token_hash, s.begun_at, s.last_seen_at, s.expires_at, \
                u.id, u.email_typed, u.name, u.roles, u.team, u.disabled, u.created_at \
         FROM web_session s JOIN users u ON u.id = s.user_id \
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled = 0",
    )
    .bind(&token_hash[..])
    .bind(now.as_ms())
    .bind(now.plus_ms(-idle_ms).as_ms())
    .fetch_optional(store.reader())
    .await?;
    row.as_ref().map(web_session_of).transpose()
}

/// Remembers that a request came. Costs a write, so call it once a minute at most.
///
/// # Errors
/// When the database fails.
pub async fn touch(store: &Store, token_hash: &[u8; 32], now: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin_write().await?;
    sqlx::query("UPDATE web_session SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2")
        .bind(&token_hash[..])
        .bind(now.as_ms())
        .execute(write.connection())
        .await?;
    write.commit().await
}

/// Signs one browser out; true when it was signed in.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM web_session WHERE token_hash = $1").bind(&token_hash[..]).execute(write.connection()).await?;
    Ok(done.rows_affected() == 1)
}

/// Signs a person out everywhere, or everywhere but here; gives how many browsers that were.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_user(write: &mut Write, user: &UserId, but: Option<&[u8; 32]>) -> Result<u64, StoreError> {
    let kept = but.map_or(&[][..], |hash| &hash[..]);
    let done = sqlx::query("DELETE FROM web_session WHERE user_id = $1 AND token_hash <> $2")
        .bind(user.as_str())
        .bind(kept)
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}

/// Where a person is signed in, latest first; those that are over are left out.
///
/// # Errors
/// When the database fails.
pub async fn list_of_user(store: &Store, user: &UserId, now: Timestamp, idle_ms: i64) -> Result<Vec<WebSession>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.token_hash, s.begun_at, s.last_seen_at, s.expires_at, \
                u.id, u.email_typed, u.name, u.roles, u.team, u.disabled, u.created_at \
         FROM web_session s JOIN users u ON u.id = s.user_id \
         WHERE s.user_id = $1 AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled = 0 \
         ORDER BY s.last_seen_at DESC, s.token_hash",
    )
    .bind(user.as_str())
    .bind(now.as_ms())
    .bind(now.plus_ms(-idle_ms).as_ms())
    .fetch_all(store.reader())
    .await?;
    rows.iter().map(web_session_of).collect()
}

/// Sweeps what is over; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_over(write: &mut Write, now: Timestamp, idle_ms: i64) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM web_session WHERE expires_at <= $1 OR last_seen_at <= $2")
        .bind(now.as_ms())
        .bind(now.plus_ms(-idle_ms).as_ms())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
