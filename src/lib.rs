//! Bonafide vets job candidates.

pub mod config;
pub mod domain;
pub mod exchange;
pub mod screening;
pub mod store;
pub mod telemetry;
