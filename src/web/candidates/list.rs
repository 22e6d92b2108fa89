//! `/candidates`: everyone the reader sees, filtered and ordered by the address.

use actix_web::web::{Data, Query};
use askama::Template;

use crate::domain::user::Action;
use crate::store::listing::{self, Order};
use crate::store::page::{Page, PageRequest};
use crate::store::{candidate, watchlist};
use crate::web::app::App;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::may;

use super::filter::{self, FilterView, address_with};
use super::row::{Pages, ROWS, Row, page_number};

const PATH: &str = "/candidates";

/// A column's heading.
struct Head {
    label: &'static str,
    href: Option<String>,
    order: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "candidates/list.html")]
struct ListPage {
    frame: Frame,
    filter: FilterView,
    heads: Vec<Head>,
    rows: Vec<Row>,
    pages: Pages,
    may_submit: bool,
    sees_cases: bool,
}

/// The page.
///
/// # Errors
/// When the database fails.
pub async fn show(who: may::SeeOwnTeam, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let mut form = Form::filled(query.into_inner());
    let sees_evidence = who.user().may(Action::SeeEvidence);
    let scope = who.user().scope().ok_or(WebError::Forbidden)?;
    let asked = filter::read(&mut form, sees_evidence);
    let order = Order::parse(form.value("sort"));
    let page = if form.faults().is_empty() {
        listing::candidates_in(&app.installation.store, &scope, &asked, order, PageRequest::of(page_number(&form), ROWS)).await?
    } else {
        Page { rows: Vec::new(), total: 0 }
    };
    let teams = candidate::teams(&app.installation.store, &scope).await?;
    let lists = if sees_evidence {
        watchlist::list(&app.installation.store).await?.into_iter().map(|list| list.name).collect()
    } else {
        Vec::new()
    };
    let sees_cases = who.user().may(Action::SeeQueue);
    let shown = ListPage {
        frame: Frame { faulty: !form.faults().is_empty(), ..who.frame("Candidates") },
        filter: FilterView::of(PATH, &form, sees_evidence, &teams, &lists),
        heads: heads(&form, order, sees_cases),
        rows: page.rows.iter().map(|listed| Row::of(listed, sees_evidence)).collect(),
        pages: Pages::of(PATH, &form, &page),
        may_submit: who.user().may(Action::SubmitCandidates),
        sees_cases,
    };
    if form.faults().is_empty() { who.page(shown) } else { who.invalid(shown) }
}

/// The columns behind the name; two of them order the list.
fn heads(form: &Form, order: Order, sees_cases: bool) -> Vec<Head> {
    let plain = |label| Head { label, href: None, order: None };
    let by_attention = Head {
        label: "Attention",
        href: Some(address_with(PATH, form, "sort", "attention")),
        order: (order == Order::Attention).then_some("descending"),
    };
    let by_arrival = match order {
        Order::Latest => Head { label: "Received", href: Some(address_with(PATH, form, "sort", "oldest")), order: Some("descending") },
        Order::Oldest => Head { label: "Received", href: Some(address_with(PATH, form, "sort", "")), order: Some("ascending") },
        Order::Attention => Head { label: "Received", href: Some(address_with(PATH, form, "sort", "")), order: None },
    };
    let mut heads = vec![by_attention, plain("Strongest finding")];
    heads.extend(sees_cases.then(|| plain("Case")));
    heads.extend([plain("Decision"), plain("Team"), by_arrival]);
    heads
}
