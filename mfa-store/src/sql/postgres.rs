//! PostgreSQL: many servers.

use std::fmt;
use std::str::FromStr as _;
use std::time::Duration;

use mfa_flow::Version;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool, Postgres, SqlSafeStr};
use zeroize::Zeroizing;

use super::engine::Engine;
use super::fault::Fault;
use super::open::{NotDurable, OpenError};
use super::schema::Words;
use super::session::{Row as _, Session, session};
use super::{SqlStore, account_values, statements};
use crate::keyring::Keyring;
use crate::row::{OutboxRow, Rows};

/// Accounts in PostgreSQL, for any number of servers.
///
/// It asks one primary, never a standby, and is right at every isolation level: whatever the database has as its default holds.
pub struct PostgresStore(pub(super) SqlStore<PostgresEngine>);

/// Where the database is, and how long to wait for it.
#[derive(Clone)]
pub struct PostgresOptions {
    url: Zeroizing<String>,
    connections: u32,
    acquire: Duration,
    statement: Duration,
    lock: Duration,
    idle: Duration,
    partitions: Option<u16>,
}

impl PostgresOptions {
    /// The database at that address, such as `postgres://user:password@host/database?sslmode=verify-full` or
    /// `postgres:///database?host=/run/postgresql`. The tables go into the first schema of its `search_path`.
    ///
    /// 16 connections; it waits 5 seconds for one, 5 for a statement, 2 for a lock, and 10 for a transaction that does nothing.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self {
            url: Zeroizing::new(url.to_owned()),
            connections: 16,
            acquire: Duration::from_secs(5),
            statement: Duration::from_secs(5),
            lock: Duration::from_secs(2),
            idle: Duration::from_secs(10),
            partitions: None,
        }
    }

    /// At most that many connections, from 1.
    #[must_use]
    pub fn with_connections(mut self, connections: u32) -> Self {
        self.connections = connections.max(1);
        self
    }

    /// How long to wait for a connection of the pool.
    #[must_use]
    pub fn with_acquire_timeout(mut self, wait: Duration) -> Self {
        self.acquire = at_least_a_millisecond(wait);
        self
    }

    /// How long a statement may run (`statement_timeout`).
    #[must_use]
    pub fn with_statement_timeout(mut self, wait: Duration) -> Self {
        self.statement = at_least_a_millisecond(wait);
        self
    }

    /// How long to wait for a row that somebody else is changing (`lock_timeout`).
    #[must_use]
    pub fn with_lock_timeout(mut self, wait: Duration) -> Self {
        self.lock = at_least_a_millisecond(wait);
        self
    }

    /// How long a transaction may do nothing (`idle_in_transaction_session_timeout`).
    #[must_use]
    pub fn with_idle_timeout(mut self, wait: Duration) -> Self {
        self.idle = at_least_a_millisecond(wait);
        self
    }

    /// Makes the tables of accounts and of what goes out in that many partitions, by a hash of tenant and person. It counts only
    /// when the tables are made.
    #[must_use]
    pub fn with_partitions(mut self, partitions: u16) -> Self {
        self.partitions = Some(partitions.max(1));
        self
    }

    /// What each connection is told first. Without time-outs, whoever holds a lock holds everybody.
    fn settings(&self) -> String {
        let milliseconds = |wait: Duration| wait.as_millis().min(i32::MAX as u128);
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; SET idle_in_transaction_session_timeout = {}",
            milliseconds(self.statement),
            milliseconds(self.lock),
            milliseconds(self.idle),
        )
    }
}

/// 0 would mean for ever.
fn at_least_a_millisecond(wait: Duration) -> Duration {
    wait.max(Duration::from_millis(1))
}

impl fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("connections", &self.connections)
            .field("partitions", &self.partitions)
            .finish_non_exhaustive()
    }
}

pub(super) struct PostgresEngine {
    pool: PgPool,
    partitions: Option<u16>,
}

impl PostgresStore {
    /// Connects, and makes the tables if they are not there.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub async fn connect(options: PostgresOptions, keyring: Keyring) -> Result<Self, OpenError> {
        let connect = PgConnectOptions::from_str(&options.url)
            .map_err(OpenError::of)?
            .disable_statement_logging();
        // Once by hand, because a pool would only say that it waited too long.
        let mut first = PgConnection::connect_with(&connect)
            .await
            .map_err(OpenError::of)?;
        let settings = options.settings();
        prepare(&mut first, settings.clone())
            .await
            .map_err(OpenError::of)?;
        first.close().await.map_err(OpenError::of)?;
        let pool = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(options.acquire)
            // The pool tests a connection when it comes back; one that lay there for a while is tested again.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    if meta.idle_for >= TRUSTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .after_connect(move |connection, _| Box::pin(prepare(connection, settings.clone())))
            .connect_lazy_with(connect);
        let engine = PostgresEngine {
            pool,
            partitions: options.partitions,
        };
        SqlStore::new(engine, keyring).await.map(Self)
    }
}

/// For that long an idle connection is taken without a test.
const TRUSTED: Duration = Duration::from_secs(1);

/// Sets the time-outs, and makes sure that this is a primary whose commits are on disk.
async fn prepare(connection: &mut PgConnection, settings: String) -> Result<(), sqlx::Error> {
    // Numbers and words of this file only.
    sqlx::raw_sql(AssertSqlSafe(settings))
        .execute(&mut *connection)
        .await?;
    let rows = connection.rows(CHECK.into_sql_str(), &[]).await?;
    let row = rows.into_iter().next().ok_or(sqlx::Error::RowNotFound)?;
    if row.text(0)? != "primary" {
        return Err(OpenError::ReadOnly.refuse());
    }
    for (column, setting) in [(1, "synchronous_commit"), (2, "fsync")] {
        let value = row.text(column)?;
        if value == "off" {
            return Err(OpenError::NotDurable(NotDurable::new(setting, value)).refuse());
        }
    }
    Ok(())
}

/// The setting is also pinned for this connection, so that nobody changes it under us. Not every engine has `fsync`.
const CHECK: &str = "\
SELECT CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on' THEN 'standby' ELSE 'primary' END, \
set_config('synchronous_commit', current_setting('synchronous_commit'), false), \
COALESCE(current_setting('fsync', true), '')";

session!(Postgres, PgConnection, PgRow);

/// Account and outbox in one statement that commits itself, so in one round trip. Where the version is another one, there is
/// nothing to join the rows of the outbox with, and nothing is written.
macro_rules! write {
    ($account:expr) => {
        concat!(
            "WITH written AS (",
            $account,
            " RETURNING tenant) ",
            "INSERT INTO mfa_outbox (tenant, holder, commit_id, version, due, position, ordered, format, sealing_key, body) ",
            "SELECT $1, $2, $4, $3, 0, o.position, o.ordered, o.format, o.sealing_key, o.body FROM written, ",
            "unnest($9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bytea[]) ",
            "AS o (position, ordered, format, sealing_key, body)"
        )
    };
}

impl Engine for PostgresEngine {
    type Database = Postgres;

    const WORDS: Words = Words {
        // Compared as bytes, whatever the language of the database.
        text: "TEXT COLLATE \"C\"",
        integer: "BIGINT",
        bytes: "BYTEA",
        table: "",
        lock: " FOR UPDATE",
        // What is sealed cannot be compressed, and a second table for two kilobytes costs more than the row.
        tune: &["ALTER TABLE mfa_account ALTER COLUMN body SET STORAGE MAIN"],
    };
    const BEGIN: &'static str = "BEGIN";
    const TAKE: &'static str = statements::take!(" FOR UPDATE OF o SKIP LOCKED");

    fn reader(&self) -> &PgPool {
        &self.pool
    }

    fn writer(&self) -> &PgPool {
        &self.pool
    }

    fn partitions(&self) -> Option<u16> {
        self.partitions
    }

    async fn write(&self, rows: &Rows<'_>) -> Result<bool, Fault> {
        let account = account_values(rows).map_err(Fault::before)?;
        let fresh = rows.base == Version::ABSENT;
        let sql = match (fresh, rows.outbox.is_empty()) {
            (true, true) => statements::INSERT,
            (true, false) => write!(statements::insert!()),
            (false, true) => statements::UPDATE,
            (false, false) => write!(statements::update!()),
        };
        let mut query = bound(sql.into_sql_str(), &account);
        if !rows.outbox.is_empty() {
            let int = |of: fn(&OutboxRow) -> i64| rows.outbox.iter().map(of).collect::<Vec<_>>();
            let bodies: Vec<&[u8]> = rows.outbox.iter().map(|row| &*row.sealed.body).collect();
            query = query
                .bind(int(|row| i64::from(row.position)))
                .bind(int(|row| i64::from(row.ordered)))
                .bind(int(|row| i64::from(row.sealed.format)))
                .bind(int(|row| i64::from(row.sealed.key.get())))
                .bind(bodies);
        }
        let mut connection = self.pool.acquire().await.map_err(Fault::before)?;
        let done = query.execute(&mut *connection).await;
        // INVARIANT: every change has its commit identifier, so no row of the outbox was there before.
        Ok(done.map_err(Fault::committing)?.rows_affected() > 0)
    }
}
