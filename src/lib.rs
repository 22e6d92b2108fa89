//! Bonafide vets job candidates: reused identities, reused pictures, places that do not fit. This page is the map.
//!
//! Someone who knows the business finds every room by its name: *a candidate is submitted, screened, reviewed, decided,
//! exported; a watchlist changes, earlier candidates are screened again*.
//!
//! ```text
//!           main.rs ── cli            web             jobs       the doors: command line, HTTP, the queue
//!                        └─────────────┼────────────────┘
//!                                  pipeline                      the journeys; what is kept in RAM
//!                    ┌─────────────────┼────────────────┐
//!                screening          exchange          store      engines (pure) │ file formats (pure) │ SQL
//!                    └─────────────────┼────────────────┘
//!                                   domain                       the words: types that parse themselves
//! ```
//!
//! Imports point down, never up, never sideways; `tests/it/layers` reads the `use` lines and fails otherwise. Engines are
//! pure functions: values in, findings with evidence out; no clock, no chance, no I/O.
//!
//! # The journey of a candidate
//! 1. It arrives at a door, [`web::candidates`], [`web::api`] or `cli`; [`exchange::intake`] turns bytes into a
//!    [`domain::intake::Intake`] or every fault at once.
//! 2. [`pipeline::submit`] reads the pictures ([`screening::photo`]), then keeps everything in one write of [`store`].
//! 3. [`jobs::worker`] leases the job; [`pipeline::gather`] fetches who shares something; [`screening::screen`] compares;
//!    [`pipeline::screen`] records findings, opens a case and ends the job in one write.
//! 4. A reviewer reads the [`pipeline::case_file`], judges and decides in [`pipeline::review`].
//! 5. `pipeline::export` streams what was flagged.
//!
//! # The reverse journey
//! A list changes in [`pipeline::watchlists`]; [`pipeline::touched`] asks the same keys the other way and queues a screening
//! for every earlier candidate that the change touches.
//!
//! # Where do I put a new …
//! | new | write |
//! |---|---|
//! | finding | a code in [`domain::finding`], its line in [`screening::policy`], the check in its family |
//! | list or intake format | a file in [`exchange`] |
//! | question to the database | a function in the aggregate's file of [`store`], named for the question |
//! | page | a file in [`web`], a template, a line in [`web::routes`] |
//! | command | a file in `cli` |
//! | setting | [`config`] |

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
