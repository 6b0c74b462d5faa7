//! SQLite: both in one folder, with the same pragmas.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, process};

use mfa_store::{KeyId, Keyring, SqliteStore, Store};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool};

use super::{BareRow, Place};

/// A file of the store and one that is written barely.
pub struct Sqlite {
    store: SqliteStore,
    /// The file of the store, past it.
    past: SqlitePool,
    bare: SqlitePool,
    folder: PathBuf,
}

impl Sqlite {
    /// In a new folder within that one, which is removed at the end.
    pub async fn new(within: &Path) -> Self {
        let folder = within.join(format!("otp-stores-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder of our own");
        let keyring = Keyring::new(KeyId::new(1), [7; 32]);
        let store = SqliteStore::open(&folder.join("store.db"), keyring).await;
        let bare = pool(&folder.join("bare.db"));
        sqlx::query(
            "CREATE TABLE bare (tenant TEXT NOT NULL, holder TEXT NOT NULL, version INTEGER NOT NULL, \
             body BLOB NOT NULL, PRIMARY KEY (tenant, holder)) STRICT",
        )
        .execute(&bare)
        .await
        .unwrap();
        Self {
            store: store.unwrap(),
            past: pool(&folder.join("store.db")),
            bare,
            folder,
        }
    }

    /// In the folder that `OTP_BENCH_FOLDER` names, else in that for temporary files, which may be in memory.
    pub async fn anywhere() -> Self {
        let within = env::var_os("OTP_BENCH_FOLDER").map_or_else(env::temp_dir, PathBuf::from);
        Self::new(&within).await
    }

    /// Closes everything and removes the folder.
    pub async fn remove(self) {
        self.store.close().await;
        self.past.close().await;
        self.bare.close().await;
        fs::remove_dir_all(&self.folder).expect("removing our own folder");
    }
}

/// One connection that writes, as the store has it.
fn pool(path: &Path) -> SqlitePool {
    let connect = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .busy_timeout(Duration::from_secs(5))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("fullfsync", "on")
        .pragma("checkpoint_fullfsync", "on")
        .disable_statement_logging();
    SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .connect_lazy_with(connect)
}

/// Puts so many rows more beside those of the accounts, as long as they are.
pub(crate) const FILL: &str = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $1), \
     like (format, sealing_key, length) AS (SELECT format, sealing_key, length(body) FROM mfa_account LIMIT 1) \
     INSERT INTO mfa_account (tenant, holder, version, commit_id, format, sealing_key, body) \
     SELECT 'acme', lower(hex(randomblob(16))), 1, randomblob(16), format, sealing_key, randomblob(length) \
     FROM n, like";

impl Place for Sqlite {
    const NAME: &'static str = "SQLite";

    fn store(&self) -> &(impl Store + 'static) {
        &self.store
    }

    async fn row_length(&self) -> usize {
        let length = "SELECT length(body) FROM mfa_account LIMIT 1";
        let length: i64 = sqlx::query_scalar(length)
            .fetch_one(&self.past)
            .await
            .unwrap();
        usize::try_from(length).unwrap()
    }

    async fn prepare_bare(&self, rows: usize, length: usize) {
        sqlx::query("DELETE FROM bare")
            .execute(&self.bare)
            .await
            .unwrap();
        for number in 0..rows {
            sqlx::query("INSERT INTO bare VALUES ('acme', $1, 1, $2)")
                .bind(number.to_string())
                .bind(vec![7; length])
                .execute(&self.bare)
                .await
                .unwrap();
        }
    }

    async fn bare(&self, row: &mut BareRow) {
        for _ in 0..2 {
            let done = sqlx::query(
                "UPDATE bare SET version = $3, body = $4 WHERE tenant = $1 AND holder = $2 AND version = $5",
            )
            .bind("acme")
            .bind(row.number.to_string())
            .bind(row.version + 1)
            .bind(&row.body)
            .bind(row.version)
            .execute(&self.bare)
            .await
            .unwrap();
            assert_eq!(done.rows_affected(), 1);
            row.version += 1;
        }
    }

    async fn fill(&self, rows: u64) {
        let mut left = i64::try_from(rows).unwrap();
        while left > 0 {
            let some = left.min(50_000);
            let fill = sqlx::query(FILL).bind(some);
            fill.execute(&self.past).await.unwrap();
            left -= some;
        }
    }
}
