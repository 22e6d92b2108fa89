//! Bytes of a delimited file to the cells of one record, with the line each byte stands on.
//!
//! Quotes stand around a cell and are doubled inside it; a quote in the middle of a plain cell is a letter like any other, and
//! what follows a closing quote is kept. So does the csv crate, which is the oracle in the tests of [`super::table`].

use std::io::{BufReader, Bytes, Read};

use super::document::WHOLE;
use crate::domain::intake::Fault;

/// Most bytes of one file.
const FILE_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Bytes with the number of the line they stand on.
#[derive(Debug)]
pub(super) struct Source<R> {
    bytes: Bytes<BufReader<R>>,
    line: u64,
    after_cr: bool,
    count: u64,
}

impl<R: Read> Source<R> {
    /// The bytes of a reader, from line 1.
    pub(super) fn new(reader: R) -> Self {
        Self { bytes: BufReader::with_capacity(64 * 1024, reader).bytes(), line: 1, after_cr: false, count: 0 }
    }

    /// The line on which the next byte stands.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// The next byte; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<u8>, Fault> {
        let refuse = |problem: String, expected| Fault::new(WHOLE, None, problem, expected).on_line(self.line);
        let byte = match self.bytes.next() {
            None => return Ok(None),
            Some(Err(error)) => return Err(refuse(format!("could not be read: {}", error.kind()), "a file that can be read to its end")),
            Some(Ok(byte)) => byte,
        };
        self.count += 1;
        if self.count > FILE_MAX_BYTES {
            return Err(refuse("is larger than 256 MB".to_owned(), "at most 256 MB; several files"));
        }
        // CR, LF and CR LF each end one line.
        if byte == b'\r' || (byte == b'\n' && !self.after_cr) {
            self.line += 1;
        }
        self.after_cr = byte == b'\r';
        Ok(Some(byte))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    AfterQuote,
}

/// Cells of one record, byte by byte.
pub(super) struct Splitter {
    separator: u8,
    state: State,
    cell: Vec<u8>,
    cells: Vec<Vec<u8>>,
    size: usize,
}

impl Splitter {
    /// Cells between separators.
    pub(super) const fn new(separator: u8) -> Self {
        Self { separator, state: State::Start, cell: Vec::new(), cells: Vec::new(), size: 0 }
    }

    /// Takes a byte; true when it ended the record.
    pub(super) fn feed(&mut self, byte: u8) -> bool {
        self.size += 1;
        match (self.state, byte) {
            (State::Quoted, b'"') => self.state = State::AfterQuote,
            (State::Start, b'"') => self.state = State::Quoted,
            (State::Quoted, _) => self.cell.push(byte),
            (State::AfterQuote, b'"') => {
                self.cell.push(byte);
                self.state = State::Quoted;
            }
            (_, b'\r' | b'\n') => return true,
            (_, byte) if byte == self.separator => {
                self.cells.push(std::mem::take(&mut self.cell));
                self.state = State::Start;
            }
            _ => {
                self.cell.push(byte);
                self.state = State::Plain;
            }
        }
        false
    }

    /// True inside quotes.
    pub(super) fn is_quoted(&self) -> bool {
        self.state == State::Quoted
    }

    /// Number of bytes taken.
    pub(super) const fn size(&self) -> usize {
        self.size
    }

    /// The cells, the last one too.
    pub(super) fn finish(mut self) -> Vec<Vec<u8>> {
        self.cells.push(self.cell);
        self.cells
    }
}
