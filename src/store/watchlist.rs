//! Watchlists and their versions.
//!
//! A change is staged under a token of its own in short writes (`entry.rs`) that show nothing, and [`publish`] makes it the
//! next version in one. Who begins a change takes the list's staging over: a change that was left behind blocks nobody, and
//! its writer meets [`StoreError::Conflict`] at its next step. A list that moved on since it was read is a conflict, too.

use crate::domain::id::{ImportId, WatchlistId};
use crate::domain::screening::ListVersion;
use crate::domain::time::Timestamp;
use crate::domain::watchlist::Watchlist;

use super::counter::{self, Counter};
use super::error::StoreError;
use super::open::{Store, Write};
use super::page::{MOST_COUNTED, Page, PageRequest};

/// A list to be stored, still empty.
#[derive(Debug, Clone)]
pub struct NewWatchlist<'a> {
    /// Internal number, of [`reserve`].
    pub number: i64,
    /// Public id.
    pub id: &'a WatchlistId,
    /// Name, unique.
    pub name: &'a str,
    /// When it is made.
    pub at: Timestamp,
    /// Who makes it.
    pub by: &'a str,
    /// Made by the demonstration.
    pub is_demo: bool,
}

/// A change being staged: what every step of it must still find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staging {
    /// Internal number of the list.
    pub watchlist: i64,
    /// The version that the change was computed from.
    pub seen_version: i64,
    /// Token of the change.
    pub token: ImportId,
}

/// What a published version is recorded with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What it is, such as the name of the file.
    pub note: String,
    /// Entries that were not there.
    pub added: i64,
    /// Entries with new content.
    pub changed: i64,
    /// Entries that are no longer there.
    pub removed: i64,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedVersion {
    /// Rises over all lists in the order of commits.
    pub number: i64,
    /// The version.
    pub version: i64,
    /// What it was recorded with.
    pub publication: Publication,
    /// Findings it gave.
    pub new_hits: i64,
    /// Findings it took away.
    pub gone_hits: i64,
}

row!(
    struct WatchlistRow {
        number: i64,
        id: String,
        name: String,
        version: i64,
        entries: i64,
        changed_at: i64,
        changed_by: String,
        is_demo: i64,
    }
);

impl TryFrom<WatchlistRow> for Watchlist {
    type Error = StoreError;

    fn try_from(row: WatchlistRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: WatchlistId::parse(&row.id).map_err(|_| StoreError::inconsistent("watchlist", "id", row.number))?,
            number: row.number,
            name: row.name,
            version: row.version,
            entries: row.entries,
            changed_at: Timestamp::from_ms(row.changed_at),
            changed_by: row.changed_by,
            is_demo: row.is_demo != 0,
        })
    }
}

row!(
    struct VersionRow {
        number: i64,
        version: i64,
        at: i64,
        by_name: String,
        note: String,
        added: i64,
        changed: i64,
        removed: i64,
        new_hits: i64,
        gone_hits: i64,
    }
);

impl From<VersionRow> for PublishedVersion {
    fn from(row: VersionRow) -> Self {
        Self {
            number: row.number,
            version: row.version,
            publication: Publication {
                at: Timestamp::from_ms(row.at),
                by: row.by_name,
                note: row.note,
                added: row.added,
                changed: row.changed,
                removed: row.removed,
            },
            new_hits: row.new_hits,
            gone_hits: row.gone_hits,
        }
    }
}

/// The first of `count` list numbers that nobody else gets.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, count: u32) -> Result<i64, StoreError> {
    counter::reserve(write, "watchlist", count).await
}

/// Makes an empty list, at version 0.
///
/// # Errors
/// [`StoreError::Conflict`] when there is a list of this name.
pub async fn insert(write: &mut Write, new: &NewWatchlist<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO watchlist (number, id, name, version, entries, changed_at, changed_by, is_demo)
        VALUES ($1, $2, $3, 0, 0, $4, $5, $6)",
    )
    .bind(new.number)
    .bind(new.id.as_str())
    .bind(new.name)
    .bind(new.at.as_ms())
    .bind(new.by)
    .bind(i64::from(new.is_demo))
    .execute(write.connection())
    .await?;
    Ok(())
}

/// All lists, by name.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn list(store: &Store) -> Result<Vec<Watchlist>, StoreError> {
    let rows: Vec<WatchlistRow> =
        sqlx::query_as("SELECT number, id, name, version, entries, changed_at, changed_by, is_demo FROM watchlist ORDER BY name, number")
            .fetch_all(store.reader())
            .await?;
    rows.into_iter().map(Watchlist::try_from).collect()
}

/// The list with this public id.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, id: &WatchlistId) -> Result<Option<Watchlist>, StoreError> {
    let row: Option<WatchlistRow> =
        sqlx::query_as("SELECT number, id, name, version, entries, changed_at, changed_by, is_demo FROM watchlist WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(store.reader())
            .await?;
    row.map(Watchlist::try_from).transpose()
}

/// The list of this name.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find_by_name(store: &Store, name: &str) -> Result<Option<Watchlist>, StoreError> {
    let row: Option<WatchlistRow> =
        sqlx::query_as("SELECT number, id, name, version, entries, changed_at, changed_by, is_demo FROM watchlist WHERE name = $1")
            .bind(name)
            .fetch_optional(store.reader())
            .await?;
    row.map(Watchlist::try_from).transpose()
}

/// The published versions that a screening searches, by name.
///
/// # Errors
/// When the database fails.
pub async fn current_versions(store: &Store) -> Result<Vec<ListVersion>, StoreError> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT name, version FROM watchlist WHERE version > 0 ORDER BY name, number").fetch_all(store.reader()).await?;
    Ok(rows.into_iter().map(|(list, version)| ListVersion { list, version }).collect())
}

/// Begins a change of a list that still has the version it was computed from, and takes over from one that was left behind.
/// Then, before anything is staged, `entry::sweep` until nothing is left.
///
/// # Errors
/// [`StoreError::Conflict`] when the list moved on meanwhile.
pub async fn begin_change(write: &mut Write, staging: &Staging) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE watchlist SET staging = $3 WHERE number = $1 AND version = $2")
        .bind(staging.watchlist)
        .bind(staging.seen_version)
        .bind(staging.token.as_str())
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

/// Makes sure, inside a step, that the change is still the one being staged, and keeps it so until the step ends.
pub(super) async fn hold(write: &mut Write, staging: &Staging) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE watchlist SET staging = $3 WHERE number = $1 AND version = $2 AND staging = $3")
        .bind(staging.watchlist)
        .bind(staging.seen_version)
        .bind(staging.token.as_str())
        .execute(write.connection())
        .await?;
    if done.rows_affected() == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}

/// Makes everything staged the next version of its list and gives that version. Takes the list counter, so it stands near the
/// end of its write.
///
/// # Errors
/// [`StoreError::Conflict`] when the list moved on or another change took over.
pub async fn publish(write: &mut Write, staging: &Staging, publication: &Publication) -> Result<i64, StoreError> {
    let version: Option<i64> = sqlx::query_scalar(
        "UPDATE watchlist
        SET version = version + 1, entries = entries + $4, changed_at = $5, changed_by = $6, staging = NULL
        WHERE number = $1 AND version = $2 AND staging = $3 RETURNING version",
    )
    .bind(staging.watchlist)
    .bind(staging.seen_version)
    .bind(staging.token.as_str())
    .bind(publication.added - publication.removed)
    .bind(publication.at.as_ms())
    .bind(publication.by.as_str())
    .fetch_optional(write.connection())
    .await?;
    let version = version.ok_or(StoreError::Conflict)?;
    let number = counter::next(write, Counter::List).await?;
    sqlx::query(
        "INSERT INTO list_version (number, watchlist, version, at, by_name, note, added, changed, removed, new_hits, gone_hits)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0)",
    )
    .bind(number)
    .bind(staging.watchlist)
    .bind(version)
    .bind(publication.at.as_ms())
    .bind(publication.by.as_str())
    .bind(publication.note.as_str())
    .bind(publication.added)
    .bind(publication.changed)
    .bind(publication.removed)
    .execute(write.connection())
    .await?;
    Ok(version)
}

/// The versions of a list, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn versions(store: &Store, watchlist: i64, page: PageRequest) -> Result<Page<PublishedVersion>, StoreError> {
    let rows: Vec<VersionRow> = sqlx::query_as(
        "SELECT number, version, at, by_name, note, added, changed, removed, new_hits, gone_hits
        FROM list_version WHERE watchlist = $1 ORDER BY version DESC LIMIT $2 OFFSET $3",
    )
    .bind(watchlist)
    .bind(page.limit)
    .bind(page.offset)
    .fetch_all(store.reader())
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 FROM list_version WHERE watchlist = $1 LIMIT $2) AS counted")
        .bind(watchlist)
        .bind(MOST_COUNTED + 1)
        .fetch_one(store.reader())
        .await?;
    Ok(Page { rows: rows.into_iter().map(PublishedVersion::from).collect(), total })
}

/// Counts findings that a version gave or took away.
///
/// # Errors
/// When the database fails.
pub async fn add_hits(write: &mut Write, watchlist: i64, version: i64, new: i64, gone: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE list_version SET new_hits = new_hits + $3, gone_hits = gone_hits + $4 WHERE watchlist = $1 AND version = $2")
        .bind(watchlist)
        .bind(version)
        .bind(new)
        .bind(gone)
        .execute(write.connection())
        .await?;
    Ok(())
}
