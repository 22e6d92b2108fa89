//! Letters that look like Latin ones: how `раypal` hides that two of its letters are Cyrillic.
//!
//! Source: the Cyrillic and Greek rows of Unicode's confusables that print the same in common typefaces. Known limit: a word
//! written wholly in another script is not touched here, because most such words are simply words of that script.
//!
//! To add a pair: one entry in `PAIRS`, sorted by the look-alike.

/// Look-alikes and the Latin letters they look like, sorted by the look-alike.
const PAIRS: [(char, char); 69] = [
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('α', 'a'),
    ('γ', 'y'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('ϲ', 'c'),
    ('ϳ', 'j'),
    ('Ѕ', 'S'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('З', '3'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('Ь', 'b'),
    ('а', 'a'),
    ('в', 'b'),
    ('г', 'r'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('п', 'n'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѵ', 'v'),
    ('Ү', 'Y'),
    ('ү', 'y'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
];

/// The Latin letter that a letter looks like; none when it looks like none.
#[must_use]
pub fn latin_twin(letter: char) -> Option<char> {
    let at = PAIRS.binary_search_by_key(&letter, |(twin, _)| *twin).ok()?;
    PAIRS.get(at).map(|(_, latin)| *latin)
}

/// The text with every look-alike replaced; none when it holds none or also holds other letters outside ASCII.
#[must_use]
pub fn unmasked(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    text.chars().map(|c| if c.is_ascii() { Some(c) } else { latin_twin(c) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_it_can_be_searched() {
        assert!(PAIRS.is_sorted_by_key(|(twin, _)| *twin));
    }

    #[test]
    fn look_alikes_are_unmasked_and_real_words_are_not() {
        assert_eq!(unmasked("jоhn").as_deref(), Some("john"));
        assert_eq!(unmasked("john"), None);
        assert_eq!(unmasked("Мария"), None);
        assert_eq!(unmasked("rené"), None);
    }
}
