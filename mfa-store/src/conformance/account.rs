//! Accounts: what is committed is there, once, for the one whose it is.

use mfa_flow::{AccountKey, TenantId, Version};
use mfa_policy::PersonId;

use super::bench::{Bench, Failure, Person, authenticator, expect, start, stored, take, together};
use super::cases;
use crate::error::{CommitError, StoreError};
use crate::store::Store;

cases![
    what_was_never_stored_is_absent,
    what_is_committed_is_loaded,
    of_two_first_changes_one_is_committed,
    of_many_changes_of_one_version_one_is_committed,
    a_stale_change_is_a_conflict_and_writes_nothing,
    a_change_is_committed_once,
    no_change_is_lost_among_many,
    a_proof_of_durability_reveals_no_other_change,
    tenants_are_apart,
    people_are_compared_as_bytes,
    a_decoy_is_nobody,
    large_accounts_are_kept_and_too_large_ones_refused,
    every_key_is_listed_once,
];

async fn what_was_never_stored_is_absent<S: Store>(store: &S) -> Result<(), Failure> {
    let account = store.load(&Person::new("ada")?.key).await?;
    expect(account.version() == Version::ABSENT, "it has a version")?;
    expect(take(store, start()).await?.is_empty(), "something goes out")?;
    expect(store.keys(None, 10).await?.is_empty(), "it has a key")
}

async fn what_is_committed_is_loaded<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    for version in 1..=3 {
        let change = bench.first_factor(store.load(&ada.key).await?, &ada);
        store.commit(change.write()).await?;
        let loaded = store.load(&ada.key).await?;
        expect(loaded.version() == Version::new(version), "another version")?;
        let written = change.write().account();
        expect(stored(&loaded) == stored(written), "other content")?;
    }
    Ok(())
}

async fn of_two_first_changes_one_is_committed<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    race(store, &bench, &ada, 2).await
}

async fn of_many_changes_of_one_version_one_is_committed<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    for _ in 0..10 {
        bench.begin(store, &ada).await?;
        race(store, &bench, &ada, 8).await?;
    }
    Ok(())
}

/// Everybody decides on the same version.
async fn race<S: Store>(
    store: &S,
    bench: &Bench,
    person: &Person,
    many: u32,
) -> Result<(), Failure> {
    let mut changes = Vec::new();
    for _ in 0..many {
        changes.push(bench.first_factor(store.load(&person.key).await?, person));
    }
    let commits = changes.iter().map(|change| store.commit(change.write()));
    let results = together(commits.collect()).await;
    let mut committed = Vec::new();
    for (change, result) in changes.iter().zip(results) {
        match result {
            Ok(_) => committed.push(change),
            Err(CommitError::Conflict) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let [winner] = committed.as_slice() else {
        return expect(false, format!("{} were committed", committed.len()));
    };
    let loaded = store.load(&person.key).await?;
    let written = winner.write().account();
    expect(stored(&loaded) == stored(written), "another one is stored")
}

async fn a_stale_change_is_a_conflict_and_writes_nothing<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    let never = bench.first_factor(store.load(&ada.key).await?, &ada);
    bench.begin(store, &ada).await?;
    let stale = bench.first_factor(store.load(&ada.key).await?, &ada);
    bench.begin(store, &ada).await?;
    let before = stored(&store.load(&ada.key).await?);
    for change in [never, stale] {
        let conflict = store.commit(change.write()).await;
        expect(
            matches!(conflict, Err(CommitError::Conflict)),
            format!("no conflict but {conflict:?}"),
        )?;
    }
    let after = store.load(&ada.key).await?;
    expect(after.version() == Version::new(2), "another version")?;
    expect(stored(&after) == before, "other content")?;
    expect(take(store, start()).await?.len() == 2, "more goes out")
}

async fn a_change_is_committed_once<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    for _ in 0..2 {
        let change = bench.first_factor(store.load(&ada.key).await?, &ada);
        store.commit(change.write()).await?;
        let again = store.commit(change.write()).await;
        expect(
            matches!(again, Err(CommitError::Conflict)),
            format!("the second time: {again:?}"),
        )?;
    }
    expect(take(store, start()).await?.len() == 2, "more goes out")
}

async fn no_change_is_lost_among_many<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    let visit = ada.visit(start(), None);
    let all = (0..12).map(|_| {
        store.transact(&ada.key, |account, rng| {
            bench.flow.on(account, &visit, rng).first_factor(None)
        })
    });
    for outcome in together(all.collect()).await {
        outcome??;
    }
    let version = store.load(&ada.key).await?.version();
    expect(version == Version::new(12), format!("{version:?} of 12"))?;
    let sent = take(store, start()).await?.len();
    expect(sent == 12, format!("{sent} of 12 went out"))
}

async fn a_proof_of_durability_reveals_no_other_change<S: Store>(store: &S) -> Result<(), Failure> {
    let (bench, ada) = (Bench::new()?, Person::new("ada")?);
    let lost = bench.first_factor(store.load(&ada.key).await?, &ada);
    let won = bench.first_factor(store.load(&ada.key).await?, &ada);
    let durable = store.commit(won.write()).await?;
    expect(lost.reveal(&durable).is_err(), "it reveals another")?;
    let outcome = won.reveal(&durable)?;
    expect(outcome.is_ok(), "it does not reveal its own")
}

async fn tenants_are_apart<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    // Neither the pair nor the two joined can be taken for each other.
    let people = [
        Person::of("acme", "ada")?,
        Person::of("acm", "eada")?,
        Person::of("acme2", "ada")?,
        Person::of("ada", "acme")?,
    ];
    apart(store, &bench, &people).await
}

async fn people_are_compared_as_bytes<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let names = [
        "ada",
        "Ada",
        "ADA",
        "ada ",
        " ada",
        "ad\u{e1}",
        "ada\u{301}",
        "ad\u{430}",
        "\u{df}",
        "ss",
        "%",
        "_",
        "a'b",
        "a\\b",
        "\u{1f511}",
    ];
    let people: Result<Vec<_>, _> = names.iter().map(|name| Person::new(name)).collect();
    apart(store, &bench, &people?).await
}

/// Everybody has an account of his own, with as many changes as he made.
async fn apart<S: Store>(store: &S, bench: &Bench, people: &[Person]) -> Result<(), Failure> {
    for (changes, person) in (1_u64..).zip(people) {
        for _ in 0..changes {
            bench.begin(store, person).await?;
        }
    }
    for (changes, person) in (1_u64..).zip(people) {
        let account = store.load(&person.key).await?;
        expect(
            account.version() == Version::new(changes) && *account.key() == person.key,
            format!("{:?} shares an account", person.key),
        )?;
    }
    let listed = store.keys(None, 1_000).await?;
    expect(listed.len() == people.len(), "another number of keys")
}

async fn a_decoy_is_nobody<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let tenant = TenantId::new("acme")?;
    let decoy = bench.flow.decoy(tenant.clone(), "nobody");
    let nobody = Person::new("nobody")?;
    let visit = nobody.visit(start(), None);
    let outcome = bench
        .run(store, &decoy, &visit, |on| on.first_factor(None))
        .await?;
    expect(outcome.is_err(), "a decoy signs in")?;
    let account = store.load(&decoy).await?;
    expect(account.version() == Version::new(1), "nothing is stored")?;
    expect(account.key().is_decoy(), "it is no decoy any more")?;
    let absent = store.load(&nobody.key).await?;
    expect(absent.version() == Version::ABSENT, "the person is there")?;
    expect(store.keys(None, 10).await? == [decoy], "another key")
}

async fn large_accounts_are_kept_and_too_large_ones_refused<S: Store>(
    store: &S,
) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let with_data = |bytes: usize| {
        serde_json::json!([{
            "id": "large", "method": "other_authenticator", "name": "large", "added": start(),
            "factor": { "external": { "data": "x".repeat(bytes) } },
        }])
    };
    let ada = Person::new("ada")?;
    for (place, kilobytes) in (1_u32..).zip([2, 4, 8, 16, 32, 62]) {
        let person = Person::new(&format!("large-{place}"))?;
        let change = bench.planted(&person, with_data(kilobytes << 10))?;
        store.commit(change.write()).await?;
        let loaded = store.load(&person.key).await?;
        expect(
            stored(&loaded) == stored(change.write().account()),
            format!("{kilobytes} KiB came back as something else"),
        )?;
    }
    let change = bench.planted(&ada, with_data(64 << 10))?;
    let refused = store.commit(change.write()).await;
    expect(
        matches!(refused, Err(CommitError::Failed(StoreError::TooLarge))),
        format!("64 KiB: {refused:?}"),
    )?;
    let absent = store.load(&ada.key).await?;
    expect(absent.version() == Version::ABSENT, "it is there")?;
    // The next change is not disturbed.
    bench
        .plant(store, &ada, serde_json::json!([authenticator()]))
        .await?;
    Ok(())
}

async fn every_key_is_listed_once<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let mut all = Vec::new();
    for tenant in ["b", "a", "B"] {
        for person in 0..7 {
            let person = Person::of(tenant, &format!("person {person}"))?;
            bench.begin(store, &person).await?;
            all.push(person.key);
        }
    }
    let mut listed: Vec<AccountKey> = Vec::new();
    loop {
        let page = store.keys(listed.last(), 4).await?;
        expect(page.len() <= 4, "a page is too long")?;
        if page.is_empty() {
            break;
        }
        listed.extend(page);
        expect(listed.len() <= all.len(), "a key is listed again")?;
    }
    all.sort();
    listed.sort();
    expect(all == listed, "other keys are listed")?;
    let last = AccountKey::new(TenantId::new("zz")?, PersonId::new("z")?);
    let after = store.keys(Some(&last), 4).await?;
    expect(after.is_empty(), "something comes after the last")
}
