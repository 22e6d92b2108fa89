//! What tests stand on: an own, migrated database each, on either engine.

pub mod browser;
pub mod candidate;
pub mod database;
pub mod drawing;
mod postgres;
pub mod process;
pub mod program;
pub mod web;

pub use database::{TestStore, at, open};
