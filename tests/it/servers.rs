//! `serve`, `work` and `demo` as processes: what they print first, that they answer, and how they end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::process::command;

/// A started program; killed when dropped.
struct Program {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Program {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = child.stdout.take().unwrap();
        let (sender, lines) = std::sync::mpsc::channel();
        std::thread::spawn(move || BufReader::new(out).lines().map_while(Result::ok).for_each(|line| drop(sender.send(line))));
        Self { child, lines }
    }

    fn line(&self, within: Duration) -> String {
        self.lines.recv_timeout(within).unwrap()
    }

    /// Asks it to stop; its exit code.
    fn stop(mut self, signal: &str) -> Option<i32> {
        Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(25) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const SOON: Duration = Duration::from_secs(20);

async fn status(url: &str) -> u16 {
    reqwest::get(url).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_demonstration_prints_a_link_a_role_answers_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let mut start = Command::new(env!("CARGO_BIN_EXE_bonafide"));
    start.current_dir(folder.path()).env("TMPDIR", temporary.path()).args(["demo", "--listen", "127.0.0.1:0"]);
    let demo = Program::start(&mut start);
    let first = demo.line(SOON);
    let url = first.strip_prefix("listening on ").unwrap().to_owned();
    assert_eq!(status(&format!("{url}/healthz")).await, 200);
    let links: Vec<String> = (0..7).map(|_| demo.line(SOON)).filter(|line| line.contains("/login?token=")).collect();
    assert_eq!(links.len(), 5, "{links:?}");
    for (link, role) in links.iter().zip(["Recruiter", "HR admin", "Security", "Admin", "Auditor"]) {
        assert!(link.contains(&format!("Example ({role})")), "{link}");
        assert_eq!(status(link.split_whitespace().last().unwrap()).await, 200, "{link}");
    }
    let taken = Command::new(env!("CARGO_BIN_EXE_bonafide"))
        .current_dir(folder.path())
        .env("TMPDIR", temporary.path())
        .args(["demo", "--listen", url.strip_prefix("http://").unwrap()])
        .output()
        .unwrap();
    assert_eq!(taken.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&taken.stderr).contains("another program listens there"));
    assert_eq!(demo.stop("-INT"), Some(0));
    assert_eq!(std::fs::read_dir(temporary.path()).unwrap().count(), 0, "the throw-away folder goes");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_first_start_prints_the_setup_link_and_a_signal_ends_it_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Program::start(command(data).args(["serve", "--listen", "127.0.0.1:0"]));
    let setup = server.line(SOON).strip_prefix("first visit: ").unwrap().to_owned();
    let url = server.line(SOON).strip_prefix("listening on ").unwrap().to_owned();
    assert!(setup.starts_with(&format!("{url}/setup?token=")), "{setup}");
    let page = reqwest::get(&setup).await.unwrap().text().await.unwrap();
    assert!(page.contains("password"), "{page}");
    assert_eq!(server.stop("-TERM"), Some(0));
    // SQLite folds its log into the file when the last connection to close may write, else at the next start: both are whole.
    crate::support::process::printed(data, &["user", "list"], "");
    crate::support::process::printed(data, &["audit", "verify"], "");
}

#[tokio::test]
async fn no_setup_link_once_there_is_a_user_and_work_works_beside() {
    let folder = tempfile::tempdir().unwrap();
    let data: &Path = folder.path();
    crate::support::process::printed(data, &["user", "add", "--email", "sam@example.com", "--role", "security"], "");
    std::fs::write(data.join("a.csv"), "name,emails\nAna Reyes,ana@mail.example\n").unwrap();
    let file = data.join("a.csv").display().to_string();
    crate::support::process::printed(data, &["candidate", "import", &file, "--no-wait"], "");
    let doctor = || crate::support::process::printed(data, &["doctor"], "");
    assert!(doctor().contains("jobs: 1 waiting"));
    let server = Program::start(command(data).args(["serve", "--listen", "127.0.0.1:0", "--no-jobs"]));
    assert!(server.line(SOON).starts_with("listening on "));
    assert!(server.lines.recv_timeout(Duration::from_millis(300)).is_err(), "no link");
    assert!(doctor().contains("jobs: 1 waiting"), "no workers in there");
    let work = Program::start(command(data).arg("work"));
    assert_eq!(work.line(SOON), "working");
    let started = Instant::now();
    while !doctor().contains("jobs: 0 waiting, 0 running") {
        assert!(started.elapsed() < SOON);
    }
    assert_eq!(work.stop("-TERM"), Some(0));
    assert_eq!(server.stop("-INT"), Some(0));
}
