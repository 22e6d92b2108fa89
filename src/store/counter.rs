//! Numbers: those that others follow in commit order, and blocks of plain internal ones.

use super::error::StoreError;
use super::open::Write;

/// A number that other processes follow: whoever saw `n` finds everything later above `n`, because the row lock makes numbers
/// and commits agree. Where several are taken in one transaction, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counter {
    /// Pictures, followed by the columns in memory.
    Photo,
    /// Published list versions.
    List,
    /// Audit rows.
    Audit,
}

impl Counter {
    const fn name(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::List => "list",
            Self::Audit => "audit",
        }
    }
}

/// The next number, as the last step of its transaction: on PostgreSQL all writers of this counter wait until it ends.
///
/// # Errors
/// When the database fails.
pub async fn next(write: &mut Write, counter: Counter) -> Result<i64, StoreError> {
    write.note_counter(counter);
    let number = sqlx::query_scalar("UPDATE counter SET n = n + 1 WHERE name = $1 RETURNING n")
        .bind(counter.name())
        .fetch_one(write.connection())
        .await?;
    Ok(number)
}

/// The first of `count` numbers in a row that nobody else gets; gaps stay when the transaction fails. Other writers of this
/// name wait until the transaction ends, so where many write, reserve in a short transaction before.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, name: &'static str, count: u32) -> Result<i64, StoreError> {
    debug_assert!(!["photo", "list", "audit"].contains(&name), "{name} is followed in commit order");
    let last: i64 = sqlx::query_scalar(
        "INSERT INTO counter (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = counter.n + excluded.n RETURNING n",
    )
    .bind(name)
    .bind(i64::from(count))
    .fetch_one(write.connection())
    .await?;
    Ok(last - i64::from(count) + 1)
}
