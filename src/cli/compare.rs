//! `compare`: one comparison explained.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::pipeline::compare;

use super::{CommandError, print};

/// Explains one comparison of two names or two pictures.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bonafide compare names \"Jon A. Smith\" \"Smith, Jonathan\"\n         bonafide compare photos a.jpg b.png --json"
)]
pub struct Compare {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Two names: score, level and the named reasons.
    Names {
        /// First name.
        a: String,
        /// Second name.
        b: String,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Two pictures: verdict, numbers and the sentence.
    Photos {
        /// First picture: JPEG, PNG or WebP.
        a: PathBuf,
        /// Second picture.
        b: PathBuf,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl Compare {
    /// Prints the comparison.
    ///
    /// # Errors
    /// Exit code 1 when a name or picture cannot be read as one.
    pub fn run(self) -> Result<(), CommandError> {
        match self.what {
            What::Names { a, b, json } => {
                let found = compare::names(&a, &b).map_err(|error| CommandError::Data(error.to_string()))?;
                if json {
                    return print::json(&json!({"score": found.score, "level": found.level.as_str(), "reasons": found.reasons}));
                }
                print::line(format!("score {:.1} of 100 (76 and more match), level {}", found.score, found.level.as_str()));
                for reason in &found.reasons {
                    print::line(format!("  {reason}"));
                }
                Ok(())
            }
            What::Photos { a, b, json } => {
                let found = compare::photos(&a, &b).map_err(|error| CommandError::Data(format!("{error:#}")))?;
                if json {
                    return print::json(&json!({
                        "verdict": found.verdict.as_str(), "distance": found.distance, "inliers": found.inliers, "coverage": found.coverage,
                        "outside_match": found.outside_match, "face_match": found.face_match, "sentence": found.sentence,
                    }));
                }
                print::line(format!("{}: {}", found.verdict.as_str(), found.sentence));
                Ok(())
            }
        }
    }
}
