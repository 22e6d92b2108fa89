//! Removing the demonstration: everything that was made by it, and nothing else, in one write.

use crate::domain::finding::OtherKind;

use super::error::StoreError;
use super::open::{Store, Write};

/// What was removed, and what follows from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Removed {
    /// Numbers of the pictures, to be dropped from the columns in memory.
    pub photos: Vec<i64>,
    /// How many candidates.
    pub candidates: u64,
    /// How many lists.
    pub watchlists: u64,
    /// Candidates that stay and whose latest findings cited something removed: they are to be screened again.
    pub touched: Vec<i64>,
}

/// Rows of the demonstration, children before parents.
const OF_CANDIDATES: &[&str] = &[
    "DELETE FROM match_key WHERE kind = 1 AND number IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM decision WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM disposition WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM review_case WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM citation WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM finding WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM screening WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM photo_image WHERE photo IN (
        SELECT p.number FROM photo p JOIN candidate c ON c.number = p.candidate WHERE c.is_demo = 1)",
    "DELETE FROM photo WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM candidate_link WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)
        OR other IN (SELECT number FROM candidate WHERE is_demo = 1)",
    "DELETE FROM submission WHERE candidate IN (SELECT number FROM candidate WHERE is_demo = 1)",
];

const OF_WATCHLISTS: &[&str] = &[
    "DELETE FROM match_key WHERE kind = 2 AND number IN (
        SELECT e.number FROM entry e JOIN watchlist w ON w.number = e.watchlist WHERE w.is_demo = 1)",
    "DELETE FROM entry WHERE watchlist IN (SELECT number FROM watchlist WHERE is_demo = 1)",
    "DELETE FROM list_version WHERE watchlist IN (SELECT number FROM watchlist WHERE is_demo = 1)",
];

/// Removes every candidate and list of the demonstration with all that belongs to them.
///
/// # Errors
/// When the database fails.
pub async fn remove(write: &mut Write) -> Result<Removed, StoreError> {
    let touched = sqlx::query_scalar(
        "SELECT DISTINCT t.candidate
        FROM citation t JOIN candidate c ON c.number = t.candidate
        WHERE c.is_demo = 0 AND (
            (t.kind = $1 AND t.other IN (SELECT id FROM candidate WHERE is_demo = 1))
            OR (t.kind = $2 AND t.other IN (
                SELECT e.id FROM entry e JOIN watchlist w ON w.number = e.watchlist WHERE w.is_demo = 1)))
        ORDER BY t.candidate",
    )
    .bind(OtherKind::Candidate.as_str())
    .bind(OtherKind::Entry.as_str())
    .fetch_all(write.connection())
    .await?;
    let photos =
        sqlx::query_scalar("SELECT p.number FROM photo p JOIN candidate c ON c.number = p.candidate WHERE c.is_demo = 1 ORDER BY p.number")
            .fetch_all(write.connection())
            .await?;
    for text in OF_CANDIDATES {
        sqlx::query(*text).execute(write.connection()).await?;
    }
    let candidates = sqlx::query("DELETE FROM candidate WHERE is_demo = 1").execute(write.connection()).await?.rows_affected();
    for text in OF_WATCHLISTS {
        sqlx::query(*text).execute(write.connection()).await?;
    }
    let watchlists = sqlx::query("DELETE FROM watchlist WHERE is_demo = 1").execute(write.connection()).await?.rows_affected();
    Ok(Removed { photos, candidates, watchlists, touched })
}

/// True when there is anything of the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn is_present(store: &Store) -> Result<bool, StoreError> {
    let candidate: Option<i64> =
        sqlx::query_scalar("SELECT number FROM candidate WHERE is_demo = 1 ORDER BY number LIMIT 1").fetch_optional(store.reader()).await?;
    let watchlist: Option<i64> =
        sqlx::query_scalar("SELECT number FROM watchlist WHERE is_demo = 1 ORDER BY number LIMIT 1").fetch_optional(store.reader()).await?;
    Ok(candidate.is_some() || watchlist.is_some())
}
