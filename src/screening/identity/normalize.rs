//! Names in the form that comparison rests on.

use crate::domain::name::PersonName;

/// A name as compared.
#[derive(Debug, Clone, PartialEq)]
pub struct NameForm {
    /// Tokens in order.
    pub tokens: Vec<String>,
}

impl NameForm {
    /// The form of a name.
    #[must_use]
    pub fn of(name: &PersonName) -> Self {
        Self { tokens: name.as_str().split_whitespace().map(str::to_lowercase).collect() }
    }
}
