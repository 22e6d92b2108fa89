//! `/login`, with a password or a one-time link, and `/logout`.

use actix_web::HttpRequest;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::pipeline::sign_in::{SignIn, SignInError};
use crate::store::one_time_link::Purpose;

use super::app::App;
use super::error::{Answer, WebError};
use super::form::Form;
use super::limits::client_address;
use super::page::{Frame, landing, roles_in_words};
use super::session::SignedIn;
use super::setup::new_password;
use super::visit::Visit;

/// One message for every reason, so that nobody learns who has an account.
const WRONG: &str = "E-mail or password is wrong";

/// Where to go afterwards, or the token of a link.
#[derive(Debug, Deserialize)]
pub struct LoginQuery {
    #[serde(default)]
    next: String,
    token: Option<String>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    form: Form,
}

/// What a one-time link would do.
#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    frame: Frame,
    form: Form,
    person: Option<LinkedPerson>,
}

struct LinkedPerson {
    name: String,
    email: String,
    roles: String,
    sets_password: bool,
}

/// The form; with a link's token, one button that uses the link.
///
/// # Errors
/// When the database fails.
pub async fn form(visit: Visit, query: Query<LoginQuery>, app: Data<App>) -> Answer {
    if let Some(token) = &query.token {
        let mut form = Form::blank();
        form.set("token", token);
        return visit.page(link_page(&visit, &app, form, token).await?);
    }
    if let Some(user) = visit.user() {
        return Ok(visit.see_other(after(&query.next, user), None).finish());
    }
    if app.people().is_setup_open().await? {
        return Ok(visit.see_other("/setup", None).finish());
    }
    let mut form = Form::blank();
    form.set("next", &*query.next);
    visit.page(SignInPage { frame: visit.frame("Sign in"), form })
}

/// Signs someone in, by password or by link.
///
/// # Errors
/// Too many tries from this address or on this account.
pub async fn sign_in(visit: Visit, mut form: Form, request: HttpRequest, app: Data<App>) -> Answer {
    app.sign_in_tries.count(client_address(&request, &app.settings.trusted_proxies))?;
    if let Some(token) = form.optional("token") {
        return by_link(&visit, &app, form, &token).await;
    }
    let signed_in = app.people().sign_in(form.value("email"), form.value("password"), visit.device()).await;
    match signed_in {
        Ok(signed_in) => visit.go_signed_in(after(form.value("next"), &signed_in.user), &signed_in, None),
        Err(SignInError::TooMany { until }) => Err(WebError::TooMany { retry_after_s: seconds_until(until, app.installation.clock.now()) }),
        Err(SignInError::Failed(error)) => Err(error.into()),
        Err(SignInError::Wrong | SignInError::Link) => {
            form.fault("email", WRONG);
            visit.invalid(SignInPage { frame: visit.form_frame("Sign in", &form), form })
        }
    }
}

async fn by_link(visit: &Visit, app: &App, mut form: Form, token: &str) -> Answer {
    let people = app.people();
    let sets_password = matches!(people.link_of(token).await?, Some((link, _)) if link.purpose == Purpose::Invite);
    let password = if sets_password {
        let Some(password) = new_password(&mut form, "password", &[]) else {
            return visit.invalid(link_page(visit, app, form, token).await?);
        };
        Some(password)
    } else {
        None
    };
    match people.sign_in_by_link(token, password).await {
        Ok(signed_in) => go_home(visit, &signed_in),
        Err(SignInError::Failed(error)) => Err(error.into()),
        Err(_) => visit.invalid(LinkPage { frame: visit.frame("This link cannot be used"), form: Form::blank(), person: None }),
    }
}

fn go_home(visit: &Visit, signed_in: &SignIn) -> Answer {
    visit.go_signed_in(landing(&signed_in.user), signed_in, None)
}

async fn link_page(visit: &Visit, app: &App, form: Form, token: &str) -> Result<LinkPage, WebError> {
    let found = app.people().link_of(token).await?;
    let person = found.map(|(link, user)| LinkedPerson {
        roles: roles_in_words(&user),
        email: user.email.as_str().to_owned(),
        name: user.name,
        sets_password: link.purpose == Purpose::Invite,
    });
    let title = match &person {
        None => "This link cannot be used".to_owned(),
        Some(person) if person.sets_password => "Choose a password".to_owned(),
        Some(person) => format!("Sign in as {}", person.name),
    };
    Ok(LinkPage { frame: visit.form_frame(title, &form), form, person })
}

/// Signs this browser out.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(who: SignedIn, _form: Form, app: Data<App>) -> Answer {
    app.people().sign_out(&who.actor(), &who.session.token_hash).await?;
    Ok(who.go_signed_out())
}

/// Where to go after signing in: back to a page of ours, or to where this person's work begins.
fn after<'a>(next: &'a str, user: &User) -> &'a str {
    if is_our_page(next) { next } else { landing(user) }
}

/// True for a path on this host. `//host` and `/\host` lead elsewhere.
fn is_our_page(next: &str) -> bool {
    next.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && next.len() <= 2_000
}

fn seconds_until(until: Timestamp, now: Timestamp) -> u64 {
    u64::try_from((until.as_ms() - now.as_ms()) / 1_000).unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("/queue?page=2", true)]
    #[case("/", true)]
    #[case("", false)]
    #[case("//evil.test", false)]
    #[case("/\\evil.test", false)]
    #[case("https://evil.test", false)]
    #[case("/a\r\nset-cookie:x", false)]
    #[case("javascript:alert(1)", false)]
    fn signing_in_leads_to_pages_of_ours_alone(#[case] next: &str, #[case] expected: bool) {
        assert_eq!(is_our_page(next), expected);
    }
}
