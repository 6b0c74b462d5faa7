//! The file of SQLite: private, durable, and made once however many begin at the same time.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use mfa_flow::{AccountKey, TenantId};
use mfa_policy::PersonId;
use mfa_store::{
    CommitError, KeyId, Keyring, OpenError, SqliteOptions, SqliteStore, Store, StoreError,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mfa-store-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("accounts.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn keyring() -> Keyring {
    Keyring::new(KeyId::new(1), [1; 32])
}

async fn connect(file: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(file);
    SqliteConnection::connect_with(&options).await.unwrap()
}

async fn run(connection: &mut SqliteConnection, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    sqlx::query(sql).execute(connection).await.unwrap();
}

fn key() -> AccountKey {
    let tenant = TenantId::new("acme").unwrap();
    AccountKey::new(tenant, PersonId::new("ada").unwrap())
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_and_what_lies_beside_it_are_for_one_user_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Folder::new("mode");
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    store.load(&key()).await.unwrap();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{entry:?}");
        found.push(entry.file_name().into_string().unwrap());
    }
    found.sort();
    assert_eq!(found, ["accounts.db", "accounts.db-shm", "accounts.db-wal"]);
    store.close().await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_file_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    for mode in [0o640, 0o604, 0o660, 0o644] {
        let folder = Folder::new(&format!("exposed-{mode:o}"));
        std::fs::write(folder.file(), "").unwrap();
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.file(), permissions).unwrap();
        let refused = SqliteStore::open(&folder.file(), keyring()).await;
        assert!(matches!(refused, Err(OpenError::Exposed)), "{mode:o}");
        assert_eq!(std::fs::read(folder.file()).unwrap(), b"");
    }
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused_and_left_as_they_are() {
    let folder = Folder::new("newer");
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    store.close().await;
    let mut connection = connect(&folder.file()).await;
    run(
        &mut connection,
        "UPDATE mfa_schema SET version = version + 1",
    )
    .await;
    let refused = SqliteStore::open(&folder.file(), keyring()).await;
    assert!(matches!(refused, Err(OpenError::NewerSchema)));
}

#[tokio::test]
async fn what_is_no_database_is_refused() {
    let folder = Folder::new("no-database");
    assert!(matches!(
        SqliteStore::open(&folder.0.join("nowhere").join("accounts.db"), keyring()).await,
        Err(OpenError::Database(_))
    ));
    assert!(SqliteStore::open(&folder.0, keyring()).await.is_err());
    // Made by ourselves, for its mode.
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    store.close().await;
    std::fs::write(folder.file(), "this is a text ".repeat(500)).unwrap();
    assert!(matches!(
        SqliteStore::open(&folder.file(), keyring()).await,
        Err(OpenError::Database(_))
    ));
}

#[tokio::test]
async fn a_migration_that_stops_half_way_leaves_nothing() {
    let folder = Folder::new("half");
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    store.close().await;
    // Something of ours stands in the way of the last table.
    let mut connection = connect(&folder.file()).await;
    for sql in [
        "DROP TABLE mfa_outbox",
        "DROP TABLE mfa_account",
        "UPDATE mfa_schema SET version = 0",
    ] {
        run(&mut connection, sql).await;
    }
    assert!(SqliteStore::open(&folder.file(), keyring()).await.is_err());
    let tables = sqlx::query(
        "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('mfa_account', 'mfa_outbox')",
    );
    let tables: i64 = tables.fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(tables, 0);
    run(&mut connection, "DROP TABLE mfa_claim").await;
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    store.load(&key()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_that_open_a_new_file_at_once_all_can() {
    for round in 0..10 {
        let folder = Folder::new(&format!("at-once-{round}"));
        let open = (0..8).map(|_| {
            let file = folder.file();
            tokio::spawn(async move { SqliteStore::open(&file, keyring()).await })
        });
        for opened in open.collect::<Vec<_>>() {
            let store = opened.await.unwrap().unwrap();
            store.load(&key()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_writer_that_never_ends_is_waited_for_and_then_it_is_denied() {
    let folder = Folder::new("busy");
    let options = SqliteOptions::default().with_wait(Duration::from_millis(20));
    let store = SqliteStore::open_with(&folder.file(), keyring(), options)
        .await
        .unwrap();
    let mut other = connect(&folder.file()).await;
    run(&mut other, "BEGIN IMMEDIATE").await;
    let failed = store
        .claim_outbox(1, "2026-12-01".parse().unwrap(), 60)
        .await;
    let Err(StoreError::Database(problem)) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(problem.code(), Some("5"));
    let change = change(&store).await;
    let failed = store.commit(change.write()).await;
    assert!(matches!(
        failed,
        Err(CommitError::Failed(StoreError::Database(_)))
    ));
    run(&mut other, "ROLLBACK").await;
    store.commit(change.write()).await.unwrap();
}

#[tokio::test]
async fn what_was_committed_is_there_after_opening_again() {
    let folder = Folder::new("again");
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    let change = change(&store).await;
    store.commit(change.write()).await.unwrap();
    // Without closing: as if the process had ended.
    let again = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    let loaded = again.load(&key()).await.unwrap();
    assert_eq!(loaded.version(), change.write().account().version());
    assert_eq!(loaded.to_stored(), change.write().account().to_stored());
}

#[tokio::test]
async fn the_tables_take_nothing_that_cannot_be() {
    let folder = Folder::new("checks");
    let store = SqliteStore::open(&folder.file(), keyring()).await.unwrap();
    let change = change(&store).await;
    store.commit(change.write()).await.unwrap();
    let mut connection = connect(&folder.file()).await;
    for sql in [
        "UPDATE mfa_account SET version = 0",
        "UPDATE mfa_account SET version = -1",
        "UPDATE mfa_account SET version = NULL",
        "UPDATE mfa_account SET version = 'one'",
        "UPDATE mfa_account SET holder = ''",
        "UPDATE mfa_account SET commit_id = x'00'",
        "UPDATE mfa_account SET sealing_key = 4294967296",
        "UPDATE mfa_account SET body = zeroblob(39)",
        "UPDATE mfa_account SET body = zeroblob(65537)",
        "UPDATE mfa_account SET body = 'text'",
        "UPDATE mfa_outbox SET ordered = 2",
        "UPDATE mfa_outbox SET attempts = -1",
        "UPDATE mfa_outbox SET holder = 'nobody'",
        "DELETE FROM mfa_account",
        "INSERT INTO mfa_account SELECT * FROM mfa_account",
        "INSERT INTO mfa_schema VALUES (2, 1)",
    ] {
        let refused = sqlx::query(sql).execute(&mut connection).await;
        assert!(refused.is_err(), "{sql}");
    }
}

async fn change(
    store: &SqliteStore,
) -> mfa_flow::Change<Result<mfa_flow::SignedIn, mfa_flow::Rejected>> {
    let flow = mfa_flow::Flow::new(
        mfa_policy::Preset::SecurityInfo.policy(),
        mfa_flow::HashKey::from_bytes([7; 32]),
        otp_uri::Issuer::new("Acme").unwrap(),
    );
    let subject = mfa_policy::Subject::new(PersonId::new("ada").unwrap());
    let visit = mfa_flow::Visit::new(subject, "2026-12-01".parse().unwrap());
    let account = store.load(&key()).await.unwrap();
    let mut rng: chacha20::ChaCha20Rng = rand_core::SeedableRng::from_seed([3; 32]);
    flow.on(account, &visit, &mut rng).first_factor(None)
}
