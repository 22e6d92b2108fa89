//! Domains that many unrelated people use: sharing one is no evidence.
//!
//! Idea: a reviewable table, `data/names/shared_domains.txt`, searched by halves. A watchlist entry that names such a domain
//! would alarm everybody, so it neither matches nor has a key. Known limit: subdomains of the hosts of personal pages are
//! each somebody's own and are compared.
//!
//! To add a provider: one line in the table, in order.

use std::sync::LazyLock;

static TABLE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let text = include_str!("../../../data/names/shared_domains.txt");
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect()
});

/// True for a domain that many unrelated people use, such as `gmail.com`. Expects lower case without `www.`.
#[must_use]
pub fn is_shared(domain: &str) -> bool {
    TABLE.binary_search(&domain).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(TABLE.is_sorted() && TABLE.len() > 100);
        assert!(TABLE.iter().all(|domain| domain.contains('.') && *domain == domain.trim().to_lowercase()));
    }

    #[test]
    fn providers_are_shared_and_companies_are_not() {
        assert!(["gmail.com", "qq.com", "mail.ru", "proton.me", "github.com"].into_iter().all(is_shared));
        assert!(!is_shared("example.com") && !is_shared("evil.gmail.com.example"));
    }
}
