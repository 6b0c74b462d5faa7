//! Futures that are given up, and stores that are closed.

use std::collections::BTreeSet;
use std::time::Duration;

use mfa_flow::Version;

use super::bench::{Bench, Failure, Person, at_most, expect, place, start, take};
use super::cases;
use crate::delivery::Settled;
use crate::error::CommitError;
use crate::store::Store;

cases![
    a_commit_that_is_given_up_happens_wholly_or_not_at_all,
    what_is_given_up_on_the_way_leaves_the_store_usable,
];

/// The most polls of one call that are looked at.
const MOST_POLLS: u32 = 64;
/// Looks at what waits, and the time between them: longer than any statement may run that nobody waits for any more.
const MOST_LOOKS: u32 = 500;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

async fn a_commit_that_is_given_up_happens_wholly_or_not_at_all<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    for polls in 0..MOST_POLLS {
        // A change that is given up may still be on its way; whatever comes after it finds it there, or stops it.
        let given_up = at_most(polls, change(store, &bench, &ada)).await;
        let finished = given_up.transpose()?.is_some();
        change(store, &bench, &ada).await?;
        if finished {
            break;
        }
    }
    // Each change has one event.
    let version = store.load(&ada.key).await?.version();
    let events = take(store, start()).await?.len();
    expect(
        u64::try_from(events).is_ok_and(|events| Version::new(events) == version),
        format!("{version:?} with {events} events"),
    )
}

async fn what_is_given_up_on_the_way_leaves_the_store_usable<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    for polls in 0..MOST_POLLS {
        change(store, &bench, &ada).await?;
        let all = [
            at_most(polls, store.load(&ada.key)).await.is_some(),
            at_most(polls, store.keys(None, 10)).await.is_some(),
            at_most(polls, store.clean_up(start(), 10)).await.is_some(),
            at_most(polls, store.claim_outbox(10, start(), 0))
                .await
                .is_some(),
        ];
        for delivery in take(store, start()).await? {
            at_most(polls, store.settle(delivery, Settled::Failed(start()))).await;
        }
        if all.iter().all(|finished| *finished) {
            break;
        }
    }
    change(store, &bench, &ada).await?;
    // Nothing was delivered, so everything comes again; what a call that was given up still holds comes when it lets go.
    let version = store.load(&ada.key).await?.version();
    let later = start().plus_days(1);
    let mut came = BTreeSet::new();
    for _ in 0..MOST_LOOKS {
        came.extend(take(store, later).await?.iter().map(place));
        if u64::try_from(came.len()).is_ok_and(|came| Version::new(came) == version) {
            return Ok(());
        }
        store.pause(BETWEEN_LOOKS).await;
    }
    expect(false, format!("{} of {version:?} came again", came.len()))
}

/// A change that is decided again if another one comes into its way. One that was given up is still on its way in a database
/// that has not heard of it, and that may undo either.
async fn change<S: Store>(store: &S, bench: &Bench, person: &Person) -> Result<(), Failure> {
    let visit = person.visit(start(), None);
    store
        .transact(&person.key, |account, rng| {
            bench.flow.on(account, &visit, rng).first_factor(None)
        })
        .await??;
    Ok(())
}

/// Something to be found in the store, for when it is closed.
pub(super) async fn begin<S: Store>(store: &S) -> Result<Person, Failure> {
    let ada = Person::new("ada")?;
    Bench::new()?.begin(store, &ada).await?;
    Ok(ada)
}

pub(super) async fn a_closed_store_fails<S: Store>(store: &S, ada: &Person) -> Result<(), Failure> {
    let bench = Bench::new()?;
    expect(store.load(&ada.key).await.is_err(), "it loads")?;
    expect(store.keys(None, 1).await.is_err(), "it lists keys")?;
    expect(store.clean_up(start(), 1).await.is_err(), "it cleans up")?;
    expect(
        store.claim_outbox(1, start(), 60).await.is_err(),
        "it hands out",
    )?;
    let absent = mfa_flow::Account::absent(Person::new("eve")?.key);
    let change = bench.first_factor(absent, ada);
    let failed = store.commit(change.write()).await;
    expect(
        matches!(failed, Err(CommitError::Failed(_))),
        format!("a commit: {failed:?}"),
    )
}
