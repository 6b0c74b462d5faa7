//! Enrolling: apps that are paired, and the tests of what is pending.

use mfa_flow::{
    DeviceKeyPair, Enrol, Enrolled, Enrolling, Instruction, PhoneSaid, Refused, Test, TestState,
};
use mfa_policy::RegistrationId;

use super::{Person, World, approved};

impl World {
    /// Begins to enrol an authenticator app, and pairs the one on that device: its first request has gone out.
    pub(crate) fn pair(
        &mut self,
        person: &Person,
        name: &str,
        address: &str,
        device: &DeviceKeyPair,
    ) -> RegistrationId {
        let what = Enrol::AuthenticatorPush { on: None };
        let enrolling = self
            .run(person, |on| on.begin_enrolment(what, name))
            .unwrap();
        let (id, token) = (enrolling.registration(), pairing_token(&enrolling));
        let phone = person.elsewhere();
        self.run(&phone, |on| on.pair(id, token, address, device.public()))
            .unwrap();
        id.clone()
    }

    /// How the test of what is pending stands.
    pub(crate) fn test_state(&mut self, person: &Person) -> Option<TestState> {
        self.read(person, |on| on.pending().map(|pending| pending.test()))
    }

    /// The number that is to be typed into the device that was asked.
    pub(crate) fn number_to_type(&mut self, person: &Person) -> u8 {
        match self.test_state(person) {
            Some(TestState::Waiting {
                number: Some(number),
            }) => number,
            other => panic!("no number to show: {other:?}"),
        }
    }

    /// The device that was asked with the last change approves, as the test of what is pending.
    pub(crate) fn approve_test(&mut self, person: &Person) {
        let request = self.sent_request().unwrap();
        let number = self.number_to_type(person);
        self.device_says(person, &request, approved(number))
            .unwrap();
    }

    /// Whoever was called with the last change presses the hash key.
    pub(crate) fn press_hash(&mut self, person: &Person) {
        let reason = self.sent_for().unwrap();
        let phone = person.elsewhere();
        self.run(&phone, |on| on.phone_said(&reason, PhoneSaid::PressedHash))
            .unwrap();
    }

    /// Gives the test of what is pending, and goes on in the session that follows.
    pub(crate) fn confirm(
        &mut self,
        person: &mut Person,
        id: &RegistrationId,
        test: Test<'_>,
    ) -> Result<Enrolled, Refused> {
        let enrolled = self.run(person, |on| on.confirm_enrolment(id, test))?;
        person.session = enrolled.session().cloned();
        Ok(enrolled)
    }
}

/// The token that pairs an app.
pub(crate) fn pairing_token(enrolling: &Enrolling) -> &str {
    match enrolling.instruction() {
        Instruction::Pair(token) => token.expose(),
        _ => panic!("no token is shown"),
    }
}

/// The key that an app is to add.
pub(crate) fn shown_key(enrolling: &Enrolling) -> Vec<u8> {
    match enrolling.instruction() {
        Instruction::AddKey(key) => key.uri().secret().expose().to_vec(),
        _ => panic!("no key is shown"),
    }
}
