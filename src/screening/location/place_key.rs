//! The form of a place name that comparison rests on. `build.rs` includes this file, so the packed keys and the keys asked
//! for at run time are made by the same lines. Imports nothing of ours.
//!
//! Compatibility decomposition, marks of European, Hebrew and Arabic scripts dropped (in other scripts they are letters),
//! lower case, apostrophes and dots dropped, other signs to a blank, `saint`, `mount` and `fort` to their short forms.

use unicode_normalization::UnicodeNormalization;

/// The key of a place name: words separated by single blanks; empty when the text holds no letter or digit.
#[must_use]
pub fn place_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' => {}
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => {}
            '\'' | '.' | '`' | '\u{b4}' | '\u{2018}'..='\u{201b}' | '\u{2b9}'..='\u{2bf}' | '\u{2032}' | '\u{55a}' | '\u{640}' => {}
            'ß' => word.push_str("ss"),
            'ł' => word.push('l'),
            'ø' => word.push('o'),
            'ı' => word.push('i'),
            'đ' | 'ð' => word.push('d'),
            'æ' => word.push_str("ae"),
            'œ' => word.push_str("oe"),
            'þ' => word.push_str("th"),
            'ə' => word.push('a'),
            c if c.is_alphanumeric() || is_letter_mark(c) => word.push(c),
            _ => end_word(&mut key, &mut word),
        }
    }
    end_word(&mut key, &mut word);
    key
}

/// Vowel signs and the like of scripts in which they carry the word.
fn is_letter_mark(c: char) -> bool {
    c as u32 >= 0x900 && unicode_normalization::char::is_combining_mark(c)
}

fn end_word(key: &mut String, word: &mut String) {
    if word.is_empty() {
        return;
    }
    if !key.is_empty() {
        key.push(' ');
    }
    key.push_str(match word.as_str() {
        "saint" => "st",
        "mount" => "mt",
        "fort" => "ft",
        other => other,
    });
    word.clear();
}
