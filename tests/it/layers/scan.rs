//! Parts Rust source: code without comments and strings, and the strings.

/// Source in its parts.
pub struct Scanned {
    /// Code; every comment and string is a blank.
    pub code: String,
    /// Contents of the strings.
    pub strings: Vec<String>,
}

/// Parts one file. Knows line and block comments, strings with escapes, raw strings and character literals.
pub fn scan(text: &str) -> Scanned {
    let (mut code, mut strings) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if let Some((string, after)) = string_at(rest, code.chars().next_back()) {
            strings.push(string);
            code.push(' ');
            rest = after;
        } else if let Some(after) = ["'\"'", "'\\\"'", "'\\''", "'\\\\'"].iter().find_map(|literal| rest.strip_prefix(literal)) {
            code.push(' ');
            rest = after;
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Scanned { code, strings }
}

/// The string that starts here, and what comes after it.
fn string_at(rest: &str, before: Option<char>) -> Option<(String, &str)> {
    if let Some(inside) = rest.strip_prefix('"') {
        let mut escaped = false;
        for (at, c) in inside.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return Some((inside[..at].to_owned(), &inside[at + 1..])),
                _ => {}
            }
        }
        return Some((inside.to_owned(), ""));
    }
    let after_r = rest.strip_prefix('r').filter(|_| !before.is_some_and(|c| c.is_alphanumeric() || c == '_'))?;
    let hashes = after_r.len() - after_r.trim_start_matches('#').len();
    let inside = after_r[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let at = inside.find(&end).unwrap_or(inside.len());
    Some((inside[..at].to_owned(), inside.get(at + end.len()..).unwrap_or("")))
}
