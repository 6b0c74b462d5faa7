//! A database of PostgreSQL for one story.

use std::path::{Path, PathBuf};
use std::{env, fs};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use tokio::runtime::Builder;

/// The URL of a server in which databases may be made.
const SERVER: &str = "OTP_POSTGRES";

/// A database that is new, and is gone when this is dropped.
pub(crate) struct Database {
    server: String,
    name: String,
    pub(crate) url: String,
    /// Where the keys of the portals on it are.
    pub(crate) keys: PathBuf,
}

impl Database {
    /// Makes one; why not, in words.
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        let server = env::var(SERVER)
            .map_err(|_| format!("{SERVER} names no PostgreSQL; `cargo xtask test` starts one"))?;
        let name = format!("{name}_{}", std::process::id());
        let (before, after) = server.split_once("/postgres?").unwrap();
        let url = format!("{before}/{name}?{after}");
        tell(&server, format!("CREATE DATABASE {name}"));
        let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.keys"));
        Ok(Self {
            server,
            name,
            url,
            keys,
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A story that could not be played made none.
        let _ = fs::remove_file(&self.keys);
        tell(
            &self.server,
            format!("DROP DATABASE {} WITH (FORCE)", self.name),
        );
    }
}

fn tell(server: &str, statement: String) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect(server).await.unwrap();
        let statement = sqlx::raw_sql(AssertSqlSafe(statement));
        statement.execute(&mut connection).await.unwrap();
    });
}
