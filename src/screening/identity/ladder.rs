//! One door to the ladders of all kinds of identifiers: are two equal, at which step, and why?
//!
//! To add a kind: its line in [`equality`]; the compiler asks for it.

use crate::domain::identifier::{Identifier, IdentifierKind};

use super::{email, handle, phone, shared_domain};

/// The step at which two identifiers are equal, with what was changed on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equality {
    /// `exact`, `canonical` or `national`.
    pub level: &'static str,
    /// In words, such as `plus tag removed`.
    pub reasons: Vec<String>,
}

impl Equality {
    /// Equal as written.
    #[must_use]
    pub fn exact() -> Self {
        Self { level: "exact", reasons: vec!["equal as written".to_owned()] }
    }

    /// Equal in the form that equality rests on.
    #[must_use]
    pub fn canonical(reasons: Vec<String>) -> Self {
        let reasons = if reasons.is_empty() { vec!["written differently".to_owned()] } else { reasons };
        Self { level: "canonical", reasons }
    }
}

/// How two identifiers are equal; none when they are not, are of different kinds, or say nothing (a public mail domain, a
/// private network address, a placeholder).
#[must_use]
pub fn equality(a: &Identifier, b: &Identifier) -> Option<Equality> {
    if a.kind != b.kind {
        return None;
    }
    match a.kind {
        IdentifierKind::Email => email::equality(a, b),
        IdentifierKind::Handle => handle::equality(a, b),
        IdentifierKind::Phone => phone::equality(a, b),
        IdentifierKind::Domain => plain(a, b).filter(|_| !shared_domain::is_shared(&a.canonical)),
        IdentifierKind::Wallet => plain(a, b),
        IdentifierKind::PayoutAccount => (a.canonical == b.canonical)
            .then(|| Equality { level: "exact", reasons: vec!["equal by keyed hash, the number itself is not kept".to_owned()] }),
        IdentifierKind::Ip => network_address(a, b),
    }
}

/// True when an identifier can be evidence at all.
#[must_use]
pub fn says_something(identifier: &Identifier) -> bool {
    equality(identifier, identifier).is_some()
}

fn plain(a: &Identifier, b: &Identifier) -> Option<Equality> {
    if a.canonical != b.canonical {
        return None;
    }
    Some(if a.typed == b.typed { Equality::exact() } else { Equality::canonical(Vec::new()) })
}

fn network_address(a: &Identifier, b: &Identifier) -> Option<Equality> {
    let read = |side: &Identifier| side.canonical.parse::<std::net::IpAddr>().ok().map(|ip| ip.to_canonical());
    let (ip_a, ip_b) = (read(a)?, read(b)?);
    let of_one_network = match ip_a {
        std::net::IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || v4.is_broadcast(),
        std::net::IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_multicast()
        }
    };
    (ip_a == ip_b && !of_one_network).then(|| if a.canonical == b.canonical { Equality::exact() } else { Equality::canonical(Vec::new()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn of(kind: IdentifierKind, canonical: &str) -> Identifier {
        Identifier { kind, canonical: canonical.to_owned(), path: "x[0]".to_owned(), typed: Some(canonical.to_owned()) }
    }

    #[rstest]
    #[case(IdentifierKind::Domain, "front.example", true)]
    #[case::public_provider(IdentifierKind::Domain, "gmail.com", false)]
    #[case(IdentifierKind::Ip, "203.0.113.7", true)]
    #[case::private_network(IdentifierKind::Ip, "192.168.1.1", false)]
    #[case::own_machine(IdentifierKind::Ip, "::1", false)]
    #[case(IdentifierKind::Wallet, "0xabcd", true)]
    #[case(IdentifierKind::PayoutAccount, "aa", true)]
    #[case(IdentifierKind::Email, "jo@x.io", true)]
    #[case::placeholder(IdentifierKind::Email, "none@x.io", false)]
    fn identical_input_is_equal_unless_it_says_nothing(#[case] kind: IdentifierKind, #[case] text: &str, #[case] equal: bool) {
        assert_eq!(equality(&of(kind, text), &of(kind, text)).map(|e| e.level), equal.then_some("exact"));
    }

    #[test]
    fn one_address_in_two_versions_of_the_protocol_is_one() {
        let (a, b) = (of(IdentifierKind::Ip, "::ffff:203.0.113.7"), of(IdentifierKind::Ip, "203.0.113.7"));
        assert_eq!(equality(&a, &b).map(|e| e.level), Some("canonical"));
    }

    #[test]
    fn kinds_are_never_mixed() {
        assert_eq!(equality(&of(IdentifierKind::Wallet, "0xab"), &of(IdentifierKind::Domain, "0xab")), None);
    }
}
