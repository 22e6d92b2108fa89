//! `/account`: one's own password, API tokens, signed-in browsers, light or dark.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::id::TokenId;
use crate::domain::time::Timestamp;
use crate::pipeline::password::NewPassword;
use crate::pipeline::sign_in::IDLE_MS;
use crate::pipeline::users::LONGEST_TOKEN_DAYS;
use crate::store::token::{self, ApiToken};
use crate::store::web_session::{self, WebSession};

use super::app::App;
use super::error::{Answer, WebError};
use super::form::Form;
use super::page::{Frame, Theme};
use super::session::SignedIn;
use super::setup::new_password;

/// Life of a token when none is chosen (CONTRACT section 5).
const DEFAULT_TOKEN_DAYS: &str = "90";

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    form: Form,
    email: String,
    team: String,
    tokens: Vec<ApiToken>,
    new_token: Option<String>,
    devices: Vec<Device>,
    now: Timestamp,
}

struct Device {
    key: String,
    since: Timestamp,
    last_seen: Timestamp,
    is_here: bool,
}

impl AccountPage {
    fn state_of(&self, token: &ApiToken) -> &'static str {
        match (token.revoked_at, token.expires_at > self.now) {
            (Some(_), _) => "Revoked",
            (None, true) => "Live",
            (None, false) => "Ended",
        }
    }
}

/// A browser in a form: part of the hash, which opens nothing.
fn key_of(session: &WebSession) -> String {
    session.token_hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

async fn page(who: &SignedIn, app: &App, form: Form, new_token: Option<String>) -> Result<AccountPage, WebError> {
    let now = app.installation.clock.now();
    let user = who.user();
    let sessions = web_session::list_of_user(&app.installation.store, &user.id, now, IDLE_MS).await?;
    let devices = sessions.iter().map(|session| Device {
        key: key_of(session),
        since: session.created_at,
        last_seen: session.last_seen_at,
        is_here: session.token_hash == who.session.token_hash,
    });
    Ok(AccountPage {
        frame: who.form_frame("Your account", &form),
        form,
        email: user.email.as_str().to_owned(),
        team: user.team.clone(),
        tokens: token::list(&app.installation.store, Some(&user.id)).await?,
        new_token,
        devices: devices.collect(),
        now,
    })
}

/// A form as the page first shows it.
fn fresh_form() -> Form {
    let mut form = Form::blank();
    form.set("token_days", DEFAULT_TOKEN_DAYS);
    form
}

/// The page.
///
/// # Errors
/// When the database fails.
pub async fn show(who: SignedIn, app: Data<App>) -> Answer {
    who.page(page(&who, &app, fresh_form(), None).await?)
}

/// Changes the password; all other browsers are signed out.
///
/// # Errors
/// When the database fails.
pub async fn set_password(who: SignedIn, mut form: Form, app: Data<App>) -> Answer {
    let Some(new) = read_password(&mut form, &who) else {
        return who.invalid(page(&who, &app, form, None).await?);
    };
    let current = form.value("current_password").to_owned();
    match app.people().change_password(who.user(), &current, new).await? {
        Some(signed_in) => who.go_signed_in("/account", &signed_in, Some("Your password is changed. All other browsers are signed out.")),
        None => {
            form.fault("current_password", "Current password is not right");
            who.invalid(page(&who, &app, form, None).await?)
        }
    }
}

fn read_password(form: &mut Form, who: &SignedIn) -> Option<NewPassword> {
    if form.value("current_password").is_empty() {
        form.fault("current_password", "Current password is empty");
    }
    let new = new_password(form, "new_password", &[Some(&who.user().name), Some(who.user().email.as_str())]);
    form.faults().is_empty().then_some(new).flatten()
}

/// Makes an API token and shows it once.
///
/// # Errors
/// When the database fails.
pub async fn add_token(who: SignedIn, mut form: Form, app: Data<App>) -> Answer {
    let name = form.text("token_name", "Name of the token", 100);
    let days = form.parsed("token_days", "Days", parse_days);
    let (Some(name), Some(days)) = (name, days) else {
        return who.invalid(page(&who, &app, form, None).await?);
    };
    let (_, text) = app.people().add_token(&who.actor(), &who.user().id, &name, days).await?;
    who.page(page(&who, &app, fresh_form(), Some(text)).await?)
}

fn parse_days(text: &str) -> Result<i64, String> {
    let days = text.parse::<i64>().ok().filter(|days| (1..=LONGEST_TOKEN_DAYS).contains(days));
    days.ok_or_else(|| format!("must be a whole number from 1 to {LONGEST_TOKEN_DAYS}"))
}

/// Takes one of the own tokens back.
///
/// # Errors
/// Not found for a token of someone else.
pub async fn revoke_token(who: SignedIn, id: Path<TokenId>, _form: Form, app: Data<App>) -> Answer {
    app.people().revoke_token(&who.actor(), Some(&who.user().id), &id).await?;
    who.go("/account", "The token is revoked.")
}

/// Signs another browser out, or all others.
///
/// # Errors
/// Not found for a browser that is not signed in any more.
pub async fn end_devices(who: SignedIn, form: Form, app: Data<App>) -> Answer {
    let one = match form.optional("device") {
        Some(key) => Some(session_of(&who, &app, &key).await?.token_hash),
        None => None,
    };
    let ended = app.people().end_others(who.user(), &who.session.token_hash, one.as_ref()).await?;
    who.go("/account", if ended == 1 { "One browser is signed out." } else { "All other browsers are signed out." })
}

async fn session_of(who: &SignedIn, app: &App, key: &str) -> Result<WebSession, WebError> {
    let sessions = web_session::list_of_user(&app.installation.store, &who.user().id, app.installation.clock.now(), IDLE_MS).await?;
    sessions.into_iter().find(|session| key_of(session) == key).ok_or(WebError::NotFound)
}

/// Remembers light or dark in this browser.
///
/// # Errors
/// None but those of the extractors.
pub async fn set_theme(who: SignedIn, form: Form) -> Answer {
    let mut answer = who.see_other("/account", Some("The look is saved for this browser."));
    answer.cookie(who.theme_cookie(Theme::parse(form.value("theme"))));
    Ok(answer.finish())
}
