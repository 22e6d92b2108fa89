//! `/api/v1/export.csv`: the file of the export page, by the same filter words.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::domain::intake::Fault;
use crate::domain::user::Action;
use crate::web::app::App;
use crate::web::exports;

use super::problem::Problem;
use super::query;
use super::token::Caller;

/// Words of the filter (CONTRACT section 6), and what a row stands for.
const KNOWN: &[&str] = &["attention", "severity", "code", "list", "team", "stage", "status", "decision", "from", "to", exports::ROWS];

/// Streams the file.
///
/// # Errors
/// [`Problem`] for words that are not known.
pub async fn csv(caller: Caller, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.must(Action::Export)?;
    let mut form = query::read(&request, KNOWN)?;
    let (filter, rows) = exports::read(&mut form);
    if form.faults().is_empty() {
        return Ok(exports::file(&app, caller.user(), filter, rows).await?);
    }
    let fault = |fault: &crate::web::form::Fault| Fault::from_error(&fault.field, Some(form.value(&fault.field)), &fault.message);
    Err(Problem::Values(form.faults().iter().map(fault).collect()))
}
