//! Reads the source and fails where a layer reaches up or sideways, where SQL or a clock stands in the wrong room, where a
//! page could run a script, or where a word is stored that must never be.
//!
//! A rule is a function from a file's path and text to its faults, tried on a bad sample in `samples.rs`: a check that cannot
//! fail checks nothing.

mod imports;
mod samples;
mod scan;

use std::path::{Path, PathBuf};

/// Longest file of the source: past it, a file holds two ideas.
const MOST_LINES: usize = 400;

/// Columns, labels and questions that are never built (CONTRACT, "Never built").
const NEVER: [&str; 10] =
    ["nationality", "ethnicity", "ethnic", "race", "racial", "religion", "citizenship", "gender", "birthplace", "skin"];

/// Layers that are pure: values in, values out.
const PURE: [&str; 3] = ["domain", "screening", "exchange"];

#[test]
fn the_source_keeps_its_layers() {
    let faults = faults_of("src", "rs", source_faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn tests_are_short_files_too() {
    let faults = faults_of("tests", "rs", length_faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pages_run_nothing_inline_and_ask_nothing_excluded() {
    let faults = faults_of("templates", "html", template_faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_schema_stores_nothing_excluded() {
    let faults = faults_of("migrations", "sql", word_faults);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_checks_read_this_very_source() {
    let files = files(&root().join("src"), "rs");
    assert!(files.iter().any(|file| file.ends_with("src/store/sql.rs")), "{files:?}");
    let migrations = files_of("migrations", "sql");
    assert!(!migrations.is_empty());
}

/// Everything wrong with one source file; `path` starts with `src/`.
fn source_faults(path: &str, text: &str) -> Vec<String> {
    let scanned = scan::scan(text);
    let mut faults = imports::faults(path, &scanned.code);
    faults.extend(length_faults(path, text));
    let layer = imports::layer(path);
    if PURE.contains(&layer) {
        for word in [
            "tokio",
            "sqlx",
            "actix_web",
            "actix_multipart",
            "reqwest",
            "tracing",
            "env::var",
            "SystemTime",
            "time::Instant",
            "Instant::now",
        ] {
            if has_path(&scanned.code, word) {
                faults.push(format!("{path}: {layer} is pure and does not know {word}"));
            }
        }
        if layer != "domain" && imports::names(path, &scanned.code, &["domain", "time", "Clock"]) {
            faults.push(format!("{path}: {layer} takes a Timestamp, not a Clock"));
        }
    }
    if path != "src/store/sql.rs" && has_path(&scanned.code, "AssertSqlSafe") {
        faults.push(format!("{path}: SQL is assembled in store/sql.rs alone"));
    }
    // A test may hold a statement, to see that no page shows it.
    let program = scan::scan(text.split("mod tests {").next().unwrap_or_default());
    if layer != "store" && program.strings.iter().any(|string| is_sql(string)) {
        faults.push(format!("{path}: SQL stands in store/ alone"));
    }
    faults
}

fn length_faults(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > MOST_LINES { vec![format!("{path}: {lines} lines, {MOST_LINES} at most")] } else { Vec::new() }
}

/// Everything wrong with one template.
fn template_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = word_faults(path, text);
    let squeezed: String = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if squeezed.replace("| ", "|").contains("|safe") {
        faults.push(format!("{path}: |safe turns escaping off"));
    }
    for tag in squeezed.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if tag.starts_with("style") || tag.contains(" style=") {
            faults.push(format!("{path}: <{tag}> has an inline style; the content policy drops it"));
        }
        if tag.split(' ').skip(1).any(is_handler) || tag.contains("javascript:") {
            faults.push(format!("{path}: <{tag}> has an inline script; the content policy drops it"));
        }
        if (tag == "script" || tag.starts_with("script ")) && !tag.contains(" src=") && !tag.contains("application/json") {
            faults.push(format!("{path}: <{tag}> is an inline script; the content policy drops it"));
        }
    }
    faults
}

fn is_handler(attribute: &str) -> bool {
    attribute
        .strip_prefix("on")
        .and_then(|rest| rest.split_once('='))
        .is_some_and(|(event, _)| !event.is_empty() && event.bytes().all(|b| b.is_ascii_lowercase()))
}

fn word_faults(path: &str, text: &str) -> Vec<String> {
    let lower = without_sql_comments(path, text).to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).collect();
    NEVER
        .iter()
        .filter(|never| words.contains(never))
        .map(|never| format!("{path}: says \"{never}\", which is never asked or stored"))
        .collect()
}

/// A comment may speak of a lost race; a column may not be called one.
fn without_sql_comments(path: &str, text: &str) -> String {
    let comment = if path.ends_with(".sql") { "--" } else { "\0" };
    text.lines().map(|line| line.split(comment).next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

fn is_sql(string: &str) -> bool {
    let has = |start: &str, then: &str| string.find(start).is_some_and(|at| string[at..].contains(then));
    has("SELECT ", " FROM ") || has("INSERT INTO ", "") || has("UPDATE ", " SET ") || has("DELETE FROM ", "")
}

/// True when `word` stands in the code as a whole path segment.
fn has_path(code: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].chars().next_back().is_some_and(is_letter) && !code[at + word.len()..].chars().next().is_some_and(is_letter)
    })
}

fn faults_of(folder: &str, extension: &str, check: fn(&str, &str) -> Vec<String>) -> Vec<String> {
    files_of(folder, extension).iter().flat_map(|(path, text)| check(path, text)).collect()
}

fn files_of(folder: &str, extension: &str) -> Vec<(String, String)> {
    let read = |file: PathBuf| {
        let path = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        (path, std::fs::read_to_string(file).unwrap())
    };
    files(&root().join(folder), extension).into_iter().map(read).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|end| end == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
