//! Tells each step to the flow and to the reference, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use mfa_flow::{
    Account, AccountKey, Answer, AppKey, Ask, ChallengeId, Change, Class, Confirmed, Effect, Enrol,
    Event, Flow, HashKey, Instruction, Notice, Operation, Outgoing, PhoneSaid, Refused,
    SecurityKeyResult, SessionId, TenantId, Test, Version, Visit, What, Why,
};
use mfa_policy::{
    Capability, Method, PersonId, Policy, PolicyDraft, Preset, Purpose, State, Subject, Timestamp,
};
use otp_uri::Issuer;
use serde_json::{Value, json};

use super::naive;
use super::reference::{
    Asking, Authenticator, Factor, Gesture, Given, Reference, Reply, Secret, Sent, Wish,
};
use super::secrets::Secrets;
use super::steps::{ASKED, Act, Does, Step, Typed};

/// 2026-12-01T09:00:00Z.
pub(crate) const START: i64 = 1_796_115_600;

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
    secrets: Secrets,
    /// Codes that were sent, newest last.
    codes: Vec<String>,
    /// Codes that were accepted, newest last.
    accepted: Vec<String>,
    /// What rings on the telephone: for what, its challenge and factor, and the number on the screen.
    rings: Vec<(Why, usize, usize, Option<u8>)>,
    /// INVARIANT: no step of a factor, and no counter, is accepted twice.
    used: BTreeSet<(usize, i64)>,
    /// What was sent and what went to the audit log with the last change.
    outgoing: Vec<Outgoing>,
    by_operator: bool,
    /// What was done of what has to be permitted.
    pub(crate) done: BTreeMap<&'static str, u32>,
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
            secrets,
            codes: Vec::new(),
            accepted: Vec::new(),
            rings: Vec::new(),
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

    // --- Steps ------------------------------------------------------------------------------------------------------

    pub(crate) fn password(&mut self) {
        let signed_in = self.run(None, |on| on.first_factor(None));
        assert_eq!(signed_in.is_ok(), self.reference.password());
        let Ok(signed_in) = signed_in else { return };
        self.know_session(signed_in.session().clone());
        let newest = self.sessions.len() - 1;
        assert_eq!(signed_in.next(), self.reference.next(newest));
    }

    fn sign_out(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        self.run(Some(session), |on| on.sign_out());
        self.reference.sign_out(session);
    }

    pub(crate) fn challenge(&mut self, session: usize, purpose: Purpose) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let prompt = self.run(Some(session), |on| on.challenge(purpose));
        let asks_here = purpose != Purpose::FirstFactor;
        let asking = if asks_here {
            self.reference.challenge(session, purpose)
        } else {
            Asking::Over
        };
        match asking {
            Asking::Over => {
                assert!(matches!(prompt, Err(Refused::Over)), "{prompt:?}");
                assert!(self.sent().is_empty());
            }
            Asking::Choice { sent } => {
                let prompt = prompt.unwrap();
                self.challenges.push(prompt.challenge());
                let place = self.challenges.len() - 1;
                let kept = &self.reference.challenges[place];
                assert_eq!(prompt.expires().unix_seconds(), kept.expires);
                let choices = prompt.choices().iter();
                let choices: Vec<usize> = choices
                    .map(|choice| self.reference.place(choice.registration()))
                    .collect();
                assert_eq!(choices, self.reference.choices(session, purpose));
                match sent {
                    None => assert!(prompt.asked().is_none() && self.sent().is_empty()),
                    Some((factor, reply)) => {
                        self.something_was_sent(place, factor, &reply, prompt.asked());
                    }
                }
            }
        }
    }

    fn ask(&mut self, session: usize, challenge: usize, factor: usize) {
        let Some((session, challenge)) = self.places(session, challenge) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let asked = self.challenges[challenge];
        let prompt = self.run(Some(session), |on| on.ask(asked, &id));
        let reply = self.reference.ask(session, challenge, factor);
        match (&reply, &prompt) {
            (Reply::Over, Err(Refused::Over))
            | (Reply::TooSoon, Err(Refused::TooSoon { .. }))
            | (Reply::NoMore, Err(Refused::NoMoreSends)) => assert!(self.sent().is_empty()),
            (_, Ok(prompt)) => self.something_was_sent(challenge, factor, &reply, prompt.asked()),
            _ => panic!("{reply:?} is not {prompt:?}"),
        }
    }

    /// What was sent is what the reference foresaw. It learns the code, and the people learn what they see.
    fn something_was_sent(
        &mut self,
        challenge: usize,
        factor: usize,
        reply: &Reply,
        ask: Option<&Ask>,
    ) {
        let id = &self.reference.factors[factor].id;
        if matches!(reply, Reply::TooSoon | Reply::NoMore | Reply::Over) {
            assert!(ask.is_none() && self.sent().is_empty());
            return;
        }
        let ask = ask.unwrap();
        assert_eq!(ask.choice().registration(), id);
        let sent = self.sent();
        let why = Why::Challenge {
            challenge: self.challenges[challenge],
            registration: id.clone(),
            purpose: self.reference.challenges[challenge].purpose,
        };
        let (really, effect) = match (reply, sent.as_slice()) {
            (
                Reply::Code { really } | Reply::Push { really } | Reply::Call { really },
                [effect],
            ) => (*really, Some(effect.clone())),
            (Reply::Code { really } | Reply::Push { really } | Reply::Call { really }, []) => {
                (*really, None)
            }
            (Reply::Nothing, []) => return,
            other => panic!("{other:?}"),
        };
        // Who has the password only is not told of a lock: it looks as if it were sent.
        assert_eq!(really, effect.is_some());
        let number = ask.number();
        match (reply, effect) {
            (Reply::Code { .. }, None) => {
                // A code that nobody knows.
                self.reference.sent(challenge, Sent::Code(None));
            }
            (
                Reply::Code { .. },
                Some(Effect::SendText {
                    code, reason, to, ..
                }),
            ) => {
                assert_eq!((reason, to.as_str()), (why, NUMBER));
                self.know_code(challenge, code.expose());
            }
            (Reply::Push { .. }, effect) => {
                let number = number.unwrap();
                assert!((10..100).contains(&number));
                let sent = Sent::Push {
                    number,
                    approved: false,
                };
                self.reference.sent(challenge, sent);
                if let Some(effect) = effect {
                    assert!(matches!(effect, Effect::Push { reason, .. } if reason == why));
                    self.rings.push((why, challenge, factor, Some(number)));
                }
            }
            (Reply::Call { .. }, effect) => {
                self.reference
                    .sent(challenge, Sent::Call { approved: false });
                if let Some(effect) = effect {
                    assert!(matches!(effect, Effect::PlaceCall { reason, .. } if reason == why));
                    self.rings.push((why, challenge, factor, None));
                }
            }
            other => panic!("{other:?}"),
        }
    }

    fn know_code(&mut self, challenge: usize, code: &str) {
        let digits = self.flow.policy().challenge().code_digits();
        assert!(code.len() == usize::try_from(digits).unwrap());
        assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
        self.reference
            .sent(challenge, Sent::Code(Some(code.to_owned())));
        self.secrets.add(code, "a code that was sent");
        self.codes.push(code.to_owned());
    }

    pub(crate) fn answer(&mut self, session: usize, challenge: usize, factor: usize, typed: Typed) {
        let Some((session, challenge)) = self.places(session, challenge) else {
            return;
        };
        let asked = self.reference.challenges[challenge].asked.as_ref();
        let factor = match factor {
            ASKED => asked.map_or(0, |asked| asked.factor),
            _ => factor % self.reference.factors.len(),
        };
        let given = self.given(challenge, factor, typed);
        let id = self.reference.factors[factor].id.clone();
        let asked = self.challenges[challenge];
        let result = match &given {
            Given::Code(code) => {
                let code = match typed {
                    Typed::Spaced => code.chars().flat_map(|c| [c, ' ']).collect(),
                    _ => code.clone(),
                };
                self.run(Some(session), |on| {
                    on.answer(asked, &id, Answer::Code(&code))
                })
            }
            Given::Approved => {
                self.run(Some(session), |on| on.answer(asked, &id, Answer::Approved))
            }
            Given::SecurityKey {
                same_credential,
                verified,
                count,
            } => {
                let result = SecurityKeyResult {
                    credential: if *same_credential {
                        CREDENTIAL
                    } else {
                        "other"
                    },
                    user_verified: *verified,
                    sign_count: *count,
                };
                self.run(Some(session), |on| {
                    on.answer(asked, &id, Answer::SecurityKey(result))
                })
            }
        };
        let failures = self.reference.factors[factor].failed.in_a_row;
        let was = self.reference.factors[factor].state;
        let (class, purpose) = self.reference.answer(session, challenge, factor, &given);
        let told: Vec<What> = self.events().map(|event| event.what.clone()).collect();
        let answers: Vec<&What> = told
            .iter()
            .filter(|what| matches!(what, What::Answered { .. }))
            .collect();
        assert_eq!(
            answers,
            [&What::Answered {
                purpose,
                result: class
            }],
            "{typed:?} for {id}"
        );
        assert_eq!(result.is_ok(), class == Class::Accepted);
        *self.classes.entry(class).or_default() += 1;
        let disabled = was != self.reference.factors[factor].state;
        assert_eq!(told.contains(&What::Disabled), disabled);
        if let Ok(proof) = result {
            assert_eq!(proof.registration(), &id);
            assert_eq!(Some(proof.purpose()), purpose);
            assert_eq!(proof.at().unix_seconds(), self.now());
            assert_eq!(proof.challenge(), asked);
            assert_eq!(proof.person(), self.key.person());
            assert_eq!(proof.failures().count(), failures);
            let rotated = self.sent_of(|effect| matches!(effect, Effect::RotateSession { .. }));
            assert_eq!(rotated, 1);
            let debug = format!("{proof:?}");
            self.know_session(proof.session().clone());
            self.secrets.are_not_in(&debug, None, "the proof");
            if let Given::Code(code) = &given {
                self.accepted.push(code.clone());
            }
            // INVARIANT: what was used is never used again.
            if let Some(step) = self.last_used(factor) {
                assert!(self.used.insert((factor, step)), "{id} used {step} twice");
            }
        }
    }

    fn places(&self, session: usize, challenge: usize) -> Option<(usize, usize)> {
        let challenge = back(challenge, self.challenges.len())?;
        let session = match session.checked_sub(1) {
            None => self.reference.challenges[challenge].session,
            Some(session) => back(session, self.sessions.len())?,
        };
        Some((session, challenge))
    }

    /// The step or counter that a factor has used last.
    fn last_used(&self, factor: usize) -> Option<i64> {
        match &self.reference.factors[factor].secret {
            Secret::Totp(authenticator) => authenticator.newest,
            Secret::Hotp { next, .. } => i64::try_from(*next).unwrap().checked_sub(1),
            _ => None,
        }
    }

    fn given(&self, challenge: usize, factor: usize, typed: Typed) -> Given {
        let nth = |codes: &[String], back_by: usize| {
            back(back_by, codes.len()).map_or_else(|| "000000".to_owned(), |n| codes[n].clone())
        };
        match typed {
            Typed::Right { offset } => self.right(challenge, factor, offset),
            Typed::Spaced => self.right(challenge, factor, 0),
            Typed::Again { back } => Given::Code(nth(&self.accepted, back)),
            Typed::Sent { back } => Given::Code(nth(&self.codes, back)),
            Typed::OfAnother { factor } => {
                let factor = factor % self.reference.factors.len();
                self.right(challenge, factor, 0)
            }
            Typed::Wrong => match self.right(challenge, factor, 0) {
                Given::Code(code) => Given::Code(other_code(&code)),
                other => other,
            },
            Typed::Nothing => Given::Code(String::new()),
            Typed::Approved => Given::Approved,
            Typed::Key {
                same_credential,
                verified,
                ahead,
            } => Given::SecurityKey {
                same_credential,
                verified,
                count: self.count(factor, ahead),
            },
        }
    }

    fn count(&self, factor: usize, ahead: i64) -> u32 {
        match self.reference.factors[factor].secret {
            Secret::SecurityKey { count } => u32::try_from(i64::from(count) + ahead).unwrap_or(0),
            _ => 0,
        }
    }

    /// The answer that is right, or would be that many steps from now.
    fn right(&self, challenge: usize, factor: usize, offset: i64) -> Given {
        match &self.reference.factors[factor].secret {
            Secret::Totp(authenticator) => {
                let step = (naive::step(self.now()) + offset).max(0);
                Given::Code(naive::totp(&authenticator.key, step))
            }
            Secret::Paper { unused } => {
                Given::Code(unused.first().cloned().unwrap_or_else(|| "A".repeat(24)))
            }
            Secret::Hotp { key, next } => {
                Given::Code(naive::hotp(key, next.saturating_add_signed(offset)))
            }
            Secret::Sent => match &self.reference.challenges[challenge].asked {
                Some(asked) => match &asked.sent {
                    Sent::Code(code) => {
                        Given::Code(code.clone().unwrap_or_else(|| "123456".to_owned()))
                    }
                    _ => Given::Approved,
                },
                None => Given::Code("123456".to_owned()),
            },
            Secret::SecurityKey { count } => Given::SecurityKey {
                same_credential: true,
                verified: true,
                count: count + 1,
            },
        }
    }

    fn phone(&mut self, ring: usize, does: Does) {
        let Some(ring) = back(ring, self.rings.len()) else {
            return;
        };
        let (why, challenge, factor, number) = self.rings[ring].clone();
        let number = number.unwrap_or(10);
        let (gesture, said) = match does {
            Does::ApprovesRightly | Does::ApprovesWrongly => {
                let number = match does {
                    Does::ApprovesRightly => number,
                    _ => number ^ 1,
                };
                let said = PhoneSaid::Approved { number };
                (Gesture::Approves { number }, said)
            }
            Does::PressesHash => (Gesture::PressesHash, PhoneSaid::PressedHash),
            Does::Denies => (Gesture::Denies, PhoneSaid::Denied),
            Does::Reports => (Gesture::Reports, PhoneSaid::Suspicious),
        };
        let result = self.run(None, |on| on.phone_said(&why, said));
        let taken = self.reference.phone(challenge, factor, gesture);
        assert_eq!(result.is_ok(), taken, "{does:?} for {why:?}");
    }

    // --- Managing ---------------------------------------------------------------------------------------------------

    fn remove(&mut self, session: usize, factor: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let removed = self.run(Some(session), |on| {
            on.remove(&id, Confirmed::after_asking())
        });
        let wish = self.reference.remove(session, factor);
        came_of(wish, &removed);
        if wish == Wish::Done {
            let told = self.sent_of(|effect| {
                matches!(
                    effect,
                    Effect::NotifyUser {
                        notice: Notice::Removed { .. },
                        ..
                    }
                )
            });
            let ended = self.sent_of(|effect| matches!(effect, Effect::EndSessions { .. }));
            assert_eq!((told, ended), (1, 1));
            *self.done.entry("remove").or_default() += 1;
        }
    }

    fn set_default(&mut self, session: usize, factor: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let factor = factor % self.reference.factors.len();
        let id = self.reference.factors[factor].id.clone();
        let set = self.run(Some(session), |on| on.set_default(&id));
        let wish = self.reference.set_default(session, factor);
        came_of(wish, &set);
        if wish == Wish::Done {
            *self.done.entry("set default").or_default() += 1;
        }
    }

    fn enrol(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let account = otp_uri::Account::new("alice").unwrap();
        let enrol = Enrol::OtherAuthenticator {
            key: AppKey::new(&account),
        };
        let begun = self.run(Some(session), |on| on.begin_enrolment(enrol, "tablet"));
        let wish = self.reference.begin_enrolment(session);
        came_of(wish, &begun);
        if let Ok(begun) = begun {
            let Instruction::AddKey(shown) = begun.instruction() else {
                panic!("an authenticator is given a key");
            };
            let key = shown.uri().secret().expose();
            self.secrets.add_key(key);
            let id = begun.registration().clone();
            self.reference.begun(session, id.clone(), key);
            let view = self.account().view();
            let device = view.registration(&id).unwrap().device().cloned();
            self.reference.pending.as_mut().unwrap().device = device;
            *self.done.entry("enrol").or_default() += 1;
        }
    }

    fn confirm(&mut self, session: usize, offset: i64, wrong: bool) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let step = (naive::step(self.now()) + offset).max(0);
        let (id, mut code) = match &self.reference.pending {
            Some(pending) => (pending.id.clone(), naive::totp(&pending.key, step)),
            None => (self.reference.factors[0].id.clone(), "123456".to_owned()),
        };
        if wrong {
            code = other_code(&code);
        }
        let confirmed = self.run(Some(session), |on| {
            on.confirm_enrolment(&id, Test::Code(&code))
        });
        let wish = self.reference.confirm(session, &code);
        came_of(wish, &confirmed);
        if let Ok(enrolled) = confirmed {
            let factor = self.reference.place(&id);
            // INVARIANT: the confirming code is used.
            let step = self.last_used(factor).unwrap();
            assert!(self.used.insert((factor, step)));
            self.accepted.push(code);
            self.know_session(enrolled.session().unwrap().clone());
            *self.done.entry("confirm").or_default() += 1;
        }
    }

    fn make_paper(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        let made = self.run(Some(session), |on| on.make_recovery_codes());
        let wish = self.reference.make_paper(session);
        came_of(wish, &made);
        if let Ok(made) = made {
            let shown = made.codes().iter().map(|code| code.expose());
            let codes: Vec<String> = shown.clone().map(|code| code.replace('-', "")).collect();
            for code in codes.iter().map(String::as_str).chain(shown) {
                self.secrets.add(code, "a recovery code");
            }
            self.reference.paper(session, made.registration(), codes);
            *self.done.entry("paper").or_default() += 1;
        }
    }

    fn password_changed(&mut self, session: usize) {
        let Some(session) = back(session, self.sessions.len()) else {
            return;
        };
        self.run(Some(session), |on| on.password_changed());
        self.reference.password_changed(session);
    }

    fn operate(&mut self, act: Act) {
        self.by_operator = true;
        let done = match act {
            Act::Suspend => self.run(None, |on| on.suspend()),
            Act::Resume => self.run(None, |on| on.resume()),
            Act::RepairClock => self.run(None, |on| on.repair_clock()),
            Act::Burn => self.run(None, |on| on.burn()),
        };
        self.by_operator = false;
        done.unwrap();
        match act {
            Act::Suspend => self.reference.suspend(true),
            Act::Resume => self.reference.suspend(false),
            Act::RepairClock => self.reference.repair_clock(),
            Act::Burn => self.reference.burn(),
        }
    }

    // --- What always holds ------------------------------------------------------------------------------------------

    /// Decides, stores and reveals, and looks at all that comes out.
    fn run<T>(
        &mut self,
        session: Option<usize>,
        decide: impl FnOnce(Operation<'_>) -> Change<T>,
    ) -> T
    where
        T: Debug,
    {
        let visit = self.visit(session);
        let account = self.account();
        let change = decide(self.flow.on(account, &visit, &mut self.random));
        let write = change.write();
        // Whatever was decided, the version is the next one.
        assert_eq!(write.base(), self.version);
        assert_eq!(write.account().version().get(), self.version.get() + 1);
        assert_eq!(write.key(), &self.key);
        let stored = write.account().to_stored();
        let again =
            Account::from_stored(self.key.clone(), write.account().version(), &stored).unwrap();
        assert_eq!(*again.to_stored(), *stored);
        self.outgoing = write.outgoing().to_vec();
        // What was sent is a secret from now on, and stands in the effect that sends it alone.
        for outgoing in &self.outgoing {
            let mut code = None;
            if let Outgoing::Effect(
                Effect::SendText { code: sent, .. } | Effect::SendMail { code: sent, .. },
            ) = outgoing
            {
                code = Some(sent.expose());
                self.secrets.add(sent.expose(), "a code that was sent");
            }
            let written = serde_json::to_string(outgoing).unwrap();
            self.secrets.are_not_in(&written, code, "what goes out");
            self.secrets
                .are_not_in(&format!("{outgoing:?}"), None, "Debug of what goes out");
            let read: Outgoing = serde_json::from_str(&written).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), written);
        }
        let debug = format!(
            "{change:?} {:?} {:?}",
            change.write(),
            change.write().account()
        );
        let registered: Vec<_> = change.write().account().registrations().collect();
        let debug = format!("{debug} {registered:?} {visit:?}");
        self.secrets.are_not_in(&debug, None, "Debug of a change");
        self.version = change.write().account().version();
        self.stored = stored.to_vec();
        let durable = change.write().danger_declare_durable();
        let outcome = change.reveal(&durable).unwrap();
        let debug = format!("{outcome:?}");
        self.secrets.are_not_in(&debug, None, "Debug of an outcome");
        outcome
    }

    fn account(&self) -> Account {
        Account::from_stored(self.key.clone(), self.version, &self.stored).unwrap()
    }

    fn visit(&self, session: Option<usize>) -> Visit {
        let now = Timestamp::from_unix_seconds(self.now());
        let visit = Visit::new(self.reference.subject.clone(), now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false)
            .from("portal, 192.0.2.1");
        match session {
            Some(session) => visit.in_session(self.sessions[session].clone()),
            None if self.by_operator => visit.by_operator(PersonId::new("night shift").unwrap()),
            None => visit,
        }
    }

    fn know_session(&mut self, session: SessionId) {
        self.secrets.add(&session.expose(), "a session");
        self.sessions.push(session);
    }

    /// Registrations, states, locks, uses, the default and what each session still needs are the same for both.
    fn both_agree(&mut self) {
        let account = self.account();
        assert_eq!(account.view(), self.reference.view(true));
        for session in self.sessions.len().saturating_sub(2)..self.sessions.len() {
            let visit = self.visit(Some(session));
            let next = self
                .flow
                .on(self.account(), &visit, &mut self.random)
                .next();
            assert_eq!(next, self.reference.next(session));
        }
        let limits = self.flow.policy().lockout();
        for factor in &self.reference.factors {
            let spent = factor.failed.in_a_row >= limits.consecutive_failures();
            assert!(!spent || factor.state == State::Disabled);
        }
    }

    fn locks(&self) -> Vec<Option<Timestamp>> {
        let view = self.account().view();
        let view = serde_json::to_value(view).unwrap();
        let lock = |factor: &Factor| {
            let registrations = view["registrations"].as_array().unwrap();
            let is_it = |r: &&Value| r["id"] == factor.id.as_str();
            let until = registrations.iter().find(is_it)?.get("locked_until")?;
            Some(until.as_str().unwrap().parse().unwrap())
        };
        self.reference.factors.iter().map(lock).collect()
    }

    /// A lock that is not over is not shortened: not by a challenge, not by something sent, not by another factor's success.
    fn no_lock_is_shorter(&self, before: &[Option<Timestamp>], step: &Step) {
        let now = Timestamp::from_unix_seconds(self.now());
        let factors = self.reference.factors.iter().zip(self.locks());
        for (before, (factor, after)) in before.iter().zip(factors) {
            let may = factor.gone || matches!(step, Step::Operator(Act::RepairClock));
            if before.is_some_and(|before| before > now) && !may {
                assert!(after >= *before, "{step:?} shortens a lock");
            }
        }
    }

    fn sent(&self) -> Vec<Effect> {
        let sends = |effect: &&Effect| {
            matches!(
                effect,
                Effect::SendText { .. }
                    | Effect::SendMail { .. }
                    | Effect::PlaceCall { .. }
                    | Effect::Push { .. }
            )
        };
        self.effects().filter(sends).cloned().collect()
    }

    fn sent_of(&self, kind: impl Fn(&Effect) -> bool) -> usize {
        self.effects().filter(|effect| kind(effect)).count()
    }

    fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Effect(effect) => Some(effect),
            Outgoing::Event(_) => None,
        })
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Event(event) => Some(event),
            Outgoing::Effect(_) => None,
        })
    }
}

const CREDENTIAL: &str = "credential";

/// A code that is not that one.
fn other_code(code: &str) -> String {
    let first = if code.starts_with('7') { "6" } else { "7" };
    first.to_owned() + &code[1..]
}

/// What was foreseen is what came of it.
fn came_of<T: Debug>(wish: Wish, result: &Result<T, Refused>) {
    let as_foreseen = match wish {
        Wish::Done => result.is_ok(),
        Wish::Denied => matches!(result, Err(Refused::Policy(_))),
        Wish::Over => matches!(result, Err(Refused::Over)),
        Wish::Rejected => matches!(result, Err(Refused::Rejected(_))),
    };
    assert!(as_foreseen, "{wish:?} is not {result:?}");
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
            Method::AuthenticatorPush => json!({ "push": { "address": "device-1" } }),
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

/// The place that many back from the newest.
fn back(by: usize, len: usize) -> Option<usize> {
    Some(len.checked_sub(1)? - by % len)
}
