//! Every method the whole way: from the beginning of its enrolment to a sign-in that uses it.

use mfa_flow::{Answer, Enrolled, HardwareToken, NewExternal, SecurityKeyResult, Why};
use mfa_policy::{ExternalName, MethodDraft};
use otp_core::{Counter, Hotp, HotpParameters, Secret};

use super::*;

fn confirm(
    world: &mut World,
    person: &mut Person,
    enrolling: &Enrolling,
    test: Test<'_>,
) -> Result<Enrolled, Refused> {
    world.confirm(person, enrolling.registration(), test)
}

/// The answer is accepted as the second step of a sign-in that has passed the first.
fn signs_in(world: &mut World, person: &mut Person, id: &RegistrationId, answer: Answer<'_>) {
    let proof = world.prove(person, Purpose::TwoStep, id, answer).unwrap();
    assert_eq!(proof.registration(), id);
    assert_eq!(world.read(person, |on| on.next()), Next::Done);
}

/// A call or a notification that is approved, and collected by the browser that signs in.
fn sign_in_by_phone(world: &mut World, person: &mut Person, registration: &RegistrationId) {
    person.session = None;
    assert_eq!(world.password(person), Next::SecondStep);
    world.pass_minutes(1);
    let prompt = world.challenge(person, Purpose::TwoStep);
    let challenge = prompt.challenge();
    let prompt = if prompt
        .asked()
        .is_some_and(|asked| asked.choice().registration() == registration)
    {
        prompt
    } else {
        world.ask(person, challenge, registration)
    };
    let (reason, phone) = (world.sent_for().unwrap(), person.elsewhere());
    match (world.sent_request(), prompt.asked().unwrap().number()) {
        (Some(request), Some(number)) => world.device_says(&phone, &request, approved(number)),
        _ => world.run(&phone, |on| on.phone_said(&reason, PhoneSaid::PressedHash)),
    }
    .unwrap();
    let _ = world
        .answer(person, challenge, registration, Answer::Approved)
        .unwrap();
    assert_eq!(world.read(person, |on| on.next()), Next::Done);
}

#[test]
fn an_authenticator_app_is_paired_tested_with_a_number_and_signs_in() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
    let id = enrolling.registration().clone();
    let token = pairing_token(&enrolling);
    assert_eq!(token.len(), 26, "five bits each");
    assert_eq!(world.test_state(&ada), Some(TestState::Unpaired));

    // Typed by hand into the app, which is in no session.
    let phone = ada.elsewhere();
    let typed = token.to_lowercase();
    let (first, second) = typed.split_at(13);
    let typed = format!("{first} {second}");
    world
        .run(&phone, |on| {
            on.pair(&id, &typed, "apns:4711", device().public())
        })
        .unwrap();
    let number = world.number_to_type(&ada);
    let sent = world.effects().find_map(|effect| match effect {
        Effect::Push {
            address,
            reason,
            request,
            ..
        } => Some((address.clone(), reason.clone(), request.clone())),
        _ => None,
    });
    let (address, reason, request) = sent.unwrap();
    assert_eq!(address, "apns:4711");
    assert!(matches!(&reason, Why::Enrolment { registration } if *registration == id));

    // Not approved yet: nothing to collect, and nothing that counts.
    assert!(confirm(&mut world, &mut ada, &enrolling, Test::Approved).is_err());
    assert_eq!(world.class(), Some(Class::Waiting));

    world
        .device_says(&phone, &request, approved(number))
        .unwrap();
    assert_eq!(world.test_state(&ada), Some(TestState::Approved));
    let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Approved).unwrap();
    assert_eq!(enrolled.method(), &Method::AuthenticatorPush);
    assert!(enrolled.is_default());
    // The test proved it in this session, under a new identifier of the session.
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);

    sign_in_by_phone(&mut world, &mut ada, &id);
}

#[test]
fn another_authenticator_app_adds_the_key_and_signs_in_with_the_next_code() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let account = account();
    let what = Enrol::OtherAuthenticator {
        key: AppKey::new(&account),
    };
    let enrolling = begin(&mut world, &ada, what).unwrap();
    let Instruction::AddKey(key) = enrolling.instruction() else {
        panic!("no key is shown");
    };
    // What is scanned and what is typed are one key, and the one that every app reads.
    assert!(key.uri().compatibility().is_empty());
    let scanned = otp_uri::KeyUri::parse(key.qr_text().expose()).unwrap();
    assert_eq!(
        (scanned.issuer(), scanned.account()),
        (Some("Acme"), "ada@example.com")
    );
    let typed = otp_uri::base32::decode_human(key.typed_secret().expose()).unwrap();
    assert_eq!(typed.expose(), scanned.secret().expose());

    let totp = scanned.totp().unwrap();
    let code = totp.generate(world.unix()).unwrap();
    let test = Test::Code(code.as_str());
    let enrolled = confirm(&mut world, &mut ada, &enrolling, test).unwrap();
    assert!(enrolled.is_default());

    let id = enrolled.registration();
    world.password(&mut ada);
    let answer = Answer::Code(code.as_str());
    let replayed = world.prove(&mut ada, Purpose::TwoStep, id, answer);
    assert!(replayed.is_err());
    assert_eq!(world.class(), Some(Class::Replayed));
    world.pass_seconds(30);
    let code = totp.generate(world.unix()).unwrap();
    let answer = Answer::Code(code.as_str());
    signs_in(&mut world, &mut ada, id, answer);
}

#[test]
fn the_code_of_the_authenticator_app_stands_on_the_device_of_its_notifications() {
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let push = enrol_push(&mut world, &mut ada);
    let account = account();
    let what = Enrol::AuthenticatorCode {
        on: Some(&push),
        key: AppKey::new(&account),
    };
    let enrolling = begin(&mut world, &ada, what).unwrap();
    let key = shown_key(&enrolling);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Code(&code)).unwrap();
    assert!(!enrolled.is_default(), "the notification stays the default");
    let account = world.account(&ada.key);
    let device = |id: &RegistrationId| {
        let mut registrations = account.registrations();
        let registered = registrations.find(|registered| registered.id() == id);
        registered.unwrap().device().cloned()
    };
    assert!(device(&push).is_some());
    assert_eq!(device(&push), device(enrolled.registration()));

    world.pass_seconds(30);
    world.password(&mut ada);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    signs_in(
        &mut world,
        &mut ada,
        enrolled.registration(),
        Answer::Code(&code),
    );
}

/// The whole way of a notification, in the session of the person.
fn enrol_push(world: &mut World, person: &mut Person) -> RegistrationId {
    let id = begin_paired(world, person);
    world.approve_test(person);
    let _ = world.confirm(person, &id, Test::Approved).unwrap();
    id
}

#[test]
fn sign_in_without_a_password_is_enrolled_on_the_app_that_gets_notifications() {
    let mut world = World::new();
    let (mut ada, app) = world.with_app("ada");
    let other = Enrol::PhoneSignIn { push: &app };
    let refused = world.run(&ada, |on| on.begin_enrolment(other, "mine"));
    assert!(matches!(refused, Err(Refused::Invalid(_))));

    let push = enrol_push(&mut world, &mut ada);
    let switch = |world: &mut World, state: &str| {
        world.plant(&ada.elsewhere(), |stored| {
            stored["registrations"][1]["state"] = state.into();
        });
    };
    switch(&mut world, "disabled");
    let off = Enrol::PhoneSignIn { push: &push };
    let refused = world.run(&ada, |on| on.begin_enrolment(off, "mine"));
    assert!(matches!(refused, Err(Refused::Invalid(_))));
    switch(&mut world, "active");
    let enrolling = begin(&mut world, &ada, Enrol::PhoneSignIn { push: &push }).unwrap();
    let Instruction::MatchNumber(number) = *enrolling.instruction() else {
        panic!("no number to show");
    };
    let request = world.sent_request().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Approved).unwrap();

    let (mut browser, prompt) = world.begin_phone_sign_in(&ada);
    let request = world.sent_request().unwrap();
    let number = prompt.asked().unwrap().number().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    let challenge = prompt.challenge();
    let _ = world
        .answer(
            &mut browser,
            challenge,
            enrolled.registration(),
            Answer::Approved,
        )
        .unwrap();
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);
}

#[test]
fn a_text_is_tested_by_its_code_and_signs_in() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = PhoneNumber::new("+31 6 1234 5678").unwrap();
    let enrolling = begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    assert!(matches!(enrolling.instruction(), Instruction::EnterCode { hint } if hint == "••• 78"));
    let code = world.sent_code().unwrap();
    let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Code(&code)).unwrap();
    assert!(enrolled.is_default());
    let proof = world.sign_in_by_code(&mut ada, enrolled.registration());
    assert_eq!(proof.method(), &Method::Text);
}

#[test]
fn calls_are_tested_by_the_hash_key_and_sign_in() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = PhoneNumber::new(NUMBER).unwrap();
    let text = begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    let code = world.sent_code().unwrap();
    let text = confirm(&mut world, &mut ada, &text, Test::Code(&code)).unwrap();

    let office = PhoneNumber::new("+31201234567").unwrap();
    let alternate = PhoneNumber::new("+31687654321").unwrap();
    let mut devices = Vec::new();
    for what in [
        Enrol::CallMobile(&number),
        Enrol::CallOffice(&office),
        Enrol::CallAlternate(&alternate),
    ] {
        world.pass_minutes(1);
        let enrolling = begin(&mut world, &ada, what).unwrap();
        assert!(matches!(
            enrolling.instruction(),
            Instruction::PressHash { .. }
        ));
        world.press_hash(&ada);
        let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Approved).unwrap();
        assert_eq!(enrolled.method(), &what.method());
        let id = enrolled.registration().clone();
        sign_in_by_phone(&mut world, &mut ada, &id);
        devices.push(device_of(&world, &ada, &id));
    }
    // A text and a call to one number are one device.
    assert_eq!(devices[0], device_of(&world, &ada, text.registration()));
    assert!(devices[0] != devices[1] && devices[1] != devices[2]);
    assert!(
        devices
            .iter()
            .all(|device| device.as_deref().is_some_and(|text| !text.contains("123")))
    );
}

fn device_of(world: &World, person: &Person, id: &RegistrationId) -> Option<String> {
    let account = world.account(&person.key);
    let mut registrations = account.registrations();
    let registered = registrations.find(|registered| registered.id() == id)?;
    registered.device().map(|device| device.as_str().to_owned())
}

#[test]
fn a_mailbox_is_tested_by_its_code_and_opens_a_reset_only() {
    let mut world = World::with(|draft| draft.reset.gates = Some(1));
    let mut ada = with_password(&mut world, "ada");
    let address = EmailAddress::new("ada@example.com").unwrap();
    let enrolling = begin(&mut world, &ada, Enrol::Email(&address)).unwrap();
    let code = world.sent_code().unwrap();
    let enrolled = confirm(&mut world, &mut ada, &enrolling, Test::Code(&code)).unwrap();
    assert!(!enrolled.is_default());
    assert_eq!(world.read(&ada, |on| on.next()), Next::Register);

    let mail = enrolled.registration();
    world.pass_minutes(1);
    let (mut reset, prompt) = world.begin_reset(&ada);
    let proof = world.answer_sent_code(&mut reset, prompt.challenge(), mail);
    assert_eq!(proof.purpose(), Purpose::PasswordReset);
}

const NEW_KEY: NewSecurityKey<'_> = NewSecurityKey {
    credential: "Y3JlZGVudGlhbA",
    data: "{}",
    sign_count: 1,
    user_verified: true,
};

#[test]
fn a_security_key_is_registered_by_the_host_and_signs_in() {
    let mut world = World::new();
    let (mut ada, _) = world.with_app("ada");
    let enrolling = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    assert!(
        matches!(enrolling.instruction(), Instruction::RegisterSecurityKey { exclude } if exclude.is_empty())
    );
    let without_pin = Test::SecurityKey(NewSecurityKey {
        user_verified: false,
        ..NEW_KEY
    });
    assert!(confirm(&mut world, &mut ada, &enrolling, without_pin).is_err());
    let test = Test::SecurityKey(NEW_KEY);
    let enrolled = confirm(&mut world, &mut ada, &enrolling, test).unwrap();

    world.password(&mut ada);
    let result = SecurityKeyResult {
        credential: NEW_KEY.credential,
        user_verified: true,
        sign_count: 2,
    };
    let answer = Answer::SecurityKey(result);
    signs_in(&mut world, &mut ada, enrolled.registration(), answer);
    // The next one is made on another key.
    let next = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    assert!(
        matches!(next.instruction(), Instruction::RegisterSecurityKey { exclude } if *exclude == [NEW_KEY.credential])
    );
}

#[test]
fn a_method_of_the_hosts_own_is_verified_by_the_host_and_signs_in() {
    let name = ExternalName::new("certificate").unwrap();
    let mut world = World::with(|draft| {
        let rule = MethodDraft {
            enabled: Some(true),
            purposes: Some([Purpose::TwoStep, Purpose::ManageSecurityInfo].into()),
            ..MethodDraft::default()
        };
        draft.methods.insert(Method::External(name.clone()), rule);
    });
    let mut ada = with_password(&mut world, "ada");
    let enrolling = begin(&mut world, &ada, Enrol::External(&name)).unwrap();
    let test = Test::External(NewExternal {
        identity: "sha256:00ff",
        data: "CN=ada",
    });
    let enrolled = confirm(&mut world, &mut ada, &enrolling, test).unwrap();
    let account = world.account(&ada.key);
    let stored = account.registrations().next().unwrap();
    assert_eq!(stored.external_data(), Some("CN=ada"));

    assert_eq!(world.password(&mut ada), Next::SecondStep);
    let id = enrolled.registration();
    signs_in(&mut world, &mut ada, id, Answer::External);
}

#[test]
fn hardware_tokens_are_imported_by_an_administrator_and_sign_in() {
    let mut world = World::new();
    let (grace, proof) = world.administrator("grace");
    let seed = || Secret::import(&[0x5a; 20]).unwrap();

    let timed = HardwareToken::totp("ab-12", seed(), TotpParameters::default()).unwrap();
    let counted =
        HardwareToken::hotp("AB 13", seed(), HotpParameters::default(), Counter::new(0)).unwrap();
    let hotp = Hotp::new(&seed(), HotpParameters::default());
    let press = |counter| hotp.generate(Counter::new(counter)).as_str().to_owned();

    // One that counts time, by the code that it shows.
    let mut ada = Person::new("ada");
    let visit = world.visit_by(&grace, &proof, &ada);
    let what = Enrol::HardwareToken(&timed);
    let enrolling = world
        .run_at(&ada.key, &visit, |on| on.begin_enrolment(what, "fob"))
        .unwrap();
    let code = code_of(&[0x5a; 20], TotpParameters::default(), world.unix());
    let id = enrolling.registration();
    let enrolled = world
        .run_at(&ada.key, &visit, |on| {
            on.confirm_enrolment(id, Test::Code(&code))
        })
        .unwrap();
    assert!(enrolled.session().is_none());
    world.pass_seconds(30);
    world.password(&mut ada);
    let code = code_of(&[0x5a; 20], TotpParameters::default(), world.unix());
    signs_in(&mut world, &mut ada, id, Answer::Code(&code));

    // One that counts presses, found where its button was pressed forty times on the way.
    let mut bob = Person::new("bob");
    let visit = world.visit_by(&grace, &proof, &bob);
    let what = Enrol::HardwareToken(&counted);
    let enrolling = world
        .run_at(&bob.key, &visit, |on| on.begin_enrolment(what, "fob"))
        .unwrap();
    let id = enrolling.registration();
    let (one, two) = (press(40), press(41));
    let test = Test::ConsecutiveCodes([one.as_str(), two.as_str()].into());
    let confirmed = world.run_at(&bob.key, &visit, |on| on.confirm_enrolment(id, test));
    assert_eq!(confirmed.unwrap().registration(), id);
    world.password(&mut bob);
    let used = world.prove(&mut bob, Purpose::TwoStep, id, Answer::Code(&two));
    assert!(used.is_err(), "the codes of the test are used up");
    let next = press(42);
    signs_in(&mut world, &mut bob, id, Answer::Code(&next));
}
