//! Accounts in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use mfa_flow::{Account, AccountKey, Claim, Durable, Write};
use mfa_policy::Timestamp;

use crate::delivery::{Delivery, Settled};
use crate::error::{CommitError, StoreError};
use crate::keyring::Keyring;
use crate::outbox::{self, Again, MOST_ATTEMPTS};
use crate::row::{AccountRow, OutboxRow, Rows};
use crate::store::Store;

/// Accounts in memory, sealed like everywhere else: for tests, and for reading how a store works.
///
/// # Security
/// It forgets everything when it is dropped: codes could be used again, and failures are no longer counted. Not for real
/// people.
#[derive(Debug)]
pub struct MemoryStore {
    keyring: Keyring,
    /// `None` when it is closed.
    tables: Mutex<Option<Tables>>,
}

#[derive(Debug, Default)]
struct Tables {
    accounts: BTreeMap<AccountKey, AccountRow>,
    /// Whose it is, by tenant and claim.
    claims: BTreeMap<(String, String), AccountKey>,
    /// By account, and version and position within it. Versions only grow, so that is the order in which they came.
    outbox: BTreeMap<(AccountKey, u64, u32, [u8; 16]), Waiting>,
}

#[derive(Debug)]
struct Waiting {
    row: OutboxRow,
    attempt: u32,
    due: Timestamp,
    dead: bool,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(keyring: Keyring) -> Self {
        Self {
            keyring,
            tables: Mutex::new(Some(Tables::default())),
        }
    }

    /// Forgets everything. Whatever is asked later is answered with [`StoreError::Closed`].
    pub fn close(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tables>> {
        // INVARIANT: nothing is changed before everything is checked, so a panic leaves nothing half done.
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tables {
    fn commit(&mut self, key: &AccountKey, rows: Rows<'_>) -> Result<(), CommitError> {
        let stored = self.accounts.get(key).map_or(0, |row| row.version);
        if stored != rows.base.get() {
            return Err(CommitError::Conflict);
        }
        let claim = |claim: &Claim| (rows.tenant.to_owned(), claim.as_str().to_owned());
        let is_taken = |wanted: &&Claim| {
            self.claims
                .get(&claim(wanted))
                .is_some_and(|owner| owner != key)
        };
        let taken: Vec<Claim> = rows
            .claims
            .iter()
            .copied()
            .filter(is_taken)
            .cloned()
            .collect();
        if !taken.is_empty() {
            return Err(CommitError::Taken(taken));
        }
        for released in &rows.releases {
            if self.claims.get(&claim(released)) == Some(key) {
                self.claims.remove(&claim(released));
            }
        }
        for claimed in &rows.claims {
            self.claims.insert(claim(claimed), key.clone());
        }
        for row in rows.outbox {
            self.enqueue(key, row);
        }
        self.accounts.insert(key.clone(), rows.account);
        Ok(())
    }

    fn enqueue(&mut self, key: &AccountKey, row: OutboxRow) {
        let place = (key.clone(), row.version, row.position, row.commit);
        self.outbox.entry(place).or_insert(Waiting {
            row,
            attempt: 0,
            due: Timestamp::from_unix_seconds(0),
            dead: false,
        });
    }

    /// The places of what can be handed out now: due first, then in the order of each account.
    fn due(&self, now: Timestamp) -> Vec<(AccountKey, u64, u32, [u8; 16])> {
        let mut due = Vec::new();
        let mut waiting_for = None;
        for (place, waiting) in self.outbox.iter().filter(|(_, waiting)| !waiting.dead) {
            let behind = waiting.row.ordered && waiting_for == Some(&place.0);
            if waiting.row.ordered {
                waiting_for = Some(&place.0);
            }
            if waiting.due <= now && !behind {
                due.push((waiting.due, place));
            }
        }
        due.sort();
        due.into_iter().map(|(_, place)| place.clone()).collect()
    }
}

impl Store for MemoryStore {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        let mut tables = self.lock();
        let tables = tables.as_mut().ok_or(StoreError::Closed)?;
        let Some(row) = tables.accounts.get(key) else {
            return Ok(Account::absent(key.clone()));
        };
        let opened = row.open(&self.keyring, key);
        if matches!(opened, Err(StoreError::Unreadable)) {
            let event = row.unreadable(&self.keyring, key)?;
            tables.enqueue(key, event);
        }
        opened
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        let holder = write.key().holder();
        let rows = Rows::new(&self.keyring, &holder, write)?;
        let mut tables = self.lock();
        let tables = tables.as_mut().ok_or(StoreError::Closed)?;
        tables.commit(write.key(), rows)?;
        Ok(write.danger_declare_durable())
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        let mut tables = self.lock();
        let tables = tables.as_mut().ok_or(StoreError::Closed)?;
        let mut deliveries = Vec::new();
        for place in tables.due(now) {
            if deliveries.len() >= usize::try_from(most).unwrap_or(usize::MAX) {
                break;
            }
            let Some(waiting) = tables.outbox.get_mut(&place) else {
                continue;
            };
            waiting.due = now.plus_seconds(lease_seconds);
            if waiting.attempt >= MOST_ATTEMPTS {
                waiting.dead = true;
                continue;
            }
            waiting.attempt = waiting.attempt.saturating_add(1);
            // What only a newer version or another key can open waits for them.
            if let Ok(delivery) = waiting
                .row
                .open(&self.keyring, place.0, waiting.attempt, now)
            {
                deliveries.push(delivery);
            }
        }
        Ok(deliveries)
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        let mut tables = self.lock();
        let tables = tables.as_mut().ok_or(StoreError::Closed)?;
        let found = tables.outbox.iter_mut().find(|((key, ..), waiting)| {
            *key == delivery.key
                && waiting.row.commit == *delivery.commit.as_bytes()
                && waiting.row.position == delivery.position
        });
        let Some((place, waiting)) = found else {
            return Ok(());
        };
        match outbox::again(&delivery, settled) {
            None => {
                let place = place.clone();
                tables.outbox.remove(&place);
            }
            Some(_) if waiting.attempt != delivery.attempt || waiting.dead => {}
            Some(Again::Due(due)) => waiting.due = due,
            Some(Again::Dead(since)) => (waiting.due, waiting.dead) = (since, true),
        }
        Ok(())
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let tables = self.lock();
        let tables = tables.as_ref().ok_or(StoreError::Closed)?;
        let keys = tables.accounts.keys();
        Ok(keys
            .filter(|key| after.is_none_or(|after| *key > after))
            .take(most)
            .cloned()
            .collect())
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let mut tables = self.lock();
        let tables = tables.as_mut().ok_or(StoreError::Closed)?;
        let over: Vec<_> = tables
            .outbox
            .iter()
            .filter(|(_, waiting)| waiting.dead && waiting.due < before)
            .map(|(place, _)| place.clone())
            .take(most)
            .collect();
        let mut count = 0_u64;
        for place in over {
            tables.outbox.remove(&place);
            count = count.saturating_add(1);
        }
        Ok(count)
    }
}
