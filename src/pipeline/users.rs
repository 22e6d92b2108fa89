//! Keeping the people who sign in: the first one, more of them, their invitations, and their API tokens.

use crate::domain::audit::AuditEvent;
use crate::domain::email::EmailAddress;
use crate::domain::id::{TokenId, UserId};
use crate::domain::user::{Actor, Role, User};
use crate::secrets::{random_token, token_hash};
use crate::store::one_time_link::{self, OneTimeLink, Purpose};
use crate::store::token::{self, ApiToken};
use crate::store::{StoreError, Write, user, web_session};

use super::password::NewPassword;
use super::people::{Deed, People, PeopleError};
use super::sign_in::SignIn;

/// The setup link lives 30 minutes; a restart prints a new one.
const SETUP_MS: i64 = 30 * 60 * 1_000;
/// An invitation or reset link lives three days: chosen so that one sent on a Friday works on Monday.
const INVITE_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// A sign-in link (demonstration) lives a day.
const SIGN_IN_LINK_MS: i64 = 24 * 60 * 60 * 1_000;
/// Longest life of an API token: a year.
pub const LONGEST_TOKEN_DAYS: i64 = 365;
/// What an API token begins with, so that scanners of leaked secrets know it.
pub const TOKEN_PREFIX: &str = "bonafide_";
/// The team of the first user.
pub const FIRST_TEAM: &str = "default";

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name as shown.
    pub name: String,
    /// Address to sign in with.
    pub email: EmailAddress,
    /// What they do here.
    pub roles: Vec<Role>,
    /// Team.
    pub team: String,
}

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Someone has this address.
    #[error("someone has this e-mail address already")]
    Taken,
    /// The setup link was used, is over, or never was.
    #[error("the setup link cannot be used")]
    Link,
    /// No fault of theirs.
    #[error(transparent)]
    Failed(PeopleError),
}

impl<E> From<E> for AddError
where
    PeopleError: From<E>,
{
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A broken unique constraint of the address, in words.
fn taken(error: StoreError) -> AddError {
    match error {
        StoreError::Conflict => AddError::Taken,
        other => AddError::Failed(other.into()),
    }
}

impl People<'_> {
    /// True while nobody can sign in, so that the setup page is open.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_setup_open(&self) -> Result<bool, PeopleError> {
        Ok(user::count(self.store).await? == 0)
    }

    /// A new setup link's token, in place of an earlier one; none once there is a user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_setup(&self) -> Result<Option<String>, PeopleError> {
        if !self.is_setup_open().await? {
            return Ok(None);
        }
        let mut write = self.store.begin_write().await?;
        let token = self.new_link(&mut write, Purpose::Setup, None, SETUP_MS).await?;
        write.commit().await?;
        Ok(Some(token))
    }

    /// True while the token opens the setup page.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn opens_setup(&self, token: &str) -> Result<bool, PeopleError> {
        let link = one_time_link::find(self.store, &token_hash(token), self.now).await?;
        Ok(link.is_some_and(|link| link.purpose == Purpose::Setup))
    }

    /// Makes the first user, with every role but auditor, so that one person can begin; signs them in.
    ///
    /// # Errors
    /// [`AddError::Link`] when the token opens nothing, also because someone was faster.
    pub async fn set_up(&self, setup_token: &str, name: String, email: EmailAddress, password: NewPassword) -> Result<SignIn, AddError> {
        if !self.opens_setup(setup_token).await? || !self.is_setup_open().await? {
            return Err(AddError::Link);
        }
        let hash = self.passwords.hash(password).await?;
        let roles = vec![Role::Recruiter, Role::HrAdmin, Role::Security, Role::Admin];
        let first = self.person(NewUser { name, email, roles, team: FIRST_TEAM.to_owned() });
        let mut write = self.store.begin_write().await?;
        if one_time_link::take(&mut write, &token_hash(setup_token), self.now).await?.is_none() {
            return Err(AddError::Link);
        }
        user::insert(&mut write, &first, Some(&hash)).await.map_err(taken)?;
        let signed_in = self.begin(&mut write, first).await?;
        let actor = Actor::person(&signed_in.user);
        self.note(&mut write, Deed { actor: &actor, action: "setup.done", object: Some(signed_in.user.id.as_str()) }).await?;
        write.commit().await?;
        Ok(signed_in)
    }

    /// Adds a person. With a password they can sign in with it (command line); without, the invitation's token is given.
    ///
    /// # Errors
    /// [`AddError::Taken`] when someone has this address.
    pub async fn add(&self, actor: &Actor, new: NewUser, password: Option<NewPassword>) -> Result<(User, Option<String>), AddError> {
        let hash = match password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        let added = self.person(new);
        let mut write = self.store.begin_write().await?;
        user::insert(&mut write, &added, hash.as_deref()).await.map_err(taken)?;
        one_time_link::delete_unused(&mut write, Purpose::Setup, None).await?;
        let invite = match hash {
            Some(_) => None,
            None => Some(self.new_link(&mut write, Purpose::Invite, Some(&added.id), INVITE_MS).await?),
        };
        let roles: Vec<&str> = added.roles.iter().map(|role| role.as_str()).collect();
        let event = AuditEvent::new(self.now, actor, "user.added", Some(added.id.as_str()));
        self.note_event(&mut write, &event.with("roles", roles.join(","))).await?;
        write.commit().await?;
        Ok((added, invite))
    }

    /// A link with which a person sets a new password; earlier links of theirs end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person.
    pub async fn reset(&self, actor: &Actor, id: &UserId) -> Result<(User, String), PeopleError> {
        let found = user::find(self.store, id).await?.ok_or(StoreError::NotFound)?;
        let mut write = self.store.begin_write().await?;
        let token = self.new_link(&mut write, Purpose::Invite, Some(id), INVITE_MS).await?;
        self.note(&mut write, Deed { actor, action: "user.reset-link-made", object: Some(id.as_str()) }).await?;
        write.commit().await?;
        Ok((found, token))
    }

    /// A link that signs a person in without a password, once (demonstration).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_in_link(&self, id: &UserId) -> Result<String, PeopleError> {
        let mut write = self.store.begin_write().await?;
        let token = self.new_link(&mut write, Purpose::SignIn, Some(id), SIGN_IN_LINK_MS).await?;
        write.commit().await?;
        Ok(token)
    }

    /// Lets a person sign in no more, or again. Disabling ends every sign-in and unused link of theirs at once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such person.
    pub async fn set_disabled(&self, actor: &Actor, id: &UserId, disabled: bool) -> Result<(), PeopleError> {
        let mut write = self.store.begin_write().await?;
        user::set_disabled(&mut write, id, disabled).await?;
        if disabled {
            web_session::delete_of_user(&mut write, id, None).await?;
            one_time_link::delete_unused(&mut write, Purpose::Invite, Some(id)).await?;
            one_time_link::delete_unused(&mut write, Purpose::SignIn, Some(id)).await?;
        }
        let action = if disabled { "user.disabled" } else { "user.enabled" };
        self.note(&mut write, Deed { actor, action, object: Some(id.as_str()) }).await?;
        write.commit().await?;
        Ok(())
    }

    /// A new API token with the rights of this person; the text is given once and not stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_token(&self, actor: &Actor, user: &UserId, name: &str, days: i64) -> Result<(ApiToken, String), PeopleError> {
        let text = format!("{TOKEN_PREFIX}{}", random_token()?);
        let token = ApiToken {
            id: TokenId::random(),
            user: user.clone(),
            name: name.to_owned(),
            created_at: self.now,
            expires_at: self.now.plus_ms(days.clamp(1, LONGEST_TOKEN_DAYS) * 24 * 60 * 60 * 1_000),
            last_used_at: None,
            revoked_at: None,
        };
        let mut write = self.store.begin_write().await?;
        token::insert(&mut write, &token, &token_hash(&text)).await?;
        self.note(&mut write, Deed { actor, action: "token.added", object: Some(token.id.as_str()) }).await?;
        write.commit().await?;
        Ok((token, text))
    }

    /// Takes a token back; `owner` narrows to one's own tokens.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is none such.
    pub async fn revoke_token(&self, actor: &Actor, owner: Option<&UserId>, id: &TokenId) -> Result<(), PeopleError> {
        if !token::list(self.store, owner).await?.iter().any(|token| token.id == *id) {
            return Err(StoreError::NotFound.into());
        }
        let mut write = self.store.begin_write().await?;
        token::revoke(&mut write, id, self.now).await?;
        self.note(&mut write, Deed { actor, action: "token.revoked", object: Some(id.as_str()) }).await?;
        write.commit().await?;
        Ok(())
    }

    fn person(&self, new: NewUser) -> User {
        let NewUser { name, email, mut roles, team } = new;
        roles.sort_unstable();
        roles.dedup();
        User { id: UserId::random(), email, name, roles, team, disabled: false, created_at: self.now }
    }

    /// Makes a link in place of earlier unused ones of its kind.
    async fn new_link(&self, write: &mut Write, purpose: Purpose, user: Option<&UserId>, life_ms: i64) -> Result<String, PeopleError> {
        let token = random_token()?;
        let link = OneTimeLink { purpose, user: user.cloned(), expires_at: self.now.plus_ms(life_ms) };
        one_time_link::delete_unused(write, purpose, user).await?;
        one_time_link::insert(write, &token_hash(&token), &link).await?;
        Ok(token)
    }
}
