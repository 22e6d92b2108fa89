//! The engines: pure, synchronous, deterministic. Values in, findings with evidence out.
//!
//! Imports `domain` only. No I/O, no clock, no randomness, no logging.

pub mod identity;
pub mod location;
pub mod photo;
