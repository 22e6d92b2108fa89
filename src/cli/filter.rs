//! The filters of CONTRACT section 6 as options.

use crate::domain::candidate::Stage;
use crate::domain::case::{CaseStatus, DecisionVerdict};
use crate::domain::finding::{Code, Severity};
use crate::domain::screening::Attention;
use crate::domain::time::Timestamp;
use crate::store::filter::Filter;

use super::word::word;

/// A day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Which candidates; several words of one option are alternatives, options add up.
#[derive(Debug, Clone, clap::Args)]
pub struct FilterOptions {
    /// Attention of the latest screening.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',', value_parser = word(Attention::ALL, Attention::as_str))]
    attention: Vec<Attention>,
    /// Severity of a finding.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',', value_parser = word(Severity::ALL, Severity::as_str))]
    severity: Vec<Severity>,
    /// Code of a finding.
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', hide_possible_values = true, value_parser = word(Code::ALL, Code::as_str))]
    code: Vec<Code>,
    /// Name of a watchlist that a finding names.
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Team.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Stage.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',', value_parser = word(Stage::ALL, Stage::as_str))]
    stage: Vec<Stage>,
    /// Status of the case.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',', value_parser = word(CaseStatus::ALL, CaseStatus::as_str))]
    status: Vec<CaseStatus>,
    /// Verdict of the latest decision.
    #[arg(long, value_name = "WORD,…", value_delimiter = ',', value_parser = word(DecisionVerdict::ALL, DecisionVerdict::as_str))]
    decision: Vec<DecisionVerdict>,
    /// First day, or instant, of the latest submission.
    #[arg(long, value_name = "DATE", value_parser = first_instant)]
    from: Option<Timestamp>,
    /// Last day, or the instant before which the latest submission came.
    #[arg(long, value_name = "DATE", value_parser = end)]
    to: Option<Timestamp>,
}

impl From<FilterOptions> for Filter {
    fn from(options: FilterOptions) -> Self {
        let FilterOptions { attention, severity, code, list, team, stage, status, decision, from, to } = options;
        Self { attention, severity, code, list, team, stage, status, decision, from, to }
    }
}

fn first_instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// A plain date means its whole day.
fn end(text: &str) -> Result<Timestamp, String> {
    let at = first_instant(text)?;
    Ok(if text.trim().len() == 10 { at.plus_ms(DAY_MS) } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_whole_and_an_instant_is_itself() {
        assert_eq!(end("2026-11-02").unwrap().to_string(), "2026-11-03T00:00:00Z");
        assert_eq!(end("2026-11-02T12:00:00Z").unwrap().to_string(), "2026-11-02T12:00:00Z");
        assert!(end("yesterday").is_err());
    }
}
