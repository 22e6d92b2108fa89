//! Places: do the places stated and the places observed fit together?

pub mod area;
pub mod distance;
pub mod gazetteer;
pub mod locate;
mod meaning;
mod metro;
mod misspelling;
pub mod place;
mod place_key;
mod place_text;
