//! One candidate against the company's other candidates: `reuse.*`.
//!
//! Idea: an identifier has one owner, so the same one under another name is a contradiction. Under the same name it is one
//! person who applied twice: a link, never a finding. One finding a code and value; further candidates stand under `more`.
//! A mailbox that several people of a company read gives context only. Cost: peers x identifiers, names of sharing peers only.
//!
//! To add a kind of identifier: its line in `KINDS`, with its ladder in `identity/ladder.rs`.

use std::collections::BTreeMap;

use super::context::{Context, Raised};
use super::identity::align::{NameLevel, NameMatch, compare};
use super::identity::email::is_role;
use super::identity::ladder::{Equality, equality, says_something};
use super::policy::{finding_of, rule};
use super::profile::{Profile, ProfileName};
use crate::domain::finding::{Code, Evidence, Finding, Other, OtherKind, Pair, Severity, Side};
use crate::domain::identifier::{Identifier, IdentifierKind};
use crate::domain::screening::{Link, Outcome};

/// The kinds that are compared, their codes and their words.
const KINDS: [(IdentifierKind, Code, &str); 5] = [
    (IdentifierKind::Email, Code::ReuseEmail, "e-mail"),
    (IdentifierKind::Phone, Code::ReusePhone, "phone"),
    (IdentifierKind::Handle, Code::ReuseHandle, "account"),
    (IdentifierKind::Wallet, Code::ReuseWallet, "wallet"),
    (IdentifierKind::PayoutAccount, Code::ReusePayoutAccount, "payout account"),
];

/// True for what one person owns, so that two names behind one value contradict each other.
#[must_use]
pub fn is_owned(kind: IdentifierKind) -> bool {
    KINDS.iter().any(|(owned, _, _)| *owned == kind)
}

const CLEARS: &str = "Both are one person who uses two names, or they share the value honestly, such as a household or an agency.";

/// True when two profiles are of people whose names match: the main name of one against any name of the other, either way.
#[must_use]
pub fn same_person(a: &Profile, b: &Profile) -> bool {
    closest_names(a, b).is_some_and(|found| found.level >= NameLevel::Strong)
}

fn closest_names(a: &Profile, b: &Profile) -> Option<NameMatch> {
    let against = |main: Option<&ProfileName>, others: &[ProfileName]| {
        main.map(|main| others.iter().map(|other| compare(&main.form, &other.form)).collect::<Vec<_>>()).unwrap_or_default()
    };
    let mut all = against(a.names.first(), &b.names);
    all.extend(against(b.names.first(), &a.names));
    all.into_iter().max_by(|x, y| x.score.total_cmp(&y.score))
}

/// Compares a candidate with other candidates. The order of the peers changes nothing.
#[must_use]
pub fn screen(profile: &Profile, peers: &[Profile], _context: &Context) -> Raised {
    let mut peers: Vec<&Profile> = peers.iter().filter(|peer| peer.id != profile.id).collect();
    peers.sort_by(|a, b| a.id.cmp(&b.id));
    peers.dedup_by(|a, b| a.id == b.id);
    let own: Vec<&Identifier> = profile.identifiers.iter().filter(|identifier| says_something(identifier)).collect();
    let mut shared: BTreeMap<usize, Vec<Share<'_>>> = BTreeMap::new();
    let mut links: Vec<Link> = Vec::new();
    for peer in peers {
        let mut shares: Vec<(usize, Share<'_>)> = Vec::new();
        for (at, mine) in own.iter().enumerate().filter(|(_, mine)| word(mine.kind).is_some()) {
            let twin = peer.identifiers.iter().find_map(|theirs| equality(mine, theirs).map(|equality| (theirs, equality)));
            shares.extend(twin.map(|(theirs, equality)| (at, Share { mine, theirs, equality, peer, name_score: 0.0 })));
        }
        if shares.is_empty() {
            continue;
        }
        let name = closest_names(profile, peer);
        if let Some(name) = name.as_ref().filter(|name| name.is_match()) {
            links.push(link(peer, &shares, name));
            continue;
        }
        let name_score = name.map_or(0.0, |name| name.score);
        for (at, share) in shares {
            shared.entry(at).or_default().push(Share { name_score, ..share });
        }
    }
    let mut raised = Raised { links, ..Raised::default() };
    raised.findings = shared.values().filter_map(|shares| finding_of_value(profile, shares)).collect();
    for (kind, code, _) in KINDS {
        let nothing = !own.iter().any(|identifier| identifier.kind == kind);
        raised.record(code, if nothing { Outcome::NoData } else { Outcome::NoMatch }, None);
    }
    raised
}

struct Share<'a> {
    mine: &'a Identifier,
    theirs: &'a Identifier,
    equality: Equality,
    peer: &'a Profile,
    name_score: f64,
}

fn word(kind: IdentifierKind) -> Option<(Code, &'static str)> {
    KINDS.iter().find(|(known, _, _)| *known == kind).map(|(_, code, word)| (*code, *word))
}

fn link(peer: &Profile, shares: &[(usize, Share<'_>)], name: &NameMatch) -> Link {
    let mut words: Vec<&str> = shares.iter().filter_map(|(_, share)| word(share.mine.kind)).map(|(_, word)| word).collect();
    words.dedup();
    let reason = format!("same {}, and the names match ({})", words.join(" and "), name.level.as_str());
    Link { candidate: peer.id.clone(), reason }
}

fn finding_of_value(profile: &Profile, shares: &[Share<'_>]) -> Option<Finding> {
    let (first, rest) = shares.split_first()?;
    let (code, word) = word(first.mine.kind)?;
    let value = first.mine.typed.as_ref().map_or(String::new(), |typed| format!(" {typed}"));
    let others = match rest.len() {
        0 => String::new(),
        1 => " and of 1 other candidate".to_owned(),
        more => format!(" and of {more} other candidates"),
    };
    let sentence =
        format!("The {word}{value} of {} matches that of the candidate {}{others}.", profile.main_name(), first.peer.main_name());
    let mut evidence = Evidence::new(side_of(first.mine), Some(other_of(first)), CLEARS)
        .with_level(first.equality.level)
        .with_number("name_score", first.name_score)
        .with_number("other_candidates", shares.len());
    evidence.reasons.clone_from(&first.equality.reasons);
    evidence = evidence.with_reason(format!("the names {} and {} do not match", profile.main_name(), first.peer.main_name()));
    evidence.more = rest
        .iter()
        .map(|share| {
            let numbers = [("name_score".to_owned(), share.name_score.into())].into_iter().collect();
            Pair { candidate: side_of(share.mine), other: Some(other_of(share)), numbers }
        })
        .collect();
    if code == Code::ReuseEmail && is_role(&first.mine.canonical) {
        let evidence = evidence.with_reason("a mailbox that several people of a company read, so it gives context only");
        return Some(finding_of(code, Severity::Low, sentence, evidence));
    }
    Some(finding_of(code, rule(code).severity, sentence, evidence))
}

fn side_of(identifier: &Identifier) -> Side {
    Side { path: identifier.path.clone(), value: identifier.typed.clone(), normalized: shown(identifier), at: None }
}

fn other_of(share: &Share<'_>) -> Other {
    Other {
        id: Some(share.peer.id.clone()),
        name: Some(share.peer.main_name().to_owned()),
        path: Some(share.theirs.path.clone()),
        value: share.theirs.typed.clone(),
        normalized: shown(share.theirs),
        ..Other::of(OtherKind::Candidate)
    }
}

/// The compared form; none for payout accounts, whose hash says nothing to people.
fn shown(identifier: &Identifier) -> Option<String> {
    (identifier.kind != IdentifierKind::PayoutAccount).then(|| identifier.canonical.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email::EmailAddress;
    use crate::domain::handle::Handle;
    use crate::domain::identifier::{AccountKey, Wallet};
    use crate::domain::intake::{Intake, PhoneEntry};
    use crate::domain::name::PersonName;
    use crate::domain::phone::PhoneNumber;
    use crate::domain::time::Timestamp;
    use crate::screening::context::Organization;
    use rstest::rstest;

    fn person(id: &str, name: &str, change: impl FnOnce(&mut Intake)) -> Profile {
        let mut intake = Intake::of(PersonName::parse(name).unwrap());
        change(&mut intake);
        Profile::of(id, &[(Timestamp::from_ms(0), &intake)], Vec::new())
    }

    fn run(profile: &Profile, peers: &[Profile]) -> Raised {
        let context = Context { as_of: Timestamp::from_ms(0), organization: Organization::default(), list_versions: Vec::new() };
        screen(profile, peers, &context)
    }

    fn with_mail(id: &str, name: &str, mail: &str) -> Profile {
        person(id, name, |c| c.emails = vec![EmailAddress::parse(mail).unwrap()])
    }

    fn full(id: &str, name: &str) -> Profile {
        person(id, name, |c| {
            c.emails = vec![EmailAddress::parse("jane@x.example").unwrap()];
            c.phones = vec![PhoneEntry { number: PhoneNumber::parse("+1 512 471 3434").unwrap(), line_type: None }];
            c.handles = vec![Handle::parse("github", "octo").unwrap()];
            c.wallets = vec![Wallet::parse("0xabcd").unwrap()];
            c.payout_account = Some(AccountKey::new([1; 32]).hash("DE89370400440532013000").unwrap());
        })
    }

    #[test]
    fn the_same_identifier_under_another_name_is_high() {
        let found = run(&full("a", "Jane Doe"), &[full("b", "Oleg Petrov")]);
        let codes: Vec<Code> = found.findings.iter().map(|f| f.code).collect();
        assert_eq!(codes, [Code::ReuseEmail, Code::ReuseHandle, Code::ReusePhone, Code::ReuseWallet, Code::ReusePayoutAccount]);
        assert!(found.findings.iter().all(|f| f.severity == Severity::High) && found.links.is_empty());
        let other = found.findings[0].evidence.other.as_ref().unwrap();
        assert_eq!((other.kind, other.id.as_deref(), other.name.as_deref()), (OtherKind::Candidate, Some("b"), Some("Oleg Petrov")));
    }

    #[test]
    fn a_payout_account_is_never_shown() {
        let found = run(&full("a", "Jane Doe"), &[full("b", "Oleg Petrov")]);
        let evidence = &found.findings.iter().find(|f| f.code == Code::ReusePayoutAccount).unwrap().evidence;
        let other = evidence.other.as_ref().unwrap();
        assert_eq!(
            (&evidence.candidate.value, &evidence.candidate.normalized, &other.value, &other.normalized),
            (&None, &None, &None, &None)
        );
    }

    #[rstest]
    #[case::equal("Jane Doe")]
    #[case::reordered("DOE, Jane")]
    #[case::initial("J. Doe")]
    fn under_the_same_name_it_is_a_link_and_no_finding(#[case] name: &str) {
        let found = run(&full("a", "Jane Doe"), &[full("b", name)]);
        assert!(found.findings.is_empty());
        assert_eq!(found.links.len(), 1);
        assert!(found.links[0].candidate == "b" && found.links[0].reason.starts_with("same e-mail and account and phone"));
    }

    #[test]
    fn another_name_that_was_stated_counts_either_way() {
        let both = person("b", "Oleg Petrov", |c| {
            c.other_names = vec![PersonName::parse("Jane Doe").unwrap()];
            c.emails = vec![EmailAddress::parse("jane@x.example").unwrap()];
        });
        let one = with_mail("a", "Jane Doe", "jane@x.example");
        assert!(same_person(&one, &both) && same_person(&both, &one));
        assert!(run(&one, std::slice::from_ref(&both)).findings.is_empty() && run(&both, &[one]).findings.is_empty());
        let apart = |id: &str, main: &str| person(id, main, |c| c.other_names = vec![PersonName::parse("Ann Ray").unwrap()]);
        assert!(!same_person(&apart("a", "Jane Doe"), &apart("b", "Oleg Petrov")));
    }

    #[rstest]
    #[case::another_mailbox("jane1@x.example")]
    #[case::another_provider("jane@y.example")]
    fn honest_look_alikes_share_nothing(#[case] mail: &str) {
        let found = run(&with_mail("a", "Jane Doe", "jane@x.example"), &[with_mail("b", "Oleg Petrov", mail)]);
        assert!(found.findings.is_empty() && found.links.is_empty());
    }

    #[test]
    fn a_mailbox_of_an_agency_gives_context_only() {
        let found = run(&with_mail("a", "Jane Doe", "jobs@agency.example"), &[with_mail("b", "Oleg Petrov", "jobs@agency.example")]);
        assert_eq!(found.findings[0].severity, Severity::Low);
        let own = run(&with_mail("a", "Jane Doe", "jobs@gmail.com"), &[with_mail("b", "Oleg Petrov", "jobs@gmail.com")]);
        assert_eq!(own.findings[0].severity, Severity::High);
    }

    #[test]
    fn several_peers_are_one_finding_and_their_order_changes_nothing() {
        let me = with_mail("a", "Jane Doe", "jane+1@x.example");
        let peers = [with_mail("b", "Oleg Petrov", "jane@x.example"), with_mail("c", "Ann Ray", "jane+2@x.example"), me.clone()];
        let found = run(&me, &peers);
        let (finding, reversed) = (&found.findings[0], peers.iter().rev().cloned().collect::<Vec<_>>());
        assert_eq!((found.findings.len(), finding.evidence.more.len()), (1, 1));
        assert!(finding.sentence.ends_with("the candidate Oleg Petrov and of 1 other candidate."), "{}", finding.sentence);
        assert_eq!(found, run(&me, &reversed));
        let rows: Vec<Outcome> = found.checks.iter().map(|check| check.outcome).collect();
        assert_eq!(rows, [Outcome::Match, Outcome::NoData, Outcome::NoData, Outcome::NoData, Outcome::NoData]);
    }
}
