//! What an error of the database says about a change.

use super::open::OpenError;
use crate::error::{CommitError, Problem, StoreError};

/// What is known after an error.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Two changes came into each other's way. Nothing was changed.
    Again(Problem),
    /// Nothing was changed.
    Failed(Problem),
    /// It may have been committed.
    Unknown(Problem),
    /// The store was closed before anything was asked.
    Closed,
}

impl Fault {
    /// An error from before anything was told to be committed: it is rolled back, by us or by the database.
    pub(crate) fn before(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolClosed => Self::Closed,
            error if is_serialisation(&error) => Self::Again(problem(&error)),
            error => Self::Failed(problem(&error)),
        }
    }

    /// An error of a `COMMIT`, or of a statement that commits itself.
    pub(crate) fn committing(error: sqlx::Error) -> Self {
        if is_rolled_back(&error) {
            return Self::before(error);
        }
        match error {
            // No connection was given out, so nothing was sent.
            error @ (sqlx::Error::PoolClosed | sqlx::Error::PoolTimedOut) => Self::before(error),
            error => Self::Unknown(problem(&error)),
        }
    }

    pub(crate) fn into_store_error(self) -> StoreError {
        match self {
            Self::Again(problem) | Self::Failed(problem) | Self::Unknown(problem) => {
                StoreError::Database(problem)
            }
            Self::Closed => StoreError::Closed,
        }
    }

    pub(crate) fn into_commit_error(self) -> CommitError {
        match self {
            Self::Again(_) => CommitError::Conflict,
            Self::Failed(problem) => CommitError::Failed(StoreError::Database(problem)),
            Self::Unknown(problem) => CommitError::InDoubt(problem),
            Self::Closed => CommitError::Failed(StoreError::Closed),
        }
    }

    pub(crate) fn into_open_error(self) -> OpenError {
        match self {
            Self::Again(problem) | Self::Failed(problem) | Self::Unknown(problem) => {
                OpenError::Database(problem)
            }
            Self::Closed => OpenError::Busy,
        }
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    error.code().map(std::borrow::Cow::into_owned)
}

/// 40001 serialisation failure, 40P01 deadlock: the database has rolled back, and asks to try again.
fn is_serialisation(error: &sqlx::Error) -> bool {
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// PostgreSQL has said itself, by an SQLSTATE of a class that only exists before a commit, that it rolled back. Whatever else
/// it says, and whatever else happens on the way, is in doubt.
fn is_rolled_back(error: &sqlx::Error) -> bool {
    // Data, constraint, cursor, transaction state, rollback (but 40003: unknown), syntax and rights, resources, limits, and
    // 55P03 and 57014: waited too long for a lock, or ran too long.
    const CLASSES: [&str; 8] = ["22", "23", "25", "40", "42", "53", "54", "55"];
    code(error).is_some_and(|code| {
        let class = code.get(..2).unwrap_or_default();
        code.len() == 5 && code != "40003" && (code == "57014" || CLASSES.contains(&class))
    })
}

/// The first line of what the database says: it names tables and limits. The lines below it, which can hold values, are left out.
pub(crate) fn problem(error: &sqlx::Error) -> Problem {
    let message = match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => format!("the connection failed: {}", error.kind()),
        sqlx::Error::PoolTimedOut => "no connection was free in time".to_owned(),
        sqlx::Error::PoolClosed => "the pool is closed".to_owned(),
        sqlx::Error::Tls(_) => "the connection cannot be encrypted".to_owned(),
        sqlx::Error::Configuration(error) => error.to_string(),
        _ => "the driver failed".to_owned(),
    };
    Problem::new(code(error).as_deref(), message)
}
