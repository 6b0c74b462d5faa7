//! What PostgreSQL is asked for before anything is entrusted to it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::time::Duration;

use mfa_flow::{AccountKey, TenantId};
use mfa_policy::{PersonId, Timestamp};
use mfa_store::{
    CommitError, KeyId, Keyring, OpenError, PostgresOptions, PostgresStore, Store, StoreError,
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::server;

fn keyring() -> Keyring {
    Keyring::new(KeyId::new(1), [1; 32])
}

fn key() -> AccountKey {
    let tenant = TenantId::new("acme").unwrap();
    AccountKey::new(tenant, PersonId::new("ada").unwrap())
}

/// A schema of its own, as a URL. `None`: there is no server.
async fn schema(name: &str) -> Option<String> {
    Some(server::schema(&server::server()?, name).await)
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}

async fn open(url: &str) -> Result<PostgresStore, OpenError> {
    PostgresStore::connect(PostgresOptions::new(url), keyring()).await
}

#[tokio::test]
async fn a_database_whose_commits_can_be_lost_is_refused() {
    let Some(url) = schema("lost").await else {
        return;
    };
    let refused = open(&format!("{url}&options[synchronous_commit]=off")).await;
    let Err(OpenError::NotDurable(setting)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(setting.setting(), "synchronous_commit");
    assert_eq!(setting.value(), "off");
    for durable in ["on", "local", "remote_write", "remote_apply"] {
        let url = format!("{url}&options[synchronous_commit]={durable}");
        open(&url).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_only_reads_is_refused() {
    let Some(url) = schema("reads").await else {
        return;
    };
    let refused = open(&format!("{url}&options[default_transaction_read_only]=on")).await;
    assert!(matches!(refused, Err(OpenError::ReadOnly)), "{refused:?}");
}

#[tokio::test]
async fn what_is_refused_at_first_is_refused_of_each_later_connection() {
    let Some(url) = server::server() else {
        return;
    };
    let database = format!("later_{}", std::process::id());
    let mut admin = PgConnection::connect(&url).await.unwrap();
    run(&mut admin, &format!("CREATE DATABASE {database}")).await;
    let own = url.replacen("/postgres?", &format!("/{database}?"), 1);
    assert_ne!(own, url);
    let options = PostgresOptions::new(&own)
        .with_connections(1)
        .with_acquire_timeout(Duration::from_millis(300));
    let store = PostgresStore::connect(options, keyring()).await.unwrap();
    let change = change(&store).await;
    let off = format!(
        "ALTER DATABASE {database} SET synchronous_commit = off;
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    );
    run(&mut admin, &off).await;
    let mut results = Vec::new();
    for _ in 0..3 {
        results.push(store.commit(change.write()).await);
    }
    // The first finds its connection gone; after that no other is good enough.
    assert!(results.iter().all(Result::is_err), "{results:?}");
    assert!(matches!(
        results.last(),
        Some(Err(CommitError::Failed(StoreError::Database(_))))
    ));
    run(
        &mut admin,
        &format!("ALTER DATABASE {database} RESET synchronous_commit"),
    )
    .await;
    store.commit(change.write()).await.unwrap();
    store.close().await;
    run(&mut admin, &format!("DROP DATABASE {database}")).await;
}

#[tokio::test]
async fn tables_of_a_newer_version_are_refused() {
    let Some(url) = schema("newer").await else {
        return;
    };
    open(&url).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    run(
        &mut connection,
        "UPDATE mfa_schema SET version = version + 1",
    )
    .await;
    assert!(matches!(open(&url).await, Err(OpenError::NewerSchema)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_that_make_the_tables_at_once_all_can() {
    for (round, isolation) in ["read%20committed", "repeatable%20read", "serializable"]
        .into_iter()
        .enumerate()
    {
        let Some(url) = schema(&format!("at_once_{round}")).await else {
            return;
        };
        let url = format!("{url}&options[default_transaction_isolation]={isolation}");
        let open = (0..8).map(|_| {
            let url = url.clone();
            tokio::spawn(async move { open(&url).await })
        });
        for opened in open.collect::<Vec<_>>() {
            let store = opened.await.unwrap().unwrap();
            store.load(&key()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn each_connection_has_its_time_outs() {
    let Some(url) = schema("time_outs").await else {
        return;
    };
    let options = PostgresOptions::new(&url)
        .with_connections(1)
        .with_statement_timeout(Duration::from_millis(100))
        .with_lock_timeout(Duration::from_millis(50));
    let store = PostgresStore::connect(options, keyring()).await.unwrap();
    let change = change(&store).await;
    // Somebody else holds the table.
    let mut other = PgConnection::connect(&url).await.unwrap();
    run(&mut other, "BEGIN; LOCK TABLE mfa_account, mfa_outbox").await;
    let failed = store.commit(change.write()).await;
    let Err(CommitError::Failed(StoreError::Database(problem))) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(problem.code(), Some("55P03"));
    let failed = store.claim_outbox(1, now(), 60).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    run(&mut other, "ROLLBACK").await;
    store.commit(change.write()).await.unwrap();
}

#[tokio::test]
async fn what_the_server_cuts_off_is_in_doubt_or_failed_and_the_next_one_works() {
    let Some(url) = schema("cut_off").await else {
        return;
    };
    let name = format!("cut_off_{}", std::process::id());
    let address = format!("{url}&application_name={name}");
    let options = PostgresOptions::new(&address).with_connections(1);
    let store = PostgresStore::connect(options, keyring()).await.unwrap();
    let first = change(&store).await;
    let mut other = PgConnection::connect(&url).await.unwrap();
    let cut = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'"
    );
    run(&mut other, &cut).await;
    let result = store.commit(first.write()).await;
    let version = store.load(&key()).await.unwrap().version();
    match result {
        Ok(_) => assert_eq!(version, first.write().account().version()),
        Err(CommitError::InDoubt(_)) => {}
        Err(CommitError::Failed(_)) => assert_eq!(version, first.write().base()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn partitions_hold_the_rows() {
    let Some(url) = schema("parts").await else {
        return;
    };
    let options = PostgresOptions::new(&url).with_partitions(4);
    let store = PostgresStore::connect(options, keyring()).await.unwrap();
    let change = change(&store).await;
    store.commit(change.write()).await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let mut rows = 0;
    for part in 0..4 {
        let sql = format!("SELECT COUNT(*) FROM ONLY mfa_account_{part}");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut connection);
        rows += row.await.unwrap().get::<i64, _>(0);
    }
    assert_eq!(rows, 1);
}

#[test]
fn options_tell_no_password() {
    let options = PostgresOptions::new("postgres://ada:hunter2@db.example/accounts");
    let told = format!("{options:?}");
    assert!(!told.contains("hunter2") && !told.contains("db.example"));
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_an_error_without_it() {
    for url in ["hunter2", "postgres://ada:hunter2@db.example:port/accounts"] {
        let error = open(url).await.unwrap_err();
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

fn now() -> Timestamp {
    "2026-12-01".parse().unwrap()
}

async fn change(
    store: &PostgresStore,
) -> mfa_flow::Change<Result<mfa_flow::SignedIn, mfa_flow::Rejected>> {
    let flow = mfa_flow::Flow::new(
        mfa_policy::Preset::SecurityInfo.policy(),
        mfa_flow::HashKey::from_bytes([7; 32]),
        otp_uri::Issuer::new("Acme").unwrap(),
    );
    let subject = mfa_policy::Subject::new(PersonId::new("ada").unwrap());
    let visit = mfa_flow::Visit::new(subject, now());
    let account = store.load(&key()).await.unwrap();
    let mut rng: chacha20::ChaCha20Rng = rand_core::SeedableRng::from_seed([3; 32]);
    flow.on(account, &visit, &mut rng).first_factor(None)
}
