//! Candidates: bytes to an [`Intake`], or every fault at once; and the intake back as JSON.
//!
//! [`json`] says what the keys mean, with one file an area: [`contacts`], [`places`], [`conduct`], [`photos`]. [`csv`] and
//! [`jsonl`] are files of them, [`check`] the wrapper of a check, [`write`](fn@write) the way back.
//!
//! To add a key: a field of [`Intake`], a line in the reader of its area and its known keys, a line in `write.rs`, rows in
//! `malformed.rs`. To add a format (another system's export or hook): a file here that makes the JSON object of CONTRACT
//! section 4 from it and reads that with [`json::read`].

use crate::domain::identifier::AccountKey;
use crate::domain::intake::{Intake, Picture};

pub mod check;
pub mod conduct;
pub mod contacts;
pub mod csv;
pub mod json;
pub mod jsonl;
pub mod photos;
pub mod places;
pub mod write;

#[cfg(test)]
mod malformed;

pub use check::{CheckLine, OrganizationRead, line_id, read_check_line};
pub use json::read;
pub use write::write;

pub use super::document::parse_bytes;

/// Most faults collected over a file; reading stops there.
pub(crate) const FILE_FAULTS_MAX: usize = 10_000;

/// Longest single value, in characters.
pub const VALUE_MAX: usize = 300;

/// Longest notes, in characters; also of an interview and of a watchlist entry.
pub const NOTES_MAX: usize = 10_000;

/// Longest text of a resume, in characters.
pub const RESUME_MAX: usize = 200_000;

/// Most values of a list that has no limit of its own.
pub const LIST_MAX: usize = 50;

/// Most jobs and courses.
pub const HISTORY_MAX: usize = 200;

/// Most sightings, and most hours of activity.
pub const SIGHTINGS_MAX: usize = 1_000;

/// Most pictures.
pub const PHOTOS_MAX: usize = 6;

/// What a reader must know besides the bytes.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// Turns payout accounts into hashes at the door.
    pub account_key: AccountKey,
    /// Whether a photo may name a file beside the input (`file`): only in files for import.
    pub allow_files: bool,
}

/// A picture that lies beside the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureFile {
    /// Index in [`Intake::photos`].
    pub index: usize,
    /// Relative path, `/` between folders, without `..`. Whether it is a link only the file system can tell.
    pub name: String,
}

/// One candidate as read.
#[derive(Debug, Clone, PartialEq)]
pub struct IntakeRead {
    /// What is said of the candidate.
    pub intake: Intake,
    /// Pictures that came inside.
    pub pictures: Vec<Picture>,
    /// Pictures that lie beside the input.
    pub files: Vec<PictureFile>,
}
