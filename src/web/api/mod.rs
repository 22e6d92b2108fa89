//! `/api/v1`: the door for programs. A token instead of a cookie, JSON instead of pages, a problem document instead of an
//! error page; what lies behind is the same call as behind the pages.
//!
//! A handler has the moves of a page: [`token::Caller`] in its signature says that a live token is needed and
//! [`token::Caller::must`] what its user must be allowed, [`body`] reads what was sent, one call into [`crate::pipeline`]
//! follows, and every way out that is not an answer is a [`problem::Problem`].
//!
//! To add an address: a file here, a line in [`super::routes`], a paragraph in `docs/api.md`.

pub mod body;
pub mod candidates;
pub mod check;
pub mod export;
pub mod problem;
pub mod query;
pub mod token;
