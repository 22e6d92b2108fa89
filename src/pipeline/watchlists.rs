//! Watchlists change: a file or a form becomes a proposal, the proposal a version. Nothing shows until it is published.
//!
//! Entries and keys are staged in short writes and published in one, which also queues the search for earlier candidates that
//! the change touches. A stopped import shows nothing; the next change sweeps what it left.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::domain::audit::AuditEvent;
use crate::domain::id::{EntryId, ImportId, WatchlistId};
use crate::domain::intake::Fault;
use crate::domain::user::Actor;
use crate::domain::watchlist::{Entry, EntryStatus, ListChange, Persona, Watchlist};
use crate::exchange::lists::{self, Format, change};
use crate::screening::identity::keys::{self, Questions};
use crate::screening::policy::{EXACT_BLOCK_ROWS, GUARD_CANDIDATES_FROM, GUARD_NEW_HITS_SHARE};
use crate::store::entry::{Listed, NewEntry};
use crate::store::key::KeyKind;
use crate::store::watchlist::{NewWatchlist, Publication, Staging};
use crate::store::{self, StoreError};

use super::installation::Installation;
use super::touched;

/// Entries staged in one write: short enough that submissions pass in between.
const BATCH: usize = 500;

/// Entries read at a time.
const PAGE: i64 = 2_000;

/// Longest name of a list, in characters.
const NAME_MAX: usize = 80;

/// What a file or form would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Name of the list.
    pub name: String,
    /// The list as it stands; none for a new one.
    pub current: Option<Watchlist>,
    /// What changes.
    pub change: ListChange,
    /// Rows that were not taken, with line, column and what is expected.
    pub rejected: Vec<Fault>,
    /// Why a second person must agree, in a sentence.
    pub guard: Option<String>,
    /// Earlier candidates that share a contact or account with what changes.
    pub touched: usize,
}

/// A published version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The list.
    pub id: WatchlistId,
    /// Its version now.
    pub version: i64,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum WatchlistError {
    /// No such list or entry.
    #[error("there is no such list or entry")]
    NotFound,
    /// The list changed since it was read.
    #[error("the list was changed by someone else meanwhile: look at the new version and try again")]
    Lost,
    /// Values that cannot be taken.
    #[error("{} values cannot be taken", .0.len())]
    Faults(Vec<Fault>),
    /// So large a change needs a second person.
    #[error("the change {0}: a second person must agree, with `bonafide watchlist import … --yes`")]
    Guarded(String),
    /// The store.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for WatchlistError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::Lost,
            StoreError::NotFound => Self::NotFound,
            other => Self::Store(other),
        }
    }
}

/// Reads a list file and says what it would change. The file is the whole list, unless `merge`.
///
/// # Errors
/// [`WatchlistError::Faults`] when the file as a whole cannot be read or no entry is left.
pub async fn propose(
    installation: &Installation,
    name: &str,
    bytes: &[u8],
    format: Option<Format>,
    merge: bool,
) -> Result<Proposal, WatchlistError> {
    let format = match format {
        Some(format) => format,
        None => lists::detect(bytes).map_err(|fault| WatchlistError::Faults(vec![fault]))?,
    };
    let read = lists::read(format, bytes, &installation.account_key()).map_err(WatchlistError::Faults)?;
    let rejected = read.rejected.into_iter().flat_map(|row| row.faults).collect();
    let personas = read.entries.into_iter().map(|(_, persona)| persona).collect();
    propose_personas(installation, name, personas, merge, rejected).await
}

/// Says what these personas would change on a list.
///
/// # Errors
/// [`WatchlistError::Faults`] for a name that no list can have.
pub async fn propose_personas(
    installation: &Installation,
    name: &str,
    personas: Vec<Persona>,
    merge: bool,
    rejected: Vec<Fault>,
) -> Result<Proposal, WatchlistError> {
    let name = list_name(name)?;
    let current = store::watchlist::find_by_name(&installation.store, &name).await?;
    let entries = match &current {
        Some(list) => standing(installation, list.number).await?,
        None => Vec::new(),
    };
    let change = change::change(&entries, personas, merge);
    propose_change(installation, name, current, entries.len(), change, rejected).await
}

async fn propose_change(
    installation: &Installation,
    name: String,
    current: Option<Watchlist>,
    standing: usize,
    change: ListChange,
    rejected: Vec<Fault>,
) -> Result<Proposal, WatchlistError> {
    let store = &installation.store;
    let coming = change.added.iter().chain(change.changed.iter().map(|(_, new)| new));
    let exact: Vec<i64> = coming.flat_map(|persona| Questions::of_persona(persona).exact).collect::<BTreeSet<_>>().into_iter().collect();
    let touched = store::key::sharing(store, KeyKind::Candidate, &exact, EXACT_BLOCK_ROWS).await?.numbers.len();
    let candidates = store::candidate::count(store, &crate::domain::user::Scope::All).await?;
    let guard = match change::guard(standing, &change) {
        Some(guard) => Some(guard.to_string()),
        None => broad(touched, candidates),
    };
    Ok(Proposal { name, current, change, rejected, guard, touched })
}

/// The guard against a list that suddenly hits many: a generic entry more often than a discovery.
fn broad(touched: usize, candidates: i64) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "counts of candidates are far below 2^52")]
    let share = touched as f64 / candidates.max(1) as f64;
    let guarded = candidates >= GUARD_CANDIDATES_FROM && share > GUARD_NEW_HITS_SHARE;
    guarded.then(|| {
        format!("touches {touched} of {candidates} candidates ({:.1} %, more than {:.0} %)", share * 100.0, GUARD_NEW_HITS_SHARE * 100.0)
    })
}

/// Applies a proposal as one version. `confirmed`: a second person agreed to what a guard holds back.
///
/// # Errors
/// [`WatchlistError::Guarded`] without confirmation, [`WatchlistError::Lost`] when the list changed since it was proposed.
pub async fn apply(
    installation: &Installation,
    actor: &Actor,
    proposal: Proposal,
    note: &str,
    confirmed: bool,
    is_demo: bool,
) -> Result<Applied, WatchlistError> {
    if let (Some(guard), false) = (&proposal.guard, confirmed) {
        return Err(WatchlistError::Guarded(guard.clone()));
    }
    let list = match proposal.current {
        Some(list) => list,
        None => make(installation, actor, &proposal.name, is_demo).await?,
    };
    if proposal.change.is_empty() {
        return Ok(Applied { id: list.id, version: list.version });
    }
    let change = proposal.change;
    let mut ended: Vec<i64> = change.removed.iter().map(|entry| entry.number).collect();
    let mut coming: Vec<(EntryId, EntryStatus, Persona)> =
        change.added.into_iter().map(|persona| (EntryId::random(), EntryStatus::Active, persona)).collect();
    let (added, changed, removed) = (coming.len(), change.changed.len(), ended.len());
    for (entry, persona) in change.changed {
        ended.push(entry.number);
        coming.push((entry.id, entry.status, persona));
    }
    publish(installation, actor, &list, ended, coming, note, [added, changed, removed]).await
}

/// Makes an empty list.
///
/// # Errors
/// [`WatchlistError::Faults`] for a bad name, [`WatchlistError::Lost`] when there is one of this name.
pub async fn create(installation: &Installation, actor: &Actor, name: &str) -> Result<WatchlistId, WatchlistError> {
    let name = list_name(name)?;
    if store::watchlist::find_by_name(&installation.store, &name).await?.is_some() {
        let fault = Fault::new("name", Some(&name), "is the name of a list that exists", "a name that no list has yet");
        return Err(WatchlistError::Faults(vec![fault]));
    }
    Ok(make(installation, actor, &name, false).await?.id)
}

/// Adds an entry, or gives one new content, as one version.
///
/// # Errors
/// [`WatchlistError::Faults`] when there is nothing to compare in it or its id is taken; [`WatchlistError::NotFound`].
pub async fn save_entry(
    installation: &Installation,
    actor: &Actor,
    list: &WatchlistId,
    entry: Option<&EntryId>,
    persona: Persona,
) -> Result<EntryId, WatchlistError> {
    if !persona.is_usable() {
        let fault = Fault::new("names", None, "has nothing to compare", "a name, an e-mail, a phone, a handle or another identifier");
        return Err(WatchlistError::Faults(vec![fault]));
    }
    let list = store::watchlist::find(&installation.store, list).await?.ok_or(WatchlistError::NotFound)?;
    let old = match entry {
        Some(id) => Some(entry_of(installation, &list, id).await?),
        None => None,
    };
    let others = standing(installation, list.number).await?;
    let key = entry_key(&persona);
    if others.iter().any(|other| entry_key(&other.persona) == key && Some(&other.id) != entry) {
        let fault = Fault::new("id", persona.id.as_deref(), "is on the list already", "an id, or content, that no other entry has");
        return Err(WatchlistError::Faults(vec![fault]));
    }
    let (id, status, ended, counts, note) = match old {
        Some(old) => (old.id, old.status, vec![old.number], [0, 1, 0], "entry changed"),
        None => (EntryId::random(), EntryStatus::Active, Vec::new(), [1, 0, 0], "entry added"),
    };
    publish(installation, actor, &list, ended, vec![(id.clone(), status, persona)], note, counts).await?;
    Ok(id)
}

/// Takes an entry off its list, as one version.
///
/// # Errors
/// [`WatchlistError::NotFound`].
pub async fn remove_entry(installation: &Installation, actor: &Actor, list: &WatchlistId, entry: &EntryId) -> Result<(), WatchlistError> {
    let list = store::watchlist::find(&installation.store, list).await?.ok_or(WatchlistError::NotFound)?;
    let old = entry_of(installation, &list, entry).await?;
    publish(installation, actor, &list, vec![old.number], Vec::new(), "entry removed", [0, 0, 1]).await?;
    Ok(())
}

/// Switches an entry on or off, or marks it as disputed, as one version.
///
/// # Errors
/// [`WatchlistError::NotFound`].
pub async fn set_status(
    installation: &Installation,
    actor: &Actor,
    list: &WatchlistId,
    entry: &EntryId,
    status: EntryStatus,
) -> Result<(), WatchlistError> {
    let list = store::watchlist::find(&installation.store, list).await?.ok_or(WatchlistError::NotFound)?;
    let old = entry_of(installation, &list, entry).await?;
    let note = format!("entry set to {status}");
    publish(installation, actor, &list, vec![old.number], vec![(old.id, status, old.persona)], &note, [0, 1, 0]).await?;
    Ok(())
}

async fn entry_of(installation: &Installation, list: &Watchlist, id: &EntryId) -> Result<Entry, WatchlistError> {
    let found = store::entry::find(&installation.store, id).await?;
    found.map(|listed| listed.entry).filter(|entry| entry.list == list.name).ok_or(WatchlistError::NotFound)
}

/// Every entry that stands on the list.
async fn standing(installation: &Installation, list: i64) -> Result<Vec<Entry>, StoreError> {
    let mut all = Vec::new();
    let mut after = 0;
    loop {
        let page: Vec<Listed> = store::entry::above(&installation.store, list, after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.entry.number;
        all.extend(page.into_iter().map(|listed| listed.entry));
    }
}

async fn make(installation: &Installation, actor: &Actor, name: &str, is_demo: bool) -> Result<Watchlist, StoreError> {
    let at = installation.clock.now();
    let id = WatchlistId::random();
    let mut write = installation.store.begin_write().await?;
    let number = store::watchlist::reserve(&mut write, 1).await?;
    store::watchlist::insert(&mut write, &NewWatchlist { number, id: &id, name, at, by: &actor.name, is_demo }).await?;
    let event = AuditEvent::new(at, actor, "watchlist.created", Some(id.as_str()));
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    Ok(Watchlist { id, number, name: name.to_owned(), version: 0, entries: 0, changed_at: at, changed_by: actor.name.clone(), is_demo })
}

/// Stages what ends and what comes, then publishes both as one version. `counts` are added, changed and removed.
async fn publish(
    installation: &Installation,
    actor: &Actor,
    list: &Watchlist,
    ended: Vec<i64>,
    coming: Vec<(EntryId, EntryStatus, Persona)>,
    note: &str,
    counts: [usize; 3],
) -> Result<Applied, WatchlistError> {
    let store = &installation.store;
    let at = installation.clock.now();
    let staging = Staging { watchlist: list.number, seen_version: list.version, token: ImportId::random() };
    let mut write = store.begin_write().await?;
    store::watchlist::begin_change(&mut write, &staging).await?;
    write.commit().await?;
    loop {
        let mut write = store.begin_write().await?;
        let swept = store::entry::sweep(&mut write, &staging, BATCH as i64).await?;
        write.commit().await?;
        if swept < BATCH as i64 {
            break;
        }
    }
    for numbers in ended.chunks(BATCH) {
        let mut write = store.begin_write().await?;
        store::entry::end(&mut write, &staging, numbers).await?;
        write.commit().await?;
    }
    for batch in coming.chunks(BATCH) {
        let mut write = store.begin_write().await?;
        let first = store::entry::reserve(&mut write, u32::try_from(batch.len()).unwrap_or(u32::MAX)).await?;
        let entries: Vec<NewEntry> = (first..)
            .zip(batch)
            .map(|(number, (id, status, persona))| NewEntry {
                number,
                id: id.clone(),
                entry_key: entry_key(persona),
                persona: persona.clone(),
                status: *status,
            })
            .collect();
        store::entry::stage(&mut write, &staging, &entries, at).await?;
        let pairs: Vec<(i64, i64)> =
            entries.iter().flat_map(|entry| keys::persona_keys(&entry.persona).into_iter().map(|key| (key, entry.number))).collect();
        store::key::insert_many(&mut write, KeyKind::Entry, &pairs).await?;
        write.commit().await?;
    }
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let [added, changed, removed] = counts.map(count);
    let publication = Publication { at, by: actor.name.clone(), note: note.to_owned(), added, changed, removed };
    let mut write = store.begin_write().await?;
    touched::queue(&mut write, list.number, list.version + 1, at).await?;
    let version = store::watchlist::publish(&mut write, &staging, &publication).await?;
    let event = AuditEvent::new(at, actor, "watchlist.published", Some(list.id.as_str()))
        .with("version", version)
        .with("added", added)
        .with("changed", changed)
        .with("removed", removed);
    store::audit::append(&mut write, &event, &installation.audit_key()).await?;
    write.commit().await?;
    installation.wake.notify_waiters();
    Ok(Applied { id: list.id.clone(), version })
}

/// By what an entry is known again: the list's own id, else the hash of its content.
fn entry_key(persona: &Persona) -> String {
    match &persona.id {
        Some(id) => format!("id:{id}"),
        None => {
            let text = serde_json::to_vec(persona).unwrap_or_default();
            Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

fn list_name(name: &str) -> Result<String, WatchlistError> {
    let name = name.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control) && !name.contains(['/', '@', ';']);
    if fits {
        return Ok(name.to_owned());
    }
    let expected = "1 to 80 characters without / @ ; such as osint-personas";
    Err(WatchlistError::Faults(vec![Fault::new("name", Some(name), "is no name for a list", expected)]))
}
