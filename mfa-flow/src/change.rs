//! A change that has to be durable before its outcome can be read.

use std::fmt;

use crate::account::{Account, Version};
use crate::effect::Effect;
use crate::event::Event;
use crate::id::CommitId;
use crate::key::AccountKey;

/// What an operation does to an account, and an outcome that nobody can read before it is durable.
///
/// Hand [`write`](Self::write) to a store, which gives a [`Durable`] for it, and [`reveal`](Self::reveal) the outcome.
/// `mfa_store::transact` does all three. Dropping a change does nothing: nothing has happened yet.
///
/// ```compile_fail,E0616
/// # fn answer(change: mfa_flow::Change<bool>) -> bool {
/// change.outcome // private
/// # }
/// ```
///
/// ```compile_fail,E0423
/// # fn cheat(change: mfa_flow::Change<bool>) {
/// // Only a store makes one of these, of the very change that it wrote.
/// let durable = mfa_flow::Durable(todo!());
/// # }
/// ```
#[must_use = "nothing has happened yet: the change has to be committed"]
pub struct Change<T> {
    write: Write,
    outcome: T,
}

impl<T> Change<T> {
    pub(crate) const fn new(write: Write, outcome: T) -> Self {
        Self { write, outcome }
    }

    /// What has to be stored.
    pub const fn write(&self) -> &Write {
        &self.write
    }

    /// The outcome, on proof that this very change is durable.
    ///
    /// # Errors
    /// The proof is of another change.
    pub fn reveal(self, durable: &Durable) -> Result<T, NotThisChange> {
        if durable.0 == self.write.commit {
            Ok(self.outcome)
        } else {
            Err(NotThisChange(()))
        }
    }

    /// The same change with an outcome made of this one, which stays unread until the change is durable.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Change<U> {
        Change {
            write: self.write,
            outcome: map(self.outcome),
        }
    }
}

impl<T> fmt::Debug for Change<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("write", &self.write)
            .finish_non_exhaustive()
    }
}

/// What a store has to write in one transaction: the account if its version is still [`base`](Self::base), the claims, and
/// everything that goes out.
pub struct Write {
    pub(crate) account: Account,
    pub(crate) base: Version,
    pub(crate) commit: CommitId,
    pub(crate) outgoing: Vec<Outgoing>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) releases: Vec<Claim>,
}

impl Write {
    /// Whose account.
    #[must_use]
    pub const fn key(&self) -> &AccountKey {
        self.account.key()
    }

    /// The account as it is to be, with its new version.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The version that was decided on. It has to be the stored one still; [`Version::ABSENT`] means that there must be
    /// no row.
    #[must_use]
    pub const fn base(&self) -> Version {
        self.base
    }

    /// The identifier of this commit.
    #[must_use]
    pub const fn commit(&self) -> CommitId {
        self.commit
    }

    /// What goes out, in order. The place in this list, with [`commit`](Self::commit), is the idempotency key.
    #[must_use]
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// What is to be claimed for this account and must not be another's.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// What this account no longer claims.
    #[must_use]
    pub fn releases(&self) -> &[Claim] {
        &self.releases
    }

    /// Declares that this write is durable: committed, on disk, and never to be undone.
    ///
    /// # Security
    /// For stores only, after a commit whose success was reported by the database. Everything that `mfa-flow` promises
    /// rests on it: declared too early, a code can be accepted twice and a failure goes uncounted.
    #[must_use]
    pub const fn danger_declare_durable(&self) -> Durable {
        Durable(self.commit)
    }
}

impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write")
            .field("key", self.key())
            .field("base", &self.base)
            .field("commit", &self.commit)
            .finish_non_exhaustive()
    }
}

/// Something that leaves the account: for somebody to be told, or for the audit log.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outgoing {
    /// For the host to carry out.
    Effect(Effect),
    /// For the audit log.
    Event(Event),
}

/// Something of which there is one in an organisation, such as the serial number of a hardware token. A keyed hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Claim(pub(crate) String);

impl Claim {
    /// As a column of a table.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The proof that one change is durable.
#[derive(Debug)]
pub struct Durable(CommitId);

/// A proof of durability that belongs to another change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this proof of durability belongs to another change")]
pub struct NotThisChange(());
