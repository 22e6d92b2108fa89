//! Who reaches for whom: every `crate::` and `super::` path of a file, held against the layers.

/// The middle boxes: they do not know one another.
const MIDDLE: [&str; 4] = ["screening", "exchange", "store", "outbound"];
/// Files beside the layers that the doors and journeys read.
const ROOT: [&str; 3] = ["config", "secrets", "telemetry"];
/// Families of engines: they do not know one another.
const FAMILIES: [&str; 6] = ["identity", "photo", "location", "text", "footprint", "conduct"];
/// What a family may use of its own layer.
const FOR_FAMILIES: [&str; 3] = ["policy", "context", "profile"];

/// The layer of a file, or the name of a file beside the layers.
pub fn layer(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap_or(path);
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// Every reach up or sideways of a file.
pub fn faults(path: &str, code: &str) -> Vec<String> {
    let from = module(path);
    let fault = |to: &Vec<String>| {
        let why = forbidden(&from, to)?;
        Some(format!("{path}: reaches for {}: {why}", to.join("::")))
    };
    targets(&from, code).iter().filter_map(fault).collect()
}

/// True when the file names that path of ours, or one inside it.
pub fn names(path: &str, code: &str, wanted: &[&str]) -> bool {
    targets(&module(path), code).iter().any(|target| target.iter().take(wanted.len()).map(String::as_str).eq(wanted.iter().copied()))
}

/// Why this module may not know that path; none when it may.
fn forbidden(from: &[String], to: &[String]) -> Option<&'static str> {
    let name = |path: &[String], at: usize| path.get(at).cloned().unwrap_or_default();
    let (own, other) = (name(from, 0), name(to, 0));
    let known = |name: &str| MIDDLE.contains(&name) || ROOT.contains(&name) || ["domain", "pipeline", "web", "jobs", "cli"].contains(&name);
    if !known(&other) || own.is_empty() || own == "main" {
        return None;
    }
    if own == other {
        let (family, target) = (name(from, 1), name(to, 1));
        let stranger = own == "screening" && FAMILIES.contains(&family.as_str()) && target != family && !target.is_empty();
        return (stranger && !FOR_FAMILIES.contains(&target.as_str())).then_some("a family knows policy, context, profile and itself");
    }
    let allowed = match own.as_str() {
        "domain" => false,
        own if MIDDLE.contains(&own) || ROOT.contains(&own) => other == "domain" || (ROOT.contains(&own) && ROOT.contains(&other.as_str())),
        "pipeline" => !["web", "jobs", "cli"].contains(&other.as_str()),
        "web" | "jobs" => !["web", "jobs", "cli"].contains(&other.as_str()),
        _ => true,
    };
    (!allowed).then_some("imports point down, never up, never sideways")
}

/// The module path of a file: `src/store/user.rs` is `store::user`.
fn module(path: &str) -> Vec<String> {
    let inside = path.strip_prefix("src/").unwrap_or(path).trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if parts.last().is_some_and(|last| last == "mod" || (last == "lib" && parts.len() == 1)) {
        parts.pop();
    }
    parts
}

/// Every path of ours that the code names, from the crate's root.
fn targets(from: &[String], code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    // One level deeper, `super` is the file itself.
    let tests_from = [from, &["tests".to_owned()]].concat();
    let tests_at = code.find("mod tests {").unwrap_or(code.len());
    for (word, drop) in [("crate::", usize::MAX), ("bonafide::", usize::MAX), ("super::", 1)] {
        for (at, _) in code.match_indices(word) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':' || c == '$') {
                continue;
            }
            let from = if at > tests_at { &tests_from[..] } else { from };
            let mut base = if drop == 1 { from[..from.len().saturating_sub(1)].to_vec() } else { Vec::new() };
            let mut rest = &code[at + word.len()..];
            while let Some(further) = rest.trim_start().strip_prefix("super::") {
                base.pop();
                rest = further;
            }
            tree(&base, rest, &mut found);
        }
    }
    found
}

/// Reads one use tree or path after its `::`; gives what follows it.
fn tree<'t>(base: &[String], text: &'t str, found: &mut Vec<Vec<String>>) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let after = tree(base, rest, found);
            if after.len() == rest.len() {
                return after;
            }
            rest = after;
        }
    }
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name.is_empty() {
        found.push(base.to_vec());
        return text.strip_prefix('*').unwrap_or(text);
    }
    let path = [base, &[name.to_owned()]].concat();
    if let Some(deeper) = rest.trim_start().strip_prefix("::") {
        return tree(&path, deeper, found);
    }
    found.push(path);
    let rest = rest.trim_start();
    rest.strip_prefix("as ").map_or(rest, |renamed| renamed.trim_start().trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'))
}
