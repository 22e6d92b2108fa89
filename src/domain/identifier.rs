//! Identifiers: the unit of reuse and of watchlists. Two people who share one share an account, a line or a wallet.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};

use super::finding::words;

words!(
    /// What kind of identifier.
    IdentifierKind {
        /// A mailbox.
        Email = "email",
        /// An account on a platform.
        Handle = "handle",
        /// A phone number.
        Phone = "phone",
        /// A web or mail domain.
        Domain = "domain",
        /// A wallet of a digital currency.
        Wallet = "wallet",
        /// A payout account, as its keyed hash.
        PayoutAccount = "payout-account",
        /// A network address.
        Ip = "ip",
    }
);

/// One identifier in the form that equality rests on, with the place and text it was taken from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier {
    /// What kind.
    pub kind: IdentifierKind,
    /// The text that equality rests on.
    pub canonical: String,
    /// Where it stands, such as `emails[0]`.
    pub path: String,
    /// As sent; none for payout accounts.
    pub typed: Option<String>,
}

/// A text that is not a wallet or account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nothing but blanks.
    #[error("is empty: expected a wallet address or account number")]
    Empty,
    /// Not 4 to 128 letters and digits.
    #[error("is not an account: expected 4 to 128 letters and digits")]
    Shape,
}

/// A wallet address as typed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Wallet(String);

impl Wallet {
    /// Reads 4 to 128 letters, digits, `:`, `.`, `_` or `-`, without blanks.
    ///
    /// # Errors
    /// [`AccountError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AccountError::Empty);
        }
        let ok =
            (4..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'_' | b'-'));
        ok.then(|| Self(text.to_owned())).ok_or(AccountError::Shape)
    }

    /// As typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that equality rests on: hexadecimal and bech32 addresses ignore letter case, others do not.
    #[must_use]
    pub fn canonical(&self) -> String {
        let lower = self.0.to_lowercase();
        let hex = lower.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
        if hex || lower.starts_with("bc1") { lower } else { self.0.clone() }
    }
}

impl TryFrom<String> for Wallet {
    type Error = AccountError;
    fn try_from(text: String) -> Result<Self, AccountError> {
        Self::parse(&text)
    }
}

impl From<Wallet> for String {
    fn from(wallet: Wallet) -> Self {
        wallet.0
    }
}

/// The key that turns payout accounts into hashes. It never leaves the program.
#[derive(Clone)]
pub struct AccountKey([u8; 32]);

impl AccountKey {
    /// A key of 32 secret bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The keyed hash of an account number: HMAC-SHA256 over its letters and digits in upper case.
    ///
    /// # Errors
    /// [`AccountError`] when nothing like an account is given.
    pub fn hash(&self, account: &str) -> Result<AccountHash, AccountError> {
        let plain: String = account.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
        if account.trim().is_empty() {
            return Err(AccountError::Empty);
        }
        if !(4..=128).contains(&plain.len()) {
            return Err(AccountError::Shape);
        }
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&self.0).map_err(|_| AccountError::Shape)?;
        mac.update(plain.as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
        Ok(AccountHash(hex))
    }
}

impl std::fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountKey(hidden)")
    }
}

/// A payout account as its keyed hash: 64 hexadecimal digits. The number itself is never kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountHash(String);

impl AccountHash {
    /// Reads a stored hash.
    ///
    /// # Errors
    /// [`AccountError::Shape`] when the text is not 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, AccountError> {
        let ok = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        ok.then(|| Self(text.to_owned())).ok_or(AccountError::Shape)
    }

    /// The 64 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountHash {
    type Error = AccountError;
    fn try_from(text: String) -> Result<Self, AccountError> {
        Self::parse(&text)
    }
}

impl From<AccountHash> for String {
    fn from(hash: AccountHash) -> Self {
        hash.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_hash_hides_the_number_and_ignores_its_spacing() {
        let key = AccountKey::new([7; 32]);
        let hash = key.hash("DE89 3704 0044 0532 0130 00").unwrap();
        assert_eq!(key.hash("de89370400440532013000").unwrap(), hash);
        assert!(!hash.as_str().contains("3704"));
        assert_ne!(AccountKey::new([8; 32]).hash("de89370400440532013000").unwrap(), hash);
        assert_eq!(key.hash("--"), Err(AccountError::Shape));
    }

    #[test]
    fn wallets_that_ignore_case_are_folded_and_others_are_not() {
        assert_eq!(Wallet::parse("0xAbCd12").unwrap().canonical(), "0xabcd12");
        assert_eq!(Wallet::parse("1BoatSLRHtKNngkdXEeobR76b53LETtpyT").unwrap().canonical(), "1BoatSLRHtKNngkdXEeobR76b53LETtpyT");
    }
}
