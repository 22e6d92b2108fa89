//! The journeys, one file each: a candidate is submitted, screened, reviewed, decided, exported; a list changes and earlier
//! candidates are screened again. Only this layer introduces engines, formats and store to one another.
//!
//! Imports `domain`, `screening`, `exchange` and `store`. To add a journey: one file, functions named for what people ask,
//! one write transaction that also holds the audit event, and an error enum only where a door branches.

pub mod case_file;
pub mod check;
pub mod compare;
pub mod demo;
pub mod doctor;
pub mod export;
mod export_row;
pub mod gather;
pub mod import;
pub mod installation;
pub mod list_proposals;
pub mod password;
pub mod people;
pub mod photo_pair;
pub mod pictures;
pub mod portrait;
pub mod resident;
pub mod review;
pub mod screen;
pub mod sign_in;
pub mod submit;
pub mod submit_once;
pub mod touched;
pub mod users;
pub mod watchlists;
