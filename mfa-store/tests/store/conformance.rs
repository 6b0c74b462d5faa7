//! The suite of `mfa_store::conformance` on every store of this crate.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use mfa_store::conformance::{Report, Stores, run};
use mfa_store::{KeyId, Keyring, MemoryStore};

fn keyring() -> Keyring {
    Keyring::new(KeyId::new(1), [9; 32])
}

fn passes(report: &Report) {
    assert!(report.is_passed(), "\n{report}");
    assert!(report.cases().count() > 30);
}

struct Memory;

impl Stores for Memory {
    type Store = MemoryStore;

    async fn fresh(&self) -> MemoryStore {
        MemoryStore::new(keyring())
    }

    async fn close(&self, store: &MemoryStore) {
        store.close();
    }
}

#[tokio::test]
async fn memory() {
    passes(&run(&Memory).await);
}

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use mfa_store::SqliteStore;

    struct Files {
        folder: PathBuf,
        made: AtomicU32,
    }

    impl Stores for Files {
        type Store = SqliteStore;

        async fn fresh(&self) -> SqliteStore {
            let number = self.made.fetch_add(1, Ordering::Relaxed);
            let file = self.folder.join(format!("{number}.db"));
            SqliteStore::open(&file, keyring()).await.unwrap()
        }

        async fn close(&self, store: &SqliteStore) {
            store.close().await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        let folder = std::env::temp_dir().join(format!("mfa-store-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files = Files {
            folder: folder.clone(),
            made: AtomicU32::new(0),
        };
        let report = run(&files).await;
        std::fs::remove_dir_all(&folder).unwrap();
        passes(&report);
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::server;
    use mfa_store::{PostgresOptions, PostgresStore};

    /// Schemas of one server, for each store another one.
    struct Schemas {
        url: String,
        name: &'static str,
        isolation: &'static str,
        partitions: Option<u16>,
        made: AtomicU32,
    }

    impl Stores for Schemas {
        type Store = PostgresStore;

        async fn fresh(&self) -> PostgresStore {
            let number = self.made.fetch_add(1, Ordering::Relaxed);
            let schema = server::schema(&self.url, &format!("{}_{number}", self.name)).await;
            let url = format!(
                "{schema}&options[default_transaction_isolation]={}",
                self.isolation
            );
            let mut options = PostgresOptions::new(&url);
            if let Some(partitions) = self.partitions {
                options = options.with_partitions(partitions);
            }
            PostgresStore::connect(options, keyring()).await.unwrap()
        }

        async fn close(&self, store: &PostgresStore) {
            store.close().await;
        }
    }

    async fn conforms(name: &'static str, isolation: &'static str, partitions: Option<u16>) {
        let Some(url) = server::server() else {
            return;
        };
        let schemas = Schemas {
            url,
            name,
            isolation,
            partitions,
            made: AtomicU32::new(0),
        };
        passes(&run(&schemas).await);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn read_committed() {
        conforms("committed", "read%20committed", None).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn repeatable_read() {
        conforms("repeatable", "repeatable%20read", None).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn serializable() {
        conforms("serializable", "serializable", None).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn hash_partitioned() {
        conforms("partitioned", "read%20committed", Some(8)).await;
    }
}

/// Stores with one fault each, which the suite has to find.
mod faulty {
    use std::sync::atomic::{AtomicU32, Ordering};

    use mfa_flow::{Account, AccountKey, Durable, TenantId, Write};
    use mfa_policy::{PersonId, Timestamp};
    use mfa_store::{CommitError, Delivery, Settled, Store, StoreError};

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Fault {
        None,
        ConflictsAreTold,
        ClaimsAreNotKept,
        NothingIsWritten,
        NamesInLowerCase,
        TenantsAreOne,
        NoLease,
        NothingIsSettled,
        FailuresAreDeliveries,
        GivenUpAtOnce,
        KeysAreLost,
        CleanUpCountsNothing,
        NeverCloses,
        /// No faults: until some time has passed, a database may be busy with what nobody waits for any more. It passes by the
        /// rows that this holds,
        GivenUpHoldsRows,
        /// or undoes what comes into its way.
        GivenUpUndoesOthers,
    }

    struct Faulty {
        store: MemoryStore,
        fault: Fault,
        /// Calls that are on their way, also those that were given up.
        on_their_way: AtomicU32,
    }

    impl Faulty {
        fn key(&self, key: &AccountKey) -> AccountKey {
            let Some(person) = key.person() else {
                return key.clone();
            };
            match self.fault {
                Fault::NamesInLowerCase => {
                    let lower = PersonId::new(&person.as_str().to_lowercase()).unwrap();
                    AccountKey::new(key.tenant().clone(), lower)
                }
                Fault::TenantsAreOne => {
                    AccountKey::new(TenantId::new("one").unwrap(), person.clone())
                }
                _ => key.clone(),
            }
        }

        fn is_held_up(&self, fault: Fault) -> bool {
            self.fault == fault && self.on_their_way.load(Ordering::Relaxed) > 0
        }
    }

    impl Store for Faulty {
        async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
            self.store.load(&self.key(key)).await
        }

        async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
            if self.fault == Fault::NothingIsWritten {
                return Ok(write.danger_declare_durable());
            }
            if self.is_held_up(Fault::GivenUpUndoesOthers) {
                return Err(CommitError::Conflict);
            }
            match self.store.commit(write).await {
                Err(CommitError::Conflict) if self.fault == Fault::ConflictsAreTold => {}
                Err(CommitError::Taken(_)) if self.fault == Fault::ClaimsAreNotKept => {}
                other => return other,
            }
            Ok(write.danger_declare_durable())
        }

        async fn claim_outbox(
            &self,
            most: u32,
            now: Timestamp,
            lease_seconds: u32,
        ) -> Result<Vec<Delivery>, StoreError> {
            if self.is_held_up(Fault::GivenUpHoldsRows) {
                return Ok(Vec::new());
            }
            self.on_their_way.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            self.on_their_way.fetch_sub(1, Ordering::Relaxed);
            let lease = if self.fault == Fault::NoLease {
                0
            } else {
                lease_seconds
            };
            self.store.claim_outbox(most, now, lease).await
        }

        async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
            let settled = match (self.fault, settled) {
                (Fault::NothingIsSettled, _) => return Ok(()),
                (Fault::FailuresAreDeliveries, _) => Settled::Delivered,
                (Fault::GivenUpAtOnce, Settled::Failed(now)) => Settled::GivenUp(now),
                (_, settled) => settled,
            };
            self.store.settle(delivery, settled).await
        }

        async fn keys(
            &self,
            after: Option<&AccountKey>,
            most: u32,
        ) -> Result<Vec<AccountKey>, StoreError> {
            let mut keys = self.store.keys(after, most).await?;
            if self.fault == Fault::KeysAreLost && keys.len() > 3 {
                keys.remove(1);
            }
            Ok(keys)
        }

        async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
            let count = self.store.clean_up(before, most).await?;
            Ok(if self.fault == Fault::CleanUpCountsNothing {
                0
            } else {
                count
            })
        }

        async fn pause(&self, _: std::time::Duration) {
            self.on_their_way.store(0, Ordering::Relaxed);
        }
    }

    impl Stores for Fault {
        type Store = Faulty;

        async fn fresh(&self) -> Faulty {
            Faulty {
                store: MemoryStore::new(keyring()),
                fault: *self,
                on_their_way: AtomicU32::new(0),
            }
        }

        async fn close(&self, store: &Faulty) {
            if *self != Self::NeverCloses {
                store.store.close();
            }
        }
    }

    #[tokio::test]
    async fn a_call_that_was_given_up_may_still_be_on_its_way() {
        for fault in [Fault::GivenUpHoldsRows, Fault::GivenUpUndoesOthers] {
            passes(&run(&fault).await);
        }
    }

    #[tokio::test]
    async fn every_fault_is_found_by_its_case() {
        passes(&run(&Fault::None).await);
        for (fault, case) in [
            (
                Fault::ConflictsAreTold,
                "of_many_changes_of_one_version_one_is_committed",
            ),
            (
                Fault::ClaimsAreNotKept,
                "a_claim_is_taken_for_everybody_else",
            ),
            (Fault::NothingIsWritten, "what_is_committed_is_loaded"),
            (Fault::NamesInLowerCase, "people_are_compared_as_bytes"),
            (Fault::TenantsAreOne, "tenants_are_apart"),
            (Fault::NoLease, "nobody_gets_what_somebody_else_has"),
            (
                Fault::NothingIsSettled,
                "what_is_delivered_never_comes_again",
            ),
            (
                Fault::FailuresAreDeliveries,
                "failures_wait_longer_each_time_and_are_given_up",
            ),
            (
                Fault::GivenUpAtOnce,
                "failures_wait_longer_each_time_and_are_given_up",
            ),
            (Fault::KeysAreLost, "every_key_is_listed_once"),
            (
                Fault::CleanUpCountsNothing,
                "what_is_given_up_is_cleaned_up_and_nothing_else",
            ),
            (Fault::NeverCloses, "a_closed_store_fails"),
        ] {
            let report = run(&fault).await;
            let mut found = report.cases().filter(|(_, failure)| failure.is_some());
            assert!(found.any(|(name, _)| name == case), "{fault:?}:\n{report}");
        }
    }
}
