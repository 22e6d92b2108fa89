//! `/watchlists/{id}`: one list with its entries, searched and in pages.

use actix_web::web::{Data, Path, Query};
use askama::Template;

use crate::domain::time::Timestamp;
use crate::domain::user::Action;
use crate::domain::watchlist::{Entry, EntryStatus, Watchlist};
use crate::pipeline::list_proposals;
use crate::store;
use crate::store::list_proposal::ListProposal;
use crate::store::page::PageRequest;
use crate::web::app::App;
use crate::web::candidates::difference::shown;
use crate::web::candidates::labels;
use crate::web::candidates::row::{Pages, ROWS, page_number};
use crate::web::error::Answer;
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::may;

use super::persona::{self, Shown};
use super::{find, searched};

/// An entry in the table.
pub(super) struct EntryRow {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) other_names: Vec<String>,
    pub(super) identifiers: Vec<Shown>,
    pub(super) source: Option<String>,
    pub(super) confidence: Option<u8>,
    pub(super) as_of: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) status: &'static str,
    /// Why it gives less than its identifiers would; none when it counts fully.
    pub(super) counts_less: Option<&'static str>,
}

impl EntryRow {
    pub(super) fn of(list: &Watchlist, entry: &Entry, now: Timestamp) -> Self {
        let content = &entry.persona;
        Self {
            href: format!("/watchlists/{}/entries/{}", list.id, entry.id),
            title: shown(&content.title()),
            other_names: content.names.iter().skip(1).map(|name| shown(name.as_str())).collect(),
            identifiers: persona::identifiers(content),
            source: content.source.as_deref().map(shown),
            confidence: content.confidence,
            as_of: content.as_of.map(|date| date.to_string()),
            expires: content.expires.map(|date| date.to_string()),
            status: entry.status.as_str(),
            counts_less: counts_less(entry, now),
        }
    }
}

/// CONTRACT section 3: what gives nothing, and what gives context only.
pub(super) fn counts_less(entry: &Entry, now: Timestamp) -> Option<&'static str> {
    let content = &entry.persona;
    if entry.status == EntryStatus::Paused {
        Some("Paused: gives no finding")
    } else if content.expires.is_some_and(|last| last.last_day() < now.date()) {
        Some("Expired: gives no finding")
    } else if entry.status == EntryStatus::Disputed {
        Some("Disputed: gives context only")
    } else if content.confidence.is_some_and(|number| number < 50) {
        Some("Confidence below 50: gives context only")
    } else if content.is_name_only() {
        Some("Nothing but a name: gives context only")
    } else {
        None
    }
}

#[derive(Template)]
#[template(path = "watchlists/show.html")]
struct ShowPage {
    frame: Frame,
    list: Watchlist,
    path: String,
    search: String,
    entries: Vec<EntryRow>,
    pages: Pages,
    waiting: Vec<ListProposal>,
    may_change: bool,
}

impl ShowPage {
    fn entries_in_words(&self) -> String {
        match self.list.entries {
            1 => "1 entry".to_owned(),
            more => format!("{} entries", labels::thousands(&more.to_string())),
        }
    }
}

/// The page.
///
/// # Errors
/// Not found for no list.
pub async fn show(who: may::SeeWatchlists, id: Path<String>, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let list = find(&app, &id).await?;
    let form = Form::filled(query.into_inner());
    let search = searched(&form);
    let store = &app.installation.store;
    let page = store::entry::list(store, list.number, &search, PageRequest::of(page_number(&form), ROWS)).await?;
    let now = app.installation.clock.now();
    let path = format!("/watchlists/{}", list.id);
    who.page(ShowPage {
        frame: who.frame(list.name.clone()).under("Watchlists", "/watchlists"),
        entries: page.rows.iter().map(|entry| EntryRow::of(&list, entry, now)).collect(),
        pages: Pages::of(&path, &form, &page),
        waiting: list_proposals::waiting(&app.installation, &list.id).await?,
        may_change: who.user().may(Action::ChangeWatchlists),
        path,
        search,
        list,
    })
}
