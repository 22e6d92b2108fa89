//! Closed vocabularies as arguments: a wrong word is answered with the right ones.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Takes one of the words of a vocabulary.
pub fn word<T: Copy + Send + Sync>(all: &'static [T], text: fn(T) -> &'static str) -> impl TypedValueParser<Value = T> {
    let words = PossibleValuesParser::new(all.iter().map(move |word| text(*word)));
    words.try_map(move |given| all.iter().copied().find(|word| text(*word) == given).ok_or("no such word"))
}
