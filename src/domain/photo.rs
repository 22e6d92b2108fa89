//! Pictures: what is kept of a photo to compare it, and what a comparison may say. Regions of pixels, nothing of a face.

use serde::{Deserialize, Serialize};

use super::finding::words;

words!(
    /// What a picture shows, as stated by the sender.
    PhotoKind {
        /// A portrait of the candidate.
        Profile = "profile",
        /// A picture of a document.
        Document = "document",
        /// A still from an interview.
        Interview = "interview",
    }
);

words!(
    /// What a comparison of two pictures says.
    Verdict {
        /// The same photo, possibly recompressed, resized, mirrored or cropped.
        SamePhoto = "same-photo",
        /// Everything but the face area is the same photo.
        FaceSwapped = "face-swapped",
        /// Only the face area is the same photo.
        SameFaceElsewhere = "same-face-elsewhere",
        /// The same backdrop behind different people.
        SharedBackdrop = "shared-backdrop",
        /// Nothing alike.
        Unrelated = "unrelated",
    }
);

/// A perceptual hash of 256 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash256(pub [u8; 32]);

impl Hash256 {
    /// Number of bits that differ, 0 to 256.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        self.0.chunks_exact(8).zip(other.0.chunks_exact(8)).map(|(a, b)| (word(a) ^ word(b)).count_ones()).sum()
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn word(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    eight.copy_from_slice(bytes);
    u64::from_le_bytes(eight)
}

/// Which part of a picture a hash was taken of (photo.md section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// The whole picture.
    Whole,
    /// The whole picture, the head area filled with the mean of the rest.
    WholeWithoutHead,
    /// The square around the head area.
    Head,
}

/// The hash of one region and how much texture it had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionHash {
    /// The hash.
    pub hash: Hash256,
    /// Texture, 0 to 100; hashes of flat regions have arbitrary bits.
    pub quality: u8,
}

/// A gray picture, row by row, long side at most 320 pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrayThumbnail {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height` values, 0 black to 255 white.
    pub pixels: Vec<u8>,
}

/// What is kept of a picture to compare it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFeatures {
    /// Name of the hash algorithm; hashes of different algorithms are never compared.
    pub algorithm: String,
    /// The whole picture.
    pub whole: RegionHash,
    /// The whole picture without the head area.
    pub without_head: RegionHash,
    /// The head area.
    pub head: RegionHash,
    /// The picture in gray, for the comparison area by area.
    pub gray: GrayThumbnail,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_differing_bits() {
        let zero = Hash256([0; 32]);
        let mut bytes = [0; 32];
        bytes[0] = 0b101;
        bytes[31] = 0x80;
        assert_eq!(zero.distance(&zero), 0);
        assert_eq!(zero.distance(&Hash256(bytes)), 3);
        assert_eq!(Hash256([0xff; 32]).distance(&zero), 256);
        assert_eq!(Hash256(bytes).to_hex().len(), 64);
    }
}
