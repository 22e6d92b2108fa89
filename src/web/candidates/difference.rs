//! Where two texts differ, character by character, with the code points that the eye cannot tell apart.
//!
//! Idea: longest common subsequence over characters. Cost: the product of the lengths, so only texts of up to 120 characters
//! are marked; longer ones, and texts with little in common, are shown whole.

/// Longest text that is marked, in characters: e-mails, handles and names fit; the table has at most 14,641 cells.
const MARKED_MAX: usize = 120;

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The characters; those that show nothing as their code points.
    pub text: String,
    /// The other text has something else here.
    pub differs: bool,
    /// What each character is, where the eye may be deceived: `U+0430 Cyrillic`.
    pub points: Vec<String>,
}

/// Two texts with what differs marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The one.
    pub left: Vec<Piece>,
    /// The other.
    pub right: Vec<Piece>,
    /// In words, for who does not see marks; none when nothing is marked.
    pub spoken: Option<String>,
}

impl Difference {
    /// Compares two texts.
    #[must_use]
    pub fn of(left: &str, right: &str) -> Self {
        let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
        let plain = Self { left: whole(left), right: whole(right), spoken: None };
        if a == b || a.len() > MARKED_MAX || b.len() > MARKED_MAX {
            return plain;
        }
        let (kept_a, kept_b) = common(&a, &b);
        let shared = kept_a.iter().filter(|kept| **kept).count();
        if shared * 2 < a.len().max(b.len()) {
            return plain;
        }
        let first = kept_a.iter().chain(std::iter::once(&false)).position(|kept| !kept).unwrap_or(0);
        let first_b = kept_b.iter().chain(std::iter::once(&false)).position(|kept| !kept).unwrap_or(0);
        let spoken = format!("differs at character {}", first.min(first_b) + 1);
        let foreign = a.iter().chain(&b).any(|c| !c.is_ascii());
        Self { left: pieces(&a, &kept_a, foreign), right: pieces(&b, &kept_b, foreign), spoken: Some(spoken) }
    }
}

/// A text that is shown without marks.
#[must_use]
pub fn whole(text: &str) -> Vec<Piece> {
    vec![Piece { text: shown(text), differs: false, points: Vec::new() }]
}

/// For each character whether it belongs to the longest common subsequence.
fn common(a: &[char], b: &[char]) -> (Vec<bool>, Vec<bool>) {
    let width = b.len() + 1;
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    let at = |table: &[u16], i: usize, j: usize| table.get(i * width + j).copied().unwrap_or(0);
    for (i, x) in a.iter().enumerate().rev() {
        for (j, y) in b.iter().enumerate().rev() {
            let best = if x == y { at(&longest, i + 1, j + 1) + 1 } else { at(&longest, i + 1, j).max(at(&longest, i, j + 1)) };
            if let Some(cell) = longest.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut kept_a, mut kept_b) = (vec![false; a.len()], vec![false; b.len()]);
    let (mut i, mut j) = (0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        if x == y {
            if let (Some(kept), Some(other)) = (kept_a.get_mut(i), kept_b.get_mut(j)) {
                (*kept, *other) = (true, true);
            }
            (i, j) = (i + 1, j + 1);
        } else if at(&longest, i + 1, j) >= at(&longest, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    (kept_a, kept_b)
}

fn pieces(text: &[char], kept: &[bool], with_points: bool) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (c, kept) in text.iter().zip(kept) {
        let differs = !kept;
        let point = (differs && with_points).then(|| point(*c));
        match pieces.last_mut() {
            Some(last) if last.differs == differs => {
                last.text.push_str(&shown_char(*c));
                last.points.extend(point);
            }
            _ => pieces.push(Piece { text: shown_char(*c), differs, points: point.into_iter().collect() }),
        }
    }
    pieces
}

/// `U+0430 Cyrillic`.
fn point(c: char) -> String {
    let script = match u32::from(c) {
        0x00..=0x7F => "Latin, ASCII",
        0xAD
        | 0x034F
        | 0x061C
        | 0x115F..=0x1160
        | 0x17B4..=0x17B5
        | 0x180B..=0x180F
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0 => "invisible",
        0x80..=0x24F | 0x1E00..=0x1EFF => "Latin",
        0x300..=0x36F => "combining mark",
        0x370..=0x3FF | 0x1F00..=0x1FFF => "Greek",
        0x400..=0x52F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => "Cyrillic",
        0x530..=0x58F => "Armenian",
        0x590..=0x5FF => "Hebrew",
        0x600..=0x6FF | 0x750..=0x77F => "Arabic",
        0x13A0..=0x13FF => "Cherokee",
        0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => "Hangul",
        0x3040..=0x30FF => "Kana",
        0x4E00..=0x9FFF => "Han",
        0xFF00..=0xFFEF => "full-width",
        0x1D400..=0x1D7FF => "mathematical",
        _ => "other script",
    };
    format!("U+{:04X} {script}", u32::from(c))
}

/// A text as it may be shown: characters that reorder or hide others appear as their code points, so that what is read is
/// what was sent.
#[must_use]
pub fn shown(text: &str) -> String {
    if text.chars().all(|c| !hides(c)) { text.to_owned() } else { text.chars().map(shown_char).collect() }
}

fn shown_char(c: char) -> String {
    if hides(c) { format!("\u{27e8}U+{:04X}\u{27e9}", u32::from(c)) } else { c.to_string() }
}

/// Control, direction and zero-width characters. Joiners stay: several scripts are written with them.
const fn hides(c: char) -> bool {
    matches!(c,
        '\0'..='\u{8}' | '\u{b}'..='\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}'
        | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(pieces: &[Piece]) -> Vec<&str> {
        pieces.iter().filter(|piece| piece.differs).map(|piece| piece.text.as_str()).collect()
    }

    #[test]
    fn equal_texts_have_no_mark() {
        let same = Difference::of("kim@example.com", "kim@example.com");
        assert_eq!(same.spoken, None);
        assert!(marked(&same.left).is_empty() && marked(&same.right).is_empty());
    }

    #[test]
    fn a_look_alike_letter_is_marked_with_its_code_point() {
        let found = Difference::of("d\u{430}niel", "daniel");
        assert_eq!(marked(&found.left), ["\u{430}"]);
        assert_eq!(found.left[1].points, ["U+0430 Cyrillic"]);
        assert_eq!(found.right[1].points, ["U+0061 Latin, ASCII"]);
        assert_eq!(found.spoken.as_deref(), Some("differs at character 2"));
    }

    #[test]
    fn plain_letters_are_marked_without_code_points() {
        let found = Difference::of("kim+jobs@example.com", "kim@example.com");
        assert_eq!(marked(&found.left), ["+jobs"]);
        assert!(marked(&found.right).is_empty());
        assert!(found.left.iter().all(|piece| piece.points.is_empty()));
    }

    #[test]
    fn texts_with_little_in_common_are_shown_whole() {
        assert_eq!(
            Difference::of("Austin, TX", "Shenyang"),
            Difference { left: whole("Austin, TX"), right: whole("Shenyang"), spoken: None }
        );
    }

    #[test]
    fn what_hides_or_reorders_is_shown() {
        assert_eq!(shown("a\u{202e}b\u{200b}"), "a\u{27e8}U+202E\u{27e9}b\u{27e8}U+200B\u{27e9}");
        assert_eq!(shown("Renée\n山田"), "Renée\n山田");
    }

    proptest::proptest! {
        #[test]
        fn no_character_is_lost(left in "\\PC{0,30}", right in "\\PC{0,30}") {
            let found = Difference::of(&left, &right);
            let text: String = found.left.iter().map(|piece| piece.text.as_str()).collect();
            proptest::prop_assert_eq!(text, shown(&left));
            let text: String = found.right.iter().map(|piece| piece.text.as_str()).collect();
            proptest::prop_assert_eq!(text, shown(&right));
        }
    }
}
