//! `/api/v1/check`: findings of what is sent, against what is sent with it. Nothing is stored and nothing stored is asked, so
//! nobody can learn here who is listed.

use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};

use tokio::sync::OwnedSemaphorePermit;

use crate::domain::intake::Fault;
use crate::domain::time::Timestamp;
use crate::domain::user::Action;
use crate::pipeline::check::{self, Answer, Faulty};
use crate::web::app::App;
use crate::web::error::WebError;

use super::body;
use super::problem::Problem;
use super::query;
use super::token::Caller;

const LINES: &str = "application/x-ndjson";
const TYPES: &str = "application/json with one object, or application/x-ndjson with one a line";

/// Checks one object, or every line: one answer a line, a faulty line's faults in its place.
///
/// # Errors
/// [`Problem`]; for one object also the faults of its values.
pub async fn check(caller: Caller, request: HttpRequest, payload: Payload, app: Data<App>) -> Result<HttpResponse, Problem> {
    caller.must(Action::SeeOwnTeam)?;
    query::none(&request)?;
    let place = app.checks.enter().await?;
    let today = app.installation.clock.now();
    let by_line = request.content_type().eq_ignore_ascii_case(LINES);
    let kind = if by_line { LINES } else { "application/json" };
    let bytes = body::bytes_of(&request, payload, kind, TYPES).await?;
    if by_line {
        let lines = blocking(place, move || check_lines(&bytes, today)).await?;
        return Ok(HttpResponse::Ok().content_type(LINES).body(lines));
    }
    let document = body::document(&bytes)?;
    let checked = blocking(place, move || check::check_value(&document, 1, today)).await?;
    match checked {
        Answer::Checked(checked) => Ok(HttpResponse::Ok().json(checked)),
        Answer::Faulty(Faulty { errors, .. }) => {
            // The one object of a body may stand on many lines, so a line number would mislead.
            Err(Problem::Values(errors.into_iter().map(|fault| Fault { line: None, ..fault }).collect()))
        }
    }
}

/// The place moves into the work: who hangs up still holds it until the work is done.
async fn blocking<T: Send + 'static>(place: OwnedSemaphorePermit, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let done = actix_web::web::block(move || {
        let answer = work();
        drop(place);
        answer
    });
    done.await.map_err(|_| WebError::Busy { retry_after_s: 5 }.into())
}

fn check_lines(bytes: &[u8], today: Timestamp) -> String {
    let mut answers = String::new();
    for (number, line) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = check::check_text(line, number, today);
        answers.push_str(&serde_json::to_string(&answer).unwrap_or_default());
        answers.push('\n');
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_answered_in_its_place() {
        let text = "{\"name\":\"Ana Reyes\",\"emails\":[\"a@x.example\"]}\n\n{\"name\":\"B\"}\r\n{";
        let answers = check_lines(text.as_bytes(), Timestamp::from_ms(0));
        let lines: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0]["attention"], "clear");
        assert_eq!((lines[1]["line"].as_u64(), lines[1]["errors"][0]["path"].as_str()), (Some(3), Some("emails")));
        assert_eq!(lines[2]["line"], 4);
    }
}
