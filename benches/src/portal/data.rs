//! A folder or a database for one portal, and what is written into it before it starts.

use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::sync::Arc;
use std::time::UNIX_EPOCH;
use std::{env, fs};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_flow::HashKey;
use mfa_store::{KeyId, Keyring, PostgresOptions, PostgresStore, SqliteStore, Store};
use serde_json::Value;
use sqlx::{AnyPool, AssertSqlSafe, Connection as _, PgConnection};
use tokio::runtime::Runtime;

use super::{Size, bare};
use crate::stores::{Account, Client, postgres, sqlite};

/// What somebody is called.
pub(super) fn name(number: usize) -> String {
    format!("p{number}")
}

/// Where one portal keeps everything.
pub trait Data {
    /// The name of the database.
    fn name(&self) -> &'static str;
    /// The program.
    fn program(&self) -> &Path;
    /// The folder.
    fn folder(&self) -> &Path;
    /// The URL of PostgreSQL.
    fn url(&self) -> Option<&str>;
    /// Makes that many accounts: people who can sign in, and others beside them.
    fn fill(&self, size: Size);
    /// Second steps a second through the store alone.
    fn run_bare(&self, size: Size) -> f64;

    /// The file of keys.
    fn keys(&self) -> PathBuf {
        self.folder().join("keys")
    }
}

/// A new folder with keys in it.
fn folder(program: &Path, name: &str) -> PathBuf {
    let within = env::var_os("OTP_BENCH_FOLDER").map_or_else(env::temp_dir, PathBuf::from);
    let folder = within.join(format!("otp-portal-{name}-{}", process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder of our own");
    let made = Command::new(program)
        .arg("--make-keys")
        .arg(folder.join("keys"))
        .status();
    assert!(made.expect("the portal").success());
    folder
}

/// On SQLite.
#[derive(Debug)]
pub struct Sqlite {
    program: PathBuf,
    folder: PathBuf,
}

impl Sqlite {
    /// In a new folder within that of `OTP_BENCH_FOLDER`, else of temporary files, which may be in memory.
    pub fn new(program: &Path) -> Self {
        Self {
            program: program.to_owned(),
            folder: folder(program, "sqlite"),
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.join("portal.db")
    }

    async fn store(&self) -> SqliteStore {
        let store = SqliteStore::open(&self.file(), Keys::of(self).keyring).await;
        store.expect("the store of the portal")
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Data for Sqlite {
    fn name(&self) -> &'static str {
        "SQLite"
    }

    fn program(&self) -> &Path {
        &self.program
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    fn url(&self) -> Option<&str> {
        None
    }

    fn fill(&self, size: Size) {
        runtime().block_on(async {
            let store = self.store().await;
            let url = format!("sqlite://{}", self.file().display());
            fill(&store, &Keys::of(self), &url, sqlite::FILL, size).await;
            store.close().await;
        });
    }

    fn run_bare(&self, size: Size) -> f64 {
        runtime().block_on(async { bare(Arc::new(self.store().await), size).await })
    }
}

/// On PostgreSQL, in a database of its own.
#[derive(Debug)]
pub struct Postgres {
    program: PathBuf,
    folder: PathBuf,
    server: String,
    database: String,
    url: String,
}

impl Postgres {
    /// In a new database of the server that `OTP_POSTGRES` names. `None` if it names none.
    pub fn new(program: &Path) -> Option<Self> {
        let server = env::var("OTP_POSTGRES").ok()?;
        let database = format!("otp_portal_{}", process::id());
        let url = server.replacen("/postgres?", &format!("/{database}?"), 1);
        assert_ne!(url, server, "OTP_POSTGRES names the database `postgres`");
        let postgres = Self {
            program: program.to_owned(),
            folder: folder(program, "postgres"),
            server,
            database,
            url,
        };
        postgres.tell("DROP DATABASE IF EXISTS");
        postgres.tell("CREATE DATABASE");
        Some(postgres)
    }

    fn tell(&self, what: &str) {
        let statement = AssertSqlSafe(format!("{what} {}", self.database));
        runtime().block_on(async {
            let mut connection = PgConnection::connect(&self.server)
                .await
                .expect("the server of OTP_POSTGRES");
            sqlx::raw_sql(statement)
                .execute(&mut connection)
                .await
                .unwrap();
        });
    }

    async fn store(&self) -> PostgresStore {
        let options = PostgresOptions::new(&self.url);
        let store = PostgresStore::connect(options, Keys::of(self).keyring).await;
        store.expect("the store of the portal")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
        self.tell("DROP DATABASE");
    }
}

impl Data for Postgres {
    fn name(&self) -> &'static str {
        "PostgreSQL"
    }

    fn program(&self) -> &Path {
        &self.program
    }

    fn folder(&self) -> &Path {
        &self.folder
    }

    fn url(&self) -> Option<&str> {
        Some(&self.url)
    }

    fn fill(&self, size: Size) {
        runtime().block_on(async {
            let store = self.store().await;
            fill(&store, &Keys::of(self), &self.url, postgres::FILL, size).await;
            store.close().await;
        });
    }

    fn run_bare(&self, size: Size) -> f64 {
        runtime().block_on(async {
            let store = Arc::new(self.store().await);
            let rate = bare(Arc::clone(&store), size).await;
            store.close().await;
            rate
        })
    }
}

/// Everybody has the password of the first person, hashed as the portal hashes it, so that checking it is the same work.
const PEOPLE: &str = "\
    WITH RECURSIVE n (x) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT x + 1 FROM n WHERE x + 1 < $1) \
    INSERT INTO portal_person (id, name, shown, mail, language, administrator, in_groups, password) \
    SELECT 'p' || x, 'p' || x, 'Person ' || x, 'p' || x || '@example.com', 'en', 0, '', ada.password \
    FROM n, (SELECT password FROM portal_person WHERE name = 'ada') AS ada";

async fn fill(store: &impl Store, keys: &Keys, url: &str, others: &'static str, size: Size) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(url).await.unwrap();
    let accounts = i64::try_from(size.accounts).unwrap();
    sqlx::query(PEOPLE)
        .bind(accounts)
        .execute(&pool)
        .await
        .unwrap();
    let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
    // Each half signs in once.
    let active = 2 * size.people;
    for number in 0..active {
        let hash = HashKey::from_bytes(keys.hash);
        let _person = Client::of(
            "portal",
            hash,
            store,
            &name(number),
            Account::OneMethod,
            now,
        )
        .await;
    }
    let mut left = accounts - i64::try_from(active).unwrap();
    while left > 0 {
        let some = left.min(50_000);
        sqlx::query(others).bind(some).execute(&pool).await.unwrap();
        left -= some;
    }
    pool.close().await;
}

/// What the file of keys holds.
struct Keys {
    hash: [u8; 32],
    keyring: Keyring,
}

impl Keys {
    fn of(data: &impl Data) -> Self {
        let keys: Value = serde_json::from_str(&fs::read_to_string(data.keys()).unwrap()).unwrap();
        let key = |value: &Value| -> [u8; 32] {
            STANDARD
                .decode(value.as_str().unwrap())
                .unwrap()
                .try_into()
                .unwrap()
        };
        let first = &keys["sealing"][0];
        let number = u32::try_from(first["number"].as_u64().unwrap()).unwrap();
        Self {
            hash: key(&keys["hash"]),
            keyring: Keyring::new(KeyId::new(number), key(&first["key"])),
        }
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
