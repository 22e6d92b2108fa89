//! Public ids: random, 128 bits, 32 hexadecimal digits. They appear in addresses and answers; joins use internal numbers.
//!
//! To add one: a line in the `public_ids!` list.

use serde::{Deserialize, Serialize};

/// A text that is not a public id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an id: expected 32 hexadecimal digits")]
pub struct IdError;

macro_rules! public_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A new random id.
            #[expect(clippy::disallowed_methods, reason = "the one home of random ids")]
            #[must_use]
            pub fn random() -> Self {
                Self(uuid::Uuid::new_v4().simple().to_string())
            }

            /// Reads an id as it stands in an address or a row.
            ///
            /// # Errors
            /// [`IdError`] when the text is not 32 lower-case hexadecimal digits.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                is_id(text).then(|| Self(text.to_owned())).ok_or(IdError)
            }

            /// The 32 digits.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

public_ids!(
    /// One candidate.
    CandidateId,
    /// One intake as it was sent.
    SubmissionId,
    /// One stored picture.
    PhotoId,
    /// One watchlist.
    WatchlistId,
    /// One persona on a watchlist, across versions of the list.
    EntryId,
    /// One run of all engines on one candidate.
    ScreeningId,
    /// One finding of a screening.
    FindingId,
    /// One unit of review work.
    CaseId,
    /// One person who signs in.
    UserId,
    /// One API token.
    TokenId,
    /// One file import.
    ImportId,
    /// One request, as shown on error pages and in logs.
    RequestId,
);

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_id_reads_back_as_itself() {
        let id = CandidateId::random();
        assert_eq!(CandidateId::parse(id.as_str()), Ok(id.clone()));
        assert_ne!(id, CandidateId::random());
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "1", "../../etc/passwd", "ABCDEF00ABCDEF00ABCDEF00ABCDEF00", "0123456789abcdef0123456789abcdeg"] {
            assert_eq!(PhotoId::parse(text), Err(IdError), "{text:?}");
        }
    }
}
