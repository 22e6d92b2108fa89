//! API tokens: a user's rights without a browser. Kept as SHA-256, shown once.

use super::error::StoreError;
use super::open::{Store, Write};
use super::user::user_of;
use crate::domain::id::{TokenId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::User;

/// A token as its owner sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Public id.
    pub id: TokenId,
    /// Whose rights it has.
    pub user: UserId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}

row! {
    struct TokenRow {
        token_id: String,
        user_id: String,
        label: String,
        made_at: i64,
        expires_at: i64,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

impl TryFrom<TokenRow> for ApiToken {
    type Error = StoreError;
    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("api_token", column, &row.token_id);
        Ok(Self {
            id: TokenId::parse(&row.token_id).map_err(|_| wrong("token_id"))?,
            user: UserId::parse(&row.user_id).map_err(|_| wrong("user_id"))?,
            name: row.label,
            created_at: Timestamp::from_ms(row.made_at),
            expires_at: Timestamp::from_ms(row.expires_at),
            last_used_at: row.last_used_at.map(Timestamp::from_ms),
            revoked_at: row.revoked_at.map(Timestamp::from_ms),
        })
    }
}

/// Keeps a new token.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, token: &ApiToken, token_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO api_token (token_id, user_id, label, token_hash, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(token.id.as_str())
        .bind(token.user.as_str())
        .bind(&token.name)
        .bind(&token_hash[..])
        .bind(token.created_at.as_ms())
        .bind(token.expires_at.as_ms())
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The token and its user, unless it ended, was taken back, or the user is disabled.
///
/// # Errors
/// When the database fails.
pub async fn find_live(store: &Store, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<(ApiToken, User)>, StoreError> {
    let row = sqlx::query(
        "SELECT t.token_id, t.user_id, t.label, t.made_at, t.expires_at, t.last_used_at, t.revoked_at, \
                u.id, u.email_typed, u.name, u.roles, u.team, u.disabled, u.created_at \
         FROM api_token t JOIN users u ON u.id = t.user_id \
         WHERE t.token_hash = $1 AND t.expires_at > $2 AND t.revoked_at IS NULL AND u.disabled = 0",
    )
    .bind(&token_hash[..])
    .bind(now.as_ms())
    .fetch_optional(store.reader())
    .await?;
    row.map(|row| Ok((<TokenRow as sqlx::FromRow<_>>::from_row(&row)?.try_into()?, user_of(&row)?))).transpose()
}

/// Tokens of one user, or of all, newest first, ended ones too.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store, user: Option<&UserId>) -> Result<Vec<ApiToken>, StoreError> {
    let rows: Vec<TokenRow> = sqlx::query_as(
        "SELECT token_id, user_id, label, made_at, expires_at, last_used_at, revoked_at \
         FROM api_token WHERE ($1 = '' OR user_id = $1) ORDER BY made_at DESC, token_id",
    )
    .bind(user.map_or("", UserId::as_str))
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(ApiToken::try_from).collect()
}

/// Takes a token back.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or it was taken back before.
pub async fn revoke(write: &mut Write, id: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE api_token SET revoked_at = $2 WHERE token_id = $1 AND revoked_at IS NULL")
        .bind(id.as_str())
        .bind(now.as_ms())
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Remembers that a token was used. Costs a write, so call it once a minute at most.
///
/// # Errors
/// When the database fails.
pub async fn mark_used(store: &Store, id: &TokenId, now: Timestamp) -> Result<(), StoreError> {
    let mut write = store.begin_write().await?;
    sqlx::query("UPDATE api_token SET last_used_at = $2 WHERE token_id = $1")
        .bind(id.as_str())
        .bind(now.as_ms())
        .execute(write.connection())
        .await?;
    write.commit().await
}
