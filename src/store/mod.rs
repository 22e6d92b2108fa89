//! What is kept: one SQL text for SQLite and PostgreSQL, one module an aggregate. Imports `domain` only.
//!
//! Reads take a [`Store`], changes a [`Write`], which [`Store::begin_write`] opens and [`Write::commit`] ends; nothing else
//! begins or commits. Rows are private and primitive and become domain values at this door, or
//! [`StoreError::Inconsistent`] names the row.
//!
//! The rules of the one text:
//! 1. Columns: TEXT, BIGINT, DOUBLE PRECISION, BYTEA. States are TEXT, times BIGINT ms UTC, JSON is TEXT, flags BIGINT 0/1,
//!    ids are made in Rust. No SERIAL, no database clock.
//! 2. `CAST(SUM(x) AS BIGINT)`; averages in Rust; `SELECT 1 … LIMIT 1` instead of EXISTS or any boolean result; a subquery in
//!    FROM has an alias.
//! 3. Text is compared and sorted on a column normalized in Rust; LIKE only there, with ESCAPE. No ILIKE, COLLATE, date or
//!    JSON functions.
//! 4. Writes begin with `begin_write` (on SQLite BEGIN IMMEDIATE: a plain BEGIN lost 168 of 200 writers to "locked").
//! 5. Never read, compute, write back: `SET n = n + 1`, or compare-and-set on `version`; no row changed is a `Conflict`.
//! 6. A job or case is taken by compare-and-set with RETURNING. No FOR UPDATE, no SKIP LOCKED.
//! 7. SQLite names no constraint: at most one unique constraint besides the primary key may fail a statement.
//! 8. Columns are written out, one statement a function, parameters `$1`, every ORDER BY ends in a unique column; lists of
//!    keys go through the padded `IN` of `sql.rs`.
//! 9. Batches stand in one transaction; no last_insert_id; values a statement stay far under SQLite's 32,766.
//! 10. On PostgreSQL a transaction sees what others commit meanwhile: what must agree stands in one statement, or behind the
//!     row lock that an UPDATE took before.
//!
//! To add a table: a migration, a file here with its row (`row!`), its `TryFrom` and functions named for what is asked, a
//! line below, and its tests on both databases in `tests/it/store`.

/// Declares a private row and reads it by column name.
macro_rules! row {
    ($(#[$doc:meta])* $visible:vis struct $name:ident { $($column:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        $visible struct $name { $($column: $type),+ }

        impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for $name {
            fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
                use sqlx::Row;
                Ok(Self { $($column: row.try_get(stringify!($column))?),+ })
            }
        }
    };
}

pub mod audit;
pub mod candidate;
pub mod case;
pub mod counter;
pub mod decision;
pub mod demo;
pub mod disposition;
pub mod entry;
mod error;
pub mod extract;
pub mod filter;
pub mod finding;
pub mod import;
pub mod job;
pub mod key;
pub mod list_proposal;
pub mod listing;
pub mod migrate;
pub mod one_time_link;
mod open;
pub mod page;
pub mod photo;
pub mod receipt;
pub mod screening;
pub mod setting;
mod sql;
pub mod submission;
pub mod throttle;
pub mod token;
pub mod user;
pub mod watchlist;
pub mod web_session;

pub use error::StoreError;
pub use open::{Engine, Store, Write};
