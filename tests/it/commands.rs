//! The command line as people use it: what each command prints, and exit code 0, 1, 2 or 3.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::support::process::{printed, run};

/// Runs a command that must end with this code; gives what it printed and what it complained about.
fn ends(data: &Path, code: i32, arguments: &[&str]) -> (String, String) {
    let Output { status, stdout, stderr } = run(data, arguments, "");
    let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert_eq!(status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn write(data: &Path, name: &str, text: &str) -> String {
    let path = data.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let folder = tempfile::tempdir().unwrap();
    let commands = [
        "demo",
        "serve",
        "work",
        "user",
        "user add",
        "user list",
        "user disable",
        "token",
        "token add",
        "token list",
        "token revoke",
        "watchlist",
        "watchlist import",
        "watchlist list",
        "candidate",
        "candidate import",
        "check",
        "compare",
        "locate",
        "export",
        "rescreen",
        "audit",
        "audit verify",
        "doctor",
        "migrate",
    ];
    for command in commands {
        let arguments: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let (out, _) = ends(folder.path(), 0, &arguments);
        assert!(out.contains("Example: bonafide "), "{command}: {out}");
    }
    let (out, _) = ends(folder.path(), 0, &["--help"]);
    let listed = commands.iter().filter(|command| !command.contains(' ')).all(|command| out.contains(&format!("  {command}")));
    assert!(listed, "{out}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "help makes no files");
}

#[test]
fn people_are_added_listed_and_disabled() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let out = printed(data, &["user", "add", "--email", "riley@example.com", "--role", "recruiter", "--team", "platform"], "");
    assert!(out.contains("/login?token="), "{out}");
    let add = ["user", "add", "--email", "sam@example.com", "--role", "security", "--role", "admin", "--password-stdin"];
    assert!(!printed(data, &add, "four unrelated words here\n").contains("token="));
    ends(data, 1, &["user", "add", "--email", "riley@example.com", "--role", "admin"]);
    ends(data, 2, &["user", "add", "--email", "riley@", "--role", "admin"]);
    ends(data, 2, &["user", "add", "--email", "a@example.com", "--role", "boss"]);
    ends(data, 2, &["user", "add", "--email", "a@example.com"]);
    let short = run(data, &["user", "add", "--email", "a@example.com", "--role", "admin", "--password-stdin"], "short\n");
    assert_eq!(short.status.code(), Some(1));
    printed(data, &["user", "disable", "riley@example.com"], "");
    ends(data, 1, &["user", "disable", "nobody@example.com"]);
    let out = printed(data, &["user", "list", "--json"], "");
    let users: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(users.len(), 2);
    let riley = users.iter().find(|user| user["email"] == "riley@example.com").unwrap();
    assert_eq!((riley["disabled"].as_bool(), riley["team"].as_str()), (Some(true), Some("platform")));
    assert!(printed(data, &["user", "list"], "").contains("security, admin"));
}

#[test]
fn tokens_are_shown_once_and_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    printed(data, &["user", "add", "--email", "riley@example.com", "--role", "recruiter"], "");
    let made = json(&printed(data, &["token", "add", "--user", "riley@example.com", "--name", "hook", "--json"], ""));
    let text = made["token"].as_str().unwrap();
    assert!(text.starts_with("bonafide_"));
    let listed = printed(data, &["token", "list"], "");
    assert!(listed.contains("hook") && !listed.contains(text));
    ends(data, 1, &["token", "add", "--user", "nobody@example.com", "--name", "x"]);
    ends(data, 2, &["token", "add", "--user", "riley@example.com", "--name", "x", "--days", "0"]);
    printed(data, &["token", "revoke", made["id"].as_str().unwrap()], "");
    assert!(printed(data, &["token", "list"], "").contains("revoked"));
    ends(data, 1, &["token", "revoke", "0123"]);
}

#[test]
fn a_list_is_previewed_applied_and_followed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let people = write(data, "people.csv", "external_id,name,emails\nA1,Ana Reyes,ana@mail.example\nA2,Bo Lind,bo@mail.example\n");
    printed(data, &["candidate", "import", &people], "");
    let list = write(data, "list.csv", "id,name,emails\nP1,Some Persona,ana@mail.example\nP2,,broken\n");
    let (out, err) = ends(data, 2, &["watchlist", "import", &list, "--list", "personas"]);
    assert!(out.contains("1 new, 0 changed, 0 removed, 0 unchanged, 1 rejected") && out.contains("line 3"), "{out}");
    assert!(err.contains("--yes"), "{err}");
    ends(data, 0, &["watchlist", "import", &list, "--list", "personas", "--dry-run"]);
    assert_eq!(printed(data, &["watchlist", "list", "--json"], ""), "");
    let applied = json(&printed(data, &["watchlist", "import", &list, "--list", "personas", "--yes", "--json"], ""));
    assert_eq!((applied["version"].as_i64(), applied["new_hits"].as_i64()), (Some(1), Some(1)), "{applied}");
    assert!(printed(data, &["watchlist", "import", &list, "--list", "personas", "--yes"], "").contains("nothing was changed"));
    let none = write(data, "none.csv", "id,name,emails\nP2,,broken\n");
    assert!(ends(data, 1, &["watchlist", "import", &none, "--list", "personas", "--yes"]).0.contains("line 2"));
    ends(data, 3, &["watchlist", "import", "absent.csv", "--list", "personas", "--yes"]);
    let other = write(data, "other.csv", "id,name,emails\nP9,Other Persona,other@mail.example\n");
    let gone = json(&printed(data, &["watchlist", "import", &other, "--list", "personas", "--yes", "--json"], ""));
    assert_eq!((gone["removed"].as_i64(), gone["gone_hits"].as_i64()), (Some(1), Some(1)), "{gone}");
    printed(data, &["watchlist", "import", &list, "--list", "personas", "--merge", "--yes", "--no-wait"], "");
    let hits = json(&printed(data, &["rescreen", "--json"], ""));
    assert_eq!((hits["new_hits"].as_i64(), hits["gone_hits"].as_i64()), (Some(1), Some(0)), "{hits}");
    assert!(printed(data, &["rescreen", "--list", "personas"], "").contains("0 new hits"));
    assert_eq!(json(&printed(data, &["rescreen", "--all", "--json"], ""))["jobs"].as_i64(), Some(2));
    ends(data, 1, &["rescreen", "--list", "nothing"]);
}

#[test]
fn a_large_removal_needs_a_second_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let rows: String = (0..30).map(|i| format!("P{i},Persona {i},p{i}@mail.example\n")).collect();
    let list = write(data, "list.csv", &format!("id,name,emails\n{rows}"));
    printed(data, &["watchlist", "import", &list, "--list", "personas", "--yes"], "");
    let few = write(data, "few.csv", "id,name,emails\nP1,Persona 1,p1@mail.example\n");
    let (out, err) = ends(data, 2, &["watchlist", "import", &few, "--list", "personas"]);
    assert!(out.contains("removes") && err.contains("second person"), "{out}{err}");
    assert!(printed(data, &["watchlist", "list"], "").contains("30"));
}

#[test]
fn an_export_is_harmless_filtered_and_in_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let list = write(data, "list.csv", "id,name,emails\nP1,Some Persona,ana@mail.example\n");
    printed(data, &["watchlist", "import", &list, "--list", "personas", "--yes"], "");
    let people =
        "external_id,name,emails,notes\nA1,Ana Reyes,ana@mail.example,x\nA2,Bo Lind,bo@mail.example,x\n=A3,Cy Mora,cy@mail.example,x\n";
    printed(data, &["candidate", "import", &write(data, "people.csv", people)], "");
    let records = |text: &str| csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect::<Vec<_>>();
    let urgent = records(&printed(data, &["export"], ""));
    assert_eq!(urgent.len(), 1);
    assert_eq!((&urgent[0][2], &urgent[0][7], &urgent[0][9], &urgent[0][14]), ("A1", "high", "watchlist.email", "personas/P1"));
    assert!(urgent[0][37].starts_with("local:"));
    let file = data.join("all.csv");
    let every = ["export", "--attention", "high,review,low,clear", "--out", file.to_str().unwrap()];
    assert_eq!(printed(data, &every, ""), "");
    let all = std::fs::read_to_string(&file).unwrap();
    assert_eq!(records(&all).len(), 3);
    assert!(all.contains("\"'=A3\""), "{all}");
    assert_eq!(records(&printed(data, &["export", "--rows", "findings", "--severity", "critical"], "")).len(), 1);
    assert_eq!(records(&printed(data, &["export", "--team", "nobody"], "")).len(), 0);
    ends(data, 2, &["export", "--attention", "urgent"]);
    ends(data, 2, &["export", "--format", "xlsx"]);
    ends(data, 3, &["export", "--out", "absent/file.csv"]);
    assert!(printed(data, &["audit", "verify"], "").starts_with("whole: "));
}

#[tokio::test]
async fn a_changed_audit_row_is_named() {
    use sqlx::{Connection, Executor};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    for name in ["a", "b", "c"] {
        printed(data, &["user", "add", "--email", &format!("{name}@example.com"), "--role", "auditor"], "");
    }
    let whole = json(&printed(data, &["audit", "verify", "--json"], ""));
    assert_eq!((whole["whole"].as_bool(), whole["rows"].as_i64()), (Some(true), Some(3)));
    sqlx::any::install_default_drivers();
    let mut raw = sqlx::AnyConnection::connect(&format!("sqlite://{}/bonafide.db", data.display())).await.unwrap();
    raw.execute("DROP TRIGGER audit_no_update").await.ok();
    let triggers: Vec<(String,)> =
        sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetch_all(&mut raw).await.unwrap();
    for (name,) in triggers {
        raw.execute(sqlx::AssertSqlSafe(format!("DROP TRIGGER {name}"))).await.unwrap();
    }
    raw.execute("UPDATE audit SET actor_name = 'someone else' WHERE number = 2").await.unwrap();
    raw.close().await.unwrap();
    let (_, err) = ends(data, 1, &["audit", "verify"]);
    assert!(err.contains("row 2"), "{err}");
}

#[test]
fn doctor_says_what_is_wrong_and_settings_are_strict() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let (out, _) = ends(data, 0, &["doctor"]);
    for part in ["setting data_dir", "(flag)", "SQLite", "secret file", "jobs: 0 waiting", "GeoNames", "built with"] {
        assert!(out.contains(part), "{part}: {out}");
    }
    assert!(ends(data, 0, &["doctor", "--json"]).0.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    assert!(printed(data, &["migrate"], "").contains("up to date"));
    std::fs::write(data.join("bonafide.toml"), "listn = \"x\"\n").unwrap();
    let (_, err) = ends(data, 3, &["migrate"]);
    assert!(err.contains("listn") && err.contains("listen"), "{err}");
    std::fs::remove_file(data.join("bonafide.toml")).unwrap();
    std::fs::write(data.join("secret.key"), "no key").unwrap();
    let (out, _) = ends(data, 3, &["doctor"]);
    assert!(out.contains("PROBLEM"), "{out}");
    let (_, err) = ends(data, 3, &["user", "list"]);
    assert!(err.contains("64 hexadecimal digits"), "{err}");
    ends(data, 2, &["no-such-command"]);
}

#[test]
fn checks_without_a_database_leave_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let clean = write(data, "clean.json", r#"{"name": "Ana Reyes", "emails": ["ana@mail.example"]}"#);
    assert_eq!(json(&ends(data, 0, &["check", &clean]).0)["attention"], "clear");
    let faulty = write(data, "faulty.json", r#"{"name": "Ana Reyes", "email": "ana@"}"#);
    assert!(json(&ends(data, 1, &["check", &faulty]).0)["errors"].is_array());
    ends(data, 3, &["check", "absent.json"]);
    assert_eq!(json(&ends(data, 0, &["compare", "names", "Ana Reyes", "Reyes, Ana", "--json"]).0)["level"], "exact");
    ends(data, 0, &["locate", "Austin, TX"]);
    ends(data, 1, &["locate", "qqqqzzzz"]);
    assert_eq!(std::fs::read_dir(data).unwrap().count(), 2);
}
