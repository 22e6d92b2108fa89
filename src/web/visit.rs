//! One request as pages see it: who, how it looks, what was just done, and the cookies that carry this.

use std::rc::Rc;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::id::RequestId;
use crate::domain::user::User;
use crate::secrets::{Purpose, random_token};
use crate::store::web_session::WebSession;

use super::app::App;
use super::page::Theme;

/// A one-line message waits this long for the next page.
const FLASH_S: i64 = 60;
/// A browser and its look are known this long: a year.
pub(super) const DEVICE_DAYS: i64 = 365;

/// One request, as far as pages need to know it. Cheap to clone.
#[derive(Clone)]
pub struct Visit(Rc<Inner>);

struct Inner {
    app: Option<Data<App>>,
    request_id: RequestId,
    path: String,
    is_secure: bool,
    session: Option<WebSession>,
    visitor: String,
    is_new_visitor: bool,
    csrf: String,
    theme: Theme,
    flash: Option<String>,
    device: Option<String>,
}

/// True when people reach the server by https, as its public address says.
#[must_use]
pub fn by_https(request: &HttpRequest) -> bool {
    let app = request.app_data::<Data<App>>();
    app.and_then(|app| app.settings.public_url.as_deref()).is_some_and(|url| url.starts_with("https://"))
}

/// Cookies are `Secure` everywhere but on this machine without https, where browsers would drop them.
pub(super) fn is_secure(request: &HttpRequest) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.strip_prefix('[').and_then(|rest| rest.split(']').next()).or_else(|| host.split(':').next()).unwrap_or_default();
    let is_here = name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    by_https(request) || !is_here
}

/// The `__Host-` prefix binds a cookie to this host and to https; it needs both.
pub(super) fn cookie_name(plain: &str, is_secure: bool) -> String {
    if is_secure { format!("__Host-{plain}") } else { plain.to_owned() }
}

impl Visit {
    /// The visit of this request by whom the session says.
    pub(super) fn build(request: &HttpRequest, app: Option<Data<App>>, session: Option<WebSession>) -> Self {
        let is_secure = is_secure(request);
        let cookie = |plain: &str| request.cookie(&cookie_name(plain, is_secure)).map(|cookie| cookie.value().to_owned());
        let known_visitor = cookie("visitor").filter(|value| value.len() == 43);
        let is_new_visitor = known_visitor.is_none();
        let visitor = known_visitor.or_else(|| random_token().ok()).unwrap_or_default();
        let sign = |message: &[u8]| app.as_ref().map_or_else(String::new, |app| app.installation.secrets.sign(Purpose::Csrf, message));
        let csrf = session.as_ref().map_or_else(|| sign(visitor.as_bytes()), |session| sign(&session.token_hash));
        let flash = cookie("flash").and_then(|value| {
            let (text, signature) = value.split_once('.')?;
            let is_ours = app.as_ref().is_some_and(|app| app.installation.secrets.is_signed(Purpose::Flash, text.as_bytes(), signature));
            URL_SAFE_NO_PAD.decode(text).ok().filter(|_| is_ours).and_then(|bytes| String::from_utf8(bytes).ok())
        });
        Self(Rc::new(Inner {
            request_id: request.extensions().get::<RequestId>().cloned().unwrap_or_else(RequestId::random),
            path: request.path().to_owned(),
            theme: cookie("theme").map_or(Theme::System, |word| Theme::parse(&word)),
            device: cookie("device"),
            app,
            is_secure,
            session,
            visitor,
            is_new_visitor,
            csrf,
            flash,
        }))
    }

    /// Id of the request, for logs and error pages.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    /// Path of the request.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The sign-in of this browser.
    pub(super) fn session(&self) -> Option<&WebSession> {
        self.0.session.as_ref()
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.0.session.as_ref().map(|session| &session.user)
    }

    /// Light or dark.
    #[must_use]
    pub fn theme(&self) -> Theme {
        self.0.theme
    }

    /// The token every form of this visit carries.
    #[must_use]
    pub fn csrf(&self) -> &str {
        &self.0.csrf
    }

    /// What the page before left to say.
    #[must_use]
    pub fn flash(&self) -> Option<&str> {
        self.0.flash.as_deref()
    }

    /// What this browser kept of an earlier sign-in.
    #[must_use]
    pub fn device(&self) -> Option<&str> {
        self.0.device.as_deref()
    }

    /// True in the demonstration.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        self.0.app.as_ref().is_some_and(|app| app.settings.demo)
    }

    /// True when a form's token is of this sign-in (or of this browser, before it). Takes the same time either way.
    #[must_use]
    pub fn owns_form(&self, token: &str) -> bool {
        let bound_to = self.0.session.as_ref().map_or(self.0.visitor.as_bytes(), |session| &session.token_hash[..]);
        let is_bound = self.0.session.is_some() || !self.0.is_new_visitor;
        is_bound && self.0.app.as_ref().is_some_and(|app| app.installation.secrets.is_signed(Purpose::Csrf, bound_to, token))
    }

    /// The cookie that carries a one-line message to the next page, signed so that nobody else writes there.
    #[must_use]
    pub fn flash_cookie(&self, text: &str) -> Cookie<'static> {
        let text = URL_SAFE_NO_PAD.encode(text);
        let signature = self.0.app.as_ref().map_or_else(String::new, |app| app.installation.secrets.sign(Purpose::Flash, text.as_bytes()));
        self.cookie("flash", format!("{text}.{signature}"), Duration::seconds(FLASH_S))
    }

    /// The cookie that remembers light or dark.
    #[must_use]
    pub fn theme_cookie(&self, theme: Theme) -> Cookie<'static> {
        self.cookie("theme", theme.as_str().to_owned(), Duration::days(DEVICE_DAYS))
    }

    /// Cookies that go with a page: the visitor's before a sign-in, and no message any more once it was shown.
    #[must_use]
    pub fn cookies_of_a_page(&self) -> Vec<Cookie<'static>> {
        let mut cookies = Vec::new();
        if self.0.session.is_none() && self.0.is_new_visitor {
            cookies.push(self.cookie("visitor", self.0.visitor.clone(), Duration::days(1)));
        }
        if self.0.flash.is_some() {
            cookies.push(self.no_cookie("flash"));
        }
        cookies
    }

    pub(super) fn cookie(&self, plain: &str, value: String, life: Duration) -> Cookie<'static> {
        Cookie::build(cookie_name(plain, self.0.is_secure), value)
            .path("/")
            .http_only(true)
            .secure(self.0.is_secure)
            .same_site(SameSite::Lax)
            .max_age(life)
            .finish()
    }

    pub(super) fn no_cookie(&self, plain: &str) -> Cookie<'static> {
        self.cookie(plain, String::new(), Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[rstest::rstest]
    #[case("127.0.0.1:8080", false)]
    #[case("localhost", false)]
    #[case("[::1]:8080", false)]
    #[case("vet.example.com", true)]
    #[case("localhost.evil.test", true)]
    #[case("10.0.0.5:8080", true)]
    fn cookies_are_secure_away_from_this_machine(#[case] host: &str, #[case] expected: bool) {
        assert_eq!(is_secure(&TestRequest::default().insert_header(("host", host)).to_http_request()), expected);
    }
}
