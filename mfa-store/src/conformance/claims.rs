//! Claims: of everything that is claimed there is one in a tenant.

use mfa_flow::{
    Change, Confirmed, Enrol, Enrolled, NewSecurityKey, Refused, SessionId, Test, Version,
};
use mfa_policy::{Purpose, RegistrationId};

use super::bench::{
    Bench, Failure, Person, STEP, authenticator, code, expect, start, take, together,
};
use super::cases;
use crate::error::CommitError;
use crate::store::Store;

cases![
    a_claim_is_taken_for_everybody_else,
    a_change_whose_claim_is_taken_writes_nothing,
    of_two_who_claim_one_gets_it,
    what_is_released_can_be_claimed,
    each_tenant_has_claims_of_its_own,
    transact_decides_again_on_what_is_taken,
];

/// Somebody with a pending security key.
struct Claimant {
    person: Person,
    session: SessionId,
    pending: RegistrationId,
}

impl Claimant {
    async fn new<S: Store>(store: &S, bench: &Bench, person: Person) -> Result<Self, Failure> {
        let session = bench
            .plant(store, &person, serde_json::json!([authenticator()]))
            .await?;
        let visit = person.visit(start(), Some(&session));
        let prompt = bench
            .run(store, &person.key, &visit, |on| {
                on.challenge(Purpose::TwoStep)
            })
            .await??;
        let (typed, app) = (code(STEP)?, RegistrationId::new("app")?);
        let answer = mfa_flow::Answer::Code(&typed);
        let proof = bench
            .run(store, &person.key, &visit, |on| {
                on.answer(prompt.challenge(), &app, answer)
            })
            .await??;
        let session = proof.session().clone();
        let visit = person.visit(start(), Some(&session));
        let begun = bench
            .run(store, &person.key, &visit, |on| {
                on.begin_enrolment(Enrol::SecurityKey, "key")
            })
            .await??;
        Ok(Self {
            pending: begun.registration().clone(),
            person,
            session,
        })
    }

    /// Claims the credential `key`.
    async fn confirm<S: Store>(
        &self,
        store: &S,
        bench: &Bench,
    ) -> Result<Change<Result<Enrolled, Refused>>, Failure> {
        let visit = self.person.visit(start(), Some(&self.session));
        let account = store.load(&self.person.key).await?;
        let change = bench.decide(account, &visit, |on| {
            on.confirm_enrolment(&self.pending, KEY)
        });
        expect(change.write().claims().len() == 1, "nothing is claimed")?;
        Ok(change)
    }
}

const KEY: Test<'_> = Test::SecurityKey(NewSecurityKey {
    credential: "key",
    data: "public",
    sign_count: 0,
    user_verified: true,
});

async fn ada_and_eve<S: Store>(store: &S, bench: &Bench) -> Result<(Claimant, Claimant), Failure> {
    let ada = Claimant::new(store, bench, Person::new("ada")?).await?;
    let eve = Claimant::new(store, bench, Person::new("eve")?).await?;
    Ok((ada, eve))
}

async fn a_claim_is_taken_for_everybody_else<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let (ada, eve) = ada_and_eve(store, &bench).await?;
    let first = ada.confirm(store, &bench).await?;
    let durable = store.commit(first.write()).await?;
    let enrolled = first.reveal(&durable)??;
    expect(*enrolled.registration() == ada.pending, "another one")?;
    let second = eve.confirm(store, &bench).await?;
    for _ in 0..2 {
        match store.commit(second.write()).await {
            Err(CommitError::Taken(taken)) => {
                expect(taken == second.write().claims(), "other claims are taken")?;
            }
            other => expect(false, format!("not taken but {other:?}"))?,
        }
    }
    Ok(())
}

async fn a_change_whose_claim_is_taken_writes_nothing<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let (ada, eve) = ada_and_eve(store, &bench).await?;
    let first = ada.confirm(store, &bench).await?;
    store.commit(first.write()).await?;
    let before = store.load(&eve.person.key).await?.version();
    let sent = take(store, start()).await?.len();
    expect(sent > 0, "nothing goes out")?;
    let second = eve.confirm(store, &bench).await?;
    let taken = store.commit(second.write()).await;
    expect(
        matches!(taken, Err(CommitError::Taken(_))),
        "it is not taken",
    )?;
    let after = store.load(&eve.person.key).await?.version();
    expect(before == after, "the account was written")?;
    expect(take(store, start()).await?.is_empty(), "something goes out")
}

async fn of_two_who_claim_one_gets_it<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let (ada, eve) = ada_and_eve(store, &bench).await?;
    let both = [
        ada.confirm(store, &bench).await?,
        eve.confirm(store, &bench).await?,
    ];
    let results = together(both.iter().map(|c| store.commit(c.write())).collect()).await;
    let committed = results.iter().filter(|result| result.is_ok()).count();
    expect(committed == 1, format!("{committed} got it: {results:?}"))?;
    for (change, result) in both.iter().zip(results) {
        match result {
            Ok(_) | Err(CommitError::Taken(_)) => {}
            // Databases may say that both came into each other's way. Next time they know.
            Err(CommitError::Conflict) => {
                let again = store.commit(change.write()).await;
                expect(matches!(again, Err(CommitError::Taken(_))), "not taken")?;
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

async fn what_is_released_can_be_claimed<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let (ada, eve) = ada_and_eve(store, &bench).await?;
    let change = ada.confirm(store, &bench).await?;
    let durable = store.commit(change.write()).await?;
    let enrolled = change.reveal(&durable)??;
    let session = enrolled.session().cloned();
    let visit = ada.person.visit(start(), session.as_ref());
    bench
        .run(store, &ada.person.key, &visit, |on| {
            on.remove(&ada.pending, Confirmed::after_asking())
        })
        .await??;
    let change = eve.confirm(store, &bench).await?;
    store.commit(change.write()).await?;
    Ok(())
}

async fn each_tenant_has_claims_of_its_own<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    for tenant in ["acme", "other"] {
        let ada = Claimant::new(store, &bench, Person::of(tenant, "ada")?).await?;
        let change = ada.confirm(store, &bench).await?;
        store.commit(change.write()).await?;
    }
    Ok(())
}

async fn transact_decides_again_on_what_is_taken<S: Store>(store: &S) -> Result<(), Failure> {
    let bench = Bench::new()?;
    let (ada, eve) = ada_and_eve(store, &bench).await?;
    let mut outcomes = Vec::new();
    for claimant in [&ada, &eve] {
        let visit = claimant.person.visit(start(), Some(&claimant.session));
        let outcome = store
            .transact(&claimant.person.key, |account, rng| {
                let on = bench.flow.on(account, &visit, rng);
                on.confirm_enrolment(&claimant.pending, KEY)
            })
            .await?;
        outcomes.push(outcome.is_ok());
    }
    expect(outcomes == [true, false], format!("{outcomes:?}"))?;
    let eve = store.load(&eve.person.key).await?;
    expect(eve.registrations().count() == 1, "it is registered twice")?;
    expect(eve.version() > Version::ABSENT, "it was not committed")
}
