//! `/demo/remove`: takes away what the demonstration made, and nothing else. Administrators only.

use actix_web::web::Data;
use askama::Template;

use crate::pipeline::demo;

use super::app::App;
use super::candidates::labels;
use super::error::Answer;
use super::form::Form;
use super::page::Frame;
use super::session::may;

#[derive(Template)]
#[template(path = "demo.html")]
struct RemovePage {
    frame: Frame,
    is_present: bool,
}

/// Asks first.
///
/// # Errors
/// When the database fails.
pub async fn ask(who: may::RemoveDemo, app: Data<App>) -> Answer {
    let is_present = demo::is_present(&app.installation).await?;
    who.page(RemovePage { frame: who.frame("Remove demo data"), is_present })
}

/// Removes it.
///
/// # Errors
/// When the database fails; then everything is still there.
pub async fn remove(who: may::RemoveDemo, _form: Form, app: Data<App>) -> Answer {
    let removed = demo::remove(&app.installation, &who.actor()).await?;
    let count = |number: u64, one| labels::count(usize::try_from(number).unwrap_or(usize::MAX), one);
    who.go(
        "/",
        &format!("{} and {} of the demonstration are removed.", count(removed.candidates, "candidate"), count(removed.watchlists, "list")),
    )
}
