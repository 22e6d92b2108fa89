//! A database of its own for one test.

use std::sync::atomic::{AtomicU32, Ordering};

use bonafide::domain::time::Timestamp;
use bonafide::store::{Engine, Store, migrate};
use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use super::postgres;

/// A store on a fresh, migrated database that goes with it.
pub struct TestStore {
    /// The store under test.
    pub store: Store,
    /// Where it is, to open it a second time.
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestStore {
    /// A connection past the store, as a database administrator has it.
    pub async fn raw(&self) -> AnyConnection {
        AnyConnection::connect(&self.url).await.unwrap()
    }

    /// Runs SQL past the store.
    pub async fn tamper(&self, sql: &str) {
        let mut connection = self.raw().await;
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// A fresh, migrated database; none, with a SKIPPED line, where `SKIP_POSTGRES_TESTS=1` leaves PostgreSQL out.
pub async fn open(engine: Engine) -> Option<TestStore> {
    sqlx::any::install_default_drivers();
    match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}/bonafide.db", folder.path().display());
            let store = Store::open(&url).await.unwrap();
            migrate::run(&store).await.unwrap();
            Some(TestStore { store, url, _folder: Some(folder) })
        }
        Engine::Postgres => {
            let url = fresh_postgres_database().await?;
            let store = Store::open(&url).await.unwrap();
            Some(TestStore { store, url, _folder: None })
        }
    }
}

/// An address of a fresh, migrated PostgreSQL database, a copy of one template.
async fn fresh_postgres_database() -> Option<String> {
    static TEMPLATE: tokio::sync::OnceCell<()> = tokio::sync::OnceCell::const_new();
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let server = postgres::server()?;
    let prefix = format!("bonafide_test_{}", std::process::id());
    TEMPLATE
        .get_or_init(|| async {
            create_database(&server.url("postgres"), &prefix, "template1").await;
            let store = Store::open(&server.url(&prefix)).await.unwrap();
            migrate::run(&store).await.unwrap();
            store.close().await;
        })
        .await;
    let name = format!("{prefix}_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    create_database(&server.url("postgres"), &name, &prefix).await;
    Some(server.url(&name))
}

async fn create_database(server: &str, name: &str, template: &str) {
    let mut connection = AnyConnection::connect(server).await.unwrap();
    let text = format!("CREATE DATABASE {name} TEMPLATE {template}");
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// A fixed instant, so many seconds into the day of the tests.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(1_795_000_000_000 + seconds * 1_000)
}
