//! The schema, brought up to this program's version at start: every file of `migrations/`, each in a transaction of its own.
//!
//! What stands in a line after `--@sqlite ` or `--@postgres ` is live on that engine alone and a comment on the other; the `;`
//! goes on the next line. Allowed for `WITHOUT ROWID` and the append-only triggers of the audit log, nothing else.
//!
//! To add one: the next number, a first comment saying why. A released file is never edited.

use std::borrow::Cow;

use include_dir::{Dir, include_dir};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::error::StoreError;
use super::open::{Engine, Store};
use super::sql;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");

/// Brings the schema up to date; does nothing when it is.
///
/// # Errors
/// [`StoreError::Newer`] when a newer program wrote it (the database stays as it is), [`StoreError::ForeignMigration`] when an
/// applied migration is another one here.
pub async fn run(store: &Store) -> Result<(), StoreError> {
    let migrations = migrations(store.engine());
    let known = migrations.iter().map(|m| m.version).max().unwrap_or_default();
    let migrator = Migrator::with_migrations(migrations);
    let mut connection = store.writer().acquire().await?;
    let outcome = migrator.run(&mut *connection).await;
    if outcome.is_err() && store.engine() == Engine::Postgres {
        // The lock that keeps a second replica waiting lives as long as the connection.
        connection.close_on_drop();
    }
    outcome.map_err(|error| match error {
        MigrateError::VersionMissing(found) => StoreError::Newer { found, known },
        MigrateError::VersionMismatch(version) => StoreError::ForeignMigration(version),
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => StoreError::from(cause),
        other => StoreError::Database(sqlx::Error::Migrate(Box::new(other))),
    })
}

fn migrations(engine: Engine) -> Vec<Migration> {
    let mark = match engine {
        Engine::Sqlite => "--@sqlite ",
        Engine::Postgres => "--@postgres ",
    };
    FILES
        .files()
        .filter_map(|file| {
            let (number, name) = file.path().file_stem()?.to_str()?.split_once('_')?;
            let text = sql::migration(file.contents_utf8()?.replace(mark, ""));
            Some(Migration::new(number.parse().ok()?, Cow::Borrowed(name), MigrationType::Simple, text, false))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_inside_the_program_under_its_own_number() {
        let in_folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap().count();
        let mut numbers: Vec<i64> = migrations(Engine::Sqlite).iter().map(|m| m.version).collect();
        assert_eq!(numbers.len(), in_folder, "touch src/store/migrate.rs after adding a migration, or name it NNNN_words.sql");
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), in_folder, "two migrations have one number");
    }

    #[test]
    fn types_are_portable() {
        for file in FILES.files() {
            let text = file.contents_utf8().unwrap();
            for word in ["SERIAL", "BOOLEAN", "TIMESTAMP", "JSONB", "VARCHAR", "INTEGER", "AUTOINCREMENT", "CURRENT_", "now()"] {
                assert!(!text.contains(word), "{} says {word}", file.path().display());
            }
        }
    }
}
