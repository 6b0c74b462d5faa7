//! Either database, for proofs that are the same for both.

use mfa_flow::{Account, AccountKey, Durable, Write};
use mfa_policy::Timestamp;
use mfa_store::{
    CommitError, Delivery, PostgresOptions, PostgresStore, Settled, SqliteStore, Store, StoreError,
};

use crate::common::keyring;
use crate::place::{Fresh, Place};

pub(crate) enum AnyStore {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// The same call to whichever it is.
macro_rules! either {
    ($store:expr, $call:ident($($argument:expr),*)) => {
        match $store {
            AnyStore::Sqlite(store) => store.$call($($argument),*).await,
            AnyStore::Postgres(store) => store.$call($($argument),*).await,
        }
    };
}

impl AnyStore {
    /// Closes every connection.
    pub(crate) async fn close(&self) {
        either!(self, close());
    }
}

impl Store for AnyStore {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        either!(self, load(key))
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        either!(self, commit(write))
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        either!(self, claim_outbox(most, now, lease_seconds))
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        either!(self, settle(delivery, settled))
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        either!(self, keys(after, most))
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        either!(self, clean_up(before, most))
    }
}

impl Place {
    /// Opens the store, and makes its tables if nobody has yet.
    pub(crate) async fn open(&self) -> AnyStore {
        match self {
            Self::Sqlite(path) => {
                AnyStore::Sqlite(SqliteStore::open(path, keyring()).await.unwrap())
            }
            Self::Postgres(url) => {
                let options = PostgresOptions::new(url).with_connections(CONNECTIONS);
                AnyStore::Postgres(PostgresStore::connect(options, keyring()).await.unwrap())
            }
        }
    }
}

impl Fresh {
    /// SQLite, and PostgreSQL with its default isolation level if there is a server.
    pub(crate) fn both() -> impl Iterator<Item = Self> {
        let postgres = std::iter::once_with(|| Self::postgres("read committed"));
        std::iter::once_with(Self::sqlite).chain(postgres.flatten())
    }
}

/// Of each process.
const CONNECTIONS: u32 = 3;
