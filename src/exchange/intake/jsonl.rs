//! Files of candidates as JSON lines: one intake a line.

use std::io::BufRead;

use super::{FILE_FAULTS_MAX, IntakeRead, ReadOptions, json};
use crate::domain::intake::Fault;
use crate::exchange::lines::{JsonLines, on_line};

/// Candidates with their lines, one after another.
#[derive(Debug)]
pub struct Candidates<R> {
    lines: JsonLines<R>,
    options: ReadOptions,
}

impl<R: BufRead> Candidates<R> {
    /// Reads from `reader`; memory grows with the longest line, not with the file.
    #[must_use]
    pub const fn new(reader: R, options: ReadOptions) -> Self {
        Self { lines: JsonLines::new(reader), options }
    }
}

impl<R: BufRead> Iterator for Candidates<R> {
    type Item = Result<(u64, IntakeRead), Vec<Fault>>;

    fn next(&mut self) -> Option<Self::Item> {
        let (line, value) = self.lines.next()?;
        let read = value.and_then(|value| json::read(&value, &self.options).map_err(|faults| on_line(faults, line)));
        Some(read.map(|read| (line, read)))
    }
}

/// All candidates of a file, or every fault.
///
/// # Errors
/// The faults of all lines, up to 10,000.
pub fn read(reader: impl BufRead, options: &ReadOptions) -> Result<Vec<(u64, IntakeRead)>, Vec<Fault>> {
    all(Candidates::new(reader, options.clone()))
}

/// Every candidate of an iterator, or every fault.
pub(super) fn all(candidates: impl Iterator<Item = Result<(u64, IntakeRead), Vec<Fault>>>) -> Result<Vec<(u64, IntakeRead)>, Vec<Fault>> {
    let mut read = Vec::new();
    let mut faults = Vec::new();
    for candidate in candidates {
        match candidate {
            Ok(candidate) if faults.is_empty() => read.push(candidate),
            Ok(_) => read.clear(),
            Err(more) => faults.extend(more),
        }
        if faults.len() >= FILE_FAULTS_MAX {
            break;
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}
