//! Why a picture was refused, in words for the one who sent it.

use thiserror::Error;

/// Most bytes of one picture.
pub const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Longest side in pixels (a 15 KB PNG of 11,000 x 11,000 pixels decodes to 121 MB: sides alone are no limit).
pub const MOST_SIDE: u32 = 12_000;
/// Most pixels.
pub const MOST_PIXELS: u64 = 40_000_000;
/// Shortest side in pixels that has anything to compare.
pub const LEAST_SIDE: u32 = 16;

/// Why a picture was refused; `Display` reads "what is wrong: expected what".
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhotoFault {
    /// No bytes.
    #[error("is empty: expected a JPEG, PNG or WebP picture")]
    Empty,
    /// More than [`MOST_BYTES`].
    #[error("has {0} bytes: expected a JPEG, PNG or WebP picture of at most 8 MB")]
    TooManyBytes(usize),
    /// A known format that is not taken.
    #[error("is a {0} file: expected a JPEG, PNG or WebP picture")]
    RefusedFormat(&'static str),
    /// No format that is known here.
    #[error("is not a picture that can be read: expected a JPEG, PNG or WebP picture")]
    UnknownFormat,
    /// Too large, or nothing, by its header.
    #[error("is {width} x {height} pixels: expected a JPEG, PNG or WebP picture of 16 x 16 to 40 million pixels, no side over 12,000")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Decoding it takes more memory than a picture may.
    #[error("needs more memory than a picture may: expected a JPEG, PNG or WebP picture with 8 bits a color")]
    TooMuchMemory,
    /// The end is missing.
    #[error("is truncated, its end is missing: expected a whole JPEG, PNG or WebP picture")]
    Truncated,
    /// More progressive passes than any program writes.
    #[error("has {0} passes over the picture: expected a JPEG, PNG or WebP picture with at most 100")]
    TooManyScans(usize),
    /// The decoder gave up.
    #[error("is damaged and cannot be decoded: expected a whole JPEG, PNG or WebP picture")]
    Damaged,
}
