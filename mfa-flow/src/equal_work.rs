//! A password hash takes a thousand times as long as everything else, and verifying a signature ten times, so every no makes as many of them.

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use mfa_policy::{
    Capability, Method, Pass, PersonId, Policy, Preset, Purpose, RegistrationId, State, Subject,
    Timestamp,
};
use otp_uri::Issuer;

use crate::budget::Budget;
use crate::device::key;
use crate::registration::{AnsweredQuestion, Factor, Registered};
use crate::{
    Account, AccountKey, Answer, Begun, Change, Decision, DeviceKeyPair, EmailAddress, Flow,
    HashKey, Operation, PhoneNumber, Question, TenantId, Visit, password,
};

struct Somebody {
    flow: Flow,
    account: Option<Account>,
    visit: Visit,
    rng: ChaCha20Rng,
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1_800_000_000)
}

fn policy() -> Policy {
    let mut draft = Preset::SecurityInfo.draft();
    let pass = draft.methods.get_mut(&Method::TemporaryPass).unwrap();
    pass.enabled = Some(true);
    // So that everybody is shown questions.
    draft.reset.gates = Some(4);
    draft.validate().unwrap()
}

impl Somebody {
    fn new(key: impl FnOnce(&Flow) -> AccountKey) -> Self {
        let flow = Flow::new(
            policy(),
            HashKey::from_bytes([7; 32]),
            Issuer::new("Acme").unwrap(),
        );
        let subject = Subject::new(PersonId::new("ada").unwrap());
        Self {
            account: Some(Account::absent(key(&flow))),
            visit: Visit::new(subject, now())
                .with_capability(Capability::Telephony, true)
                .with_capability(Capability::Webauthn, true)
                .with_number_at_risk(false),
            rng: ChaCha20Rng::from_seed([1; 32]),
            flow,
        }
    }

    fn person() -> Self {
        Self::new(|_| AccountKey::new(tenant(), PersonId::new("ada").unwrap()))
    }

    fn decoy() -> Self {
        Self::new(|flow| flow.decoy(tenant(), "nobody"))
    }

    fn run<T>(&mut self, decide: impl FnOnce(Operation<'_>) -> Change<T>) -> T {
        let account = self.account.take().unwrap();
        let change = decide(self.flow.on(account, &self.visit, &mut self.rng));
        let after = change.write().account();
        let stored = after.to_stored();
        let after = Account::from_stored(after.key().clone(), after.version(), &stored).unwrap();
        self.account = Some(after);
        let durable = change.write().danger_declare_durable();
        change.reveal(&durable).unwrap()
    }

    fn give(mut self, method: Method, factor: Factor) -> Self {
        let registrations = &mut self.account.as_mut().unwrap().record.registrations;
        registrations.push(Registered {
            id: RegistrationId::new(method.kind()).unwrap(),
            method,
            device: None,
            name: String::new(),
            state: State::Active,
            added: now(),
            last_used: None,
            factor,
            budget: Budget::default(),
            first_factor_budget: Budget::default(),
            claim: None,
        });
        self
    }

    fn with_pass(mut self) -> Self {
        let hash = password::hash(&self.flow.hash_key, "RIGHTONE", &mut self.rng);
        let validity = Pass {
            from: now(),
            until: now().plus_minutes(60),
            one_time: false,
            used: false,
        };
        self.give(
            Method::TemporaryPass,
            Factor::TemporaryPass { hash, validity },
        )
    }

    /// Questions, and what else it takes until a reset can begin.
    fn with_gates(mut self) -> Self {
        let answers = (1..=5).map(|number| AnsweredQuestion {
            question: Question::Standard(number),
            hash: password::hash(&self.flow.hash_key, "right", &mut self.rng),
        });
        let answers = answers.collect();
        let push = |address: &str| Factor::Push {
            address: address.to_owned(),
            key: DeviceKeyPair::from_bytes(&[1; 32]).public(),
        };
        let number = PhoneNumber::new("+31612345642").unwrap();
        let address = EmailAddress::new("ada@example.org").unwrap();
        self.give(Method::SecurityQuestions, Factor::Questions { answers })
            .give(Method::AuthenticatorPush, push("one"))
            .give(Method::Text, Factor::Phone { number })
            .give(Method::Email, Factor::Email { address })
    }

    fn begin(&mut self, reset: bool) -> Begun {
        let begun = self.run(|on| {
            if reset {
                on.begin_reset()
            } else {
                on.begin_phone_sign_in()
            }
        });
        self.visit = self.visit.clone().in_session(begun.session().clone());
        begun
    }
}

fn tenant() -> TenantId {
    TenantId::new("acme").unwrap()
}

fn choice(begun: &Begun, method: &Method) -> RegistrationId {
    let mut choices = begun.prompt().choices().iter();
    let choice = choices.find(|choice| choice.method() == method).unwrap();
    choice.registration().clone()
}

/// Registered, not registered, locked, switched off, and nobody.
fn everybody(give: impl Fn(Somebody) -> Somebody) -> Vec<Somebody> {
    let mut locked = give(Somebody::person());
    let record = &mut locked.account.as_mut().unwrap().record;
    let lockout = policy().lockout().clone();
    for registered in &mut record.registrations {
        for _ in 0..10 {
            registered.budget.fail(now(), &lockout);
            registered.first_factor_budget.fail(now(), &lockout);
        }
    }
    let mut reset_locked = give(Somebody::person());
    let record = &mut reset_locked.account.as_mut().unwrap().record;
    record.reset.locked_until = Some(now().plus_minutes(60));
    let mut suspended = give(Somebody::person());
    suspended.account.as_mut().unwrap().record.suspended = true;
    vec![
        give(Somebody::person()),
        locked,
        reset_locked,
        suspended,
        Somebody::person(),
        Somebody::decoy(),
    ]
}

#[test]
fn every_answer_to_a_pass_makes_one_password_hash() {
    for mut somebody in everybody(Somebody::with_pass) {
        let begun = somebody.begin(false);
        let pass = choice(&begun, &Method::TemporaryPass);
        for typed in ["AAAAAAAA", "", "123456", "what is this?"] {
            password::work::taken();
            let challenge = begun.prompt().challenge();
            let no = somebody.run(|on| on.answer(challenge, &pass, Answer::Code(typed)));
            assert!(no.is_err());
            assert_eq!(password::work::taken(), 1, "{typed}");
        }
    }
}

#[test]
fn every_answer_to_questions_makes_as_many_password_hashes_as_are_asked() {
    for mut somebody in everybody(Somebody::with_gates) {
        let begun = somebody.begin(true);
        let questions = choice(&begun, &Method::SecurityQuestions);
        let challenge = begun.prompt().challenge();
        for given in [
            &["wrong"; 3][..],
            &["right", "right", "wrong"],
            &[],
            &["right"; 9],
        ] {
            let asked = somebody.run(|on| on.ask(challenge, &questions));
            assert!(asked.is_ok());
            password::work::taken();
            let no = somebody.run(|on| on.answer(challenge, &questions, Answer::Questions(given)));
            assert!(no.is_err());
            assert_eq!(password::work::taken(), 3, "{given:?}");
        }
    }
}

#[test]
fn a_code_for_a_gate_makes_no_password_hash() {
    for mut somebody in everybody(Somebody::with_gates) {
        let begun = somebody.begin(true);
        for choice in begun.prompt().choices() {
            password::work::taken();
            let (challenge, gate) = (begun.prompt().challenge(), choice.registration());
            let no = somebody.run(|on| on.answer(challenge, gate, Answer::Code("000000")));
            assert!(no.is_err());
            assert_eq!(password::work::taken(), 0);
        }
    }
}

#[test]
fn every_answer_and_every_visit_of_a_device_verifies_one_signature() {
    let device = DeviceKeyPair::from_bytes(&[2; 32]);
    for mut somebody in everybody(Somebody::with_gates) {
        // What is there for some and not for others, and what nobody has.
        for name in ["authenticator_push", "text", "nothing"] {
            let texts = [
                format!(
                    r#"{{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{{"enrolment":{{"registration":"{name}"}}}},"person":"ada","until":"2026-12-01T09:10:00Z"}}"#
                ),
                format!(
                    r#"{{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{{"challenge":{{"challenge":"AAECAwQFBgcICQoLDA0ODw","registration":"{name}","purpose":"first_factor"}}}},"person":"ada","until":"2026-12-01T09:10:00Z"}}"#
                ),
            ];
            for text in texts {
                let answer = device.answer(&text.parse().unwrap(), Decision::Denied);
                key::work::taken();
                assert!(somebody.run(|on| on.device_answered(&answer)).is_err());
                assert_eq!(key::work::taken(), 1, "{text}");
            }
            let (ada, name) = (
                PersonId::new("ada").unwrap(),
                RegistrationId::new(name).unwrap(),
            );
            let visit = device.visit(&ada, &name, "https://id.example.com", now());
            key::work::taken();
            somebody.run(|on| {
                assert!(on.is_device(&visit, "https://id.example.com").is_err());
                on.sign_out()
            });
            assert_eq!(key::work::taken(), 1, "{name}");
        }
    }
}

#[test]
fn a_pass_that_is_locked_takes_as_long_as_one_that_is_wrong_as_a_second_step_too() {
    for locked in [false, true] {
        let mut ada = Somebody::person().with_pass();
        let signed_in = ada.run(|on| on.first_factor(None)).unwrap();
        ada.visit = ada.visit.clone().in_session(signed_in.session().clone());
        let prompt = ada.run(|on| on.challenge(Purpose::TwoStep)).unwrap();
        let (challenge, pass) = (
            prompt.challenge(),
            RegistrationId::new("temporary_pass").unwrap(),
        );
        if locked {
            let lockout = policy().lockout().clone();
            let record = &mut ada.account.as_mut().unwrap().record;
            for _ in 0..10 {
                record.registrations[0].budget.fail(now(), &lockout);
            }
        }
        password::work::taken();
        let no = ada.run(|on| on.answer(challenge, &pass, Answer::Code("AAAAAAAA")));
        assert!(no.is_err());
        assert_eq!(password::work::taken(), 1);
    }
}
