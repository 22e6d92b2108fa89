//! `/exports`: choose what to take away, see the first rows, and who took what before. `/export.csv` is the file.

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use futures_util::TryStreamExt;

use crate::domain::case::CaseStatus;
use crate::domain::screening::Attention;
use crate::domain::user::{Action, Actor, Scope, User};
use crate::pipeline::export::{self, ExportOrder, Rows};
use crate::store::filter::Filter;
use crate::store::listing;
use crate::store::page::{MOST_COUNTED, PageRequest};
use crate::store::{audit, candidate, watchlist};

use super::app::App;
use super::audit as log;
use super::candidates::filter::{self, Choice, FilterView, address_with};
use super::candidates::labels;
use super::candidates::row::Row;
use super::error::{Answer, WebError};
use super::form::Form;
use super::page::Frame;
use super::session::{SignedIn, may};

const PATH: &str = "/exports";
const FILE: &str = "/export.csv";
/// Rows shown before the file is taken.
const FIRST: i64 = 5;
/// Events of the history.
const HISTORY: u32 = 25;
/// Parameter for what a row stands for.
pub const ROWS: &str = "rows";

/// What an export page or address asks for. A word that is not known becomes a fault of the form.
pub fn read(form: &mut Form) -> (Filter, Rows) {
    let mut filter = filter::read(form, true);
    if filter.attention.is_empty() {
        // CONTRACT section 6: without it, what a person should look at.
        filter.attention = vec![Attention::Review, Attention::High];
    }
    let rows = match form.value(ROWS) {
        "" | "candidates" => Rows::Candidates,
        "findings" => Rows::Findings,
        _ => {
            form.fault(ROWS, "Rows does not know this word: expected one of candidates, findings");
            Rows::Candidates
        }
    };
    (filter, rows)
}

/// The file, as it is made; who took it is in the audit log before the first byte leaves.
///
/// # Errors
/// When the database fails.
pub async fn file(app: &App, user: &User, filter: Filter, rows: Rows) -> Result<HttpResponse, WebError> {
    let scope = user.scope().ok_or(WebError::Forbidden)?;
    let order = ExportOrder { actor: Actor::person(user), scope, sees_both_sides: user.may(Action::SeeEvidence), filter, rows };
    let chunks = export::csv(&app.installation, order).await?;
    let what = if rows == Rows::Findings { "findings" } else { "candidates" };
    let name = format!("bonafide-{what}-{}.csv", app.installation.clock.now().date());
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .streaming(chunks.map_ok(Bytes::from)))
}

#[derive(Template)]
#[template(path = "exports.html")]
struct ExportsPage {
    frame: Frame,
    take: Option<Take>,
    history: Vec<log::Row>,
}

/// The part for who may take candidates out.
struct Take {
    filter: FilterView,
    as_findings: bool,
    by_candidate: String,
    by_finding: String,
    download: String,
    total: String,
    rows: Vec<Row>,
}

/// The page: the filter for who exports, the history for all who see it.
///
/// # Errors
/// When the database fails.
pub async fn show(who: may::SeeExports, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    answer(&who, &app, Form::filled(query.into_inner())).await
}

async fn answer(who: &SignedIn, app: &App, mut form: Form) -> Answer {
    let take = match who.user().scope().filter(|_| who.user().may(Action::Export)) {
        Some(scope) => Some(take(app, &scope, &mut form).await?),
        None => None,
    };
    let page = ExportsPage { frame: who.form_frame("Exports", &form), take, history: history(app).await? };
    if form.faults().is_empty() { who.page(page) } else { who.invalid(page) }
}

async fn take(app: &App, scope: &Scope, form: &mut Form) -> Result<Take, WebError> {
    let store = &app.installation.store;
    let (asked, rows) = read(form);
    let teams = candidate::teams(store, scope).await?;
    let lists: Vec<String> = watchlist::list(store).await?.into_iter().map(|list| list.name).collect();
    let mut filter = FilterView::of(PATH, form, true, &teams, &lists);
    let status = |word: &CaseStatus| (word.as_str().to_owned(), labels::capitalized(word.as_str()), form.has("status", word.as_str()));
    filter.choices.push(Choice { name: "status", label: "Case", options: CaseStatus::ALL.iter().map(status).collect() });
    filter.kept.extend((rows == Rows::Findings).then(|| (ROWS.to_owned(), "findings".to_owned())));
    let page = if form.faults().is_empty() {
        listing::candidates(store, scope, &asked, PageRequest { offset: 0, limit: FIRST }).await?
    } else {
        crate::store::page::Page { rows: Vec::new(), total: 0 }
    };
    let total = labels::count(usize::try_from(page.total.min(MOST_COUNTED)).unwrap_or(0), "candidate");
    Ok(Take {
        filter,
        as_findings: rows == Rows::Findings,
        by_candidate: address_with(PATH, form, ROWS, ""),
        by_finding: address_with(PATH, form, ROWS, "findings"),
        download: filter::address(FILE, form.pairs().filter(|(_, value)| !value.trim().is_empty())),
        total: if page.is_longer() { format!("more than {total}") } else { total },
        rows: page.rows.iter().map(|listed| Row::of(listed, true)).collect(),
    })
}

/// Starts and ends of exports, the latest first: one that broke off has a start alone.
async fn history(app: &App) -> Result<Vec<log::Row>, WebError> {
    let mut entries = Vec::new();
    for action in ["export.started", "export.finished"] {
        let filter = audit::Filter { action: Some(action.to_owned()), ..audit::Filter::default() };
        entries.extend(audit::list(&app.installation.store, &filter, HISTORY).await?);
    }
    entries.sort_unstable_by_key(|entry| std::cmp::Reverse(entry.number));
    entries.truncate(HISTORY as usize);
    Ok(entries.into_iter().map(log::Row::of).collect())
}

/// The file by its address; a filter that cannot be used brings back the page.
///
/// # Errors
/// When the database fails.
pub async fn download(who: may::Export, request: HttpRequest, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let mut form = Form::filled(query.into_inner());
    let (filter, rows) = read(&mut form);
    if !form.faults().is_empty() {
        return answer(&who, &app, Form::filled(form.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())))).await;
    }
    // A page of another site could make the browser fetch it: harmless to read, but the log would tell of an export.
    if request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return Err(WebError::ForeignForm);
    }
    file(&app, who.user(), filter, rows).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> Form {
        Form::filled(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn without_attention_an_export_holds_what_a_person_should_look_at() {
        let (filter, rows) = read(&mut form(&[("stage", "offer")]));
        assert_eq!((filter.attention, rows), (vec![Attention::Review, Attention::High], Rows::Candidates));
        let (filter, rows) = read(&mut form(&[("attention", "clear"), ("rows", "findings")]));
        assert_eq!((filter.attention, rows), (vec![Attention::Clear], Rows::Findings));
    }

    #[test]
    fn unknown_words_are_faults() {
        let mut form = form(&[("rows", "people"), ("attention", "urgent")]);
        let _asked = read(&mut form);
        assert_eq!(form.faults().len(), 2);
    }
}
