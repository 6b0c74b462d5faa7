//! Two nodes of a service on one account, in every order in which their steps can come.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::common::{Desk, FIRST_STEP, Person, code, flow, keyring, wrong_code};
use mfa_flow::{Account, AccountKey, Durable, Flow, Version, Write};
use mfa_policy::Timestamp;
use mfa_store::{CommitError, Delivery, MemoryStore, Settled, Store, StoreError};
use shuttle::future::{block_on, spawn, yield_now};
use shuttle::scheduler::DfsScheduler;
use shuttle::{Config, Runner};

/// A store that lets others go first at each of its steps.
struct InSteps<S>(S);

impl<S: Store> Store for InSteps<S> {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        yield_now().await;
        self.0.load(key).await
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        yield_now().await;
        self.0.commit(write).await
    }

    async fn claim_outbox(
        &self,
        most: u32,
        now: Timestamp,
        lease_seconds: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.0.claim_outbox(most, now, lease_seconds).await
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) -> Result<(), StoreError> {
        self.0.settle(delivery, settled).await
    }

    async fn keys(
        &self,
        after: Option<&AccountKey>,
        most: u32,
    ) -> Result<Vec<AccountKey>, StoreError> {
        self.0.keys(after, most).await
    }

    async fn clean_up(&self, before: Timestamp, most: u32) -> Result<u64, StoreError> {
        self.0.clean_up(before, most).await
    }

    async fn pause(&self, _duration: Duration) {}
}

/// The twin that has to be caught: it writes over whatever is there.
#[derive(Default)]
struct Blind(Mutex<BTreeMap<AccountKey, (Version, Vec<u8>)>>);

impl Store for Blind {
    async fn load(&self, key: &AccountKey) -> Result<Account, StoreError> {
        Ok(match self.0.lock().unwrap().get(key) {
            Some((version, stored)) => Account::from_stored(key.clone(), *version, stored).unwrap(),
            None => Account::absent(key.clone()),
        })
    }

    async fn commit(&self, write: &Write) -> Result<Durable, CommitError> {
        let account = write.account();
        let row = (account.version(), account.to_stored().to_vec());
        self.0.lock().unwrap().insert(write.key().clone(), row);
        Ok(write.danger_declare_durable())
    }

    async fn claim_outbox(
        &self,
        _: u32,
        _: Timestamp,
        _: u32,
    ) -> Result<Vec<Delivery>, StoreError> {
        Ok(Vec::new())
    }

    async fn settle(&self, _: Delivery, _: Settled) -> Result<(), StoreError> {
        Ok(())
    }

    async fn keys(&self, _: Option<&AccountKey>, _: u32) -> Result<Vec<AccountKey>, StoreError> {
        Ok(Vec::new())
    }

    async fn clean_up(&self, _: Timestamp, _: u32) -> Result<u64, StoreError> {
        Ok(0)
    }
}

/// How many of the answers were accepted, and how each was judged.
type Outcome = (usize, Vec<String>);

/// Two nodes answer at once, each in a session of its own, after so many wrong answers.
async fn two_answers<S: Store + 'static>(
    store: S,
    flow: Arc<Flow>,
    wrong_before: usize,
    typed: String,
) -> Outcome {
    let (store, person) = (Arc::new(InSteps(store)), Person::new("ada"));
    let mut desk = Desk::new(&*store, &flow, &person, FIRST_STEP);
    let first = desk.settle_in().await.unwrap();
    let second = desk.first_factor().await.unwrap();
    let mut sessions = Vec::new();
    for session in [first, second] {
        let challenge = desk.challenge(&session).await.unwrap().unwrap();
        sessions.push((session, challenge));
    }
    for _ in 0..wrong_before {
        let (session, challenge) = &sessions[0];
        let typed = wrong_code(FIRST_STEP);
        let answer = desk.answer(session, *challenge, &typed).await;
        assert!(answer.unwrap().is_err());
    }
    let nodes = sessions.into_iter().map(|(session, challenge)| {
        let (store, flow, person, typed) =
            (store.clone(), flow.clone(), person.clone(), typed.clone());
        spawn(async move {
            let mut desk = Desk::new(&*store, &flow, &person, FIRST_STEP);
            let answer = desk.answer(&session, challenge, &typed).await.unwrap();
            (answer.is_ok(), desk.revealed[0].class().unwrap().to_owned())
        })
    });
    let nodes: Vec<_> = nodes.collect();
    let (mut accepted, mut classes) = (0, Vec::new());
    for node in nodes {
        let (is_accepted, class) = node.await.unwrap();
        accepted += usize::from(is_accepted);
        classes.push(class);
    }
    classes.sort();
    (accepted, classes)
}

/// What comes out in at least one order of all.
fn in_every_order<S: Store + 'static>(
    store: impl Fn() -> S + Send + Sync + 'static,
    wrong_before: usize,
    typed: String,
) -> BTreeSet<Outcome> {
    let (flow, outcomes) = (Arc::new(flow()), Arc::new(Mutex::new(BTreeSet::new())));
    let found = outcomes.clone();
    let mut config = Config::new();
    config.stack_size = 1 << 20;
    let orders = Runner::new(DfsScheduler::new(None, false), config).run(move || {
        let answers = two_answers(store(), flow.clone(), wrong_before, typed.clone());
        let outcome = block_on(answers);
        found.lock().unwrap().insert(outcome);
    });
    println!("{orders} orders");
    // Each node begins, loads and commits: (3 + 3)! / (3! 3!).
    assert!(orders >= 20);
    outcomes.lock().unwrap().clone()
}

fn outcome(accepted: usize, classes: [&str; 2]) -> Outcome {
    (accepted, classes.map(str::to_owned).to_vec())
}

fn in_memory() -> MemoryStore {
    MemoryStore::new(keyring())
}

#[test]
fn of_two_equal_codes_one_is_accepted_in_every_order() {
    let outcomes = in_every_order(in_memory, 0, code(FIRST_STEP));
    let right = outcome(1, ["accepted", "replayed"]);
    assert_eq!(outcomes, BTreeSet::from([right]));
}

#[test]
fn the_last_free_guess_is_looked_at_once_in_every_order() {
    let outcomes = in_every_order(in_memory, 4, wrong_code(FIRST_STEP));
    let right = outcome(0, ["locked", "wrong"]);
    assert_eq!(outcomes, BTreeSet::from([right]));
}

#[test]
fn a_store_that_does_not_compare_versions_is_caught() {
    let outcomes = in_every_order(Blind::default, 0, code(FIRST_STEP));
    assert!(outcomes.contains(&outcome(2, ["accepted", "accepted"])));
}
