//! Where accounts are kept: a database that is new, and that other processes find by its name.

#![allow(dead_code, reason = "each test file uses a part of this one")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::env;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use mfa_flow::{Account, AccountKey, Durable, Write};
use mfa_policy::Timestamp;
use mfa_store::{
    CommitError, Delivery, PostgresOptions, PostgresStore, Settled, SqliteStore, Store, StoreError,
};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::runtime::{Builder, Runtime};

use crate::common::{keyring, skip};

/// The URL of a PostgreSQL server in which databases may be made, and which may be crashed.
const SERVER: &str = "OTP_POSTGRES";

/// Of each process.
pub(crate) const CONNECTIONS: u32 = 3;

/// The isolation levels of PostgreSQL.
pub(crate) const ISOLATION_LEVELS: [&str; 4] = [
    "read uncommitted",
    "read committed",
    "repeatable read",
    "serializable",
];

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Place {
    /// Opens the store, and makes its tables if nobody has yet.
    pub(crate) async fn open(&self) -> AnyStore {
        match self {
            Self::Sqlite(path) => {
                AnyStore::Sqlite(SqliteStore::open(path, keyring()).await.unwrap())
            }
            Self::Postgres(url) => {
                let options = PostgresOptions::new(url).with_connections(CONNECTIONS);
                AnyStore::Postgres(PostgresStore::connect(options, keyring()).await.unwrap())
            }
        }
    }
}

impl Place {
    /// The URL of a database of PostgreSQL.
    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Postgres(url) => url,
            Self::Sqlite(_) => panic!("a file has no URL"),
        }
    }

    /// A connection to PostgreSQL, past the store.
    pub(crate) async fn connect(&self) -> PgConnection {
        self.try_connect().await.unwrap()
    }

    pub(crate) async fn try_connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(self.url()).await
    }
}

/// Either store, for proofs that are the same for both.
pub(crate) enum AnyStore {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// The same call to whichever it is.
macro_rules! either {
    ($store:expr, $call:ident($($argument:expr),*)) => {
        match $store {
            AnyStore::Sqlite(store) => store.$call($($argument),*).await,
            AnyStore::Postgres(store) => store.$call($($argument),*).await,
        }
    };
}

impl AnyStore {
    /// Closes every connection.
    pub(crate) async fn close(&self) {
        either!(self, close());
    }
}

impl Store for AnyStore {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        either!(self, load(key))
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        either!(self, commit(write))
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        either!(self, claim_outbox(most, now, lease_seconds))
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        either!(self, settle(delivery, settled))
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        either!(self, keys(after, most))
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        either!(self, clean_up(before, most))
    }
}

/// A database that is new, and is gone when this is dropped.
pub(crate) struct Fresh {
    pub(crate) place: Place,
    name: String,
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

impl Fresh {
    /// A file on the disk that the build is on.
    pub(crate) fn sqlite() -> Self {
        let name = name();
        let folder = scratch(&name);
        std::fs::create_dir_all(&folder).unwrap();
        Self {
            place: Place::Sqlite(folder.join("accounts.sqlite")),
            name,
        }
    }

    /// A database of the server, in which transactions have that isolation level; or nothing, and it says so.
    pub(crate) fn postgres(isolation: &str) -> Option<Self> {
        let Ok(server) = env::var(SERVER) else {
            skip(&format!(
                "{SERVER} names no PostgreSQL; `cargo xtask test` starts one"
            ));
            return None;
        };
        let name = name();
        let isolated = format!("SET default_transaction_isolation TO '{isolation}'");
        tell_server(&[
            format!("CREATE DATABASE {name}"),
            format!("ALTER DATABASE {name} {isolated}"),
        ]);
        let (before, after) = server.split_once("/postgres?").unwrap();
        Some(Self {
            place: Place::Postgres(format!("{before}/{name}?{after}")),
            name,
        })
    }

    /// SQLite, and PostgreSQL with its default isolation level if there is a server.
    pub(crate) fn both() -> impl Iterator<Item = Self> {
        let postgres = std::iter::once_with(|| Self::postgres("read committed"));
        std::iter::once_with(Self::sqlite).chain(postgres.flatten())
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        match self.place {
            Place::Sqlite(_) => std::fs::remove_dir_all(scratch(&self.name)).unwrap(),
            // A server that crashes looks at every file of every database.
            Place::Postgres(_) => {
                tell_server(&[format!("DROP DATABASE {} WITH (FORCE)", self.name)]);
            }
        }
    }
}

/// A path on the disk that the build is on.
pub(crate) fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn tell_server(statements: &[String]) {
    runtime().block_on(async {
        let server = env::var(SERVER).unwrap();
        let mut connection = PgConnection::connect(&server).await.unwrap();
        for sql in statements {
            let statement = sqlx::raw_sql(AssertSqlSafe(sql.clone()));
            statement.execute(&mut connection).await.unwrap();
        }
        connection.close().await.unwrap();
    });
}

/// Not used before, in this run and in others.
fn name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("proof_{}_{count}", std::process::id())
}
