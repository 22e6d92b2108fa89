//! The whole route table on one screen: method, address, handler, who may.
//!
//! The last column is what navigation and tests read; what enforces it is the extractor in the handler's signature
//! ([`super::session::may`]). A test signs in as every role, walks this table, and fails where the two differ.
//!
//! To add a page: one line here.

use actix_web::web;

use crate::domain::user::{Action, User};

use super::api::{candidates as candidates_api, check, export as export_api};
use super::candidates::{decision, list, new, photo, review, show};
use super::watchlists::{entry, import, list as watchlists, show as watchlist, versions};
use super::{about, account, assets, audit, demo, error, exports, health, home, queue, setup, sign_in, users};

/// Who may open a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anyone,
    /// Everybody who is signed in.
    SignedIn,
    /// Whose role may do this.
    May(Action),
    /// A program with a token of someone whose role may do this; no cookie opens it.
    Token(Action),
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The address, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may open it.
    pub who: Who,
}

macro_rules! routes {
    (@who Anyone) => { Who::Anyone };
    (@who SignedIn) => { Who::SignedIn };
    (@who $action:ident) => { Who::May(Action::$action) };
    (@who Token $action:ident) => { Who::Token(Action::$action) };
    (@method GET) => { web::get() };
    (@method POST) => { web::post() };
    ($($method:ident $path:literal $handler:path, $($who:ident)+;)+) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path, who: routes!(@who $($who)+) }),+];

        /// Registers every route.
        pub fn configure(server: &mut web::ServiceConfig) {
            $(server.route($path, routes!(@method $method).to($handler));)+
            server.default_service(web::route().to(error::not_found));
        }
    };
}

routes! {
    GET  "/"                              home::show,             SignedIn;
    GET  "/setup"                         setup::form,            Anyone;
    POST "/setup"                         setup::create,          Anyone;
    GET  "/login"                         sign_in::form,          Anyone;
    POST "/login"                         sign_in::sign_in,       Anyone;
    POST "/logout"                        sign_in::sign_out,      SignedIn;
    GET  "/account"                       account::show,          SignedIn;
    POST "/account/password"              account::set_password,  SignedIn;
    POST "/account/theme"                 account::set_theme,     SignedIn;
    POST "/account/tokens"                account::add_token,     SignedIn;
    POST "/account/tokens/{id}/revoke"    account::revoke_token,  SignedIn;
    POST "/account/devices/end"           account::end_devices,   SignedIn;
    GET  "/queue"                         queue::show,            SeeQueue;
    POST "/queue"                         queue::next,            Decide;
    GET  "/candidates"                    list::show,             SeeOwnTeam;
    GET  "/candidates/new"                new::form,              SubmitCandidates;
    POST "/candidates/new"                new::create,            SubmitCandidates;
    GET  "/candidates/{id}"               show::show,             SeeOwnTeam;
    POST "/candidates/{id}/take"          review::take,           Decide;
    POST "/candidates/{id}/release"       review::release,        Decide;
    POST "/candidates/{id}/findings/{finding}"  review::dispose,  Decide;
    GET  "/candidates/{id}/decision"      decision::form,         Decide;
    POST "/candidates/{id}/decision"      decision::decide,       Decide;
    GET  "/photos/{id}"                   photo::show,            SeeOwnTeam;
    GET  "/users"                         users::list,            ManageUsers;
    GET  "/users/new"                     users::form,            ManageUsers;
    POST "/users/new"                     users::add,             ManageUsers;
    POST "/users/{id}/disable"            users::disable,         ManageUsers;
    POST "/users/{id}/enable"             users::enable,          ManageUsers;
    POST "/users/{id}/reset"              users::reset,           ManageUsers;
    GET  "/watchlists"                                    watchlists::show,    SeeWatchlists;
    POST "/watchlists"                                    watchlists::create,  ChangeWatchlists;
    GET  "/watchlists/{id}"                               watchlist::show,     SeeWatchlists;
    GET  "/watchlists/{id}/versions"                      versions::show,      SeeWatchlists;
    GET  "/watchlists/{id}/import"                        import::form,        ChangeWatchlists;
    POST "/watchlists/{id}/import"                        import::upload,      ChangeWatchlists;
    GET  "/watchlists/{id}/import/{file}"                 import::preview,     SeeWatchlists;
    POST "/watchlists/{id}/import/{file}/apply"           import::apply,       AgreeToListChange;
    POST "/watchlists/{id}/import/{file}/drop"            import::drop_file,   ChangeWatchlists;
    GET  "/watchlists/{id}/entries/new"                   entry::form,         ChangeWatchlists;
    POST "/watchlists/{id}/entries/new"                   entry::add,          ChangeWatchlists;
    GET  "/watchlists/{id}/entries/{entry}"               entry::show,         SeeWatchlists;
    POST "/watchlists/{id}/entries/{entry}"               entry::save,         ChangeWatchlists;
    POST "/watchlists/{id}/entries/{entry}/status"        entry::set_status,   ChangeWatchlists;
    GET  "/watchlists/{id}/entries/{entry}/remove"        entry::ask_removal,  ChangeWatchlists;
    POST "/watchlists/{id}/entries/{entry}/remove"        entry::remove,       ChangeWatchlists;
    POST "/api/v1/candidates"             candidates_api::submit, Token SubmitCandidates;
    GET  "/api/v1/candidates/{id}"        candidates_api::show,   Token SeeOwnTeam;
    POST "/api/v1/check"                  check::check,           Token SeeOwnTeam;
    GET  "/api/v1/export.csv"             export_api::csv,        Token Export;
    GET  "/exports"                       exports::show,          SeeExports;
    GET  "/export.csv"                    exports::download,      Export;
    GET  "/audit"                         audit::show,            SeeAudit;
    GET  "/demo/remove"                   demo::ask,              RemoveDemo;
    POST "/demo/remove"                   demo::remove,           RemoveDemo;
    GET  "/about"                         about::show,            Anyone;
    GET  "/healthz"                       health::alive,          Anyone;
    GET  "/readyz"                        health::ready,          Anyone;
    GET  "/static/{name}"                 assets::serve,          Anyone;
    GET  "/robots.txt"                    assets::robots,         Anyone;
}

/// True when the page exists and this person may open it.
#[must_use]
pub fn may_open(path: &str, user: &User) -> bool {
    ROUTES.iter().any(|route| {
        route.method == "GET"
            && route.path == path
            && match route.who {
                Who::Anyone | Who::SignedIn => true,
                Who::May(action) => user.may(action),
                Who::Token(_) => false,
            }
    })
}

/// The methods that this address takes; none when there is no such address.
#[must_use]
pub fn methods_of(path: &str) -> Vec<&'static str> {
    let fits = |route: &&Route| {
        let (mut wanted, mut given) = (route.path.split('/'), path.split('/'));
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return true,
                (Some(wanted), Some(given)) if wanted == given || (wanted.starts_with('{') && !given.is_empty()) => {}
                _ => return false,
            }
        }
    };
    ROUTES.iter().filter(fits).map(|route| route.method).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("/api/v1/check", &["POST"])]
    #[case("/api/v1/candidates/x", &["GET"])]
    #[case("/api/v1/candidates/", &[])]
    #[case("/login", &["GET", "POST"])]
    #[case("/no/such/page", &[])]
    fn an_address_knows_its_methods(#[case] path: &str, #[case] methods: &[&str]) {
        assert_eq!(methods_of(path), methods);
    }
}
