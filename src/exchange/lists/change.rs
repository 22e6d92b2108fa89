//! What a new version of a list changes, and when that is so much that a second person must agree.
//!
//! An entry is known again by the list's own id, else by its whole content. Cost: linear in both versions; content is
//! compared by its SHA-256. Known limit: an entry without an id whose note was mended counts as one removed and one added.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use sha2::{Digest, Sha256};

use crate::domain::watchlist::{Entry, ListChange, Persona};

/// Removed entries, in percent of the list, above which a change waits (CONTRACT section 4).
const REMOVED_MAX_PERCENT: u64 = 20;

/// Altered entries, in percent of the list, above which a change waits (CONTRACT section 4).
const ALTERED_MAX_PERCENT: u64 = 30;

/// Entries from which the guards apply (CONTRACT section 4).
const GUARDED_FROM: u64 = 20;

/// How an entry is known again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Id(String),
    Content([u8; 32]),
}

fn key(persona: &Persona) -> Key {
    match &persona.id {
        Some(id) => Key::Id(id.clone()),
        None => Key::Content(digest(persona)),
    }
}

fn digest(persona: &Persona) -> [u8; 32] {
    // A persona is made of texts and numbers alone, so it always has a JSON form.
    let text = serde_json::to_vec(persona).unwrap_or_default();
    Sha256::digest(text).into()
}

/// The entries of a file, each once, with the number of rows that were folded into another.
///
/// Rows of one id are one entry: lists with a row an alias are common. Their values are joined; where there can be only one
/// value, the first stands. Folding again changes nothing.
#[must_use]
pub fn fold(new: Vec<Persona>) -> (Vec<Persona>, usize) {
    let rows = new.len();
    let mut places: HashMap<Key, usize> = HashMap::with_capacity(rows);
    let mut folded: Vec<Persona> = Vec::with_capacity(rows);
    for persona in new {
        match places.entry(key(&persona)) {
            Slot::Vacant(free) => {
                free.insert(folded.len());
                folded.push(persona);
            }
            Slot::Occupied(known) => {
                if let Some(first) = folded.get_mut(*known.get()) {
                    join(first, persona);
                }
            }
        }
    }
    let count = rows - folded.len();
    (folded, count)
}

fn join(first: &mut Persona, second: Persona) {
    add(&mut first.names, second.names);
    add(&mut first.emails, second.emails);
    add(&mut first.phones, second.phones);
    add(&mut first.handles, second.handles);
    add(&mut first.domains, second.domains);
    add(&mut first.wallets, second.wallets);
    add(&mut first.addresses, second.addresses);
    add(&mut first.ips, second.ips);
    add(&mut first.payout_accounts, second.payout_accounts);
    add(&mut first.locations, second.locations);
    first.source = first.source.take().or(second.source);
    first.source_url = first.source_url.take().or(second.source_url);
    first.as_of = first.as_of.or(second.as_of);
    first.confidence = first.confidence.or(second.confidence);
    first.expires = first.expires.or(second.expires);
    first.tlp = first.tlp.or(second.tlp);
    first.note = first.note.take().or(second.note);
}

fn add<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for value in more {
        if !list.contains(&value) {
            list.push(value);
        }
    }
}

/// What a new file changes in the version that stands. With `merge` it adds and alters, and removes nothing.
#[must_use]
pub fn change(current: &[Entry], new: Vec<Persona>, merge: bool) -> ListChange {
    let (new, _) = fold(new);
    let mut known: HashMap<Key, &Entry> = current.iter().map(|entry| (key(&entry.persona), entry)).collect();
    let mut change = ListChange::default();
    for persona in new {
        match known.remove(&key(&persona)) {
            None => change.added.push(persona),
            Some(entry) if entry.persona == persona => change.unchanged += 1,
            Some(entry) => change.changed.push((entry.clone(), persona)),
        }
    }
    if merge {
        change.unchanged += known.len();
    } else {
        // In the order of the list, so that a preview reads the same each time.
        let gone = |entry: &&Entry| known.contains_key(&key(&entry.persona));
        change.removed = current.iter().filter(gone).cloned().collect();
    }
    change
}

/// Why a change waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardKind {
    /// It removes much of the list.
    Removes,
    /// It alters much of the list.
    Alters,
}

/// A change so large that a second person must agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guard {
    /// Why.
    pub which: GuardKind,
    /// Share of the list, 0 to 1.
    pub share: f64,
}

impl std::fmt::Display for Guard {
    /// The reason in words: `removes 25 % of the entries (more than 20 %)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (does, limit) = match self.which {
            GuardKind::Removes => ("removes", REMOVED_MAX_PERCENT),
            GuardKind::Alters => ("alters", ALTERED_MAX_PERCENT),
        };
        write!(f, "{does} {:.1} % of the entries (more than {limit} %)", self.share * 100.0)
    }
}

/// The guard that a change meets; removal before alteration. `current_count` are the entries of the version that stands.
#[must_use]
pub fn guard(current_count: usize, change: &ListChange) -> Option<Guard> {
    let all = current_count as u64;
    if all < GUARDED_FROM {
        return None;
    }
    let over = |part: usize, percent: u64| part as u64 * 100 > all * percent;
    #[expect(clippy::cast_precision_loss, reason = "counts of entries are far below 2^52")]
    let share = |part: usize| part as f64 / all as f64;
    let (removed, altered) = (change.removed.len(), change.changed.len());
    if over(removed, REMOVED_MAX_PERCENT) {
        Some(Guard { which: GuardKind::Removes, share: share(removed) })
    } else if over(altered, ALTERED_MAX_PERCENT) {
        Some(Guard { which: GuardKind::Alters, share: share(altered) })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailAddress;
    use crate::domain::id::EntryId;
    use crate::domain::name::PersonName;
    use crate::domain::watchlist::EntryStatus;

    fn persona(id: Option<&str>, name: &str) -> Persona {
        Persona { id: id.map(str::to_owned), names: vec![PersonName::parse(name).unwrap()], ..Persona::default() }
    }

    fn entries(personas: &[Persona]) -> Vec<Entry> {
        let entry = |(number, persona): (usize, &Persona)| Entry {
            id: EntryId::random(),
            number: i64::try_from(number).unwrap(),
            list: "list".to_owned(),
            list_version: 1,
            status: EntryStatus::Active,
            persona: persona.clone(),
        };
        personas.iter().enumerate().map(entry).collect()
    }

    fn numbered(count: usize) -> Vec<Persona> {
        (0..count).map(|i| persona(Some(&format!("P{i}")), &format!("Name {i}"))).collect()
    }

    #[test]
    fn the_same_file_again_changes_nothing() {
        let mut file = numbered(5);
        file.push(persona(None, "Without id"));
        let change = change(&entries(&file), file, false);
        assert_eq!((change.is_empty(), change.unchanged), (true, 6));
    }

    #[test]
    fn entries_are_known_again_by_id_and_without_one_by_content() {
        let current = entries(&[persona(Some("1"), "Ana"), persona(Some("2"), "Bo"), persona(None, "Cy"), persona(None, "Di")]);
        let new = vec![persona(Some("1"), "Ana Reyes"), persona(None, "Cy"), persona(None, "Eve")];
        let whole = change(&current, new.clone(), false);
        assert_eq!((whole.added.len(), whole.changed.len(), whole.removed.len(), whole.unchanged), (1, 1, 2, 1));
        assert_eq!(whole.removed.iter().map(|e| e.persona.title()).collect::<Vec<_>>(), ["Bo", "Di"]);
        let merged = change(&current, new, true);
        assert_eq!((merged.added.len(), merged.changed.len(), merged.removed.len(), merged.unchanged), (1, 1, 0, 3));
    }

    #[test]
    fn rows_of_one_id_are_joined_and_equal_rows_are_folded() {
        let mut second = persona(Some("1"), "Alias");
        second.emails.push(EmailAddress::parse("a@x.io").unwrap());
        let file = vec![persona(Some("1"), "Ana"), second, persona(Some("1"), "Ana"), persona(None, "Cy"), persona(None, "Cy")];
        let (folded, count) = fold(file);
        assert_eq!((folded.len(), count), (2, 3));
        assert_eq!((folded[0].names.len(), folded[0].emails.len()), (2, 1));
        assert_eq!(fold(folded.clone()), (folded, 0));
    }

    #[rstest::rstest]
    #[case(20, 16, 0, None)]
    #[case(20, 15, 0, Some(GuardKind::Removes))]
    #[case(20, 20, 6, None)]
    #[case(20, 20, 7, Some(GuardKind::Alters))]
    #[case(19, 0, 0, None)]
    #[case(100, 80, 30, None)]
    fn large_changes_meet_a_guard(#[case] count: usize, #[case] kept: usize, #[case] altered: usize, #[case] which: Option<GuardKind>) {
        let current = numbered(count);
        let mut new: Vec<Persona> = current.iter().take(kept).cloned().collect();
        for persona in new.iter_mut().take(altered) {
            persona.note = Some("altered".to_owned());
        }
        let change = change(&entries(&current), new, false);
        assert_eq!(guard(count, &change).map(|g| g.which), which);
    }

    #[test]
    fn a_guard_says_how_much_and_how_much_is_allowed() {
        let text = Guard { which: GuardKind::Removes, share: 0.25 }.to_string();
        assert_eq!(text, "removes 25.0 % of the entries (more than 20 %)");
    }
}
