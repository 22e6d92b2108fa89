//! What people change while the program runs: a text a name, with a version so that a lost race is seen.

use super::error::StoreError;
use super::open::{Store, Write};

row! {
    struct SettingRow {
        value: String,
        version: i64,
    }
}

/// The value and its version; none when it was never saved.
///
/// # Errors
/// When the database fails.
pub async fn load(store: &Store, name: &str) -> Result<Option<(String, i64)>, StoreError> {
    let row: Option<SettingRow> =
        sqlx::query_as("SELECT value, version FROM setting WHERE name = $1").bind(name).fetch_optional(store.reader()).await?;
    Ok(row.map(|row| (row.value, row.version)))
}

/// Saves a value over the version that was read, 0 when there was none; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] when someone saved another version meanwhile.
pub async fn save(write: &mut Write, name: &str, value: &str, read_version: i64) -> Result<i64, StoreError> {
    let done = if read_version == 0 {
        sqlx::query("INSERT INTO setting (name, value, version) VALUES ($1, $2, $3 + 1) ON CONFLICT (name) DO NOTHING")
    } else {
        sqlx::query("UPDATE setting SET value = $2, version = version + 1 WHERE name = $1 AND version = $3")
    }
    .bind(name)
    .bind(value)
    .bind(read_version)
    .execute(write.connection())
    .await?;
    if done.rows_affected() == 1 { Ok(read_version + 1) } else { Err(StoreError::Conflict) }
}
