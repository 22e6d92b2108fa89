//! `/api/v1/candidates`: submit one, and read what is known of one.

use actix_web::http::header;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::domain::id::CandidateId;
use crate::domain::intake::Fault;
use crate::domain::user::{Action, User};
use crate::exchange::intake::{self, IntakeRead, ReadOptions};
use crate::pipeline::case_file::{self, CaseFile, ScreeningView};
use crate::pipeline::submit::{self, Origin, Sent, Submitted};
use crate::pipeline::submit_once::{OnceError, submit_once};
use crate::web::app::App;
use crate::web::error::WebError;

use super::body;
use super::problem::Problem;
use super::query;
use super::token::Caller;

/// Header by which a sender names a request that it may send again.
const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Longest such name.
const KEY_MAX: usize = 255;

/// Takes a candidate: 201 with its address, 200 when the same had been sent before. The screening follows.
///
/// # Errors
/// [`Problem`]; then nothing was stored.
pub async fn submit(caller: Caller, request: HttpRequest, payload: Payload, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.must(Action::SubmitCandidates)?;
    query::none(&request)?;
    let key = idempotency_key(&request)?;
    let place = app.intakes.enter().await?;
    let sent = body::candidate(&request, payload).await?;
    let sent = read(&app, caller.user(), sent).await?;
    let origin = Origin::of(caller.actor());
    let submitted = match key {
        Some(key) => submit_once(&app.installation, sent, &origin, &format!("api {key}")).await.map_err(told_once)?,
        None => submit::submit(&app.installation, sent, &origin).await?,
    };
    drop(place);
    Ok(answer(&submitted))
}

fn told_once(error: OnceError) -> Problem {
    match error {
        OnceError::OtherBody => {
            Problem::value(IDEMPOTENCY_KEY, None, "was used for other content", "another key, or the content sent first")
        }
        OnceError::Submit(error) => error.into(),
    }
}

fn answer(submitted: &Submitted) -> HttpResponse {
    let mut answer = if submitted.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    answer.insert_header((header::LOCATION, format!("/api/v1/candidates/{}", submitted.candidate)));
    answer.json(json!({
        "id": submitted.candidate,
        "external_id": submitted.external_id,
        "submission_id": submitted.submission,
        "screening": {"state": "queued"},
    }))
}

/// Reads the document off the threads that answer requests: 16 MB of it take a while.
async fn read(app: &App, user: &User, sent: body::Sent) -> Result<Sent, Problem> {
    let options = ReadOptions { account_key: app.installation.account_key(), allow_files: false };
    let user = user.clone();
    let read = actix_web::web::block(move || typed(&sent, &options, &user)).await;
    read.map_err(|_| WebError::Busy { retry_after_s: 5 })?.map_err(Problem::Values)
}

/// The intake, or the faults of the parts, the document and the team together.
fn typed(sent: &body::Sent, options: &ReadOptions, user: &User) -> Result<Sent, Vec<Fault>> {
    let mut faults = sent.faults.clone();
    let read = intake::read(&sent.document, options).map_err(|found| faults.extend(found)).ok();
    let asked = sent.document.get("team").and_then(Value::as_str).map(str::trim).filter(|team| !team.is_empty());
    let team = asked.unwrap_or(&user.team);
    if team != user.team && !user.may(Action::SeeAllTeams) {
        faults.push(Fault::new("team", Some(team), "is not your team", format!("{}, or the key left out", user.team)));
    }
    match read {
        Some(IntakeRead { intake, pictures, .. }) if faults.is_empty() => Ok(Sent { intake, pictures, team: team.to_owned() }),
        _ => Err(faults),
    }
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().map(str::trim).filter(|key| (1..=KEY_MAX).contains(&key.len()));
    match key {
        Some(key) => Ok(Some(key.to_owned())),
        None => Err(Problem::value(IDEMPOTENCY_KEY, None, "is not a key", "1 to 255 visible ASCII characters")),
    }
}

/// Everything that is known of a candidate, cut to what the token's user may see.
///
/// # Errors
/// Not found for a candidate that does not exist or belongs to another team.
pub async fn show(caller: Caller, id: Path<String>, request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.must(Action::SeeOwnTeam)?;
    query::none(&request)?;
    let id = CandidateId::parse(&id).map_err(|_| WebError::NotFound)?;
    let file = case_file::find(&app.installation, caller.user(), &id).await?.ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok().json(shown(&file, caller.user().may(Action::SeeEvidence))))
}

/// The shape of CONTRACT section 6.
fn shown(file: &CaseFile, sees_lists: bool) -> Value {
    let submissions = file.submissions.iter().map(|one| json!({"id": one.id, "received_at": one.received_at, "by": one.by}));
    let mut linked: Vec<&CandidateId> = file.linked.iter().map(|link| &link.candidate).collect();
    linked.sort_unstable();
    linked.dedup();
    json!({
        "id": file.candidate.id,
        "external_id": file.candidate.external_id,
        "team": file.candidate.team,
        "stage": file.candidate.stage,
        "intake": intake::write(&file.intake),
        "submissions": submissions.collect::<Vec<_>>(),
        "linked": linked,
        "screening": screening(file, sees_lists),
        "case": file.case.as_ref().map(|case| json!({"status": case.status, "assignee": case.assignee})),
        "decision": file.decisions.first(),
    })
}

fn screening(file: &CaseFile, sees_lists: bool) -> Value {
    let Some(done) = &file.screening else {
        let no_lists = if sees_lists { json!([]) } else { Value::Null };
        return json!({
            "state": file.state, "as_of": null, "finished_at": null, "attention": null, "sources": [], "rule_version": null,
            "list_versions": no_lists, "findings": [], "checks": [],
        });
    };
    let ScreeningView { as_of, finished_at, attention, sources, rule_version, list_versions, findings, checks, .. } = done;
    json!({
        "state": file.state, "as_of": as_of, "finished_at": finished_at, "attention": attention, "sources": sources,
        "rule_version": rule_version, "list_versions": list_versions, "findings": findings, "checks": checks,
    })
}
