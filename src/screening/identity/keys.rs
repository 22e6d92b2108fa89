//! Blocking keys: cheap numbers by which likely matches are looked up before anything is compared.
//!
//! Idea: a key is the first eight bytes of SHA-256 over family letter and text, so keys stay the same across versions and
//! machines. Names have several families, each forgiving another kind of difference; identifiers have one exact key (phones
//! also one for each way to write them without a country). What says nothing (a public mail domain, a placeholder) has no key. Cost: about 20
//! hashes a name of two words; bounded by `WORDS_MAX`.
//!
//! | family | key | forgives |
//! |---|---|---|
//! | S | sorted pair of consonants | vowels |
//! | N | sorted pair of folds | spelling, order, joins |
//! | P | fold of one word, first or last three letters of the other | one edit |
//! | F, O | fold of one word, first letter of the other: full word, one-letter word | initials |
//! | M | the fold of a single word | |
//!
//! To add a family: a letter, a line in `pair_keys`, raise [`KEY_VERSION`].

use sha2::{Digest, Sha256};

use super::fold::{consonants, fold, without_doubles};
use super::ladder::says_something;
use super::normalize::{NameForm, Token};
use super::phone::national_parts;
use crate::domain::identifier::{Identifier, IdentifierKind};
use crate::domain::watchlist::Persona;
use crate::screening::profile::Profile;

/// Version of everything in this file. Stored keys of another version must be made again.
pub const KEY_VERSION: i64 = 1;

/// Words of a name that have keys: a longer name has those of its first and last ones.
const WORDS_MAX: usize = 6;

/// The keys by which a person is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Questions {
    /// Keys of identifiers: few rows each, read without a budget.
    pub exact: Vec<i64>,
    /// Keys of names: read rarest first under the row budget.
    pub names: Vec<i64>,
}

impl Questions {
    /// The keys by which matches of a candidate are asked for.
    #[must_use]
    pub fn of_profile(profile: &Profile) -> Self {
        Self::of(&profile.identifiers, profile.names.iter().map(|name| &name.form))
    }

    /// The keys by which matches of a persona are asked for.
    #[must_use]
    pub fn of_persona(persona: &Persona) -> Self {
        let forms: Vec<NameForm> = persona.names.iter().map(NameForm::of).collect();
        Self::of(&persona.identifiers(), &forms)
    }

    fn of<'a>(identifiers: &[Identifier], forms: impl IntoIterator<Item = &'a NameForm>) -> Self {
        Self { exact: exact_keys(identifiers), names: sorted(forms.into_iter().flat_map(|form| family_keys(form, Side::Asked)).collect()) }
    }
}

/// Which half of a family that has two: a full word is found by the initials stored, an initial by the full words stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Stored,
    Asked,
}

/// The key of one identifier.
#[must_use]
pub fn identifier_key(kind: IdentifierKind, canonical: &str) -> i64 {
    key(kind.as_str(), canonical)
}

/// The keys of identifiers, sorted, each once. Those that say nothing have none.
#[must_use]
pub fn exact_keys(identifiers: &[Identifier]) -> Vec<i64> {
    let mut keys = Vec::new();
    for identifier in identifiers.iter().filter(|identifier| says_something(identifier)) {
        match identifier.kind {
            IdentifierKind::Phone => {
                keys.push(identifier_key(IdentifierKind::Phone, &identifier.canonical));
                keys.extend(national_parts(&identifier.canonical).iter().map(|digits| key("phone-national", digits)));
            }
            IdentifierKind::Ip => {
                let ip = identifier.canonical.parse::<std::net::IpAddr>().map(|ip| ip.to_canonical().to_string());
                keys.push(identifier_key(IdentifierKind::Ip, ip.as_deref().unwrap_or(&identifier.canonical)));
            }
            kind => keys.push(identifier_key(kind, &identifier.canonical)),
        }
    }
    sorted(keys)
}

/// The keys under which a name is stored, sorted, each once. [`Questions`] gives those by which it is asked for.
#[must_use]
pub fn name_keys(form: &NameForm) -> Vec<i64> {
    sorted(family_keys(form, Side::Stored))
}

/// All keys under which a candidate is stored, sorted, each once.
#[must_use]
pub fn profile_keys(profile: &Profile) -> Vec<i64> {
    let mut keys = exact_keys(&profile.identifiers);
    keys.extend(profile.names.iter().flat_map(|name| family_keys(&name.form, Side::Stored)));
    sorted(keys)
}

/// All keys under which a persona is stored, sorted, each once.
#[must_use]
pub fn persona_keys(persona: &Persona) -> Vec<i64> {
    let mut keys = exact_keys(&persona.identifiers());
    keys.extend(persona.names.iter().flat_map(|name| family_keys(&NameForm::of(name), Side::Stored)));
    sorted(keys)
}

fn key(family: &str, text: &str) -> i64 {
    let mut digest = Sha256::new();
    digest.update(family.as_bytes());
    digest.update([0]);
    digest.update(text.as_bytes());
    let bytes = digest.finalize();
    i64::from_be_bytes(std::array::from_fn(|i| bytes.get(i).copied().unwrap_or_default()))
}

fn sorted(mut keys: Vec<i64>) -> Vec<i64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// A word, or joined neighbors, as keys see them.
#[derive(Clone)]
struct Word {
    fold: String,
    consonants: String,
    initial: bool,
    at: std::ops::Range<usize>,
}

impl Word {
    fn of(text: &str, initial: bool, at: std::ops::Range<usize>) -> Self {
        Self { fold: fold(text), consonants: consonants(&without_doubles(text)), initial, at }
    }
}

fn words_of(form: &NameForm) -> Vec<Word> {
    let named: Vec<&Token> = form.tokens.iter().filter(|token| !token.particle).collect();
    let skipped = named.len().saturating_sub(WORDS_MAX);
    let kept: Vec<&Token> =
        named.iter().enumerate().filter(|(i, _)| *i < WORDS_MAX / 2 || *i >= WORDS_MAX / 2 + skipped).map(|(_, token)| *token).collect();
    let mut words = Vec::new();
    for (i, token) in kept.iter().enumerate() {
        let word = |text: &str| Word::of(text, token.is_initial(), i..i + 1);
        words.push(word(&token.text));
        words.extend(token.also.iter().map(|also| word(also)));
    }
    if kept.len() >= 3 {
        for (i, pair) in kept.windows(2).enumerate() {
            if let [a, b] = pair
                && !a.is_initial()
                && !b.is_initial()
            {
                words.push(Word::of(&format!("{}{}", a.text, b.text), false, i..i + 2));
            }
        }
    }
    words
}

fn family_keys(form: &NameForm, side: Side) -> Vec<i64> {
    let words = words_of(form);
    let mut keys = Vec::new();
    if form.tokens.iter().filter(|token| !token.particle).count() == 1 {
        keys.extend(words.iter().map(|word| key("M", &word.fold)));
    }
    for (i, x) in words.iter().enumerate() {
        for y in words.iter().skip(i + 1) {
            let overlap = x.at.start < y.at.end && y.at.start < x.at.end;
            if !overlap {
                pair_keys(x, y, side, &mut keys);
            }
        }
    }
    keys
}

fn pair_keys(x: &Word, y: &Word, side: Side, keys: &mut Vec<i64>) {
    let pair = |a: &str, b: &str| if a <= b { format!("{a} {b}") } else { format!("{b} {a}") };
    if !x.initial && !y.initial {
        keys.push(key("S", &pair(&x.consonants, &y.consonants)));
        keys.push(key("N", &pair(&x.fold, &y.fold)));
    }
    for (whole, other) in [(x, y), (y, x)] {
        if whole.initial {
            continue;
        }
        let Some(letter) = other.fold.chars().next() else { continue };
        let by_letter = format!("{} {letter}", whole.fold);
        match (side, other.initial) {
            (Side::Stored, true) | (Side::Asked, false) => keys.push(key("O", &by_letter)),
            (Side::Stored, false) => keys.push(key("F", &by_letter)),
            (Side::Asked, true) => keys.extend([key("F", &by_letter), key("O", &by_letter)]),
        }
        if !other.initial {
            let letters: Vec<char> = other.fold.chars().collect();
            let first: String = letters.iter().take(3).collect();
            let last: String = letters.iter().skip(letters.len().saturating_sub(3)).collect();
            keys.push(key("P", &format!("{} {first}-", whole.fold)));
            keys.push(key("P", &format!("{} -{last}", whole.fold)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name::PersonName;
    use proptest::prelude::*;
    use rstest::rstest;

    fn meet(asked: &str, stored: &str) -> bool {
        let asked = Questions::of(&[], &[NameForm::of_text(asked)]).names;
        name_keys(&NameForm::of_text(stored)).iter().any(|key| asked.contains(key))
    }

    #[rstest]
    #[case("Jane Doe", "DOE, Jane")]
    #[case("Jane Doe", "Jaen Doe")]
    #[case("Weichao Li", "Li Wei Chao")]
    #[case("J. Kim", "Jun Kim")]
    #[case("Jun Kim", "J. Kim")]
    #[case("김윤혜", "Kim Yoon-hye")]
    #[case("Mohammed Khouri", "محمد خوري")]
    #[case("Stephen Mueller", "Stefen Müller")]
    #[case("Madonna", "MADONNA")]
    #[case("Maria de la Rosa", "Maria Rosa")]
    fn likely_matches_share_a_key(#[case] a: &str, #[case] b: &str) {
        assert!(meet(a, b) && meet(b, a));
    }

    #[test]
    fn people_who_share_one_word_share_no_key() {
        assert!(!meet("Jane Doe", "Robert Doe") && !meet("Jane Doe", "Jane Smith"));
    }

    #[test]
    fn keys_stay_the_same_across_versions() {
        assert_eq!(identifier_key(IdentifierKind::Email, "jo@example.org"), 6_272_241_848_122_402_021);
    }

    #[test]
    fn what_says_nothing_has_no_key() {
        let persona = |text: &str| Persona { domains: vec![crate::domain::url::WebAddress::parse(text).unwrap()], ..Persona::default() };
        assert!(persona_keys(&persona("gmail.com")).is_empty());
        assert_eq!(persona_keys(&persona("front.example")).len(), 1);
    }

    #[test]
    fn national_and_international_phones_share_a_key() {
        let of = |text: &str| {
            let phone = crate::domain::phone::PhoneNumber::parse(text).unwrap();
            Questions::of_persona(&Persona { phones: vec![phone], ..Persona::default() }).exact
        };
        let (a, b) = (of("(512) 471-3434"), of("+1 512 471 3434"));
        assert!(a.iter().any(|key| b.contains(key)));
    }

    proptest! {
        #[test]
        fn keys_are_bounded_sorted_and_their_own_answer(text in "\\PC{1,200}") {
            if let Ok(name) = PersonName::parse(&text) {
                let form = NameForm::of(&name);
                let keys = name_keys(&form);
                prop_assert!(keys.len() <= 600 && keys.is_sorted());
                if !keys.is_empty() {
                    let asked = Questions::of(&[], [&form]).names;
                    prop_assert!(keys.iter().any(|key| asked.contains(key)));
                }
            }
        }
    }
}
