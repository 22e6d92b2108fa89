//! `candidate`: many candidates from a file.

use std::cell::Cell;
use std::io::{BufReader, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use crate::config::Overrides;
use crate::domain::intake::Fault;
use crate::pipeline::import::{self, Counts, ImportError, Layout, Place, TeamRule};
use crate::pipeline::users::FIRST_TEAM;

use super::environment::Environment;
use super::{CommandError, drain, print};

/// Rows between two signs of progress.
const PROGRESS_EVERY: usize = 50;

/// Candidates from files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bonafide candidate import applicants.csv --team platform")]
pub struct Candidate {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Imports a file: all of it, or, when a row has a fault, nothing.
    #[command(
        after_help = "Example: bonafide candidate import applicants.csv --dry-run\n         bonafide candidate import applicants.jsonl --team platform\nPictures named in the file lie beside it. Exit code 1: faults, nothing stored."
    )]
    Import(Import),
}

#[derive(Debug, clap::Args)]
struct Import {
    /// A .csv file with a header line, or a .jsonl file with one candidate a line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Says what would come of it and stores nothing.
    #[arg(long)]
    dry_run: bool,
    /// Team of candidates that name none.
    #[arg(long, default_value = FIRST_TEAM)]
    team: String,
    /// Leaves the screenings to `serve` or `work`.
    #[arg(long)]
    no_wait: bool,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

impl Candidate {
    /// Imports.
    ///
    /// # Errors
    /// Exit code 1 with faults in the file, 2 for a file of another kind, 3 when it cannot be read.
    pub async fn run(self, settings: &Overrides) -> Result<(), CommandError> {
        let What::Import(import) = self.what;
        let layout = Layout::of_name(&import.file)
            .ok_or_else(|| CommandError::Usage(format!("{} ends in neither .csv nor .jsonl", import.file.display())))?;
        let file =
            std::fs::File::open(&import.file).map_err(|error| anyhow::anyhow!("{} cannot be read: {error}", import.file.display()))?;
        let environment = Environment::open(settings).await?;
        let outcome = import.run(&environment, file, layout).await;
        environment.close().await;
        outcome
    }
}

impl Import {
    async fn run(&self, environment: &Environment, file: std::fs::File, layout: Layout) -> Result<(), CommandError> {
        let installation = &environment.installation;
        let folder = self.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let place = Place { layout, folder: Some(folder.to_owned()), team: TeamRule::Default(self.team.clone()) };
        let progress = Progress::over(&file);
        let read = Counting { inner: file, bytes: &progress.bytes };
        let preview = import::preview(installation, BufReader::new(read), &place, |rows| progress.show(rows)).await;
        progress.clear();
        let preview = match preview {
            Ok(preview) => preview,
            Err(error) => return Err(self.fail(error)?),
        };
        if self.dry_run {
            return self.say("would be imported", preview.counts);
        }
        let name = self.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let imported = match import::import(installation, &environment.actor, preview, &name).await {
            Ok(imported) => imported,
            Err(error) => return Err(self.fail(error)?),
        };
        if !self.no_wait {
            drain::work_off(installation).await?;
        }
        self.say("imported", imported.counts)
    }

    fn say(&self, what: &str, counts: Counts) -> Result<(), CommandError> {
        let Counts { new, changed, known } = counts;
        if self.json {
            let no_faults: [Fault; 0] = [];
            return print::json(&json!({"stored": !self.dry_run, "new": new, "changed": changed, "known": known, "faults": no_faults}));
        }
        print::line(format!("{what}: {new} new, {changed} changed, {known} already known"));
        Ok(())
    }

    /// Tells every fault with its line.
    fn fail(&self, error: ImportError) -> Result<CommandError, CommandError> {
        let ImportError::Faults(faults) = error else { return Ok(anyhow::Error::from(error).into()) };
        if self.json {
            print::json(&json!({"stored": false, "new": 0, "changed": 0, "known": 0, "faults": faults}))?;
        } else {
            for fault in &faults {
                print::line(fault);
            }
        }
        Ok(CommandError::Data(format!("{} faults in {}; nothing was stored", faults.len(), self.file.display())))
    }
}

/// A line of progress on a terminal: how much of the file was read.
struct Progress {
    size: u64,
    bytes: Cell<u64>,
    is_shown: bool,
}

impl Progress {
    fn over(file: &std::fs::File) -> Self {
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        Self { size, bytes: Cell::new(0), is_shown: std::io::stderr().is_terminal() && size > 0 }
    }

    fn show(&self, rows: usize) {
        if self.is_shown && rows.is_multiple_of(PROGRESS_EVERY) {
            eprint!("\r{rows} rows, {} % of the file", (self.bytes.get() * 100 / self.size).min(100));
        }
    }

    fn clear(&self) {
        if self.is_shown {
            eprint!("\r\x1b[K");
        }
    }
}

/// Counts what is read.
struct Counting<'a> {
    inner: std::fs::File,
    bytes: &'a Cell<u64>,
}

impl std::io::Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}
