//! Watchlists: bytes to personas, with every row that was rejected and why; and what a new version changes.
//!
//! [`csv`] is the plain table, [`entry_json`] the JSON form (one a line as `jsonl`), [`text`] what spellings are undone in
//! all formats, [`change`] the difference to the version that stands.
//!
//! To add a format: a word in [`Format`], a line in [`detect`] and [`read`], a file here that yields personas with their
//! lines, and an invented sample with a rejected row in its tests.

use std::io::BufRead;

use serde::{Deserialize, Serialize};

use crate::domain::finding::words;
use crate::domain::identifier::AccountKey;
use crate::domain::intake::Fault;
use crate::domain::watchlist::Persona;
use crate::exchange::document::WHOLE;

pub mod change;
pub mod csv;
pub mod entry_json;
pub mod text;

words!(
    /// The layout of a list file.
    Format {
        /// The plain table.
        Csv = "csv",
        /// One entry a line in the JSON form.
        Jsonl = "jsonl",
    }
);

/// Most rejected rows told one by one; a file of the wrong kind has millions.
pub const REJECTED_MAX: usize = 10_000;

/// Most entries of one file; 256 MB of honest rows hold fewer, of rows of two letters a hundred times more.
pub const ENTRIES_MAX: usize = 2_000_000;

/// A row that is no entry, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// What is wrong; `path` is the column of a table, the path of a JSON entry.
    pub faults: Vec<Fault>,
}

/// A list as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListRead {
    /// Entries with their lines.
    pub entries: Vec<(u64, Persona)>,
    /// Rows that are no entries, the first [`REJECTED_MAX`] of them.
    pub rejected: Vec<Rejected>,
    /// Number of rows that are no entries and are not told one by one.
    pub rejected_beyond: usize,
}

/// Reads a list.
///
/// # Errors
/// Faults of the file as a whole: no header, unknown columns, unreadable; and every fault when not one entry is left, since
/// an empty list would silently clear all its hits.
pub fn read<'r>(format: Format, reader: impl BufRead + 'r, key: &AccountKey) -> Result<ListRead, Vec<Fault>> {
    let rows: Box<dyn Iterator<Item = Row> + 'r> = match format {
        Format::Csv => Box::new(csv::Entries::open(reader, key.clone())?),
        Format::Jsonl => Box::new(entry_json::Entries::new(reader, key.clone())),
    };
    let mut read = ListRead::default();
    for (line, row) in rows {
        match row {
            Ok(_) if read.entries.len() >= ENTRIES_MAX => {
                let problem = format!("holds more than {ENTRIES_MAX} entries");
                return Err(vec![Fault::new(WHOLE, None, problem, "several lists").on_line(line)]);
            }
            Ok(persona) => read.entries.push((line, persona)),
            Err(faults) if read.rejected.len() < REJECTED_MAX => read.rejected.push(Rejected { line, faults }),
            Err(_) => read.rejected_beyond += 1,
        }
    }
    if !read.entries.is_empty() {
        return Ok(read);
    }
    let mut faults: Vec<Fault> = read.rejected.into_iter().flat_map(|row| row.faults).take(1_000).collect();
    faults.push(Fault::new(WHOLE, None, "holds no entry", "at least one entry with a name or an identifier").on_line(1));
    Err(faults)
}

/// A line of the file with the entry it holds, or what is wrong with it.
pub type Row = (u64, Result<Persona, Vec<Fault>>);

/// The layout of a file from its first bytes; its name is never asked.
///
/// # Errors
/// A fault for what is neither.
pub fn detect(first_bytes: &[u8]) -> Result<Format, Fault> {
    let bytes = first_bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first_bytes).trim_ascii_start();
    let refuse = |problem: &str| Err(Fault::new(WHOLE, None, problem, "a table with a header line, or one JSON entry a line").on_line(1));
    match bytes.first() {
        Some(b'{') => Ok(Format::Jsonl),
        Some(b'[') => refuse("is a JSON list"),
        Some(b'<') => refuse("is XML or a web page"),
        Some(_) if bytes.starts_with(b"PK\x03\x04") => refuse("is a spreadsheet or archive"),
        Some(_) => Ok(Format::Csv),
        None => refuse("is empty"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case(b"\xef\xbb\xbfid,name\n", Some(Format::Csv))]
    #[case(b"  {\"names\": []}", Some(Format::Jsonl))]
    #[case(b"<?xml", None)]
    #[case(b"[{}]", None)]
    #[case(b"PK\x03\x04....", None)]
    #[case(b" \n", None)]
    fn layouts_are_told_by_content(#[case] bytes: &[u8], #[case] format: Option<Format>) {
        assert_eq!(detect(bytes).ok(), format);
    }

    #[test]
    fn a_flood_of_rejected_rows_is_counted_and_not_kept() {
        let text = format!("name,emails\nAna,a@x.io\n{}", "B,b@\n".repeat(REJECTED_MAX + 5));
        let read = read(Format::Csv, text.as_bytes(), &AccountKey::new([7; 32])).unwrap();
        assert_eq!((read.entries.len(), read.rejected.len(), read.rejected_beyond), (1, REJECTED_MAX, 5));
    }

    #[test]
    fn a_file_without_a_single_entry_is_refused_with_all_reasons() {
        let key = AccountKey::new([7; 32]);
        let faults = read(Format::Csv, &b"id,name,emails\n1,,a@\n"[..], &key).unwrap_err();
        assert_eq!(faults[0].path, "emails");
        assert_eq!(faults.last().unwrap().problem, "holds no entry");
        assert!(read(Format::Jsonl, &b""[..], &key).is_err());
    }
}
