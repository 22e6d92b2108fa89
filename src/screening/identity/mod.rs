//! Names and contacts: are two of them the same?

pub mod normalize;
