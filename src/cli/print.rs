//! What commands print: text for people, JSON for machines, questions on a terminal.

use std::io::{IsTerminal, Write};

use super::CommandError;

/// Prints one line. A closed pipe ends the program quietly instead of with a panic.
pub fn line(text: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// Says something that stops nothing, beside the answer.
pub fn warning(text: &str) {
    eprintln!("warning: {text}");
}

/// Prints one value as one JSON line.
///
/// # Errors
/// When the value does not serialize.
pub fn json(value: &impl serde::Serialize) -> Result<(), CommandError> {
    line(serde_json::to_string(value).map_err(anyhow::Error::from)?);
    Ok(())
}

/// Prints rows as columns under a head, each as wide as its widest cell.
pub fn table(head: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let show = |cells: Vec<&str>| {
        let padded: Vec<String> = cells.iter().enumerate().map(|(i, cell)| format!("{cell:<width$}", width = width(i))).collect();
        line(padded.join("  ").trim_end());
    };
    show(head.to_vec());
    for row in rows {
        show(row.iter().map(String::as_str).collect());
    }
}

/// Asks yes or no on a terminal. Elsewhere the answer must come as a flag.
///
/// # Errors
/// [`CommandError::Usage`] when there is no terminal to ask on.
pub fn confirm(question: &str, flag: &str) -> Result<bool, CommandError> {
    if !std::io::stdin().is_terminal() {
        return Err(CommandError::Usage(format!("{question} There is no terminal to ask on: give {flag} to go on.")));
    }
    print!("{question} [y/N] ");
    std::io::stdout().flush().map_err(anyhow::Error::from)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(anyhow::Error::from)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
