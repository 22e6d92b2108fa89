//! Entries of watchlists: one row a revision, which counts from its first to its last version of the list.
//!
//! A change stages new rows that begin with the next version and marks rows that end with this one; both mean nothing until
//! `watchlist::publish` raises the list's version. Changed content and a changed status are an end and a new row under the
//! same public id, so what a finding once rested on can still be shown.

use crate::domain::id::EntryId;
use crate::domain::time::Timestamp;
use crate::domain::watchlist::{Entry, EntryStatus, Persona};

use super::counter;
use super::error::StoreError;
use super::key::{self, KeyKind};
use super::open::{Store, Write};
use super::page::{MOST_COUNTED, Page, PageRequest};
use super::sql;
use super::watchlist::{self, Staging};

/// A revision to be staged.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Internal number, of [`reserve`].
    pub number: i64,
    /// Public id: a new one, or that of the entry it changes.
    pub id: EntryId,
    /// The list's own id of it, or the hash of its content: how it is known again.
    pub entry_key: String,
    /// What is listed.
    pub persona: Persona,
    /// Whether it counts.
    pub status: EntryStatus,
}

/// An entry with what it is known again by.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The list's own id of it, or the hash of its content.
    pub entry_key: String,
    /// The entry.
    pub entry: Entry,
}

/// Longest text that is searched of an entry, in characters.
const SEARCHED_MAX: usize = 2_000;

row!(
    struct EntryRow {
        number: i64,
        id: String,
        entry_key: String,
        list: String,
        list_version: i64,
        status: String,
        persona: String,
    }
);

impl TryFrom<EntryRow> for Listed {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("entry", column, row.number);
        let entry = Entry {
            id: EntryId::parse(&row.id).map_err(|_| wrong("id"))?,
            number: row.number,
            status: EntryStatus::parse(&row.status).ok_or_else(|| wrong("status"))?,
            persona: serde_json::from_str(&row.persona).map_err(|_| wrong("persona"))?,
            list: row.list,
            list_version: row.list_version,
        };
        Ok(Self { entry_key: row.entry_key, entry })
    }
}

/// Names and identifiers in lower case: what a search looks into.
fn searched(persona: &Persona) -> String {
    let names = persona.names.iter().map(|name| name.as_str().to_lowercase());
    let typed = persona.identifiers().into_iter().filter_map(|identifier| identifier.typed).map(|typed| typed.to_lowercase());
    let texts: Vec<String> = persona.id.iter().map(|id| id.to_lowercase()).chain(names).chain(typed).collect();
    texts.join("\n").chars().take(SEARCHED_MAX).collect()
}

/// The pattern that finds a text anywhere, whatever signs it holds.
fn pattern(search: &str) -> String {
    let mut pattern = String::from("%");
    for sign in search.trim().to_lowercase().chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// The first of `count` entry numbers that nobody else gets.
///
/// # Errors
/// When the database fails.
pub async fn reserve(write: &mut Write, count: u32) -> Result<i64, StoreError> {
    counter::reserve(write, "entry", count).await
}

/// Stages new revisions; their keys go to `key::insert_many` in the same write.
///
/// # Errors
/// [`StoreError::Conflict`] when the list moved on, another change took over, or two entries have one `entry_key`.
pub async fn stage(write: &mut Write, staging: &Staging, entries: &[NewEntry], at: Timestamp) -> Result<(), StoreError> {
    watchlist::hold(write, staging).await?;
    for group in entries.chunks(sql::rows_at_once(9)) {
        let text = sql::with_rows(
            "INSERT INTO entry (number, id, watchlist, entry_key, search, persona, status, first_version, changed_at)
            VALUES {rows}",
            9,
            group.len(),
        );
        let mut query = sqlx::query(text);
        for new in group {
            query = query
                .bind(new.number)
                .bind(new.id.as_str())
                .bind(staging.watchlist)
                .bind(new.entry_key.as_str())
                .bind(searched(&new.persona))
                .bind(serde_json::to_string(&new.persona).map_err(|error| sqlx::Error::Encode(error.into()))?)
                .bind(new.status.as_str())
                .bind(staging.seen_version + 1)
                .bind(at.as_ms());
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Stages the end of revisions that stand on the list: removed entries, and changed ones before their new revision.
///
/// # Errors
/// [`StoreError::Conflict`] when the list moved on or another change took over.
pub async fn end(write: &mut Write, staging: &Staging, numbers: &[i64]) -> Result<(), StoreError> {
    watchlist::hold(write, staging).await?;
    for group in sql::padded(numbers) {
        let text = sql::with_keys(
            "UPDATE entry SET last_version = $1
            WHERE watchlist = $2 AND first_version <= $1 AND last_version IS NULL AND number IN {keys}",
            3,
        );
        let query = sqlx::query(text).bind(staging.seen_version).bind(staging.watchlist);
        group.fold(query, |query, number| query.bind(*number)).execute(write.connection()).await?;
    }
    Ok(())
}

/// Removes up to `limit` rows that a change left behind, with their keys, and takes back its ends; gives how many rows it
/// removed. Again until that is less than `limit`, each time in a write of its own.
///
/// # Errors
/// [`StoreError::Conflict`] when the list moved on or another change took over.
pub async fn sweep(write: &mut Write, staging: &Staging, limit: i64) -> Result<i64, StoreError> {
    watchlist::hold(write, staging).await?;
    sqlx::query("UPDATE entry SET last_version = NULL WHERE watchlist = $1 AND last_version = $2")
        .bind(staging.watchlist)
        .bind(staging.seen_version)
        .execute(write.connection())
        .await?;
    let left: Vec<i64> =
        sqlx::query_scalar("SELECT number FROM entry WHERE watchlist = $1 AND first_version > $2 ORDER BY first_version, number LIMIT $3")
            .bind(staging.watchlist)
            .bind(staging.seen_version)
            .bind(limit)
            .fetch_all(write.connection())
            .await?;
    key::delete_of(write, KeyKind::Entry, &left).await?;
    for group in sql::padded(&left) {
        let text = sql::with_keys("DELETE FROM entry WHERE number IN {keys}", 1);
        group.fold(sqlx::query(text), |query, number| query.bind(*number)).execute(write.connection()).await?;
    }
    Ok(i64::try_from(left.len()).unwrap_or(i64::MAX))
}

/// The entry with this public id as it stands on its list now; none when it was removed.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, id: &EntryId) -> Result<Option<Listed>, StoreError> {
    let row: Option<EntryRow> = sqlx::query_as(
        "SELECT e.number, e.id, e.entry_key, w.name AS list, w.version AS list_version, e.status, e.persona
        FROM entry e JOIN watchlist w ON w.number = e.watchlist
        WHERE e.id = $1 AND e.first_version <= w.version AND (e.last_version IS NULL OR e.last_version >= w.version)
        ORDER BY e.first_version DESC, e.number LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(store.reader())
    .await?;
    row.map(Listed::try_from).transpose()
}

/// The entries with these numbers that stand on their lists now, by number.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn by_numbers(store: &Store, numbers: &[i64]) -> Result<Vec<Entry>, StoreError> {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    let mut found = Vec::with_capacity(numbers.len());
    for group in sql::padded(&numbers) {
        let text = sql::with_keys(
            "SELECT e.number, e.id, e.entry_key, w.name AS list, w.version AS list_version, e.status, e.persona
            FROM entry e JOIN watchlist w ON w.number = e.watchlist
            WHERE e.number IN {keys} AND e.first_version <= w.version AND (e.last_version IS NULL OR e.last_version >= w.version)
            ORDER BY e.number",
            1,
        );
        let rows: Vec<EntryRow> = group.fold(sqlx::query_as(text), |query, number| query.bind(*number)).fetch_all(store.reader()).await?;
        for row in rows {
            found.push(Listed::try_from(row)?.entry);
        }
    }
    Ok(found)
}

/// Entries of a list whose names or identifiers hold `search` (empty: all), in the order in which they came.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn list(store: &Store, watchlist: i64, search: &str, page: PageRequest) -> Result<Page<Entry>, StoreError> {
    let pattern = pattern(search);
    let rows: Vec<EntryRow> = sqlx::query_as(
        r"SELECT e.number, e.id, e.entry_key, w.name AS list, w.version AS list_version, e.status, e.persona
        FROM entry e JOIN watchlist w ON w.number = e.watchlist
        WHERE e.watchlist = $1 AND e.first_version <= w.version AND (e.last_version IS NULL OR e.last_version >= w.version)
            AND e.search LIKE $2 ESCAPE '\'
        ORDER BY e.number LIMIT $3 OFFSET $4",
    )
    .bind(watchlist)
    .bind(pattern.as_str())
    .bind(page.limit)
    .bind(page.offset)
    .fetch_all(store.reader())
    .await?;
    let total = sqlx::query_scalar(
        r"SELECT COUNT(*) FROM (
            SELECT 1 FROM entry e JOIN watchlist w ON w.number = e.watchlist
            WHERE e.watchlist = $1 AND e.first_version <= w.version AND (e.last_version IS NULL OR e.last_version >= w.version)
                AND e.search LIKE $2 ESCAPE '\'
            LIMIT $3) AS counted",
    )
    .bind(watchlist)
    .bind(pattern)
    .bind(MOST_COUNTED + 1)
    .fetch_one(store.reader())
    .await?;
    let rows = rows.into_iter().map(|row| Listed::try_from(row).map(|listed| listed.entry)).collect::<Result<_, _>>()?;
    Ok(Page { rows, total })
}

/// Entries that stand on the list, with numbers above `after`, in order, `limit` at most: for what goes through a whole list
/// in pieces, such as a comparison with a new file or an export.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn above(store: &Store, watchlist: i64, after: i64, limit: i64) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT e.number, e.id, e.entry_key, w.name AS list, w.version AS list_version, e.status, e.persona
        FROM entry e JOIN watchlist w ON w.number = e.watchlist
        WHERE e.watchlist = $1 AND e.number > $2
            AND e.first_version <= w.version AND (e.last_version IS NULL OR e.last_version >= w.version)
        ORDER BY e.number LIMIT $3",
    )
    .bind(watchlist)
    .bind(after)
    .bind(limit)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Entries that begin with a version, those that were added or changed, above a number: whom they hit is screened again.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn begun_in(store: &Store, watchlist: i64, version: i64, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<EntryRow> = sqlx::query_as(
        "SELECT e.number, e.id, e.entry_key, w.name AS list, w.version AS list_version, e.status, e.persona
        FROM entry e JOIN watchlist w ON w.number = e.watchlist
        WHERE e.watchlist = $1 AND e.first_version = $2 AND e.number > $3 AND w.version >= $2
        ORDER BY e.number LIMIT $4",
    )
    .bind(watchlist)
    .bind(version)
    .bind(after)
    .bind(limit)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter().map(|row| Listed::try_from(row).map(|listed| listed.entry)).collect()
}

/// Number and public id of the revisions that a version took off the list, removed or changed, above a number: whoever's
/// findings cite them is screened again, and their keys may go.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn ended_by(store: &Store, watchlist: i64, version: i64, after: i64, limit: i64) -> Result<Vec<(i64, EntryId)>, StoreError> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT e.number, e.id FROM entry e JOIN watchlist w ON w.number = e.watchlist
        WHERE e.watchlist = $1 AND e.last_version = $2 AND e.number > $3 AND w.version > $2
        ORDER BY e.number LIMIT $4",
    )
    .bind(watchlist)
    .bind(version - 1)
    .bind(after)
    .bind(limit)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter()
        .map(|(number, id)| match EntryId::parse(&id) {
            Ok(id) => Ok((number, id)),
            Err(_) => Err(StoreError::inconsistent("entry", "id", number)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_pattern_are_searched_as_themselves() {
        assert_eq!(pattern(" 50%_A\\ "), "%50\\%\\_a\\\\%");
        assert_eq!(pattern(""), "%%");
    }
}
