//! What SQLite and PostgreSQL do each in its own way.

use sqlx::{Database, Pool};

use super::fault::Fault;
use super::schema::Words;
use super::session::Session;
use crate::row::Rows;

/// One of the two databases.
pub(crate) trait Engine: Send + Sync + Sized + 'static {
    type Database: Database<Connection: Session>;

    const WORDS: Words;
    /// What begins a transaction that writes.
    const BEGIN: &'static str;
    /// Takes what is due from the outbox.
    const TAKE: &'static str;

    /// Connections for reading what is committed.
    fn reader(&self) -> &Pool<Self::Database>;

    /// Connections for writing.
    fn writer(&self) -> &Pool<Self::Database>;

    /// Partitions of the large tables, when they are made.
    fn partitions(&self) -> Option<u16> {
        None
    }

    /// Writes the account and the outbox, or nothing if the version is another one; claims are not asked for.
    fn write(&self, rows: &Rows<'_>) -> impl Future<Output = Result<bool, Fault>> + Send;
}
