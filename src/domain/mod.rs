//! The words of the house: types that parse themselves.
//!
//! Every value is checked once, when it is made; after that nothing re-checks it. Fields are private where a wrong
//! value could be put in. This layer imports nothing of ours and does no I/O.
//!
//! To add a word: one file, one type (or one family of types), a `parse` that says which rule was broken and what was
//! expected, and a line here.

pub mod audit;
pub mod candidate;
pub mod case;
pub mod claim;
pub mod confusable;
pub mod email;
pub mod finding;
pub mod handle;
pub mod history;
pub mod id;
pub mod identifier;
pub mod intake;
pub mod name;
pub mod phone;
pub mod photo;
pub mod place;
pub mod screening;
pub mod sighting;
pub mod time;
pub mod travel;
pub mod url;
pub mod user;
pub mod view;
pub mod watchlist;
