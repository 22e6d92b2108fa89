//! A list file in two steps: uploaded and looked at, then applied. What was looked at is what is applied: when the list moved
//! on in between, nothing is. A change that a guard holds back is applied by a second person alone.

use crate::domain::audit::AuditEvent;
use crate::domain::id::{ImportId, WatchlistId};
use crate::domain::time::Timestamp;
use crate::domain::user::{Actor, User};
use crate::domain::watchlist::Watchlist;
use crate::exchange::lists::{self, Format};
use crate::store::list_proposal::ListProposal;
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::watchlists::{self, Applied, Proposal, WatchlistError};

/// How long a file waits: a day, so that a second person of another time zone sees it.
const KEPT_MS: i64 = 24 * 60 * 60 * 1_000;

/// Longest name of a file that is kept, in characters.
const FILE_NAME_MAX: usize = 200;

/// An uploaded file.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its name as given.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
    /// It adds and changes, and removes nothing.
    pub merges: bool,
}

/// A file that waits, with what it would change now.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The list.
    pub list: Watchlist,
    /// The file.
    pub file: ListProposal,
    /// What it would change.
    pub proposal: Proposal,
}

/// Keeps a file that can be read, to be looked at.
///
/// # Errors
/// [`WatchlistError::Faults`] when it cannot be read or no entry is left.
pub async fn keep(installation: &Installation, person: &User, list: &WatchlistId, file: File<'_>) -> Result<ImportId, WatchlistError> {
    let list = find_list(installation, list).await?;
    let format = lists::detect(file.bytes).map_err(|fault| WatchlistError::Faults(vec![fault]))?;
    watchlists::propose(installation, &list.name, file.bytes, Some(format), file.merges).await?;
    let (at, by) = (installation.clock.now(), Actor::person(person));
    let kept = ListProposal {
        id: ImportId::random(),
        watchlist: list.id.clone(),
        file_name: file.name.chars().take(FILE_NAME_MAX).collect(),
        format: format.as_str().to_owned(),
        merges: file.merges,
        by,
        at,
    };
    let mut write = installation.store.begin_write().await?;
    store::list_proposal::delete_older(&mut write, at.plus_ms(-KEPT_MS)).await?;
    store::list_proposal::insert(&mut write, &kept, file.bytes).await?;
    let event = AuditEvent::new(at, &kept.by, "watchlist.proposed", Some(list.id.as_str())).with("proposal", kept.id.as_str());
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    Ok(kept.id)
}

/// What a waiting file would change now.
///
/// # Errors
/// [`WatchlistError::NotFound`] when it was applied, dropped or swept.
pub async fn preview(installation: &Installation, list: &WatchlistId, id: &ImportId) -> Result<Preview, WatchlistError> {
    let list = find_list(installation, list).await?;
    let store = &installation.store;
    let file = store::list_proposal::find(store, &list.id, id, since(installation)).await?.ok_or(WatchlistError::NotFound)?;
    let content = store::list_proposal::content(store, id).await?.ok_or(WatchlistError::NotFound)?;
    let proposal = watchlists::propose(installation, &list.name, &content, Format::parse(&file.format), file.merges).await?;
    Ok(Preview { list, file, proposal })
}

/// Files that wait for this list.
///
/// # Errors
/// When the database fails.
pub async fn waiting(installation: &Installation, list: &WatchlistId) -> Result<Vec<ListProposal>, StoreError> {
    store::list_proposal::waiting(&installation.store, list, since(installation)).await
}

/// Applies a waiting file over the version that was looked at.
///
/// # Errors
/// [`WatchlistError::Lost`] when the list moved on; [`WatchlistError::Guarded`] when a guard holds the change back and the
/// person is the one who uploaded it.
pub async fn apply(
    installation: &Installation,
    person: &User,
    list: &WatchlistId,
    id: &ImportId,
    seen_version: i64,
) -> Result<Applied, WatchlistError> {
    let Preview { list, file, proposal } = preview(installation, list, id).await?;
    if list.version != seen_version || proposal.current.as_ref().map(|current| current.version) != Some(seen_version) {
        return Err(WatchlistError::Lost);
    }
    let is_second = file.by.user.as_ref() != Some(&person.id);
    let note = if is_second { format!("{}, uploaded by {}", file.file_name, file.by.name) } else { file.file_name.clone() };
    let applied = watchlists::apply(installation, &Actor::person(person), proposal, &note, is_second, list.is_demo).await?;
    let mut write = installation.store.begin_write().await?;
    match store::list_proposal::delete(&mut write, id).await {
        Ok(()) => write.commit().await?,
        // Someone dropped it at the same moment.
        Err(StoreError::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(applied)
}

/// Drops a waiting file.
///
/// # Errors
/// [`WatchlistError::NotFound`] when it is gone already.
pub async fn drop_file(installation: &Installation, person: &User, list: &WatchlistId, id: &ImportId) -> Result<(), WatchlistError> {
    let (at, by) = (installation.clock.now(), Actor::person(person));
    store::list_proposal::find(&installation.store, list, id, since(installation)).await?.ok_or(WatchlistError::NotFound)?;
    let mut write = installation.store.begin_write().await?;
    store::list_proposal::delete(&mut write, id).await?;
    let event = AuditEvent::new(at, &by, "watchlist.proposal-dropped", Some(list.as_str())).with("proposal", id.as_str());
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    Ok(())
}

fn since(installation: &Installation) -> Timestamp {
    installation.clock.now().plus_ms(-KEPT_MS)
}

async fn find_list(installation: &Installation, list: &WatchlistId) -> Result<Watchlist, WatchlistError> {
    store::watchlist::find(&installation.store, list).await?.ok_or(WatchlistError::NotFound)
}
