//! Findings about pictures.

use crate::screening::context::{Context, Raised};
use crate::screening::profile::{Profile, ProfilePhoto};

/// A picture of another candidate that may show the same.
#[derive(Debug, Clone, Copy)]
pub struct Neighbor<'a> {
    /// Public id of its candidate.
    pub profile_id: &'a str,
    /// Name of its candidate.
    pub name: &'a str,
    /// Its candidate is the same person by name.
    pub same_person: bool,
    /// The picture.
    pub photo: &'a ProfilePhoto,
}

/// Compares the pictures of a candidate with those of others.
#[must_use]
pub fn screen(_profile: &Profile, _neighbors: &[Neighbor<'_>], _context: &Context) -> Raised {
    Raised::default()
}
