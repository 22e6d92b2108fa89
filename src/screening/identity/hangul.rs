//! Hangul to Latin letters: Revised Romanization (South Korea, Ministry of Culture, 2000), syllable by syllable.
//!
//! Idea: a syllable block is arithmetic on three jamo tables (Unicode chapter 3.12). Names are romanized without the sound
//! changes between syllables, as the standard asks for given names. A family name also has the spelling its bearers use
//! (`Kim` for 김, not `Gim`): the commonest stand in `CUSTOMARY`. Known limit: names of one syllable each; two-syllable family names are read by their sound.
//!
//! To add a family name: one entry in `CUSTOMARY`.

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;

const INITIALS: [&str; 19] = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
const VOWELS: [&str; 21] =
    ["a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"];
const FINALS: [&str; 28] = [
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p",
    "t",
];

/// Family names and the Latin spellings their bearers use, the commonest first. Other differences are those of [`sound`].
const CUSTOMARY: [(char, &str); 40] = [
    ('강', "kang"),
    ('고', "ko"),
    ('곽', "kwak"),
    ('구', "koo ku goo"),
    ('권', "kwon"),
    ('김', "kim"),
    ('남', "nam"),
    ('노', "noh roh"),
    ('류', "ryu yoo lyu"),
    ('문', "moon"),
    ('민', "min"),
    ('박', "park pak bak"),
    ('배', "bae"),
    ('백', "baek"),
    ('서', "seo suh"),
    ('성', "sung seong"),
    ('손', "son"),
    ('송', "song"),
    ('신', "shin sin"),
    ('심', "shim sim"),
    ('안', "ahn an"),
    ('양', "yang"),
    ('오', "oh o"),
    ('우', "woo u"),
    ('유', "yoo yu ryu"),
    ('윤', "yoon yun youn"),
    ('이', "lee yi rhee ri rhie"),
    ('임', "lim im rim"),
    ('장', "jang"),
    ('전', "jeon jun chun"),
    ('정', "jung jeong chung chong"),
    ('조', "cho jo"),
    ('주', "joo"),
    ('차', "cha"),
    ('최', "choi choe"),
    ('하', "ha"),
    ('한', "han"),
    ('허', "heo hur huh"),
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

/// The spellings that bearers of a one-syllable family name use, the commonest first; empty when the table has none.
pub fn customary(letter: char) -> impl Iterator<Item = &'static str> {
    let spellings = CUSTOMARY.iter().find(|(name, _)| *name == letter).map_or("", |(_, spellings)| *spellings);
    spellings.split(' ').filter(|spelling| !spelling.is_empty())
}

/// Letter groups that older romanizations write in several ways, and what each is written as here; longer ones first.
const SOUNDS: [(&str, char); 39] = [
    ("yeo", 'Y'),
    ("you", 'Y'),
    ("yoo", 'Y'),
    ("woo", 'U'),
    ("yae", 'E'),
    ("yu", 'Y'),
    ("yo", 'Y'),
    ("eo", 'U'),
    ("eu", 'U'),
    ("oo", 'U'),
    ("ou", 'U'),
    ("uh", 'U'),
    ("ye", 'E'),
    ("ae", 'E'),
    ("ai", 'E'),
    ("ui", 'I'),
    ("ee", 'I'),
    ("yi", 'I'),
    ("kk", 'k'),
    ("ck", 'k'),
    ("tt", 't'),
    ("pp", 'p'),
    ("jj", 'c'),
    ("ch", 'c'),
    ("sh", 's'),
    ("ss", 's'),
    ("ah", 'a'),
    ("oh", 'U'),
    ("u", 'U'),
    ("o", 'U'),
    ("e", 'E'),
    ("i", 'I'),
    ("y", 'I'),
    ("g", 'k'),
    ("d", 't'),
    ("b", 'p'),
    ("j", 'c'),
    ("l", 'r'),
    ("w", 'v'),
];

/// What romanizations of one Hangul word have in common. Only for words of which one is known to be Hangul: in other
/// languages these letters tell names apart.
#[must_use]
pub fn sound(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let (taken, written) = match SOUNDS.iter().find(|(group, _)| rest.starts_with(group)) {
            // the `n` and `g` of a closing `ng` stay one sound
            Some(("g", _)) if out.ends_with('n') => (1, 'g'),
            Some((group, written)) => (group.len(), *written),
            None => (letter.len_utf8(), letter),
        };
        out.push(written);
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
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
    fn romanizations_of_one_word_sound_alike() {
        for (a, b) in [("gyeong", "kyung"), ("yun", "yoon"), ("ju", "joo"), ("hui", "hee"), ("jeong", "chung"), ("hae", "hai")] {
            assert_eq!(sound(a), sound(b), "{a} {b}");
        }
        for (a, b) in [("min", "eun"), ("hye", "hyun"), ("jin", "jun"), ("seok", "sang")] {
            assert_ne!(sound(a), sound(b), "{a} {b}");
        }
    }

    #[test]
    fn the_customary_table_is_sorted_and_has_only_syllables() {
        assert!(CUSTOMARY.is_sorted_by_key(|(letter, _)| *letter));
        assert!(CUSTOMARY.iter().all(|(letter, _)| is_syllable(*letter)));
    }
}
