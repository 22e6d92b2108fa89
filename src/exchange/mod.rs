//! Bytes to domain values and back: intake files, watchlist files, exports.
//!
//! Imports `domain` only. Pure: bytes in, values or faults out. Tolerant when reading, strict when writing.

pub mod exports;
pub mod intake;
pub mod lists;
