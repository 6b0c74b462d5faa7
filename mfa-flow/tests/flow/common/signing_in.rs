//! Signing in, and what it takes: challenges, codes, devices.

use mfa_flow::{
    Answer, Begun, ChallengeId, Change, Decision, Next, Operation, Prompt, Proof, PushRequest,
    Rejected, Visit,
};
use mfa_policy::{Purpose, RegistrationId};
use otp_core::{Secret, Totp, TotpParameters, UnixTime};

use super::{KEY, NUMBER, Person, World, device};

impl World {
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

    /// Signs in with the password in another browser, on a device with that token.
    pub(crate) fn password_on_device(&mut self, person: &Person, token: &str) -> (Next, Person) {
        let mut browser = person.elsewhere();
        let signed_in = self
            .run(&browser, |on| on.first_factor(Some(token)))
            .unwrap();
        browser.session = Some(signed_in.session().clone());
        assert_eq!(self.read(&browser, |on| on.next()), signed_in.next());
        (signed_in.next(), browser)
    }

    /// A challenge for that purpose, in the session of the person.
    pub(crate) fn challenge(&mut self, person: &Person, purpose: Purpose) -> Prompt {
        self.run(person, |on| on.challenge(purpose)).unwrap()
    }

    /// Chooses by what a challenge is to be answered.
    pub(crate) fn ask(
        &mut self,
        person: &Person,
        challenge: ChallengeId,
        registration: &RegistrationId,
    ) -> Prompt {
        self.run(person, |on| on.ask(challenge, registration))
            .unwrap()
    }

    /// Answers, and goes on in the session of the proof.
    pub(crate) fn answer(
        &mut self,
        person: &mut Person,
        challenge: ChallengeId,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) -> Result<Proof, Rejected> {
        let proof = self.run(person, |on| on.answer(challenge, registration, answer))?;
        person.session = Some(proof.session().clone());
        Ok(proof)
    }

    /// Has a code sent, and answers with it.
    pub(crate) fn answer_sent_code(
        &mut self,
        person: &mut Person,
        challenge: ChallengeId,
        registration: &RegistrationId,
    ) -> Proof {
        self.ask(person, challenge, registration);
        let code = self.sent_code().unwrap();
        self.answer(person, challenge, registration, Answer::Code(&code))
            .unwrap()
    }

    /// Types a code where a prompt is shown.
    pub(crate) fn type_code(
        &mut self,
        person: &mut Person,
        prompt: &Prompt,
        registration: &RegistrationId,
        code: &str,
    ) -> Result<(), Rejected> {
        let answer = Answer::Code(code);
        self.answer(person, prompt.challenge(), registration, answer)
            .map(drop)
    }

    /// A challenge for that purpose, answered by that registration with that answer.
    pub(crate) fn prove(
        &mut self,
        person: &mut Person,
        purpose: Purpose,
        registration: &RegistrationId,
        answer: Answer<'_>,
    ) -> Result<Proof, Rejected> {
        let prompt = self.challenge(person, purpose);
        self.answer(person, prompt.challenge(), registration, answer)
    }

    /// Begins a reset of the password in a browser of its own.
    pub(crate) fn begin_reset(&mut self, person: &Person) -> (Person, Prompt) {
        self.begin(person, |on| on.begin_reset())
    }

    /// Begins to sign in without a password, in a browser of its own.
    pub(crate) fn begin_phone_sign_in(&mut self, person: &Person) -> (Person, Prompt) {
        self.begin(person, |on| on.begin_phone_sign_in())
    }

    fn begin(
        &mut self,
        person: &Person,
        begin: impl FnMut(Operation<'_>) -> Change<Begun>,
    ) -> (Person, Prompt) {
        let mut browser = person.elsewhere();
        let begun = self.run(&browser, begin);
        browser.session = Some(begun.session().clone());
        (browser, begun.prompt().clone())
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

    /// Somebody who has signed in with an authenticator.
    pub(crate) fn with_app(&mut self, name: &str) -> (Person, RegistrationId) {
        let mut person = Person::new(name);
        let app = self.give_totp(&person, "app");
        let _ = self.sign_in(&mut person, &app);
        (person, app)
    }

    /// An administrator who has just proven his second factor.
    pub(crate) fn administrator(&mut self, name: &str) -> (Person, Proof) {
        let mut administrator = Person::administrator(name);
        let own = match self.account(&administrator.key).registrations().next() {
            Some(own) => own.id().clone(),
            None => self.give_totp(&administrator, "own"),
        };
        let proof = self.sign_in(&mut administrator, &own);
        (administrator, proof)
    }

    /// A visit to the person's account by the administrator `root`, who has just proven his second factor.
    pub(crate) fn visit_by_root(&mut self, person: &Person) -> Visit {
        let (root, proof) = self.administrator("root");
        self.visit_by(&root, &proof, person)
    }

    /// Signs in with a code that is sent by text or mail.
    pub(crate) fn sign_in_by_code(
        &mut self,
        person: &mut Person,
        registration: &RegistrationId,
    ) -> Proof {
        self.password(person);
        self.pass_minutes(1);
        let prompt = self.challenge(person, Purpose::TwoStep);
        let challenge = prompt.challenge();
        if prompt.asked().map(|ask| ask.choice().registration()) != Some(registration) {
            self.pass_minutes(1);
            self.ask(person, challenge, registration);
        }
        let code = self.sent_code().unwrap();
        self.answer(person, challenge, registration, Answer::Code(&code))
            .unwrap()
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
}

/// Ada with an authenticator and a telephone, signed in by the authenticator.
pub(crate) fn ada(world: &mut World) -> (Person, RegistrationId, RegistrationId) {
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in(&mut ada, &app);
    (ada, app, text)
}

/// Approved with that number, by a user whom the device has verified.
pub(crate) const fn approved(number: u8) -> Decision {
    Decision::Approved {
        number,
        user_verified: true,
    }
}

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
