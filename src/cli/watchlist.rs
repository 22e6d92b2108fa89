//! `watchlist`: lists from files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use crate::config::Overrides;
use crate::exchange::lists::Format;
use crate::pipeline::watchlists::{self, Proposal, WatchlistError};
use crate::store;

use super::environment::Environment;
use super::{CommandError, drain, print};

/// Watchlists.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide watchlist import personas.csv --list osint-personas --dry-run")]
pub struct Watchlist {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Makes a file the next version of a list: shows what changes, then applies it whole.
    #[command(
        after_help = "Example: bonafide watchlist import personas.csv --list osint-personas --yes\nThe file is the whole list; with --merge it adds and changes, and removes nothing."
    )]
    Import(Import),
    /// Lists the lists.
    #[command(after_help = "Example: bonafide watchlist list --json")]
    List {
        /// One JSON line a list.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Import {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Name of the list; a new name makes a new list.
    #[arg(long, value_name = "NAME")]
    list: String,
    /// Layout of the file; auto looks at its content.
    #[arg(long, default_value = "auto", value_parser = ["auto", "csv", "jsonl"])]
    format: String,
    /// Adds and changes entries, removes none.
    #[arg(long)]
    merge: bool,
    /// Shows what would change and changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Applies without asking, also a change so large that a second person has to agree.
    #[arg(long)]
    yes: bool,
    /// Leaves the screenings to `serve` or `work`.
    #[arg(long)]
    no_wait: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Watchlist {
    /// Imports or lists.
    ///
    /// # Errors
    /// Exit code 1 when the file holds no usable entry, 2 when an answer is missing, 3 when it cannot be read.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let environment = Environment::open(settings).await?;
        let outcome = match self.what {
            What::Import(import) => import.run(&environment).await,
            What::List { json } => list(&environment, json).await,
        };
        environment.close().await;
        outcome
    }
}

impl Import {
    async fn run(&self, environment: &Environment) -> Result<(), CommandError> {
        let installation = &environment.installation;
        let bytes = std::fs::read(&self.file).map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", self.file.display()))?;
        let format = Format::parse(&self.format);
        let proposal = match watchlists::propose(installation, &self.list, &bytes, format, self.merge).await {
            Ok(proposal) => proposal,
            Err(error) => return Err(self.fail(error)?),
        };
        if !self.json {
            show(&proposal);
        }
        let preview = Counts::of(&proposal);
        if self.dry_run || proposal.change.is_empty() && proposal.current.is_some() {
            return self.end(&preview, None);
        }
        if let (Some(guard), false) = (&proposal.guard, self.yes) {
            return Err(CommandError::Usage(format!("nothing was changed: the change {guard}. A second person has to agree: give --yes")));
        }
        if !self.yes && !print::confirm("Apply this change?", "--yes")? {
            print::line("nothing was changed");
            return Ok(());
        }
        let note = self.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let applied = match watchlists::apply(installation, &environment.actor, proposal, &note, self.yes, false).await {
            Ok(applied) => applied,
            Err(error) => return Err(self.fail(error)?),
        };
        let hits = if self.no_wait {
            None
        } else {
            drain::work_off(installation).await?;
            drain::hits(installation).await.map_err(anyhow::Error::from)?.get(self.list.trim()).copied()
        };
        self.end(&preview, Some((applied.version, hits)))
    }

    fn end(&self, preview: &Counts, applied: Option<(i64, Option<(i64, i64)>)>) -> Result<(), CommandError> {
        let hits = applied.and_then(|(_, hits)| hits);
        let version = applied.map(|(version, _)| version);
        if self.json {
            return print::json(&json!({
                "list": self.list.trim(), "applied": applied.is_some(), "version": version, "new": preview.new, "changed": preview.changed,
                "removed": preview.removed, "unchanged": preview.unchanged, "rejected": preview.rejected, "guard": preview.guard,
                "touched": preview.touched, "new_hits": hits.map(|hits| hits.0), "gone_hits": hits.map(|hits| hits.1),
            }));
        }
        match (version, hits) {
            (None, _) => print::line("nothing was changed"),
            (Some(version), None) => {
                print::line(format!("version {version} is in force; earlier candidates are screened by serve or work"))
            }
            (Some(version), Some((new, gone))) => print::line(format!("version {version} is in force: {new} new hits, {gone} gone")),
        }
        Ok(())
    }

    fn fail(&self, error: WatchlistError) -> Result<CommandError, CommandError> {
        match error {
            WatchlistError::Faults(faults) => {
                if self.json {
                    print::json(&json!({"list": self.list, "applied": false, "rejected": faults}))?;
                } else {
                    for fault in &faults {
                        print::line(fault);
                    }
                }
                Ok(CommandError::Data(format!("{} was not taken; nothing was changed", self.file.display())))
            }
            WatchlistError::Store(error) => Ok(anyhow::Error::from(error).into()),
            other => Ok(CommandError::Data(other.to_string())),
        }
    }
}

/// What a proposal changes, to be told after it was applied.
struct Counts {
    new: usize,
    changed: usize,
    removed: usize,
    unchanged: usize,
    rejected: Vec<crate::domain::intake::Fault>,
    guard: Option<String>,
    touched: usize,
}

impl Counts {
    fn of(proposal: &Proposal) -> Self {
        let change = &proposal.change;
        Self {
            new: change.added.len(),
            changed: change.changed.len(),
            removed: change.removed.len(),
            unchanged: change.unchanged,
            rejected: proposal.rejected.clone(),
            guard: proposal.guard.clone(),
            touched: proposal.touched,
        }
    }
}

fn show(proposal: &Proposal) {
    for fault in &proposal.rejected {
        print::line(format!("rejected: {fault}"));
    }
    let lines: BTreeSet<_> = proposal.rejected.iter().map(|fault| fault.line).collect();
    let Counts { new, changed, removed, unchanged, touched, .. } = Counts::of(proposal);
    let standing = match &proposal.current {
        Some(list) => format!("version {}, {} entries", list.version, list.entries),
        None => "a new list".to_owned(),
    };
    print::line(format!("{} ({standing})", proposal.name));
    print::line(format!("{new} new, {changed} changed, {removed} removed, {unchanged} unchanged, {} rejected", lines.len()));
    print::line(format!("earlier candidates that share a contact or account with what changes: {touched}"));
    if let Some(guard) = &proposal.guard {
        print::line(format!("the change {guard}"));
    }
}

async fn list(environment: &Environment, as_json: bool) -> Result<(), CommandError> {
    let lists = store::watchlist::list(&environment.installation.store).await.map_err(anyhow::Error::from)?;
    if as_json {
        for list in lists {
            print::json(&json!({
                "id": list.id.as_str(), "name": list.name, "version": list.version, "entries": list.entries,
                "changed_at": list.changed_at.to_string(), "changed_by": list.changed_by,
            }))?;
        }
        return Ok(());
    }
    let rows: Vec<Vec<String>> = lists
        .into_iter()
        .map(|list| vec![list.name, list.version.to_string(), list.entries.to_string(), list.changed_at.for_people(), list.changed_by])
        .collect();
    print::table(&["List", "Version", "Entries", "Changed", "By"], &rows);
    Ok(())
}
