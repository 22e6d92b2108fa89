//! Bonafide vets job candidates.

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod jobs;
pub mod pipeline;
pub mod screening;
pub mod secrets;
pub mod store;
pub mod telemetry;
pub mod web;
