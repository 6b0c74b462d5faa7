//! Accounts of two-step verification kept in SQLite or PostgreSQL: sealed, durable, exactly once.

#[cfg(feature = "conformance")]
pub mod conformance;
mod delivery;
mod error;
mod keyring;
#[cfg(feature = "memory")]
mod memory;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod outbox;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod row;
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "memory"))]
mod seal;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
mod store;

pub use delivery::{Delivery, Settled};
pub use error::{CommitError, Problem, StoreError};
pub use keyring::{DuplicateKeyId, KeyId, Keyring};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::{NotDurable, OpenError, Resealed};
#[cfg(feature = "postgres")]
pub use sql::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sql::{SqliteOptions, SqliteStore};
pub use store::{Burned, Store};

/// The examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct ReadMe;
