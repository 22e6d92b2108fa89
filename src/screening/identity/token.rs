//! Two words of names: how alike, and why.
//!
//! Idea: a declared list of steps, strongest first; the first that fits names the reason and the weight. Weights follow
//! nomenklatura's and Splink's practice of graded levels and were set on invented pairs (2026-11-20). One edit counts as a
//! slip of the hand only where hands slip (letters swapped, doubled, beside one another on the keyboard); elsewhere it
//! may be another name and weighs less. Cost: well under a microsecond; nothing is allocated unless edits are counted.
//!
//! To add a step (a table of nicknames, spellings of one language): a function of two tokens and a line in `STEPS`.

use strsim::osa_distance;

use super::normalize::Token;

/// Why two words match, and how much that weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Thousandths: 1,000 for equal.
    pub weight: u32,
    /// In words.
    pub reason: &'static str,
}

impl Step {
    /// Equal.
    pub const EQUAL: Self = Self { weight: 1_000, reason: "equal" };
}

type Compare = fn(&Token, &Token) -> Option<Step>;

/// Every step, strongest first.
const STEPS: [Compare; 9] = [equal, other_spelling, doubled_letters, folded, shaped, sounded, without_vowels, initial, edited_or_short];

/// The strongest step that fits two words; none when they do not match.
#[must_use]
pub fn similarity(a: &Token, b: &Token) -> Option<Step> {
    STEPS.iter().find_map(|step| step(a, b))
}

/// The step by which joined neighbors equal one word; joins match only exactly or by fold.
#[must_use]
pub fn joined(parts: &[Token], whole: &Token) -> Option<Step> {
    if parts.iter().any(Token::is_initial) || whole.is_initial() {
        return None;
    }
    let same = |of: fn(&Token) -> &str| {
        let length: usize = parts.iter().map(|part| of(part).len()).sum();
        length == of(whole).len() && {
            let mut rest = of(whole);
            parts.iter().all(|part| match rest.strip_prefix(of(part)) {
                Some(after) => {
                    rest = after;
                    true
                }
                None => false,
            })
        }
    };
    if same(|token| &token.text) {
        Some(Step { weight: 990, reason: "joined" })
    } else if same(|token| &token.fold) {
        Some(Step { weight: 920, reason: "joined, equal after folding" })
    } else if (whole.reading.hangul || parts.iter().any(|part| part.reading.hangul)) && same(|token| &token.sound) {
        Some(Step { weight: 900, reason: "joined, equal in sound" })
    } else {
        None
    }
}

fn equal(a: &Token, b: &Token) -> Option<Step> {
    (a.text == b.text).then_some(Step::EQUAL)
}

fn other_spelling(a: &Token, b: &Token) -> Option<Step> {
    (a.also.contains(&b.text) || b.also.contains(&a.text)).then_some(Step { weight: 960, reason: "customary spelling" })
}

/// Letters that print alike in one script: `rn` and `m`, `l` and `1`, `0` and `o`.
fn shaped(a: &Token, b: &Token) -> Option<Step> {
    let alike = a.text.len().abs_diff(b.text.len()) <= 2 && a.text.len().min(b.text.len()) >= 3 && shapes(&a.text).eq(shapes(&b.text));
    alike.then_some(Step { weight: 900, reason: "letters that look alike" })
}

fn shapes(text: &str) -> impl Iterator<Item = char> {
    let mut letters = text.chars().peekable();
    std::iter::from_fn(move || {
        let letter = letters.next()?;
        Some(match (letter, letters.peek()) {
            ('r', Some('n')) => {
                letters.next();
                'm'
            }
            ('v', Some('v')) => {
                letters.next();
                'w'
            }
            ('l' | '1', _) => 'i',
            ('0', _) => 'o',
            (other, _) => other,
        })
    })
}

/// Romanizations of Hangul differ by known sounds; where one side is Hangul the language is certain.
fn sounded(a: &Token, b: &Token) -> Option<Step> {
    ((a.reading.hangul || b.reading.hangul) && a.sound == b.sound).then_some(Step { weight: 920, reason: "equal in sound" })
}

fn doubled_letters(a: &Token, b: &Token) -> Option<Step> {
    (a.squeezed == b.squeezed && a.squeezed.len() >= 2).then_some(Step { weight: 930, reason: "equal but for a doubled letter" })
}

fn folded(a: &Token, b: &Token) -> Option<Step> {
    (a.fold == b.fold && a.fold.len() >= 2).then_some(Step { weight: 920, reason: "equal after folding" })
}

/// A script without vowels tells consonants only: two of them equal are a hint, three a match.
fn without_vowels(a: &Token, b: &Token) -> Option<Step> {
    if !(a.reading.consonants_only || b.reading.consonants_only) || a.consonants != b.consonants {
        return None;
    }
    match a.consonants.len() {
        0 | 1 => None,
        2 => Some(Step { weight: 880, reason: "consonants equal" }),
        _ => Some(Step { weight: 930, reason: "consonants equal" }),
    }
}

fn initial(a: &Token, b: &Token) -> Option<Step> {
    let of = |short: &Token, long: &Token| {
        let letter = short.text.as_str();
        short.is_initial() && !long.is_initial() && (long.text.starts_with(letter) || long.also.iter().any(|s| s.starts_with(letter)))
    };
    (of(a, b) || of(b, a)).then_some(Step { weight: 840, reason: "initial" })
}

fn edited_or_short(a: &Token, b: &Token) -> Option<Step> {
    if a.is_initial() || b.is_initial() {
        return None;
    }
    let (a, b) = (a.text.as_str(), b.text.as_str());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() - short.len() <= 2 && short.len() >= 3 {
        match osa_distance(short, long) {
            1 => return Some(one_edit(short, long)),
            2 if short.len() >= 6 => return Some(Step { weight: 750, reason: "two edits" }),
            _ => {}
        }
    }
    (short.len() >= 3 && long.starts_with(short)).then_some(Step { weight: 770, reason: "short form" })
}

/// Which letter keys lie side by side on the three rows of common Latin keyboards.
const KEY_ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn one_edit(short: &str, long: &str) -> Step {
    let (s, l): (Vec<char>, Vec<char>) = (short.chars().collect(), long.chars().collect());
    let at = s.iter().zip(&l).take_while(|(x, y)| x == y).count();
    let tiny = s.len() <= 3;
    let edge = at == 0 || at + 1 >= l.len();
    if s.len() < l.len() {
        return match (tiny, edge) {
            (true, _) => Step { weight: 620, reason: "one letter more" },
            (false, true) => Step { weight: 700, reason: "one letter more at the edge" },
            (false, false) => Step { weight: 840, reason: "one letter more" },
        };
    }
    let (Some(x), Some(y)) = (s.get(at).copied(), l.get(at).copied()) else {
        return Step::EQUAL;
    };
    if s.get(at + 1..) != l.get(at + 1..) {
        return Step { weight: if tiny { 760 } else { 910 }, reason: "two letters swapped" };
    }
    if x.is_ascii_digit() != y.is_ascii_digit() {
        return Step { weight: 900, reason: "digit for a letter" };
    }
    match (tiny, side_by_side(x, y), edge) {
        (true, _, _) => Step { weight: 620, reason: "one edit" },
        (false, true, _) => Step { weight: 840, reason: "one edit, neighboring keys" },
        (false, false, true) => Step { weight: 680, reason: "one edit at the edge" },
        (false, false, false) => Step { weight: 740, reason: "one edit" },
    }
}

fn side_by_side(x: char, y: char) -> bool {
    let place = |key: char| KEY_ROWS.iter().enumerate().find_map(|(row, keys)| keys.find(key).map(|column| (row, column)));
    match (place(x), place(y)) {
        (Some((row_x, column_x)), Some((row_y, column_y))) => row_x.abs_diff(row_y) <= 1 && column_x.abs_diff(column_y) <= 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::normalize::NameForm;
    use super::*;
    use rstest::rstest;

    fn step(a: &str, b: &str) -> Option<(u32, &'static str)> {
        let (a, b) = (NameForm::of_text(a), NameForm::of_text(b));
        similarity(&a.tokens[0], &b.tokens[0]).map(|s| (s.weight, s.reason))
    }

    #[rstest]
    #[case("Renée", "RENEE", "equal")]
    #[case("Stephen", "Stefen", "equal after folding")]
    #[case("Ishhikawa", "Ishikawa", "equal but for a doubled letter")]
    #[case("Ablert", "Albert", "two letters swapped")]
    #[case("Nakamira", "Nakamura", "one edit, neighboring keys")]
    #[case("Hir0shi", "Hiroshi", "letters that look alike")]
    #[case("Williarn", "William", "letters that look alike")]
    #[case("Ro5ario", "Rosario", "digit for a letter")]
    #[case("경", "Kyung", "equal in sound")]
    #[case("J.", "Jun", "initial")]
    #[case("محمد", "Mohammed", "consonants equal")]
    #[case("김", "Gim", "customary spelling")]
    #[case("Raj", "Rajeev", "short form")]
    #[case("Kazachenko", "Kasachemko", "two edits")]
    fn every_step_has_a_name(#[case] a: &str, #[case] b: &str, #[case] reason: &str) {
        assert_eq!(step(a, b).map(|s| s.1), Some(reason));
        assert_eq!(step(a, b), step(b, a));
    }

    #[rstest]
    #[case("Wei", "Lin")]
    #[case("J.", "Kim")]
    #[case("Klein", "Krause")]
    #[case("Al", "Alan")]
    fn different_words_do_not_match(#[case] a: &str, #[case] b: &str) {
        assert_eq!(step(a, b), None);
    }

    #[test]
    fn one_letter_that_makes_another_name_stays_below_the_line() {
        for (a, b) in [("Maria", "Mario"), ("Jin", "Jim"), ("Ivanov", "Ivanova")] {
            assert!(step(a, b).is_none_or(|s| s.0 < 760), "{a} {b}");
        }
    }
}
