//! The index of pictures: three flat columns of hashes, searched whole, and the naive scan it must agree with.
//!
//! Idea: at distances of 45 to 65 bits of 256 no tree or bucket finds what a full scan finds, and a full scan is cheap: a
//! column is read in blocks that stay in the cache while all query hashes pass over it. Cost: one row and hash about 1 ns
//! built for x86-64-v2 (popcnt); 123 bytes a picture. Removed rows are skipped by a mark, so numbers never move.
//!
//! To add a region: a column, its threshold in `policy`, its list in `QueryVariants`.

use crate::domain::photo::{Hash256, PhotoFeatures, PhotoKind, Region, RegionHash};
use crate::screening::policy::{PHOTO_CANDIDATES, PHOTO_LOW_TEXTURE, PHOTO_LOW_TEXTURE_BITS, PHOTO_NO_TEXTURE, photo_threshold};

use super::variants::QueryVariants;

/// Rows that are searched with all query hashes before the next ones: 128 KB a column.
const BLOCK: usize = 4_096;
/// The regions, in the order of the columns.
const REGIONS: [Region; 3] = [Region::Whole, Region::WholeWithoutHead, Region::Head];

type Words = [u64; 4];

/// One enrolled picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Number of the picture: rows are added by increasing number.
    pub number: i64,
    /// Number of the candidate whose picture it is.
    pub owner: i64,
    /// What it shows; documents are compared with documents only.
    pub kind: PhotoKind,
    /// It was removed.
    removed: bool,
}

impl Row {
    /// A row of the index.
    #[must_use]
    pub fn new(number: i64, owner: i64, kind: PhotoKind) -> Self {
        Self { number, owner, kind, removed: false }
    }
}

/// A picture that may show the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Number of the picture.
    pub number: i64,
    /// Number of the candidate whose picture it is.
    pub owner: i64,
    /// Least of distance less threshold over the regions: 0 or less, lower is closer.
    pub score: i32,
    /// Distance of that region in bits.
    pub distance: u32,
    /// The region that came closest.
    pub region: Region,
}

/// Hashes of all enrolled pictures.
#[derive(Debug, Clone, Default)]
pub struct PhotoIndex {
    rows: Vec<Row>,
    hashes: [Vec<Words>; 3],
    qualities: Vec<[u8; 3]>,
}

impl PhotoIndex {
    /// An index without pictures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a picture. A number that is not above the last one is left out: it is known already.
    pub fn push(&mut self, row: Row, hashes: [RegionHash; 3]) {
        if self.rows.last().is_some_and(|last| last.number >= row.number) {
            return;
        }
        self.rows.push(row);
        for (column, region) in self.hashes.iter_mut().zip(hashes) {
            column.push(words(&region.hash));
        }
        self.qualities.push(hashes.map(|region| region.quality));
    }

    /// Marks a picture as removed; false when there is none of that number.
    pub fn remove(&mut self, number: i64) -> bool {
        let found = self.rows.binary_search_by_key(&number, |row| row.number).ok().and_then(|at| self.rows.get_mut(at));
        found.is_some_and(|row| !std::mem::replace(&mut row.removed, true))
    }

    /// The highest number added; what is stored above it is still to be added.
    #[must_use]
    pub fn last_number(&self) -> Option<i64> {
        self.rows.last().map(|row| row.number)
    }

    /// Pictures that are not removed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().filter(|row| !row.removed).count()
    }

    /// Whether there is no picture.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pictures of other candidates than `owner` that may show the same: score 0 or less, the closest 100, closest first.
    #[must_use]
    pub fn search(&self, query: &QueryVariants, kind: PhotoKind, owner: Option<i64>) -> Vec<Candidate> {
        let lists = [&query.whole, &query.without_head, &query.head].map(|list| list.iter().map(words).collect::<Vec<_>>());
        let mut found = Vec::new();
        let mut least = [[u32::MAX; BLOCK]; 3];
        for start in (0..self.rows.len()).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.rows.len());
            for ((column, list), least) in self.hashes.iter().zip(&lists).zip(&mut least) {
                least_distances(&column[start..end], list, &mut least[..end - start]);
            }
            for (at, row) in self.rows[start..end].iter().enumerate() {
                if !row.removed && Some(row.owner) != owner && row.kind.comparable_with(kind) {
                    let distances = [least[0][at], least[1][at], least[2][at]];
                    found.extend(candidate(row, distances, &self.qualities[start + at], &query.qualities));
                }
            }
            if found.len() > 8 * PHOTO_CANDIDATES {
                keep_closest(&mut found);
            }
        }
        keep_closest(&mut found);
        found
    }
}

/// The least distance of each hash to any of the list.
fn least_distances(column: &[Words], list: &[Words], least: &mut [u32]) {
    least.fill(u32::MAX);
    for query in list {
        for (least, hash) in least.iter_mut().zip(column) {
            *least = (*least).min(distance(query, hash));
        }
    }
}

fn distance(a: &Words, b: &Words) -> u32 {
    (a[0] ^ b[0]).count_ones() + (a[1] ^ b[1]).count_ones() + (a[2] ^ b[2]).count_ones() + (a[3] ^ b[3]).count_ones()
}

fn words(hash: &Hash256) -> Words {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(hash.0.chunks_exact(8)) {
        *word = bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    words
}

fn keep_closest(found: &mut Vec<Candidate>) {
    found.sort_unstable_by_key(|candidate| (candidate.score, candidate.number));
    found.truncate(PHOTO_CANDIDATES);
}

fn candidate(row: &Row, distances: [u32; 3], stored: &[u8; 3], query: &[u8; 3]) -> Option<Candidate> {
    let (score, distance, region) = closest(distances, stored, query)?;
    (score <= 0).then_some(Candidate { number: row.number, owner: row.owner, score, distance, region })
}

/// The region that comes closest to its threshold, or under it farthest; none when no region has texture in both.
fn closest(distances: [u32; 3], stored: &[u8; 3], query: &[u8; 3]) -> Option<(i32, u32, Region)> {
    let scored = REGIONS.iter().enumerate().filter_map(|(i, region)| {
        let quality = stored[i].min(query[i]);
        if distances[i] == u32::MAX || quality < PHOTO_NO_TEXTURE {
            return None;
        }
        let lowered = *region == Region::WholeWithoutHead && quality < PHOTO_LOW_TEXTURE;
        let threshold = photo_threshold(*region) - if lowered { PHOTO_LOW_TEXTURE_BITS } else { 0 };
        Some((distances[i] as i32 - threshold as i32, distances[i], *region))
    });
    scored.min_by_key(|(score, ..)| *score)
}

/// How close one enrolled picture comes: (score, distance, region), as [`PhotoIndex::search`] has it.
#[must_use]
pub fn closeness(query: &QueryVariants, enrolled: &PhotoFeatures) -> Option<(i32, u32, Region)> {
    let lists = [&query.whole, &query.without_head, &query.head];
    let hashes = REGIONS.map(|region| enrolled.region(region));
    let least = |i: usize| lists[i].iter().map(|hash| hash.distance(&hashes[i].hash)).min().unwrap_or(u32::MAX);
    closest([least(0), least(1), least(2)], &hashes.map(|region| region.quality), &query.qualities)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Three lines a person can check: every row, every hash, every region.
    fn naive(rows: &[(Row, [RegionHash; 3])], query: &QueryVariants, kind: PhotoKind, owner: Option<i64>) -> Vec<(i32, i64)> {
        let lists = [&query.whole, &query.without_head, &query.head];
        let mut found = Vec::new();
        for (row, hashes) in rows.iter().filter(|(row, _)| Some(row.owner) != owner && row.kind.comparable_with(kind)) {
            let least = |i: usize| lists[i].iter().map(|hash| hash.distance(&hashes[i].hash)).min().unwrap_or(u32::MAX);
            let close = closest([least(0), least(1), least(2)], &hashes.map(|region| region.quality), &query.qualities);
            found.extend(close.filter(|close| close.0 <= 0).map(|close| (close.0, row.number)));
        }
        found.sort_unstable();
        found.truncate(PHOTO_CANDIDATES);
        found
    }

    /// A hash at a chosen number of bits from a base: random ones would never come near each other.
    fn near(base: u8, flips: u8) -> Hash256 {
        let mut bytes = [base.wrapping_mul(37); 32];
        for bit in 0..usize::from(flips) {
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        Hash256(bytes)
    }

    fn hash() -> impl Strategy<Value = Hash256> {
        (0_u8..4, 0_u8..140).prop_map(|(base, flips)| near(base, flips))
    }

    fn row() -> impl Strategy<Value = (i64, bool, [RegionHash; 3], bool)> {
        let region = || (hash(), 0_u8..=100).prop_map(|(hash, quality)| RegionHash { hash, quality });
        (0_i64..5, any::<bool>(), [region(), region(), region()], proptest::bool::weighted(0.1))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_blocked_scan_agrees_with_the_naive_one(
            rows in proptest::collection::vec(row(), 0..300),
            lists in proptest::collection::vec(hash(), 9),
            repeat in 1_usize..40,
        ) {
            let query = QueryVariants {
                whole: lists[..2].to_vec(), without_head: lists[2..6].to_vec(), head: lists[6..].to_vec(), qualities: [80, 55, 90],
            };
            let mut index = PhotoIndex::new();
            let mut kept = Vec::new();
            for i in 0..rows.len() * repeat {
                let (owner, document, hashes, removed) = &rows[i % rows.len()];
                let kind = if *document { PhotoKind::Document } else { PhotoKind::Profile };
                let row = Row::new(3 * i as i64, *owner, kind);
                index.push(row, *hashes);
                if *removed {
                    prop_assert!(index.remove(3 * i as i64));
                } else {
                    kept.push((row, *hashes));
                }
            }
            let found = index.search(&query, PhotoKind::Interview, Some(1));
            let found: Vec<(i32, i64)> = found.iter().map(|candidate| (candidate.score, candidate.number)).collect();
            prop_assert_eq!(found, naive(&kept, &query, PhotoKind::Interview, Some(1)));
            prop_assert_eq!(index.len(), kept.len());
        }
    }

    #[test]
    fn a_removed_picture_is_never_found_and_a_known_number_is_added_once() {
        let region = RegionHash { hash: near(1, 0), quality: 100 };
        let query = QueryVariants { whole: vec![near(1, 0)], without_head: Vec::new(), head: Vec::new(), qualities: [100; 3] };
        let mut index = PhotoIndex::new();
        index.push(Row::new(7, 1, PhotoKind::Profile), [region; 3]);
        index.push(Row::new(7, 2, PhotoKind::Profile), [region; 3]);
        assert_eq!(index.search(&query, PhotoKind::Profile, None).len(), 1);
        assert!(index.remove(7) && !index.remove(7) && !index.remove(8));
        assert!(index.search(&query, PhotoKind::Profile, None).is_empty() && index.is_empty());
        assert_eq!(index.last_number(), Some(7));
    }

    #[test]
    fn flat_pictures_are_nobodys_likeness() {
        let flat = RegionHash { hash: near(1, 0), quality: 3 };
        let query = QueryVariants { whole: vec![near(1, 0)], without_head: Vec::new(), head: Vec::new(), qualities: [100; 3] };
        let mut index = PhotoIndex::new();
        index.push(Row::new(1, 1, PhotoKind::Profile), [flat; 3]);
        assert!(index.search(&query, PhotoKind::Profile, None).is_empty());
    }
}
