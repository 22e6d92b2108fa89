//! The built program as people start it: commands that end, and a server that can be killed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// The program with a data folder and no settings from outside.
pub fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    command.current_dir(data).arg("--data").arg(data).env("BONAFIDE_LOG", "warn");
    command
}

/// Runs one command to its end, with this text on its standard input.
pub fn run(data: &Path, arguments: &[&str], input: &str) -> Output {
    let mut command = command(data);
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Runs one command that must end well, and gives what it printed.
pub fn printed(data: &Path, arguments: &[&str], input: &str) -> String {
    let output = run(data, arguments, input);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{arguments:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// A running server; killed when dropped.
pub struct Server {
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// The one-time link to make the first user, while there is none.
    pub setup_link: Option<String>,
    child: Child,
}

impl Server {
    /// Starts `serve` on a free port and waits until it listens.
    pub fn start(data: &Path) -> Self {
        let mut child = command(data).args(["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let mut setup_link = None;
        let url = lines.find_map(|line| {
            setup_link = line.strip_prefix("first visit: ").map(str::to_owned).or(setup_link.take());
            line.strip_prefix("listening on ").map(str::to_owned)
        });
        Self { url: url.expect("the server ended before it listened"), setup_link, child }
    }

    /// Kills it without warning (SIGKILL) and waits until it is gone.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
