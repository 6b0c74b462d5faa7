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
    use mfa_store::{PostgresOptions, PostgresStore};
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

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
            let schema = format!("{}_{}_{number}", self.name, std::process::id());
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            let create = AssertSqlSafe(format!("CREATE SCHEMA {schema}"));
            sqlx::raw_sql(create)
                .execute(&mut connection)
                .await
                .unwrap();
            connection.close().await.unwrap();
            let url = format!(
                "{}&options[search_path]={schema}&options[default_transaction_isolation]={}",
                self.url, self.isolation
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
        let Ok(url) = std::env::var("OTP_POSTGRES") else {
            assert!(std::env::var_os("OTP_REQUIRE_ALL").is_none());
            println!("SKIPPED: there is no PostgreSQL in OTP_POSTGRES");
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
