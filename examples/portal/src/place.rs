//! SQLite or PostgreSQL, behind one type.

use mfa_flow::{Account, AccountKey, Durable, Write};
use mfa_policy::Timestamp;
use mfa_store::{CommitError, Delivery, PostgresStore, Settled, SqliteStore, Store, StoreError};

/// Where the accounts are kept.
pub(crate) enum Place {
    Sqlite(SqliteStore),
    Postgres(PostgresStore),
}

/// The same call on whichever it is.
macro_rules! whichever {
    ($place:expr, $store:ident => $call:expr) => {
        match $place {
            Place::Sqlite($store) => $call.await,
            Place::Postgres($store) => $call.await,
        }
    };
}

impl Place {
    pub(crate) async fn close(&self) {
        whichever!(self, store => store.close());
    }
}

impl Store for Place {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        whichever!(self, store => store.load(key))
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        whichever!(self, store => store.commit(write))
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        whichever!(self, store => store.claim_outbox(most, now, lease_seconds))
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        whichever!(self, store => store.settle(delivery, settled))
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        whichever!(self, store => store.keys(after, most))
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        whichever!(self, store => store.clean_up(before, most))
    }
}
