//! The program as browsers meet it: a server of its own on a free port, and browsers that keep cookies and fill forms.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::web::Data;
use bonafide::domain::email::EmailAddress;
use bonafide::domain::time::Clock;
use bonafide::domain::user::{Actor, Role, User};
use bonafide::pipeline::installation::Installation;
use bonafide::pipeline::password::{NewPassword, Passwords};
use bonafide::pipeline::users::NewUser;
use bonafide::secrets::Secrets;
use bonafide::store::Engine;
use bonafide::web::app::{App, WebSettings};
use bonafide::web::server;
use reqwest::{Method, RequestBuilder, Response};

use super::database::{TestStore, at, open};

/// A password every test user may have.
pub const PASSWORD: &str = "a quiet lamp over nine stones";

/// A running server on a database of its own.
pub struct TestApp {
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// What its handlers see.
    pub state: Data<App>,
    /// Its database.
    pub database: TestStore,
    handle: actix_web::dev::ServerHandle,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

/// Starts a server with the default settings but for sign-in tries; none where that database is left out.
pub async fn spawn_app(engine: Engine) -> Option<TestApp> {
    spawn_app_with(engine, WebSettings { sign_in_burst: NonZeroU32::new(10_000), ..WebSettings::default() }).await
}

/// Starts a server with these settings.
pub async fn spawn_app_with(engine: Engine, settings: WebSettings) -> Option<TestApp> {
    let database = open(engine).await?;
    let mut installation = Installation::new(database.store.clone(), Clock::Fixed(at(0)), Arc::new(Secrets::from_bytes([7; 32])));
    // No test may depend on how fast this machine is.
    installation.engine_limit = Duration::from_secs(600);
    let app = App::new(installation, Passwords::with_slots(2).unwrap(), settings);
    let state = Data::new(app);
    let running = server::start(state.clone(), "127.0.0.1:0", false).unwrap();
    let url = format!("http://{}", running.address);
    tokio::spawn(running.server);
    Some(TestApp { url, state, database, handle: running.handle })
}

impl TestApp {
    /// A browser with no cookies.
    pub fn browser(&self) -> Browser {
        let client = reqwest::Client::builder().cookie_store(true).redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Browser { client, url: self.url.clone() }
    }

    /// A user with these roles and [`PASSWORD`], in the team `default`.
    pub async fn add_user(&self, roles: &[Role]) -> User {
        self.add_user_of_team(roles, "default", Some(PASSWORD)).await
    }

    /// A user of a team; with no password they can only sign in by link, which is faster.
    pub async fn add_user_of_team(&self, roles: &[Role], team: &str, password: Option<&str>) -> User {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let new = NewUser {
            name: format!("Riley Example {number}"),
            email: EmailAddress::parse(&format!("riley.{number}@bonafide.example")).unwrap(),
            roles: roles.to_vec(),
            team: team.to_owned(),
        };
        let password = password.map(|password| NewPassword::parse(password, &[]).unwrap());
        self.state.people().add(&Actor::program(), new, password).await.unwrap().0
    }

    /// A browser in which a new user with these roles is signed in.
    pub async fn signed_in(&self, roles: &[Role]) -> Browser {
        let user = self.add_user_of_team(roles, "default", None).await;
        self.signed_in_as(&user).await
    }

    /// A browser in which this user is signed in, by link.
    pub async fn signed_in_as(&self, user: &User) -> Browser {
        let browser = self.browser();
        let token = self.state.people().sign_in_link(&user.id).await.unwrap();
        let answer = browser.submit(&format!("/login?token={token}"), "/login", &[("token", &token)]).await;
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        browser
    }
}

/// Someone's browser: keeps cookies, follows no redirect.
pub struct Browser {
    client: reqwest::Client,
    url: String,
}

impl Browser {
    /// A request to be changed before it is sent.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// Opens a page and gives its text.
    pub async fn text(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    /// The token in the forms of a page.
    pub async fn token(&self, page: &str) -> String {
        let text = self.text(page).await;
        let after = text.split("name=\"csrf\" value=\"").nth(1).unwrap_or_else(|| panic!("no form on {page}: {text}"));
        after.split('"').next().unwrap().to_owned()
    }

    /// Opens the page with the form, fills it and sends it to `action`.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)]) -> Response {
        let token = self.token(page).await;
        self.post(action, &[&[("csrf", token.as_str())], fields].concat()).await
    }

    /// Sends a form exactly as given.
    pub async fn post(&self, action: &str, fields: &[(&str, &str)]) -> Response {
        self.request(Method::POST, action).form(fields).send().await.unwrap()
    }
}

/// Where an answer leads.
pub fn location(answer: &Response) -> &str {
    answer.headers().get("location").map_or("", |value| value.to_str().unwrap())
}
