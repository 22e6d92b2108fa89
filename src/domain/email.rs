//! E-mail addresses: as typed, and the mailbox they reach.

use serde::{Deserialize, Serialize};

use super::confusable::unmasked;

/// A text that is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing but blanks.
    #[error("is empty: expected name@domain")]
    Empty,
    /// No `@`.
    #[error("has no @: expected name@domain")]
    NoAt,
    /// Nothing before the `@`.
    #[error("has nothing before the @: expected name@domain")]
    NoLocalPart,
    /// Nothing after the `@`.
    #[error("has no domain: expected name@domain")]
    NoDomain,
    /// A domain that cannot be one.
    #[error("has a domain that cannot exist: expected name@domain, such as name@example.com")]
    BadDomain,
    /// A blank, a control character or a second `@` inside.
    #[error("has a character that no address has: expected name@domain without blanks")]
    BadCharacter,
    /// Longer than 254 characters.
    #[error("is too long: expected at most 254 characters")]
    TooLong,
}

/// An address as typed, with the canonical mailbox beside it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    typed: String,
    canonical: String,
    changes: Vec<&'static str>,
}

/// Providers that ignore dots in the local part.
const DOTS_IGNORED: [&str; 2] = ["gmail.com", "googlemail.com"];

impl EmailAddress {
    /// Reads one address. Invisible characters and `mailto:` are dropped; full-width forms become plain ones.
    ///
    /// # Errors
    /// [`EmailError`] says what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        use unicode_normalization::UnicodeNormalization;
        let visible: String = text.chars().filter(|c| !is_invisible(*c)).nfkc().collect();
        let typed = visible.trim().trim_start_matches("mailto:").trim();
        if typed.is_empty() {
            return Err(EmailError::Empty);
        }
        if typed.chars().count() > 254 {
            return Err(EmailError::TooLong);
        }
        if typed.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '(' | ')' | '"' | '\\')) {
            return Err(EmailError::BadCharacter);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::NoAt)?;
        if local.contains('@') {
            return Err(EmailError::BadCharacter);
        }
        if local.is_empty() {
            return Err(EmailError::NoLocalPart);
        }
        if domain.is_empty() {
            return Err(EmailError::NoDomain);
        }
        let domain = domain.trim_end_matches('.').to_lowercase();
        let labels_ok = domain.split('.').all(|l| {
            !l.is_empty() && l.len() <= 63 && !l.starts_with('-') && !l.ends_with('-') && l.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        if !labels_ok || !domain.contains('.') {
            return Err(EmailError::BadDomain);
        }
        let (canonical, changes) = canonical_mailbox(local, &domain);
        Ok(Self { typed: typed.to_owned(), canonical, changes })
    }

    /// As typed, blanks and invisible characters removed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The mailbox this address reaches: lower case, plus tag removed, look-alike letters unmasked, dots removed where the
    /// provider ignores them, one name for a provider of two.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }

    /// What was changed to reach the canonical form, in words such as `plus tag removed`.
    #[must_use]
    pub fn changes(&self) -> &[&'static str] {
        &self.changes
    }

    /// The domain of the canonical mailbox.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.canonical.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

fn canonical_mailbox(local: &str, domain: &str) -> (String, Vec<&'static str>) {
    let mut changes = Vec::new();
    let lower = local.to_lowercase();
    if lower != local {
        changes.push("letter case ignored");
    }
    let mut kept = match lower.split_once('+') {
        Some((before, _)) if !before.is_empty() => {
            changes.push("plus tag removed");
            before.to_owned()
        }
        _ => lower,
    };
    if let Some(plain) = unmasked(&kept) {
        changes.push("confusable letters");
        kept = plain.to_lowercase();
    }
    let unmasked_domain = unmasked(domain).map(|plain| plain.to_lowercase());
    if unmasked_domain.is_some() && !changes.contains(&"confusable letters") {
        changes.push("confusable letters");
    }
    let domain = unmasked_domain.as_deref().unwrap_or(domain);
    if DOTS_IGNORED.contains(&domain) && kept.contains('.') && kept.chars().any(|c| c != '.') {
        changes.push("dots ignored by the provider");
        kept.retain(|c| c != '.');
    }
    let domain = if domain == "googlemail.com" {
        changes.push("two names of one provider");
        "gmail.com"
    } else {
        domain
    };
    (format!("{kept}@{domain}"), changes)
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.typed)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(email: EmailAddress) -> Self {
        email.typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_mailbox_share_the_canonical_form() {
        for text in ["Jo.Doe+jobs@GoogleMail.com", "jodoe@gmail.com", "mailto:j.o.d.o.e@gmail.com", "jo\u{200b}doe@gmail.com"] {
            assert_eq!(EmailAddress::parse(text).unwrap().canonical(), "jodoe@gmail.com", "{text}");
        }
        assert_eq!(EmailAddress::parse("Jo.Doe@Example.org").unwrap().canonical(), "jo.doe@example.org");
        assert_eq!(EmailAddress::parse("a+b@x.io").unwrap().changes(), ["plus tag removed"]);
    }

    #[test]
    fn look_alike_letters_are_unmasked_and_real_ones_are_kept() {
        let disguised = EmailAddress::parse("jоhn.d@gmаil.com").unwrap();
        assert_eq!(
            (disguised.canonical(), disguised.changes()),
            ("johnd@gmail.com", ["confusable letters", "dots ignored by the provider"].as_slice())
        );
        assert_eq!(EmailAddress::parse("мария@почта.рф").unwrap().canonical(), "мария@почта.рф");
    }

    #[test]
    fn faults_name_the_rule() {
        for (text, fault) in [
            ("", EmailError::Empty),
            ("plain", EmailError::NoAt),
            ("@x.com", EmailError::NoLocalPart),
            ("a@", EmailError::NoDomain),
            ("a@localhost", EmailError::BadDomain),
            ("a b@x.com", EmailError::BadCharacter),
            ("a@b@x.com", EmailError::BadCharacter),
        ] {
            assert_eq!(EmailAddress::parse(text), Err(fault), "{text:?}");
        }
    }
}
