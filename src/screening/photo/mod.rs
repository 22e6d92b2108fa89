//! Pictures: find a reused photo, and tell a swapped face from a plain copy.
//!
//! Bytes → [`decode`] → upright picture → [`thumbnail`] → [`regions`] → [`hash`] → features ([`enroll()`]); features → [`variants`] →
//! [`scan`] → the closest pictures → [`align`](mod@align) → [`tiles`] → [`head`] → [`verdict`] ([`compare()`]) → [`findings`] ([`screen`]).
//! Regions of pixels are compared, never people: two photos of one person are unrelated here, and must stay so.
//!
//! Imports `domain`, and `policy`, `context`, `profile` of the folder above.
//!
//! To add a region or a query variant: see [`regions`], [`variants`]. To change how hashes are made: a new
//! [`hash::ALGORITHM`] name; hashes of different names are never compared.

pub mod align;
pub mod compare;
pub mod container;
pub mod decode;
mod enroll;
pub mod fault;
pub mod findings;
pub mod hash;
pub mod head;
pub mod plane;
pub mod regions;
pub mod scan;
pub mod thumbnail;
pub mod tiles;
pub mod variants;
pub mod verdict;

pub use compare::compare;
pub use enroll::{Enrolled, enroll, features_of};
pub use fault::PhotoFault;
pub use findings::{Neighbor, screen};

pub use scan::{Candidate, PhotoIndex, Row};
pub use variants::QueryVariants;

#[cfg(test)]
mod findings_tests;
#[cfg(test)]
#[path = "../../pipeline/portrait.rs"]
pub(crate) mod portrait;
#[cfg(test)]
mod tests;
