//! Who is asking: the person signed in, and the extractors that say in a handler's signature who may call it.
//!
//! `visit: Visit` takes everybody, `who: SignedIn` people who are signed in, `who: may::SeeQueue` those whose role may. To add
//! one: an action in `domain/user.rs` and its name in the list of [`may`].

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::time::Duration;
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};

use crate::domain::user::{Action, Actor, User};
use crate::pipeline::sign_in::{IDLE_MS, LONGEST_MS, SignIn};
use crate::secrets::token_hash;
use crate::store::web_session::{self, WebSession};

use super::app::App;
use super::error::{Answer, WebError};
use super::visit::{DEVICE_DAYS, Visit, cookie_name, is_secure};

/// How often at most a sign-in is marked as used: once a minute, because it costs a write.
const TOUCH_EVERY_MS: i64 = 60_000;

impl Visit {
    /// The visit of a request, as [`middleware`] found it.
    ///
    /// # Errors
    /// When the route stands outside that middleware.
    pub fn of(request: &HttpRequest) -> Result<Self, WebError> {
        let known = request.extensions().get::<Self>().cloned();
        known.ok_or_else(|| WebError::Internal(anyhow::anyhow!("a page outside the middleware that knows people")))
    }

    /// The visit, with nobody signed in when the database does not answer: for error pages.
    pub async fn or_nobody(request: &HttpRequest) -> Self {
        match Self::of(request) {
            Ok(known) => known,
            Err(_) => Self::look_up(request).await.unwrap_or_else(|_| Self::build(request, app_of(request), None)),
        }
    }

    async fn look_up(request: &HttpRequest) -> Result<Self, WebError> {
        let app = app_of(request);
        let token = request.cookie(&cookie_name("session", is_secure(request))).map(|cookie| cookie.value().to_owned());
        let session = match (&app, token) {
            (Some(app), Some(token)) => live_session(app, &token).await?,
            _ => None,
        };
        Ok(Self::build(request, app, session))
    }

    /// After a sign-in: on to a page, with the cookies of the new session.
    ///
    /// # Errors
    /// None today; the type is that of a handler's last line.
    pub fn go_signed_in(&self, to: &str, signed_in: &SignIn, done: Option<&str>) -> Answer {
        let mut answer = self.see_other(to, done);
        answer.cookie(self.cookie("session", signed_in.token.clone(), Duration::milliseconds(LONGEST_MS)));
        answer.cookie(self.cookie("device", signed_in.device.clone(), Duration::days(DEVICE_DAYS)));
        Ok(answer.finish())
    }

    /// After signing out: on to the sign-in page, without the session's cookie.
    #[must_use]
    pub fn go_signed_out(&self) -> HttpResponse {
        let mut answer = self.see_other("/login", Some("You are signed out."));
        answer.cookie(self.no_cookie("session"));
        answer.finish()
    }

    /// To the sign-in page, and back here afterwards where that is a page.
    #[must_use]
    pub fn to_sign_in(&self, request: &HttpRequest) -> HttpResponse {
        let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
        let is_page = *request.method() == Method::GET && here != "/";
        let to = if is_page { format!("/login?next={}", escaped(here)) } else { "/login".to_owned() };
        self.see_other(&to, None).finish()
    }
}

/// A path and query as the value of a query parameter.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

fn app_of(request: &HttpRequest) -> Option<Data<App>> {
    request.app_data::<Data<App>>().cloned()
}

/// The middleware that finds out who is asking, before a handler's extractors need it: they are polled side by side, and
/// would each ask the database. Addresses without people are let through.
///
/// # Errors
/// Those of the inner service.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    const WITHOUT_PEOPLE: [&str; 5] = ["/static/", "/api/", "/hooks/", "/healthz", "/readyz"];
    if !WITHOUT_PEOPLE.iter().any(|start| request.path().starts_with(start)) {
        match Visit::look_up(request.request()).await {
            Ok(visit) => drop(request.extensions_mut().insert(visit)),
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

async fn live_session(app: &App, token: &str) -> Result<Option<WebSession>, WebError> {
    let now = app.installation.clock.now();
    let found = web_session::find(&app.installation.store, &token_hash(token), now, IDLE_MS).await?;
    if let Some(session) = &found
        && session.last_seen_at.plus_ms(TOUCH_EVERY_MS) < now
    {
        web_session::touch(&app.installation.store, &session.token_hash, now).await?;
    }
    Ok(found)
}

impl FromRequest for Visit {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// Someone who is signed in; anyone else is sent to the sign-in page.
#[derive(Clone)]
pub struct SignedIn {
    visit: Visit,
    /// Their sign-in.
    pub session: WebSession,
}

impl SignedIn {
    /// Who.
    #[must_use]
    pub const fn user(&self) -> &User {
        &self.session.user
    }

    /// As the audit log names them.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::person(self.user())
    }

    fn with(request: &HttpRequest, action: Option<Action>) -> Result<Self, WebError> {
        let visit = Visit::of(request)?;
        let session = visit.session().cloned().ok_or(WebError::SignInNeeded)?;
        if action.is_some_and(|action| !session.user.may(action)) {
            return Err(WebError::Forbidden);
        }
        Ok(Self { visit, session })
    }
}

impl Deref for SignedIn {
    type Target = Visit;
    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequest for SignedIn {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::with(request, None))
    }
}

/// Someone whose role may do what the name says; others who are signed in get the 403 page.
pub mod may {
    use super::{Action, Deref, FromRequest, HttpRequest, Payload, Ready, SignedIn, WebError, ready};

    macro_rules! extractors {
        ($($action:ident),+ $(,)?) => {$(
            #[doc = concat!("Someone who may: [`Action::", stringify!($action), "`].")]
            #[derive(Clone)]
            pub struct $action(SignedIn);

            impl Deref for $action {
                type Target = SignedIn;
                fn deref(&self) -> &SignedIn {
                    &self.0
                }
            }

            impl FromRequest for $action {
                type Error = WebError;
                type Future = Ready<Result<Self, WebError>>;
                fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                    ready(SignedIn::with(request, Some(Action::$action)).map(Self))
                }
            }
        )+};
    }

    extractors!(
        SubmitCandidates,
        SeeOwnTeam,
        SeeAllTeams,
        SeeEvidence,
        SeeQueue,
        Decide,
        SeeWatchlists,
        ChangeWatchlists,
        AgreeToListChange,
        Export,
        SeeExports,
        ManageUsers,
        SeeAudit,
        RemoveDemo,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_one_query_value() {
        assert_eq!(escaped("/queue?page=2&x=\"y\""), "/queue%3Fpage%3D2%26x%3D%22y%22");
    }
}
