//! What tests stand on: an own, migrated database each, on either engine.

pub mod candidate;
pub mod database;
pub mod program;
mod postgres;
pub mod web;

pub use database::{TestStore, at, open};
