//! What every handler may reach: one value, shared by all workers.

use actix_web::HttpRequest;
use actix_web::http::header;
use ipnet::IpNet;

use crate::pipeline::installation::Installation;
use crate::pipeline::password::Passwords;
use crate::pipeline::people::People;

use super::limits::{InWork, Places, SignInTries};

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
pub struct App {
    /// Store, clock, keys and what is kept in RAM.
    pub installation: Installation,
    /// Password hashes, a few at a time.
    pub passwords: Passwords,
    /// How the server stands in its network.
    pub settings: WebSettings,
    /// Tries to sign in, by address.
    pub sign_in_tries: SignInTries,
    /// Requests in work.
    pub in_work: InWork,
    /// Places for programs that submit.
    pub intakes: Places,
    /// Places for programs that check.
    pub checks: Places,
}

impl App {
    /// Assembles the state.
    #[must_use]
    pub fn new(installation: Installation, passwords: Passwords, settings: WebSettings) -> Self {
        let sign_in_tries = SignInTries::new(settings.sign_in_burst);
        Self {
            installation,
            passwords,
            settings,
            sign_in_tries,
            in_work: InWork::default(),
            intakes: Places::for_intakes(),
            checks: Places::for_checks(),
        }
    }

    /// The journeys of people, at this instant.
    #[must_use]
    pub fn people(&self) -> People<'_> {
        let Installation { store, clock, secrets, .. } = &self.installation;
        People { store, passwords: &self.passwords, secrets, now: clock.now() }
    }

    /// The whole address of a page, to be handed to someone: by the public address, else by the one this request used.
    #[must_use]
    pub fn address_of(&self, request: &HttpRequest, page: &str) -> String {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        self.settings.public_url.as_deref().map_or_else(|| format!("http://{host}{page}"), |public| format!("{public}{page}"))
    }
}
