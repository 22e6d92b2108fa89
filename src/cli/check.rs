//! `check`: findings without a database.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use crate::domain::time::{Clock, Timestamp};
use crate::pipeline::check;

use super::{CommandError, print};

/// Findings of candidates in a file, without a database: one JSON line each.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bonafide check candidate.json\n         bonafide check candidates.jsonl --as-of 2026-11-02\nExit code 1: a line has a finding or a fault."
)]
pub struct Check {
    /// A JSON file of one candidate, a .jsonl file of one a line, or - for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Date that open dates are compared with, where a line names none [default: today].
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
}

impl Check {
    /// Prints an answer a line.
    ///
    /// # Errors
    /// Exit code 1 with a finding or fault, 2 for a bad date, 3 for an unreadable file.
    pub fn run(self) -> Result<(), CommandError> {
        let today = match &self.as_of {
            Some(text) => Timestamp::parse(text).map_err(|error| CommandError::Usage(format!("--as-of {text:?} {error}")))?,
            None => Clock::System.now(),
        };
        let mut text = Vec::new();
        let one_value = self.file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        let mut reader = self.open()?;
        if one_value {
            reader.read_to_end(&mut text).map_err(anyhow::Error::from)?;
            return Self::answer(&[check::check_text(&text, 1, today)]);
        }
        let mut found = false;
        let mut number = 0;
        while reader.read_until(b'\n', &mut text).map_err(anyhow::Error::from)? > 0 {
            number += 1;
            if !text.trim_ascii().is_empty() {
                let answer = check::check_text(text.trim_ascii(), number, today);
                print::json(&answer)?;
                found |= answer.has_something();
            }
            text.clear();
        }
        if found { Err(CommandError::Data(String::new())) } else { Ok(()) }
    }

    fn answer(answers: &[check::Answer]) -> Result<(), CommandError> {
        for answer in answers {
            print::json(answer)?;
        }
        if answers.iter().any(check::Answer::has_something) { Err(CommandError::Data(String::new())) } else { Ok(()) }
    }

    fn open(&self) -> Result<Box<dyn BufRead>, CommandError> {
        if self.file.as_os_str() == "-" {
            return Ok(Box::new(BufReader::new(std::io::stdin())));
        }
        let file = std::fs::File::open(&self.file).map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", self.file.display()))?;
        Ok(Box::new(BufReader::new(file)))
    }
}
