//! Pictures of an intake: inside it as base64, or beside it by name. Their bytes leave the intake here.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::{Digest, Sha256};

use super::{PHOTOS_MAX, PictureFile, ReadOptions, VALUE_MAX, places};
use crate::domain::intake::{PHOTO_MAX_BYTES, PhotoClaim, Picture};
use crate::domain::photo::PhotoKind;
use crate::domain::time::Timestamp;
use crate::exchange::fields::{Fields, Slot};

const PHOTO_KEYS: &[&str] = &["kind", "data_base64", "file", "exif_lat", "exif_lon", "taken_at"];

/// Padding may be left out, as many programs do.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// The pictures of one intake.
#[derive(Debug, Default)]
pub(super) struct PhotosRead {
    /// What is said of each.
    pub claims: Vec<PhotoClaim>,
    /// Bytes that came inside.
    pub pictures: Vec<Picture>,
    /// Names of files beside.
    pub files: Vec<PictureFile>,
}

/// Reads the list of pictures.
pub(super) fn photos(fields: &Fields<'_>, options: &ReadOptions) -> PhotosRead {
    let mut read = PhotosRead::default();
    for slot in fields.get("photos").map(|slot| slot.list(PHOTOS_MAX)).unwrap_or_default() {
        let Some(photo) = slot.fields(PHOTO_KEYS) else { continue };
        let kind = photo.require("kind", "profile, document or interview").and_then(|s| s.word(PhotoKind::ALL, PhotoKind::as_str));
        let bytes = photo.get("data_base64").and_then(|data| bytes(&data, &slot));
        let file = photo.get("file").and_then(|name| file(&name, options));
        if photo.get("file").is_some() && photo.get("data_base64").is_some() {
            photo.fault("file", "stands beside data_base64", "one of the two");
        }
        let exif = places::point(&photo, "exif_lat", "exif_lon");
        let taken_at = photo.get("taken_at").and_then(|s| s.parse(VALUE_MAX, Timestamp::parse));
        let Some(kind) = kind else { continue };
        let index = read.claims.len();
        read.claims.push(PhotoClaim { kind, sha256: bytes.as_deref().map(sha256), exif, taken_at });
        read.pictures.extend(bytes.map(|bytes| Picture { index, bytes }));
        read.files.extend(file.map(|name| PictureFile { index, name }));
    }
    read
}

/// SHA-256 of a picture's bytes, 64 hexadecimal digits, as [`PhotoClaim::sha256`] holds it.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// True when the first bytes are those of a JPEG, PNG or WebP file; its name or stated type proves nothing.
#[must_use]
pub fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xff\xd8\xff")
        || bytes.starts_with(b"\x89PNG\r\n\x1a\n")
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP".as_slice()))
}

fn bytes(data: &Slot<'_>, photo: &Slot<'_>) -> Option<Vec<u8>> {
    let text = data.filled(usize::MAX)?;
    // Four characters for three bytes, and room for line ends: what is longer is not decoded at all.
    if text.len() > PHOTO_MAX_BYTES / 3 * 4 + PHOTO_MAX_BYTES / 16 {
        data.fault("is larger than 8 MB", "at most 8 MB");
        return None;
    }
    let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let Ok(bytes) = BASE64.decode(packed) else {
        data.fault("is not base64", "the bytes of a picture in base64, without a data: prefix");
        return None;
    };
    if bytes.len() > PHOTO_MAX_BYTES {
        data.fault("is larger than 8 MB", "at most 8 MB");
        return None;
    }
    if !is_picture(&bytes) {
        photo.fault("is not a picture of a type that is read", "JPEG, PNG or WebP");
        return None;
    }
    Some(bytes)
}

/// The name of a picture beside the input: relative, without a way up and without what another system takes for one.
fn file(slot: &Slot<'_>, options: &ReadOptions) -> Option<String> {
    if !options.allow_files {
        slot.fault("is not taken here", "data_base64; files are named only in files for import");
        return None;
    }
    let name = slot.filled(VALUE_MAX)?;
    let relative = !name.contains(['\\', ':']) && !name.chars().any(char::is_control);
    let parts_ok = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !relative || !parts_ok {
        slot.fault("is not a name beside the file", "a relative name such as a.jpg or photos/a.jpg, without ..");
        return None;
    }
    Some(name.to_owned())
}
