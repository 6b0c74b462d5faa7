//! Opening a store, and why it can be refused.

use std::fmt;

use crate::error::Problem;

/// Why a store was not opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The tables were made by a newer version of this crate.
    #[error("the tables were made by a newer version")]
    NewerSchema,
    /// What is committed could be lost, because of this setting.
    #[error("commits would not be durable: {0}")]
    NotDurable(NotDurable),
    /// The database only reads: a standby, or switched to read-only.
    #[error("the database is read-only")]
    ReadOnly,
    /// Others on this machine can read the file. It must belong to one user, with mode 0600.
    #[error("the file can be read by others")]
    Exposed,
    /// Others were changing the tables for too long.
    #[error("the tables are being changed by somebody else")]
    Busy,
    /// The file, the address or the database cannot be used.
    #[error("the database cannot be opened")]
    Database(#[source] Problem),
}

/// A setting with which commits can be lost, and its value.
#[derive(Debug)]
pub struct NotDurable {
    setting: &'static str,
    value: String,
}

impl NotDurable {
    pub(crate) const fn new(setting: &'static str, value: String) -> Self {
        Self { setting, value }
    }

    /// The setting, as the database calls it.
    #[must_use]
    pub const fn setting(&self) -> &'static str {
        self.setting
    }

    /// The value that was found.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for NotDurable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is `{}`", self.setting, self.value)
    }
}

impl OpenError {
    /// As an error of a connection, for the hooks of the pool.
    pub(crate) fn refuse(self) -> sqlx::Error {
        sqlx::Error::Configuration(Box::new(self))
    }

    pub(crate) fn of(error: sqlx::Error) -> Self {
        let problem = super::fault::problem(&error);
        match error {
            sqlx::Error::Configuration(inner) => match inner.downcast::<Self>() {
                Ok(refused) => *refused,
                Err(_) => Self::Database(problem),
            },
            _ => Self::Database(problem),
        }
    }
}
