//! A database of PostgreSQL for one test, and the keys of the portals on it.

use std::path::{Path, PathBuf};
use std::process::Command;
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
    /// Makes one, and keys. `None` where there is no server, and then it is said that the test is skipped.
    pub(crate) fn make(name: &str) -> Option<Self> {
        let Ok(server) = env::var(SERVER) else {
            let why = format!("{SERVER} names no PostgreSQL; `cargo xtask test` starts one");
            assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
            println!("SKIPPED: {why}");
            return None;
        };
        let name = format!("{name}_{}", std::process::id());
        let (before, after) = server.split_once("/postgres?").unwrap();
        let url = format!("{before}/{name}?{after}");
        tell(&server, format!("CREATE DATABASE {name}"));
        let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.keys"));
        // What an earlier process of the same number left behind.
        let _ = fs::remove_file(&keys);
        let made = Command::new(env!("CARGO_BIN_EXE_portal"))
            .arg("--make-keys")
            .arg(&keys)
            .status();
        assert!(made.unwrap().success());
        Some(Self {
            server,
            name,
            url,
            keys,
        })
    }

    /// What a portal on it is started with.
    pub(crate) fn settings(&self) -> [(&str, &str); 2] {
        [
            ("DATABASE_URL", &self.url),
            ("PORTAL_KEYS", self.keys.to_str().unwrap()),
        ]
    }
}

impl Drop for Database {
    fn drop(&mut self) {
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
