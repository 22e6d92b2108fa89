//! `/watchlists`: every list, and the form for a new one.

use actix_web::web::Data;
use askama::Template;

use crate::domain::user::Action;
use crate::domain::watchlist::Watchlist;
use crate::pipeline::watchlists::{self, WatchlistError};
use crate::store;
use crate::web::app::App;
use crate::web::candidates::labels;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};

use super::failed;

#[derive(Template)]
#[template(path = "watchlists/list.html")]
struct ListPage {
    frame: Frame,
    form: Form,
    lists: Vec<Watchlist>,
    may_change: bool,
}

impl ListPage {
    fn number(&self, number: &i64) -> String {
        labels::thousands(&number.to_string())
    }
}

/// The page.
///
/// # Errors
/// When the database fails.
pub async fn show(who: may::SeeWatchlists, app: Data<App>) -> Answer {
    who.page(page(&who, &app, Form::blank()).await?)
}

async fn page(who: &SignedIn, app: &App, form: Form) -> Result<ListPage, WebError> {
    let lists = store::watchlist::list(&app.installation.store).await?;
    Ok(ListPage { frame: who.form_frame("Watchlists", &form), form, lists, may_change: who.user().may(Action::ChangeWatchlists) })
}

/// Makes an empty list.
///
/// # Errors
/// When the database fails.
pub async fn create(who: may::ChangeWatchlists, mut form: Form, app: Data<App>) -> Answer {
    let Some(name) = form.text("name", "Name", 80) else { return who.invalid(page(&who, &app, form).await?) };
    match watchlists::create(&app.installation, &who.actor(), &name).await {
        Ok(id) => who.go(&format!("/watchlists/{id}"), "The list is made. Import a file or add an entry."),
        Err(WatchlistError::Faults(faults)) => {
            for fault in faults {
                form.fault("name", format!("Name {}: expected {}", fault.problem, fault.expected));
            }
            who.invalid(page(&who, &app, form).await?)
        }
        Err(error) => Err(failed(error)),
    }
}
