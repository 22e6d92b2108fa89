//! Files of candidates as delimited text: a header in any order, `;` between the values of a cell, one row a candidate.
//!
//! A row becomes the JSON object of CONTRACT section 4 and is read as such. Known limits: one place, one sighting and one
//! picture a row; history, travel and interviews come as JSON only.

use std::io::Read;

use serde_json::{Map, Value, json};

use super::{IntakeRead, ReadOptions, json as intake_json, jsonl};
use crate::domain::handle::Handle;
use crate::domain::intake::Fault;
use crate::exchange::row::{RowObject, values};
use crate::exchange::table::{Row, Table};

/// Every column that is read.
pub const COLUMNS: &[&str] = &[
    "external_id",
    "name",
    "other_names",
    "emails",
    "email",
    "phones",
    "phone",
    "github",
    "linkedin",
    "handles",
    "websites",
    "wallets",
    "location",
    "timezone",
    "relocation",
    "stage",
    "role",
    "requisition",
    "team",
    "shipping_address",
    "payroll_country",
    "payout_account",
    "payout_name",
    "ip",
    "ip_at",
    "client_tz",
    "resume_text",
    "photo_file",
    "received_at",
    "notice_given_at",
    "notes",
];

/// Candidates with their lines, one after another.
#[derive(Debug)]
pub struct Candidates<R> {
    table: Table<R>,
    options: ReadOptions,
}

impl<R: Read> Candidates<R> {
    /// Reads the header; memory grows with the longest row, not with the file.
    ///
    /// # Errors
    /// A fault for every column that is not known, and when there is no column `name`.
    pub fn open(reader: R, options: ReadOptions) -> Result<Self, Vec<Fault>> {
        let table = Table::open(reader, COLUMNS)?;
        if !table.has("name") {
            return Err(vec![Fault::new("name", None, "is not in the header", "a column name").on_line(table.header_line())]);
        }
        Ok(Self { table, options })
    }
}

impl<R: Read> Iterator for Candidates<R> {
    type Item = Result<(u64, IntakeRead), Vec<Fault>>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.table.next()?;
        Some(row.and_then(|row| {
            let line = row.line;
            object(row).read(line, |value| intake_json::read(value, &self.options)).map(|read| (line, read))
        }))
    }
}

/// All candidates of a file, or every fault.
///
/// # Errors
/// The faults of all rows, up to 10,000.
pub fn read(reader: impl Read, options: &ReadOptions) -> Result<Vec<(u64, IntakeRead)>, Vec<Fault>> {
    jsonl::all(Candidates::open(reader, options.clone())?)
}

/// The intake that a row stands for.
fn object(row: Row) -> RowObject {
    let mut object = RowObject::default();
    let mut place = None;
    let mut received_at = None;
    let mut sighting = Map::new();
    for (column, text) in row.cells {
        match column {
            "emails" | "email" => object.push_all("emails", column, &text, Value::from),
            "phones" | "phone" => object.push_all("phones", column, &text, |number| json!({"number": number})),
            "github" | "linkedin" => object.push_all("handles", column, &text, |value| json!({"platform": column, "value": value})),
            "handles" => handles(&mut object, &text),
            "other_names" | "websites" | "wallets" => object.push_all(column, column, &text, Value::from),
            "location" => place = Some(text),
            "relocation" => relocation(&mut object, &text),
            "stage" => object.set("stage", column, text.to_lowercase().into()),
            "ip" | "ip_at" | "client_tz" => {
                sighting.insert(if column == "ip_at" { "at" } else { column }.to_owned(), text.into());
            }
            "photo_file" => {
                object.push("photos", column, json!({"kind": "profile", "file": text}));
            }
            "received_at" => {
                received_at = Some(text.clone());
                object.set(column, column, text.into());
            }
            _ => object.set(column, column, text.into()),
        }
    }
    if let Some(text) = place {
        object.origin("claims[0].at", "received_at");
        object.push("claims", "location", json!({"source": "application", "text": text, "at": received_at}));
    }
    if !sighting.is_empty() {
        add_sighting(&mut object, sighting, received_at);
    }
    object
}

/// The one sighting of a row, dated by its own time or by that of the application.
fn add_sighting(object: &mut RowObject, mut sighting: Map<String, Value>, received_at: Option<String>) {
    let dated_itself = sighting.contains_key("at");
    match received_at {
        _ if dated_itself => object.origin("sightings[0].at", "ip_at"),
        Some(at) => {
            sighting.insert("at".to_owned(), at.into());
            object.origin("sightings[0].at", "received_at");
        }
        None => {
            object.fault(Fault::new("ip_at", None, "is missing, and so is received_at", "the time, such as 2026-10-05T14:00:00Z"));
            return;
        }
    }
    sighting.insert("kind".to_owned(), "application".into());
    object.origin("sightings[0].ip", "ip");
    object.origin("sightings[0].client_tz", "client_tz");
    object.push("sightings", "ip", Value::Object(sighting));
}

/// Handles as `platform:value` or as addresses.
fn handles(object: &mut RowObject, cell: &str) {
    for text in values(cell) {
        match Handle::parse_address(text) {
            Ok(handle) => object.push("handles", "handles", json!({"platform": handle.platform(), "value": handle.as_str()})),
            Err(_) => {
                let expected = "platform:name, such as github:octocat, or the address of a profile";
                object.fault(Fault::new("handles", Some(text), "is not a handle", expected));
            }
        }
    }
    object.origin("handles", "handles");
}

fn relocation(object: &mut RowObject, text: &str) {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" => object.set("relocation", "relocation", true.into()),
        "false" | "no" | "n" | "0" => object.set("relocation", "relocation", false.into()),
        _ => object.fault(Fault::new("relocation", Some(text), "is not yes or no", "yes, no, true, false, or nothing")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identifier::AccountKey;
    use proptest::prelude::*;

    fn options() -> ReadOptions {
        ReadOptions { account_key: AccountKey::new([7; 32]), allow_files: true }
    }

    fn faults(text: &str) -> Vec<(Option<u64>, String, String)> {
        let faults = read(text.as_bytes(), &options()).unwrap_err();
        faults.into_iter().map(|f| (f.line, f.path, f.problem)).collect()
    }

    #[test]
    fn every_column_of_a_row_reaches_its_place() {
        let text = "\u{feff}Name;email;phones;github;linkedin;handles;location;received_at;ip;client_tz;photo_file;relocation;stage;payout_account\r\n\
            Ana Reyes;a@x.io;\"+1 512 471 3434;+1 512 471 3435\";ana;;\"gitlab:ana;https://x.com/ana\";Austin, TX;2026-10-05;\
            198.51.100.7;America/Chicago;pics/a.jpg;Yes;Interview;DE89 3704 0044 0532 0130 00\r\n";
        let (line, candidate) = read(text.as_bytes(), &options()).unwrap().remove(0);
        let intake = candidate.intake;
        assert_eq!(line, 2);
        assert_eq!((intake.phones.len(), intake.handles.len(), intake.relocation), (2, 3, true));
        assert_eq!(intake.claims[0].at, intake.received_at);
        assert_eq!(intake.sightings[0].client_tz.as_deref(), Some("America/Chicago"));
        assert_eq!(intake.stage.as_str(), "interview");
        assert_eq!((candidate.files[0].index, candidate.files[0].name.as_str()), (0, "pics/a.jpg"));
        assert!(intake.payout_account.is_some());
    }

    #[test]
    fn faults_of_all_rows_name_line_and_column() {
        let text = "name,emails,github,payout_account,received_at,location\n\
            A,a@x.io,,,,\n\
            B,\"a@\nx\",,,,\n\
            ,b@x.io;c@,two words,?!,yesterday,Oslo\n";
        let told = faults(text);
        let rows: Vec<(u64, &str)> = told.iter().map(|(line, column, _)| (line.unwrap(), column.as_str())).collect();
        assert_eq!(rows, [(3, "emails"), (5, "name"), (5, "emails"), (5, "github"), (5, "received_at"), (5, "payout_account")]);
        assert_eq!(told[5].2, "is not an account");
    }

    #[rstest::rstest]
    #[case("name,emails\nA,\n", "emails", "is empty, and so are phones and handles: at least one contact is missing")]
    #[case("emails\na@x.io\n", "name", "is not in the header")]
    #[case("name,emails,nationality\nA,a@x.io,x\n", "nationality", "in column 3 is not a known column")]
    #[case("name,emails,ip\nA,a@x.io,198.51.100.7\n", "ip_at", "is missing, and so is received_at")]
    #[case("name,emails,ip,ip_at\nA,a@x.io,1.2.3,2026-10-05\n", "ip", "is not a network address")]
    #[case("name,emails,ip,ip_at\nA,a@x.io,1.2.3.4,today\n", "ip_at", "is not a time")]
    #[case("name,handles\nA,octocat\n", "handles", "is not a handle")]
    #[case("name,emails,relocation\nA,a@x.io,perhaps\n", "relocation", "is not yes or no")]
    #[case("name,emails,photo_file\nA,a@x.io,../a.jpg\n", "photo_file", "is not a name beside the file")]
    #[case("name,emails,stage\nA,a@x.io,fired\n", "stage", "is not a word of the list")]
    fn what_is_wrong_is_told_by_column(#[case] text: &str, #[case] column: &str, #[case] problem: &str) {
        let told = faults(text);
        assert_eq!((told[0].1.as_str(), told[0].2.as_str()), (column, problem));
    }

    #[test]
    fn good_rows_after_a_faulty_one_are_still_judged_and_come_one_by_one() {
        let text = "name,emails\nA,a@\nB,b@x.io\n";
        let read: Vec<bool> = Candidates::open(text.as_bytes(), options()).unwrap().map(|c| c.is_ok()).collect();
        assert_eq!(read, [false, true]);
    }

    proptest! {
        #[test]
        fn any_rows_give_candidates_or_faults_with_a_line(body in "[a-z@.;:,\"\n+0-9 -]{0,200}") {
            let text = format!("name,emails,phones,handles,location,ip,ip_at,wallets,websites,timezone\n{body}");
            for told in Candidates::open(text.as_bytes(), options()).unwrap().filter_map(Result::err) {
                prop_assert!(!told.is_empty());
                prop_assert!(told.iter().all(|f| f.line.is_some() && !f.path.is_empty() && !f.problem.is_empty() && !f.expected.is_empty()));
            }
        }
    }
}
