//! The secret file: 32 random bytes outside the database, from which every key is derived.
//!
//! Replicas share the file. Who loses it loses open sign-in forms, the meaning of stored account hashes and the proof of
//! the audit chain, so it belongs into the backup. To add a key: a variant of [`Purpose`].

use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Why the secret file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or made.
    #[error("the secret file cannot be read or made: {0}")]
    File(#[from] std::io::Error),
    /// The file holds something else.
    #[error("the secret file does not hold a secret: expected 64 hexadecimal digits")]
    Content,
    /// The operating system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(#[from] getrandom::Error),
}

/// What a key is for. Each purpose has a key of its own, so that one never opens what another closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Tokens in forms.
    Csrf,
    /// One-line messages carried to the next page.
    Flash,
    /// Browsers in which someone signed in before.
    Device,
    /// Payout accounts, stored only as keyed hashes.
    Account,
    /// The chain over audit rows.
    Audit,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Csrf => b"bonafide/1/csrf",
            Self::Flash => b"bonafide/1/flash",
            Self::Device => b"bonafide/1/device",
            Self::Account => b"bonafide/1/account",
            Self::Audit => b"bonafide/1/audit",
        }
    }
}

/// The root secret; keys and tags are made from it, it is never shown.
#[derive(Clone)]
pub struct Secrets {
    root: [u8; 32],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(hidden)")
    }
}

impl Secrets {
    /// Reads the secret file; makes it, readable by its owner alone, when there is none.
    ///
    /// # Errors
    /// [`SecretsError`] when it cannot be read or made or holds something else.
    pub fn open(path: &Path) -> Result<Self, SecretsError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make(path)?;
                Self::read(&std::fs::read_to_string(path)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// From known bytes, for tests and one-off runs.
    #[must_use]
    pub const fn from_bytes(root: [u8; 32]) -> Self {
        Self { root }
    }

    fn read(text: &str) -> Result<Self, SecretsError> {
        let digits = text.trim().as_bytes();
        if digits.len() != 64 {
            return Err(SecretsError::Content);
        }
        let mut root = [0; 32];
        for (byte, pair) in root.iter_mut().zip(digits.chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| SecretsError::Content)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| SecretsError::Content)?;
        }
        Ok(Self { root })
    }

    /// The key of one purpose.
    #[must_use]
    pub fn key(&self, purpose: Purpose) -> [u8; 32] {
        tag(&self.root, purpose.label())
    }

    /// A tag over a message that only this installation can make; 43 characters that need no escaping.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(tag(&self.key(purpose), message))
    }

    /// True when the tag belongs to the message. Takes the same time either way.
    #[must_use]
    pub fn is_signed(&self, purpose: Purpose, message: &[u8], signature: &str) -> bool {
        self.sign(purpose, message).as_bytes().ct_eq(signature.as_bytes()).into()
    }
}

fn tag(key: &[u8; 32], message: &[u8]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// Writes a new secret beside the path and links it into place, so that of two replicas starting together one wins and
/// neither ever reads half a file.
fn make(path: &Path) -> Result<(), SecretsError> {
    let mut root = [0; 32];
    getrandom::fill(&mut root)?;
    let digits: String = root.iter().map(|byte| format!("{byte:02x}")).collect();
    let fresh = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&fresh)?;
    writeln!(file, "{digits}")?;
    file.sync_all()?;
    let linked = std::fs::hard_link(&fresh, path);
    std::fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error.into()),
        _ => Ok(()),
    }
}

/// 256 random bits as 43 characters that need no escaping: for links, sign-ins and API tokens.
///
/// # Errors
/// [`SecretsError::Random`] when the system gives none.
pub fn random_token() -> Result<String, SecretsError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The SHA-256 of a token: what is stored of it.
#[must_use]
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_file_gives_the_same_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        let first = Secrets::open(&path).unwrap();
        let second = Secrets::open(&path).unwrap();
        assert_eq!(first.key(Purpose::Csrf), second.key(Purpose::Csrf));
        assert_ne!(first.key(Purpose::Csrf), first.key(Purpose::Audit));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_with_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret.key");
        for text in ["", "hello", &"z".repeat(64), &"é".repeat(32)] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Secrets::open(&path), Err(SecretsError::Content)), "{text}");
        }
    }

    #[test]
    fn a_tag_fits_its_message_its_purpose_and_its_secret() {
        let secrets = Secrets::from_bytes([7; 32]);
        let tag = secrets.sign(Purpose::Csrf, b"one");
        assert!(secrets.is_signed(Purpose::Csrf, b"one", &tag));
        assert!(!secrets.is_signed(Purpose::Csrf, b"two", &tag));
        assert!(!secrets.is_signed(Purpose::Flash, b"one", &tag));
        assert!(!Secrets::from_bytes([8; 32]).is_signed(Purpose::Csrf, b"one", &tag));
        assert_eq!(format!("{secrets:?}"), "Secrets(hidden)");
    }
}
