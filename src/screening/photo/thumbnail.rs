//! The gray thumbnail: what is kept of a picture to compare it area by area.
//!
//! Long side 320 at most, never enlarged, kept as a small JPEG. The pixels used are always those decoded from it, so a
//! picture compares the same when it was just sent and when it is read back years later.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, RgbImage};

use crate::domain::photo::GrayThumbnail;

use super::fault::PhotoFault;
use super::regions::{Frame, Sums};

/// Longest side in pixels.
pub const LONG_SIDE: u32 = 320;
/// JPEG quality of the stored form: about 15 KB, errors far below what a comparison notices.
const QUALITY: u8 = 90;

/// The thumbnail of an upright picture.
///
/// # Errors
/// [`PhotoFault::Damaged`] when it cannot be coded.
pub fn of(picture: &RgbImage) -> Result<GrayThumbnail, PhotoFault> {
    let (width, height) = picture.dimensions();
    let long = width.max(height);
    let shrunk = |side: u32| if long > LONG_SIDE { (side * LONG_SIDE + long / 2) / long } else { side }.max(1);
    let (columns, rows) = (shrunk(width), shrunk(height));
    let gray = picture.pixels().map(|pixel| {
        let [red, green, blue] = pixel.0.map(u32::from);
        ((299 * red + 587 * green + 114 * blue + 500) / 1_000) as u8
    });
    let means = Sums::of(width, height, gray).means(&Frame::whole(width, height), columns as usize, rows as usize);
    let mut coded = Vec::new();
    JpegEncoder::new_with_quality(&mut coded, QUALITY)
        .encode(&means, columns, rows, ExtendedColorType::L8)
        .map_err(|_| PhotoFault::Damaged)?;
    read(coded)
}

/// Reads the stored form ([`GrayThumbnail::coded`]).
///
/// # Errors
/// [`PhotoFault::Damaged`] when it is none of ours.
pub fn read(coded: Vec<u8>) -> Result<GrayThumbnail, PhotoFault> {
    let picture = image::load_from_memory_with_format(&coded, ImageFormat::Jpeg).map_err(|_| PhotoFault::Damaged)?.into_luma8();
    let (width, height) = picture.dimensions();
    if width.max(height) > LONG_SIDE || width == 0 || height == 0 {
        return Err(PhotoFault::Damaged);
    }
    Ok(GrayThumbnail { width, height, pixels: picture.into_raw(), coded })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_reads_back_to_the_letter_and_is_never_enlarged() {
        let small = RgbImage::from_fn(60, 40, |x, y| image::Rgb([(x * 4) as u8, (y * 6) as u8, 90]));
        let thumbnail = of(&small).unwrap();
        assert_eq!((thumbnail.width, thumbnail.height), (60, 40));
        assert_eq!(read(thumbnail.coded.clone()).unwrap(), thumbnail);
        let large = of(&RgbImage::new(1_600, 400)).unwrap();
        assert_eq!((large.width, large.height), (320, 80));
    }

    #[test]
    fn other_bytes_are_no_thumbnail() {
        assert_eq!(read(Vec::new()), Err(PhotoFault::Damaged));
        assert_eq!(read(b"\xff\xd8\xff\xd9".to_vec()), Err(PhotoFault::Damaged));
    }
}
