//! One candidate against listed personas: `watchlist.*`.
//!
//! Idea: every identifier of the candidate meets every identifier of the same kind of an entry; equality is told by the ladders
//! of `identity`. One finding a code and entry; further pairs stand under `more`. A name that agrees is a reason
//! beside an identifier; alone it is a namesake and stays low, however rare. Expired and paused entries give nothing; disputed
//! ones, ones that list names only and ones of little stated confidence give context. Cost: entries x names x a few microseconds.
//!
//! To add a kind of identifier: its line in `KINDS`, with its ladder in `identity/ladder.rs`.

mod namesake;

use super::context::{Context, Raised};
use super::identity::ladder::{Equality, equality, says_something};
use super::identity::normalize::NameForm;
use super::policy::{ENTRY_CONFIDENCE_MIN, NAMESAKES_MAX, finding_of, rule};
use super::profile::Profile;
use crate::domain::finding::{Code, Evidence, Finding, Other, OtherKind, Pair, Severity, Side};
use crate::domain::identifier::{Identifier, IdentifierKind};
use crate::domain::screening::Outcome;
use crate::domain::watchlist::{Entry, EntryStatus};

/// The kinds that are compared, their codes, their words and what would clear a match.
const KINDS: [(IdentifierKind, Code, &str, &str); 7] = [
    (
        IdentifierKind::Email,
        Code::WatchlistEmail,
        "E-mail",
        "The candidate shows that the mailbox was never the persona's, or the list withdraws it.",
    ),
    (IdentifierKind::Handle, Code::WatchlistHandle, "Account", "The candidate signs in to the account, and the list withdraws it."),
    (IdentifierKind::Phone, Code::WatchlistPhone, "Phone", "The number changed hands after the date of the entry."),
    (
        IdentifierKind::Domain,
        Code::WatchlistDomain,
        "Domain",
        "The domain changed hands, or the company behind it is real and confirms the candidate.",
    ),
    (IdentifierKind::Wallet, Code::WatchlistWallet, "Wallet", "The list withdraws the wallet."),
    (
        IdentifierKind::PayoutAccount,
        Code::WatchlistPayoutAccount,
        "Payout account",
        "The bank confirms the candidate as the holder, and the list withdraws the account.",
    ),
    (
        IdentifierKind::Ip,
        Code::WatchlistIp,
        "Network address",
        "The address is shared by many, such as one of a mobile network, or changed hands.",
    ),
];

/// Compares a candidate with entries. The order of the entries changes nothing.
#[must_use]
pub fn screen(profile: &Profile, entries: &[Entry], context: &Context) -> Raised {
    let mut entries: Vec<&Entry> = entries.iter().filter(|entry| counts(entry, context)).collect();
    entries.sort_by(|a, b| (&a.list, &a.id).cmp(&(&b.list, &b.id)));
    entries.dedup_by(|a, b| a.id == b.id);
    let own: Vec<&Identifier> = profile.identifiers.iter().filter(|identifier| is_evidence(identifier, context)).collect();
    let mut raised = Raised::default();
    let mut namesakes: Vec<(f64, Finding)> = Vec::new();
    for entry in entries {
        let listed = entry.persona.identifiers();
        let forms: Vec<NameForm> = entry.persona.names.iter().map(NameForm::of).collect();
        let name = namesake::closest(profile, &forms);
        let hits: Vec<Hit<'_>> = own
            .iter()
            .flat_map(|mine| listed.iter().filter_map(|theirs| equality(mine, theirs).map(|equality| Hit { mine, theirs, equality })))
            .collect();
        for (kind, code, word, clears) in KINDS {
            let of_kind: Vec<&Hit<'_>> = hits.iter().filter(|hit| hit.mine.kind == kind).collect();
            raised.findings.extend(identifier_finding(entry, code, word, clears, &of_kind, name.as_ref()));
        }
        if let Some(name) = &name {
            namesakes.push((name.found.score, namesake::finding(entry, name, &own, &listed, &hits)));
        }
    }
    namesakes.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = namesakes.len();
    raised.findings.extend(namesakes.into_iter().take(NAMESAKES_MAX).map(|(_, finding)| finding));
    for (kind, code, _, _) in KINDS {
        let nothing = !own.iter().any(|identifier| identifier.kind == kind);
        raised.record(code, if nothing { Outcome::NoData } else { Outcome::NoMatch }, None);
    }
    let note = (all > NAMESAKES_MAX).then(|| format!("{NAMESAKES_MAX} of {all} namesakes shown, the closest"));
    raised.record(Code::WatchlistName, if profile.names.is_empty() { Outcome::NoData } else { Outcome::NoMatch }, note);
    raised
}

/// False for entries that give nothing: paused by a person, or past their last day.
fn counts(entry: &Entry, context: &Context) -> bool {
    let expired = entry.persona.expires.is_some_and(|last| last.last_day() < context.as_of.date());
    entry.status != EntryStatus::Paused && !expired
}

/// Why an entry gives context only; none when it counts in full.
fn weakness(entry: &Entry) -> Option<String> {
    if entry.status == EntryStatus::Disputed {
        return Some("the entry is disputed, so it gives context only".to_owned());
    }
    match entry.persona.confidence {
        Some(sure) if sure < ENTRY_CONFIDENCE_MIN => Some(format!("the list is {sure} of 100 sure, so the entry gives context only")),
        _ if entry.persona.is_name_only() => Some("the entry lists names only, so it gives context only".to_owned()),
        _ => None,
    }
}

/// False for what says nothing: public mail domains, placeholders, and addresses of the organization's own networks.
fn is_evidence(identifier: &Identifier, context: &Context) -> bool {
    let ours = || {
        let networks = context.organization.trusted_networks.iter().chain(&context.organization.shared_networks);
        identifier.canonical.parse().is_ok_and(|ip: std::net::IpAddr| networks.into_iter().any(|net| net.contains(&ip.to_canonical())))
    };
    says_something(identifier) && (identifier.kind != IdentifierKind::Ip || !ours())
}

struct Hit<'a> {
    mine: &'a Identifier,
    theirs: &'a Identifier,
    equality: Equality,
}

fn identifier_finding(
    entry: &Entry,
    code: Code,
    word: &str,
    clears: &str,
    hits: &[&Hit<'_>],
    name: Option<&namesake::NameHit<'_>>,
) -> Option<Finding> {
    let (first, rest) = hits.split_first()?;
    let pair = |hit: &Hit<'_>| (side_of(hit.mine), other_of(entry, &hit.theirs.path, hit.theirs.typed.clone(), &hit.theirs.canonical));
    let (candidate, other) = pair(first);
    let value = |identifier: &Identifier| identifier.typed.as_ref().map_or(String::new(), |typed| format!(" {typed}"));
    let sentence = format!(
        "{word}{} matches{} of {} on the list {} (entry {}).",
        value(first.mine),
        match &first.theirs.typed {
            Some(typed) => format!(" {typed}"),
            None => " one".to_owned(),
        },
        entry.persona.title(),
        entry.list,
        entry.shown_id()
    );
    let mut evidence = Evidence::new(candidate, Some(other), clears)
        .with_level(first.equality.level)
        .with_data(&entry.list, entry.list_version.to_string());
    evidence.reasons.clone_from(&first.equality.reasons);
    match name {
        Some(name) => {
            evidence = evidence.with_reason(format!("the name matches, too: {}", name.found.reasons.join("; ")));
            evidence = evidence.with_number("name_score", name.found.score);
        }
        None if !entry.persona.names.is_empty() => evidence = evidence.with_reason("the name does not match, which clears nothing"),
        None => {}
    }
    evidence.more = rest
        .iter()
        .map(|hit| {
            let (candidate, other) = pair(hit);
            Pair { candidate, other: Some(other), numbers: serde_json::Map::new() }
        })
        .collect();
    Some(weighed(code, entry, sentence, evidence))
}

fn weighed(code: Code, entry: &Entry, sentence: String, evidence: Evidence) -> Finding {
    match weakness(entry) {
        Some(reason) => finding_of(code, Severity::Low, sentence, evidence.with_reason(reason)),
        None => finding_of(code, rule(code).severity, sentence, evidence),
    }
}

fn side_of(identifier: &Identifier) -> Side {
    Side { path: identifier.path.clone(), value: identifier.typed.clone(), normalized: shown(identifier), at: None }
}

/// The compared form; none for payout accounts, whose hash says nothing to people.
fn shown(identifier: &Identifier) -> Option<String> {
    (identifier.kind != IdentifierKind::PayoutAccount).then(|| identifier.canonical.clone())
}

fn other_of(entry: &Entry, path: &str, value: Option<String>, normalized: &str) -> Other {
    let normalized = value.is_some().then(|| normalized.to_owned());
    Other {
        id: Some(entry.id.as_str().to_owned()),
        name: entry.persona.names.first().map(|name| name.as_str().to_owned()),
        path: Some(path.to_owned()),
        value,
        normalized,
        list: Some(entry.list.clone()),
        list_version: Some(entry.list_version),
        as_of: entry.persona.as_of.map(|date| date.to_string()),
        confidence: entry.persona.confidence,
        ..Other::of(OtherKind::Entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailAddress;
    use crate::domain::handle::Handle;
    use crate::domain::id::EntryId;
    use crate::domain::intake::{Intake, PhoneEntry};
    use crate::domain::name::PersonName;
    use crate::domain::phone::PhoneNumber;
    use crate::domain::screening::Attention;
    use crate::domain::time::{PartialDate, Timestamp};
    use crate::domain::watchlist::Persona;
    use crate::screening::attention::weigh;
    use crate::screening::context::Organization;
    use rstest::rstest;

    fn candidate(change: impl FnOnce(&mut Intake)) -> Profile {
        let mut intake = Intake::of(PersonName::parse("Jane Doe").unwrap());
        change(&mut intake);
        Profile::of("c1", &[(Timestamp::from_ms(0), &intake)], Vec::new())
    }

    fn entry(digit: char, change: impl FnOnce(&mut Entry)) -> Entry {
        let persona = Persona { names: vec![PersonName::parse("Oleg Petrov").unwrap()], confidence: Some(90), ..Persona::default() };
        let id = EntryId::parse(&digit.to_string().repeat(32)).unwrap();
        let mut entry = Entry { id, number: 1, list: "desk".to_owned(), list_version: 3, status: EntryStatus::Active, persona };
        change(&mut entry);
        entry
    }

    fn run(profile: &Profile, entries: &[Entry]) -> Raised {
        let as_of = Timestamp::parse("2026-11-20").unwrap();
        screen(profile, entries, &Context { as_of, organization: Organization::default(), list_versions: Vec::new() })
    }

    fn raised(profile: &Profile, entries: &[Entry]) -> Vec<(Code, Severity)> {
        run(profile, entries).findings.iter().map(|finding| (finding.code, finding.severity)).collect()
    }

    fn mail(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    fn mailbox() -> Profile {
        candidate(|c| c.emails = vec![mail("jane+cv@x.example")])
    }

    fn listed_mailbox(change: impl FnOnce(&mut Entry)) -> Entry {
        entry('a', |e| {
            e.persona.emails = vec![mail("JANE@x.example")];
            change(e);
        })
    }

    #[test]
    fn a_listed_mailbox_is_critical_and_shows_both_sides() {
        let found = run(&mailbox(), &[listed_mailbox(|_| {})]);
        let finding = &found.findings[0];
        assert_eq!((finding.code, finding.severity, found.findings.len()), (Code::WatchlistEmail, Severity::Critical, 1));
        let other = finding.evidence.other.as_ref().unwrap();
        assert_eq!(finding.evidence.candidate.value.as_deref(), Some("jane+cv@x.example"));
        assert_eq!((other.value.as_deref(), other.normalized.as_deref()), (Some("JANE@x.example"), Some("jane@x.example")));
        assert_eq!((other.list.as_deref(), other.list_version, other.confidence), (Some("desk"), Some(3), Some(90)));
        assert_eq!(finding.evidence.level.as_deref(), Some("canonical"));
        assert!(finding.evidence.reasons.iter().any(|reason| reason == "plus tag removed"));
        assert!(finding.sentence.contains("jane+cv@x.example matches JANE@x.example"));
    }

    #[test]
    fn near_misses_give_nothing() {
        for other in ["jane1@x.example", "j.ane@x.example", "jane@y.example"] {
            assert!(raised(&mailbox(), &[entry('a', |e| e.persona.emails = vec![mail(other)])]).is_empty(), "{other}");
        }
    }

    #[rstest]
    #[case::phone(Code::WatchlistPhone, Severity::Critical)]
    #[case::handle(Code::WatchlistHandle, Severity::Critical)]
    #[case::wallet(Code::WatchlistWallet, Severity::Critical)]
    #[case::domain(Code::WatchlistDomain, Severity::Critical)]
    fn every_kind_of_identifier_is_compared(#[case] code: Code, #[case] severity: Severity) {
        let phone = |text: &str| PhoneNumber::parse(text).unwrap();
        let profile = candidate(|c| {
            c.phones = vec![PhoneEntry { number: phone("(512) 471-3434"), line_type: None }];
            c.handles = vec![Handle::parse("github", "https://github.com/Octo").unwrap()];
            c.wallets = vec![crate::domain::identifier::Wallet::parse("0xABCD12").unwrap()];
            c.emails = vec![mail("jane@front.example")];
        });
        let hit = entry('a', |e| match code {
            Code::WatchlistPhone => e.persona.phones = vec![phone("+1 512 471 3434")],
            Code::WatchlistHandle => e.persona.handles = vec![Handle::parse("github", "octo").unwrap()],
            Code::WatchlistWallet => e.persona.wallets = vec![crate::domain::identifier::Wallet::parse("0xabcd12").unwrap()],
            _ => e.persona.domains = vec![crate::domain::url::WebAddress::parse("front.example").unwrap()],
        });
        assert_eq!(raised(&profile, &[hit]), [(code, severity)]);
        let miss = entry('a', |e| e.persona.handles = vec![Handle::parse("gitlab", "octo").unwrap()]);
        assert!(raised(&profile, &[miss]).is_empty());
    }

    #[test]
    fn a_listed_public_mail_domain_alarms_nobody() {
        let profile = candidate(|c| c.emails = vec![mail("jane@gmail.com")]);
        let listed = entry('a', |e| e.persona.domains = vec![crate::domain::url::WebAddress::parse("gmail.com").unwrap()]);
        assert!(raised(&profile, &[listed]).is_empty());
    }

    #[test]
    fn a_namesake_alone_never_raises_attention() {
        let profile = candidate(|c| c.emails = vec![mail("jane@x.example")]);
        let namesakes: Vec<Entry> = ['a', 'b', 'c']
            .map(|id| {
                entry(id, |e| {
                    e.persona.names = vec![PersonName::parse("DOE, Jane").unwrap()];
                    e.persona.emails = vec![mail("other@y.example")];
                })
            })
            .into();
        let found = run(&profile, &namesakes);
        assert_eq!(found.findings.len(), 3);
        assert!(found.findings.iter().all(|f| f.code == Code::WatchlistName && f.severity == Severity::Low));
        assert!(found.findings[0].sentence.contains("a namesake; the 1 other identifier compared differs"));
        assert_eq!(weigh(&found.findings).attention, Attention::Low);
    }

    #[test]
    fn a_name_that_agrees_is_a_reason_beside_an_identifier() {
        let found = run(&mailbox(), &[listed_mailbox(|e| e.persona.names = vec![PersonName::parse("Jane Doe").unwrap()])]);
        let codes: Vec<Code> = found.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [Code::WatchlistEmail, Code::WatchlistName]);
        assert!(found.findings[0].evidence.reasons.iter().any(|reason| reason.starts_with("the name matches, too")));
    }

    #[rstest]
    #[case::last_day_is_over("2026-11-19", EntryStatus::Active, Some(90), None)]
    #[case::last_day_is_today("2026-11-20", EntryStatus::Active, Some(90), Some(Severity::Critical))]
    #[case::paused("2027", EntryStatus::Paused, Some(90), None)]
    #[case::disputed("2027", EntryStatus::Disputed, Some(90), Some(Severity::Low))]
    #[case::unsure("2027", EntryStatus::Active, Some(49), Some(Severity::Low))]
    #[case::sure_enough("2027", EntryStatus::Active, Some(50), Some(Severity::Critical))]
    #[case::not_stated("2027", EntryStatus::Active, None, Some(Severity::Critical))]
    fn weak_entries_give_context_and_dead_ones_nothing(
        #[case] expires: &str,
        #[case] status: EntryStatus,
        #[case] confidence: Option<u8>,
        #[case] expected: Option<Severity>,
    ) {
        let listed = listed_mailbox(|e| {
            e.persona.expires = Some(PartialDate::parse(expires).unwrap());
            e.status = status;
            e.persona.confidence = confidence;
        });
        let found = run(&mailbox(), &[listed]);
        assert_eq!(found.findings.first().map(|f| f.severity), expected);
        let told = found.findings.iter().any(|f| f.evidence.reasons.iter().any(|reason| reason.ends_with("context only")));
        assert_eq!(told, expected == Some(Severity::Low));
    }

    #[test]
    fn pairs_of_one_entry_and_code_are_one_finding() {
        let profile = candidate(|c| c.emails = vec![mail("jane@x.example"), mail("doe@x.example")]);
        let listed = entry('a', |e| e.persona.emails = vec![mail("doe@x.example"), mail("jane@x.example")]);
        let found = run(&profile, &[listed.clone(), listed]);
        assert_eq!((found.findings.len(), found.findings[0].evidence.more.len()), (1, 1));
    }

    #[test]
    fn the_order_of_entries_changes_nothing_and_every_code_has_its_row() {
        let entries = [listed_mailbox(|_| {}), entry('b', |e| e.persona.names = vec![PersonName::parse("Jane Doe").unwrap()])];
        let reversed: Vec<Entry> = entries.iter().rev().cloned().collect();
        let found = run(&mailbox(), &entries);
        assert_eq!(found, run(&mailbox(), &reversed));
        let rows: Vec<(Code, Outcome)> = found.checks.iter().map(|check| (check.code, check.outcome)).collect();
        assert_eq!(rows.len(), 8);
        assert!(rows.contains(&(Code::WatchlistEmail, Outcome::Match)) && rows.contains(&(Code::WatchlistDomain, Outcome::NoMatch)));
        assert!(rows.contains(&(Code::WatchlistWallet, Outcome::NoData)) && rows.contains(&(Code::WatchlistName, Outcome::Match)));
    }
}
