//! Places: do the places stated and the places observed fit together?

pub mod place;
