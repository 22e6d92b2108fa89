//! Accounts on platforms: the ladder of equality.
//!
//! Idea: an account is equal on one platform only; `exact` as written, else `canonical` (letter case, address or `@`).
//! Known limit: near variants (hyphens, digits) are not compared, because honest people have such twins.
//!
//! To add a step: a level here, below `canonical`, and the reason it gives.

use crate::domain::identifier::Identifier;

use super::ladder::Equality;

/// How two accounts are equal; none when they are not.
#[must_use]
pub fn equality(a: &Identifier, b: &Identifier) -> Option<Equality> {
    if a.canonical != b.canonical {
        return None;
    }
    if a.typed == b.typed {
        return Some(Equality::exact());
    }
    let account = a.canonical.split_once(':').map_or(a.canonical.as_str(), |(_, account)| account);
    let mut reasons = Vec::new();
    for typed in [&a.typed, &b.typed].into_iter().flatten() {
        if typed.contains('/') {
            reasons.push("profile address and account name".to_owned());
        }
        if !typed.contains(account) {
            reasons.push("letter case ignored".to_owned());
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    Some(Equality::canonical(reasons))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::handle::Handle;
    use crate::domain::identifier::IdentifierKind;

    fn account(platform: &str, value: &str) -> Identifier {
        let handle = Handle::parse(platform, value).unwrap();
        let (canonical, typed) = (handle.canonical(), Some(handle.as_str().to_owned()));
        Identifier { kind: IdentifierKind::Handle, canonical, path: "handles[0]".to_owned(), typed }
    }

    #[test]
    fn every_step_has_a_name() {
        let step = |a, b| equality(&account("github", a), &account("github", b)).map(|e| (e.level, e.reasons));
        assert_eq!(step("octo", "octo"), Some(("exact", vec!["equal as written".to_owned()])));
        assert_eq!(step("Octo", "octo"), Some(("canonical", vec!["letter case ignored".to_owned()])));
        assert_eq!(step("https://github.com/octo", "octo").unwrap().1, ["profile address and account name"]);
        assert_eq!(step("octo-cat", "octocat"), None);
    }

    #[test]
    fn the_same_word_on_another_platform_is_another_account() {
        assert_eq!(equality(&account("github", "octo"), &account("gitlab", "octo")), None);
    }
}
