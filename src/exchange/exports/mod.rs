//! Results to files for other programs: strict layout, streamed, harmless when a spreadsheet opens them.
//!
//! To add a format: a file here with a writer over `impl Write` that takes the same rows; what a spreadsheet may open goes
//! through [`formula::safe`].

pub mod csv;
pub mod formula;
