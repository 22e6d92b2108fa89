//! Passwords: which ones are taken, and their argon2id hashes, made in memory that is used again.
//!
//! Cost: 19 MiB and about 30 ms of one core a hash (OWASP's first choice: m = 19 MiB, t = 2, p = 1). A fresh buffer a hash
//! makes glibc's heap grow past a gigabyte under a flood of sign-ins, so each slot keeps its blocks; there are as many
//! slots as cores, four at most, and who gets none within three seconds is told to come back.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

/// Fewest characters of a password. NIST SP 800-63B and OWASP ASVS ask for 8 to 15; 12 chosen with the ban on common ones.
pub const SHORTEST: usize = 12;
/// Most bytes of a password; hashing cost does not depend on it, reading a request does.
const LONGEST_BYTES: usize = 512;
/// Most slots: four hashes are 76 MiB.
const MOST_SLOTS: usize = 4;
/// How long a sign-in waits for a slot.
const WAIT: Duration = Duration::from_secs(3);
/// Most blocks a stored hash may ask for (64 MiB), so that a changed row cannot eat the memory.
const MOST_BLOCKS: u32 = 65_536;

/// Passwords tried first by whoever guesses; one a line, lower case.
static COMMON: &str = include_str!("../../data/common_passwords.txt");

/// Why a chosen password is refused, in words for the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Too few characters.
    #[error("Password has fewer than 12 characters: expected 12 or more")]
    Short,
    /// Too many bytes.
    #[error("Password is longer than 500 characters: expected 12 to 500")]
    Long,
    /// Among the common ones, or one of them with a number behind.
    #[error("Password is one that many people use, so it is guessed first. Choose another, such as four unrelated words")]
    Common,
    /// The person's own name or address.
    #[error("Password must not be your name or e-mail address")]
    Own,
}

/// Why a password could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// All slots were taken for too long: try again later.
    #[error("all password slots are in use")]
    Busy,
    /// The stored hash or the library failed.
    #[error("password hashing failed: {0}")]
    Hash(String),
}

/// A password someone chose, long enough and not a common one.
#[derive(Clone)]
pub struct NewPassword(String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword(hidden)")
    }
}

impl NewPassword {
    /// Takes a password as typed; `own` are the person's name and address.
    ///
    /// # Errors
    /// [`PasswordFault`] says what is wrong. There are no rules on which kinds of characters it has.
    pub fn parse(typed: &str, own: &[&str]) -> Result<Self, PasswordFault> {
        if typed.len() > LONGEST_BYTES {
            return Err(PasswordFault::Long);
        }
        if typed.chars().count() < SHORTEST {
            return Err(PasswordFault::Short);
        }
        let lower = typed.to_lowercase();
        if own.iter().any(|word| !word.is_empty() && word.to_lowercase() == lower) {
            return Err(PasswordFault::Own);
        }
        if is_common(&lower) {
            return Err(PasswordFault::Common);
        }
        Ok(Self(typed.to_owned()))
    }
}

/// True for a listed password, one with numbers or signs around it, one said twice, and a run of one character.
fn is_common(lower: &str) -> bool {
    let listed = |text: &str| COMMON.lines().any(|line| line == text);
    let bare = lower.trim_matches(|c: char| !c.is_alphabetic());
    let half = lower.get(..lower.len() / 2).filter(|half| lower.strip_prefix(half) == Some(half));
    let first = lower.chars().next();
    listed(lower) || listed(bare) || half.is_some_and(listed) || lower.chars().all(|c| Some(c) == first)
}

/// Hashes and compares passwords, a few at a time.
#[derive(Debug, Clone)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    buffers: Arc<Mutex<Vec<Vec<Block>>>>,
    /// Compared when nobody has the address, so that the answer takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// With a slot a core, four at most.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] when the library refuses the cost.
    pub fn new() -> Result<Self, PasswordError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::with_slots(cores.min(MOST_SLOTS))
    }

    /// With this many slots.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] when the library refuses the cost.
    pub fn with_slots(slots: usize) -> Result<Self, PasswordError> {
        let nobody = hash_in(&mut Vec::new(), "nobody has this password")?;
        Ok(Self { slots: Arc::new(Semaphore::new(slots)), buffers: Arc::default(), nobody: nobody.into() })
    }

    /// The hash to store, in PHC form.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when no slot was free in time.
    pub async fn hash(&self, password: NewPassword) -> Result<String, PasswordError> {
        self.in_a_slot(move |buffer| hash_in(buffer, &password.0)).await
    }

    /// True when the password belongs to the stored hash. Without one (nobody has the address) it takes as long and is false.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when no slot was free in time, [`PasswordError::Hash`] when the stored hash cannot be read.
    pub async fn is_right(&self, typed: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
        if typed.len() > LONGEST_BYTES {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let typed = typed.to_owned();
        let fits = self.in_a_slot(move |buffer| compare_in(buffer, &typed, &stored)).await?;
        Ok(fits && known)
    }

    async fn in_a_slot<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let slot = tokio::time::timeout(WAIT, Arc::clone(&self.slots).acquire_owned()).await;
        let Ok(Ok(slot)) = slot else { return Err(PasswordError::Busy) };
        let buffers = Arc::clone(&self.buffers);
        let done = tokio::task::spawn_blocking(move || {
            let mut buffer = buffers.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            let result = work(&mut buffer);
            buffers.lock().unwrap_or_else(PoisonError::into_inner).push(buffer);
            drop(slot);
            result
        });
        done.await.map_err(|error| PasswordError::Hash(error.to_string()))?
    }
}

fn broken(error: impl std::fmt::Display) -> PasswordError {
    PasswordError::Hash(error.to_string())
}

/// Fills the buffer and returns the tag. The buffer keeps its size for the next one.
fn fill(buffer: &mut Vec<Block>, params: Params, password: &str, salt: &[u8]) -> Result<Output, PasswordError> {
    buffer.resize(params.block_count(), Block::new());
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut tag = vec![0; length];
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut tag, buffer.as_mut_slice()).map_err(broken)?;
    Output::new(&tag).map_err(broken)
}

fn hash_in(buffer: &mut Vec<Block>, password: &str) -> Result<String, PasswordError> {
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(broken)?;
    let written = ParamsString::try_from(&params).map_err(broken)?;
    let salt = Salt::generate();
    let tag = fill(buffer, params, password, salt.as_ref())?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: written,
        salt: Some(salt),
        hash: Some(tag),
    };
    Ok(hash.to_string())
}

fn compare_in(buffer: &mut Vec<Block>, password: &str, stored: &str) -> Result<bool, PasswordError> {
    let hash = PasswordHash::new(stored).map_err(broken)?;
    let params = Params::try_from(&hash).map_err(broken)?;
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Err(broken("no salt or no tag")) };
    if hash.algorithm != Algorithm::Argon2id.ident() || params.m_cost() > MOST_BLOCKS {
        return Err(broken("not an argon2id hash of ours"));
    }
    let tag = fill(buffer, params, password, salt.as_ref())?;
    Ok(tag.as_bytes().ct_eq(expected.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "correct horse battery staple";

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Passwords::with_slots(1).unwrap();
        let stored = passwords.hash(NewPassword::parse(GOOD, &[]).unwrap()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.is_right(GOOD, Some(&stored)).await.unwrap());
        assert!(!passwords.is_right("correct horse battery stable", Some(&stored)).await.unwrap());
        assert!(!passwords.is_right("nobody has this password", None).await.unwrap());
        assert!(passwords.is_right(GOOD, Some("not a hash")).await.is_err());
    }

    #[rstest::rstest]
    #[case("short", PasswordFault::Short)]
    #[case("eleven char", PasswordFault::Short)]
    #[case("passwordpassword", PasswordFault::Common)]
    #[case("Password2026!!", PasswordFault::Common)]
    #[case("123456789012", PasswordFault::Common)]
    #[case("aaaaaaaaaaaaaaaa", PasswordFault::Common)]
    #[case("qwertyuiopasdfgh", PasswordFault::Common)]
    #[case("riley@example.com", PasswordFault::Own)]
    #[case(&"x".repeat(600), PasswordFault::Long)]
    fn a_password_that_is_guessed_first_is_refused(#[case] typed: &str, #[case] fault: PasswordFault) {
        assert_eq!(NewPassword::parse(typed, &["Riley@Example.com", ""]).map(|_| ()), Err(fault));
    }

    #[test]
    fn no_rule_asks_for_kinds_of_characters() {
        for typed in [GOOD, "плотина ворона чайник", "twelve chars", "9431 8820 1177 4065"] {
            assert!(NewPassword::parse(typed, &[]).is_ok(), "{typed}");
        }
        assert!(COMMON.lines().count() > 300);
        assert!(COMMON.lines().all(|line| line == line.trim().to_lowercase() && !line.is_empty()));
    }

    #[cfg(target_os = "linux")]
    fn resident_kib() -> usize {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn memory_stays_within_the_slots_over_many_hashes() {
        let passwords = Passwords::with_slots(2).unwrap();
        let before = resident_kib();
        let mut running = tokio::task::JoinSet::new();
        for _ in 0..24 {
            let passwords = passwords.clone();
            running.spawn(async move { passwords.is_right("some other words", None).await });
        }
        let answers = running.join_all().await;
        assert!(answers.iter().any(Result::is_ok));
        let grown = resident_kib().saturating_sub(before);
        assert!(grown < 160 * 1024, "grew by {grown} KiB; two slots hold 38 MiB, the plain call took 724 MiB");
    }
}
