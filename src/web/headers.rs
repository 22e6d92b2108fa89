//! Security headers on every answer, set in one place. A handler that sets one of these headers itself keeps its own.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

/// Only files of our own; `blob:` is the preview of a picture before it is sent. No inline script or style, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Name and value of each header.
pub const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    (
        "permissions-policy",
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
         payment=(), usb=(), browsing-topics=()",
    ),
    ("x-robots-tag", "noindex, nofollow"),
    ("cache-control", "no-store"),
];

/// For browsers that came by https; a plain http answer must not carry it.
const STRICT_TRANSPORT: (&str, &str) = ("strict-transport-security", "max-age=63072000; includeSubDomains");

/// Adds each header that is not there yet.
pub fn add(headers: &mut HeaderMap, by_https: bool) {
    for &(name, value) in HEADERS.iter().chain(by_https.then_some(&STRICT_TRANSPORT)) {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
}

/// The middleware.
///
/// # Errors
/// Those of the inner service.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut answer = next.call(request).await?;
    let by_https = super::visit::by_https(answer.request());
    add(answer.headers_mut(), by_https);
    Ok(answer)
}
