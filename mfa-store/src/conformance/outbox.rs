//! The outbox: everything that was committed goes out, at least once, under one key; nothing else does.

use std::collections::BTreeSet;

use mfa_flow::{Change, CommitId, Effect, Event, Outgoing, What};
use mfa_policy::{PersonId, Purpose, Timestamp};

use super::bench::{
    Bench, Failure, Person, authenticator, expect, json, keys_of, phone, place, start, take,
    together,
};
use super::cases;
use crate::delivery::{Delivery, Settled};
use crate::store::Store;

cases![
    everything_of_a_change_goes_out_in_order_under_its_key,
    a_change_that_is_not_committed_sends_nothing,
    nobody_gets_what_somebody_else_has,
    workers_share_without_overlap,
    what_a_crashed_worker_had_comes_again_under_the_same_key,
    what_is_delivered_never_comes_again,
    a_late_worker_does_not_disturb_the_next_one,
    failures_wait_longer_each_time_and_are_given_up,
    what_is_given_up_is_cleaned_up_and_nothing_else,
    a_code_that_is_over_is_not_sent,
    sessions_are_told_in_order,
];

async fn everything_of_a_change_goes_out_in_order_under_its_key<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    let planted = serde_json::json!([authenticator(), phone()]);
    bench.plant(store, &ada, planted).await?;
    settle_all(store, start()).await?;
    let visit = ada.visit(start(), None).by_operator(PersonId::new("tool")?);
    let account = store.load(&ada.key).await?;
    let change = bench.decide(account, &visit, |on| on.suspend());
    store.commit(change.write()).await?;
    let outgoing = change.write().outgoing();
    expect(
        outgoing.len() >= 3,
        "too little to say anything about order",
    )?;
    let mut came = Vec::new();
    // What sessions are told comes one by one.
    while came.len() < outgoing.len() {
        let taken = take(store, start()).await?;
        expect(
            !taken.is_empty(),
            format!("{} of {}", came.len(), outgoing.len()),
        )?;
        for delivery in taken {
            expect(delivery.attempt() == 1, "another attempt than the first")?;
            expect(*delivery.account() == ada.key, "of another account")?;
            let key = format!("{}.{}", delivery.commit(), delivery.position());
            expect(delivery.idempotency_key() == key, "another key")?;
            came.push((place(&delivery), json(delivery.outgoing())?));
            store.settle(delivery, Settled::Delivered).await?;
        }
    }
    came.sort_by_key(|(place, _)| *place);
    for ((came, expected), written) in came.iter().zip(keys_of(&change)).zip(outgoing) {
        expect(came.0 == expected, "another place")?;
        expect(came.1 == json(written)?, "another content")?;
    }
    expect(take(store, start()).await?.is_empty(), "it comes again")
}

async fn a_change_that_is_not_committed_sends_nothing<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    let lost = bench.first_factor(store.load(&ada.key).await?, &ada);
    let won = bench.first_factor(store.load(&ada.key).await?, &ada);
    store.commit(won.write()).await?;
    expect(
        store.commit(lost.write()).await.is_err(),
        "both are committed",
    )?;
    let taken = take(store, start()).await?;
    let came: Vec<_> = taken.iter().map(place).collect();
    expect(came == keys_of(&won), "something else goes out")
}

async fn nobody_gets_what_somebody_else_has<S: Store>(store: &S) -> Result<(), Failure> {
    let all = events(store, 5).await?;
    let first = store.claim_outbox(2, start(), 60).await?;
    expect(first.len() == 2, "more than was asked for")?;
    let second = store.claim_outbox(100, start(), 60).await?;
    let came = first
        .iter()
        .chain(&second)
        .map(place)
        .collect::<BTreeSet<_>>();
    expect(came == all && second.len() == 3, "it overlaps")?;
    let meanwhile = start().plus_seconds(59);
    expect(
        take(store, meanwhile).await?.is_empty(),
        "a lease ends early",
    )
}

async fn workers_share_without_overlap<S: Store>(store: &S) -> Result<(), Failure> {
    let all = events(store, 24).await?;
    let mut came = Vec::new();
    while came.len() < all.len() {
        let before = came.len();
        let workers = (0..6).map(|_| store.claim_outbox(3, start(), 60));
        for taken in together(workers.collect()).await {
            came.extend(taken?.iter().map(place));
        }
        expect(came.len() > before, "something is never handed out")?;
    }
    let distinct: BTreeSet<_> = came.iter().copied().collect();
    expect(distinct.len() == came.len(), "two workers got the same")?;
    expect(distinct == all, "something else was handed out")
}

async fn what_a_crashed_worker_had_comes_again_under_the_same_key<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let all = events(store, 3).await?;
    let mut now = start();
    for attempt in 1..=3 {
        let taken = take(store, now).await?;
        let came = taken.iter().map(place).collect::<BTreeSet<_>>();
        expect(came == all, "not all of it comes again")?;
        let attempts_right = taken.iter().all(|one| one.attempt() == attempt);
        expect(attempts_right, "attempts are not counted")?;
        drop(taken);
        now = now.plus_seconds(60);
    }
    Ok(())
}

async fn what_is_delivered_never_comes_again<S: Store>(store: &S) -> Result<(), Failure> {
    events(store, 3).await?;
    settle_all(store, start()).await?;
    let later = start().plus_days(3_650);
    expect(take(store, later).await?.is_empty(), "it comes again")
}

async fn a_late_worker_does_not_disturb_the_next_one<S: Store>(store: &S) -> Result<(), Failure> {
    events(store, 1).await?;
    let slow = one(store, start()).await?;
    let later = start().plus_seconds(60);
    let next = one(store, later).await?;
    store.settle(slow, Settled::GivenUp(later)).await?;
    let meanwhile = later.plus_seconds(59);
    expect(take(store, meanwhile).await?.is_empty(), "the lease ended")?;
    store.settle(next, Settled::Failed(later)).await?;
    let again = one(store, later.plus_seconds(4)).await?;
    expect(again.attempt() == 3, "another attempt than the third")?;
    // But what was delivered late was delivered.
    let slow = again;
    let later = later.plus_seconds(64);
    let next = one(store, later).await?;
    store.settle(slow, Settled::Delivered).await?;
    store.settle(next, Settled::Failed(later)).await?;
    let ever = later.plus_days(10);
    expect(take(store, ever).await?.is_empty(), "it comes again")
}

async fn failures_wait_longer_each_time_and_are_given_up<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    events(store, 1).await?;
    let mut now = start();
    let mut attempts = 0_u32;
    let mut delays = Vec::new();
    for _ in 0..1_000 {
        let Some(delivery) = take(store, now).await?.pop() else {
            break;
        };
        attempts = attempts.saturating_add(1);
        expect(delivery.attempt() == attempts, "attempts are not counted")?;
        store.settle(delivery, Settled::Failed(now)).await?;
        let (delay, due) = next_due(now, attempts);
        if attempts < 32 {
            let early = Timestamp::from_unix_seconds(due.unix_seconds().saturating_sub(1));
            expect(take(store, early).await?.is_empty(), "it comes early")?;
        }
        delays.push(delay);
        now = due;
    }
    expect(attempts == 32, format!("{attempts} attempts"))?;
    expect(delays.is_sorted(), "a delay is shorter than the one before")?;
    let ever = now.plus_days(3_650);
    expect(take(store, ever).await?.is_empty(), "it comes again")
}

/// The delay after that attempt, and when it is over.
fn next_due(now: Timestamp, attempt: u32) -> (u32, Timestamp) {
    let delay = 2_u32.saturating_pow(attempt).min(3_600);
    (delay, now.plus_seconds(delay))
}

async fn what_is_given_up_is_cleaned_up_and_nothing_else<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    events(store, 4).await?;
    for delivery in store.claim_outbox(3, start(), 60).await? {
        store.settle(delivery, Settled::GivenUp(start())).await?;
    }
    let accounts = store.keys(None, 100).await?;
    expect(store.clean_up(start(), 100).await? == 0, "too early")?;
    let later = start().plus_seconds(1);
    expect(store.clean_up(later, 2).await? == 2, "not two")?;
    expect(store.clean_up(later, 2).await? == 1, "not the third")?;
    let ever = start().plus_days(3_650);
    expect(store.clean_up(ever, 100).await? == 0, "what waits is gone")?;
    expect(take(store, start()).await?.len() == 1, "what waits is lost")?;
    expect(
        store.keys(None, 100).await? == accounts,
        "an account is gone",
    )
}

async fn a_code_that_is_over_is_not_sent<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    for (name, late, sent) in [("ada", 0, true), ("eve", 3_600, false)] {
        let person = Person::new(name)?;
        let planted = serde_json::json!([phone()]);
        let session = bench.plant(store, &person, planted).await?;
        let visit = person.visit(start(), Some(&session));
        let prompt = bench
            .run(store, &person.key, &visit, |on| {
                on.challenge(Purpose::TwoStep)
            })
            .await??;
        expect(prompt.asked().is_some(), "nothing is sent")?;
        let now = start().plus_seconds(late);
        let (mut texts, mut notes) = (0_u32, 0_u32);
        for delivery in take(store, now).await? {
            match delivery.outgoing() {
                Outgoing::Effect(Effect::SendText { .. }) => {
                    texts = texts.saturating_add(1);
                }
                Outgoing::Event(Event {
                    what: What::NotSent,
                    registration,
                    at,
                    ..
                }) => {
                    expect(registration.is_some(), "of which registration?")?;
                    expect(*at == now, "at another time")?;
                    notes = notes.saturating_add(1);
                }
                _ => {}
            }
            store.settle(delivery, Settled::Delivered).await?;
        }
        let expected = if sent { (1, 0) } else { (0, 1) };
        expect(
            (texts, notes) == expected,
            format!("{texts} texts, {notes} notes"),
        )?;
    }
    Ok(())
}

async fn sessions_are_told_in_order<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada, eve) = (Bench::new()?, Person::new("ada")?, Person::new("eve")?);
    bench.begin(store, &ada).await?;
    bench.begin(store, &eve).await?;
    settle_all(store, start()).await?;
    let mut expected = Vec::new();
    for person in [&ada, &eve, &ada, &ada] {
        let visit = person
            .visit(start(), None)
            .by_operator(PersonId::new("tool")?);
        let account = store.load(&person.key).await?;
        let change = bench.decide(account, &visit, |on| on.end_sessions());
        store.commit(change.write()).await?;
        if person.key == ada.key {
            expected.extend(told_to_sessions(&change));
        }
    }
    let mut told = Vec::new();
    for _ in 0..expected.len() {
        let taken = take(store, start()).await?;
        let (mine, others): (Vec<_>, Vec<_>) = taken
            .into_iter()
            .partition(|one| *one.account() == ada.key && is_to_sessions(one.outgoing()));
        for delivery in others {
            store.settle(delivery, Settled::Delivered).await?;
        }
        expect(mine.len() == 1, format!("{} at once", mine.len()))?;
        // While one is on its way, the next one waits.
        let meanwhile = take(store, start()).await?;
        let early = meanwhile.iter().any(|one| is_to_sessions(one.outgoing()));
        expect(!early, "the next one is handed out")?;
        for delivery in mine {
            told.push(place(&delivery));
            store.settle(delivery, Settled::Delivered).await?;
        }
    }
    expect(told == expected, "in another order")
}

fn told_to_sessions<T>(change: &Change<T>) -> Vec<(CommitId, u32)> {
    let outgoing = change.write().outgoing().iter();
    outgoing
        .zip(keys_of(change))
        .filter(|(outgoing, _)| is_to_sessions(outgoing))
        .map(|(_, key)| key)
        .collect()
}

const fn is_to_sessions(outgoing: &Outgoing) -> bool {
    matches!(
        outgoing,
        Outgoing::Effect(Effect::EndSessions { .. } | Effect::RotateSession { .. })
    )
}

/// That many events, one of each person.
async fn events<S: Store>(store: &S, many: u32) -> Result<BTreeSet<(CommitId, u32)>, Failure> {
    let bench = Bench::new()?;
    let mut all = BTreeSet::new();
    for number in 0..many {
        let person = Person::new(&format!("person {number}"))?;
        let change = bench.first_factor(store.load(&person.key).await?, &person);
        store.commit(change.write()).await?;
        all.extend(keys_of(&change));
    }
    Ok(all)
}

async fn one<S: Store>(store: &S, now: Timestamp) -> Result<Delivery, Failure> {
    let mut taken = take(store, now).await?;
    let count = taken.len();
    match taken.pop() {
        Some(delivery) if count == 1 => Ok(delivery),
        _ => Err(Failure::new(format!("{count} are due"))),
    }
}

async fn settle_all<S: Store>(store: &S, now: Timestamp) -> Result<(), Failure> {
    loop {
        let taken = take(store, now).await?;
        if taken.is_empty() {
            return Ok(());
        }
        for delivery in taken {
            store.settle(delivery, Settled::Delivered).await?;
        }
    }
}
