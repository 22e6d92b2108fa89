//! `/audit`: who did what on which id, newest first, and whether the chain over the log still holds.

use actix_web::web::{Data, Query};
use askama::Template;
use serde_json::Value;

use crate::store::audit::{self, Entry, Filter};

use super::app::App;
use super::candidates::difference::shown;
use super::candidates::filter::address_with;
use super::candidates::labels;
use super::error::Answer;
use super::form::Form;
use super::page::Frame;
use super::session::may;

const PATH: &str = "/audit";

/// Rows of a page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    frame: Frame,
    form: Form,
    rows: Vec<Row>,
    older: Option<String>,
    is_filtered: bool,
    verify: String,
    verdict: Option<Result<String, String>>,
}

/// One event as the page shows it.
pub(super) struct Row {
    number: String,
    pub(super) entry: Entry,
    pub(super) who: String,
    pub(super) detail: Vec<(String, String)>,
}

impl Row {
    pub(super) fn of(entry: Entry) -> Self {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), shown);
        let told = entry.event.detail.iter().filter(|(_, value)| !value.is_null() && value.as_str() != Some(""));
        Self {
            number: labels::thousands(&entry.number.to_string()),
            who: shown(&entry.event.actor.name),
            detail: told.map(|(name, value)| (shown(name), text(value))).collect(),
            entry,
        }
    }
}

/// The page; with `verify=1` it also walks the chain, which changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn show(who: may::SeeAudit, query: Query<Vec<(String, String)>>, app: Data<App>) -> Answer {
    let form = Form::filled(query.into_inner());
    let store = &app.installation.store;
    let filter = Filter {
        action: form.optional("action"),
        object: form.optional("object"),
        actor: form.optional("person"),
        before: form.value("before").parse().ok(),
        ..Filter::default()
    };
    let is_filtered = filter.action.is_some() || filter.object.is_some() || filter.actor.is_some();
    let entries = audit::list(store, &filter, ROWS).await?;
    let is_full = u32::try_from(entries.len()).is_ok_and(|rows| rows == ROWS);
    let older =
        entries.last().filter(|last| is_full && last.number > 1).map(|last| address_with(PATH, &form, "before", &last.number.to_string()));
    let verdict =
        if form.value("verify").is_empty() { None } else { Some(in_words(audit::verify(store, &app.installation.audit_key()).await?)) };
    who.page(AuditPage {
        frame: who.frame("Audit"),
        verify: address_with(PATH, &form, "verify", "1"),
        rows: entries.into_iter().map(Row::of).collect(),
        form,
        older,
        is_filtered,
        verdict,
    })
}

fn in_words(outcome: Result<audit::Verified, audit::Broken>) -> Result<String, String> {
    match outcome {
        Ok(verified) => {
            let head: String = verified.head.iter().map(|byte| format!("{byte:02x}")).collect();
            Ok(format!("Chain verified up to #{}. Head: {head}", labels::thousands(&verified.rows.to_string())))
        }
        Err(broken) => Err(format!("The chain does not hold: {broken}. Rows before it are as they were written.")),
    }
}
