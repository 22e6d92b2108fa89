//! The program: arguments, one command, exit code 0, 1, 2 or 3.

use std::process::ExitCode;

use bonafide::cli::{self, Arguments};
use clap::Parser;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bonafide: the runtime did not start: {error}");
            return ExitCode::from(3);
        }
    };
    match runtime.block_on(cli::run(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let text = error.to_string();
            if !text.is_empty() {
                eprintln!("bonafide: {text}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
