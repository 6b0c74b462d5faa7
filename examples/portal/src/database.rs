//! The portal's own tables, beside those of `mfa-store` in the same database. One SQL for SQLite and PostgreSQL.

use std::path::Path;

use anyhow::Context as _;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyPool, ConnectOptions as _};

/// The connections.
pub(crate) type Database = AnyPool;

/// Made where they are missing. Two portals that start at once may both try.
const TABLES: [&str; 8] = [
    // `name` is what is typed at sign-in, in one form; `id` is what accounts are kept by, and never changes.
    "CREATE TABLE IF NOT EXISTS portal_person (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        shown TEXT NOT NULL,
        mail TEXT NOT NULL,
        language TEXT NOT NULL,
        administrator BIGINT NOT NULL CHECK (administrator IN (0, 1)),
        in_groups TEXT NOT NULL,
        password TEXT NOT NULL)",
    // `digest` is that of the cookie: who reads the table has no cookie.
    "CREATE TABLE IF NOT EXISTS portal_session (
        digest TEXT PRIMARY KEY,
        body TEXT NOT NULL,
        begun BIGINT NOT NULL,
        seen BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS portal_audit (
        delivery TEXT PRIMARY KEY,
        person TEXT NOT NULL,
        at BIGINT NOT NULL,
        place BIGINT NOT NULL,
        event TEXT NOT NULL)",
    // What the page that plays telephones and mailboxes shows.
    "CREATE TABLE IF NOT EXISTS portal_message (
        delivery TEXT PRIMARY KEY,
        person TEXT NOT NULL,
        at BIGINT NOT NULL,
        body TEXT NOT NULL)",
    // Who was told already, where a notice goes to several and is tried again for one of them.
    "CREATE TABLE IF NOT EXISTS portal_told (
        delivery TEXT PRIMARY KEY,
        at BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS portal_policy (
        version BIGINT PRIMARY KEY,
        at BIGINT NOT NULL,
        author TEXT NOT NULL,
        text TEXT NOT NULL)",
    // Hardware tokens that wait for their person.
    "CREATE TABLE IF NOT EXISTS portal_token (
        serial TEXT PRIMARY KEY,
        person TEXT NOT NULL,
        imported BIGINT NOT NULL,
        sealed TEXT NOT NULL)",
    // What authenticator apps are asked: the text that they show and sign. Nothing in it lets anybody in.
    "CREATE TABLE IF NOT EXISTS portal_request (
        id TEXT PRIMARY KEY,
        address TEXT NOT NULL,
        ends BIGINT NOT NULL,
        request TEXT NOT NULL)",
];

/// What makes lists short.
const INDEXES: [&str; 5] = [
    "CREATE INDEX IF NOT EXISTS portal_audit_person ON portal_audit (person, at, place)",
    "CREATE INDEX IF NOT EXISTS portal_audit_at ON portal_audit (at)",
    "CREATE INDEX IF NOT EXISTS portal_session_seen ON portal_session (seen)",
    "CREATE INDEX IF NOT EXISTS portal_request_address ON portal_request (address)",
    "CREATE INDEX IF NOT EXISTS portal_request_ends ON portal_request (ends)",
];

/// Connections to a database where the tables are.
pub(crate) async fn open(url: &str) -> anyhow::Result<Database> {
    sqlx::any::install_default_drivers();
    let options: AnyConnectOptions = url.parse().context("the address of the database")?;
    let pool = AnyPoolOptions::new()
        .max_connections(8)
        .connect_with(options.disable_statement_logging())
        .await
        .context("connecting to the database")?;
    for statement in TABLES.into_iter().chain(INDEXES) {
        let made = sqlx::query(statement).execute(&pool).await;
        if made.is_err() {
            // Somebody else made it at this moment.
            sqlx::query(statement)
                .execute(&pool)
                .await
                .context("making the tables")?;
        }
    }
    Ok(pool)
}

/// The names of so many values of a list in a statement, from that number on: `$2, $3, $4`.
pub(crate) fn numbered(from: usize, count: usize) -> String {
    let names = (from..).take(count).map(|number| format!("${number}"));
    names.collect::<Vec<_>>().join(", ")
}

/// The address of a file of SQLite.
pub(crate) fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}
