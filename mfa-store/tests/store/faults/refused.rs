//! The database says no, or nothing in time.

use std::time::Duration;

use mfa_store::{PostgresOptions, PostgresStore, SqliteOptions, SqliteStore, StoreError};
use sqlx::{Connection as _, SqliteConnection};

use super::Asked;
use crate::common::keyring;
use crate::place::{Fresh, Place, runtime};

/// Somebody else may take that long, and no longer.
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn a_busy_sqlite_denies_and_uses_nothing_up() {
    let fresh = Fresh::sqlite();
    let Place::Sqlite(path) = &fresh.place else {
        return;
    };
    runtime().block_on(async {
        let options = SqliteOptions::default().with_wait(SHORT);
        let store = SqliteStore::open_with(path, keyring(), options)
            .await
            .unwrap();
        let asked = Asked::new(&store, "ada").await;
        let mut other = SqliteConnection::connect(&path.display().to_string())
            .await
            .unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE")
            .execute(&mut other)
            .await
            .unwrap();
        let outcome = asked.answer(&store).await;
        let Err(StoreError::Database(problem)) = &outcome else {
            panic!("SQLITE_BUSY was expected: {outcome:?}");
        };
        assert_eq!(problem.code(), Some("5"));
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        asked.is_good_once(&store, Some(outcome)).await;
        other.close().await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_row_that_somebody_holds_for_too_long_denies_and_uses_nothing_up() {
    let Some(fresh) = Fresh::postgres("read committed") else {
        return;
    };
    runtime().block_on(async {
        let options = PostgresOptions::new(fresh.place.url()).with_lock_timeout(SHORT);
        let store = PostgresStore::connect(options, keyring()).await.unwrap();
        let asked = Asked::new(&store, "ada").await;
        let mut other = fresh.place.connect().await;
        let hold = "BEGIN; SELECT * FROM mfa_account FOR UPDATE";
        sqlx::raw_sql(hold).execute(&mut other).await.unwrap();
        let outcome = asked.answer(&store).await;
        assert!(
            matches!(outcome, Err(StoreError::Database(_))),
            "{outcome:?}"
        );
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        asked.is_good_once(&store, Some(outcome)).await;
    });
}

/// A trigger that fails the first times, when a row is written or when it is committed.
fn failing(when: When, what: &str, times: u32) -> String {
    let trigger = match when {
        When::Writing => "CREATE TRIGGER fault BEFORE UPDATE ON mfa_account",
        When::Committing => {
            "CREATE CONSTRAINT TRIGGER fault AFTER UPDATE ON mfa_account DEFERRABLE INITIALLY DEFERRED"
        }
    };
    // A sequence counts what is rolled back, too.
    format!(
        "CREATE SEQUENCE faults;
         CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('faults') <= {times} THEN {what}; END IF;
             RETURN NEW;
         END $$;
         {trigger} FOR EACH ROW EXECUTE FUNCTION fault()"
    )
}

#[derive(Clone, Copy, Debug)]
enum When {
    Writing,
    Committing,
}

/// What comes of an answer if the database does that so many times.
fn answered(when: When, what: &str, times: u32) -> Option<Result<bool, StoreError>> {
    let fresh = Fresh::postgres("read committed")?;
    runtime().block_on(async {
        let options = PostgresOptions::new(fresh.place.url());
        let store = PostgresStore::connect(options, keyring()).await.unwrap();
        let asked = Asked::new(&store, "ada").await;
        let mut other = fresh.place.connect().await;
        let trigger = sqlx::AssertSqlSafe(failing(when, what, times));
        sqlx::raw_sql(trigger).execute(&mut other).await.unwrap();
        let outcome = asked.answer(&store).await;
        let mend = "DROP TRIGGER fault ON mfa_account";
        sqlx::raw_sql(mend).execute(&mut other).await.unwrap();
        let told = match &outcome {
            Ok(accepted) => Ok(*accepted),
            Err(StoreError::InDoubt) => Err(StoreError::InDoubt),
            Err(StoreError::Contention) => Err(StoreError::Contention),
            Err(other) => panic!("{other:?}"),
        };
        asked.is_good_once(&store, Some(outcome)).await;
        Some(told)
    })
}

fn raise(sqlstate: &str) -> String {
    format!("RAISE EXCEPTION 'injected' USING ERRCODE = '{sqlstate}'")
}

/// Each of these says that it was rolled back and can be tried again: serialisation failure, deadlock.
const AGAIN: [&str; 2] = ["40001", "40P01"];

#[test]
fn a_serialisation_failure_or_a_deadlock_is_tried_again() {
    for sqlstate in AGAIN {
        for when in [When::Writing, When::Committing] {
            let Some(outcome) = answered(when, &raise(sqlstate), 3) else {
                return;
            };
            assert!(
                matches!(outcome, Ok(true)),
                "{sqlstate} {when:?}: {outcome:?}"
            );
        }
    }
}

#[test]
fn whoever_has_tried_too_often_is_denied_and_nothing_is_used_up() {
    let Some(outcome) = answered(When::Writing, &raise("40001"), 1_000) else {
        return;
    };
    assert!(
        matches!(outcome, Err(StoreError::Contention)),
        "{outcome:?}"
    );
}

#[test]
fn a_commit_of_which_the_database_knows_nothing_uses_up_the_code() {
    // Statement completion unknown; and the connection is ended in the middle.
    let ended = "PERFORM pg_terminate_backend(pg_backend_pid())";
    for what in [raise("40003").as_str(), ended] {
        for when in [When::Writing, When::Committing] {
            let Some(outcome) = answered(when, what, 1) else {
                return;
            };
            assert!(
                matches!(outcome, Err(StoreError::InDoubt)),
                "{what} {when:?}: {outcome:?}"
            );
        }
    }
}
