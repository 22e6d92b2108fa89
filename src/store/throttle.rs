//! Tries within a window of time, counted where all replicas see them.

use super::error::StoreError;
use super::open::{Store, Write};
use crate::domain::time::Timestamp;

/// How often something was tried in the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// Tries, this one included.
    pub count: i64,
    /// When the window began.
    pub since: Timestamp,
}

row! {
    struct TriesRow {
        window_start: i64,
        tries: i64,
    }
}

/// Counts one try, in one statement, so that parallel tries are all seen. `name` holds no personal data: a digest.
///
/// A window that began later than now belongs to a clock that was set back, and begins again.
///
/// # Errors
/// When the database fails.
pub async fn hit(store: &Store, name: &str, now: Timestamp, window_ms: i64) -> Result<Tries, StoreError> {
    let mut write = store.begin_write().await?;
    let row: TriesRow = sqlx::query_as(
        "INSERT INTO throttle (name, window_start, tries) VALUES ($1, $2, 1) ON CONFLICT (name) DO UPDATE SET \
         tries = CASE WHEN throttle.window_start <= $3 OR throttle.window_start > $2 THEN 1 ELSE throttle.tries + 1 END, \
         window_start = CASE WHEN throttle.window_start <= $3 OR throttle.window_start > $2 THEN $2 ELSE throttle.window_start END \
         RETURNING window_start, tries",
    )
    .bind(name)
    .bind(now.as_ms())
    .bind(now.plus_ms(-window_ms).as_ms())
    .fetch_one(write.connection())
    .await?;
    write.commit().await?;
    Ok(Tries { count: row.tries, since: Timestamp::from_ms(row.window_start) })
}

/// Forgets the tries of one name, after a success.
///
/// # Errors
/// When the database fails.
pub async fn clear(write: &mut Write, name: &str) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM throttle WHERE name = $1").bind(name).execute(write.connection()).await?;
    Ok(())
}

/// Sweeps windows that began before; gives how many.
///
/// # Errors
/// When the database fails.
pub async fn delete_older(write: &mut Write, before: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM throttle WHERE window_start < $1").bind(before.as_ms()).execute(write.connection()).await?;
    Ok(done.rows_affected())
}
