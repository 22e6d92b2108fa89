//! Two addresses for whoever watches the server: is it alive, can it work.

use actix_web::HttpResponse;
use actix_web::web::Data;

use super::app::App;

/// The process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("alive\n")
}

/// The database answers, too; 503 otherwise.
pub async fn ready(app: Data<App>) -> HttpResponse {
    match app.installation.store.ping().await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"),
        Err(_) => HttpResponse::ServiceUnavailable().content_type("text/plain; charset=utf-8").body("the database does not answer\n"),
    }
}
