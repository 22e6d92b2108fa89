//! The CSV export: one row a candidate or a finding, the columns of CONTRACT section 7 in that order.
//!
//! Streams: a row is written when it is given, and memory does not grow with rows.

use std::io::{self, Write};

use super::formula;

macro_rules! export_columns {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// One row, each value as it shall be read; empty means no value. Making cells harmless is the writer's work.
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct ExportRow { $($(#[$doc])* pub $name: String,)+ }

        /// The header, in order.
        pub const COLUMNS: &[&str] = &[$(stringify!($name)),+];

        impl ExportRow {
            /// The values in the order of the header.
            #[must_use]
            pub fn cells(&self) -> Vec<&str> {
                vec![$(self.$name.as_str()),+]
            }
        }
    };
}

export_columns!(
    /// Public id of the case.
    case_id,
    /// Public id of the candidate.
    candidate_id,
    /// The sender's own id.
    external_id,
    /// Requisition.
    requisition,
    /// Role applied for.
    role,
    /// Team.
    team,
    /// Where in the hiring.
    stage,
    /// Attention of the screening.
    attention,
    /// Names of the independent sources.
    sources,
    /// Codes of the findings.
    finding_codes,
    /// Sentences of the findings.
    finding_summary,
    /// The findings as a JSON text.
    evidence_json,
    /// Version of the rules.
    rule_version,
    /// Names of the lists that matched.
    matched_lists,
    /// Entries that matched, `list/id`.
    matched_entries,
    /// Versions of the lists, `list@n`.
    list_versions,
    /// Full name.
    full_name,
    /// Other names.
    other_names,
    /// E-mail addresses.
    emails,
    /// Phone numbers.
    phones,
    /// Handles.
    handles,
    /// Web addresses.
    websites,
    /// Places stated.
    claimed_locations,
    /// Network addresses seen.
    sighting_ips,
    /// Networks seen.
    asns,
    /// Hashes of pictures.
    photo_hashes,
    /// Public id of the cluster.
    cluster_id,
    /// Candidates in the cluster.
    cluster_size,
    /// First submission, RFC 3339 UTC.
    first_seen,
    /// Last screening, RFC 3339 UTC.
    last_screened,
    /// Status of the case.
    status,
    /// Verdict of the decision.
    decision,
    /// Its reason.
    decision_reason,
    /// Who decided.
    decided_by,
    /// When, RFC 3339 UTC.
    decided_at,
    /// Day on which the candidate was told of the checks.
    notice_given_at,
    /// Whether a legal hold stands.
    legal_hold,
    /// Who exported.
    exported_by,
    /// When, RFC 3339 UTC.
    exported_at,
);

/// Several values in one cell, as CONTRACT section 7 joins them.
#[must_use]
pub fn join<T: AsRef<str>>(values: impl IntoIterator<Item = T>) -> String {
    let mut cell = String::new();
    for value in values {
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        cell.push_str(value.as_ref());
    }
    cell
}

/// Writes rows: RFC 4180, CR LF, every cell quoted and harmless.
pub struct CsvExport<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvExport<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// What the target says.
    pub fn new(target: W) -> io::Result<Self> {
        let mut writer =
            csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF).from_writer(target);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer })
    }

    /// Writes one row.
    ///
    /// # Errors
    /// What the target says.
    pub fn row(&mut self, row: &ExportRow) -> io::Result<()> {
        for cell in row.cells() {
            self.writer.write_field(formula::safe(cell).as_bytes())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Hands what is buffered to the target.
    ///
    /// # Errors
    /// What the target says.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Writes what is left and gives the target back.
    ///
    /// # Errors
    /// What the target says.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(rows: &[ExportRow]) -> Vec<u8> {
        let mut export = CsvExport::new(Vec::new()).unwrap();
        for row in rows {
            export.row(row).unwrap();
        }
        export.finish().unwrap()
    }

    #[test]
    fn the_header_is_that_of_the_contract() {
        let header = "case_id,candidate_id,external_id,requisition,role,team,stage,attention,sources,finding_codes,finding_summary,\
            evidence_json,rule_version,matched_lists,matched_entries,list_versions,full_name,other_names,emails,phones,handles,websites,\
            claimed_locations,sighting_ips,asns,photo_hashes,cluster_id,cluster_size,first_seen,last_screened,status,decision,\
            decision_reason,decided_by,decided_at,notice_given_at,legal_hold,exported_by,exported_at";
        assert_eq!(COLUMNS.join(","), header);
        let text = String::from_utf8(written(&[])).unwrap();
        assert_eq!(text, format!("\"{}\"\r\n", header.replace(',', "\",\"")));
    }

    #[test]
    fn all_cells_are_quoted_and_evidence_reads_back_as_json() {
        let evidence = serde_json::json!([{"code": "watchlist.email", "sentence": "say \"x\", then y"}]).to_string();
        let row = ExportRow { full_name: "Ana; \"Al\", Reyes".to_owned(), evidence_json: evidence.clone(), ..ExportRow::default() };
        let bytes = written(&[row]);
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let record = reader.records().next().unwrap().unwrap();
        assert_eq!((&record[11], &record[16]), (evidence.as_str(), "Ana; \"Al\", Reyes"));
        assert_eq!(join(["a", "b"]), "a; b");
    }

    proptest! {
        #[test]
        fn every_row_parses_back_with_all_columns_and_no_live_cell(cells in proptest::collection::vec((0_usize..39, ".{0,20}|[=+@|-].{0,9}|[\t\r\n\0 ]{1,3}=.{0,5}"), 0..60)) {
            let mut row = ExportRow::default();
            for (index, text) in cells {
                match index % 6 {
                    0 => row.full_name = text,
                    1 => row.decision_reason = text,
                    2 => row.emails = text,
                    3 => row.case_id = text,
                    4 => row.exported_at = text,
                    _ => row.evidence_json = text,
                }
            }
            let bytes = written(&[row.clone(), row]);
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(records.len(), 2);
            for record in records {
                prop_assert_eq!(record.len(), COLUMNS.len());
                prop_assert!(record.iter().all(|cell| !formula::is_formula(cell)));
            }
        }
    }
}
