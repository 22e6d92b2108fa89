//! What can go wrong below the store's door, told apart as far as a caller acts on it.

/// Why the store gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row, or not visible to whom asked.
    #[error("not found")]
    NotFound,
    /// Someone else was first: the row changed since it was read, or the same thing exists.
    #[error("changed or made by someone else meanwhile")]
    Conflict,
    /// A stored value that the program could not have written.
    #[error("row {id} of {table} has a value in {column} that this program does not know")]
    Inconsistent {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Number, public id or key of the row; never a person's data.
        id: String,
    },
    /// The database is locked, stopping, or not reachable now; trying again may help.
    #[error("the database is busy or not reachable")]
    Busy(#[source] sqlx::Error),
    /// No room on the database's disk.
    #[error("the database's disk is full")]
    Full(#[source] sqlx::Error),
    /// The database was written by a newer version of the program.
    #[error("the database has schema version {found}, this program knows {known}: start the newer program, or restore an older backup")]
    Newer {
        /// Version found.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
    /// A migration that differs from the one that was applied.
    #[error("migration {0} of the database is not the one of this program: start the program that made the database")]
    ForeignMigration(i64),
    /// A database address that cannot be used.
    #[error("database address {0}: expected sqlite://path/to/bonafide.db or postgres://user@host/database")]
    Address(&'static str),
    /// Any other failure of the database.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
}

impl StoreError {
    /// A row whose column holds a value this program does not know.
    #[must_use]
    pub(super) fn inconsistent(table: &'static str, column: &'static str, id: impl ToString) -> Self {
        Self::Inconsistent { table, column, id: id.to_string() }
    }

    /// True when trying again later may help.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Full(_))
    }
}

impl From<sqlx::Error> for StoreError {
    /// A broken unique constraint is a [`StoreError::Conflict`]; rule 7 of the one text says why that is enough.
    fn from(error: sqlx::Error) -> Self {
        enum Kind {
            Conflict,
            Busy,
            Full,
            Other,
        }
        let kind = match &error {
            sqlx::Error::RowNotFound => return Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => Kind::Busy,
            sqlx::Error::Database(cause) if cause.is_unique_violation() => Kind::Conflict,
            sqlx::Error::Database(cause) => match cause.code().as_deref() {
                // PostgreSQL: serialization, deadlock, lock timeout, too many connections, shutting down, starting up.
                Some("40001" | "40P01" | "55P03" | "53300" | "57P01" | "57P02" | "57P03") => Kind::Busy,
                Some("53100") => Kind::Full,
                // SQLite: the lower byte of an extended code is its family; 5 busy, 6 locked, 13 full.
                Some(code) if code.len() < 5 => match code.parse::<u32>().map(|n| n & 0xff) {
                    Ok(5 | 6) => Kind::Busy,
                    Ok(13) => Kind::Full,
                    _ => Kind::Other,
                },
                _ => Kind::Other,
            },
            _ => Kind::Other,
        };
        match kind {
            Kind::Conflict => Self::Conflict,
            Kind::Busy => Self::Busy(error),
            Kind::Full => Self::Full(error),
            Kind::Other => Self::Database(error),
        }
    }
}
