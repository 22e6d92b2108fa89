//! The journeys, one file each: a candidate is submitted, screened, reviewed, decided, exported; a list changes and earlier
//! candidates are screened again. Only this layer introduces engines, formats and store to one another.
//!
//! Imports `domain`, `screening`, `exchange` and `store`. To add a journey: one file, functions named for what people ask,
//! one write transaction that also holds the audit event, and an error enum only where a door branches.

pub mod audit;
pub mod case_file;
pub mod check;
pub mod compare;
pub mod demo;
pub mod doctor;
pub mod export;
pub mod gather;
pub mod import;
pub mod installation;
pub mod password;
pub mod pictures;
pub mod portrait;
pub mod resident;
pub mod review;
pub mod screen;
pub mod submit;
pub mod touched;
pub mod users;
pub mod watchlists;
//! The journeys: one file each. Only this layer brings engines, file formats and the store together.
//!
//! A journey takes what it needs as values (store, clock's answer, person) and returns what its doors tell people. To add
//! one: a file named for what the business does, and a line here.

pub mod people;
pub mod sign_in;
