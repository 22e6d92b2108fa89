//! Bytes to domain values and back: intake files, watchlist files, exports.
//!
//! Imports `domain` only. Pure: bytes in, values or faults out. Tolerant when reading, strict when writing.
//!
//! [`document`] reads one JSON document, [`lines`] a file of them, [`table`] a delimited file; [`fields`] walks a JSON value
//! and collects every fault at once. [`intake`] and [`lists`] say what the values mean, [`exports`] writes.
//!
//! To add a format: a file in the folder of its direction that ends in the same domain value through the same reader of
//! fields, so that every format refuses the same values with the same words.

mod cells;
pub mod document;
pub mod exports;
pub mod fields;
pub mod intake;
pub mod lines;
pub mod lists;
pub mod row;
pub mod table;
