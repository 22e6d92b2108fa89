//! A person's name as typed. Comparing names is the business of `screening/identity`.

use serde::{Deserialize, Serialize};

/// Longest name taken, in characters (CONTRACT section 4).
pub const NAME_MAX: usize = 200;

/// A text that is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("is empty: expected the full name as the person writes it")]
    Empty,
    /// No letter in any script.
    #[error("has no letter: expected the full name as the person writes it")]
    NoLetter,
    /// Longer than [`NAME_MAX`].
    #[error("has {0} characters: expected at most 200")]
    TooLong(usize),
}

/// A name as typed, blanks at the ends removed, control characters turned into blanks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

impl PersonName {
    /// Reads a name of 1 to 200 characters with at least one letter.
    ///
    /// # Errors
    /// [`NameError`] says which of these rules is broken.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let cleaned: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let name = cleaned.trim();
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        let length = name.chars().count();
        if length > NAME_MAX {
            return Err(NameError::TooLong(length));
        }
        if !name.chars().any(char::is_alphabetic) {
            return Err(NameError::NoLetter);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PersonName {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl From<PersonName> for String {
    fn from(name: PersonName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_any_script_are_kept_as_typed() {
        for name in ["Renée O'Neill-Smith", "김민준", "Мария Иванова", "X Æ A-12"] {
            assert_eq!(PersonName::parse(&format!("  {name}\t")).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_rule() {
        assert_eq!(PersonName::parse(" \u{0} "), Err(NameError::Empty));
        assert_eq!(PersonName::parse("12345"), Err(NameError::NoLetter));
        assert_eq!(PersonName::parse(&"é".repeat(201)), Err(NameError::TooLong(201)));
    }
}
