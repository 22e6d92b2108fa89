//! JSON lines: one document a line, read as a stream. A line that is faulty is told with its number; the next ones are read.

use std::io::{BufRead, Read};

use serde_json::Value;

use super::document::{self, WHOLE};
use crate::domain::intake::Fault;

/// Longest line taken, in bytes: what the API takes as one intake (CONTRACT section 6).
pub const LINE_MAX_BYTES: usize = 16 * 1024 * 1024;

/// The documents of a file, with their line numbers from 1. Blank lines and a byte order mark are skipped.
#[derive(Debug)]
pub struct JsonLines<R> {
    reader: R,
    line: u64,
    ended: bool,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads from `reader`; memory grows with the longest line, not with the file.
    #[must_use]
    pub const fn new(reader: R) -> Self {
        Self { reader, line: 0, ended: false }
    }

    /// The number of the line read last, from 1.
    #[must_use]
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The bytes of the next line without its end; a fault when it is too long, after it was passed over.
    fn next_line(&mut self, bytes: &mut Vec<u8>) -> Result<bool, Fault> {
        bytes.clear();
        self.line += 1;
        let limit = LINE_MAX_BYTES as u64 + 2;
        let count = self.reader.by_ref().take(limit).read_until(b'\n', bytes).map_err(|e| self.unreadable(&e))?;
        if count as u64 == limit && bytes.last() != Some(&b'\n') {
            bytes.clear();
            self.reader.skip_until(b'\n').map_err(|e| self.unreadable(&e))?;
            return Err(self.fault("is longer than 16 MB", "at most 16 MB a line; larger pictures as files beside it"));
        }
        Ok(count > 0)
    }

    fn unreadable(&self, error: &std::io::Error) -> Fault {
        self.fault(&format!("could not be read: {}", error.kind()), "a file that can be read to its end")
    }

    fn fault(&self, problem: &str, expected: &str) -> Fault {
        Fault::new(WHOLE, None, problem, expected).on_line(self.line)
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = (u64, Result<Value, Vec<Fault>>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.ended {
            match self.next_line(&mut bytes) {
                Ok(true) if bytes.iter().all(u8::is_ascii_whitespace) || bytes == b"\xef\xbb\xbf\n" => {}
                Ok(true) => {
                    let line = self.line;
                    return Some((line, document::parse_line(&bytes, line)));
                }
                Ok(false) => self.ended = true,
                Err(fault) => {
                    self.ended = !fault.problem.starts_with("is longer");
                    return Some((self.line, Err(vec![fault])));
                }
            }
        }
        None
    }
}

/// The same faults on a line of the file.
#[must_use]
pub fn on_line(faults: Vec<Fault>, line: u64) -> Vec<Fault> {
    faults.into_iter().map(|fault| fault.on_line(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_document_with_its_number_and_faulty_ones_stop_nothing() {
        let text = "\u{feff}{\"a\":1}\r\n\n{\"a\":\n  \n{\"a\":2}";
        let read: Vec<_> = JsonLines::new(text.as_bytes()).collect();
        assert_eq!(read.len(), 3);
        assert_eq!((read[0].0, read[0].1.as_ref().unwrap()["a"].as_i64()), (1, Some(1)));
        assert_eq!(read[1].0, 3);
        assert_eq!(read[1].1.as_ref().unwrap_err()[0].line, Some(3));
        assert_eq!((read[2].0, read[2].1.as_ref().unwrap()["a"].as_i64()), (5, Some(2)));
    }

    #[test]
    fn a_line_over_the_limit_is_told_and_passed_over() {
        let text = format!("{{\"a\":\"{}\"}}\n{{\"a\":2}}\n", "x".repeat(LINE_MAX_BYTES));
        let read: Vec<_> = JsonLines::new(text.as_bytes()).collect();
        assert_eq!(read[0].1.as_ref().unwrap_err()[0].problem, "is longer than 16 MB");
        assert_eq!((read[1].0, read[1].1.is_ok()), (2, true));
    }
}
