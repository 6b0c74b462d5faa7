//! One organisation, the same in every process: its policy, its keys, and people who have the same authenticator.

#![allow(dead_code, reason = "each test file uses a part of this one")]

use mfa_flow::{
    Account, AccountKey, Answer, ChallengeId, Change, CommitId, Effect, Flow, HashKey, Operation,
    Outgoing, Proof, Refused, Rejected, SessionId, TenantId, Version, Visit,
};
use mfa_policy::{PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp};
use mfa_store::{Delivery, KeyId, Keyring, Settled, Store, StoreError};
use otp_core::{Secret, TimeStep, Totp, TotpParameters};
use otp_uri::Issuer;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The first time step of every test. Its seconds are those of the clock on 2026-12-01 at nine.
pub(crate) const FIRST_STEP: u64 = 59_870_520;
const SECONDS_A_STEP: u64 = 30;

/// The key of the authenticators.
const KEY: [u8; 20] = *b"12345678901234567890";
const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// The time at which that step begins.
pub(crate) fn at(step: u64) -> Timestamp {
    Timestamp::from_unix_seconds(i64::try_from(step * SECONDS_A_STEP).unwrap())
}

fn totp() -> Totp {
    Totp::new(&Secret::import(&KEY).unwrap(), TotpParameters::default())
}

/// What the authenticators show at that step.
pub(crate) fn code(step: u64) -> String {
    let code = totp().generate_at(TimeStep::new(step));
    code.as_str().to_owned()
}

/// A code that no step near this one has.
pub(crate) fn wrong_code(step: u64) -> String {
    let near: Vec<String> = (step - 10..=step + 10).map(code).collect();
    let mut numbers = (0..).map(|number: u32| format!("{number:06}"));
    numbers.find(|code| !near.contains(code)).unwrap()
}

/// The registration of the authenticator.
pub(crate) fn authenticator() -> RegistrationId {
    RegistrationId::new("app").unwrap()
}

/// The flows of the organisation.
pub(crate) fn flow() -> Flow {
    Flow::new(
        Preset::SecurityInfo.policy(),
        HashKey::from_bytes([7; 32]),
        Issuer::new("Acme").unwrap(),
    )
}

/// What rows are sealed with.
pub(crate) fn keyring() -> Keyring {
    Keyring::new(KeyId::new(1), [9; 32])
}

/// Somebody of the organisation.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) key: AccountKey,
    subject: Subject,
}

impl Person {
    pub(crate) fn new(name: &str) -> Self {
        let id = PersonId::new(name).unwrap();
        Self {
            key: AccountKey::new(TenantId::new("acme").unwrap(), id.clone()),
            subject: Subject::new(id),
        }
    }

    pub(crate) fn visit(&self, now: Timestamp, session: Option<&SessionId>) -> Visit {
        let visit = Visit::new(self.subject.clone(), now);
        match session {
            Some(session) => visit.in_session(session.clone()),
            None => visit,
        }
    }
}

/// A change that was handed to a store. Whether it was committed is another question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Decided {
    pub(crate) version: u64,
    pub(crate) commit: CommitId,
    pub(crate) outgoing: Vec<serde_json::Value>,
}

/// Somebody at a node of a service: what is asked for, and what became of it.
pub(crate) struct Desk<'a, S> {
    store: &'a S,
    flow: &'a Flow,
    person: &'a Person,
    now: Timestamp,
    /// The changes whose outcome was revealed, in order.
    pub(crate) revealed: Vec<Decided>,
    /// The changes that were decided and whose outcome nobody was told.
    pub(crate) untold: Vec<Decided>,
}

impl<'a, S: Store> Desk<'a, S> {
    pub(crate) fn new(store: &'a S, flow: &'a Flow, person: &'a Person, step: u64) -> Self {
        Self {
            store,
            flow,
            person,
            now: at(step),
            revealed: Vec::new(),
            untold: Vec::new(),
        }
    }

    async fn run<T: Send>(
        &mut self,
        session: Option<&SessionId>,
        mut decide: impl FnMut(Operation<'_>) -> Change<T> + Send,
    ) -> Result<T, StoreError> {
        let visit = self.person.visit(self.now, session);
        let flow = self.flow;
        self.transact(|account, rng| decide(flow.on(account, &visit, rng)))
            .await
    }

    async fn transact<T: Send>(
        &mut self,
        mut decide: impl FnMut(Account, &mut dyn CryptoRng) -> Change<T> + Send,
    ) -> Result<T, StoreError> {
        // Noted before they are handed to the store, so that nothing is missed however it ends.
        let untold = &mut self.untold;
        let outcome = self
            .store
            .transact(&self.person.key, |account, rng| {
                let change = decide(account, rng);
                untold.push(Decided::of(&change));
                change
            })
            .await?;
        self.revealed.extend(self.untold.pop());
        Ok(outcome)
    }

    /// Gives somebody who has nothing yet the authenticator.
    pub(crate) async fn settle_in(&mut self) -> Result<SessionId, StoreError> {
        let account = json!({ "schema": 1, "registrations": [{
            "id": authenticator(), "method": "other_authenticator", "name": "app", "added": self.now,
            "factor": { "totp": { "secret": KEY_BASE64 } },
        }] });
        let account = serde_json::to_vec(&account).unwrap();
        let (visit, person) = (self.person.visit(self.now, None), self.person);
        let flow = self.flow;
        let signed_in = self
            .transact(|absent, rng| {
                assert_eq!(absent.version(), Version::ABSENT);
                let stored = Account::from_stored(person.key.clone(), Version::ABSENT, &account);
                flow.on(stored.unwrap(), &visit, rng).first_factor(None)
            })
            .await?;
        Ok(signed_in.unwrap().session().clone())
    }

    /// The password was right.
    pub(crate) async fn first_factor(&mut self) -> Result<SessionId, StoreError> {
        let signed_in = self.run(None, |on| on.first_factor(None)).await?;
        Ok(signed_in.unwrap().session().clone())
    }

    pub(crate) async fn challenge(
        &mut self,
        session: &SessionId,
    ) -> Result<Result<ChallengeId, Refused>, StoreError> {
        let prompt = self
            .run(Some(session), |on| on.challenge(Purpose::TwoStep))
            .await?;
        Ok(prompt.map(|prompt| prompt.challenge()))
    }

    pub(crate) async fn answer(
        &mut self,
        session: &SessionId,
        challenge: ChallengeId,
        typed: &str,
    ) -> Result<Result<Proof, Rejected>, StoreError> {
        let registration = authenticator();
        self.run(Some(session), |on| {
            on.answer(challenge, &registration, Answer::Code(typed))
        })
        .await
    }

    pub(crate) async fn rename(
        &mut self,
        session: &SessionId,
        name: &str,
    ) -> Result<Result<(), Refused>, StoreError> {
        let registration = authenticator();
        self.run(Some(session), |on| on.rename(&registration, name))
            .await
    }

    pub(crate) async fn sign_out(&mut self, session: &SessionId) -> Result<(), StoreError> {
        self.run(Some(session), |on| on.sign_out()).await
    }
}

impl Decided {
    /// How an answer was judged, if this is one.
    pub(crate) fn class(&self) -> Option<&str> {
        self.outgoing.iter().find_map(class_of)
    }

    fn of<T>(change: &Change<T>) -> Self {
        let write = change.write();
        let json = |outgoing: &Outgoing| serde_json::to_value(outgoing).unwrap();
        Self {
            version: write.account().version().get(),
            commit: write.commit(),
            outgoing: write.outgoing().iter().map(json).collect(),
        }
    }
}

/// How an answer was judged, if this is the event of one.
pub(crate) fn class_of(outgoing: &serde_json::Value) -> Option<&str> {
    outgoing.pointer("/event/what/answered/result")?.as_str()
}

/// Everything in the outbox that nobody has asked for before.
pub(crate) async fn outbox(store: &impl Store) -> Vec<Delivery> {
    let mut all = Vec::new();
    loop {
        // Before everything that was done, so that nothing is too late to be sent.
        let deliveries = store.claim_outbox(1_000, at(FIRST_STEP), u32::MAX).await;
        let deliveries = deliveries.unwrap();
        if deliveries.is_empty() {
            return all;
        }
        for delivery in deliveries {
            // What sessions are told has to be settled before the next of it comes.
            if let Outgoing::Effect(Effect::RotateSession { .. } | Effect::EndSessions { .. }) =
                delivery.outgoing()
            {
                let again = Delivery::new(
                    delivery.account().clone(),
                    delivery.commit(),
                    delivery.position(),
                    delivery.attempt(),
                    delivery.outgoing().clone(),
                );
                store.settle(again, Settled::Delivered).await.unwrap();
            }
            all.push(delivery);
        }
    }
}

/// Says that something is not shown here, where that may be.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
    println!("SKIPPED: {why}");
}
