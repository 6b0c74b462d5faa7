//! Where accounts are kept: a database that is new, and that other processes find by its name.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop")]

use std::env;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::runtime::{Builder, Runtime};

use crate::common::skip;

/// The URL of a PostgreSQL server in which databases may be made, and which may be crashed.
const SERVER: &str = "OTP_POSTGRES";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Place {
    Sqlite(PathBuf),
    Postgres(String),
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
