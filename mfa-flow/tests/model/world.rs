//! Tells each step to the flow and to the reference, and compares.

mod holds;
mod managing;
mod passwords;
mod signing_in;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use mfa_flow::{
    AccountKey, ChallengeId, Class, DeviceKeyPair, Flow, HashKey, Outgoing, PasswordTry,
    PushRequest, SessionId, SignedAnswer, TenantId, Version, Why,
};
use mfa_policy::{
    Method, PersonId, Policy, PolicyDraft, Preset, Purpose, State, Subject, Timestamp,
};
use otp_uri::Issuer;
use serde_json::{Value, json};

use super::naive;
use super::reference::{Authenticator, Factor, Gesture, Reference, Secret, Try};
use super::secrets::Secrets;
use super::steps::Step;

/// 2026-12-01T09:00:00Z.
pub(crate) const START: i64 = 1_796_115_600;

/// What rings on the telephone or stands on the device.
#[derive(Clone)]
struct Ring {
    why: Why,
    challenge: usize,
    factor: usize,
    /// Of a notification: what was asked, which it is, and the number on the screen.
    asked: Option<(PushRequest, usize, u8)>,
}

/// The flow with one account, the reference, and what the people in the story have seen.
pub(crate) struct World {
    flow: Flow,
    key: AccountKey,
    version: Version,
    stored: Vec<u8>,
    random: ChaCha20Rng,
    reference: Reference,
    /// By their places in the reference.
    sessions: Vec<SessionId>,
    challenges: Vec<ChallengeId>,
    /// Passwords that were typed: the try, which it was, and what the reference says of it.
    tries: Vec<(Rc<PasswordTry>, usize, Try)>,
    secrets: Secrets,
    /// Codes that were sent, newest last.
    codes: Vec<String>,
    /// Codes that were accepted, newest last.
    accepted: Vec<String>,
    rings: Vec<Ring>,
    /// What the device has signed, to which of these, newest last.
    said: Vec<(SignedAnswer, Ring, Gesture)>,
    /// Notifications that were to be sent, also where none went out.
    pushes: usize,
    /// INVARIANT: no step of a factor, and no counter, is accepted twice.
    used: BTreeSet<(usize, i64)>,
    /// What was sent and what went to the audit log with the last change.
    outgoing: Vec<Outgoing>,
    by_operator: bool,
    /// What was done of what has to be permitted.
    pub(crate) done: BTreeMap<&'static str, u32>,
    /// How the answers of devices ended, also those that nobody should have sent; `None` where there was no challenge any more.
    pub(crate) signed: BTreeMap<Option<Class>, u32>,
    /// How the answers ended.
    pub(crate) classes: BTreeMap<Class, u32>,
}

/// Numbers that are reached in a short story.
pub(crate) fn tight() -> Policy {
    let mut draft = Preset::SecurityInfo.draft();
    draft.lockout.free_failures = Some(2);
    draft.lockout.consecutive_failures = Some(6);
    draft.lockout.rolling_failures = Some(9);
    draft.lockout.rolling_days = Some(3);
    draft.password_lockout.failures = Some(3);
    draft.password_lockout.seconds = Some(30);
    draft.password_lockout.remembered_values = Some(1);
    draft.challenge.sends = Some(2);
    draft.challenge.pushes = Some(3);
    draft.challenge.code_minutes = Some(2);
    draft.challenge.minutes = Some(5);
    built(draft)
}

/// The same, where text messages are asked for before they are sent, and nothing may come early.
pub(crate) fn asking_first() -> Policy {
    let mut draft = Preset::SecurityInfo.draft();
    draft.lockout.free_failures = Some(0);
    draft.lockout.consecutive_failures = Some(4);
    draft.password_lockout.failures = Some(1);
    draft.password_lockout.remembered_values = Some(0);
    draft.challenge.window_future = Some(0);
    draft.challenge.window_past = Some(2);
    for rule in draft.methods.values_mut() {
        rule.sending = rule.sending.map(|_| mfa_policy::Sending::AskFirst);
    }
    built(draft)
}

fn built(draft: PolicyDraft) -> Policy {
    draft.validate().unwrap()
}

/// Policies for stories.
pub(crate) fn policies() -> [Policy; 3] {
    [Preset::SecurityInfo.policy(), tight(), asking_first()]
}

const NUMBER: &str = "+31612345678";
const ADDRESS: &str = "alice@example.com";

impl World {
    /// Somebody with one registration of each kind.
    pub(crate) fn new(policy: &Policy, seed: u64) -> Self {
        let person = PersonId::new("alice").unwrap();
        let subject = Subject::new(person.clone());
        let keys: Vec<Vec<u8>> = (0..3_u8)
            .map(|n| (0..20).map(|place| place * 7 + n * 31 + 3).collect())
            .collect();
        let totp = |key: usize| Secret::Totp(Authenticator::new(&keys[key]));
        let token = Secret::Hotp {
            key: keys[2].clone(),
            next: 0,
        };
        let key = Secret::SecurityKey { count: 0 };
        let factors = vec![
            Factor::new("other", Method::OtherAuthenticator, None, totp(1)),
            Factor::new("text", Method::Text, Some("mobile"), Secret::Sent),
            Factor::new("push", Method::AuthenticatorPush, Some("app"), Secret::Sent),
            Factor::new("call", Method::CallMobile, Some("mobile"), Secret::Sent),
            Factor::new("token", Method::HardwareToken, None, token),
            Factor::new("key", Method::SecurityKey, None, key),
            Factor::new("code", Method::AuthenticatorCode, Some("app"), totp(0)),
            Factor::new("email", Method::Email, None, Secret::Sent),
        ];
        let registrations: Vec<Value> = factors.iter().map(stored).collect();
        let mut stored = json!({ "schema": 1, "registrations": registrations });
        // Some have chosen a default.
        let default = usize::try_from(seed % 5).unwrap();
        let default = factors[1..4].get(default).map(|factor| factor.id.clone());
        if let Some(default) = &default {
            stored["default"] = json!(default);
        }
        let mut secrets = Secrets::default();
        for key in &keys {
            secrets.add_key(key);
        }
        secrets.add_key(&[7; 32]);
        Self {
            flow: Flow::new(
                policy.clone(),
                HashKey::from_bytes([7; 32]),
                Issuer::new("Acme").unwrap(),
            ),
            key: AccountKey::new(TenantId::new("acme").unwrap(), person),
            version: Version::ABSENT,
            stored: serde_json::to_vec(&stored).unwrap(),
            random: ChaCha20Rng::seed_from_u64(seed),
            reference: Reference::new(policy.clone(), subject, START, factors, default),
            sessions: Vec::new(),
            challenges: Vec::new(),
            tries: Vec::new(),
            secrets,
            codes: Vec::new(),
            accepted: Vec::new(),
            rings: Vec::new(),
            said: Vec::new(),
            signed: BTreeMap::new(),
            pushes: 0,
            used: BTreeSet::new(),
            outgoing: Vec::new(),
            by_operator: false,
            done: BTreeMap::new(),
            classes: BTreeMap::new(),
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.reference.now
    }

    /// When the factor may be answered with.
    pub(crate) fn opens(&self, factor: usize) -> i64 {
        let until = self.reference.factors[factor].failed.locked_until;
        until.map_or(self.now(), |until| until.max(self.now()))
    }

    pub(crate) fn state(&self, factor: usize) -> State {
        self.reference.factors[factor].state
    }

    /// Tells one step.
    pub(crate) fn tell(&mut self, step: &Step) {
        let before = self.locks();
        match *step {
            Step::Time(seconds) => self.reference.now += seconds,
            Step::Password => self.password(),
            Step::Type { password } => self.type_password(password),
            Step::Look { tried } => self.look(tried),
            Step::Begin => {
                self.password();
                self.challenge(0, Purpose::TwoStep);
            }
            Step::SignOut { session } => self.sign_out(session),
            Step::Challenge { session, purpose } => self.challenge(session, purpose),
            Step::Ask {
                session,
                challenge,
                factor,
            } => self.ask(session, challenge, factor),
            Step::Answer {
                session,
                challenge,
                factor,
                typed,
            } => self.answer(session, challenge, factor, typed),
            Step::Phone { sent, does } => self.phone(sent, does),
            Step::Remove { session, factor } => self.remove(session, factor),
            Step::SetDefault { session, factor } => self.set_default(session, factor),
            Step::Enrol { session } => self.enrol(session),
            Step::Confirm {
                session,
                offset,
                wrong,
            } => self.confirm(session, offset, wrong),
            Step::MakePaper { session } => self.make_paper(session),
            Step::PasswordChanged { session } => self.password_changed(session),
            Step::Operator(act) => self.operate(act),
        }
        self.both_agree();
        self.no_lock_is_shorter(&before, step);
    }
}

const CREDENTIAL: &str = "credential";

/// A code that is not that one.
fn other_code(code: &str) -> String {
    let first = if code.starts_with('7') { "6" } else { "7" };
    first.to_owned() + &code[1..]
}

/// A registration of the reference in the stored form.
fn stored(factor: &Factor) -> Value {
    let held = match &factor.secret {
        Secret::Totp(authenticator) => {
            json!({ "totp": { "secret": naive::base64(&authenticator.key) } })
        }
        Secret::Paper { .. } => panic!("nobody has recovery codes at the beginning"),
        Secret::Hotp { key, next } => {
            json!({ "hotp": { "secret": naive::base64(key), "next": next } })
        }
        Secret::SecurityKey { count } => {
            json!({ "security_key": { "credential": CREDENTIAL, "data": "{}", "sign_count": count } })
        }
        Secret::Sent => match factor.method {
            Method::AuthenticatorPush => {
                json!({ "push": { "address": "device-1", "key": device().public() } })
            }
            Method::Email => json!({ "email": { "address": ADDRESS } }),
            _ => json!({ "phone": { "number": NUMBER } }),
        },
    };
    let mut registration = json!({
        "id": factor.id,
        "method": factor.method,
        "name": factor.id,
        "added": Timestamp::from_unix_seconds(START - 86_400),
        "factor": held,
    });
    if let Some(device) = &factor.device {
        registration["device"] = json!(device);
    }
    registration
}

/// The device on which notifications are answered.
fn device() -> DeviceKeyPair {
    DeviceKeyPair::from_bytes(&[9; 32])
}

/// The place that many back from the newest.
fn back(by: usize, len: usize) -> Option<usize> {
    Some(len.checked_sub(1)? - by % len)
}
