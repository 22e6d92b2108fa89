//! `/queue`: cases in the order of urgency. *Review next* takes the first that waits.

use actix_web::web::{Data, Query};
use askama::Template;

use crate::domain::case::CaseStatus;
use crate::domain::user::Action;
use crate::pipeline::review;
use crate::store::case;
use crate::store::listing;
use crate::store::page::{Page, PageRequest};
use crate::store::{candidate, watchlist};

use super::app::App;
use super::candidates::filter::{self, FilterView, address_with};
use super::candidates::labels;
use super::candidates::row::{Pages, ROWS, Row, page_number};
use super::error::{Answer, WebError};
use super::form::Form;
use super::page::Frame;
use super::session::may;

const PATH: &str = "/queue";

/// A tab of the page.
struct Tab {
    label: &'static str,
    href: String,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    frame: Frame,
    filter: FilterView,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    pages: Pages,
    may_decide: bool,
    waiting: i64,
    waiting_in_words: String,
    caption: &'static str,
    nothing: &'static str,
}

/// Word in the address, label, heading of the table, what an empty one says.
const TABS: &[(&str, &str, &str, &str)] = &[
    ("", "Waiting", "Cases that wait", "Nothing waits"),
    ("mine", "Mine", "Cases you have taken", "You have taken no case"),
    ("all", "All", "All cases", "No cases yet"),
];

/// The page.
///
/// # Errors
/// When the database fails.
pub async fn show(who: may::SeeQueue, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let mut form = Form::filled(query.into_inner());
    let scope = who.user().scope().ok_or(WebError::Forbidden)?;
    let mut asked = filter::read(&mut form, who.user().may(Action::SeeEvidence));
    let tab = TABS.iter().find(|tab| tab.0 == form.value("tab")).unwrap_or(&TABS[0]);
    let request = PageRequest::of(page_number(&form), ROWS);
    let page = if !form.faults().is_empty() {
        Page { rows: Vec::new(), total: 0 }
    } else if tab.0 == "mine" {
        listing::taken_by(&app.installation.store, &scope, &asked, &who.user().id, request).await?
    } else {
        if asked.status.is_empty() {
            asked.status = if tab.0 == "all" { CaseStatus::ALL.to_vec() } else { vec![CaseStatus::Waiting] };
        }
        listing::queue(&app.installation.store, &scope, &asked, request).await?
    };
    let waiting = case::count_by_status(&app.installation.store, &scope).await?.waiting;
    let teams = candidate::teams(&app.installation.store, &scope).await?;
    let lists: Vec<String> = watchlist::list(&app.installation.store).await?.into_iter().map(|list| list.name).collect();
    let shown = QueuePage {
        frame: Frame { faulty: !form.faults().is_empty(), ..who.frame("Queue") },
        filter: FilterView::of(PATH, &form, true, &teams, &lists),
        tabs: TABS
            .iter()
            .map(|(word, label, _, _)| Tab { label, href: address_with(PATH, &form, "tab", word), is_current: *word == tab.0 })
            .collect(),
        rows: page.rows.iter().map(|listed| Row::of(listed, true)).collect(),
        pages: Pages::of(PATH, &form, &page),
        may_decide: who.user().may(Action::Decide),
        waiting,
        waiting_in_words: waiting_in_words(waiting),
        caption: tab.2,
        nothing: tab.3,
    };
    if form.faults().is_empty() { who.page(shown) } else { who.invalid(shown) }
}

/// `7 cases wait.`
fn waiting_in_words(waiting: i64) -> String {
    match usize::try_from(waiting).unwrap_or(0) {
        0 => "Nothing waits.".to_owned(),
        1 => "1 case waits.".to_owned(),
        more => format!("{} wait.", labels::count(more, "case")),
    }
}

/// Takes the first case that waits and goes to its candidate.
///
/// # Errors
/// When the database fails.
pub async fn next(who: may::Decide, _form: Form, app: Data<App>) -> Answer {
    match review::next(&app.installation, who.user()).await? {
        Some(candidate) => who.go(&format!("/candidates/{candidate}"), "This case is yours now."),
        None => who.go(PATH, "Nothing waits."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_said_in_words() {
        assert_eq!(waiting_in_words(0), "Nothing waits.");
        assert_eq!(waiting_in_words(1), "1 case waits.");
        assert_eq!(waiting_in_words(3204), "3,204 cases wait.");
    }
}
