//! Accounts of two-step verification kept in SQLite or PostgreSQL: sealed, durable, exactly once.

mod delivery;
mod error;
mod keyring;
#[cfg(feature = "memory")]
mod memory;
mod row;
mod seal;
mod store;

pub use delivery::{Delivery, Settled};
pub use error::{CommitError, Problem, StoreError};
pub use keyring::{DuplicateKeyId, KeyId, Keyring};
#[cfg(feature = "memory")]
pub use memory::MemoryStore;
pub use store::Store;
