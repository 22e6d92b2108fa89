//! `export`: candidates as a file.

use std::io::Write;
use std::path::PathBuf;

use futures_util::StreamExt;

use crate::config::Overrides;
use crate::domain::user::Scope;
use crate::pipeline::export::{self, ExportOrder, Rows};

use super::CommandError;
use super::environment::Environment;
use super::filter::FilterOptions;

/// Candidates with their findings as a CSV file, harmless in a spreadsheet.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bonafide export --out cases.csv\n         bonafide export --rows findings --severity critical,high --from 2026-11-01\nWithout --attention: those of review and high."
)]
pub struct Export {
    /// Layout of the file.
    #[arg(long, default_value = "csv", value_parser = ["csv"])]
    format: String,
    /// What a row stands for.
    #[arg(long, default_value = "candidates", value_parser = ["candidates", "findings"])]
    rows: String,
    #[command(flatten)]
    filter: FilterOptions,
    /// File to write, which its owner alone can read [default: standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Export {
    /// Writes the file; one that cannot be finished is removed.
    ///
    /// # Errors
    /// Exit code 3 when the database fails or the file cannot be written.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        let rows = if self.rows == "findings" { Rows::Findings } else { Rows::Candidates };
        let order =
            ExportOrder { actor: environment.actor.clone(), scope: Scope::All, sees_both_sides: true, filter: self.filter.into(), rows };
        let outcome = match &self.out {
            None => copy(&environment, order, &mut std::io::stdout().lock()).await,
            Some(path) => {
                let mut file = private_file(path).map_err(|error| anyhow::anyhow!("{} cannot be written: {error}", path.display()))?;
                let written = copy(&environment, order, &mut file).await;
                if written.is_err() {
                    drop(std::fs::remove_file(path));
                }
                written
            }
        };
        environment.close().await;
        Ok(outcome?)
    }
}

async fn copy(environment: &Environment, order: ExportOrder, target: &mut impl Write) -> anyhow::Result<()> {
    let mut chunks = std::pin::pin!(export::csv(&environment.installation, order).await?);
    while let Some(chunk) = chunks.next().await {
        target.write_all(&chunk?)?;
    }
    target.flush()?;
    Ok(())
}

fn private_file(path: &std::path::Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
