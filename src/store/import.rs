//! Imports: the files that candidates came in, so that one can find again what came together.

use crate::domain::id::{CandidateId, ImportId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::user::{Actor, Scope};

use super::error::StoreError;
use super::open::{Store, Write};
use super::page::{MOST_COUNTED, Page, PageRequest};

/// One imported file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Public id.
    pub id: ImportId,
    /// Its name as given.
    pub file_name: String,
    /// When it was imported.
    pub at: Timestamp,
    /// Team of who imported it; that team's recruiters see it.
    pub team: String,
    /// Who imported it.
    pub by: Actor,
    /// How many candidates it held.
    pub candidates: i64,
}

row!(
    struct ImportRow {
        id: String,
        file_name: String,
        at: i64,
        team: String,
        by_user: Option<String>,
        by_name: String,
        candidates: i64,
    }
);

impl TryFrom<ImportRow> for Import {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let wrong = |column| StoreError::inconsistent("candidate_import", column, &row.id);
        Ok(Self {
            id: ImportId::parse(&row.id).map_err(|_| wrong("id"))?,
            at: Timestamp::from_ms(row.at),
            by: Actor { user: row.by_user.as_deref().map(UserId::parse).transpose().map_err(|_| wrong("by_user"))?, name: row.by_name },
            file_name: row.file_name,
            team: row.team,
            candidates: row.candidates,
        })
    }
}

/// Notes an import; before the submissions that name it.
///
/// # Errors
/// When the database fails.
pub async fn insert(write: &mut Write, import: &Import) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO candidate_import (id, file_name, at, team, by_user, by_name, candidates) VALUES ($1, $2, $3, $4, $5, $6, $7)")
        .bind(import.id.as_str())
        .bind(import.file_name.as_str())
        .bind(import.at.as_ms())
        .bind(import.team.as_str())
        .bind(import.by.user.as_ref().map(UserId::as_str))
        .bind(import.by.name.as_str())
        .bind(import.candidates)
        .execute(write.connection())
        .await?;
    Ok(())
}

/// The import with this id, where the reader sees it.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn find(store: &Store, scope: &Scope, id: &ImportId) -> Result<Option<Import>, StoreError> {
    let row: Option<ImportRow> =
        sqlx::query_as("SELECT id, file_name, at, team, by_user, by_name, candidates FROM candidate_import WHERE id = $1")
            .bind(id.as_str())
            .fetch_optional(store.reader())
            .await?;
    let import = row.map(Import::try_from).transpose()?;
    Ok(import.filter(|import| scope.includes(&import.team)))
}

/// Imports that the reader sees, the latest first.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn list(store: &Store, scope: &Scope, page: PageRequest) -> Result<Page<Import>, StoreError> {
    let (all, team) = match scope {
        Scope::All => (1_i64, ""),
        Scope::Team(team) => (0, team.as_str()),
    };
    let rows: Vec<ImportRow> = sqlx::query_as(
        "SELECT id, file_name, at, team, by_user, by_name, candidates FROM candidate_import
        WHERE $1 = 1 OR team = $2 ORDER BY at DESC, id LIMIT $3 OFFSET $4",
    )
    .bind(all)
    .bind(team)
    .bind(page.limit)
    .bind(page.offset)
    .fetch_all(store.reader())
    .await?;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM (SELECT 1 FROM candidate_import WHERE $1 = 1 OR team = $2 LIMIT $3) AS counted")
        .bind(all)
        .bind(team)
        .bind(MOST_COUNTED + 1)
        .fetch_one(store.reader())
        .await?;
    Ok(Page { rows: rows.into_iter().map(Import::try_from).collect::<Result<_, _>>()?, total })
}

/// The candidates whose submissions came in this import, as far as the reader sees them, in the order of the file.
///
/// # Errors
/// When the database fails or a row is not understood.
pub async fn candidates(store: &Store, scope: &Scope, id: &ImportId) -> Result<Vec<(CandidateId, String)>, StoreError> {
    let (all, team) = match scope {
        Scope::All => (1_i64, ""),
        Scope::Team(team) => (0, team.as_str()),
    };
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.id, c.name FROM submission s JOIN candidate c ON c.number = s.candidate
        WHERE s.import = $1 AND ($2 = 1 OR c.team = $3) ORDER BY s.number",
    )
    .bind(id.as_str())
    .bind(all)
    .bind(team)
    .fetch_all(store.reader())
    .await?;
    rows.into_iter()
        .map(|(candidate, name)| match CandidateId::parse(&candidate) {
            Ok(candidate) => Ok((candidate, name)),
            Err(_) => Err(StoreError::inconsistent("candidate", "id", id)),
        })
        .collect()
}

/// The import that the candidate's latest imported submission came in.
///
/// # Errors
/// When the database fails or the row is not understood.
pub async fn of_candidate(store: &Store, candidate: i64) -> Result<Option<Import>, StoreError> {
    let row: Option<ImportRow> = sqlx::query_as(
        "SELECT i.id, i.file_name, i.at, i.team, i.by_user, i.by_name, i.candidates
        FROM submission s JOIN candidate_import i ON i.id = s.import
        WHERE s.candidate = $1 ORDER BY s.received_at DESC, s.number DESC LIMIT 1",
    )
    .bind(candidate)
    .fetch_optional(store.reader())
    .await?;
    row.map(Import::try_from).transpose()
}
