//! SQLite: one file.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, SqlSafeStr, Sqlite, SqlitePool};
use tokio::time::{Instant, sleep};

use super::engine::Engine;
use super::fault::Fault;
use super::open::{NotDurable, OpenError};
use super::schema::Words;
use super::session::{Row as _, Session, session};
use super::{SqlStore, statements, write_rows};
use crate::error::Problem;
use crate::keyring::Keyring;
use crate::row::Rows;

/// Accounts in one file of SQLite, for one machine. Several processes can open it.
///
/// The file and what SQLite keeps beside it (`-wal`, `-shm`) are readable by their user only. Every commit is on disk when
/// it returns.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("mfa-store-doc-open-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// use mfa_store::{KeyId, Keyring, SqliteStore};
///
/// # let key = [7; 32];
/// let keyring = Keyring::new(KeyId::new(1), key);
/// let store = SqliteStore::open(&folder.join("accounts.db"), keyring).await?;
/// # store.close().await;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
pub struct SqliteStore(pub(super) SqlStore<SqliteEngine>);

/// How a file is opened.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    readers: u32,
    wait: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            wait: Duration::from_secs(5),
        }
    }
}

impl SqliteOptions {
    /// Connections that read, from 1. There is one that writes, because SQLite lets only one. The default is 4.
    #[must_use]
    pub fn with_readers(mut self, readers: u32) -> Self {
        self.readers = readers.max(1);
        self
    }

    /// How long to wait for others who write, and for a connection; at least a millisecond. The default is 5 seconds.
    #[must_use]
    pub fn with_wait(mut self, wait: Duration) -> Self {
        self.wait = wait.max(Duration::from_millis(1));
        self
    }
}

pub(super) struct SqliteEngine {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open(path: &Path, keyring: Keyring) -> Result<Self, OpenError> {
        Self::open_with(path, keyring, SqliteOptions::default()).await
    }

    /// Opens the file, or makes it, with other than the usual options.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn open_with(
        path: &Path,
        keyring: Keyring,
        options: SqliteOptions,
    ) -> Result<Self, OpenError> {
        let path = private_file(path)?;
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(options.wait)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // On macOS nothing else is on disk. Elsewhere it changes nothing.
            .pragma("fullfsync", "on")
            .pragma("checkpoint_fullfsync", "on")
            .pragma("trusted_schema", "off")
            .disable_statement_logging();
        // Once by hand, because a pool would only say that it waited too long.
        let mut first = connect_in_turn(&connect, options.wait).await?;
        check(&mut first).await.map_err(OpenError::of)?;
        first.close().await.map_err(OpenError::of)?;
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(options.wait)
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .after_connect(|connection, _| Box::pin(check(connection)))
                .connect_lazy_with(connect.clone())
        };
        let engine = SqliteEngine {
            writer: pool(1),
            readers: pool(options.readers),
        };
        SqlStore::new(engine, keyring).await.map(Self)
    }
}

/// Connects. SQLite waits for its turn everywhere but where it changes the journal mode of a new file; several processes that
/// start at once all do.
async fn connect_in_turn(
    connect: &SqliteConnectOptions,
    wait: Duration,
) -> Result<SqliteConnection, OpenError> {
    let begun = Instant::now();
    loop {
        match SqliteConnection::connect_with(connect).await {
            Err(error) if is_busy(&error) && begun.elapsed() < wait => sleep(TURN).await,
            connected => return connected.map_err(OpenError::of),
        }
    }
}

fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    // The last byte of an extended code is the code: 5 is SQLITE_BUSY.
    code.is_some_and(|code| code & 0xff == 5)
}

/// How long another process may take to change the journal mode.
const TURN: Duration = Duration::from_millis(5);

/// The file, made if it is not there, that nobody else can read. SQLite gives what it keeps beside it the same mode.
fn private_file(path: &Path) -> Result<std::path::PathBuf, OpenError> {
    let refused = |error: io::Error| {
        let message = format!("the file cannot be opened: {}", error.kind());
        OpenError::Database(Problem::new(None, message))
    };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(refused)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(refused)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(OpenError::Exposed);
        }
    }
    drop(file);
    fs::canonicalize(path).map_err(refused)
}

/// Reads back what durability rests on: a file system can refuse it without a word.
async fn check(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let wal = one(connection, "PRAGMA journal_mode").await?.text(0)?;
    if wal != "wal" {
        return Err(OpenError::NotDurable(NotDurable::new("journal_mode", wal)).refuse());
    }
    // 2 is FULL: each commit is synchronised.
    let at_least = [
        ("synchronous", "PRAGMA synchronous", 2),
        ("busy_timeout", "PRAGMA busy_timeout", 1),
        ("foreign_keys", "PRAGMA foreign_keys", 1),
    ];
    for (setting, pragma, least) in at_least {
        let found = one(connection, pragma).await?.int(0)?;
        if found < least {
            let setting = NotDurable::new(setting, found.to_string());
            return Err(OpenError::NotDurable(setting).refuse());
        }
    }
    Ok(())
}

async fn one(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<SqliteRow, sqlx::Error> {
    let rows = connection.rows(pragma.into_sql_str(), &[]).await?;
    rows.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

session!(Sqlite, SqliteConnection, SqliteRow);

impl Engine for SqliteEngine {
    type Database = Sqlite;

    const WORDS: Words = Words {
        text: "TEXT",
        integer: "INTEGER",
        bytes: "BLOB",
        table: "STRICT",
        lock: "",
        tune: &[],
    };
    /// At once, because a transaction that begins by reading cannot wait for its turn to write.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const TAKE: &'static str = statements::take!("");

    fn reader(&self) -> &SqlitePool {
        &self.readers
    }

    fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    async fn write(&self, rows: &Rows<'_>) -> Result<bool, Fault> {
        let begun = self.writer.begin_with(Self::BEGIN).await;
        let mut transaction = begun.map_err(Fault::before)?;
        let written = write_rows(&mut *transaction, rows).await;
        if !written.map_err(Fault::before)? {
            return Ok(false);
        }
        transaction.commit().await.map_err(Fault::committing)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_whose_commits_can_be_lost_is_refused() {
        let folder = std::env::temp_dir().join(format!("mfa-store-check-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let right = SqliteConnectOptions::new()
            .filename(folder.join("accounts.db"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let wrong = [
            ("foreign_keys", right.clone().foreign_keys(false)),
            ("busy_timeout", right.clone().busy_timeout(Duration::ZERO)),
            (
                "synchronous",
                right.clone().synchronous(SqliteSynchronous::Normal),
            ),
            (
                "journal_mode",
                right.clone().journal_mode(SqliteJournalMode::Delete),
            ),
        ];
        let mut connection = SqliteConnection::connect_with(&right).await.unwrap();
        check(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        for (name, wrong) in wrong {
            let mut connection = SqliteConnection::connect_with(&wrong).await.unwrap();
            let refused = OpenError::of(check(&mut connection).await.unwrap_err());
            let OpenError::NotDurable(found) = refused else {
                panic!("{name}: {refused:?}");
            };
            assert_eq!(found.setting(), name);
            connection.close().await.unwrap();
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
