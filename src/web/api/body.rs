//! What programs send: one JSON document, or a multipart form with the document and pictures beside it. Read under a cap as it
//! arrives; compressed bodies are refused, since their size could not be known before.

use std::time::Duration;

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::web::Payload;
use actix_web::{HttpMessage, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::domain::intake::{Fault, PHOTO_MAX_BYTES};
use crate::domain::photo::PhotoKind;
use crate::exchange::document::{WHOLE, parse_bytes};
use crate::web::error::WebError;

use super::problem::Problem;

/// Most bytes of a JSON body (CONTRACT section 6).
pub const JSON_MAX_BYTES: usize = 16 << 20;
/// Most bytes of a multipart body (CONTRACT section 6).
pub const MULTIPART_MAX_BYTES: usize = 24 << 20;
/// Most parts of a multipart body: a document, six pictures, and room to be told that they are too many.
const MOST_PARTS: usize = 32;
/// A body has this long to arrive: chosen, 24 MB over a line of 10 Mbit/s.
const ARRIVES_WITHIN: Duration = Duration::from_secs(30);

/// Types that [`candidate`] takes, as a problem names them.
const CANDIDATE_TYPES: &str = "application/json, or multipart/form-data with a part named candidate";

/// A document as sent.
pub struct Sent {
    /// The document, pictures inside.
    pub document: Value,
    /// What is wrong with the parts; told together with what is wrong inside the document.
    pub faults: Vec<Fault>,
}

/// Reads one candidate: JSON, or multipart whose pictures become `photos` of the document.
///
/// # Errors
/// [`Problem`] for another type, too many bytes, what is no JSON, and parts that are not known.
pub async fn candidate(request: &HttpRequest, payload: Payload) -> Result<Sent, Problem> {
    if request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        plain(request, CANDIDATE_TYPES)?;
        return within(multipart(request, payload)).await;
    }
    let bytes = bytes_of(request, payload, "application/json", CANDIDATE_TYPES).await?;
    Ok(Sent { document: document(&bytes)?, faults: Vec::new() })
}

/// The bytes of a body of one type, `JSON_MAX_BYTES` at most.
///
/// # Errors
/// [`Problem`] for another type or too many bytes. `expected` names the types that are taken.
pub async fn bytes_of(request: &HttpRequest, payload: Payload, kind: &str, expected: &'static str) -> Result<Vec<u8>, Problem> {
    if !request.content_type().eq_ignore_ascii_case(kind) {
        return Err(Problem::WrongType(expected));
    }
    plain(request, expected)?;
    within(collect(request, payload)).await
}

/// Reads one JSON document.
///
/// # Errors
/// [`Problem::Unreadable`] for what is no JSON, [`Problem::Values`] for keys that come twice.
pub fn document(bytes: &[u8]) -> Result<Value, Problem> {
    parse_bytes(bytes).map_err(|faults| {
        let is_no_document = faults.iter().any(|fault| fault.path == WHOLE);
        if is_no_document { Problem::Unreadable(faults) } else { Problem::Values(faults) }
    })
}

async fn within<T>(read: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(ARRIVES_WITHIN, read).await.unwrap_or_else(|_| Err(WebError::Malformed.into()))
}

/// Refuses content encodings: what is inflated here could be of any size.
fn plain(request: &HttpRequest, expected: &'static str) -> Result<(), Problem> {
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    let is_plain = encoding.is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if is_plain { Ok(()) } else { Err(Problem::WrongType(expected)) }
}

async fn collect(request: &HttpRequest, mut payload: Payload) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::from(WebError::TooLarge { limit: JSON_MAX_BYTES });
    let said = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if said.is_some_and(|length| length > JSON_MAX_BYTES) {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(said.unwrap_or_default());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| WebError::Malformed)?;
        if bytes.len() + chunk.len() > JSON_MAX_BYTES {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn multipart(request: &HttpRequest, payload: Payload) -> Result<Sent, Problem> {
    let mut parts = Multipart::new(request.headers(), payload);
    let mut left = MULTIPART_MAX_BYTES;
    let mut text: Option<Vec<u8>> = None;
    let mut pictures: Vec<(PhotoKind, Vec<u8>)> = Vec::new();
    let mut faults = Vec::new();
    let mut count = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| WebError::Malformed)?;
        let name = part.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(|_| WebError::Malformed)?;
            left = left.checked_sub(chunk.len()).ok_or(WebError::TooLarge { limit: MULTIPART_MAX_BYTES })?;
            bytes.extend_from_slice(&chunk);
        }
        count += 1;
        if count > MOST_PARTS {
            return Err(Problem::value(WHOLE, None, "has too many parts", "one part candidate and up to 6 pictures"));
        }
        match (name.as_str(), name.strip_prefix("photo.").and_then(PhotoKind::parse)) {
            ("candidate", _) if text.is_none() => text = Some(bytes),
            ("candidate", _) => faults.push(Fault::new("candidate", None, "comes twice", "one part candidate")),
            (_, Some(kind)) => pictures.push((kind, bytes)),
            (other, None) => {
                let shown: String = other.chars().filter(|c| !c.is_control()).take(60).collect();
                let path = if shown.is_empty() { "(part without a name)".to_owned() } else { shown };
                faults.push(Fault::new(path, None, "is not a known part", "candidate, photo.profile, photo.document or photo.interview"));
            }
        }
    }
    let Some(text) = text else {
        faults.push(Fault::new("candidate", None, "is missing", "a part named candidate that holds the intake as JSON"));
        return Err(Problem::Values(faults));
    };
    let mut document = document(&text)?;
    add_pictures(&mut document, pictures, &mut faults);
    Ok(Sent { document, faults })
}

/// Adds each picture behind the photos of the document, so that one reader judges both.
fn add_pictures(document: &mut Value, pictures: Vec<(PhotoKind, Vec<u8>)>, faults: &mut Vec<Fault>) {
    let Some(object) = document.as_object_mut() else { return };
    if pictures.is_empty() {
        return;
    }
    let photos = object.entry("photos").or_insert(Value::Null);
    if photos.is_null() {
        *photos = json!([]);
    }
    // Anything but a list is told by the reader of the document.
    let Some(photos) = photos.as_array_mut() else { return };
    for (kind, bytes) in pictures {
        let path = format!("photos[{}]", photos.len());
        let problem = match bytes.len() {
            0 => Some(("is empty", "a JPEG, PNG or WebP picture")),
            length if length > PHOTO_MAX_BYTES => Some(("is larger than 8 MB", "at most 8 MB")),
            _ => None,
        };
        let data = if problem.is_none() { Value::String(STANDARD.encode(&bytes)) } else { Value::Null };
        faults.extend(problem.map(|(problem, expected)| Fault::new(path, None, problem, expected)));
        photos.push(json!({"kind": kind.as_str(), "data_base64": data}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_beside_the_document_follow_those_inside() {
        let mut document = json!({"name": "Ana Reyes", "photos": [{"kind": "document"}]});
        let mut faults = Vec::new();
        add_pictures(&mut document, vec![(PhotoKind::Profile, b"abc".to_vec()), (PhotoKind::Interview, Vec::new())], &mut faults);
        assert_eq!(document["photos"][1], json!({"kind": "profile", "data_base64": "YWJj"}));
        assert_eq!((faults.len(), faults[0].path.as_str(), faults[0].problem.as_str()), (1, "photos[2]", "is empty"));
        let mut odd = json!({"photos": "none"});
        add_pictures(&mut odd, vec![(PhotoKind::Profile, b"abc".to_vec())], &mut Vec::new());
        assert_eq!(odd, json!({"photos": "none"}));
    }

    #[test]
    fn what_is_no_json_is_unreadable_and_a_key_that_comes_twice_is_a_bad_value() {
        assert!(matches!(document(b"{\"name\": "), Err(Problem::Unreadable(_))));
        assert!(matches!(document(b"{\"name\": 1, \"name\": 2}"), Err(Problem::Values(_))));
    }
}
