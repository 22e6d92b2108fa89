//! A picture as sent becomes what is kept of it: features, the picture to serve, and its digest.

use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::domain::photo::{PhotoFeatures, PhotoFormat};

use super::fault::PhotoFault;
use super::regions::{Frame, HEAD_SQUARE, HeadBox, Sums, without_head};
use super::{decode, hash, thumbnail};

/// What is kept of a picture.
#[derive(Debug, Clone)]
pub struct Enrolled {
    /// What it is compared by.
    pub features: PhotoFeatures,
    /// The picture to serve, a JPEG coded anew.
    pub served: Vec<u8>,
    /// Width of the upright original in pixels.
    pub width: u32,
    /// Height of the upright original in pixels.
    pub height: u32,
    /// Format of the bytes.
    pub format: PhotoFormat,
    /// There are more frames than the first, which alone is looked at.
    pub animated: bool,
    /// SHA-256 of the bytes, 64 hexadecimal digits.
    pub sha256: String,
}

/// Reads a picture.
///
/// # Errors
/// A [`PhotoFault`] that says what is wrong and what is expected.
pub fn enroll(bytes: &[u8]) -> Result<Enrolled, PhotoFault> {
    let decoded = decode::decode(bytes)?;
    Ok(Enrolled {
        features: features_of(&decoded.picture)?,
        served: decode::served(&decoded.picture)?,
        width: decoded.width,
        height: decoded.height,
        format: decoded.format,
        animated: decoded.animated,
        sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
    })
}

/// The features of an upright picture.
///
/// # Errors
/// [`PhotoFault::Damaged`] when its thumbnail cannot be coded.
pub fn features_of(picture: &RgbImage) -> Result<PhotoFeatures, PhotoFault> {
    let gray = thumbnail::of(picture)?;
    let sums = Sums::of_thumbnail(&gray);
    let frame = Frame::whole(gray.width, gray.height);
    let head = HeadBox::usual(&frame);
    let whole = sums.cells(&frame);
    Ok(PhotoFeatures {
        algorithm: hash::ALGORITHM.to_owned(),
        whole: hash::of(&whole),
        without_head: hash::of(&without_head(&whole, &frame, &head)),
        head: hash::of(&sums.cells(&head.square(HEAD_SQUARE))),
        gray,
    })
}
