//! What the bytes of a picture say before anything is decoded: format, end marker, number of passes, animation.
//!
//! Idea: the decoder never sees what it does not need. Text and color profile chunks of a PNG may unpack to gigabytes, a
//! JPEG cut in half decodes without an error, and a progressive JPEG may ask for any number of passes: each is settled
//! here, by walking the segments once. Cost: one pass over the bytes.
//!
//! To name one more refused format: a line in `REFUSED`.

use crate::domain::photo::PhotoFormat;

use super::fault::PhotoFault;

/// Most passes of a progressive JPEG; common programs write about ten.
const MOST_SCANS: usize = 100;
/// Longest EXIF chunk that is passed on, for the orientation in it.
const MOST_EXIF: usize = 64 * 1024;

/// Offset, bytes there, name of a format that is not taken.
const REFUSED: &[(usize, &[u8], &str)] = &[
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"%PDF", "PDF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"\0\0\x01\0", "ICO"),
    (0, b"8BPS", "PSD"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"PK\x03\x04", "ZIP"),
    (4, b"ftypavif", "AVIF"),
    (4, b"ftypavis", "AVIF"),
    (4, b"ftypheic", "HEIC"),
    (4, b"ftypheix", "HEIC"),
    (4, b"ftypheim", "HEIC"),
    (4, b"ftyphevc", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (4, b"ftyp", "video"),
];

/// The format, from the first bytes alone.
///
/// # Errors
/// [`PhotoFault::RefusedFormat`] names a known format that is not taken.
pub fn format(bytes: &[u8]) -> Result<PhotoFormat, PhotoFault> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Ok(PhotoFormat::Jpeg);
    }
    if bytes.starts_with(PNG_SIGNATURE) {
        return Ok(PhotoFormat::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(PhotoFormat::WebP);
    }
    let known = REFUSED.iter().find(|(at, magic, _)| bytes.get(*at..*at + magic.len()) == Some(*magic));
    if let Some((_, _, name)) = known {
        return Err(PhotoFault::RefusedFormat(name));
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1_024)]).to_lowercase();
    if head.contains("<svg") {
        return Err(PhotoFault::RefusedFormat("SVG"));
    }
    if head.contains("<html") || head.contains("<!doctype") {
        return Err(PhotoFault::RefusedFormat("HTML"));
    }
    Err(PhotoFault::UnknownFormat)
}

/// Refuses a JPEG without its end marker, or with more passes than any program writes.
///
/// # Errors
/// [`PhotoFault::Truncated`], [`PhotoFault::TooManyScans`], [`PhotoFault::Damaged`].
pub fn check_jpeg(bytes: &[u8]) -> Result<(), PhotoFault> {
    let mut at = 2;
    let mut scans = 0;
    loop {
        let &[first, marker] = bytes.get(at..at + 2).ok_or(PhotoFault::Truncated)? else {
            return Err(PhotoFault::Truncated);
        };
        match marker {
            _ if first != 0xff => at += 1,
            0xff => at += 1,
            0xd9 => return Ok(()),
            0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let length = bytes.get(at + 2..at + 4).ok_or(PhotoFault::Truncated)?;
                at += 2 + usize::from(u16::from_be_bytes([length[0], length[1]]));
                if marker == 0xda {
                    scans += 1;
                    at = end_of_scan(bytes, at).ok_or(PhotoFault::Truncated)?;
                }
            }
        }
        if scans > MOST_SCANS {
            return Err(PhotoFault::TooManyScans(scans));
        }
    }
}

/// Where the coded data that begins at `from` gives way to the next marker; restart markers belong to the data.
fn end_of_scan(bytes: &[u8], from: usize) -> Option<usize> {
    let pairs = bytes.get(from..)?.windows(2);
    let marker = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0 | 0xff | 0xd0..=0xd7);
    pairs.into_iter().position(marker).map(|found| from + found)
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A PNG with the chunks that pixels and orientation need, and whether it was animated.
///
/// # Errors
/// [`PhotoFault::Truncated`] without its end chunk.
pub fn bare_png(bytes: &[u8]) -> Result<(Vec<u8>, bool), PhotoFault> {
    let mut bare = Vec::with_capacity(bytes.len());
    bare.extend_from_slice(PNG_SIGNATURE);
    let mut animated = false;
    let mut at = PNG_SIGNATURE.len();
    loop {
        let header = bytes.get(at..at + 8).ok_or(PhotoFault::Truncated)?;
        let length = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        let chunk = at.checked_add(12).and_then(|end| bytes.get(at..end.checked_add(length)?)).ok_or(PhotoFault::Truncated)?;
        let kind = &header[4..8];
        animated |= kind == b"acTL";
        let needed = kind[0].is_ascii_uppercase() || kind == b"tRNS" || (kind == b"eXIf" && length <= MOST_EXIF);
        if needed {
            bare.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Ok((bare, animated));
        }
        at += chunk.len();
    }
}

/// Whether a WebP picture is animated, by the flags of its extended header.
#[must_use]
pub fn webp_is_animated(bytes: &[u8]) -> bool {
    bytes.get(12..16) == Some(b"VP8X") && bytes.get(20).is_some_and(|flags| flags & 2 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::gif(b"GIF89a............", "GIF")]
    #[case::heic(b"\0\0\0\x18ftypheic........", "HEIC")]
    #[case::avif(b"\0\0\0\x1cftypavif........", "AVIF")]
    #[case::svg(b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>", "SVG")]
    #[case::html(b"<!DOCTYPE html><script>alert(1)</script>", "HTML")]
    #[case::bmp(b"BM............", "BMP")]
    #[case::pdf(b"%PDF-1.7......", "PDF")]
    #[case::tiff(b"II*\0............", "TIFF")]
    fn known_formats_that_are_not_taken_are_named(#[case] bytes: &[u8], #[case] name: &'static str) {
        let fault = format(bytes).unwrap_err();
        assert_eq!(fault, PhotoFault::RefusedFormat(name));
        assert_eq!(fault.to_string(), format!("is a {name} file: expected a JPEG, PNG or WebP picture"));
    }

    #[test]
    fn the_end_marker_of_a_picture_inside_the_metadata_is_not_the_end() {
        let mut bytes = b"\xff\xd8\xff\xe1\x00\x06\xff\xd9\xff\xd9".to_vec();
        assert_eq!(check_jpeg(&bytes), Err(PhotoFault::Truncated));
        bytes.extend_from_slice(b"\xff\xda\x00\x02ab\xff\x00\xff\xd3cd\xff\xd9");
        assert_eq!(check_jpeg(&bytes), Ok(()));
    }

    #[test]
    fn endless_passes_are_refused() {
        let mut bytes = b"\xff\xd8".to_vec();
        for _ in 0..=MOST_SCANS {
            bytes.extend_from_slice(b"\xff\xda\x00\x02a");
        }
        bytes.extend_from_slice(b"\xff\xd9");
        assert_eq!(check_jpeg(&bytes), Err(PhotoFault::TooManyScans(MOST_SCANS + 1)));
    }
}
