//! Somebody who signs in again and again.

use std::time::{Duration, Instant};

use mfa_flow::{
    Account as Stored, AccountKey, Answer, Flow, HashKey, SessionId, TenantId, Version, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp};
use mfa_store::Store;
use otp_core::{Secret, Totp, TotpParameters, UnixTime};
use otp_uri::Issuer;
use serde_json::{Value, json};

/// 2026-12-20T12:00:00Z.
const NOON: u64 = 1_797_768_000;
const FIVE_METHODS: &str = include_str!("../../../mfa-flow/tests/golden/five-methods.json");
/// The key of everybody's authenticator.
pub(crate) const KEY: &[u8; 20] = b"12345678901234567890";
const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// What somebody has registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// An authenticator.
    OneMethod,
    /// The sample of the tests of `mfa-flow`, with the code of the app as the default.
    FiveMethods,
}

/// Somebody in a browser, with an authenticator and a clock of his own: each sign-in is half a minute after the last.
pub struct Client {
    flow: Flow,
    key: AccountKey,
    subject: Subject,
    app: RegistrationId,
    totp: Totp,
    session: SessionId,
    now: u64,
}

impl Client {
    /// Puts the account into the store, with a session after the password.
    pub async fn new(store: &impl Store, name: &str, account: Account) -> Self {
        let hash = HashKey::from_bytes([7; 32]);
        Self::of("acme", hash, store, name, account, NOON).await
    }

    /// The same in an organisation with a key of its own, at that time.
    pub async fn of(
        tenant: &str,
        hash: HashKey,
        store: &impl Store,
        name: &str,
        account: Account,
        now: u64,
    ) -> Self {
        let issuer = Issuer::new("Acme").unwrap();
        let flow = Flow::new(Preset::SecurityInfo.policy(), hash, issuer);
        let person = PersonId::new(name).unwrap();
        let key = AccountKey::new(TenantId::new(tenant).unwrap(), person.clone());
        let (stored, app) = account.stored();
        let subject = Subject::new(person);
        let visit = visit(&subject, now);
        let signed_in = store
            .transact(&key, |_, rng| {
                // Nothing is stored yet: this is what the first change is made of.
                let given = Stored::from_stored(key.clone(), Version::ABSENT, &stored).unwrap();
                flow.on(given, &visit, rng).first_factor(None)
            })
            .await;
        let session = signed_in.unwrap().unwrap().session().clone();
        Self {
            flow,
            key,
            subject,
            app,
            totp: Totp::new(&Secret::import(KEY).unwrap(), TotpParameters::default()),
            session,
            now,
        }
    }

    /// A challenge and its answer, and how long the answer took.
    pub async fn sign_in(&mut self, store: &impl Store) -> Duration {
        self.now += 30;
        let visit = visit(&self.subject, self.now).in_session(self.session.clone());
        let (flow, app) = (&self.flow, &self.app);
        let prompt = store
            .transact(&self.key, |account, rng| {
                flow.on(account, &visit, rng).challenge(Purpose::TwoStep)
            })
            .await;
        let challenge = prompt.unwrap().unwrap().challenge();
        let code = self.totp.generate(UnixTime::from_secs(self.now)).unwrap();
        let start = Instant::now();
        let proof = store
            .transact(&self.key, |account, rng| {
                let answer = Answer::Code(code.as_str());
                flow.on(account, &visit, rng).answer(challenge, app, answer)
            })
            .await;
        let took = start.elapsed();
        self.session = proof.unwrap().unwrap().session().clone();
        took
    }
}

impl Account {
    /// The stored form, and its authenticator.
    fn stored(self) -> (Vec<u8>, RegistrationId) {
        let mut stored: Value = match self {
            Self::FiveMethods => serde_json::from_str(FIVE_METHODS).unwrap(),
            Self::OneMethod => json!({ "schema": 1, "registrations": [{
                "id": "AAAAAAAAAAAAAAAAAAAAAA", "method": "authenticator_code", "name": "telephone",
                "added": "2026-12-01T09:00:00Z", "factor": { "totp": {} },
            }] }),
        };
        let registrations = stored["registrations"].as_array_mut().unwrap();
        let is_app = |registered: &&mut Value| registered["method"] == "authenticator_code";
        let app = registrations.iter_mut().find(is_app).unwrap();
        app["factor"]["totp"]["secret"] = json!(KEY_BASE64);
        let id = app["id"].clone();
        stored["default"] = id.clone();
        let id = RegistrationId::new(id.as_str().unwrap()).unwrap();
        (serde_json::to_vec(&stored).unwrap(), id)
    }
}

fn visit(subject: &Subject, now: u64) -> Visit {
    let now = Timestamp::from_unix_seconds(i64::try_from(now).unwrap());
    Visit::new(subject.clone(), now)
        .with_capability(Capability::Webauthn, true)
        .with_capability(Capability::Telephony, true)
        .with_number_at_risk(false)
}
