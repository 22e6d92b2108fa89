//! Drawings made on the server as SVG, each with words that say the same. No script, no inline style: colors are attributes.
//!
//! To add one: a file that turns domain values into paths, and a template part that shows them with their table.

pub mod tiles;
