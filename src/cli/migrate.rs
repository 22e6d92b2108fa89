//! `migrate`: brings the database up to this program's version; a start does the same.

use crate::config::Overrides;

use super::environment::Environment;
use super::{CommandError, print};

/// Brings the database up to this version of the program.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide migrate --database postgres://bonafide@db/bonafide")]
pub struct Migrate {}

impl Migrate {
    /// Opens the database, which migrates it.
    ///
    /// # Errors
    /// Exit code 3 when the database cannot be used or was written by a newer program.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        print::line("the database is up to date");
        environment.close().await;
        Ok(())
    }
}
