//! `/watchlists/{id}/versions`: who changed the list when, and what each version found and took away.

use actix_web::web::{Data, Path, Query};
use askama::Template;

use crate::domain::watchlist::Watchlist;
use crate::store;
use crate::store::page::PageRequest;
use crate::store::watchlist::PublishedVersion;
use crate::web::app::App;
use crate::web::candidates::difference::shown;
use crate::web::candidates::filter::address;
use crate::web::candidates::labels;
use crate::web::candidates::row::{Pages, ROWS, page_number};
use crate::web::error::Answer;
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::may;

use super::find;

#[derive(Template)]
#[template(path = "watchlists/versions.html")]
struct VersionsPage {
    frame: Frame,
    list: Watchlist,
    versions: Vec<PublishedVersion>,
    pages: Pages,
    hits: String,
}

impl VersionsPage {
    fn number(&self, number: &i64) -> String {
        labels::thousands(&number.to_string())
    }

    fn safe(&self, text: &str) -> String {
        shown(text)
    }
}

/// The page.
///
/// # Errors
/// Not found for no list.
pub async fn show(who: may::SeeWatchlists, id: Path<String>, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let list = find(&app, &id).await?;
    let form = Form::filled(query.into_inner());
    let page = store::watchlist::versions(&app.installation.store, list.number, PageRequest::of(page_number(&form), ROWS)).await?;
    let path = format!("/watchlists/{}", list.id);
    who.page(VersionsPage {
        frame: who.frame(format!("Versions of {}", list.name)).under("Watchlists", "/watchlists").under(list.name.clone(), path.clone()),
        pages: Pages::of(&format!("{path}/versions"), &form, &page),
        hits: address("/candidates", [("list", list.name.as_str())].into_iter()),
        versions: page.rows,
        list,
    })
}
