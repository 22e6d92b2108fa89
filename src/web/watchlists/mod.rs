//! `/watchlists`: lists, their entries, versions, and new versions from a file. HR admins change them, security and auditors
//! read; nobody else knows that they exist.
//!
//! [`list`] all lists, [`show`] one with its entries, [`entry`] one entry, [`import`] a file in two steps, [`versions`] the
//! history, [`persona`] an entry's content as pages show it and forms hold it.

pub mod entry;
pub mod import;
pub mod list;
pub mod persona;
pub mod show;
pub mod versions;

use crate::domain::id::WatchlistId;
use crate::domain::intake::Fault;
use crate::domain::watchlist::Watchlist;
use crate::pipeline::watchlists::WatchlistError;
use crate::store;

use super::app::App;
use super::error::WebError;
use super::form::Form;

/// The list of an address.
async fn find(app: &App, id: &str) -> Result<Watchlist, WebError> {
    let id = WatchlistId::parse(id).map_err(|_| WebError::NotFound)?;
    store::watchlist::find(&app.installation.store, &id).await?.ok_or(WebError::NotFound)
}

/// What is left of an error once its values were told on a form.
fn failed(error: WatchlistError) -> WebError {
    match error {
        WatchlistError::NotFound => WebError::NotFound,
        WatchlistError::Lost | WatchlistError::Guarded(_) => WebError::Conflict,
        WatchlistError::Faults(_) => WebError::Malformed,
        WatchlistError::Store(error) => error.into(),
    }
}

/// A fault in one sentence.
fn in_words(fault: &Fault) -> String {
    let value = fault.value.as_deref().map(|value| format!(" (“{}”)", super::candidates::difference::shown(value))).unwrap_or_default();
    format!("{}{value}: expected {}", fault.problem, fault.expected)
}

/// The number of the page that an address asks for, and the words it searches.
fn searched(form: &Form) -> String {
    form.optional("q").unwrap_or_default().chars().take(200).collect()
}
