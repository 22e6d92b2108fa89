//! Hangul to Latin letters: Revised Romanization (South Korea, Ministry of Culture, 2000), syllable by syllable.
//!
//! Idea: a syllable block is arithmetic on three jamo tables (Unicode chapter 3.12). Names are romanized without the sound
//! changes between syllables, as the standard asks for given names. A family name also has the spelling its bearers use
//! (`Kim` for 김, not `Gim`): the commonest stand in [`CUSTOMARY`]. Known limit: one customary spelling a name.
//!
//! To add a family name: one entry in [`CUSTOMARY`].

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;

const INITIALS: [&str; 19] = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const VOWELS: [&str; 21] =
    ["a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p",
    "t",
];

/// Family names and the Latin spelling most bearers use (counts of South Korean passports, 2007 and later).
const CUSTOMARY: [(char, &str); 40] = [
    ('강', "kang"),
    ('고', "ko"),
    ('곽', "kwak"),
    ('구', "koo"),
    ('권', "kwon"),
    ('김', "kim"),
    ('남', "nam"),
    ('노', "noh"),
    ('류', "ryu"),
    ('문', "moon"),
    ('민', "min"),
    ('박', "park"),
    ('배', "bae"),
    ('백', "baek"),
    ('서', "seo"),
    ('성', "sung"),
    ('손', "son"),
    ('송', "song"),
    ('신', "shin"),
    ('심', "shim"),
    ('안', "ahn"),
    ('양', "yang"),
    ('오', "oh"),
    ('우', "woo"),
    ('유', "yoo"),
    ('윤', "yoon"),
    ('이', "lee"),
    ('임', "lim"),
    ('장', "jang"),
    ('전', "jeon"),
    ('정', "jung"),
    ('조', "cho"),
    ('주', "joo"),
    ('차', "cha"),
    ('최', "choi"),
    ('하', "ha"),
    ('한', "han"),
    ('허', "heo"),
    ('홍', "hong"),
    ('황', "hwang"),
];

/// True for a syllable block.
#[must_use]
pub const fn is_syllable(letter: char) -> bool {
    matches!(letter as u32, FIRST..=LAST)
}

/// The Revised Romanization of one syllable block; none for anything else.
#[must_use]
pub fn romanize(letter: char) -> Option<String> {
    if !is_syllable(letter) {
        return None;
    }
    let offset = (letter as u32 - FIRST) as usize;
    let (initial, vowel, last) = (offset / 588, offset % 588 / 28, offset % 28);
    Some([INITIALS.get(initial)?, VOWELS.get(vowel)?, FINALS.get(last)?].into_iter().copied().collect())
}

/// The spelling that most bearers of a one-syllable family name use; none when the table has none.
#[must_use]
pub fn customary(letter: char) -> Option<&'static str> {
    CUSTOMARY.iter().find(|(name, _)| *name == letter).map(|(_, spelling)| *spelling)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_follow_the_standard() {
        for (letter, latin) in [('김', "gim"), ('윤', "yun"), ('혜', "hye"), ('값', "gap"), ('힣', "hit"), ('가', "ga"), ('빛', "bit")]
        {
            assert_eq!(romanize(letter).as_deref(), Some(latin), "{letter}");
        }
        assert_eq!(romanize('k'), None);
        assert_eq!(romanize('ㄱ'), None);
    }

    #[test]
    fn the_customary_table_is_sorted_and_has_only_syllables() {
        assert!(CUSTOMARY.is_sorted_by_key(|(letter, _)| *letter));
        assert!(CUSTOMARY.iter().all(|(letter, _)| is_syllable(*letter)));
    }
}
