//! What the cases are made of: an organisation, people, and changes that are decided but not yet committed.

use std::fmt;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use chacha20::ChaCha20Rng;
use mfa_flow::{
    Account, AccountKey, Change, CommitId, Flow, HashKey, Operation, Outgoing, SessionId, SignedIn,
    TenantId, Version, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, Subject, Timestamp};
use otp_core::{Secret, TimeStep, Totp, TotpParameters};
use otp_uri::Issuer;
use rand_core::SeedableRng;

use crate::delivery::Delivery;
use crate::error::{CommitError, StoreError};
use crate::store::Store;

/// What was not as it should be.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub(super) const fn new(what: String) -> Self {
        Self(what)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

macro_rules! failure_from {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self(format!("unexpectedly: {error:?}"))
            }
        }
    )*};
}
failure_from!(
    StoreError,
    CommitError,
    mfa_flow::NotThisChange,
    mfa_flow::Refused,
    mfa_flow::Rejected,
    mfa_flow::StoredError,
    mfa_flow::TenantIdError,
    mfa_policy::NameError,
    otp_core::SecretError,
    otp_uri::NameError,
    serde_json::Error,
);

/// Fails unless it is so.
pub(super) fn expect(so: bool, what: impl Into<String>) -> Result<(), Failure> {
    if so {
        Ok(())
    } else {
        Err(Failure(what.into()))
    }
}

/// The first time step of every case, and the time at which it begins.
pub(super) const STEP: u64 = 59_870_520;
const SECONDS: u64 = 30;
/// The key of every authenticator.
const KEY: &[u8; 20] = b"12345678901234567890";
const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// When every case begins.
pub(super) fn start() -> Timestamp {
    Timestamp::from_unix_seconds(i64::try_from(STEP.saturating_mul(SECONDS)).unwrap_or(0))
}

/// What the authenticator shows at that step.
pub(super) fn code(step: u64) -> Result<String, Failure> {
    let totp = Totp::new(&Secret::import(KEY)?, TotpParameters::default());
    Ok(totp.generate_at(TimeStep::new(step)).as_str().to_owned())
}

/// Somebody of a tenant.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) key: AccountKey,
    subject: Subject,
}

impl Person {
    pub(super) fn new(name: &str) -> Result<Self, Failure> {
        Self::of("acme", name)
    }

    pub(super) fn of(tenant: &str, name: &str) -> Result<Self, Failure> {
        let id = PersonId::new(name)?;
        Ok(Self {
            key: AccountKey::new(TenantId::new(tenant)?, id.clone()),
            subject: Subject::new(id),
        })
    }

    pub(super) fn visit(&self, now: Timestamp, session: Option<&SessionId>) -> Visit {
        let visit = Visit::new(self.subject.clone(), now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false);
        match session {
            Some(session) => visit.in_session(session.clone()),
            None => visit,
        }
    }
}

/// The flows of the organisation, and random numbers that are the same every time.
pub(super) struct Bench {
    pub(super) flow: Flow,
    drawn: AtomicU64,
}

impl Bench {
    pub(super) fn new() -> Result<Self, Failure> {
        Ok(Self {
            flow: Flow::new(
                Preset::SecurityInfo.policy(),
                HashKey::from_bytes([7; 32]),
                Issuer::new("Acme")?,
            ),
            drawn: AtomicU64::new(0),
        })
    }

    /// Decides, and commits nothing.
    pub(super) fn decide<T>(
        &self,
        account: Account,
        visit: &Visit,
        decide: impl FnOnce(Operation<'_>) -> Change<T>,
    ) -> Change<T> {
        let mut seed = [0; 32];
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        for (to, from) in seed.iter_mut().zip(drawn.to_be_bytes()) {
            *to = from;
        }
        let mut rng = ChaCha20Rng::from_seed(seed);
        decide(self.flow.on(account, visit, &mut rng))
    }

    /// A change that any account of a person can have, with one event.
    pub(super) fn first_factor(
        &self,
        account: Account,
        person: &Person,
    ) -> Change<Result<SignedIn, mfa_flow::Rejected>> {
        self.decide(account, &person.visit(start(), None), |on| {
            on.first_factor(None)
        })
    }

    /// Loads, decides and commits once.
    pub(super) async fn run<S: Store, T>(
        &self,
        store: &S,
        key: &AccountKey,
        visit: &Visit,
        decide: impl FnOnce(Operation<'_>) -> Change<T> + Send,
    ) -> Result<T, Failure> {
        let change = self.decide(store.load(key).await?, visit, decide);
        let (durable, change) = {
            let durable = store.commit(change.write()).await?;
            (durable, change)
        };
        Ok(change.reveal(&durable)?)
    }

    /// The same, for the change that any account can have.
    pub(super) async fn begin<S: Store>(
        &self,
        store: &S,
        person: &Person,
    ) -> Result<SessionId, Failure> {
        let visit = person.visit(start(), None);
        let signed_in = self
            .run(store, &person.key, &visit, |on| on.first_factor(None))
            .await??;
        Ok(signed_in.session().clone())
    }

    /// Gives somebody of whom nothing is stored those registrations, with a session.
    pub(super) async fn plant<S: Store>(
        &self,
        store: &S,
        person: &Person,
        registrations: serde_json::Value,
    ) -> Result<SessionId, Failure> {
        let change = self.planted(person, registrations)?;
        let durable = store.commit(change.write()).await?;
        Ok(change.reveal(&durable)??.session().clone())
    }

    /// The change that does that.
    pub(super) fn planted(
        &self,
        person: &Person,
        registrations: serde_json::Value,
    ) -> Result<Change<Result<SignedIn, mfa_flow::Rejected>>, Failure> {
        let stored = serde_json::json!({ "schema": 1, "registrations": registrations });
        let stored = serde_json::to_vec(&stored)?;
        let account = Account::from_stored(person.key.clone(), Version::ABSENT, &stored)?;
        Ok(self.first_factor(account, person))
    }
}

/// The authenticator, as it is stored.
pub(super) fn authenticator() -> serde_json::Value {
    serde_json::json!({
        "id": "app", "method": "other_authenticator", "name": "app", "added": start(),
        "factor": { "totp": { "secret": KEY_BASE64 } },
    })
}

/// A telephone for text messages, as it is stored.
pub(super) fn phone() -> serde_json::Value {
    serde_json::json!({
        "id": "phone", "method": "text", "name": "phone", "added": start(),
        "factor": { "phone": { "number": "+31612345678" } },
    })
}

/// Everything that is due, for a minute. More than any case makes.
pub(super) async fn take<S: Store>(store: &S, now: Timestamp) -> Result<Vec<Delivery>, Failure> {
    Ok(store.claim_outbox(1_000, now, 60).await?)
}

/// The idempotency keys of what went out with a change.
pub(super) fn keys_of<T>(change: &Change<T>) -> Vec<(CommitId, u32)> {
    let commit = change.write().commit();
    (0..)
        .zip(change.write().outgoing())
        .map(|(position, _)| (commit, position))
        .collect()
}

pub(super) fn place(delivery: &Delivery) -> (CommitId, u32) {
    (delivery.commit(), delivery.position())
}

pub(super) fn json(outgoing: &Outgoing) -> Result<serde_json::Value, Failure> {
    Ok(serde_json::to_value(outgoing)?)
}

pub(super) fn stored(account: &Account) -> Vec<u8> {
    account.to_stored().to_vec()
}

/// Runs all at the same time, as far as the store lets them.
pub(super) async fn together<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in running.iter_mut().zip(&mut done) {
            if done.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// A future that is given up, and dropped, after it was polled that often without an end.
pub(super) async fn at_most<F: Future>(polls: u32, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    std::future::poll_fn(move |context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left = left.saturating_sub(1);
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
