//! Names and contacts: are two of them the same, how far, and why?
//!
//! A name becomes a [`normalize::NameForm`] once; [`align::compare`] tells score, level and named reasons. Contacts and
//! accounts have a ladder each ([`email`], [`handle`], [`phone`]), reached through [`ladder::equality`]. [`keys`] makes the blocking
//! keys by which candidates are looked up, [`blocks`] looks them up where there is no database.
//!
//! To add a kind of identifier: a variant in `domain/identifier.rs`, its ladder here, a line in [`ladder`] and its codes in
//! `watchlist.rs` and `reuse.rs`. To add a table of names: a step in [`token`] and a key family in [`keys`].

pub mod align;
pub mod blocks;
pub mod email;
pub mod fold;
pub mod handle;
pub mod hangul;
pub mod keys;
pub mod ladder;
pub mod normalize;
pub mod phone;
pub mod script;
pub mod shared_domain;
pub mod token;
