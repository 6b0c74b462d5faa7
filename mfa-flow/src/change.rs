//! A change that has to be durable before its outcome can be read.

use std::fmt;

use crate::account::{Account, Version};
use crate::effect::Effect;
use crate::event::Event;
use crate::id::CommitId;
use crate::key::AccountKey;

/// What an operation does to an account, and an outcome that nobody can read before it is durable.
///
/// Hand [`write`](Self::write) to a store, which gives a [`Durable`] for it, and [`reveal`](Self::reveal) the outcome;
/// `transact` of `mfa-store` does all of it. Dropping a change does nothing: nothing has happened yet.
///
/// ```
/// # use mfa_flow::{Account, Change, Durable, Flow, NotThisChange, Visit};
/// fn let_in(change: Change<bool>, durable: &Durable) -> Result<bool, NotThisChange> {
///     change.reveal(durable)
/// }
/// ```
///
/// Without the proof there is no outcome:
///
/// ```compile_fail,E0616
/// # use mfa_flow::{Account, Change, Durable, Flow, NotThisChange, Visit};
/// fn let_in(change: Change<bool>, durable: &Durable) -> Result<bool, NotThisChange> {
///     Ok(change.outcome)
/// }
/// ```
///
/// Nobody makes the proof but a store, of the very change that it wrote:
///
/// ```compile_fail,E0423
/// # use mfa_flow::{Account, Change, Durable, Flow, NotThisChange, Visit};
/// fn let_in(change: Change<bool>) -> Result<bool, NotThisChange> {
///     let durable = Durable(change.write().commit());
///     change.reveal(&durable)
/// }
/// ```
///
/// And nobody decides twice on one state, because an operation takes the account:
///
/// ```compile_fail,E0382
/// # use mfa_flow::{Account, Change, Durable, Flow, NotThisChange, Visit};
/// fn twice(flow: &Flow, account: Account, visit: &Visit, rng: &mut dyn rand_core::CryptoRng) {
///     let first = flow.on(account, visit, rng).sign_out();
///     let second = flow.on(account, visit, rng).sign_out();
/// }
/// ```
///
/// ```
/// # use mfa_flow::{Account, Change, Durable, Flow, NotThisChange, Visit};
/// fn once(flow: &Flow, account: Account, visit: &Visit, rng: &mut dyn rand_core::CryptoRng) {
///     let first = flow.on(account, visit, rng).sign_out();
/// }
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

    /// What has to be stored. For stores.
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
