//! Static files inside the binary. Their names carry a hash of their content, so browsers keep them for a year and still
//! get a new one with the first page after an update.
//!
//! To add one: a line in `FILES`; templates name it with [`href`].

use std::sync::LazyLock;

use actix_web::{HttpResponse, http::header, web};
use sha2::{Digest, Sha256};

use super::error::{Answer, WebError};

/// Name, type, content. Listed by hand, because `include_bytes!` makes the compiler notice a changed file.
const FILES: &[(&str, &str, &[u8])] = &[
    ("app.css", "text/css; charset=utf-8", include_bytes!("../../static/app.css")),
    ("app.js", "text/javascript; charset=utf-8", include_bytes!("../../static/app.js")),
    ("favicon.svg", "image/svg+xml", include_bytes!("../../static/favicon.svg")),
    ("icons.svg", "image/svg+xml", include_bytes!("../../static/icons.svg")),
];

struct Asset {
    plain: &'static str,
    hashed: String,
    kind: &'static str,
    content: &'static [u8],
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|&(plain, kind, content)| {
            let hash: String = Sha256::digest(content).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
            let (stem, ending) = plain.rsplit_once('.').unwrap_or((plain, "bin"));
            Asset { plain, hashed: format!("/static/{stem}.{hash}.{ending}"), kind, content }
        })
        .collect()
});

/// The address of a static file; the empty text for a file that is not there.
#[must_use]
pub fn href(plain: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.plain == plain).map_or("", |asset| asset.hashed.as_str())
}

/// Serves one static file.
///
/// # Errors
/// Not found for any other name.
pub async fn serve(name: web::Path<String>) -> Answer {
    let path = format!("/static/{name}");
    let asset = ASSETS.iter().find(|asset| asset.hashed == path).ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.kind)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.content))
}

/// What browsers and crawlers ask for unasked: nothing of this is for them.
pub async fn robots() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("User-agent: *\nDisallow: /\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_of_its_own() {
        for (plain, _, content) in FILES {
            assert!(href(plain).starts_with("/static/"), "{plain}");
            assert!(!content.is_empty());
        }
        assert_ne!(href("app.css"), href("app.js"));
        assert_eq!(href("absent.css"), "");
    }

    #[test]
    fn the_look_stays_small() {
        let size = |plain: &str| FILES.iter().find(|file| file.0 == plain).map_or(0, |file| file.2.len());
        assert!(size("app.css") <= 25_000, "{}", size("app.css"));
        assert!(size("app.js") <= 12_000, "{}", size("app.js"));
    }
}
