//! People who sign in.

use sqlx::Row;

use super::error::StoreError;
use super::open::{Store, Write};
use crate::domain::email::EmailAddress;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, User};

row! {
    /// A user, as every query that gives one selects it.
    pub(super) struct UserRow {
        id: String,
        email_typed: String,
        name: String,
        roles: String,
        team: String,
        disabled: i64,
        created_at: i64,
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;
    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("users", column, &row.id);
        let roles = row.roles.split(',').filter(|word| !word.is_empty()).map(Role::parse).collect::<Option<Vec<Role>>>();
        Ok(Self {
            id: UserId::parse(&row.id).map_err(|_| wrong("id"))?,
            email: EmailAddress::parse(&row.email_typed).map_err(|_| wrong("email_typed"))?,
            roles: roles.ok_or_else(|| wrong("roles"))?,
            name: row.name,
            team: row.team,
            disabled: row.disabled != 0,
            created_at: Timestamp::from_ms(row.created_at),
        })
    }
}

/// Adds a person; without a password until a link lets them set one.
///
/// # Errors
/// [`StoreError::Conflict`] when someone has this mailbox already.
pub async fn insert(write: &mut Write, user: &User, password_hash: Option<&str>) -> Result<(), StoreError> {
    let mut roles = user.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    sqlx::query(
        "INSERT INTO users (id, email, email_typed, name, password_hash, roles, team, disabled, created_at, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
    )
    .bind(user.id.as_str())
    .bind(user.email.canonical())
    .bind(user.email.as_str())
    .bind(&user.name)
    .bind(password_hash)
    .bind(roles.join(","))
    .bind(&user.team)
    .bind(i64::from(user.disabled))
    .bind(user.created_at.as_ms())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// The person of this mailbox, however the address is written, with the password's hash where one is set.
///
/// # Errors
/// When the database fails.
pub async fn find_by_email(store: &Store, email: &EmailAddress) -> Result<Option<(User, Option<String>)>, StoreError> {
    let row = sqlx::query("SELECT id, email_typed, name, roles, team, disabled, created_at, password_hash FROM users WHERE email = $1")
        .bind(email.canonical())
        .fetch_optional(store.reader())
        .await?;
    row.map(|row| Ok((user_of(&row)?, row.try_get("password_hash")?))).transpose()
}

/// One person.
///
/// # Errors
/// When the database fails.
pub async fn find(store: &Store, id: &UserId) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = sqlx::query_as("SELECT id, email_typed, name, roles, team, disabled, created_at FROM users WHERE id = $1")
        .bind(id.as_str())
        .fetch_optional(store.reader())
        .await?;
    row.map(User::try_from).transpose()
}

/// Everyone, by address.
///
/// # Errors
/// When the database fails.
pub async fn list(store: &Store) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserRow> = sqlx::query_as("SELECT id, email_typed, name, roles, team, disabled, created_at FROM users ORDER BY email")
        .fetch_all(store.reader())
        .await?;
    rows.into_iter().map(User::try_from).collect()
}

/// How many people there are, disabled ones too; none means that the setup page is open.
///
/// # Errors
/// When the database fails.
pub async fn count(store: &Store) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT COUNT(*) FROM users").fetch_one(store.reader()).await?)
}

/// Lets a person sign in no more, or again. Disabled people have no live web session or token from here on.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such person.
pub async fn set_disabled(write: &mut Write, id: &UserId, disabled: bool) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE users SET disabled = $2, version = version + 1 WHERE id = $1")
        .bind(id.as_str())
        .bind(i64::from(disabled))
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Sets the password's hash.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such person.
pub async fn set_password(write: &mut Write, id: &UserId, password_hash: &str) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE users SET password_hash = $2, version = version + 1 WHERE id = $1")
        .bind(id.as_str())
        .bind(password_hash)
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// The user in a row that also holds other columns.
pub(super) fn user_of(row: &sqlx::any::AnyRow) -> Result<User, StoreError> {
    User::try_from(<UserRow as sqlx::FromRow<_>>::from_row(row)?)
}
