//! The tables, and how they come to be what this version needs.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use super::engine::Engine;
use super::fault::Fault;
use super::open::OpenError;
use super::session::{Row as _, Session};

/// The words in which the databases differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    pub(crate) text: &'static str,
    pub(crate) integer: &'static str,
    pub(crate) bytes: &'static str,
    /// What stands behind a table.
    pub(crate) table: &'static str,
    /// What keeps a row to oneself until the transaction ends, where that is not so anyhow.
    pub(crate) lock: &'static str,
    /// What makes rows of some kilobytes stay in one place.
    pub(crate) tune: &'static [&'static str],
}

/// One list of statements for each version of the schema. Never changed once released; only added to.
///
/// Rows of the outbox go when they are delivered, so looking for those of an old key takes no index that every change would pay for.
///
/// There is no foreign key from claims to accounts, because a claim is kept by another key than the account that it belongs
/// to: on a sharded database it lies elsewhere.
const VERSIONS: &[&[&str]] = &[&[
    "CREATE TABLE mfa_account (
        tenant {text} NOT NULL CHECK (length(tenant) BETWEEN 1 AND 256),
        holder {text} NOT NULL CHECK (length(holder) BETWEEN 1 AND 256),
        version {integer} NOT NULL CHECK (version > 0),
        commit_id {bytes} NOT NULL CHECK (length(commit_id) = 16),
        format {integer} NOT NULL CHECK (format BETWEEN 1 AND 65535),
        sealing_key {integer} NOT NULL CHECK (sealing_key BETWEEN 0 AND 4294967295),
        body {bytes} NOT NULL CHECK (length(body) BETWEEN 40 AND 65536),
        PRIMARY KEY (tenant, holder)
    ) {partitioned}",
    "CREATE INDEX mfa_account_sealing_key ON mfa_account (sealing_key)",
    "CREATE TABLE mfa_outbox (
        tenant {text} NOT NULL,
        holder {text} NOT NULL,
        commit_id {bytes} NOT NULL CHECK (length(commit_id) = 16),
        position {integer} NOT NULL CHECK (position BETWEEN 0 AND 4294967295),
        version {integer} NOT NULL CHECK (version > 0),
        ordered {integer} NOT NULL CHECK (ordered IN (0, 1)),
        attempts {integer} NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        due {integer} NOT NULL,
        dead {integer} NOT NULL DEFAULT 0 CHECK (dead IN (0, 1)),
        format {integer} NOT NULL CHECK (format BETWEEN 1 AND 65535),
        sealing_key {integer} NOT NULL CHECK (sealing_key BETWEEN 0 AND 4294967295),
        body {bytes} NOT NULL CHECK (length(body) BETWEEN 40 AND 65536),
        PRIMARY KEY (tenant, holder, commit_id, position),
        FOREIGN KEY (tenant, holder) REFERENCES mfa_account (tenant, holder)
    ) {partitioned}",
    "CREATE INDEX mfa_outbox_due ON mfa_outbox (dead, due)",
    "CREATE TABLE mfa_claim (
        tenant {text} NOT NULL CHECK (length(tenant) BETWEEN 1 AND 256),
        claim {text} NOT NULL CHECK (length(claim) BETWEEN 1 AND 256),
        holder {text} NOT NULL CHECK (length(holder) BETWEEN 1 AND 256),
        PRIMARY KEY (tenant, claim)
    ) {table}",
]];

const FIND: &str = "SELECT version FROM mfa_schema WHERE one = 1";

/// Tries while other processes do the same.
const MOST_TRIES: u32 = 32;

/// Brings the tables to this version: all of it or nothing, whoever else tries the same at the same time.
pub(crate) async fn migrate<E: Engine>(engine: &E) -> Result<(), OpenError> {
    let latest = i64::try_from(VERSIONS.len()).unwrap_or(i64::MAX);
    for _ in 0..MOST_TRIES {
        // Usually it is all there, and nothing has to be locked. Where the table is missing, this fails.
        if let Ok(Some(version)) = found(engine).await {
            if version == latest {
                return Ok(());
            }
            if version > latest {
                return Err(OpenError::NewerSchema);
            }
        }
        match step(engine).await {
            Ok(()) => {}
            Err(error) if is_race(&error) => {}
            Err(error) => return Err(Fault::before(error).into_open_error()),
        }
    }
    Err(OpenError::Busy)
}

async fn found<E: Engine>(engine: &E) -> Result<Option<i64>, sqlx::Error> {
    let mut connection = engine.writer().acquire().await?;
    let rows = connection.rows(FIND.into_sql_str(), &[]).await?;
    rows.first().map(|row| row.int(0)).transpose()
}

/// Does everything that is missing, in one transaction.
async fn step<E: Engine>(engine: &E) -> Result<(), sqlx::Error> {
    let words = E::WORDS;
    let mut transaction = engine.writer().begin_with(E::BEGIN).await?;
    let create = format!(
        "CREATE TABLE IF NOT EXISTS mfa_schema (one {integer} PRIMARY KEY CHECK (one = 1), version {integer} NOT NULL) {table}",
        integer = words.integer,
        table = words.table
    );
    let begin = "INSERT INTO mfa_schema (one, version) VALUES (1, 0) ON CONFLICT (one) DO NOTHING";
    for sql in [made(create), begin.into_sql_str()] {
        transaction.execute(sql, &[]).await?;
    }
    // Whoever comes second waits here, on a row: there are engines without locks of other kinds.
    let rows = transaction
        .rows(made(format!("{FIND}{}", words.lock)), &[])
        .await?;
    let version = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    for (version, statements) in (1_i64..).zip(VERSIONS).skip(done) {
        for statement in *statements {
            for sql in worded(statement, &words, engine.partitions()) {
                transaction.execute(sql, &[]).await?;
            }
        }
        let note = format!("UPDATE mfa_schema SET version = {version} WHERE one = 1");
        transaction.execute(made(note), &[]).await?;
    }
    if done == 0 {
        for tune in words.tune {
            transaction.execute((*tune).into_sql_str(), &[]).await?;
        }
    }
    transaction.commit().await
}

/// A statement in the words of a database, with its partitions if it makes a table that has some.
fn worded(statement: &str, words: &Words, partitions: Option<u16>) -> Vec<SqlStr> {
    let by = "PARTITION BY HASH (tenant, holder)";
    let behind = if partitions.is_some() {
        by
    } else {
        words.table
    };
    let sql = statement
        .replace("{text}", words.text)
        .replace("{integer}", words.integer)
        .replace("{bytes}", words.bytes)
        .replace("{table}", words.table)
        .replace("{partitioned}", behind);
    let table = statement
        .contains("{partitioned}")
        .then(|| statement.split_whitespace().nth(2))
        .flatten();
    let parts = table.zip(partitions).into_iter().flat_map(|(table, count)| {
        (0..count).map(move |part| {
            made(format!(
                "CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES WITH (MODULUS {count}, REMAINDER {part})"
            ))
        })
    });
    let parts: Vec<_> = parts.collect();
    std::iter::once(made(sql)).chain(parts).collect()
}

/// A statement that this file wrote.
fn made(sql: String) -> SqlStr {
    AssertSqlSafe(sql).into_sql_str()
}

/// Somebody else is making the same tables.
fn is_race(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    // Serialisation, deadlock, and the ways in which PostgreSQL says that a table is just being made.
    code.is_some_and(|code| {
        matches!(
            &*code,
            "40001" | "40P01" | "23505" | "42P07" | "42710" | "XX000"
        )
    })
}
