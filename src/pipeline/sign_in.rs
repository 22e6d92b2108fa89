//! Signing in: with a password or a one-time link; and out. Setting and changing one's own password.
//!
//! Known and unknown addresses get the same answer after the same work. Tries are counted a second time by account, in
//! the database, so that many addresses do not guess together; a browser in which this person signed in before is not
//! counted, so that nobody is locked out by someone else's guessing.

use crate::domain::audit::AuditEvent;
use crate::domain::email::EmailAddress;
use crate::domain::id::UserId;
use crate::domain::time::Timestamp;
use crate::domain::user::{Actor, User};
use crate::secrets::{Purpose, random_token, token_hash};
use crate::store::one_time_link::{self, OneTimeLink};
use crate::store::{Write, throttle, user, web_session};

use super::password::NewPassword;
use super::people::{Deed, People, PeopleError};

/// A web session that no request used for this long is over: 8 hours, a working day.
pub const IDLE_MS: i64 = 8 * 60 * 60 * 1_000;
/// A web session is over after this long in any case: 24 hours.
pub const LONGEST_MS: i64 = 24 * 60 * 60 * 1_000;
/// Tries on one account from unknown browsers within [`WINDOW_MS`]: wide, chosen so that guessing gets 9,600 a day at most.
const TRIES_OF_AN_ACCOUNT: i64 = 100;
/// The window of those tries: 15 minutes.
const WINDOW_MS: i64 = 15 * 60 * 1_000;

/// Someone who is signed in from here on.
#[derive(Debug)]
pub struct SignIn {
    /// Who.
    pub user: User,
    /// What the browser keeps; only its SHA-256 is stored.
    pub token: String,
    /// What the browser keeps longer, to be known at the next sign-in.
    pub device: String,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such address, wrong password, or disabled: not told apart.
    #[error("e-mail or password is wrong")]
    Wrong,
    /// Too many tries on this account from unknown browsers.
    #[error("too many tries on this account")]
    TooMany {
        /// When the next one counts.
        until: Timestamp,
    },
    /// The link was used, is over, or never was.
    #[error("the link cannot be used")]
    Link,
    /// No fault of theirs.
    #[error(transparent)]
    Failed(PeopleError),
}

impl<E> From<E> for SignInError
where
    PeopleError: From<E>,
{
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl People<'_> {
    /// Signs someone in with a password. `device` is what the browser kept of an earlier sign-in.
    ///
    /// # Errors
    /// [`SignInError::Wrong`] for every reason that lies in address or password, [`SignInError::TooMany`] from unknown browsers.
    pub async fn sign_in(&self, email: &str, password: &str, device: Option<&str>) -> Result<SignIn, SignInError> {
        let email = EmailAddress::parse(email).ok();
        let account = email.as_ref().map_or_else(String::new, |email| self.secrets.sign(Purpose::Device, email.canonical().as_bytes()));
        let found = match &email {
            Some(email) => user::find_by_email(self.store, email).await?,
            None => None,
        };
        let is_known = found.as_ref().is_some_and(|(user, _)| device.is_some_and(|device| self.is_device_of(&user.id, device)));
        if !is_known {
            let tries = throttle::hit(self.store, &format!("sign-in:{account}"), self.now, WINDOW_MS).await?;
            if tries.count > TRIES_OF_AN_ACCOUNT {
                return Err(SignInError::TooMany { until: tries.since.plus_ms(WINDOW_MS) });
            }
        }
        let stored = found.as_ref().and_then(|(_, hash)| hash.as_deref());
        let is_right = self.passwords.is_right(password, stored).await?;
        match found {
            Some((user, _)) if is_right && !user.disabled => {
                let mut write = self.store.begin_write().await?;
                throttle::clear(&mut write, &format!("sign-in:{account}")).await?;
                let signed_in = self.begin(&mut write, user).await?;
                self.note(&mut write, Deed { actor: &Actor::person(&signed_in.user), action: "user.signed-in", object: None }).await?;
                write.commit().await?;
                Ok(signed_in)
            }
            _ => Err(SignInError::Wrong),
        }
    }

    /// The live one-time link of a token and its user, to show what it would do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn link_of(&self, token: &str) -> Result<Option<(OneTimeLink, User)>, PeopleError> {
        let Some(link) = one_time_link::find(self.store, &token_hash(token), self.now).await? else { return Ok(None) };
        let Some(id) = &link.user else { return Ok(None) };
        let user = user::find(self.store, id).await?.filter(|user| !user.disabled);
        Ok(user.map(|user| (link, user)))
    }

    /// Uses a link up and signs its user in. An invitation sets the password as well, and ends earlier sign-ins.
    ///
    /// # Errors
    /// [`SignInError::Link`] when it cannot be used, or is an invitation and no password came with it.
    pub async fn sign_in_by_link(&self, token: &str, password: Option<NewPassword>) -> Result<SignIn, SignInError> {
        let Some((link, user)) = self.link_of(token).await? else { return Err(SignInError::Link) };
        let hash = match (link.purpose, password) {
            (one_time_link::Purpose::SignIn, _) => None,
            (one_time_link::Purpose::Invite, Some(password)) => Some(self.passwords.hash(password).await?),
            _ => return Err(SignInError::Link),
        };
        let mut write = self.store.begin_write().await?;
        if one_time_link::take(&mut write, &token_hash(token), self.now).await?.is_none() {
            return Err(SignInError::Link);
        }
        if let Some(hash) = &hash {
            user::set_password(&mut write, &user.id, hash).await?;
            web_session::delete_of_user(&mut write, &user.id, None).await?;
        }
        let signed_in = self.begin(&mut write, user).await?;
        let event = AuditEvent::new(self.now, &Actor::person(&signed_in.user), "user.signed-in", None);
        self.note_event(&mut write, &event.with("by", link.purpose.as_str())).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    /// Signs one browser out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self, actor: &Actor, token_hash: &[u8; 32]) -> Result<(), PeopleError> {
        let mut write = self.store.begin_write().await?;
        web_session::delete(&mut write, token_hash).await?;
        self.note(&mut write, Deed { actor, action: "user.signed-out", object: None }).await?;
        write.commit().await?;
        Ok(())
    }

    /// Signs a person out of one other browser, or of all others; gives how many those were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_others(&self, user: &User, here: &[u8; 32], one: Option<&[u8; 32]>) -> Result<u64, PeopleError> {
        let mut write = self.store.begin_write().await?;
        let ended = match one {
            Some(one) => u64::from(web_session::delete(&mut write, one).await?),
            None => web_session::delete_of_user(&mut write, &user.id, Some(here)).await?,
        };
        let event = AuditEvent::new(self.now, &Actor::person(user), "user.devices-ended", Some(user.id.as_str()));
        self.note_event(&mut write, &event.with("count", ended)).await?;
        write.commit().await?;
        Ok(ended)
    }

    /// Changes one's own password. Every sign-in of the person ends; this browser gets the new one that is given. None when
    /// the current password is not right.
    ///
    /// # Errors
    /// When the database or the password slots fail.
    pub async fn change_password(&self, user: &User, current: &str, new: NewPassword) -> Result<Option<SignIn>, PeopleError> {
        let stored = user::find_by_email(self.store, &user.email).await?.and_then(|(_, hash)| hash);
        if !self.passwords.is_right(current, stored.as_deref()).await? {
            return Ok(None);
        }
        let hash = self.passwords.hash(new).await?;
        let mut write = self.store.begin_write().await?;
        user::set_password(&mut write, &user.id, &hash).await?;
        web_session::delete_of_user(&mut write, &user.id, None).await?;
        let signed_in = self.begin(&mut write, user.clone()).await?;
        let deed = Deed { actor: &Actor::person(user), action: "user.password-changed", object: Some(user.id.as_str()) };
        self.note(&mut write, deed).await?;
        write.commit().await?;
        Ok(Some(signed_in))
    }

    /// Begins a web session with a token of its own; a value the browser had before is never taken over.
    pub(super) async fn begin(&self, write: &mut Write, user: User) -> Result<SignIn, PeopleError> {
        let token = random_token()?;
        web_session::insert(write, &token_hash(&token), &user.id, self.now, self.now.plus_ms(LONGEST_MS)).await?;
        let device = self.secrets.sign(Purpose::Device, user.id.as_str().as_bytes());
        Ok(SignIn { user, token, device })
    }

    fn is_device_of(&self, user: &UserId, device: &str) -> bool {
        self.secrets.is_signed(Purpose::Device, user.as_str().as_bytes(), device)
    }
}
