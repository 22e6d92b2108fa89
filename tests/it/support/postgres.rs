//! A PostgreSQL server for the tests: `TEST_POSTGRES_URL`, or one of our own, started once a test process and gone with it.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// A running server.
pub struct Server {
    before_name: String,
    after_name: String,
    _watchdog: Option<Child>,
}

const MISSING: &str =
    "PostgreSQL's programs are missing: sudo apt-get install -y postgresql (or set TEST_POSTGRES_URL, or SKIP_POSTGRES_TESTS=1)";

impl Server {
    /// The address of a database on this server.
    pub fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.before_name, self.after_name)
    }
}

/// The server of this test process; none when its tests are to be skipped.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            if setting("SKIP_POSTGRES_TESTS").is_some_and(|value| value == "1") {
                println!("SKIPPED: tests on PostgreSQL (SKIP_POSTGRES_TESTS=1)");
                return None;
            }
            Some(setting("TEST_POSTGRES_URL").map_or_else(start, |url| given(&url)))
        })
        .as_ref()
}

#[expect(clippy::disallowed_methods, reason = "settings of the tests, not of the program")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// `postgres://user@host:port/database?options`: the database is where others are made from.
fn given(url: &str) -> Server {
    let (address, options) = url.split_once('?').map_or((url, String::new()), |(address, options)| (address, format!("?{options}")));
    let host_end = address.find("://").map_or(0, |i| i + 3);
    let base = address[host_end..].find('/').map_or(address, |i| &address[..host_end + i]);
    Server { before_name: format!("{base}/"), after_name: options, _watchdog: None }
}

/// Starts a server on a socket in a temporary folder. A shell that waits for this process to end stops it and removes the
/// folder, so that it goes even when the tests are killed.
fn start() -> Server {
    let programs = programs();
    // initdb refuses root.
    let as_user = if run("id -u").trim() == "0" {
        let user = if run("id -u postgres 2>/dev/null || true").trim().is_empty() { "nobody" } else { "postgres" };
        format!("setpriv --reuid {user} --regid $(id -g {user}) --clear-groups ")
    } else {
        String::new()
    };
    let folder = run(&format!("cd / && {as_user}mktemp -d /tmp/bonafide-postgres-XXXXXX")).trim().to_owned();
    let inside = format!("cd {folder} && {as_user}");
    run(&format!("{inside}{programs}/initdb -D {folder}/data -A trust -U postgres -E UTF8 --no-locale --no-sync"));
    run(&format!(
        "{inside}{programs}/pg_ctl -D {folder}/data -l {folder}/log -w start -o \"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=300\""
    ));
    let mut watchdog = Command::new("sh")
        .args(["-c", "read ready; read ended; eval \"$0\" >/dev/null 2>&1"])
        .arg(format!("cd / && {as_user}{programs}/pg_ctl -D {folder}/data -m immediate stop; rm -rf {folder}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // An interrupt from the keyboard reaches this process, not the shell behind its closed door.
    watchdog.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
    Server { before_name: "postgres://postgres@localhost/".to_owned(), after_name: format!("?host={folder}"), _watchdog: Some(watchdog) }
}

/// The folder of the newest `initdb` and `pg_ctl`.
fn programs() -> String {
    let found = run("ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1; command -v initdb || true");
    let folder = found.lines().find_map(|line| {
        let folder = line.trim().trim_end_matches("/initdb");
        std::path::Path::new(folder).join("initdb").exists().then(|| folder.to_owned())
    });
    folder.unwrap_or_else(|| panic!("{MISSING}"))
}

fn run(command: &str) -> String {
    let output = Command::new("sh").args(["-c", command]).stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
