//! One store for both databases.

mod engine;
mod fault;
mod open;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
mod session;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;

use std::fmt;

use mfa_flow::{Account, AccountKey, Claim, Durable, Version, Write};
use mfa_policy::Timestamp;
use sqlx::{Pool, SqlSafeStr, Transaction};

pub use open::{NotDurable, OpenError};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};

use crate::delivery::{Delivery, Settled};
use crate::error::{CommitError, StoreError};
use crate::keyring::{KeyId, Keyring};
use crate::outbox::{self, Again, MOST_ATTEMPTS};
use crate::row::{AccountRow, OutboxRow, Rows};
use crate::seal::Sealed;
use crate::store::Store;
use engine::Engine;
use fault::Fault;
use session::{Row, Session, Value};

/// Tries of what is no operation on an account, when the database asks to try again.
const MOST_TRIES: u32 = 32;

/// What [`SqliteStore`](crate::SqliteStore) and [`PostgresStore`](crate::PostgresStore) have in common: nearly everything.
pub(crate) struct SqlStore<E> {
    engine: E,
    keyring: Keyring,
}

/// What a call of `reseal` did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resealed {
    /// Rows that were sealed anew.
    pub done: u64,
    /// Rows that another key than the current one still seals.
    pub left: u64,
}

impl<E: Engine> SqlStore<E> {
    async fn new(engine: E, keyring: Keyring) -> Result<Self, OpenError> {
        schema::migrate(&engine).await?;
        Ok(Self { engine, keyring })
    }

    async fn reseal(&self, most: u32) -> Result<Resealed, StoreError> {
        let mut done = 0_u64;
        for older in self.keyring.older() {
            let left = i64::from(most).saturating_sub(i64::try_from(done).unwrap_or(i64::MAX));
            done = done.saturating_add(self.reseal_accounts(older, left).await?);
            let left = i64::from(most).saturating_sub(i64::try_from(done).unwrap_or(i64::MAX));
            done = done.saturating_add(self.reseal_outbox(older, left).await?);
        }
        let current = [Value::Int(i64::from(self.keyring.current_id().get()))];
        let mut left = 0_u64;
        for count in [statements::ACCOUNTS_LEFT, statements::OUTBOX_LEFT] {
            let rows = self.read(count, &current).await?;
            let count = rows.first().map_or(Ok(0), |row| number(row.int(0)))?;
            left = left.saturating_add(count);
        }
        Ok(Resealed { done, left })
    }

    async fn reseal_accounts(&self, key: KeyId, most: i64) -> Result<u64, StoreError> {
        let of_key = [Value::Int(i64::from(key.get())), Value::Int(most)];
        let mut done = 0_u64;
        for row in self.read(statements::ACCOUNTS_OF_KEY, &of_key).await? {
            let stored = account_row(&row)?;
            let (tenant, holder) = (read(row.text(5))?, read(row.text(6))?);
            let sealed = match stored.resealed(&self.keyring, &tenant, &holder) {
                Err(StoreError::Unreadable) => {
                    let key = AccountKey::from_stored(&tenant, &holder);
                    let key = key.ok_or(StoreError::Unreadable)?;
                    self.tell_unreadable(&stored, &key).await?;
                    continue;
                }
                sealed => sealed?,
            };
            let values = [
                Value::Text(&tenant),
                Value::Text(&holder),
                Value::Int(integer(stored.version)?),
                Value::Int(i64::from(sealed.format)),
                Value::Int(i64::from(sealed.key.get())),
                Value::Bytes(&sealed.body),
                Value::Int(i64::from(key.get())),
            ];
            done = done.saturating_add(self.change(statements::RESEAL_ACCOUNT, &values).await?);
        }
        Ok(done)
    }

    async fn reseal_outbox(&self, key: KeyId, most: i64) -> Result<u64, StoreError> {
        let of_key = [Value::Int(i64::from(key.get())), Value::Int(most)];
        let mut done = 0_u64;
        for row in self.read(statements::OUTBOX_OF_KEY, &of_key).await? {
            let stored = outbox_row(&row)?;
            let (tenant, holder) = (read(row.text(5))?, read(row.text(6))?);
            let sealed = match stored.resealed(&self.keyring, &tenant, &holder) {
                Err(StoreError::Unreadable) => continue,
                sealed => sealed?,
            };
            let values = [
                Value::Text(&tenant),
                Value::Text(&holder),
                Value::Bytes(&stored.commit),
                Value::Int(i64::from(stored.position)),
                Value::Int(i64::from(sealed.format)),
                Value::Int(i64::from(sealed.key.get())),
                Value::Bytes(&sealed.body),
                Value::Int(i64::from(key.get())),
            ];
            done = done.saturating_add(self.change(statements::RESEAL_OUTBOX, &values).await?);
        }
        Ok(done)
    }

    async fn close(&self) {
        self.engine.writer().close().await;
        self.engine.reader().close().await;
    }

    /// Tells the audit log that a row cannot be opened. One row is told of once, however often it is read.
    async fn tell_unreadable(&self, row: &AccountRow, key: &AccountKey) -> Result<(), StoreError> {
        let event = [row.unreadable(&self.keyring, key)?];
        let mut connection = self.engine.writer().acquire().await.map_err(failed)?;
        let (tenant, holder) = (key.tenant().as_str(), key.holder());
        let told = write_outbox(&mut *connection, tenant, &holder, &event).await;
        told.map_err(failed)
    }

    /// Reads what is committed.
    async fn read(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<RowOf<E>>, StoreError> {
        self.rows(self.engine.reader(), sql, values).await
    }

    /// A statement of its own that changes rows and gives them.
    async fn take(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<RowOf<E>>, StoreError> {
        self.rows(self.engine.writer(), sql, values).await
    }

    async fn rows(
        &self,
        pool: &Pool<E::Database>,
        sql: &'static str,
        values: &[Value<'_>],
    ) -> Result<Vec<RowOf<E>>, StoreError> {
        let mut tries = 0;
        loop {
            let rows = async { pool.acquire().await?.rows(sql.into_sql_str(), values).await };
            match rows.await.map_err(Fault::before) {
                Ok(rows) => return Ok(rows),
                Err(fault) => self.again(fault, &mut tries).await?,
            }
        }
    }

    /// A statement of its own that changes rows.
    async fn change(&self, sql: &'static str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        let mut tries = 0;
        loop {
            let change = async {
                let mut connection = self.engine.writer().acquire().await?;
                connection.execute(sql.into_sql_str(), values).await
            };
            match change.await.map_err(Fault::before) {
                Ok(count) => return Ok(count),
                Err(fault) => self.again(fault, &mut tries).await?,
            }
        }
    }

    /// Goes on if the database asks to try again.
    async fn again(&self, fault: Fault, tries: &mut u32) -> Result<(), StoreError> {
        *tries = tries.saturating_add(1);
        match fault {
            Fault::Again(_) if *tries < MOST_TRIES => {
                self.pause(std::time::Duration::from_millis(u64::from(*tries)))
                    .await;
                Ok(())
            }
            fault => Err(fault.into_store_error()),
        }
    }

    /// Everything of a change in one transaction; what is claimed by others, if nothing was written for that.
    async fn write_with_claims(&self, rows: &Rows<'_>) -> Result<(), CommitError> {
        let begun = self.engine.writer().begin_with(E::BEGIN).await;
        let mut transaction = begun.map_err(before)?;
        if !write_rows(&mut *transaction, rows).await.map_err(before)? {
            return Err(CommitError::Conflict);
        }
        let taken = write_claims(&mut transaction, rows).await.map_err(before)?;
        if !taken.is_empty() {
            return Err(CommitError::Taken(taken));
        }
        let committed = transaction.commit().await;
        committed.map_err(|error| Fault::committing(error).into_commit_error())
    }
}

type RowOf<E> = <<<E as Engine>::Database as sqlx::Database>::Connection as Session>::Row;

fn before(error: sqlx::Error) -> CommitError {
    Fault::before(error).into_commit_error()
}

/// The account and the outbox, within a transaction. No if the version is another one.
async fn write_rows<S: Session>(session: &mut S, rows: &Rows<'_>) -> Result<bool, sqlx::Error> {
    let written = account_values(rows)?;
    let sql = if rows.base == Version::ABSENT {
        statements::INSERT
    } else {
        statements::UPDATE
    };
    if session.execute(sql.into_sql_str(), &written).await? != 1 {
        return Ok(false);
    }
    write_outbox(session, rows.tenant, rows.holder, &rows.outbox).await?;
    Ok(true)
}

/// The columns of the account in the order of the statements, with the base last.
fn account_values<'a>(rows: &'a Rows<'_>) -> Result<[Value<'a>; 8], sqlx::Error> {
    let account = &rows.account;
    Ok([
        Value::Text(rows.tenant),
        Value::Text(rows.holder),
        Value::Int(column(account.version)?),
        Value::Bytes(&account.commit),
        Value::Int(i64::from(account.sealed.format)),
        Value::Int(i64::from(account.sealed.key.get())),
        Value::Bytes(&account.sealed.body),
        Value::Int(column(rows.base.get())?),
    ])
}

async fn write_outbox<S: Session>(
    session: &mut S,
    tenant: &str,
    holder: &str,
    outbox: &[OutboxRow],
) -> Result<(), sqlx::Error> {
    let Some(first) = outbox.first() else {
        return Ok(());
    };
    let mut values = vec![
        Value::Text(tenant),
        Value::Text(holder),
        Value::Bytes(&first.commit),
        Value::Int(column(first.version)?),
    ];
    for row in outbox {
        values.extend([
            Value::Int(i64::from(row.position)),
            Value::Int(i64::from(row.ordered)),
            Value::Int(i64::from(row.sealed.format)),
            Value::Int(i64::from(row.sealed.key.get())),
            Value::Bytes(&row.sealed.body),
        ]);
    }
    let sql = statements::enqueue(outbox.len());
    session.execute(sql, &values).await?;
    Ok(())
}

/// Releases, then claims. What others have claimed is the result, and then the transaction must not be committed.
async fn write_claims<DB: sqlx::Database<Connection: Session>>(
    transaction: &mut Transaction<'static, DB>,
    rows: &Rows<'_>,
) -> Result<Vec<Claim>, sqlx::Error> {
    for claim in &rows.releases {
        let values = [
            Value::Text(rows.tenant),
            Value::Text(claim.as_str()),
            Value::Text(rows.holder),
        ];
        let sql = statements::RELEASE.into_sql_str();
        transaction.execute(sql, &values).await?;
    }
    let mut taken = Vec::new();
    for claim in &rows.claims {
        let values = [
            Value::Text(rows.tenant),
            Value::Text(claim.as_str()),
            Value::Text(rows.holder),
        ];
        let sql = statements::CLAIM.into_sql_str();
        if transaction.execute(sql, &values).await? == 1 {
            continue;
        }
        let sql = statements::CLAIMED_BY.into_sql_str();
        let owners = transaction
            .rows(sql, values.get(..2).unwrap_or_default())
            .await?;
        let owner = owners.first().map(|row| row.text(0)).transpose()?;
        // Released in between: whoever asks again gets it.
        if owner.as_deref() != Some(rows.holder) {
            taken.push((*claim).clone());
        }
    }
    Ok(taken)
}

impl<E: Engine> Store for SqlStore<E> {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        let holder = key.holder();
        let values = [Value::Text(key.tenant().as_str()), Value::Text(&holder)];
        let rows = self.read(statements::LOAD, &values).await?;
        let Some(row) = rows.first() else {
            return Ok(Account::absent(key.clone()));
        };
        let row = account_row(row)?;
        let opened = row.open(&self.keyring, key);
        if matches!(opened, Err(StoreError::Unreadable)) {
            self.tell_unreadable(&row, key).await?;
        }
        opened
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        let holder = write.key().holder();
        let rows = Rows::new(&self.keyring, &holder, write)?;
        if rows.claims.is_empty() && rows.releases.is_empty() {
            match self.engine.write(&rows).await {
                Ok(true) => {}
                Ok(false) => return Err(CommitError::Conflict),
                Err(fault) => return Err(fault.into_commit_error()),
            }
        } else {
            self.write_with_claims(&rows).await?;
        }
        Ok(write.danger_declare_durable())
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let values = [
            Value::Int(now.unix_seconds()),
            Value::Int(i64::from(most)),
            Value::Int(now.plus_seconds(lease_seconds).unix_seconds()),
            Value::Int(i64::from(MOST_ATTEMPTS)),
        ];
        let mut deliveries = Vec::new();
        for row in self.take(E::TAKE, &values).await? {
            let stored = outbox_row(&row)?;
            let (tenant, holder) = (read(row.text(5))?, read(row.text(6))?);
            let attempt = u32::try_from(number(row.int(9))?).unwrap_or(u32::MAX);
            let is_dead = read(row.int(10))? != 0;
            let Some(key) = AccountKey::from_stored(&tenant, &holder).filter(|_| !is_dead) else {
                continue;
            };
            // What only a newer version or another key can open waits for them.
            if let Ok(delivery) = stored.open(&self.keyring, key, attempt, now) {
                deliveries.push((stored.version, delivery));
            }
        }
        deliveries.sort_by(|(one, a), (other, b)| {
            (&a.key, one, a.position).cmp(&(&b.key, other, b.position))
        });
        Ok(deliveries
            .into_iter()
            .map(|(_, delivery)| delivery)
            .collect())
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        let holder = delivery.key.holder();
        let place = [
            Value::Text(delivery.key.tenant().as_str()),
            Value::Text(&holder),
            Value::Bytes(delivery.commit.as_bytes()),
            Value::Int(i64::from(delivery.position)),
        ];
        let (due, dead) = match outbox::again(&delivery, settled) {
            None => {
                self.change(statements::DELIVERED, &place).await?;
                return Ok(());
            }
            Some(Again::Due(due)) => (due, false),
            Some(Again::Dead(since)) => (since, true),
        };
        let state = [
            Value::Int(i64::from(delivery.attempt)),
            Value::Int(due.unix_seconds()),
            Value::Int(i64::from(dead)),
        ];
        let values = [place.as_slice(), &state].concat();
        self.change(statements::NOT_DELIVERED, &values).await?;
        Ok(())
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        let (tenant, holder) = match after {
            Some(key) => (key.tenant().as_str(), key.holder()),
            None => ("", "".into()),
        };
        let values = [
            Value::Text(tenant),
            Value::Text(&holder),
            Value::Int(i64::from(most)),
        ];
        let rows = self.read(statements::KEYS, &values).await?;
        rows.iter()
            .map(|row| {
                let (tenant, holder) = (read(row.text(0))?, read(row.text(1))?);
                AccountKey::from_stored(&tenant, &holder).ok_or(StoreError::Unreadable)
            })
            .collect()
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let values = [
            Value::Int(before.unix_seconds()),
            Value::Int(i64::from(most)),
        ];
        self.change(statements::CLEAN_UP, &values).await
    }
}

/// The first five columns of a row of the accounts.
fn account_row(row: &impl Row) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        version: number(row.int(0))?,
        commit: commit_id(row)?,
        sealed: sealed(row)?,
    })
}

/// The columns of a row of the outbox.
fn outbox_row(row: &impl Row) -> Result<OutboxRow, StoreError> {
    let position = number(row.int(7))?;
    Ok(OutboxRow {
        version: number(row.int(0))?,
        commit: commit_id(row)?,
        position: u32::try_from(position).map_err(|_| StoreError::Unreadable)?,
        ordered: read(row.int(8))? != 0,
        sealed: sealed(row)?,
    })
}

fn commit_id(row: &impl Row) -> Result<[u8; 16], StoreError> {
    let bytes = read(row.bytes(1))?;
    bytes.try_into().map_err(|_| StoreError::Unreadable)
}

fn sealed(row: &impl Row) -> Result<Sealed, StoreError> {
    let key = number(row.int(3))?;
    Ok(Sealed {
        format: u16::try_from(number(row.int(2))?).map_err(|_| StoreError::Newer)?,
        key: KeyId::new(u32::try_from(key).map_err(|_| StoreError::Unreadable)?),
        body: read(row.bytes(4))?,
    })
}

/// A column of a row that was read: of another type, it was not written by us.
fn read<T>(column: Result<T, sqlx::Error>) -> Result<T, StoreError> {
    column.map_err(|_| StoreError::Unreadable)
}

fn number(column: Result<i64, sqlx::Error>) -> Result<u64, StoreError> {
    u64::try_from(read(column)?).map_err(|_| StoreError::Unreadable)
}

fn failed(error: sqlx::Error) -> StoreError {
    Fault::before(error).into_store_error()
}

/// A number as a column of 64 bits with a sign.
fn integer(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::TooLarge)
}

fn column(number: u64) -> Result<i64, sqlx::Error> {
    i64::try_from(number).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// The public face of a [`SqlStore`].
macro_rules! public {
    ($store:ident) => {
        impl $store {
            /// Seals up to `most` rows with the current key that an older one seals, each by itself, while everything goes
            /// on. Call it until nothing is left; then the older keys can be left out of the keyring.
            ///
            /// An account keeps its version, so nothing that is being decided on it is disturbed.
            ///
            /// A row that cannot be opened stays as it is, and the audit log is told.
            ///
            /// # Errors
            /// The database failed.
            pub async fn reseal(&self, most: u32) -> Result<crate::Resealed, crate::StoreError> {
                self.0.reseal(most).await
            }

            /// Waits for what is being done, and closes every connection. Whatever is asked later is answered with
            /// [`StoreError::Closed`](crate::StoreError::Closed).
            pub async fn close(&self) {
                self.0.close().await;
            }
        }

        impl crate::Store for $store {
            async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
                self.0.load(key).await
            }

            async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
                self.0.commit(write).await
            }

            async fn claim_outbox(
                &self,
                most: u32,
                now: Timestamp,
                lease_seconds: u32,
            ) -> Result<Vec<Delivery>, StoreError> {
                self.0.claim_outbox(most, now, lease_seconds).await
            }

            async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
                self.0.settle(delivery, settled).await
            }

            async fn keys(
                &self,
                after: Option<&AccountKey>,
                most: u32,
            ) -> Result<Vec<AccountKey>, StoreError> {
                self.0.keys(after, most).await
            }

            async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
                self.0.clean_up(before, most).await
            }
        }

        impl fmt::Debug for $store {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($store))
                    .field("keyring", &self.0.keyring)
                    .finish_non_exhaustive()
            }
        }
    };
}

#[cfg(feature = "postgres")]
public!(PostgresStore);
#[cfg(feature = "sqlite")]
public!(SqliteStore);
