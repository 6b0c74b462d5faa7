//! An organisation in memory: accounts in their stored form, claims, a clock that is moved by hand, and a fixed random source.

use std::collections::BTreeMap;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use mfa_flow::{
    Account, AccountKey, Answer, Change, Claim, Class, Decision, DeviceKeyPair, Effect, Event,
    Flow, HashKey, Next, Notice, Operation, Outgoing, Proof, PushRequest, Refused, Rejected,
    SessionId, TenantId, Version, Visit, What, Why,
};
use mfa_policy::{
    Capability, Method, PersonId, Policy, PolicyDraft, Preset, Purpose, RegistrationId, Subject,
    Timestamp,
};
use otp_core::{Secret, Totp, TotpParameters, UnixTime};
use otp_uri::Issuer;
use serde_json::{Value, json};

/// Everything that would be in a database, and the flows under one policy.
pub(crate) struct World {
    pub(crate) flow: Flow,
    pub(crate) now: Timestamp,
    /// What went out with the last change, in order.
    pub(crate) outgoing: Vec<Outgoing>,
    rows: BTreeMap<AccountKey, (Version, Vec<u8>)>,
    claims: BTreeMap<Claim, AccountKey>,
    random: ChaCha20Rng,
}

/// Somebody in a browser: who, in which session, and as which administrator.
pub(crate) struct Person {
    pub(crate) key: AccountKey,
    pub(crate) subject: Subject,
    pub(crate) session: Option<SessionId>,
    pub(crate) origin: Option<String>,
}

impl Person {
    /// Somebody of the tenant `acme`, in no session.
    pub(crate) fn new(name: &str) -> Self {
        Self::of("acme", name)
    }

    pub(crate) fn of(tenant: &str, name: &str) -> Self {
        let id = PersonId::new(name).unwrap();
        Self {
            key: AccountKey::new(TenantId::new(tenant).unwrap(), id.clone()),
            subject: Subject::new(id),
            session: None,
            origin: None,
        }
    }

    /// Somebody of the tenant `acme` who may act on the accounts of others.
    pub(crate) fn administrator(name: &str) -> Self {
        let mut person = Self::new(name);
        person.subject = person.subject.administrator();
        person
    }

    /// The same person in another browser, without a session.
    pub(crate) fn elsewhere(&self) -> Self {
        Self {
            key: self.key.clone(),
            subject: self.subject.clone(),
            session: None,
            origin: None,
        }
    }
}

impl World {
    /// Under the policy `security-info`.
    pub(crate) fn new() -> Self {
        Self::under(Preset::SecurityInfo.policy())
    }

    /// Under `security-info` after that change to it.
    pub(crate) fn with(change: impl FnOnce(&mut PolicyDraft)) -> Self {
        let mut draft = Preset::SecurityInfo.draft();
        change(&mut draft);
        Self::under(draft.validate().unwrap())
    }

    pub(crate) fn under(policy: Policy) -> Self {
        Self {
            flow: Flow::new(
                policy,
                HashKey::from_bytes([7; 32]),
                Issuer::new("Acme").unwrap(),
            ),
            now: "2026-12-01T09:00:00Z".parse().unwrap(),
            outgoing: Vec::new(),
            rows: BTreeMap::new(),
            claims: BTreeMap::new(),
            random: ChaCha20Rng::from_seed([1; 32]),
        }
    }

    pub(crate) fn pass_seconds(&mut self, seconds: u32) {
        self.now = self.now.plus_seconds(seconds);
    }

    pub(crate) fn pass_minutes(&mut self, minutes: u32) {
        self.now = self.now.plus_minutes(minutes);
    }

    pub(crate) fn unix(&self) -> UnixTime {
        UnixTime::from_secs(u64::try_from(self.now.unix_seconds()).unwrap())
    }

    /// A visit of the person now, where WebAuthn is spoken, telephones are reached and no number is at risk.
    pub(crate) fn visit(&self, person: &Person) -> Visit {
        let mut visit = Visit::new(person.subject.clone(), self.now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false);
        if let Some(session) = &person.session {
            visit = visit.in_session(session.clone());
        }
        if let Some(origin) = &person.origin {
            visit = visit.from(origin);
        }
        visit
    }

    /// A visit to the person's account by an administrator with that proof.
    pub(crate) fn visit_by(&self, administrator: &Person, proof: &Proof, person: &Person) -> Visit {
        self.visit(&person.elsewhere())
            .by_administrator(&administrator.subject, proof)
    }

    /// Decides, commits and reveals, as a store does it.
    pub(crate) fn run<T>(
        &mut self,
        person: &Person,
        decide: impl FnMut(Operation<'_>) -> Change<T>,
    ) -> T {
        let visit = self.visit(person);
        self.run_at(&person.key, &visit, decide)
    }

    pub(crate) fn run_at<T>(
        &mut self,
        key: &AccountKey,
        visit: &Visit,
        mut decide: impl FnMut(Operation<'_>) -> Change<T>,
    ) -> T {
        let mut taken = Vec::new();
        loop {
            let account = self.account(key).with_taken(&taken);
            let change = decide(self.flow.on(account, visit, &mut self.random));
            let write = change.write();
            assert_eq!(write.key(), key);
            assert_eq!(write.base(), self.version(key));
            let lost: Vec<Claim> = write
                .claims()
                .iter()
                .filter(|claim| self.claims.get(*claim).is_some_and(|holder| holder != key))
                .cloned()
                .collect();
            if !lost.is_empty() {
                assert!(taken.is_empty(), "claims what it was told is taken");
                taken = lost;
                continue;
            }
            for claim in write.releases() {
                if self.claims.get(claim) == Some(key) {
                    self.claims.remove(claim);
                }
            }
            for claim in write.claims() {
                self.claims.insert(claim.clone(), key.clone());
            }
            let row = (
                write.account().version(),
                write.account().to_stored().to_vec(),
            );
            self.rows.insert(key.clone(), row);
            self.outgoing = write.outgoing().to_vec();
            let durable = write.danger_declare_durable();
            return change.reveal(&durable).unwrap();
        }
    }

    /// An operation that is refused, and has changed nothing but the version.
    pub(crate) fn refused<T>(
        &mut self,
        person: &Person,
        decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
    ) -> Refused {
        let visit = self.visit(person);
        self.refused_at(&person.key, &visit, decide)
    }

    pub(crate) fn refused_at<T>(
        &mut self,
        key: &AccountKey,
        visit: &Visit,
        decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
    ) -> Refused {
        let before = self.account(key).to_stored();
        let refused = self.run_at(key, visit, decide).err();
        assert_eq!(*self.account(key).to_stored(), *before, "{refused:?}");
        assert_eq!(self.effects().count(), 0, "{refused:?}");
        refused.unwrap()
    }

    /// What an operation reads without changing anything.
    pub(crate) fn read<T>(&mut self, person: &Person, read: impl FnOnce(&Operation<'_>) -> T) -> T {
        let visit = self.visit(person);
        let account = self.account(&person.key);
        read(&self.flow.on(account, &visit, &mut self.random))
    }

    /// The account as it is stored.
    pub(crate) fn account(&self, key: &AccountKey) -> Account {
        match self.rows.get(key) {
            Some((version, stored)) => Account::from_stored(key.clone(), *version, stored).unwrap(),
            None => Account::absent(key.clone()),
        }
    }

    pub(crate) fn version(&self, key: &AccountKey) -> Version {
        self.rows
            .get(key)
            .map_or(Version::ABSENT, |(version, _)| *version)
    }

    /// The stored account as JSON.
    pub(crate) fn stored(&self, person: &Person) -> Value {
        serde_json::from_slice(&self.account(&person.key).to_stored()).unwrap()
    }

    /// Changes the stored account behind the flow's back: for planting what another operation would have made.
    pub(crate) fn plant(&mut self, person: &Person, change: impl FnOnce(&mut Value)) {
        let mut stored = self.stored(person);
        change(&mut stored);
        let version = Version::new(self.version(&person.key).get().saturating_add(1));
        let stored = serde_json::to_vec(&stored).unwrap();
        Account::from_stored(person.key.clone(), version, &stored).unwrap();
        self.rows.insert(person.key.clone(), (version, stored));
    }

    /// Plants a registration with that factor, in its stored form.
    pub(crate) fn give(
        &mut self,
        person: &Person,
        id: &str,
        method: Method,
        factor: Value,
    ) -> RegistrationId {
        let registration = json!({
            "id": id, "method": method, "name": id, "added": self.now, "factor": factor,
        });
        self.plant(person, |stored| match stored.get_mut("registrations") {
            Some(Value::Array(registrations)) => registrations.push(registration),
            _ => stored["registrations"] = json!([registration]),
        });
        RegistrationId::new(id).unwrap()
    }

    /// Plants an authenticator with the key [`KEY`]: SHA-1, six digits, thirty seconds.
    pub(crate) fn give_totp(&mut self, person: &Person, id: &str) -> RegistrationId {
        let factor = json!({ "totp": { "secret": KEY_BASE64 } });
        self.give(person, id, Method::OtherAuthenticator, factor)
    }

    /// Plants a mobile telephone for text messages.
    pub(crate) fn give_text(&mut self, person: &Person, id: &str, number: &str) -> RegistrationId {
        self.give(
            person,
            id,
            Method::Text,
            json!({ "phone": { "number": number } }),
        )
    }

    /// Plants a mailbox.
    pub(crate) fn give_email(
        &mut self,
        person: &Person,
        id: &str,
        address: &str,
    ) -> RegistrationId {
        self.give(
            person,
            id,
            Method::Email,
            json!({ "email": { "address": address } }),
        )
    }

    /// The code of the planted authenticator now.
    pub(crate) fn code(&self) -> String {
        code_of(&KEY, TotpParameters::default(), self.unix())
    }

    /// Signs in with the password: a session in place of the one before.
    pub(crate) fn password(&mut self, person: &mut Person) -> Next {
        let signed_in = self.run(person, |on| on.first_factor(None)).unwrap();
        person.session = Some(signed_in.session().clone());
        signed_in.next()
    }

    /// A challenge for that purpose, answered by that registration with that answer.
    pub(crate) fn prove(
        &mut self,
        person: &mut Person,
        purpose: Purpose,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) -> Result<Proof, Rejected> {
        let prompt = self.run(person, |on| on.challenge(purpose)).unwrap();
        let challenge = prompt.challenge();
        let proof = self.run(person, |on| on.answer(challenge, registration, answer))?;
        person.session = Some(proof.session().clone());
        Ok(proof)
    }

    /// Signs in with password and the planted authenticator, in the next time step if this one is used.
    pub(crate) fn sign_in(&mut self, person: &mut Person, authenticator: &RegistrationId) -> Proof {
        self.password(person);
        for _ in 0..2 {
            let code = self.code();
            let answer = Answer::Code(&code);
            if let Ok(proof) = self.prove(person, Purpose::TwoStep, authenticator, answer) {
                return proof;
            }
            self.pass_seconds(30);
        }
        panic!("not signed in");
    }

    /// Signs in with a code that is sent by text or mail.
    pub(crate) fn sign_in_by_code(
        &mut self,
        person: &mut Person,
        registration: &RegistrationId,
    ) -> Proof {
        self.password(person);
        self.pass_minutes(1);
        let prompt = self
            .run(person, |on| on.challenge(Purpose::TwoStep))
            .unwrap();
        let challenge = prompt.challenge();
        if prompt.asked().map(|ask| ask.choice().registration()) != Some(registration) {
            self.pass_minutes(1);
            self.run(person, |on| on.ask(challenge, registration))
                .unwrap();
        }
        let code = self.sent_code().unwrap();
        let proof = self
            .run(person, |on| {
                on.answer(challenge, registration, Answer::Code(&code))
            })
            .unwrap();
        person.session = Some(proof.session().clone());
        proof
    }

    pub(crate) fn effects(&self) -> impl Iterator<Item = &Effect> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Effect(effect) => Some(effect),
            Outgoing::Event(_) => None,
        })
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.outgoing.iter().filter_map(|outgoing| match outgoing {
            Outgoing::Event(event) => Some(event),
            Outgoing::Effect(_) => None,
        })
    }

    pub(crate) fn happened(&self, what: &What) -> bool {
        self.events().any(|event| event.what == *what)
    }

    pub(crate) fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.effects().filter_map(|effect| match effect {
            Effect::NotifyUser { notice, .. } => Some(notice),
            _ => None,
        })
    }

    /// The class of the last answer, as the audit log has it.
    pub(crate) fn class(&self) -> Option<Class> {
        let classes = self.events().filter_map(|event| match event.what {
            What::Answered { result, .. }
            | What::EnrolmentTested { result }
            | What::AppPasswordUsed { result } => Some(result),
            _ => None,
        });
        classes.last()
    }

    /// The code that was sent with the last change.
    pub(crate) fn sent_code(&self) -> Option<String> {
        self.effects().find_map(|effect| match effect {
            Effect::SendText { code, .. } | Effect::SendMail { code, .. } => {
                Some(code.expose().to_owned())
            }
            _ => None,
        })
    }

    /// What a device was asked with the last change.
    pub(crate) fn sent_request(&self) -> Option<PushRequest> {
        self.effects().find_map(|effect| match effect {
            Effect::Push { request, .. } => Some(request.clone()),
            _ => None,
        })
    }

    /// What the [`device`] of the person answers.
    pub(crate) fn device_says(
        &mut self,
        person: &Person,
        request: &PushRequest,
        decision: Decision,
    ) -> Result<(), Rejected> {
        let answer = device().answer(request, decision);
        self.run(&person.elsewhere(), |on| on.device_answered(&answer))
    }

    /// For what something was sent with the last change.
    pub(crate) fn sent_for(&self) -> Option<Why> {
        self.effects().find_map(|effect| match effect {
            Effect::SendText { reason, .. }
            | Effect::SendMail { reason, .. }
            | Effect::PlaceCall { reason, .. }
            | Effect::Push { reason, .. } => Some(reason.clone()),
            _ => None,
        })
    }
}

/// The codes of the reasons of a refusal; none if it was not the policy.
pub(crate) fn codes(refused: &Refused) -> Vec<&'static str> {
    match refused {
        Refused::Policy(decision) => decision.reasons().iter().map(|r| r.code()).collect(),
        _ => Vec::new(),
    }
}

/// The key of the device that has every authenticator app which is planted.
pub(crate) fn device() -> DeviceKeyPair {
    DeviceKeyPair::from_bytes(&[9; 32])
}

/// An authenticator app on the [`device`], in its stored form.
pub(crate) fn push_at(address: &str) -> Value {
    json!({ "push": { "address": address, "key": device().public() } })
}

/// Approved with that number, by a user whom the device has verified.
pub(crate) const fn approved(number: u8) -> Decision {
    Decision::Approved {
        number,
        user_verified: true,
    }
}

/// The key of the authenticator that is planted.
pub(crate) const KEY: [u8; 20] = *b"12345678901234567890";
pub(crate) const KEY_BASE64: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA";

/// What an authenticator shows.
pub(crate) fn code_of(key: &[u8], parameters: TotpParameters, now: UnixTime) -> String {
    let totp = Totp::new(&Secret::import(key).unwrap(), parameters);
    totp.generate(now).unwrap().as_str().to_owned()
}

/// A code that is certainly not that one.
pub(crate) fn wrong(code: &str) -> String {
    let other = if code.starts_with('0') { '1' } else { '0' };
    code.chars()
        .enumerate()
        .map(|(place, digit)| if place == 0 { other } else { digit })
        .collect()
}
