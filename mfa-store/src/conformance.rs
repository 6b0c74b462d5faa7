//! What every store has to pass: cases that say each what is expected, run against stores that you bring.
//!
#![cfg_attr(feature = "memory", doc = "```")]
#![cfg_attr(not(feature = "memory"), doc = "```text")]
//! use mfa_store::conformance::{Stores, run};
//! use mfa_store::{KeyId, Keyring, MemoryStore};
//!
//! struct InMemory;
//!
//! impl Stores for InMemory {
//!     type Store = MemoryStore;
//!
//!     async fn fresh(&self) -> MemoryStore {
//!         MemoryStore::new(Keyring::new(KeyId::new(1), [7; 32]))
//!     }
//!
//!     async fn close(&self, store: &MemoryStore) {
//!         store.close();
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = run(&InMemory).await;
//! assert!(report.is_passed(), "{report}");
//! # }
//! ```

mod account;
mod bench;
mod claims;
mod failures;
mod outbox;

use std::fmt;
use std::pin::Pin;

use crate::store::Store;

pub use bench::Failure;

/// Where the suite gets stores from.
pub trait Stores: Sync {
    /// The store.
    type Store: Store;

    /// A store with nothing in it, apart from all others. A store that cannot be made may panic: this is a test.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// Closes a store: everything that is asked afterwards has to fail.
    fn close(&self, store: &Self::Store) -> impl Future<Output = ()> + Send;
}

/// What came out.
#[derive(Debug)]
pub struct Report {
    cases: Vec<(&'static str, Result<(), Failure>)>,
}

impl Report {
    /// Whether every case was passed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.cases.iter().all(|(_, result)| result.is_ok())
    }

    /// Every case by its name, in order.
    pub fn cases(&self) -> impl Iterator<Item = (&'static str, Option<&Failure>)> {
        self.cases
            .iter()
            .map(|(name, result)| (*name, result.as_ref().err()))
    }
}

/// One line for each case.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, failure) in self.cases() {
            match failure {
                None => writeln!(f, "passed  {name}")?,
                Some(failure) => writeln!(f, "FAILED  {name}: {failure}")?,
            }
        }
        Ok(())
    }
}

type Case<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;
type Named<S> = (&'static str, for<'a> fn(&'a S) -> Case<'a>);

/// Runs every case, each on a fresh store.
pub async fn run<T: Stores>(stores: &T) -> Report {
    let mut cases = Vec::new();
    let all = account::cases::<T::Store>()
        .into_iter()
        .chain(claims::cases())
        .chain(outbox::cases())
        .chain(failures::cases());
    for (name, case) in all {
        let store = stores.fresh().await;
        let result = case(&store).await;
        stores.close(&store).await;
        cases.push((name, result));
    }
    let store = stores.fresh().await;
    let opened = failures::begin(&store).await;
    stores.close(&store).await;
    let result = match opened {
        Ok(person) => failures::a_closed_store_fails(&store, &person).await,
        Err(failure) => Err(failure),
    };
    cases.push(("a_closed_store_fails", result));
    Report { cases }
}

/// Cases under their own names.
macro_rules! cases {
    ($($name:ident),* $(,)?) => {
        pub(super) fn cases<S: Store>() -> Vec<crate::conformance::Named<S>> {
            vec![$((stringify!($name), |store| Box::pin($name(store)))),*]
        }
    };
}
use cases;
