//! One organisation, the same in every process: its policy, its keys, and people with hardware tokens that
//! show the same codes.

#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

use mfa_flow::{
    Account, AccountKey, Answer, ChallengeId, Change, CommitId, Effect, Enrol, Flow, HardwareToken,
    HashKey, Operation, Outgoing, Proof, Refused, Rejected, SessionId, TenantId, Test, Visit,
};
use mfa_policy::{
    Method, PersonId, Preset, Purpose, RegisteredBy, RegistrationId, Subject, Timestamp,
};
use mfa_store::{Delivery, KeyId, Keyring, Settled, Store, StoreError};
use otp_core::{Secret, TimeStep, Totp, TotpParameters};
use otp_uri::Issuer;
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

/// The first time step of every test. Its seconds are those of the clock on 2026-12-01 at nine.
pub(crate) const FIRST_STEP: u64 = 59_870_520;
const SECONDS_A_STEP: i64 = 30;

/// Steps between the enrolment of a token and everything else.
const ENROLLED_BEFORE: i64 = 20;

/// The time at which that step begins.
pub(crate) fn at(step: u64) -> Timestamp {
    Timestamp::from_unix_seconds(i64::try_from(step).unwrap() * SECONDS_A_STEP)
}

/// The key of every token.
fn key() -> Secret {
    Secret::import(b"12345678901234567890").unwrap()
}

/// What the tokens show at that step.
pub(crate) fn code(step: u64) -> String {
    let totp = Totp::new(&key(), TotpParameters::default());
    totp.generate_at(TimeStep::new(step)).as_str().to_owned()
}

/// A code that no step near this one has.
pub(crate) fn wrong_code(step: u64) -> String {
    let near: Vec<String> = (step - 10..=step + 10).map(code).collect();
    let mut numbers = (0..).map(|number: u32| format!("{number:06}"));
    numbers.find(|code| !near.contains(code)).unwrap()
}

/// The flows of the organisation, in which people register their tokens themselves.
pub(crate) fn flow() -> Flow {
    let mut draft = Preset::SecurityInfo.draft();
    let tokens = draft.methods.entry(Method::HardwareToken).or_default();
    tokens.registration = Some(RegisteredBy::SelfService);
    Flow::new(
        draft.validate().unwrap(),
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

    pub(crate) async fn run<T: Send>(
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

    /// Enrols the token of somebody who has nothing yet, ten minutes ago, and gives a session of now.
    pub(crate) async fn settle_in(&mut self) -> Result<SessionId, StoreError> {
        let now = self.now;
        let before = now.unix_seconds() - ENROLLED_BEFORE * SECONDS_A_STEP;
        self.now = Timestamp::from_unix_seconds(before);
        let holder = self.person.key.holder();
        let token = HardwareToken::totp(&holder, key(), TotpParameters::default()).unwrap();
        let typed = code(u64::try_from(before / SECONDS_A_STEP).unwrap());
        let session = self.first_factor().await?;
        let begun = self
            .run(Some(&session), |on| {
                on.begin_enrolment(Enrol::HardwareToken(&token), "Token")
            })
            .await?;
        let registration = begun.unwrap().registration().clone();
        let enrolled = self
            .run(Some(&session), |on| {
                on.confirm_enrolment(&registration, Test::Code(&typed))
            })
            .await?;
        assert!(enrolled.is_ok(), "{enrolled:?}");
        self.now = now;
        self.first_factor().await
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
        self.with_token(session, |on, token| {
            on.answer(challenge, token, Answer::Code(typed))
        })
        .await
    }

    /// Runs something that is about the token.
    pub(crate) async fn with_token<T: Send>(
        &mut self,
        session: &SessionId,
        mut decide: impl FnMut(Operation<'_>, &RegistrationId) -> Change<T> + Send,
    ) -> Result<T, StoreError> {
        let (flow, visit) = (self.flow, self.person.visit(self.now, Some(session)));
        self.transact(|account, rng| {
            let token = token_of(&account);
            decide(flow.on(account, &visit, rng), &token)
        })
        .await
    }
}

/// The registration of the token, which is the only one.
fn token_of(account: &Account) -> RegistrationId {
    let mut registrations = account.registrations();
    registrations.next().unwrap().id().clone()
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
