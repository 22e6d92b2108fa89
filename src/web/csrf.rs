//! Requests another site makes a browser send. Three fences: cookies are `SameSite=Lax`; a changing request must say it comes
//! from our own pages (`Sec-Fetch-Site`, `Origin`) before its body is read; and its form carries a token of this sign-in.
//!
//! Addresses under `/api/` and `/hooks/` take no cookies, so nothing can be forged there; they are exempt.

use actix_web::HttpRequest;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::app::App;
use super::error::WebError;

/// Name of the hidden field with the token.
pub const FIELD: &str = "csrf";

/// The second fence, as a middleware.
///
/// # Errors
/// Those of the inner service.
pub async fn middleware(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let exempt = request.path().starts_with("/api/") || request.path().starts_with("/hooks/");
    if changes && !exempt {
        let public_url = request.app_data::<Data<App>>().and_then(|app| app.settings.public_url.clone());
        if !is_from_our_pages(request.request(), public_url.as_deref()) {
            return Ok(request.error_response(WebError::ForeignForm));
        }
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// True unless the browser says the request comes from elsewhere. A client that says nothing still needs the token.
fn is_from_our_pages(request: &HttpRequest, public_url: Option<&str>) -> bool {
    let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else { return true };
    if public_url == Some(origin) {
        return true;
    }
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some() && authority == text(header::HOST.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[rstest::rstest]
    #[case::a_plain_client(&[], true)]
    #[case::our_form(&[("origin", "http://vet.test:8080"), ("sec-fetch-site", "same-origin")], true)]
    #[case::behind_a_proxy(&[("origin", "https://vet.example.com")], true)]
    #[case::other_site(&[("origin", "http://evil.test")], false)]
    #[case::other_port(&[("origin", "http://vet.test:9090")], false)]
    #[case::longer_name(&[("origin", "http://vet.test:8080.evil.test")], false)]
    #[case::sandboxed(&[("origin", "null")], false)]
    #[case::cross_site(&[("sec-fetch-site", "cross-site")], false)]
    #[case::neighbor(&[("sec-fetch-site", "same-site"), ("origin", "http://vet.test:8080")], false)]
    #[case::not_text(&[("origin", "\u{e9}")], false)]
    fn only_our_own_pages_change_anything(#[case] headers: &[(&str, &str)], #[case] expected: bool) {
        let request = TestRequest::default().insert_header(("host", "vet.test:8080"));
        let request = headers.iter().fold(request, |request, header| request.insert_header(*header)).to_http_request();
        assert_eq!(is_from_our_pages(&request, Some("https://vet.example.com")), expected);
    }
}
