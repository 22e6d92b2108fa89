//! What programs get instead of an error page: RFC 9457, `application/problem+json`. With [`crate::web::error`] the only
//! place that knows status codes.
//!
//! Every problem has `type, title, status, detail, instance`; `instance` is the request id of the logs. Values that cannot be
//! taken are listed under `errors`, all of them at once, each with its path, what is wrong and what is expected.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};
use serde_json::{Value, json};

use crate::domain::id::RequestId;
use crate::domain::intake::Fault;
use crate::pipeline::submit::SubmitError;
use crate::store::StoreError;
use crate::web::error::WebError;
use crate::web::routes;

/// Why a program got no answer.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// For a reason that pages know, too.
    #[error(transparent)]
    Refused(#[from] WebError),
    /// Some values cannot be taken.
    #[error("{} values cannot be taken", .0.len())]
    Values(Vec<Fault>),
    /// The body is not the document that its type promises.
    #[error("the body cannot be read")]
    Unreadable(Vec<Fault>),
    /// The body is of a type that this address does not take.
    #[error("the body is not {0}")]
    WrongType(&'static str),
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Refused(error.into())
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Faults(faults) => Self::Values(faults),
            SubmitError::Busy => Self::Refused(WebError::Busy { retry_after_s: 5 }),
            SubmitError::Store(error) => error.into(),
        }
    }
}

impl Problem {
    /// One value that cannot be taken.
    #[must_use]
    pub fn value(path: impl Into<String>, value: Option<&str>, problem: &str, expected: impl Into<String>) -> Self {
        Self::Values(vec![Fault::new(path, value, problem, expected)])
    }

    fn detail(&self) -> String {
        match self {
            Self::Refused(error) => detail_of(error),
            Self::Values(faults) if faults.len() == 1 => "1 value cannot be taken. Nothing was stored.".to_owned(),
            Self::Values(faults) => format!("{} values cannot be taken. Nothing was stored.", faults.len()),
            Self::Unreadable(_) => "The body cannot be read as what its type says. Nothing was stored.".to_owned(),
            Self::WrongType(expected) => format!("The body is of another type: expected {expected}, without content encoding."),
        }
    }

    fn errors(&self) -> Option<Value> {
        match self {
            Self::Values(faults) | Self::Unreadable(faults) => Some(json!(faults)),
            Self::Refused(_) | Self::WrongType(_) => None,
        }
    }
}

/// The page's words speak to a person in a browser; these to who writes a program.
fn detail_of(error: &WebError) -> String {
    match error {
        WebError::SignInNeeded => {
            "A live API token is needed: Authorization: Bearer bonafide_… (make one under Your account, or with bonafide token add)."
                .to_owned()
        }
        WebError::Forbidden => "No role of the token's user allows this.".to_owned(),
        WebError::ForeignForm => "The request comes from a page of another site.".to_owned(),
        WebError::NotFound => "There is nothing at this address, or nothing that the token's user may know of.".to_owned(),
        WebError::WrongMethod => "The address exists but does not take this method; Allow names those it takes.".to_owned(),
        WebError::Conflict => "Someone else changed this at the same moment. Nothing of yours was stored; read it again.".to_owned(),
        WebError::TooLarge { limit } => format!("The body is larger than the {} MB that this address takes.", limit >> 20),
        WebError::WrongType => "The body is of a type that this address does not take.".to_owned(),
        WebError::Malformed => "The request broke off or is not in the form its headers promise. Nothing was stored.".to_owned(),
        WebError::TooMany { retry_after_s } => format!("Too many requests. Try again in {retry_after_s} seconds."),
        WebError::Busy { retry_after_s } => format!("All places are taken now. Nothing was stored. Try again in {retry_after_s} seconds."),
        WebError::Internal(_) => {
            "A failure on our side. Nothing is wrong with the request; tell your administrator the instance.".to_owned()
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Refused(error) => error.status_code(),
            Self::Values(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::WrongType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    /// The bare status; [`answer`] replaces it, because only the middleware knows the request's id.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// True for addresses whose errors are problems.
#[must_use]
pub fn is_for(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The problem document of an error that a request under `/api/` ended with.
#[must_use]
pub fn answer(error: &actix_web::Error, request: &HttpRequest, id: &RequestId) -> HttpResponse {
    if let Some(problem) = error.as_error::<Problem>() {
        return document(problem, request, id);
    }
    if let Some(refused) = error.as_error::<WebError>() {
        return written(refused.status_code(), &detail_of(refused), None, extras(refused, request), id);
    }
    let refused = WebError::of_status(error.as_response_error().status_code());
    written(refused.status_code(), &detail_of(&refused), None, extras(&refused, request), id)
}

/// What lies behind an error, where it may be a failure of ours.
#[must_use]
pub fn cause(error: &actix_web::Error) -> Option<&WebError> {
    match error.as_error::<Problem>() {
        Some(Problem::Refused(refused)) => Some(refused),
        Some(_) => None,
        None => error.as_error::<WebError>(),
    }
}

fn document(problem: &Problem, request: &HttpRequest, id: &RequestId) -> HttpResponse {
    let headers = match problem {
        Problem::Refused(error) => extras(error, request),
        _ => Vec::new(),
    };
    written(problem.status_code(), &problem.detail(), problem.errors(), headers, id)
}

/// Headers that a status demands.
fn extras(error: &WebError, request: &HttpRequest) -> Vec<(header::HeaderName, String)> {
    match error {
        WebError::SignInNeeded => vec![(header::WWW_AUTHENTICATE, "Bearer".to_owned())],
        WebError::WrongMethod => vec![(header::ALLOW, routes::methods_of(request.path()).join(", "))],
        WebError::TooMany { retry_after_s } | WebError::Busy { retry_after_s } => vec![(header::RETRY_AFTER, retry_after_s.to_string())],
        _ => Vec::new(),
    }
}

fn written(
    status: StatusCode,
    detail: &str,
    errors: Option<Value>,
    headers: Vec<(header::HeaderName, String)>,
    id: &RequestId,
) -> HttpResponse {
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
        "instance": id,
    });
    if let (Some(errors), Some(body)) = (errors, body.as_object_mut()) {
        body.insert("errors".to_owned(), errors);
    }
    let mut answer: HttpResponseBuilder = HttpResponse::build(status);
    answer.insert_header(("x-request-id", id.as_str()));
    for header in headers {
        answer.insert_header(header);
    }
    answer.content_type("application/problem+json").body(body.to_string())
}
