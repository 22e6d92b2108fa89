//! Names in the form that comparison rests on (each name once, so that comparing is cheap).
//!
//! Idea: NFKC, invisible characters dropped, split into words, each word to ASCII letters (`script.rs`), titles and
//! generational suffixes dropped, particles glued to the word they belong to. The written form stays beside it. Cost: a few
//! microseconds a name, bounded by [`CHARACTERS_MAX`] and [`TOKENS_MAX`] whatever is sent.
//!
//! To add a title or particle: one word in its list. To add a spelling table: a field of [`Token`] filled here and a step in
//! `token.rs`.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::fold::{consonants, fold, without_doubles};
use super::hangul::sound;
use super::script::{ReadWord, Reading, read_word};
use crate::domain::name::PersonName;

/// Characters of a text that are read at most. A name has at most 200 (`domain::name`); texts of other sources are cut here.
pub const CHARACTERS_MAX: usize = 1_000;

/// Words of a name that are compared at most.
pub const TOKENS_MAX: usize = 24;

/// Dropped before a name when two words remain.
const TITLES: [&str; 9] = ["dr", "mr", "mrs", "ms", "mx", "prof", "professor", "sir", "dipl"];
/// Dropped after a name when two words remain.
const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "esq", "mba", "cpa"];
/// Glued to the next word.
const GLUED: [&str; 8] = ["al", "el", "abd", "abdul", "abdel", "abdal", "abdur", "abdol"];
/// Often left out between names, so a missing one says nothing. Words that are also names of people (`van`, `le`) are not here.
const PARTICLES: [&str; 16] =
    ["de", "del", "della", "der", "den", "dos", "das", "du", "von", "zu", "bin", "ibn", "bint", "la", "las", "los"];

/// One word of a name as compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As written.
    pub written: String,
    /// Lower-case ASCII; never empty. Letters that have no ASCII form stay as they are.
    pub text: String,
    /// Other customary spellings of the same word.
    pub also: Vec<String>,
    /// Its fold (`fold.rs`).
    pub fold: String,
    /// Its text with doubled letters once.
    pub squeezed: String,
    /// Its consonants, doubled ones once.
    pub consonants: String,
    /// What romanizations of a Hangul word have in common (`hangul.rs`); compared only when one side is Hangul.
    pub sound: String,
    /// How it was read.
    pub reading: Reading,
    /// May be left out.
    pub particle: bool,
}

impl Token {
    fn of(word: ReadWord) -> Self {
        let fold = fold(&word.text);
        let squeezed = without_doubles(&word.text);
        Self {
            consonants: consonants(&squeezed),
            squeezed,
            sound: sound(&word.text),
            fold,
            written: word.written,
            text: word.text,
            also: word.also,
            reading: word.reading,
            particle: false,
        }
    }

    /// True for one letter of an alphabet.
    #[must_use]
    pub const fn is_initial(&self) -> bool {
        self.reading.initial
    }
}

/// A name as compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameForm {
    /// As typed.
    pub typed: String,
    /// Words in order.
    pub tokens: Vec<Token>,
}

impl NameForm {
    /// The form of a name.
    #[must_use]
    pub fn of(name: &PersonName) -> Self {
        Self::of_text(name.as_str())
    }

    /// The form of any text; without tokens when it has no letter or digit.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let plain: String = text.chars().filter(|c| !is_format(*c)).take(CHARACTERS_MAX).nfkc().collect();
        let mut words: Vec<ReadWord> = Vec::new();
        for word in plain.split(is_separator).filter(|word| !word.is_empty()) {
            let letters: String = word.chars().filter(|c| !is_apostrophe(*c)).collect();
            let first = words.is_empty();
            words.extend(read_word(&letters, first));
            if words.len() >= TOKENS_MAX {
                words.truncate(TOKENS_MAX);
                break;
            }
        }
        drop_titles(&mut words);
        let mut tokens: Vec<Token> = glue(words).into_iter().map(Token::of).collect();
        mark_particles(&mut tokens);
        Self { typed: text.to_owned(), tokens }
    }

    /// What was changed to reach this form, in words.
    #[must_use]
    pub fn changes(&self) -> Vec<&'static str> {
        let any = |what: fn(&Reading) -> bool| self.tokens.iter().any(|token| what(&token.reading));
        let mut changes = Vec::new();
        if any(|r| r.confusable) {
            changes.push("confusable letters");
        }
        if any(|r| r.transliterated) {
            changes.push("written in another script");
        }
        if any(|r| r.diacritics) {
            changes.push("diacritics ignored");
        }
        if self.typed.chars().any(is_format) {
            changes.push("invisible characters dropped");
        }
        changes
    }
}

fn is_separator(c: char) -> bool {
    !(c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c))
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{2bb}' | '\u{b4}' | '`' | '\u{2032}')
}

/// Characters that print nothing: zero-width, direction, soft hyphen, tags, variation selectors.
const fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e01ef}')
}

fn drop_titles(words: &mut Vec<ReadWord>) {
    while words.len() > 2 && words.first().is_some_and(|word| TITLES.contains(&word.text.as_str())) {
        words.remove(0);
    }
    while words.len() > 2 && words.last().is_some_and(|word| SUFFIXES.contains(&word.text.as_str())) {
        words.pop();
    }
}

fn glue(words: Vec<ReadWord>) -> Vec<ReadWord> {
    let mut out: Vec<ReadWord> = Vec::with_capacity(words.len());
    let mut open: Option<ReadWord> = None;
    for word in words {
        let joined = match open.take() {
            Some(mut before) if !word.reading.initial => {
                before.written.push(' ');
                before.written.push_str(&word.written);
                before.text.push_str(&word.text);
                before.also.clear();
                before.reading.confusable |= word.reading.confusable;
                before.reading.diacritics |= word.reading.diacritics;
                before
            }
            Some(before) => {
                out.push(before);
                word
            }
            None => word,
        };
        let is_glued = GLUED.contains(&joined.text.as_str());
        if is_glued { open = Some(joined) } else { out.push(joined) }
    }
    out.extend(open);
    out
}

fn mark_particles(tokens: &mut [Token]) {
    let last = tokens.len().saturating_sub(1);
    for (i, token) in tokens.iter_mut().enumerate() {
        token.particle = i < last && PARTICLES.contains(&token.text.as_str()) && (i > 0 || last >= 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn texts(name: &str) -> Vec<String> {
        NameForm::of_text(name).tokens.into_iter().map(|t| t.text).collect()
    }

    #[rstest]
    #[case("  Renée   O’Neill-Smith ", &["renee", "oneill", "smith"])]
    #[case("Dr. Jane Doe, Jr.", &["jane", "doe"])]
    #[case("Jane Dr", &["jane", "dr"])]
    #[case("Al-Mutairi, Jamal", &["almutairi", "jamal"])]
    #[case("Abd al-Rahman Said", &["abdalrahman", "said"])]
    #[case("J.K. Rowling", &["j", "k", "rowling"])]
    #[case("Tar\u{ad}un Sri\u{200b}vastava", &["tarun", "srivastava"])]
    #[case("ＪＵＮ Ｋｉｍ", &["jun", "kim"])]
    #[case("Ming 王", &["ming", "wang"])]
    fn words_are_what_is_compared(#[case] name: &str, #[case] expected: &[&str]) {
        assert_eq!(texts(name), expected);
    }

    #[test]
    fn initials_stay_initials() {
        let form = NameForm::of_text("J. Kim 王");
        let flags: Vec<bool> = form.tokens.iter().map(Token::is_initial).collect();
        assert_eq!(flags, [true, false, false]);
    }

    #[test]
    fn what_was_changed_is_told() {
        assert_eq!(NameForm::of_text("Jі Sun").changes(), ["confusable letters"]);
        assert_eq!(NameForm::of_text("김 윤").changes(), ["written in another script"]);
        assert!(NameForm::of_text("Jane Doe").changes().is_empty());
    }

    #[test]
    fn thousands_of_marks_are_bounded() {
        let marks = format!("a{}b", "\u{301}".repeat(5_000));
        assert_eq!(NameForm::of_text(&marks).tokens.len(), 1);
        assert!(NameForm::of_text(&"\u{fdfa}".repeat(200)).tokens.iter().all(|t| t.text.len() <= 64 * 4));
        assert_eq!(NameForm::of_text(&"a ".repeat(5_000)).tokens.len(), TOKENS_MAX);
    }

    proptest! {
        #[test]
        fn a_name_always_has_something_to_compare(text in "\\PC{1,200}") {
            if let Ok(name) = PersonName::parse(&text) {
                let form = NameForm::of(&name);
                prop_assert!(form.tokens.len() <= TOKENS_MAX);
                prop_assert!(form.tokens.iter().all(|t| !t.text.is_empty()));
            }
        }
    }
}
