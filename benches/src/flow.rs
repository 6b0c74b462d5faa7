//! Answers through the flow: what it costs beside a bare check of the code, and whether every no takes as long.

use std::hint::black_box;
use std::time::Duration;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use mfa_flow::{
    Account, AccountKey, Answer, ChallengeId, Change, Flow, HashKey, Operation, Proof, Rejected,
    SessionId, TenantId, Version, Visit,
};
use mfa_policy::{Capability, PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp};
use otp_core::{Secret, Totp, TotpParameters, UnixTime, Window};
use otp_uri::Issuer;
use serde_json::{Value, json};

use crate::{Contender, Task};

/// What the flow may add to a bare check.
const MORE: Duration = Duration::from_micros(3);
/// How much longer than any other kind of no a wrong code may take: far below what a commit takes, and a network.
const DIFFERENCE: Duration = Duration::from_micros(1);

/// 2026-12-20T12:00:00Z.
const NOON: u64 = 1_797_768_000;

/// An account with five methods, as it is stored: the sample of the tests of `mfa-flow`.
const FIVE_METHODS: &str = include_str!("../../mfa-flow/tests/golden/five-methods.json");
const KEY: &[u8; 20] = b"12345678901234567890";
const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// Every task about answers.
pub fn tasks() -> Vec<Task> {
    vec![accepted(), rejected()]
}

fn totp() -> Totp {
    let key = Secret::import(KEY).unwrap();
    Totp::new(&key, TotpParameters::default())
}

/// The code of this moment.
fn code() -> String {
    let code = totp().generate(UnixTime::from_secs(NOON)).unwrap();
    code.as_str().to_owned()
}

fn wrong() -> String {
    let other = if code().starts_with('7') { "6" } else { "7" };
    other.to_owned() + &code()[1..]
}

/// The flow, an account of somebody who has typed the password and is asked for a code, and the visit of the answer.
struct Asked {
    flow: Flow,
    key: AccountKey,
    stored: Vec<u8>,
    visit: Visit,
    challenge: ChallengeId,
    registration: RegistrationId,
    random: ChaCha20Rng,
}

impl Asked {
    /// With that change to the stored account.
    fn new(change: impl FnOnce(&mut Value)) -> Self {
        let mut stored: Value = serde_json::from_str(FIVE_METHODS).unwrap();
        let registrations = stored["registrations"].as_array_mut().unwrap();
        let is_app = |registered: &&mut Value| registered["method"] == "authenticator_code";
        let app = registrations.iter_mut().find(is_app).unwrap();
        app["factor"]["totp"]["secret"] = json!(KEY_BASE64);
        let registration = RegistrationId::new(app["id"].as_str().unwrap()).unwrap();
        change(app);
        let person = PersonId::new("ada").unwrap();
        let policy = Preset::SecurityInfo.policy();
        let mut asked = Self {
            flow: Flow::new(
                policy,
                HashKey::from_bytes([7; 32]),
                Issuer::new("Acme").unwrap(),
            ),
            key: AccountKey::new(TenantId::new("acme").unwrap(), person.clone()),
            stored: serde_json::to_vec(&stored).unwrap(),
            visit: visit(person),
            challenge: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
            registration,
            random: ChaCha20Rng::from_seed([1; 32]),
        };
        let signed_in = asked.run(|on| on.first_factor(None)).unwrap();
        asked.enter(signed_in.session());
        let prompt = asked.run(|on| on.challenge(Purpose::TwoStep)).unwrap();
        asked.challenge = prompt.challenge();
        asked
    }

    fn account(&self) -> Account {
        Account::from_stored(self.key.clone(), Version::new(7), &self.stored).unwrap()
    }

    fn enter(&mut self, session: &SessionId) {
        self.visit = self.visit.clone().in_session(session.clone());
    }

    fn run<T>(&mut self, decide: impl FnOnce(Operation<'_>) -> Change<T>) -> T {
        let account = self.account();
        let change = decide(self.flow.on(account, &self.visit, &mut self.random));
        self.stored = change.write().account().to_stored().to_vec();
        let durable = change.write().danger_declare_durable();
        change.reveal(&durable).unwrap()
    }

    /// The part that is measured: the decision, and reading it.
    fn answer(&mut self, account: Account, code: &str) -> Result<Proof, Rejected> {
        let on = self.flow.on(account, &self.visit, &mut self.random);
        let change = on.answer(self.challenge, &self.registration, Answer::Code(code));
        let durable = change.write().danger_declare_durable();
        change.reveal(&durable).unwrap()
    }

    /// Somebody who answers so.
    fn contender(mut self, name: &'static str, code: String) -> Contender {
        let (again, key) = (self.stored.clone(), self.key.clone());
        Contender::prepared(
            name,
            move || Account::from_stored(key.clone(), Version::new(7), &again).unwrap(),
            move |account| self.answer(account, black_box(&code)),
        )
    }
}

fn visit(person: PersonId) -> Visit {
    let now = Timestamp::from_unix_seconds(i64::try_from(NOON).unwrap());
    Visit::new(Subject::new(person), now)
        .with_capability(Capability::Webauthn, true)
        .with_capability(Capability::Telephony, true)
        .with_number_at_risk(false)
}

fn nothing(_: &mut Value) {}

/// A right code: session rotated, step used, event made.
fn accepted() -> Task {
    let mut asked = Asked::new(nothing);
    let proof = asked.answer(asked.account(), &code()).unwrap();
    assert_eq!(proof.registration(), &asked.registration);

    let (bare, typed) = (totp(), code());
    let right = move || {
        let now = UnixTime::from_secs(black_box(NOON));
        bare.verify(black_box(&typed), now, Window::default(), None)
    };
    assert!(right().accepted().is_some());
    let mut task = Task::new("TOTP answer through the flow", || ());
    task.ours = asked.contender("ours", code());
    task.at_most_longer(MORE, Contender::new("otp-core, verify ±1", right))
}

/// Every kind of no, beside a wrong code.
fn rejected() -> Task {
    let no = |name, change: fn(&mut Value), code: String| {
        let mut asked = Asked::new(change);
        assert!(asked.answer(asked.account(), &code).is_err(), "{name}");
        asked.contender(name, code)
    };
    let step = NOON / 30;
    assert_eq!(step, 59_925_600);
    let used = |app: &mut Value| app["factor"]["totp"]["used"] = json!({ "up_to": NOON / 30 + 1 });
    let locked = |app: &mut Value| {
        app["budget"] = json!({ "consecutive": 5, "locked_until": "2026-12-20T13:00:00Z" });
    };
    let disabled = |app: &mut Value| app["state"] = json!("disabled");

    let mut unknown = Asked::new(nothing);
    unknown.key = unknown.flow.decoy(unknown.key.tenant().clone(), "nobody");
    unknown.stored = Account::absent(unknown.key.clone()).to_stored().to_vec();
    let mut no_challenge = Asked::new(nothing);
    no_challenge.challenge = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();

    let mut task = Task::new("rejected answer through the flow", || ());
    task.ours = no("ours", nothing, wrong());
    task.at_most_longer(DIFFERENCE, no("used before", used, code()))
        .at_most_longer(DIFFERENCE, no("locked", locked, code()))
        .at_most_longer(DIFFERENCE, no("disabled", disabled, code()))
        .at_most_longer(
            DIFFERENCE,
            no_challenge.contender("no such challenge", code()),
        )
        .at_most_longer(DIFFERENCE, unknown.contender("no such person", code()))
}
