//! What a reviewer does on a candidate's page beside deciding: take a case, put it back, judge a finding.

use actix_web::web::{Data, Path};

use crate::domain::case::DispositionVerdict;
use crate::domain::id::{CandidateId, FindingId};
use crate::pipeline::review::{self, ReviewError};
use crate::web::app::App;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::session::may;

impl From<ReviewError> for WebError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::NotFound => Self::NotFound,
            ReviewError::Lost { .. } => Self::Conflict,
            ReviewError::Faults(_) => Self::Malformed,
            ReviewError::Store(error) => error.into(),
        }
    }
}

/// The candidate an address names; another text is as if absent.
pub(super) fn candidate(text: &str) -> Result<CandidateId, WebError> {
    CandidateId::parse(text).map_err(|_| WebError::NotFound)
}

/// The version of the case that the page was made from.
pub(super) fn version(form: &Form) -> Result<i64, WebError> {
    form.value("version").parse().map_err(|_| WebError::Malformed)
}

/// Takes the case.
///
/// # Errors
/// [`WebError::Conflict`] when someone was first, not found, or when the database fails.
pub async fn take(who: may::Decide, id: Path<String>, form: Form, app: Data<App>) -> Answer {
    let id = candidate(&id)?;
    review::take(&app.installation, who.user(), &id, version(&form)?).await?;
    who.go(&format!("/candidates/{id}"), "This case is yours now.")
}

/// Puts the case back into the queue.
///
/// # Errors
/// As [`take`].
pub async fn release(who: may::Decide, id: Path<String>, form: Form, app: Data<App>) -> Answer {
    let id = candidate(&id)?;
    review::release(&app.installation, who.user(), &id, version(&form)?).await?;
    who.go(&format!("/candidates/{id}"), "The case waits in the queue again.")
}

/// Judges one finding and goes back to it.
///
/// # Errors
/// As [`take`]; [`WebError::Malformed`] without a verdict.
pub async fn dispose(who: may::Decide, path: Path<(String, String)>, form: Form, app: Data<App>) -> Answer {
    let (id, finding) = path.into_inner();
    let id = candidate(&id)?;
    let finding = FindingId::parse(&finding).map_err(|_| WebError::NotFound)?;
    let verdict = DispositionVerdict::parse(form.value("verdict")).ok_or(WebError::Malformed)?;
    review::dispose(&app.installation, who.user(), &id, &finding, verdict, form.value("note")).await?;
    // The place on the page, because weighing anew gives findings new ids.
    let place: u32 = form.value("place").parse().unwrap_or(1);
    who.go(&format!("/candidates/{id}#finding-{place}"), "Saved. The candidate is weighed anew.")
}
