//! Web addresses: http and https only, defanged spellings accepted. They are text: nothing is ever fetched.

use serde::{Deserialize, Serialize};

/// A text that is not a web address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Nothing but blanks.
    #[error("is empty: expected an address such as https://example.com")]
    Empty,
    /// A scheme that is not taken.
    #[error("is not a web address: expected http:// or https://")]
    Scheme,
    /// No host that can exist.
    #[error("has no host: expected an address such as https://example.com")]
    Host,
    /// Longer than 300 characters or with a blank inside.
    #[error("is too long or has a blank inside: expected at most 300 characters")]
    Length,
}

/// An address as typed, with its host.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebAddress {
    typed: String,
    host: String,
}

impl WebAddress {
    /// Reads an address; `hxxp` and `[.]` are read as `http` and `.`; a missing scheme means https.
    ///
    /// # Errors
    /// [`UrlError`] says what is wrong and what is expected.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let plain = text.trim().replace("[.]", ".").replace("hxxp", "http");
        if plain.is_empty() {
            return Err(UrlError::Empty);
        }
        if plain.chars().count() > 300 || plain.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(UrlError::Length);
        }
        let lower = plain.to_lowercase();
        let rest = match lower.split_once("://") {
            Some(("http" | "https", rest)) => rest,
            Some(_) => return Err(UrlError::Scheme),
            None if lower.split(['/', '?', '#']).next().is_some_and(|h| h.contains(':') && !h.ends_with(|c: char| c.is_ascii_digit())) => {
                return Err(UrlError::Scheme);
            }
            None => lower.as_str(),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default().trim_end_matches('.');
        let host_ok = host.contains('.')
            && host.len() <= 253
            && host.split('.').all(|l| !l.is_empty() && l.len() <= 63 && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
        if !host_ok {
            return Err(UrlError::Host);
        }
        let typed = if lower.contains("://") { plain.clone() } else { format!("https://{plain}") };
        Ok(Self { typed, host: host.to_owned() })
    }

    /// The address, with its scheme.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The host, lower case, a leading `www.` removed.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host.strip_prefix("www.").unwrap_or(&self.host)
    }
}

impl TryFrom<String> for WebAddress {
    type Error = UrlError;
    fn try_from(text: String) -> Result<Self, UrlError> {
        Self::parse(&text)
    }
}

impl From<WebAddress> for String {
    fn from(address: WebAddress) -> Self {
        address.typed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_in_all_spellings() {
        for text in ["https://www.Example.com/a?b", "example.com", "hxxps://example[.]com/x", "http://u@example.com:8080/"] {
            assert_eq!(WebAddress::parse(text).unwrap().host(), "example.com", "{text}");
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for text in ["javascript:alert(1)", "ftp://example.com", "data:text/html,x", "file:///etc/passwd"] {
            assert!(WebAddress::parse(text).is_err(), "{text}");
        }
        assert_eq!(WebAddress::parse("https://"), Err(UrlError::Host));
    }
}
