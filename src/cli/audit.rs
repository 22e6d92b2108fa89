//! `audit`: is the log whole?

use clap::Subcommand;
use serde_json::json;

use crate::config::Overrides;
use crate::store;

use super::environment::Environment;
use super::{CommandError, print};

/// The audit log.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide audit verify")]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Checks every row against the chain; names the first that was changed, moved or removed.
    #[command(after_help = "Example: bonafide audit verify --json\nExit code 1: the log is not whole.")]
    Verify {
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
}

impl Audit {
    /// Verifies the chain.
    ///
    /// # Errors
    /// Exit code 1 when a row is not as it was written.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let What::Verify { json: as_json } = self.what;
        let environment = Environment::open(settings).await?;
        let installation = &environment.installation;
        let outcome = store::audit::verify(&installation.store, &installation.audit_key()).await.map_err(anyhow::Error::from)?;
        environment.close().await;
        match outcome {
            Ok(verified) => {
                let head: String = verified.head.iter().map(|byte| format!("{byte:02x}")).collect();
                if as_json {
                    return print::json(&json!({"whole": true, "rows": verified.rows, "head": head, "problem": null}));
                }
                print::line(format!("whole: {} rows, the last is sealed as {head}", verified.rows));
                Ok(())
            }
            Err(broken) => {
                if as_json {
                    print::json(&json!({"whole": false, "rows": null, "head": null, "problem": broken.to_string()}))?;
                }
                Err(CommandError::Data(format!("the audit log is not whole: {broken}")))
            }
        }
    }
}
