//! Watchlist files that were uploaded and wait to be applied: for the second step, or for a second person.

use crate::domain::id::{ImportId, UserId, WatchlistId};
use crate::domain::time::Timestamp;
use crate::domain::user::Actor;

use super::error::StoreError;
use super::open::{Store, Write};

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListProposal {
    /// Public id.
    pub id: ImportId,
    /// The list that it would change.
    pub watchlist: WatchlistId,
    /// Name of the file as given.
    pub file_name: String,
    /// Word of its layout.
    pub format: String,
    /// It adds and changes, and removes nothing.
    pub merges: bool,
    /// Who uploaded it.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
}

row!(
    struct ProposalRow {
        id: String,
        watchlist: String,
        file_name: String,
        format: String,
        merges: i64,
        by_user: Option<String>,
        by_name: String,
        created_at: i64,
    }
);

impl TryFrom<ProposalRow> for ListProposal {
    type Error = StoreError;

    fn try_from(row: ProposalRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("list_proposal", column, &row.id);
        Ok(Self {
            id: ImportId::parse(&row.id).map_err(|_| wrong("id"))?,
            watchlist: WatchlistId::parse(&row.watchlist).map_err(|_| wrong("watchlist"))?,
            by: Actor { user: row.by_user.as_deref().map(UserId::parse).transpose().map_err(|_| wrong("by_user"))?, name: row.by_name },
            file_name: row.file_name,
            format: row.format,
            merges: row.merges != 0,
            at: Timestamp::from_ms(row.created_at),
        })
    }
}

/// Keeps a file.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, proposal: &ListProposal, content: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO list_proposal (id, watchlist, file_name, format, merges, content, by_user, by_name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(proposal.id.as_str())
    .bind(proposal.watchlist.as_str())
    .bind(proposal.file_name.as_str())
    .bind(proposal.format.as_str())
    .bind(i64::from(proposal.merges))
    .bind(content)
    .bind(proposal.by.user.as_ref().map(UserId::as_str))
    .bind(proposal.by.name.as_str())
    .bind(proposal.at.as_ms())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// A file that was uploaded for this list since `since`.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, watchlist: &WatchlistId, id: &ImportId, since: Timestamp) -> Result<Option<ListProposal>, StoreError> {
    let row: Option<ProposalRow> = sqlx::query_as(
        "SELECT id, watchlist, file_name, format, merges, by_user, by_name, created_at
        FROM list_proposal WHERE id = $1 AND watchlist = $2 AND created_at >= $3",
    )
    .bind(id.as_str())
    .bind(watchlist.as_str())
    .bind(since.as_ms())
    .fetch_optional(store.reader())
    .await?;
    row.map(ListProposal::try_from).transpose()
}

/// The bytes of a file; none when it was applied or dropped.
///
/// # Errors
/// When the database fails.
pub async fn content(store: &Store, id: &ImportId) -> Result<Option<Vec<u8>>, StoreError> {
    let content = sqlx::query_scalar("SELECT content FROM list_proposal WHERE id = $1").bind(id.as_str());
    Ok(content.fetch_optional(store.reader()).await?)
}

/// Files that wait for this list since `since`, the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn waiting(store: &Store, watchlist: &WatchlistId, since: Timestamp) -> Result<Vec<ListProposal>, StoreError> {
    let rows: Vec<ProposalRow> = sqlx::query_as(
        "SELECT id, watchlist, file_name, format, merges, by_user, by_name, created_at
        FROM list_proposal WHERE watchlist = $1 AND created_at >= $2 ORDER BY created_at DESC, id LIMIT 20",
    )
    .bind(watchlist.as_str())
    .bind(since.as_ms())
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(ListProposal::try_from).collect()
}

/// Drops a file.
///
/// # Errors
/// [`StoreError::NotFound`] when it is gone already.
pub async fn delete(write: &mut Write, id: &ImportId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM list_proposal WHERE id = $1").bind(id.as_str()).execute(write.connection()).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// Sweeps files uploaded before.
///
/// # Errors
/// When the database fails.
pub async fn delete_older(write: &mut Write, before: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM list_proposal WHERE created_at < $1").bind(before.as_ms()).execute(write.connection()).await?;
    Ok(())
}
