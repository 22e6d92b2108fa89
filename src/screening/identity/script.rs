//! One written word to tokens of ASCII letters: look-alikes unmasked, other scripts transliterated.
//!
//! Idea: a word that mixes Latin with Cyrillic or Greek letters is a disguise and is read by what it looks like; a word wholly
//! in another script is read by what it says. Source of the letters: `any_ascii`. Known limits: Chinese characters are read
//! as Chinese, so a Japanese name in them needs a stored Latin alias; scripts without vowels give consonants only.
//!
//! To add a script: its range in `Script::of` and, where `any_ascii` reads it badly, its own file beside `hangul.rs`.

use any_ascii::any_ascii_char;
use unicode_normalization::char::is_combining_mark;

use super::hangul;
use crate::domain::confusable;

/// The scripts that are read in different ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    /// Cyrillic or Greek: letters of these look like Latin ones.
    LooksLatin,
    Hangul,
    /// One character is one syllable with a meaning.
    Han,
    /// Arabic or Hebrew: written without vowels.
    Consonants,
    Other,
}

impl Script {
    const fn of(letter: char) -> Self {
        match letter as u32 {
            0x41..=0x5A | 0x61..=0x7A | 0xAA | 0xBA | 0xC0..=0x2AF | 0x1E00..=0x1EFF => Self::Latin,
            0x370..=0x52F | 0x1C80..=0x1C8F | 0x1F00..=0x1FFF => Self::LooksLatin,
            0x590..=0x5FF | 0x600..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF => Self::Consonants,
            0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF => Self::Han,
            0xAC00..=0xD7A3 => Self::Hangul,
            _ => Self::Other,
        }
    }
}

/// How a word was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// Look-alike letters were unmasked.
    pub confusable: bool,
    /// The word was in another script.
    pub transliterated: bool,
    /// The word was in a script without vowels.
    pub consonants_only: bool,
    /// Diacritics were dropped.
    pub diacritics: bool,
    /// The word was in Hangul.
    pub hangul: bool,
    /// One letter of an alphabet: an initial.
    pub initial: bool,
}

/// One token of a word: its text in lower-case ASCII, another spelling where one is customary, how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadWord {
    /// The characters it was read from.
    pub written: String,
    /// Lower-case ASCII letters and digits; never empty.
    pub text: String,
    /// Other spellings of the same.
    pub also: Vec<String>,
    /// How it was read.
    pub reading: Reading,
}

/// Reads one word of letters, digits and marks. `first` says that it begins the name, where a family name stands in Hangul.
#[must_use]
pub fn read_word(word: &str, first: bool) -> Vec<ReadWord> {
    let has = |script| word.chars().any(|c| Script::of(c) == script);
    if has(Script::Han) || has(Script::Hangul) {
        return read_syllables(word, first);
    }
    let mut reading = Reading::default();
    let unmasked = if has(Script::Latin) && has(Script::LooksLatin) {
        reading.confusable = true;
        word.chars().map(|c| if Script::of(c) == Script::LooksLatin { confusable::latin_twin(c).unwrap_or(c) } else { c }).collect()
    } else {
        word.to_owned()
    };
    reading.consonants_only = has(Script::Consonants);
    reading.transliterated = !reading.confusable && word.chars().any(|c| c.is_alphabetic() && Script::of(c) != Script::Latin);
    reading.diacritics = unmasked.chars().any(|c| is_combining_mark(c) || (Script::of(c) == Script::Latin && !c.is_ascii()));
    reading.initial = word.chars().filter(|c| !is_combining_mark(*c)).count() == 1 && word.chars().any(char::is_alphabetic);
    token_of(word, ascii(&unmasked), Vec::new(), reading).into_iter().collect()
}

fn read_syllables(word: &str, first: bool) -> Vec<ReadWord> {
    let mut words = Vec::new();
    let mut run = String::new();
    let mut family_name_due = first;
    for c in word.chars() {
        let script = Script::of(c);
        if !matches!(script, Script::Han | Script::Hangul) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            words.extend(read_word(&std::mem::take(&mut run), false));
        }
        let reading = Reading { transliterated: true, hangul: script == Script::Hangul, ..Reading::default() };
        let spoken = hangul::romanize(c).unwrap_or_else(|| ascii(c.encode_utf8(&mut [0; 4])));
        let mut spellings: Vec<String> = if family_name_due { hangul::customary(c).map(str::to_owned).collect() } else { Vec::new() };
        family_name_due = false;
        if !spellings.contains(&spoken) {
            spellings.push(spoken);
        }
        let text = spellings.remove(0);
        words.extend(token_of(c.encode_utf8(&mut [0; 4]), text, spellings, reading));
    }
    if !run.is_empty() {
        words.extend(read_word(&run, false));
    }
    words
}

/// Letters of a token that are compared at most; a longer word is no name.
const TOKEN_MAX: usize = 64;

fn token_of(written: &str, text: String, also: Vec<String>, reading: Reading) -> Option<ReadWord> {
    let text: String = if text.is_empty() {
        written.to_lowercase().chars().filter(|c| c.is_alphanumeric()).take(TOKEN_MAX).collect()
    } else {
        text.chars().take(TOKEN_MAX).collect()
    };
    (!text.is_empty()).then(|| ReadWord { written: written.to_owned(), text, also, reading })
}

fn ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.extend(any_ascii_char(c).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(word: &str) -> Vec<String> {
        read_word(word, true).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn scripts_become_ascii() {
        assert_eq!(texts("Вячеслав"), ["vyacheslav"]);
        assert_eq!(texts("Ковальчук"), ["kovalchuk"]);
        assert_eq!(texts("Yıldırım"), ["yildirim"]);
        assert_eq!(texts("梁伟"), ["liang", "wei"]);
        assert_eq!(texts("김윤혜"), ["kim", "yun", "hye"]);
        assert_eq!(texts("Đặng"), ["dang"]);
    }

    #[test]
    fn a_disguise_is_read_by_its_looks_and_a_word_by_its_sound() {
        let disguised = &read_word("Fоѕuа", true)[0];
        assert_eq!((disguised.text.as_str(), disguised.reading.confusable), ("fosua", true));
        let honest = &read_word("Соня", true)[0];
        assert_eq!((honest.text.as_str(), honest.reading.transliterated), ("sonya", true));
    }

    #[test]
    fn a_family_name_in_hangul_has_its_customary_spellings() {
        let words = read_word("박", true);
        assert_eq!((words[0].text.as_str(), words[0].also.as_slice()), ("park", ["pak".to_owned(), "bak".to_owned()].as_slice()));
        assert_eq!(read_word("김", true)[0].also, ["gim"]);
        assert_eq!(read_word("김", false)[0].text, "gim");
    }
}
