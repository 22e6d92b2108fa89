//! What every handler may reach: one value, shared by all workers.

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

use crate::domain::time::Clock;
use crate::pipeline::password::Passwords;
use crate::pipeline::people::People;
use crate::secrets::Secrets;
use crate::store::Store;

use super::limits::{InWork, SignInTries};

/// How the server stands in its network.
#[derive(Debug, Clone, Default)]
pub struct WebSettings {
    /// Address people type, such as `https://vet.example.com`, without a slash at the end; none behind no proxy.
    pub public_url: Option<String>,
    /// Networks whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Tries to sign in per address before one has to wait; none for the default of 10.
    pub sign_in_burst: Option<std::num::NonZeroU32>,
    /// The demonstration: invented data, said so on every page.
    pub demo: bool,
}

/// The shared state.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Where the time comes from.
    pub clock: Clock,
    /// Keys derived from the secret file.
    pub secrets: Secrets,
    /// Password hashes, a few at a time.
    pub passwords: Passwords,
    /// How the server stands in its network.
    pub settings: WebSettings,
    /// Tries to sign in, by address.
    pub sign_in_tries: SignInTries,
    /// Requests in work.
    pub in_work: InWork,
}

impl App {
    /// Assembles the state.
    #[must_use]
    pub fn new(store: Store, clock: Clock, secrets: Secrets, passwords: Passwords, settings: WebSettings) -> Self {
        let sign_in_tries = SignInTries::new(settings.sign_in_burst);
        Self { store, clock, secrets, passwords, settings, sign_in_tries, in_work: InWork::default() }
    }

    /// The journeys of people, at this instant.
    #[must_use]
    pub fn people(&self) -> People<'_> {
        People { store: &self.store, passwords: &self.passwords, secrets: &self.secrets, now: self.clock.now() }
    }

    /// The whole address of a page, to be handed to someone: by the public address, else by the one this request used.
    #[must_use]
    pub fn address_of(&self, request: &HttpRequest, page: &str) -> String {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        self.settings.public_url.as_deref().map_or_else(|| format!("http://{host}{page}"), |public| format!("{public}{page}"))
    }
}
