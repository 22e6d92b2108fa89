//! Watchlists and their entries (personas): many names, contacts and accounts, with source, date and confidence.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::email::EmailAddress;
use super::finding::words;
use super::handle::Handle;
use super::id::{EntryId, WatchlistId};
use super::identifier::{AccountHash, Identifier, IdentifierKind, Wallet};
use super::name::PersonName;
use super::phone::PhoneNumber;
use super::time::{PartialDate, Timestamp};
use super::url::WebAddress;

words!(
    /// How far an entry may be passed on (traffic light protocol 2.0).
    Tlp {
        /// No limit.
        Clear = "clear",
        /// Inside the community.
        Green = "green",
        /// Inside the organization and its clients.
        Amber = "amber",
        /// Inside the organization.
        AmberStrict = "amber+strict",
        /// Named people only.
        Red = "red",
    }
);

/// One persona as it stands on a list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Persona {
    /// The list's own id of it.
    pub id: Option<String>,
    /// Names, the main one first.
    pub names: Vec<PersonName>,
    /// E-mail addresses.
    pub emails: Vec<EmailAddress>,
    /// Phone numbers.
    pub phones: Vec<PhoneNumber>,
    /// Accounts on platforms.
    pub handles: Vec<Handle>,
    /// Domains.
    pub domains: Vec<WebAddress>,
    /// Wallets.
    pub wallets: Vec<Wallet>,
    /// Postal addresses.
    pub addresses: Vec<String>,
    /// Network addresses.
    pub ips: Vec<IpAddr>,
    /// Payout accounts, as keyed hashes.
    pub payout_accounts: Vec<AccountHash>,
    /// Where the entry comes from.
    pub source: Option<String>,
    /// A link to that source; never fetched.
    pub source_url: Option<WebAddress>,
    /// Date of the source.
    pub as_of: Option<PartialDate>,
    /// How sure the source is, 0 to 100.
    pub confidence: Option<u8>,
    /// Last day on which it counts.
    pub expires: Option<PartialDate>,
    /// How far it may be passed on.
    pub tlp: Option<Tlp>,
    /// Free text.
    pub note: Option<String>,
    /// Places named.
    pub locations: Vec<String>,
}

impl Persona {
    /// Every identifier with its path and text, in the form that equality rests on.
    #[must_use]
    pub fn identifiers(&self) -> Vec<Identifier> {
        let mut all = Vec::new();
        let mut add = |kind, field: &str, i: usize, canonical: String, typed: Option<&str>| {
            all.push(Identifier { kind, canonical, path: format!("{field}[{i}]"), typed: typed.map(str::to_owned) });
        };
        for (i, email) in self.emails.iter().enumerate() {
            add(IdentifierKind::Email, "emails", i, email.canonical().to_owned(), Some(email.as_str()));
        }
        for (i, handle) in self.handles.iter().enumerate() {
            add(IdentifierKind::Handle, "handles", i, handle.canonical(), Some(handle.as_str()));
        }
        for (i, phone) in self.phones.iter().enumerate() {
            add(IdentifierKind::Phone, "phones", i, phone.canonical(), Some(phone.as_str()));
        }
        for (i, domain) in self.domains.iter().enumerate() {
            add(IdentifierKind::Domain, "domains", i, domain.host().to_owned(), Some(domain.as_str()));
        }
        for (i, wallet) in self.wallets.iter().enumerate() {
            add(IdentifierKind::Wallet, "wallets", i, wallet.canonical(), Some(wallet.as_str()));
        }
        for (i, account) in self.payout_accounts.iter().enumerate() {
            add(IdentifierKind::PayoutAccount, "payout_accounts", i, account.as_str().to_owned(), None);
        }
        for (i, ip) in self.ips.iter().enumerate() {
            add(IdentifierKind::Ip, "ips", i, ip.to_string(), Some(&ip.to_string()));
        }
        all
    }

    /// True when nothing but names and places is listed: such an entry is weak and gives context only.
    #[must_use]
    pub fn is_name_only(&self) -> bool {
        self.emails.is_empty()
            && self.phones.is_empty()
            && self.handles.is_empty()
            && self.domains.is_empty()
            && self.wallets.is_empty()
            && self.ips.is_empty()
            && self.payout_accounts.is_empty()
    }

    /// True when there is anything to compare.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !(self.names.is_empty() && self.is_name_only())
    }

    /// The main name, or the first identifier where there is no name.
    #[must_use]
    pub fn title(&self) -> String {
        match self.names.first() {
            Some(name) => name.as_str().to_owned(),
            None => self.identifiers().into_iter().next().map_or_else(|| "without a name".to_owned(), |i| i.typed.unwrap_or(i.canonical)),
        }
    }
}

words!(
    /// Whether an entry counts.
    EntryStatus {
        /// Counts.
        Active = "active",
        /// Switched off by a person.
        Paused = "paused",
        /// Someone contests it: it gives context only.
        Disputed = "disputed",
    }
);

/// One persona of a list at its latest version, as the engines take it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Public id.
    pub id: EntryId,
    /// Internal number.
    pub number: i64,
    /// Name of the list.
    pub list: String,
    /// Version of the list.
    pub list_version: i64,
    /// Whether it counts.
    pub status: EntryStatus,
    /// What is listed.
    pub persona: Persona,
}

impl Entry {
    /// The id by which people know it: the list's own, else the public one.
    #[must_use]
    pub fn shown_id(&self) -> &str {
        self.persona.id.as_deref().unwrap_or(self.id.as_str())
    }
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watchlist {
    /// Public id.
    pub id: WatchlistId,
    /// Internal number.
    pub number: i64,
    /// Name, unique.
    pub name: String,
    /// Version, from 1; 0 while empty.
    pub version: i64,
    /// Number of entries.
    pub entries: i64,
    /// Last change.
    pub changed_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// Made by the demonstration.
    pub is_demo: bool,
}

/// What a new version changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListChange {
    /// Personas that were not there.
    pub added: Vec<Persona>,
    /// Entries whose content differs, with the new content.
    pub changed: Vec<(Entry, Persona)>,
    /// Entries that are no longer there.
    pub removed: Vec<Entry>,
    /// Entries that stay as they are.
    pub unchanged: usize,
}

impl ListChange {
    /// True when nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed.is_empty()
    }
}
