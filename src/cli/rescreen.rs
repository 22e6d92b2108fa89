//! `rescreen`: screen earlier candidates again.

use serde_json::json;

use crate::config::Overrides;
use crate::pipeline::installation::Installation;
use crate::pipeline::touched;
use crate::store::{self, StoreError};

use super::environment::Environment;
use super::{CommandError, drain, print};

/// Screens earlier candidates again: those that changes touch which nobody has followed yet.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide rescreen\n         bonafide rescreen --list osint-personas\n         bonafide rescreen --all")]
pub struct Rescreen {
    /// Every candidate: after a new version of the program or its data.
    #[arg(long, conflicts_with = "list")]
    all: bool,
    /// Those that any entry of this list touches.
    #[arg(long, value_name = "NAME")]
    list: Option<String>,
    /// Leaves the screenings to `serve` or `work`.
    #[arg(long)]
    no_wait: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Rescreen {
    /// Queues and works off.
    ///
    /// # Errors
    /// Exit code 1 for a list that does not exist.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        let installation = &environment.installation;
        let before = drain::hits(installation).await.map_err(anyhow::Error::from)?;
        if self.all {
            touched::screen_all_again(installation).await.map_err(anyhow::Error::from)?;
        }
        if let Some(name) = &self.list {
            let found = queue_list(installation, name).await.map_err(anyhow::Error::from)?;
            if !found {
                return Err(CommandError::Data(format!("there is no list {name:?}; bonafide watchlist list shows the names")));
            }
        }
        if self.no_wait {
            print::line("queued");
            environment.close().await;
            return Ok(());
        }
        let jobs = drain::work_off(installation).await?;
        let after = drain::hits(installation).await.map_err(anyhow::Error::from)?;
        environment.close().await;
        self.say(jobs, &before, &after)
    }

    fn say(&self, jobs: usize, before: &drain::Hits, after: &drain::Hits) -> Result<(), CommandError> {
        let mut lists = serde_json::Map::new();
        let (mut new, mut gone) = (0, 0);
        for (name, now) in after {
            let then = before.get(name).copied().unwrap_or_default();
            let (more, fewer) = (now.0 - then.0, now.1 - then.1);
            new += more;
            gone += fewer;
            if more != 0 || fewer != 0 {
                lists.insert(name.clone(), json!({"new_hits": more, "gone_hits": fewer}));
            }
        }
        if self.json {
            return print::json(&json!({"jobs": jobs, "new_hits": new, "gone_hits": gone, "lists": lists}));
        }
        print::line(format!("{jobs} jobs worked off: {new} new hits, {gone} gone"));
        for (name, counts) in &lists {
            print::line(format!("  {name}: {} new, {} gone", counts["new_hits"], counts["gone_hits"]));
        }
        Ok(())
    }
}

/// Follows every version of a list once more; false when there is no such list.
async fn queue_list(installation: &Installation, name: &str) -> Result<bool, StoreError> {
    let Some(list) = store::watchlist::find_by_name(&installation.store, name.trim()).await? else { return Ok(false) };
    let at = installation.clock.now();
    let mut write = installation.store.begin_write().await?;
    for version in 1..=list.version {
        touched::queue(&mut write, list.number, version, at).await?;
    }
    write.commit().await?;
    Ok(true)
}
