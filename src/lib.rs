//! Bonafide vets job candidates.

pub mod domain;
pub mod exchange;
pub mod screening;
pub mod store;
