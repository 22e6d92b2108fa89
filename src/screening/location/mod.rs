//! Places: do the places stated and the places observed fit together?
//!
//! Three rules stand above all: a claim is a set of readings and a check fires only when every reading conflicts; unknown
//! means silent, with a note; a finding carries both values, the numbers, the table and its version, and what would clear it.
//! Names, nationality and language are never inputs.
//!
//! To add a check: a file with a `check` function that raises its finding and records its code, and its line in [`screen`].

mod address_country;
pub mod area;
mod claims;
pub mod clock;
pub mod distance;
mod facts;
pub mod gap;
pub mod gazetteer;
pub mod locate;
mod meaning;
mod metro;
mod misspelling;
pub mod network;
pub mod phone;
pub mod place;
mod place_key;
mod place_text;
pub mod tables;
mod travel;
mod whereabouts;

use crate::screening::context::{Context, Raised};
use crate::screening::profile::Profile;

/// Runs every check of this family on one profile: at most one finding a code, and one row a code.
#[must_use]
pub fn screen(profile: &Profile, context: &Context) -> Raised {
    let facts = facts::Facts::of(profile);
    let sightings = whereabouts::located(profile, context);
    let mut raised = Raised::default();
    claims::check(profile, &facts, &mut raised);
    phone::check(profile, &facts, &mut raised);
    clock::check(profile, context, &facts, &mut raised);
    address_country::check(profile, context, &facts, &sightings, &mut raised);
    travel::check(&sightings, &mut raised);
    raised
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
