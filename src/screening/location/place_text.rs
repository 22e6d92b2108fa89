//! A place text cut into segments, with flags read as codes, noise words set apart, and texts that name no place dropped.
//!
//! To add a noise word or a stop text: a line in `data/place_noise_words.txt` or `data/place_stop_texts.txt`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::area;
use super::metro;
use super::place_key::place_key;

static STOP_TEXTS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| include_str!("../../../data/place_stop_texts.txt").lines().filter(|l| !l.starts_with('#')).map(place_key).collect());

static NOISE_WORDS: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("../../../data/place_noise_words.txt").lines().filter(|l| !l.starts_with('#')).collect());

/// Noise words that say that more than the town itself is meant.
const BROAD_WORDS: &[&str] = &["greater", "metro", "metropolitan", "area", "areas", "region"];

/// Longest text that is read, in characters; the rest is ignored (CONTRACT section 4: single values 300).
const TEXT_MAX: usize = 300;

/// A part of the text between two separators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Words of its key, as written.
    pub words: Vec<String>,
    /// The same without noise words and without words that hold a digit; never empty.
    pub core: Vec<String>,
    /// A dropped noise word said that more than the town is meant.
    pub broad: bool,
    /// The first word was written in capitals, as codes are.
    pub starts_in_capitals: bool,
    /// The last word was written in capitals.
    pub ends_in_capitals: bool,
    /// A separator such as `/` or `|` stands before it: another place, or more of the same.
    pub alternative: bool,
}

/// True for a text that names no place, such as `anywhere`.
#[must_use]
pub fn is_stop_text(key: &str) -> bool {
    STOP_TEXTS.contains(key)
}

/// True for a word that is a code of a country or region, so that it is never noise and never a stop text.
fn is_code(key: &str) -> bool {
    (2..=3).contains(&key.len()) && !area::named(key).is_empty()
}

/// True for an address of a military post office: the physical place cannot be known.
#[must_use]
pub fn is_military(text: &str) -> bool {
    let key = place_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let post_code =
        || words.iter().any(|word| word.len() == 5 && word.starts_with(['0', '3', '9']) && word.bytes().all(|b| b.is_ascii_digit()));
    (has(&["apo", "fpo", "dpo"]) && (has(&["ae", "ap", "aa"]) || post_code())) || key.contains("armed forces")
}

/// The segments of a text, without those that name no place.
#[must_use]
pub fn segments(text: &str) -> Vec<Segment> {
    let text: String = text.chars().take(TEXT_MAX).collect();
    if is_stop_text(&place_key(&text)) {
        return Vec::new();
    }
    if metro::named(&place_key(&text)).is_some() {
        return segment(&text, false).into_iter().collect();
    }
    let spaced = with_flags_as_codes(&text).replace(" - ", ",").replace(" or ", "|");
    let mut segments = Vec::new();
    let (mut start, mut alternative) = (0, false);
    let ends = spaced.char_indices().filter_map(|(at, c)| separator(c).map(|alternative| (at, c.len_utf8(), alternative)));
    for (at, width, next_alternative) in ends.chain([(spaced.len(), 0, false)]) {
        let raw = spaced.get(start..at).unwrap_or_default();
        if let Some(segment) = segment(raw, alternative && !segments.is_empty()) {
            segments.push(segment);
            alternative = next_alternative;
        } else {
            alternative |= next_alternative;
        }
        start = at + width;
    }
    segments
}

/// Some for a character that ends a segment; true when what follows may be another place.
const fn separator(c: char) -> Option<bool> {
    match c {
        ',' | '(' | ')' | '[' | ']' | ':' | '·' | '\u{2013}' | '\u{2014}' | '，' | '、' | '（' | '）' | '\n' | '→' => Some(false),
        ';' | '/' | '|' | '•' | '+' | '；' | '／' | '｜' => Some(true),
        _ => None,
    }
}

/// A flag is two letters of the regional indicator block: its country code is put in its place.
fn with_flags_as_codes(text: &str) -> String {
    let letter = |c: char| (c as u32).checked_sub(0x1f1e6).filter(|n| *n < 26).and_then(|n| char::from_u32(n + u32::from(b'A')));
    let mut plain = String::with_capacity(text.len());
    let mut first = None;
    for c in text.chars() {
        match (letter(c), first.take()) {
            (Some(second), Some(first)) => plain.extend([',', ' ', first, second, ',']),
            (Some(one), None) => first = Some(one),
            (None, _) => plain.push(c),
        }
    }
    plain
}

fn segment(raw: &str, alternative: bool) -> Option<Segment> {
    let key = place_key(raw);
    if key.is_empty() || (is_stop_text(&key) && !is_code(&key)) {
        return None;
    }
    let words: Vec<String> = key.split(' ').map(str::to_owned).collect();
    let last = words.len() - 1;
    let is_noise = |i: usize, word: &str| NOISE_WORDS.contains(word) && !(i == last && is_code(word));
    let has_digit = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    let core: Vec<String> =
        words.iter().enumerate().filter(|(i, word)| !is_noise(*i, word) && !has_digit(word)).map(|(_, word)| word.clone()).collect();
    let core_key = core.join(" ");
    if core.is_empty() || (is_stop_text(&core_key) && !is_code(&core_key)) {
        return None;
    }
    let broad = words.iter().any(|word| BROAD_WORDS.contains(&word.as_str()) && !core.contains(word));
    let in_capitals = |word: Option<&str>| word.is_some_and(|w| w.chars().any(char::is_alphabetic) && !w.chars().any(char::is_lowercase));
    let (starts_in_capitals, ends_in_capitals) = (in_capitals(raw.split_whitespace().next()), in_capitals(raw.split_whitespace().last()));
    Some(Segment { words, core, broad, starts_in_capitals, ends_in_capitals, alternative })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Austin, TX", &["austin", "tx"])]
    #[case("Remote (US)", &["us"])]
    #[case("Greater Boston Area", &["boston"])]
    #[case("Bloomington, IN", &["bloomington", "in"])]
    #[case("Portland, ME 04101", &["portland", "me"])]
    #[case("Leeds LS1 4AB", &["leeds"])]
    #[case("Anywhere / EMEA", &[])]
    #[case("Fully remote, open to relocating", &[])]
    #[case("Europe - Berlin", &["berlin"])]
    #[case("🇩🇪 Berlin", &["de", "berlin"])]
    #[case("", &[])]
    fn noise_and_stop_texts_are_dropped(#[case] text: &str, #[case] cores: &[&str]) {
        let found: Vec<String> = segments(text).iter().map(|s| s.core.join(" ")).collect();
        assert_eq!(found, cores);
    }

    #[test]
    fn military_post_offices_are_known() {
        assert!(is_military("APO AE 09012") && is_military("PSC 3 Box 1234, FPO, AP 96349") && is_military("DPO AA 34038"));
        assert!(!is_military("Apodaca, Mexico") && !is_military("Austin, TX 78701") && !is_military("APO"));
    }
}
