//! Handles: an account name on a platform, from a name or a profile address.

use serde::{Deserialize, Serialize};

/// A text that is not a handle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// The platform is not a lower-case word.
    #[error("is not a platform: expected a lower-case word such as github")]
    Platform,
    /// Nothing is left of the value.
    #[error("is empty: expected an account name or the address of the profile")]
    Empty,
    /// The value is no account name or profile address.
    #[error("is not an account name: expected a name without blanks, or the address of the profile")]
    Value,
    /// The address belongs to another platform.
    #[error("is the address of another platform: expected one of the platform stated")]
    OtherPlatform,
}

/// An account on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "HandleParts", into = "HandleParts")]
pub struct Handle {
    platform: String,
    typed: String,
    account: String,
}

/// A handle as it stands in the intake: platform and value.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandleParts {
    platform: String,
    value: String,
}

/// Hosts of profile addresses, the platform each belongs to, and the path word that stands before the name.
const HOSTS: [(&str, &str, &str); 22] = [
    ("github.com", "github", ""),
    ("gitlab.com", "gitlab", ""),
    ("bitbucket.org", "bitbucket", ""),
    ("linkedin.com", "linkedin", "in"),
    ("npmjs.com", "npm", "~"),
    ("t.me", "telegram", ""),
    ("telegram.me", "telegram", ""),
    ("upwork.com", "upwork", "freelancers"),
    ("freelancer.com", "freelancer", "u"),
    ("fiverr.com", "fiverr", ""),
    ("guru.com", "guru", "freelancers"),
    ("x.com", "x", ""),
    ("twitter.com", "x", ""),
    ("facebook.com", "facebook", ""),
    ("instagram.com", "instagram", ""),
    ("medium.com", "medium", ""),
    ("dev.to", "devto", ""),
    ("stackoverflow.com", "stackoverflow", "users"),
    ("hackerrank.com", "hackerrank", "profile"),
    ("leetcode.com", "leetcode", "u"),
    ("kaggle.com", "kaggle", ""),
    ("pypi.org", "pypi", "user"),
];

impl Handle {
    /// Reads a platform word and an account name or profile address of it.
    ///
    /// # Errors
    /// [`HandleError`] says what is wrong and what is expected.
    pub fn parse(platform: &str, value: &str) -> Result<Self, HandleError> {
        let platform = match platform.trim() {
            "twitter" => "x",
            other => other,
        };
        let is_word = (1..=40).contains(&platform.len())
            && platform.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_' || b == b'.');
        if !is_word {
            return Err(HandleError::Platform);
        }
        let typed = value.trim();
        if typed.is_empty() {
            return Err(HandleError::Empty);
        }
        let name = match account_in_address(typed) {
            Some((found, name)) if found == platform => name,
            Some(_) => return Err(HandleError::OtherPlatform),
            None => typed.to_owned(),
        };
        let account = name.trim_matches('/').trim_start_matches(['@', '~']).to_lowercase();
        if account.is_empty()
            || account.chars().count() > 200
            || account.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"'))
        {
            return Err(HandleError::Value);
        }
        Ok(Self { platform: platform.to_owned(), typed: typed.to_owned(), account })
    }

    /// Reads a profile address alone, or `platform:name`.
    ///
    /// # Errors
    /// [`HandleError`] when neither form fits.
    pub fn parse_address(text: &str) -> Result<Self, HandleError> {
        let text = text.trim();
        if let Some((platform, _)) = account_in_address(text) {
            return Self::parse(platform, text);
        }
        match text.split_once(':') {
            Some((platform, value)) if !value.starts_with("//") => Self::parse(platform.trim(), value),
            _ => Err(HandleError::Platform),
        }
    }

    /// The platform word.
    #[must_use]
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The account name, lower case.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// `platform:account`.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{}:{}", self.platform, self.account)
    }
}

/// The platform and account of a profile address; none when the text is no address of a known platform.
fn account_in_address(text: &str) -> Option<(&'static str, String)> {
    let bare = text.trim_start_matches("https://").trim_start_matches("http://");
    let bare = bare.split(['?', '#']).next()?;
    let (host, path) = bare.split_once('/')?;
    let host = host.to_lowercase();
    let (_, platform, before) =
        HOSTS.iter().find(|(known, _, _)| host == *known || host.strip_suffix(known).is_some_and(|sub| sub.ends_with('.')))?;
    let mut parts = path.split('/').filter(|p| !p.is_empty());
    let first = parts.next().unwrap_or_default();
    let name = if !before.is_empty() && first == *before { parts.next().unwrap_or_default() } else { first };
    Some((platform, name.to_owned()))
}

impl std::fmt::Display for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.platform, self.account)
    }
}

impl TryFrom<HandleParts> for Handle {
    type Error = HandleError;
    fn try_from(parts: HandleParts) -> Result<Self, HandleError> {
        Self::parse(&parts.platform, &parts.value)
    }
}

impl From<Handle> for HandleParts {
    fn from(handle: Handle) -> Self {
        Self { platform: handle.platform, value: handle.typed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_of_one_account_are_equal() {
        for value in
            ["Octo-Cat", "@octo-cat", "https://github.com/Octo-Cat", "github.com/octo-cat/", "http://www.github.com/octo-cat/repo?tab=1"]
        {
            assert_eq!(Handle::parse("github", value).unwrap().canonical(), "github:octo-cat", "{value}");
        }
        assert_eq!(Handle::parse_address("https://de.linkedin.com/in/jo-doe-9/").unwrap().canonical(), "linkedin:jo-doe-9");
        assert_eq!(Handle::parse_address("twitter:Jo").unwrap().canonical(), "x:jo");
    }

    #[test]
    fn faults_name_the_rule() {
        assert_eq!(Handle::parse("Git Hub", "a"), Err(HandleError::Platform));
        assert_eq!(Handle::parse("github", " "), Err(HandleError::Empty));
        assert_eq!(Handle::parse("github", "https://github.com/"), Err(HandleError::Value));
        assert_eq!(Handle::parse("github", "https://gitlab.com/a"), Err(HandleError::OtherPlatform));
        assert_eq!(Handle::parse("github", "two words"), Err(HandleError::Value));
    }
}
