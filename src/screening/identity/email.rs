//! Mailboxes: the ladder of equality, and mailboxes that say nothing.
//!
//! Idea: `exact` as written, else `canonical` with what was changed on the way ([`EmailAddress::changes`]). Known limit: near
//! variants (other digits, other provider) are not compared, because their weight rests on observed frequencies.
//!
//! To add a step: a level here, below `canonical`, and the reason it gives.

use crate::domain::email::EmailAddress;
use crate::domain::identifier::Identifier;

use super::ladder::Equality;

/// Local parts that people type where they have no address.
const PLACEHOLDERS: [&str; 10] = ["na", "n.a", "none", "noemail", "no-email", "no.email", "unknown", "noreply", "no-reply", "donotreply"];

/// Local parts of mailboxes that several people of one company read.
const ROLES: [&str; 24] = [
    "admin",
    "administrator",
    "careers",
    "contact",
    "enquiries",
    "hello",
    "help",
    "hiring",
    "hr",
    "info",
    "jobs",
    "mail",
    "marketing",
    "office",
    "people",
    "postmaster",
    "recruiter",
    "recruiting",
    "recruitment",
    "sales",
    "support",
    "talent",
    "team",
    "webmaster",
];

/// How two mailboxes are equal; none when they are not or when the address is a placeholder.
#[must_use]
pub fn equality(a: &Identifier, b: &Identifier) -> Option<Equality> {
    if a.canonical != b.canonical || is_placeholder(&a.canonical) {
        return None;
    }
    if a.typed == b.typed {
        return Some(Equality::exact());
    }
    let mut reasons: Vec<String> = [a, b].into_iter().flat_map(changes).collect();
    reasons.sort_unstable();
    reasons.dedup();
    Some(Equality::canonical(reasons))
}

fn changes(identifier: &Identifier) -> Vec<String> {
    let address = identifier.typed.as_deref().and_then(|typed| EmailAddress::parse(typed).ok());
    address.map(|address| address.changes().iter().map(|change| (*change).to_owned()).collect()).unwrap_or_default()
}

/// True for what people type where they have no address.
#[must_use]
pub fn is_placeholder(canonical: &str) -> bool {
    canonical.split_once('@').is_some_and(|(local, _)| PLACEHOLDERS.contains(&local))
}

/// True for a mailbox of a company that several people read, such as `jobs@company.example`. The same word at a public
/// provider is somebody's own.
#[must_use]
pub fn is_role(canonical: &str) -> bool {
    canonical.split_once('@').is_some_and(|(local, domain)| ROLES.contains(&local) && !super::shared_domain::is_shared(domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::IdentifierKind;

    fn mailbox(text: &str) -> Identifier {
        let email = EmailAddress::parse(text).unwrap();
        let (canonical, typed) = (email.canonical().to_owned(), Some(email.as_str().to_owned()));
        Identifier { kind: IdentifierKind::Email, canonical, path: "emails[0]".to_owned(), typed }
    }

    fn step(a: &str, b: &str) -> Option<(&'static str, Vec<String>)> {
        equality(&mailbox(a), &mailbox(b)).map(|e| (e.level, e.reasons))
    }

    #[test]
    fn every_step_has_a_name() {
        assert_eq!(step("jo@x.io", "jo@x.io"), Some(("exact", vec!["equal as written".to_owned()])));
        assert_eq!(step("jo+cv@x.io", "jo@x.io"), Some(("canonical", vec!["plus tag removed".to_owned()])));
        assert_eq!(step("j.o@gmail.com", "jo@gmail.com").unwrap().1, ["dots ignored by the provider"]);
        assert_eq!(step("jo@googlemail.com", "JO@gmail.com").unwrap().1, ["letter case ignored", "two names of one provider"]);
    }

    #[test]
    fn near_misses_are_other_mailboxes() {
        for (a, b) in [("jo@x.io", "jo@y.io"), ("j.o@x.io", "jo@x.io"), ("jo1@x.io", "jo@x.io"), ("none@x.io", "none@x.io")] {
            assert_eq!(step(a, b), None, "{a} {b}");
        }
    }

    #[test]
    fn role_mailboxes_are_told_from_personal_ones() {
        assert!(is_role("jobs@agency.example") && is_role("info@agency.example"));
        assert!(!is_role("jobs@gmail.com") && !is_role("jo@agency.example"));
    }
}
