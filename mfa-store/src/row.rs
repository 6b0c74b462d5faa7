//! Rows as every store of this crate keeps them: columns in clear, bodies sealed.

use mfa_flow::{Account, AccountKey, Claim, CommitId, Outgoing, StoredError, Version, Write};
use mfa_policy::Timestamp;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::delivery::Delivery;
use crate::error::StoreError;
use crate::keyring::Keyring;
use crate::outbox;
use crate::seal::{Place, Sealed};

/// A row of the table of accounts, but for its key.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub(crate) version: u64,
    /// So that an operator can tell which commit the row is of.
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(dead_code, reason = "a column")
    )]
    pub(crate) commit: [u8; 16],
    pub(crate) sealed: Sealed,
}

/// A row of the outbox, but for the account and for what changes with every attempt.
#[derive(Clone, Debug)]
pub(crate) struct OutboxRow {
    pub(crate) commit: [u8; 16],
    pub(crate) position: u32,
    /// The version of the account that it came with: for the order.
    pub(crate) version: u64,
    pub(crate) ordered: bool,
    pub(crate) sealed: Sealed,
}

/// A change as rows.
#[derive(Debug)]
pub(crate) struct Rows<'a> {
    pub(crate) tenant: &'a str,
    #[cfg_attr(
        not(any(feature = "sqlite", feature = "postgres")),
        expect(dead_code, reason = "a column")
    )]
    pub(crate) holder: &'a str,
    pub(crate) base: Version,
    pub(crate) account: AccountRow,
    pub(crate) outbox: Vec<OutboxRow>,
    /// Sorted, so that two changes never wait for each other.
    pub(crate) releases: Vec<&'a Claim>,
    pub(crate) claims: Vec<&'a Claim>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(
        keyring: &Keyring,
        holder: &'a str,
        write: &'a Write,
    ) -> Result<Self, StoreError> {
        let tenant = write.key().tenant().as_str();
        let version = write.account().version().get();
        let commit = *write.commit().as_bytes();
        let place = Place::Account {
            tenant,
            holder,
            version,
        };
        let account = AccountRow {
            version,
            commit,
            sealed: keyring.seal(place, &write.account().to_stored())?,
        };
        let outbox = (0..)
            .zip(write.outgoing())
            .map(|(position, outgoing)| {
                outbox_row(
                    keyring,
                    (tenant, holder),
                    (commit, position),
                    version,
                    outgoing,
                )
            })
            .collect::<Result<_, _>>()?;
        let sorted = |claims: &'a [Claim]| {
            let mut claims: Vec<_> = claims.iter().collect();
            claims.sort();
            claims.dedup();
            claims
        };
        Ok(Self {
            tenant,
            holder,
            base: write.base(),
            account,
            outbox,
            releases: sorted(write.releases()),
            claims: sorted(write.claims()),
        })
    }
}

fn outbox_row(
    keyring: &Keyring,
    (tenant, holder): (&str, &str),
    (commit, position): ([u8; 16], u32),
    version: u64,
    outgoing: &Outgoing,
) -> Result<OutboxRow, StoreError> {
    // Grown in advance: a vector that moves leaves its secrets behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(4 * 1024));
    serde_json::to_writer(&mut *plain, outgoing).map_err(|_| StoreError::TooLarge)?;
    let place = Place::Outbox {
        tenant,
        holder,
        commit: &commit,
        position,
    };
    Ok(OutboxRow {
        commit,
        position,
        version,
        ordered: outbox::is_ordered(outgoing),
        sealed: keyring.seal(place, &plain)?,
    })
}

impl AccountRow {
    pub(crate) fn open(&self, keyring: &Keyring, key: &AccountKey) -> Result<Account, StoreError> {
        let plain = keyring.open(
            self.place(key.tenant().as_str(), &key.holder()),
            &self.sealed,
        )?;
        let version = Version::new(self.version);
        Account::from_stored(key.clone(), version, &plain).map_err(|error| match error {
            StoredError::Newer => StoreError::Newer,
            _ => StoreError::Unreadable,
        })
    }

    /// The same account, sealed with the current key. Its version stays: whoever has decided on it can still commit.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn resealed(
        &self,
        keyring: &Keyring,
        tenant: &str,
        holder: &str,
    ) -> Result<Sealed, StoreError> {
        let place = self.place(tenant, holder);
        keyring.seal(place, &keyring.open(place, &self.sealed)?)
    }

    /// The event that says that this row cannot be opened. One row gives one event, however often it is read: its
    /// place in the outbox follows from what the row holds.
    pub(crate) fn unreadable(
        &self,
        keyring: &Keyring,
        key: &AccountKey,
    ) -> Result<OutboxRow, StoreError> {
        let mut hash = Sha256::new();
        hash.update(self.version.to_be_bytes());
        hash.update(self.sealed.key.get().to_be_bytes());
        hash.update(&self.sealed.body);
        let hash: [u8; 32] = hash.finalize().into();
        let commit = *hash.first_chunk().unwrap_or(&[0; 16]);
        let event = outbox::unreadable(Timestamp::from_unix_seconds(0));
        outbox_row(
            keyring,
            (key.tenant().as_str(), &key.holder()),
            (commit, 0),
            self.version,
            &event,
        )
    }

    const fn place<'a>(&self, tenant: &'a str, holder: &'a str) -> Place<'a> {
        Place::Account {
            tenant,
            holder,
            version: self.version,
        }
    }
}

impl OutboxRow {
    /// What is handed out at that time, for that attempt.
    pub(crate) fn open(
        &self,
        keyring: &Keyring,
        key: AccountKey,
        attempt: u32,
        now: Timestamp,
    ) -> Result<Delivery, StoreError> {
        let opened = keyring.open(
            self.place(key.tenant().as_str(), &key.holder()),
            &self.sealed,
        );
        let outgoing = match opened {
            Ok(plain) => serde_json::from_slice(&plain).map_err(|_| StoreError::Newer)?,
            Err(StoreError::Unreadable) => outbox::unreadable(now),
            Err(error) => return Err(error),
        };
        Ok(Delivery {
            key,
            commit: CommitId::from_bytes(self.commit),
            position: self.position,
            attempt,
            outgoing: outbox::in_time(outgoing, now),
        })
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn resealed(
        &self,
        keyring: &Keyring,
        tenant: &str,
        holder: &str,
    ) -> Result<Sealed, StoreError> {
        let place = self.place(tenant, holder);
        keyring.seal(place, &keyring.open(place, &self.sealed)?)
    }

    const fn place<'a>(&'a self, tenant: &'a str, holder: &'a str) -> Place<'a> {
        Place::Outbox {
            tenant,
            holder,
            commit: &self.commit,
            position: self.position,
        }
    }
}
