//! What goes out, from the outbox.

use mfa_flow::{AccountKey, CommitId, Outgoing};
use mfa_policy::Timestamp;

/// Something to be carried out or logged, for the one who holds its lease.
#[derive(Debug)]
pub struct Delivery {
    pub(crate) key: AccountKey,
    pub(crate) commit: CommitId,
    pub(crate) position: u32,
    pub(crate) attempt: u32,
    pub(crate) outgoing: Outgoing,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Done. It is forgotten.
    Delivered,
    /// It failed at that time, and is tried again later: after 2 seconds, 4, 8 … at most an hour, and given up after the 32nd time.
    Failed(Timestamp),
    /// It will never succeed. It stays as dead until it is cleaned up.
    GivenUp(Timestamp),
}

impl Delivery {
    /// A delivery, for another store to make from its row.
    #[must_use]
    pub const fn new(
        key: AccountKey,
        commit: CommitId,
        position: u32,
        attempt: u32,
        outgoing: Outgoing,
    ) -> Self {
        Self {
            key,
            commit,
            position,
            attempt,
            outgoing,
        }
    }

    /// Whose account it came from.
    #[must_use]
    pub const fn account(&self) -> &AccountKey {
        &self.key
    }

    /// The commit that it came with.
    #[must_use]
    pub const fn commit(&self) -> CommitId {
        self.commit
    }

    /// Its place among what came with that commit, from 0.
    #[must_use]
    pub const fn position(&self) -> u32 {
        self.position
    }

    /// The same text whenever this is delivered again, and never for anything else. Hand it to what sends, if it knows such keys.
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        format!("{}.{}", self.commit, self.position)
    }

    /// Which attempt this is, from 1.
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What to do. In the place of an effect that came too late stands an event ([`What::NotSent`](mfa_flow::What::NotSent)), and in the place of
    /// what cannot be opened another ([`What::Unreadable`](mfa_flow::What::Unreadable)).
    #[must_use]
    pub const fn outgoing(&self) -> &Outgoing {
        &self.outgoing
    }
}
