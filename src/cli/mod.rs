//! The command line: one file a command of CONTRACT section 5. Two moves each: one call, print.
//!
//! Exit codes: 0 ok, 1 a finding or a fault in the data, 2 wrong usage, 3 the environment.
//!
//! To add a command: a file here with its arguments and `run`, a variant in [`Command`], a line in [`run`].

pub mod audit;
pub mod candidate;
pub mod check;
pub mod compare;
pub mod demo;
pub mod doctor;
pub mod drain;
pub mod environment;
pub mod export;
pub mod filter;
pub mod locate;
pub mod migrate;
pub mod print;
pub mod rescreen;
pub mod serve;
pub mod token;
pub mod user;
pub mod watchlist;
pub mod word;
pub mod work;

use clap::{Parser, Subcommand};

use crate::config::Overrides;

/// Vets job candidates: reused identities, reused pictures, places that do not fit. A named person decides.
#[derive(Debug, Parser)]
#[command(name = "bonafide", version, about, after_help = "Example: bonafide demo")]
pub struct Arguments {
    #[command(flatten)]
    settings: Overrides,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Demo),
    Serve(serve::Serve),
    Work(work::Work),
    User(user::User),
    Token(token::Token),
    Watchlist(watchlist::Watchlist),
    Candidate(candidate::Candidate),
    Check(check::Check),
    Compare(compare::Compare),
    Locate(locate::Locate),
    Export(export::Export),
    Rescreen(rescreen::Rescreen),
    Audit(audit::Audit),
    Doctor(doctor::Doctor),
    Migrate(migrate::Migrate),
}

/// Why a command did not end well.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The data has a finding or a fault; it was already printed or is the text.
    #[error("{0}")]
    Data(String),
    /// The arguments do not fit together.
    #[error("{0}")]
    Usage(String),
    /// The environment: settings, files, database, network.
    #[error("{0:#}")]
    Environment(#[from] anyhow::Error),
}

impl CommandError {
    /// The exit code of CONTRACT section 5.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Data(_) => 1,
            Self::Usage(_) => 2,
            Self::Environment(_) => 3,
        }
    }
}

/// Runs one command to its end.
///
/// # Errors
/// [`CommandError`]; its exit code says of what kind.
pub async fn run(arguments: Arguments) -> Result<(), CommandError> {
    let settings = &arguments.settings;
    match arguments.command {
        Command::Demo(command) => command.run(settings).await,
        Command::Serve(command) => command.run(settings).await,
        Command::Work(command) => command.run(settings).await,
        Command::User(command) => command.run(settings).await,
        Command::Token(command) => command.run(settings).await,
        Command::Watchlist(command) => command.run(settings).await,
        Command::Candidate(command) => command.run(settings).await,
        Command::Check(command) => command.run(),
        Command::Compare(command) => command.run(),
        Command::Locate(command) => command.run(),
        Command::Export(command) => command.run(settings).await,
        Command::Rescreen(command) => command.run(settings).await,
        Command::Audit(command) => command.run(settings).await,
        Command::Doctor(command) => command.run(settings).await,
        Command::Migrate(command) => command.run(settings).await,
    }
}
