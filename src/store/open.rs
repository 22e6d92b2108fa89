//! Opening the database, and the only places where a transaction begins and ends.
//!
//! SQLite: one writer connection (WAL, `synchronous=FULL`: NORMAL may lose the last commits when power fails) and a few
//! read-only ones. PostgreSQL: one pool for both. Every wait for a lock or a connection ends after five seconds in
//! [`StoreError::Busy`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Executor, Transaction};

use super::counter::Counter;
use super::error::StoreError;

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A server, for several replicas.
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    writer: AnyPool,
    reader: AnyPool,
    warnings: Arc<[String]>,
}

/// A change in progress. Dropped without [`Write::commit`], it never happened.
#[derive(Debug)]
pub struct Write {
    transaction: Transaction<'static, Any>,
    engine: Engine,
    last_counter: Option<Counter>,
}

/// Connections that read a SQLite file beside its writer.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL of one process; replicas × this stays under the server's limit (100 by default).
const POSTGRES_CONNECTIONS: u32 = 10;
/// Longest wait for a connection or a lock: R9 of the security page asks for an answer after five seconds.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

const SQLITE_WRITER: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF";
const SQLITE_READER: &str = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA trusted_schema = OFF";
const POSTGRES: &str = "SET lock_timeout = '5s'";

impl Store {
    /// Opens `sqlite://path` (the file is made, its folder is not) or `postgres://…`. Does not migrate: see
    /// [`super::migrate::run`].
    ///
    /// # Errors
    /// [`StoreError::Address`] for another address, [`StoreError::Busy`] when nothing answers there, [`StoreError::Database`]
    /// when it answers no.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        if let Some(path) = url.strip_prefix("sqlite://") {
            Self::open_sqlite(path).await
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Self::open_postgres(url).await
        } else {
            Err(StoreError::Address("of an unknown kind"))
        }
    }

    async fn open_sqlite(path: &str) -> Result<Self, StoreError> {
        if path.is_empty() || path.starts_with(':') || path.contains(['?', '#']) {
            return Err(StoreError::Address("without a plain file path"));
        }
        make_private(Path::new(path)).map_err(sqlx::Error::Io)?;
        // The writer stays open as long as the store: a read-only connection cannot make the log's index by itself.
        let writer = pool(1, SQLITE_WRITER).connect(&sqlite_url(path, "rwc")).await?;
        let reader = pool(SQLITE_READERS, SQLITE_READER).connect(&sqlite_url(path, "ro")).await?;
        Ok(Self { engine: Engine::Sqlite, writer, reader, warnings: Arc::default() })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let pool = pool(POSTGRES_CONNECTIONS, POSTGRES).test_before_acquire(true).connect(url).await?;
        let mut warnings = Vec::new();
        for (name, show) in
            [("fsync", "SHOW fsync"), ("synchronous_commit", "SHOW synchronous_commit"), ("full_page_writes", "SHOW full_page_writes")]
        {
            let value: String = sqlx::query_scalar(show).fetch_one(&pool).await?;
            if value == "off" {
                warnings.push(format!("PostgreSQL runs with {name} = off: acknowledged submissions may be lost when power fails"));
            }
        }
        Ok(Self { engine: Engine::Postgres, writer: pool.clone(), reader: pool, warnings: warnings.into() })
    }

    /// Which database answers.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Settings of the server under which acknowledged work may be lost; to be said at start and by `doctor`.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Begins a change. On SQLite there is one at a time, so keep it short.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when no turn came within five seconds.
    pub async fn begin_write(&self) -> Result<Write, StoreError> {
        let transaction = match self.engine {
            Engine::Sqlite => self.writer.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => self.writer.begin().await?,
        };
        Ok(Write { transaction, engine: self.engine, last_counter: None })
    }

    /// Ends all connections; SQLite folds its log into the file.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Answers when the database does; for readiness.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when it does not answer.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    pub(super) const fn reader(&self) -> &AnyPool {
        &self.reader
    }

    pub(super) const fn writer(&self) -> &AnyPool {
        &self.writer
    }
}

impl Write {
    /// Makes the change lasting; after this returns, a crash loses nothing of it.
    ///
    /// # Errors
    /// When the database refuses or is gone; then nothing was changed, or, if the connection broke right here, all of it.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.transaction.commit().await?;
        Ok(())
    }

    /// Which database is written.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    pub(super) fn connection(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Counters are taken in one order by everyone, so that two writers never wait for each other.
    pub(super) fn note_counter(&mut self, counter: Counter) {
        debug_assert!(self.last_counter.is_none_or(|last| last <= counter), "counters are taken in the order photo, list, audit");
        self.last_counter = Some(counter);
    }
}

fn pool(connections: u32, at_connect: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(LONGEST_WAIT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_connect(move |connection, _| Box::pin(async move { connection.execute(at_connect).await.map(drop) }))
}

/// The address for the driver: every byte that means something in a URL is escaped, so any file name works.
fn sqlite_url(path: &str, mode: &str) -> String {
    let mut url = String::from("sqlite:");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => url.push(char::from(byte)),
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url.push_str("?mode=");
    url.push_str(mode);
    url
}

/// Makes the file readable for its owner alone before SQLite opens it; its log inherits that.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sqlite_syncs_every_commit_and_reads_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite://{}/x.db", folder.path().display())).await.unwrap();
        let asked = async |pool: &AnyPool, pragma: &'static str| sqlx::query_scalar::<_, i64>(pragma).fetch_one(pool).await.unwrap();
        assert_eq!(asked(&store.writer, "PRAGMA synchronous").await, 2, "FULL");
        assert_eq!(asked(&store.writer, "PRAGMA foreign_keys").await, 1);
        assert_eq!(asked(&store.writer, "PRAGMA busy_timeout").await, 5_000);
        assert_eq!(asked(&store.reader, "PRAGMA busy_timeout").await, 5_000);
        assert_eq!(asked(&store.reader, "PRAGMA query_only").await, 1);
        let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&store.writer).await.unwrap();
        assert_eq!(mode, "wal");
        assert!(sqlx::query("CREATE TABLE t (a TEXT)").execute(&store.reader).await.is_err());
    }
}
