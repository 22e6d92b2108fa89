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

impl PhotoKind {
    /// Pictures of people are compared with one another; documents only with documents.
    #[must_use]
    pub fn comparable_with(self, other: Self) -> bool {
        (self == Self::Document) == (other == Self::Document)
    }
}

words!(
    /// The formats that are taken, told from the bytes.
    PhotoFormat {
        /// JPEG, baseline or progressive.
        Jpeg = "jpeg",
        /// PNG.
        Png = "png",
        /// WebP, lossy or lossless.
        WebP = "webp",
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

    /// The hash of exactly 32 bytes; none for any other number.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
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

/// Which part of a picture a hash was taken of.
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

impl RegionHash {
    /// Length of the stored form.
    pub const BYTES: usize = 33;

    /// The stored form: 32 bytes of the hash, one of the quality.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..32].copy_from_slice(&self.hash.0);
        bytes[32] = self.quality;
        bytes
    }

    /// Reads the stored form; none when it is of another length.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (quality, hash) = bytes.split_last()?;
        Some(Self { hash: Hash256::from_slice(hash)?, quality: *quality })
    }
}

/// A gray picture, row by row, long side at most 320 pixels.
///
/// The pixels are always those that `coded` decodes to, so a picture read back from storage compares to the letter like one
/// just enrolled. Made by `screening::photo` only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrayThumbnail {
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// `width * height` values, 0 black to 255 white.
    pub pixels: Vec<u8>,
    /// The stored form: a small JPEG.
    pub coded: Vec<u8>,
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

impl PhotoFeatures {
    /// The hash of a region.
    #[must_use]
    pub fn region(&self, region: Region) -> RegionHash {
        match region {
            Region::Whole => self.whole,
            Region::WholeWithoutHead => self.without_head,
            Region::Head => self.head,
        }
    }

    /// The hash of the whole picture with the name of its algorithm: what evidence and exports show.
    #[must_use]
    pub fn shown_hash(&self) -> String {
        format!("{}:{}", self.algorithm, self.whole.hash.to_hex())
    }
}

words!(
    /// What one square area of two aligned pictures says.
    TileState {
        /// The same pixels.
        Match = "match",
        /// Other pixels.
        Differs = "differs",
        /// Flat in both: nothing to compare.
        Nothing = "nothing",
    }
);

/// One square area of the first picture, with its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tile {
    /// Column, from 0.
    pub x: u32,
    /// Row, from 0.
    pub y: u32,
    /// What it says.
    pub state: TileState,
    /// It lies in the head area, which a swap changes.
    pub head: bool,
}

/// The areas of the first picture that the second one covers: the picture behind a verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct TileMap {
    /// Width of the first picture's thumbnail in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Side of one area in pixels of that thumbnail.
    pub side: u32,
    /// The head area as (center x, center y, radius x, radius y), in pixels of that thumbnail.
    pub head: [f32; 4],
    /// The areas, row by row; those that the second picture does not cover are left out.
    pub tiles: Vec<Tile>,
}

/// How many areas of a kind match, of those that can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TileCount {
    /// The same pixels.
    pub matching: u32,
    /// Areas with something to compare.
    pub compared: u32,
}

impl TileCount {
    /// Matching share, 0 to 1; none when there was nothing to compare.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.compared > 0).then(|| f64::from(self.matching) / f64::from(self.compared))
    }
}

/// What the comparison of two pictures says, and the numbers it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The verdict.
    pub verdict: Verdict,
    /// Least distance of a region hash, in bits of 256.
    pub distance: Option<u32>,
    /// Corner points that agree; none while no points are taken.
    pub inliers: Option<u32>,
    /// Larger share of one picture that the other covers, 0 to 1; none when they could not be laid over each other.
    pub coverage: Option<f64>,
    /// Matching share of the areas outside the head, 0 to 1.
    pub outside_match: Option<f64>,
    /// Likeness of the head area's fine structure, -1 to 1; a copy gives 0.85 or more.
    pub face_match: Option<f64>,
    /// One picture is the mirror image of the other.
    pub mirrored: bool,
    /// Areas outside the head.
    pub outside: TileCount,
    /// Areas of clothes and shoulders.
    pub torso: TileCount,
    /// Areas round the head.
    pub ring: TileCount,
    /// Area by area; none when the pictures could not be laid over each other.
    pub tiles: Option<TileMap>,
    /// All that in plain words.
    pub sentence: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_hash_reads_back_from_its_bytes_and_from_nothing_else() {
        let region = RegionHash { hash: Hash256([7; 32]), quality: 61 };
        assert_eq!(RegionHash::from_bytes(&region.to_bytes()), Some(region));
        assert_eq!(RegionHash::from_bytes(&[0; 32]), None);
        assert_eq!(RegionHash::from_bytes(&[]), None);
    }

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
