//! Cells that a spreadsheet shows and never runs.
//!
//! A cell that begins with `=` and its kin is a formula to spreadsheets, and values in an export were typed by strangers. A
//! `'` in front makes it text (CONTRACT section 7). Leading blanks and invisible characters are looked through, because
//! importers drop them. Cost: linear. Known limit: phone numbers begin with `+`, so they carry the `'`, too.

use std::borrow::Cow;

/// First characters that can start a formula or a field, plain, small and full-width.
const fn is_live(c: char) -> bool {
    matches!(
        c,
        '=' | '+'
            | '-'
            | '@'
            | '|'
            | '\t'
            | '\r'
            | '\n'
            | '\0'
            | '\u{ff1d}'
            | '\u{ff0b}'
            | '\u{ff0d}'
            | '\u{ff20}'
            | '\u{ff5c}'
            | '\u{fe62}'
            | '\u{fe63}'
            | '\u{fe66}'
            | '\u{fe6b}'
            | '\u{2212}'
    )
}

/// Characters that turn the direction of text or hide in it.
const fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Blanks that an importer may drop, the live ones left out; and what has no width.
fn is_blank(c: char) -> bool {
    (c.is_whitespace() && !is_live(c)) || matches!(c, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}')
}

/// True when a cell could be run by a spreadsheet.
#[must_use]
pub fn is_formula(text: &str) -> bool {
    text.chars().find(|c| !is_blank(*c) && !is_bidi(*c) && (is_live(*c) || !c.is_control())).is_some_and(is_live)
}

/// The text without control and bidi characters (line ends and tabs become blanks), with `'` in front of what is live.
#[must_use]
pub fn safe(text: &str) -> Cow<'_, str> {
    let is_clean = !text.chars().any(|c| c.is_control() || is_bidi(c) || matches!(c, '\u{2028}' | '\u{2029}'));
    let clean: Cow<'_, str> = if is_clean { Cow::Borrowed(text) } else { Cow::Owned(cleaned(text)) };
    // Both are asked: what was removed may have been live itself, or have stood before what is.
    if is_formula(text) || is_formula(&clean) { Cow::Owned(format!("'{clean}")) } else { clean }
}

fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\t' | '\r' | '\n' | '\u{2028}' | '\u{2029}' => clean.push(' '),
            c if c.is_control() || is_bidi(c) => {}
            c => clean.push(c),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[rstest::rstest]
    #[case("plain", "plain")]
    #[case("", "")]
    #[case("=1+1", "'=1+1")]
    #[case("+1 512", "'+1 512")]
    #[case("-1", "'-1")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("|cmd", "'|cmd")]
    #[case("\tx", "' x")]
    #[case("\rx", "' x")]
    #[case("\nx", "' x")]
    #[case("\0=1", "'=1")]
    #[case("\u{ff1d}1", "'\u{ff1d}1")]
    #[case("  =1", "'  =1")]
    #[case("\u{3000}\u{ff0b}1", "'\u{3000}\u{ff0b}1")]
    #[case("\u{200b}=1", "'\u{200b}=1")]
    #[case("\u{202e}=1", "'=1")]
    #[case("\u{1}=1", "'=1")]
    #[case("a\r\nb\tc\u{7}\u{202e}d", "a b cd")]
    #[case("a=b", "a=b")]
    fn live_starts_become_text(#[case] typed: &str, #[case] cell: &str) {
        assert_eq!(safe(typed), cell);
    }

    proptest! {
        #[test]
        fn no_cell_stays_live_and_none_keeps_control_or_bidi_characters(text in ".*", start in "[=+@|\u{ff1d}\t\r\n\0 \u{a0}\u{feff}\u{202e}-]{0,4}") {
            let cell = safe(&format!("{start}{text}")).into_owned();
            prop_assert!(!is_formula(&cell));
            prop_assert!(!cell.chars().any(|c| c.is_control() || is_bidi(c)));
        }
    }
}
