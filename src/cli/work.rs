//! `work`: job workers alone, for more replicas.

use crate::config::Overrides;

use super::CommandError;
use super::environment::Environment;
use super::print;
use super::serve::{Workers, stop_signal};

/// Job workers only: screens what others submit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide work --database postgres://bonafide@db/bonafide")]
pub struct Work {}

impl Work {
    /// Works until a signal to stop.
    ///
    /// # Errors
    /// Exit code 3 when settings or database cannot be used.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        let workers = Workers::start(environment.installation.clone());
        print::line("working");
        stop_signal().await;
        workers.stop().await?;
        environment.close().await;
        Ok(())
    }
}
