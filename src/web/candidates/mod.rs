//! The pages of the main job: candidates are listed ([`list`]), submitted ([`new`]), looked at ([`show`]) and decided on
//! ([`decision`], [`review`]); their pictures are at `/photos/{id}` ([`photo`]).
//!
//! Pages are made from what the reader may see (`pipeline::case_file`, `domain::view`) and hold nothing else. Every text that
//! a sender wrote goes through [`difference::shown`], so that no character hides or reorders what is read.
//!
//! To add a field of the form: a line in [`sections`]. To add a part of the page: a struct built from the case file, and its
//! block in `templates/candidates/show.html`.

pub mod card;
pub mod counts;
pub mod decision;
pub mod difference;
pub mod fields;
pub mod filter;
pub mod form_view;
pub mod labels;
pub mod list;
pub mod new;
pub mod photo;
pub mod review;
pub mod row;
pub mod sections;
pub mod show;
pub mod submitted;
pub mod typed_date;
pub mod typed_intake;
