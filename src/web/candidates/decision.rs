//! `/candidates/{id}/decision`: a named person's verdict with a reason. Who comes second is shown what stands now, and what
//! they typed; nothing is overwritten.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::domain::case::{Case, Decision, DecisionVerdict};
use crate::domain::id::CandidateId;
use crate::domain::user::User;
use crate::pipeline::case_file::{self, CaseFile};
use crate::pipeline::review::{self, ReviewError};
use crate::web::app::App;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::page::Frame;
use crate::web::session::{SignedIn, may};

use super::difference::shown;
use super::labels;
use super::review::{candidate, version};

/// One of the five verdicts.
struct Verdict {
    word: &'static str,
    label: &'static str,
    says: &'static str,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "candidates/decision.html")]
struct DecisionPage {
    frame: Frame,
    form: Form,
    name: String,
    href: String,
    attention: Option<&'static str>,
    headline: String,
    unreviewed: usize,
    verdicts: Vec<Verdict>,
    version: i64,
    earlier: Vec<Decision>,
    lost: Option<String>,
}

/// The form.
///
/// # Errors
/// Not found when there is no such candidate, or nothing to decide on; or when the database fails.
pub async fn form(who: may::Decide, id: Path<String>, app: Data<App>) -> Answer {
    let id = candidate(&id)?;
    let (file, case) = open(&app, who.user(), &id).await?;
    who.page(page(&who, &file, &case, Form::blank(), None))
}

/// Decides.
///
/// # Errors
/// As [`form`]. A lost race is no error but the page again, with what stands now.
pub async fn decide(who: may::Decide, id: Path<String>, mut form: Form, app: Data<App>) -> Answer {
    let id = candidate(&id)?;
    let version = version(&form)?;
    let reason = form.value("reason").to_owned();
    let Some(verdict) = DecisionVerdict::parse(form.value("verdict")) else {
        form.fault("verdict", "Choose a decision");
        return again(&who, &app, &id, form, None).await;
    };
    match review::decide(&app.installation, who.user(), &id, verdict, &reason, version).await {
        Ok(()) => who.go(&format!("/candidates/{id}"), &format!("Decided: {}.", verdict.label())),
        Err(ReviewError::Faults(faults)) => {
            for fault in faults {
                form.fault("reason", format!("Reason {}: expected {}", fault.problem, fault.expected));
            }
            again(&who, &app, &id, form, None).await
        }
        Err(ReviewError::Lost { now }) => again(&who, &app, &id, form, Some(now)).await,
        Err(other) => Err(other.into()),
    }
}

/// The page with what was typed, and the version that stands now.
async fn again(who: &SignedIn, app: &App, id: &CandidateId, form: Form, lost: Option<String>) -> Answer {
    let (file, case) = open(app, who.user(), id).await?;
    let status = if lost.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    who.answer(status, page(who, &file, &case, form, lost))
}

async fn open(app: &App, reader: &User, id: &CandidateId) -> Result<(CaseFile, Case), WebError> {
    let file = case_file::find(&app.installation, reader, id).await?.ok_or(WebError::NotFound)?;
    let case = file.case.clone().ok_or(WebError::NotFound)?;
    Ok((file, case))
}

const SAYS: &[&str] = &[
    "Nothing stands against the candidate.",
    "Something must be checked with the candidate first.",
    "Too much does not fit to go on.",
    "The identity is a fabrication, confirmed by evidence.",
    "The identity belongs to someone else, who is a victim.",
];

fn page(who: &SignedIn, file: &CaseFile, case: &Case, form: Form, lost: Option<String>) -> DecisionPage {
    let name = shown(&file.candidate.name);
    let href = format!("/candidates/{}", file.candidate.id);
    let findings = file.screening.as_ref().map(|screening| screening.findings.as_slice()).unwrap_or_default();
    let verdicts = DecisionVerdict::ALL.iter().zip(SAYS).map(|(verdict, says)| Verdict {
        word: verdict.as_str(),
        label: verdict.label(),
        says,
        is_chosen: form.has("verdict", verdict.as_str()),
    });
    let mut frame = who.form_frame("Decision", &form).under("Candidates", "/candidates").under(name.clone(), href.clone());
    frame.faulty |= lost.is_some();
    DecisionPage {
        frame,
        attention: file.screening.as_ref().map(|screening| screening.attention.as_str()),
        headline: labels::count(findings.len(), "finding"),
        unreviewed: findings.iter().filter(|finding| finding.disposition.is_none()).count(),
        verdicts: verdicts.collect(),
        version: case.version,
        earlier: file.decisions.clone(),
        name,
        href,
        form,
        lost,
    }
}
