//! A future that is dropped while it waits: the client has gone away.

use std::pin::pin;
use std::task::Poll;

use mfa_store::{PostgresOptions, PostgresStore, SqliteOptions, SqliteStore, Store};

use super::Asked;
use crate::common::keyring;
use crate::place::{Fresh, Place, runtime};

/// Polls a future that many times. `None` if it is not ready by then: it is dropped where it was.
async fn within<T>(polls: u32, future: impl Future<Output = T>) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    std::future::poll_fn(|context| {
        let Some(fewer) = left.checked_sub(1) else {
            return Poll::Ready(None);
        };
        left = fewer;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Drops an answer at each place where it waits, one after the other, on one connection that the next one has to use.
async fn everywhere(store: &impl Store) {
    for polls in 0.. {
        let asked = Asked::new(store, &format!("gone-{polls}")).await;
        let outcome = within(polls, asked.answer(store)).await;
        let done = outcome.is_some();
        asked.is_good_once(store, outcome).await;
        if done {
            assert!(polls > 2, "it never waited");
            return;
        }
    }
}

#[test]
fn an_answer_that_is_dropped_while_it_waits_is_consistent_on_sqlite() {
    let fresh = Fresh::sqlite();
    let Place::Sqlite(path) = &fresh.place else {
        return;
    };
    runtime().block_on(async {
        let options = SqliteOptions::default().with_readers(1);
        let store = SqliteStore::open_with(path, keyring(), options)
            .await
            .unwrap();
        everywhere(&store).await;
        store.close().await;
    });
}

#[test]
fn an_answer_that_is_dropped_while_it_waits_is_consistent_on_postgres() {
    let Some(fresh) = Fresh::postgres("read committed") else {
        return;
    };
    runtime().block_on(async {
        let options = PostgresOptions::new(fresh.place.url()).with_connections(1);
        let store = PostgresStore::connect(options, keyring()).await.unwrap();
        everywhere(&store).await;
        store.close().await;
    });
}
