//! The journeys: one file each. Only this layer brings engines, file formats and the store together.
//!
//! A journey takes what it needs as values (store, clock's answer, person) and returns what its doors tell people. To add
//! one: a file named for what the business does, and a line here.

pub mod password;
pub mod people;
pub mod sign_in;
pub mod users;
