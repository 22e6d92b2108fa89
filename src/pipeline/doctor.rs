//! What a person who looks after an installation wants to know: does each part answer, how old is its data, what waits.
//!
//! To add a check: a function here that gives [`Check`]s, a line in [`examine`].

use std::path::Path;
use std::process::Command;

use serde::Serialize;

use crate::domain::time::Timestamp;
use crate::screening::location::tables;
use crate::screening::policy::RULE_VERSION;
use crate::store::job::JobState;
use crate::store::{self, Engine, StoreError};

use super::installation::Installation;

/// Free space on the disk of the data folder under which doctor warns: 1 GiB, chosen as a day of busy imports with pictures.
const FREE_KIB_LEAST: u64 = 1024 * 1024;

/// Days after which a table of network addresses no longer tells where an address is now: half a year, chosen.
const TABLE_DAYS_MOST: i64 = 183;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Health {
    /// As it should be.
    Ok,
    /// Works; someone should look.
    Warning,
    /// Does not work.
    Problem,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What.
    pub name: String,
    /// How it came out.
    pub health: Health,
    /// What was found, and what to do about it.
    pub detail: String,
}

impl Check {
    /// A check that came out like this.
    #[must_use]
    pub fn new(name: &str, health: Health, detail: impl Into<String>) -> Self {
        Self { name: name.to_owned(), health, detail: detail.into() }
    }
}

/// Looks at everything that an open installation can tell of itself.
///
/// # Errors
/// When the database fails midway.
pub async fn examine(installation: &Installation) -> Result<Vec<Check>, StoreError> {
    let mut checks = database(installation);
    checks.push(clock(installation).await?);
    checks.extend(jobs(installation).await?);
    checks.extend(lists(installation).await?);
    checks.push(people(installation).await?);
    checks.extend(data(installation.clock.now()));
    checks.push(machine());
    Ok(checks)
}

/// Permissions of a folder or file: nobody but its owner may read it.
#[must_use]
pub fn permissions(name: &str, path: &Path) -> Check {
    let shown = path.display();
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return Check::new(name, Health::Problem, format!("{shown} cannot be read: {error}")),
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            let right = if metadata.is_dir() { "700" } else { "600" };
            return Check::new(name, Health::Warning, format!("{shown} has mode {mode:03o}: others may read it; chmod {right} {shown}"));
        }
        Check::new(name, Health::Ok, format!("{shown}, mode {mode:03o}"))
    }
    #[cfg(not(unix))]
    Check::new(name, Health::Ok, format!("{shown}, {} bytes", metadata.len()))
}

/// Free space beside a path, as `df` tells it.
#[must_use]
pub fn disk(folder: &Path) -> Check {
    let answer = Command::new("df").arg("-Pk").arg(folder).output().ok();
    let text = answer.map(|answer| String::from_utf8_lossy(&answer.stdout).into_owned()).unwrap_or_default();
    match free_kib(&text) {
        None => Check::new("disk", Health::Ok, "free space is not known here"),
        Some(free) if free < FREE_KIB_LEAST => Check::new("disk", Health::Warning, format!("{} MiB free: make room", free / 1024)),
        Some(free) => Check::new("disk", Health::Ok, format!("{} MiB free", free / 1024)),
    }
}

/// The fourth column of the second line of `df -Pk`.
fn free_kib(text: &str) -> Option<u64> {
    text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn database(installation: &Installation) -> Vec<Check> {
    let store = &installation.store;
    let engine = match store.engine() {
        Engine::Sqlite => "SQLite, WAL, every commit synced",
        Engine::Postgres => "PostgreSQL",
    };
    let mut checks = vec![Check::new("database", Health::Ok, engine), Check::new("schema", Health::Ok, "up to date with this program")];
    checks.extend(store.warnings().iter().map(|warning| Check::new("database", Health::Warning, warning.as_str())));
    checks
}

/// A clock that stands before what was written last runs wrong.
async fn clock(installation: &Installation) -> Result<Check, StoreError> {
    let now = installation.clock.now();
    let latest = store::audit::list(&installation.store, &store::audit::Filter::default(), 1).await?;
    let rules = Timestamp::parse(RULE_VERSION.get(..10).unwrap_or_default()).ok();
    Ok(match latest.first().map(|entry| entry.event.at).into_iter().chain(rules).max() {
        Some(before) if before > now => {
            Check::new("clock", Health::Warning, format!("says {now}, which is before {before}, when something was written: set it right"))
        }
        _ => Check::new("clock", Health::Ok, now.to_string()),
    })
}

async fn jobs(installation: &Installation) -> Result<Vec<Check>, StoreError> {
    let counts = store::job::counts(&installation.store).await?;
    let of = |state| counts.iter().filter(|(_, count)| count.state == state).map(|(_, count)| count.jobs).sum::<i64>();
    let (waiting, running, failed) = (of(JobState::Waiting), of(JobState::Running), of(JobState::Failed));
    let mut checks = vec![Check::new("jobs", Health::Ok, format!("{waiting} waiting, {running} running"))];
    if failed > 0 {
        checks.push(Check::new("jobs", Health::Warning, format!("{failed} failed: bonafide rescreen --all screens everyone again")));
    }
    Ok(checks)
}

async fn lists(installation: &Installation) -> Result<Vec<Check>, StoreError> {
    let now = installation.clock.now();
    let lists = store::watchlist::list(&installation.store).await?;
    let told = lists.iter().map(|list| {
        let age = days_between(list.changed_at, now);
        let detail = format!("{}: version {}, {} entries, changed {age} days ago", list.name, list.version, list.entries);
        Check::new("watchlist", Health::Ok, detail)
    });
    Ok(told.collect())
}

async fn people(installation: &Installation) -> Result<Check, StoreError> {
    Ok(match store::user::count(&installation.store).await? {
        0 => Check::new("users", Health::Warning, "none: bonafide serve prints a link to make the first"),
        count => Check::new("users", Health::Ok, format!("{count}")),
    })
}

/// Versions of the data tables inside the program, and their ages where a version tells a date.
fn data(now: Timestamp) -> Vec<Check> {
    let tables = [tables::places(), tables::networks(), tables::registry(), tables::zones(), tables::phones()];
    let mut checks = vec![Check::new("rules", Health::Ok, RULE_VERSION)];
    checks.extend(tables.into_iter().map(|table| {
        let age = date_in(&table.version).map(|date| days_between(date, now));
        match age {
            Some(days) if days > TABLE_DAYS_MOST => Check::new(
                "data",
                Health::Warning,
                format!("{} {}, {days} days old: a newer program brings newer data", table.name, table.version),
            ),
            Some(days) => Check::new("data", Health::Ok, format!("{} {}, {days} days old", table.name, table.version)),
            None => Check::new("data", Health::Ok, format!("{} {}", table.name, table.version)),
        }
    }));
    checks
}

/// A date of eight digits, `20260617`, anywhere in a version.
fn date_in(version: &str) -> Option<Timestamp> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() >= 8 && run.starts_with("20"))?;
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?);
    Timestamp::parse(&format!("{year}-{month}-{day}")).ok()
}

fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_ms() - from.as_ms()).max(0) / DAY_MS
}

/// What the program was built for; without popcnt the search for pictures takes twice as long.
fn machine() -> Check {
    let features: Vec<&str> = [
        ("popcnt", cfg!(target_feature = "popcnt")),
        ("sse4.2", cfg!(target_feature = "sse4.2")),
        ("avx2", cfg!(target_feature = "avx2")),
        ("neon", cfg!(target_feature = "neon")),
    ]
    .into_iter()
    .filter_map(|(name, is_built_in)| is_built_in.then_some(name))
    .collect();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let built = format!("{} {}, {cores} cores, built with {}", std::env::consts::ARCH, std::env::consts::OS, features.join(" "));
    let is_slow = cfg!(target_arch = "x86_64") && !cfg!(target_feature = "popcnt");
    if is_slow {
        return Check::new("machine", Health::Warning, format!("{built}: build with -C target-cpu=x86-64-v2 for a quicker picture search"));
    }
    Check::new("machine", Health::Ok, built)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_found_in_a_version() {
        assert_eq!(date_in("2.3.2026061719").unwrap().to_string(), "2026-06-17T00:00:00Z");
        assert_eq!(date_in("2026a"), None);
        assert_eq!(date_in("3.0.2"), None);
        assert_eq!(date_in("20269999"), None);
    }

    #[test]
    fn free_space_is_read_from_df() {
        let text = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda1 100 40 60 40% /\n";
        assert_eq!(free_kib(text), Some(60));
        assert_eq!(free_kib(""), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_a_warning() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.key");
        assert_eq!(permissions("x", &file).health, Health::Problem);
        std::fs::write(&file, "x").unwrap();
        for (mode, health) in [(0o600, Health::Ok), (0o640, Health::Warning), (0o604, Health::Warning)] {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(permissions("x", &file).health, health, "{mode:o}");
        }
    }
}
