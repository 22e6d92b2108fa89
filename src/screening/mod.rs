//! The engines: pure, synchronous, deterministic. Values in, findings with evidence out.
//!
//! Imports `domain` only. No I/O, no clock, no randomness, no logging. The families (`identity`, `photo`, `location`) do not
//! import one another; only the files directly in this folder call them.
//!
//! To add a finding: a code in `domain/finding.rs`, its line in [`policy`], the check in its family, and a hit and a near miss
//! in the tests. To add a family: a folder here, a call in [`screen`], its codes' family name.

pub mod attention;
pub mod context;
pub mod identity;
pub mod location;
pub mod photo;
pub mod policy;
pub mod profile;
pub mod reuse;
pub mod watchlist;
