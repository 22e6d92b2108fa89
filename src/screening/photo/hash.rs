//! 64 x 64 cells to a perceptual hash of 256 bits, and how much texture the cells had.
//!
//! Idea: the low 16 x 16 frequencies of the cosine transform, each above or below their median, survive recompression, resizing
//! and mild edits. Done by the kept fork of `img_hash`; 60 us a hash. Known limit: flat regions give arbitrary bits, which is
//! why each hash carries its quality.

use std::sync::LazyLock;

use image::GrayImage;
use img_hash::{HashAlg, Hasher, HasherConfig};

use crate::domain::photo::{Hash256, RegionHash};

use super::regions::{CELLS, Cells};

/// Name and version of the hash; hashes of different names are never compared.
pub const ALGORITHM: &str = "dct-median-256/1";

static HASHER: LazyLock<Hasher<[u8; 32]>> =
    LazyLock::new(|| HasherConfig::with_bytes_type::<[u8; 32]>().hash_size(16, 16).hash_alg(HashAlg::Median).preproc_dct().to_hasher());

/// Hash and quality of a region.
#[must_use]
pub fn of(cells: &Cells) -> RegionHash {
    RegionHash { hash: bits(cells), quality: quality(cells) }
}

/// Hash and quality of a region's mirror image.
#[must_use]
pub fn of_mirrored(cells: &Cells) -> RegionHash {
    let mut mirrored = *cells;
    for row in mirrored.chunks_exact_mut(CELLS) {
        row.reverse();
    }
    of(&mirrored)
}

fn bits(cells: &Cells) -> Hash256 {
    let side = CELLS as u32;
    let picture = GrayImage::from_fn(side, side, |x, y| image::Luma([cells[y as usize * CELLS + x as usize]]));
    let hash = HASHER.hash_image(&picture);
    Hash256::from_slice(hash.as_bytes()).unwrap_or(Hash256([0; 32]))
}

/// Texture, 0 to 100: differences of neighbors of more than one percent, summed over 90, as the published PDQ measure.
fn quality(cells: &Cells) -> u8 {
    let step = |a: u8, b: u8| (i32::from(a) - i32::from(b)).unsigned_abs() * 100 / 255;
    let across: u32 = cells.chunks_exact(CELLS).flat_map(|row| row.windows(2)).map(|pair| step(pair[0], pair[1])).sum();
    let down: u32 = cells.iter().zip(&cells[CELLS..]).map(|(upper, lower)| step(*upper, *lower)).sum();
    ((across + down) / 90).min(100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of different gray: every frequency has something to say.
    fn blocks(seed: usize) -> Cells {
        std::array::from_fn(|i| {
            let (x, y) = (i % CELLS / 5, i / CELLS / 6);
            (40 + (x * 73 + y * 151 + x * y * 31 + seed * (x * 17 + y * 29)) % 170) as u8
        })
    }

    #[test]
    fn the_same_cells_hash_alike_and_hold_128_ones() {
        let hash = of(&blocks(0));
        assert_eq!(hash, of(&blocks(0)));
        let ones: u32 = hash.hash.0.iter().map(|byte| byte.count_ones()).sum();
        assert_eq!(ones, 128);
    }

    #[test]
    fn light_changes_move_few_bits_and_another_picture_many() {
        let brighter = blocks(0).map(|value| (f64::from(value) * 1.1 + 4.0) as u8);
        assert!(of(&blocks(0)).hash.distance(&of(&brighter).hash) <= 20);
        assert!(of(&blocks(0)).hash.distance(&of(&blocks(2)).hash) > 80);
    }

    #[test]
    fn a_picture_mirrored_twice_is_itself() {
        let mut mirrored = blocks(1);
        for row in mirrored.chunks_exact_mut(CELLS) {
            row.reverse();
        }
        assert_eq!(of_mirrored(&mirrored), of(&blocks(1)));
    }

    #[test]
    fn flat_cells_have_no_quality() {
        assert_eq!(of(&[200; CELLS * CELLS]).quality, 0);
        assert_eq!(of(&blocks(0)).quality, 100);
    }
}
