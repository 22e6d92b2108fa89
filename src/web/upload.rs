//! Forms with files: read part by part as they arrive, each under its own cap and all under one. Names of files are shown,
//! never used; a part with an unexpected name is refused.
//!
//! ```text
//! const LIMITS: UploadLimits = UploadLimits { files: &["photo"], file_bytes: 8 << 20, all_bytes: 24 << 20 };
//! pub async fn create(who: may::SubmitCandidates, upload: Upload, app: Data<App>) -> Answer {
//!     let (mut form, files) = upload.read(&LIMITS).await?;
//!     …
//! }
//! ```
//! The form's token is its first part (`layout.html` puts it there) and is checked before any file is read.

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use super::csrf;
use super::error::WebError;
use super::form::Form;
use super::visit::Visit;

/// Most bytes of one text field: a résumé of 200,000 characters of four bytes.
const MOST_FIELD_BYTES: usize = 800_000;
/// Most bytes of the first part, the token.
const MOST_TOKEN_BYTES: usize = 256;
/// Most parts of one form.
const MOST_PARTS: usize = 2_000;
/// Most characters kept of a file's name.
const MOST_NAME: usize = 200;

/// What a form with files may bring.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    /// Names of the parts that are files.
    pub files: &'static [&'static str],
    /// Most bytes of one file. A larger one is dropped and marked, so that the form can come back with a word on it.
    pub file_bytes: usize,
    /// Most bytes of all parts together; beyond it the request is refused.
    pub all_bytes: usize,
}

/// One file as sent.
#[derive(Debug, Clone)]
pub struct FilePart {
    /// Name of the part.
    pub field: String,
    /// The name the sender gave; shown at most, never a path.
    pub name: String,
    /// The bytes; empty when it was too large.
    pub bytes: Vec<u8>,
    /// True when it had more bytes than a file may have.
    pub is_too_large: bool,
}

/// A form with files that has not been read yet.
pub struct Upload {
    parts: Multipart,
    visit: Visit,
}

impl Upload {
    /// Reads all parts. A file field left empty gives no file.
    ///
    /// # Errors
    /// [`WebError::ForeignForm`] when the first part is not the form's token, [`WebError::TooLarge`] beyond the limits,
    /// [`WebError::Malformed`] when it breaks off or has a part without a name.
    pub async fn read(mut self, limits: &UploadLimits) -> Result<(Form, Vec<FilePart>), WebError> {
        let mut fields = Vec::new();
        let mut files = Vec::new();
        let mut left = limits.all_bytes;
        let mut token_checked = false;
        while let Some(part) = self.parts.next().await {
            let mut part = part.map_err(|_| WebError::Malformed)?;
            let field = part.name().unwrap_or_default().to_owned();
            let is_file = limits.files.contains(&field.as_str());
            let most = match (token_checked, is_file) {
                (false, _) => MOST_TOKEN_BYTES,
                (true, true) => limits.file_bytes,
                (true, false) => MOST_FIELD_BYTES,
            };
            let mut bytes = Vec::new();
            let mut is_too_large = false;
            while let Some(chunk) = part.next().await {
                let chunk = chunk.map_err(|_| WebError::Malformed)?;
                left = left.checked_sub(chunk.len()).ok_or(WebError::TooLarge { limit: limits.all_bytes })?;
                is_too_large |= bytes.len() + chunk.len() > most;
                if is_too_large {
                    bytes = Vec::new();
                } else {
                    bytes.extend_from_slice(&chunk);
                }
            }
            if !token_checked {
                let value = String::from_utf8(bytes).map_err(|_| WebError::ForeignForm)?;
                if field != csrf::FIELD || !self.visit.owns_form(&value) {
                    return Err(WebError::ForeignForm);
                }
                token_checked = true;
                continue;
            }
            if field.is_empty() || fields.len() + files.len() >= MOST_PARTS {
                return Err(WebError::Malformed);
            }
            if is_file {
                let name = file_name(&part);
                if !name.is_empty() || !bytes.is_empty() || is_too_large {
                    files.push(FilePart { field, name, bytes, is_too_large });
                }
            } else {
                if is_too_large {
                    return Err(WebError::TooLarge { limit: MOST_FIELD_BYTES });
                }
                fields.push((field, String::from_utf8(bytes).map_err(|_| WebError::Malformed)?));
            }
        }
        if token_checked { Ok((Form::filled(fields), files)) } else { Err(WebError::ForeignForm) }
    }
}

/// The last component of the name, cut, without characters that show nothing.
fn file_name(part: &actix_multipart::Field) -> String {
    let given = part.content_disposition().and_then(|disposition| disposition.get_filename()).unwrap_or_default();
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    super::form::stripped(last).chars().take(MOST_NAME).collect()
}

impl FromRequest for Upload {
    type Error = WebError;
    type Future = LocalBoxFuture<'static, Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
            if !kind.starts_with("multipart/form-data") {
                return Err(if kind.is_empty() { WebError::ForeignForm } else { WebError::WrongType });
            }
            let visit = Visit::of(&request)?;
            Ok(Self { parts: Multipart::new(request.headers(), payload), visit })
        })
    }
}
