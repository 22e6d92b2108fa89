//! The plain table of personas: a header with any of the known columns, `;` between the values of a cell.
//!
//! A row becomes the JSON form of an entry and is read as such.

use std::io::Read;

use serde_json::{Value, json};

use super::{Row, entry_json};
use crate::domain::handle::Handle;
use crate::domain::identifier::AccountKey;
use crate::domain::intake::Fault;
use crate::exchange::lists::text::refanged;
use crate::exchange::row::{RowObject, values};
use crate::exchange::table::{self, Table};

/// Every column that is read, and `photo_hashes`, which is told apart from an unknown one.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "aliases",
    "emails",
    "phone",
    "phones",
    "github",
    "linkedin",
    "handles",
    "domains",
    "wallets",
    "addresses",
    "location",
    "source",
    "confidence",
    "expires",
    "note",
    "ips",
    "payout_accounts",
    "photo_hashes",
    "source_url",
    "as_of",
    "tlp",
];

/// Entries of a table, one after another.
#[derive(Debug)]
pub struct Entries<R> {
    table: Table<R>,
    key: AccountKey,
}

impl<R: Read> Entries<R> {
    /// Reads the header; `key` turns payout accounts into hashes.
    ///
    /// # Errors
    /// A fault for every column that is not known, and for `photo_hashes`, which this version does not read.
    pub fn open(reader: R, key: AccountKey) -> Result<Self, Vec<Fault>> {
        let table = Table::open(reader, COLUMNS)?;
        if table.has("photo_hashes") {
            let expected = "the file without this column; dropping it in silence would make the list weaker than it looks";
            return Err(vec![
                Fault::new("photo_hashes", None, "is a column that this version does not read", expected).on_line(table.header_line()),
            ]);
        }
        Ok(Self { table, key })
    }
}

impl<R: Read> Iterator for Entries<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        Some(match self.table.next()? {
            Ok(row) => {
                let line = row.line;
                (line, object(row).read(line, |value| entry_json::read(value, &self.key)))
            }
            Err(faults) => (faults.first().and_then(|fault| fault.line).unwrap_or(1), Err(faults)),
        })
    }
}

/// The entry that a row stands for.
fn object(row: table::Row) -> RowObject {
    let mut object = RowObject::default();
    // The main name comes first, wherever its column stands.
    let (names, rest): (Vec<_>, Vec<_>) = row.cells.into_iter().partition(|(column, _)| *column == "name");
    for (column, text) in names.into_iter().chain(rest) {
        match column {
            "name" => object.push("names", column, text.into()),
            "aliases" => object.push_all("names", column, &text, Value::from),
            "phone" | "phones" => object.push_all("phones", column, &text, Value::from),
            "github" | "linkedin" => {
                object.push_all("handles", column, &text, |value| json!({"platform": column, "value": refanged(value)}));
            }
            "handles" => handles(&mut object, &text),
            "location" => object.push_all("locations", column, &text, Value::from),
            "emails" | "domains" | "wallets" | "addresses" | "ips" | "payout_accounts" => {
                object.push_all(column, column, &text, |value| refanged(value).into());
            }
            "confidence" => match text.trim_end_matches('%').trim_end().parse::<i64>() {
                Ok(number) => object.set(column, column, number.into()),
                Err(_) => object.fault(Fault::new(column, Some(&text), "is not a whole number", "a whole number from 0 to 100")),
            },
            _ => object.set(column, column, text.into()),
        }
    }
    object
}

fn handles(object: &mut RowObject, cell: &str) {
    for text in values(cell) {
        match Handle::parse_address(&refanged(text)) {
            Ok(handle) => object.push("handles", "handles", json!({"platform": handle.platform(), "value": handle.as_str()})),
            Err(_) => {
                let expected = "platform:name, such as github:octocat, or the address of a profile";
                object.fault(Fault::new("handles", Some(text), "is not a handle", expected));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, ListRead, read};
    use super::*;
    use proptest::prelude::*;

    fn list(text: &str) -> Result<ListRead, Vec<Fault>> {
        read(Format::Csv, text.as_bytes(), &AccountKey::new([7; 32]))
    }

    #[test]
    fn every_column_of_a_row_reaches_its_place() {
        let text = "aliases,name,id,emails,phone,phones,github,linkedin,handles,domains,wallets,addresses,location,source,confidence,\
            expires,note,ips,payout_accounts,source_url,as_of,tlp\n\
            Bo;Al,Ana Reyes,P1,a[at]x[.]io;b@x.io,+1 512 471 3434,+1 512 471 3435,ana,https://linkedin.com/in/ana,x:ana,\
            hxxps://evil[.]example,0xabcdef12,1 Main St,Oslo;Bergen,report,80%,2027-01,seen twice,198.51.100.7,\
            DE89370400440532013000,hxxps://source[.]example/a,2026,TLP:AMBER\n";
        let persona = list(text).unwrap().entries.remove(0).1;
        let names: Vec<&str> = persona.names.iter().map(|n| n.as_str()).collect();
        assert_eq!(names, ["Ana Reyes", "Bo", "Al"]);
        assert_eq!((persona.emails[0].as_str(), persona.domains[0].host()), ("a@x.io", "evil.example"));
        assert_eq!((persona.phones.len(), persona.handles.len(), persona.locations.len()), (2, 3, 2));
        assert_eq!((persona.confidence, persona.tlp.map(|t| t.as_str())), (Some(80), Some("amber")));
        assert_eq!((persona.ips.len(), persona.payout_accounts.len(), persona.wallets.len()), (1, 1, 1));
        assert!(persona.source_url.is_some() && persona.as_of.is_some() && persona.expires.is_some() && persona.id.is_some());
    }

    #[test]
    fn bad_rows_are_rejected_with_line_and_column_and_the_others_are_read() {
        let text = "id,name,emails,confidence,ips,payout_accounts\n\
            1,Ana,a@x.io,50,,\n\
            2,Bo,b@,101,1.2.3,!!\n\
            3,,-0-,,,\n\
            4,Cy,N/A,high,,\n\
            5,Di,d\u{200b}@x.io,,,\n";
        let read = list(text).unwrap();
        assert_eq!(read.entries.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 6]);
        let told: Vec<(u64, &str)> = read.rejected.iter().flat_map(|row| row.faults.iter().map(|f| (row.line, f.path.as_str()))).collect();
        assert_eq!(told, [(3, "emails"), (3, "ips"), (3, "payout_accounts"), (3, "confidence"), (4, "row"), (5, "confidence")]);
        assert!(read.rejected.iter().flat_map(|row| &row.faults).all(|f| f.path != "payout_accounts" || f.value.is_none()));
    }

    #[rstest::rstest]
    #[case("id,name,nationality\n1,Ana,x\n", "nationality")]
    #[case("id,name,photo_hashes\n1,Ana,\n", "photo_hashes")]
    #[case("36,CORP,-0-\n", "document")]
    fn headers_that_are_not_known_are_refused_by_name(#[case] text: &str, #[case] path: &str) {
        assert_eq!(list(text).unwrap_err()[0].path, path);
    }

    proptest! {
        #[test]
        fn any_rows_give_entries_or_rejections(body in "[a-z@.;:,\"\n\\[\\]0-9]{0,200}") {
            let text = format!("id,name,emails,handles,domains,ips,confidence,tlp\n{body}");
            if let Ok(read) = list(&text) {
                prop_assert!(read.entries.iter().all(|(line, persona)| *line > 1 && persona.is_usable()));
                prop_assert!(read.rejected.iter().all(|row| !row.faults.is_empty() && row.faults.iter().all(|f| !f.problem.is_empty())));
            }
        }
    }
}
