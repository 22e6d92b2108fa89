//! What went wrong, as the person sees it: what, where, and the way out. With `api/problem.rs` the only place that knows
//! status codes.
//!
//! Which error where: a handler returns [`WebError`]; a failure of the store or of a library arrives by `?` and becomes
//! [`WebError::Busy`] or [`WebError::Internal`]; a wrong value in a form is no error but a fault of that [`super::form::Form`].
//! [`middleware`] turns every error into our page (or a problem for machines) and logs it, once.

use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use futures_util::FutureExt;

use crate::domain::id::RequestId;
use crate::pipeline::password::PasswordError;
use crate::pipeline::people::PeopleError;
use crate::store::StoreError;

use super::api::problem;
use super::page::Frame;
use super::routes;
use super::visit::Visit;

/// What a handler returns.
pub type Answer = Result<HttpResponse, WebError>;

/// Why a request got no page of its own.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Nobody is signed in: on to the sign-in page.
    #[error("sign in first")]
    SignInNeeded,
    /// No role of this person may do that.
    #[error("no role allows this")]
    Forbidden,
    /// The form did not come from a page of ours, or from one of another sign-in.
    #[error("the form is not of this sign-in")]
    ForeignForm,
    /// Nothing here, or nothing this person may know of.
    #[error("nothing here")]
    NotFound,
    /// The address is right, the method is not.
    #[error("not with this method")]
    WrongMethod,
    /// Someone else was first.
    #[error("someone else was first")]
    Conflict,
    /// More bytes than this form takes.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// Most bytes it takes.
        limit: usize,
    },
    /// The body is of another type than the form.
    #[error("not of the expected type")]
    WrongType,
    /// The body cannot be read.
    #[error("the request cannot be read")]
    Malformed,
    /// Too many tries.
    #[error("too many tries")]
    TooMany {
        /// Seconds until the next try is counted.
        retry_after_s: u64,
    },
    /// Everything is in use now.
    #[error("busy")]
    Busy {
        /// Seconds after which to come back.
        retry_after_s: u64,
    },
    /// A failure of ours.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::NotFound,
            StoreError::Conflict => Self::Conflict,
            passing if passing.is_passing() => {
                tracing::warn!(error = %anyhow::Error::from(passing), "store.busy");
                Self::Busy { retry_after_s: 5 }
            }
            other => Self::Internal(other.into()),
        }
    }
}

impl From<PasswordError> for WebError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy { retry_after_s: 5 },
            PasswordError::Hash(_) => Self::Internal(error.into()),
        }
    }
}

impl From<PeopleError> for WebError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => error.into(),
            PeopleError::Password(error) => error.into(),
            PeopleError::Secrets(error) => Self::Internal(error.into()),
        }
    }
}

/// An error in words, for the page and the problem.
struct Words {
    title: &'static str,
    detail: String,
}

impl WebError {
    fn words(&self) -> Words {
        let (title, detail) = match self {
            Self::SignInNeeded => ("Sign in first", "This page is for people who are signed in.".to_owned()),
            Self::Forbidden => (
                "Your role does not open this page",
                "None of your roles allows this. An administrator can change roles under Users.".to_owned(),
            ),
            Self::ForeignForm => (
                "This form is no longer valid",
                "It was opened before you signed in or out, or your browser did not send our cookie back (away from this machine, \
                 cookies need https). Nothing was changed. Open the page again and send the form once more."
                    .to_owned(),
            ),
            Self::NotFound => (
                "Nothing here",
                "There is no such page, or it is not for your team. Check the address, or start from a page in the navigation.".to_owned(),
            ),
            Self::WrongMethod => ("Nothing here for this request", "The address exists but does not take this method.".to_owned()),
            Self::Conflict => (
                "Someone else was first",
                "This was changed since you opened the page. Nothing of yours was saved. Go back, reload, and look at what is there now."
                    .to_owned(),
            ),
            Self::TooLarge { limit } => {
                ("This is too large", format!("It must be at most {}. Nothing was saved. Go back and choose a smaller file.", size(*limit)))
            }
            Self::WrongType => ("This type is not taken here", "The request has another type than this address takes.".to_owned()),
            Self::Malformed => {
                ("This request cannot be read", "It broke off or is not in the form expected. Nothing was saved. Try again.".to_owned())
            }
            Self::TooMany { retry_after_s } => {
                ("Too many tries", format!("Wait {} and try again. This protects all accounts from guessing.", wait(*retry_after_s)))
            }
            Self::Busy { retry_after_s } => ("The server is busy", format!("Nothing was changed. Try again in {}.", wait(*retry_after_s))),
            Self::Internal(_) => (
                "Something went wrong on our side",
                "Nothing you did is wrong. Try again; if it stays, tell your administrator the number below.".to_owned(),
            ),
        };
        Words { title, detail }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after_s } | Self::Busy { retry_after_s } => Some(*retry_after_s),
            _ => None,
        }
    }

    /// The nearest of our errors for one a library raised while reading the request.
    pub(super) const fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::WrongType,
            _ => Self::Malformed,
        }
    }
}

/// Bytes in words.
fn size(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{} MB", bytes >> 20) } else { format!("{} KB", bytes >> 10) }
}

/// Seconds in words.
fn wait(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".to_owned(),
        2..=59 => format!("{seconds} seconds"),
        60 => "a minute".to_owned(),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignInNeeded => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::ForeignForm => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What is sent when not even the frame of a page is at hand (after a panic); [`middleware`] replaces it otherwise.
    fn error_response(&self) -> HttpResponse {
        let words = self.words();
        let mut answer = HttpResponse::build(self.status_code())
            .content_type("text/plain; charset=utf-8")
            .body(format!("{}\n\n{}\n", words.title, words.detail));
        super::headers::add(answer.headers_mut(), false);
        answer
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    frame: Frame,
    words: Words,
    request_id: RequestId,
    again: bool,
}

/// Gives each request its id, catches panics, and turns errors into pages or problems.
///
/// # Errors
/// Only after a panic, as the bare answer of [`WebError`].
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let id = RequestId::random();
    request.extensions_mut().insert(id.clone());
    let answer = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let Ok(answer) = answer else {
        tracing::error!(request = %id, "request.panicked");
        return Err(WebError::Internal(anyhow::anyhow!("panicked")).into());
    };
    let answer = answer?.map_into_boxed_body();
    let Some(error) = answer.response().error() else { return Ok(answer) };
    if problem::is_for(answer.request().path()) {
        log(problem::cause(error), &id);
        let problem = problem::answer(error, answer.request(), &id);
        return Ok(ServiceResponse::new(answer.request().clone(), problem));
    }
    let ours = error.as_error::<WebError>();
    let stand_in = WebError::of_status(error.as_response_error().status_code());
    let page = page_of(ours.unwrap_or(&stand_in), &answer, &id).await;
    Ok(ServiceResponse::new(answer.request().clone(), page))
}

/// Logs a failure of ours, once.
fn log(error: Option<&WebError>, id: &RequestId) {
    if let Some(WebError::Internal(cause)) = error {
        tracing::error!(request = %id, error = format!("{cause:#}"), "request.failed");
    }
}

async fn page_of(error: &WebError, answer: &ServiceResponse, id: &RequestId) -> HttpResponse {
    let status = error.status_code();
    log(Some(error), id);
    let request = answer.request();
    let words = error.words();
    let mut builder = HttpResponse::build(status);
    if let Some(seconds) = error.retry_after_s() {
        builder.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    builder.insert_header(("x-request-id", id.as_str()));
    let visit = Visit::or_nobody(request).await;
    if matches!(error, WebError::SignInNeeded) {
        return visit.to_sign_in(request);
    }
    let frame = visit.frame(words.title);
    let again = matches!(error, WebError::ForeignForm | WebError::Conflict | WebError::TooLarge { .. } | WebError::Busy { .. });
    let page = ErrorPage { frame, words, request_id: id.clone(), again };
    match page.render() {
        Ok(html) => builder.content_type("text/html; charset=utf-8").body(html),
        Err(_) => error.error_response(),
    }
}

/// For an address no route has, or none with this method.
///
/// # Errors
/// Always [`WebError::NotFound`] or [`WebError::WrongMethod`].
pub async fn not_found(request: HttpRequest) -> Answer {
    let is_known = !routes::methods_of(request.path()).is_empty();
    Err(if is_known { WebError::WrongMethod } else { WebError::NotFound })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case(1, "a second")]
    #[case(59, "59 seconds")]
    #[case(60, "a minute")]
    #[case(61, "2 minutes")]
    fn waits_are_said_in_words(#[case] seconds: u64, #[case] expected: &str) {
        assert_eq!(wait(seconds), expected);
    }

    #[test]
    fn an_internal_error_tells_people_nothing_of_its_cause() {
        let error = WebError::Internal(anyhow::anyhow!("SELECT secret FROM table"));
        let words = error.words();
        assert!(!words.title.contains("SELECT") && !words.detail.contains("SELECT"));
        assert_eq!(error.status_code(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
