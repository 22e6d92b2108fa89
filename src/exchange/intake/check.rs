//! One line of a check: a bare intake, or the wrapper with the people, entries and settings to check against.

use ipnet::IpNet;
use serde_json::Value;

use super::{IntakeRead, ReadOptions, VALUE_MAX, json};
use crate::domain::intake::Fault;
use crate::domain::place::Country;
use crate::domain::time::Timestamp;
use crate::domain::watchlist::Persona;
use crate::exchange::fields::{Faults, Fields, Slot};
use crate::exchange::lists::entry_json;

/// Most other candidates and most entries of one line; 16 MB of text hold about as many.
const PEERS_MAX: usize = 10_000;

/// Most networks, addresses or countries of an organization.
const ORGANIZATION_MAX: usize = 1_000;

/// What the organization of a line says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationRead {
    /// Networks of its own.
    pub trusted_networks: Vec<IpNet>,
    /// Networks that honest people share.
    pub shared_networks: Vec<IpNet>,
    /// Postal addresses that honest people share.
    pub known_addresses: Vec<String>,
    /// Countries from which access weighs more.
    pub watched_countries: Vec<Country>,
}

/// One line of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckLine {
    /// The line's own id, else the candidate's `external_id`.
    pub id: Option<String>,
    /// Day of the check as stated.
    pub as_of: Option<Timestamp>,
    /// Who is checked.
    pub candidate: IntakeRead,
    /// Who else applied.
    pub other_candidates: Vec<IntakeRead>,
    /// Watchlist entries.
    pub entries: Vec<Persona>,
    /// What the organization says of itself.
    pub organization: OrganizationRead,
}

/// Reads one line: the wrapper when there is a key `candidate`, else a bare intake.
///
/// # Errors
/// Every fault at once; in the wrapper, paths begin with its keys, such as `candidate.emails[0]`.
pub fn read_check_line(value: &Value, options: &ReadOptions) -> Result<CheckLine, Vec<Fault>> {
    let faults = Faults::default();
    let slot = Slot::top(value, &faults);
    let line = if value.get("candidate").is_some() { wrapper(&slot, options) } else { json::read_slot(&slot, options).map(bare) };
    faults.finish(line)
}

/// The id by which a line is answered, also when it is faulty: `id`, else `external_id`.
#[must_use]
pub fn line_id(value: &Value) -> Option<String> {
    let candidate = value.get("candidate").unwrap_or(value);
    let id = value.get("id").or_else(|| candidate.get("external_id"))?.as_str()?.trim();
    (!id.is_empty()).then(|| id.chars().take(VALUE_MAX).collect())
}

fn bare(candidate: IntakeRead) -> CheckLine {
    CheckLine {
        id: candidate.intake.external_id.clone(),
        as_of: None,
        candidate,
        other_candidates: Vec::new(),
        entries: Vec::new(),
        organization: OrganizationRead::default(),
    }
}

fn wrapper(slot: &Slot<'_>, options: &ReadOptions) -> Option<CheckLine> {
    let line = slot.fields(&["id", "as_of", "candidate", "other_candidates", "entries", "org"])?;
    let id = line.text("id", VALUE_MAX);
    let as_of = line.get("as_of").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse));
    let candidate = line.require("candidate", "an intake").and_then(|s| json::read_slot(&s, options));
    let other_candidates = line.list("other_candidates", PEERS_MAX, |s| json::read_slot(s, options));
    let entries = line.list("entries", PEERS_MAX, |s| entry_json::read_slot(s, &options.account_key));
    let organization = organization(&line);
    let candidate = candidate?;
    let id = id.or_else(|| candidate.intake.external_id.clone());
    Some(CheckLine { id, as_of, candidate, other_candidates, entries, organization })
}

fn organization(line: &Fields<'_>) -> OrganizationRead {
    const KEYS: &[&str] = &["trusted_networks", "shared_networks", "known_addresses", "watched_countries"];
    let Some(stated) = line.get("org").and_then(|s| s.fields(KEYS)) else { return OrganizationRead::default() };
    OrganizationRead {
        trusted_networks: stated.list("trusted_networks", ORGANIZATION_MAX, network),
        shared_networks: stated.list("shared_networks", ORGANIZATION_MAX, network),
        known_addresses: stated.list("known_addresses", ORGANIZATION_MAX, |s| s.filled(VALUE_MAX).map(str::to_owned)),
        watched_countries: stated.list("watched_countries", ORGANIZATION_MAX, |s| s.parse(VALUE_MAX, Country::parse)),
    }
}

/// A network; a single address is a network of one.
fn network(slot: &Slot<'_>) -> Option<IpNet> {
    let text = slot.filled(VALUE_MAX)?;
    let network = text.parse().ok().or_else(|| text.parse().ok().map(|ip: std::net::IpAddr| IpNet::from(ip)));
    if network.is_none() {
        slot.fault("is not a network", "an address and a prefix length, such as 198.51.100.0/24");
    }
    network
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::AccountKey;
    use serde_json::json;

    fn read(value: &Value) -> Result<CheckLine, Vec<Fault>> {
        read_check_line(value, &ReadOptions { account_key: AccountKey::new([7; 32]), allow_files: false })
    }

    #[test]
    fn a_bare_intake_and_the_wrapper_give_the_same_candidate() {
        let intake = json!({"external_id": "gh-1", "name": "Ana Reyes", "emails": ["a@x.io"]});
        let bare = read(&intake).unwrap();
        let wrapped = read(&json!({
            "id": "L1", "as_of": "2026-11-02", "candidate": intake, "other_candidates": [{"name": "B", "emails": ["b@x.io"]}],
            "entries": [{"names": ["C"], "emails": ["c@x.io"], "payout_accounts": ["DE89370400440532013000"]}],
            "org": {"trusted_networks": ["10.0.0.0/8", "198.51.100.7"], "shared_networks": [], "known_addresses": ["1 Main St"], "watched_countries": ["fr"]}
        }))
        .unwrap();
        assert_eq!(bare.candidate, wrapped.candidate);
        assert_eq!((bare.id.as_deref(), wrapped.id.as_deref()), (Some("gh-1"), Some("L1")));
        assert_eq!(wrapped.entries[0].payout_accounts.len(), 1);
        assert_eq!(wrapped.organization.trusted_networks.len(), 2);
        assert_eq!(wrapped.organization.watched_countries[0].code(), "FR");
    }

    #[test]
    fn faults_of_all_parts_come_at_once_with_their_paths() {
        let value = json!({
            "id": "L1", "expect": {}, "candidate": {"name": "A", "emails": ["a@"]}, "other_candidates": [{"name": "B"}],
            "entries": [{"names": []}], "org": {"trusted_networks": ["10.0.0.0/99"], "watched_countries": ["USA"]}
        });
        let faults = read(&value).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "expect",
                "candidate.emails[0]",
                "other_candidates[0].emails",
                "entries[0]",
                "org.trusted_networks[0]",
                "org.watched_countries[0]"
            ]
        );
        assert_eq!(line_id(&value).as_deref(), Some("L1"));
    }
}
