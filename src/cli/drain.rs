//! Commands that queue work also work it off before they end, beside whatever `serve` and `work` do meanwhile.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::jobs::worker;
use crate::pipeline::installation::Installation;
use crate::store::page::PageRequest;
use crate::store::{self, StoreError};

/// Longest wait for jobs that another process has in hand.
const OTHERS_WITHIN: Duration = Duration::from_secs(30);

/// Works off everything that is due, on every core, and waits for what another process has in hand.
///
/// # Errors
/// When the database fails.
pub async fn work_off(installation: &Installation) -> anyhow::Result<usize> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let waiting_since = Instant::now();
    let mut all = 0;
    loop {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..cores {
            let installation = installation.clone();
            workers.spawn(async move { worker::drain(&installation).await });
        }
        let mut done = 0;
        while let Some(ended) = workers.join_next().await {
            done += ended??;
        }
        all += done;
        if done > 0 {
            continue;
        }
        if store::job::running(&installation.store).await?.is_empty() || waiting_since.elapsed() > OTHERS_WITHIN {
            return Ok(all);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Findings that lists gave and took away: by list, in the order of names.
pub type Hits = BTreeMap<String, (i64, i64)>;

/// What the current version of each list has given and taken away so far.
///
/// # Errors
/// When the database fails.
pub async fn hits(installation: &Installation) -> Result<Hits, StoreError> {
    let mut hits = Hits::new();
    for list in store::watchlist::list(&installation.store).await? {
        let latest = store::watchlist::versions(&installation.store, list.number, PageRequest { offset: 0, limit: 1 }).await?;
        let counts = latest.rows.first().map_or((0, 0), |version| (version.new_hits, version.gone_hits));
        hits.insert(list.name, counts);
    }
    Ok(hits)
}
