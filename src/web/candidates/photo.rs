//! `/photos/{id}`: the re-encoded picture; nothing of the file that was sent is served.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::domain::id::PhotoId;
use crate::store::photo;
use crate::web::app::App;
use crate::web::error::{Answer, WebError};
use crate::web::session::may;

/// The picture, to whom sees its candidate. Pictures of others are as if absent. Another site cannot show it: requests from
/// one are refused, and the type is fixed, so that no browser takes it for anything but a picture.
///
/// # Errors
/// Not found.
pub async fn show(who: may::SeeOwnTeam, id: Path<String>, request: HttpRequest, app: Data<App>) -> Answer {
    if request.headers().get("sec-fetch-site").is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none")) {
        return Err(WebError::Forbidden);
    }
    let id = PhotoId::parse(&id).map_err(|_| WebError::NotFound)?;
    let scope = who.user().scope().ok_or(WebError::NotFound)?;
    let picture = photo::served(&app.installation.store, &scope, &id).await?.ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("image/jpeg")
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(picture))
}
