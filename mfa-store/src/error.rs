//! What can go wrong, and what is then known of the change.

use std::borrow::Cow;

use mfa_flow::Claim;

use crate::keyring::KeyId;

/// Why a store could not do what it was asked for. Whoever asks to be let in is not let in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The row was altered, cut, or moved to another place: it cannot be opened. The audit log is told.
    #[error("what is stored cannot be opened")]
    Unreadable,
    /// The row was sealed with a key that is not in the keyring.
    #[error("sealed with key {0}, which is not in the keyring")]
    UnknownKey(KeyId),
    /// The row was written by a newer version of this crate.
    #[error("what is stored was written by a newer version")]
    Newer,
    /// The account, or something that goes out, is larger than 64 KiB.
    #[error("too large to be stored")]
    TooLarge,
    /// The random source of the system failed. There is no other.
    #[error("the random source of the system failed")]
    NoRandomness,
    /// Too many changes of one account at once: given up after many tries, and nothing was changed.
    #[error("too many changes of one account at once")]
    Contention,
    /// A commit whose result is not known. It may have happened: what was decided is not told, and a code counts as used.
    #[error("it is not known whether the change was committed")]
    InDoubt,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// The database failed, and nothing was changed.
    #[error("the database failed")]
    Database(#[source] Problem),
}

/// What is known of a change that was not reported as committed.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The account has another version by now. Nothing was changed. Decide again.
    #[error("the account was changed by somebody else")]
    Conflict,
    /// These claims belong to another account. Nothing was changed. Decide again, knowing that.
    #[error("claimed by another account")]
    Taken(Vec<Claim>),
    /// Nothing was changed, for sure.
    #[error("nothing was changed")]
    Failed(#[from] StoreError),
    /// The database did not say whether it committed. It may or may not have.
    #[error("it is not known whether the change was committed")]
    InDoubt(#[source] Problem),
}

/// What the database, or the way to it, reported.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    code: Option<String>,
    message: Cow<'static, str>,
}

impl Problem {
    /// A problem as a database reports it. The message must hold nothing of what is stored.
    #[must_use]
    pub fn new(code: Option<&str>, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code: code.map(str::to_owned),
            message: message.into(),
        }
    }

    /// The SQLSTATE of PostgreSQL, or the extended result code of SQLite.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}
