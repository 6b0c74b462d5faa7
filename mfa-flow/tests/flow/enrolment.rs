//! Enrolment: pending until its test is passed.

use crate::common::{Person, World, approved, code_of, device, wrong};
use mfa_flow::{
    AppKey, Binding, Class, Confirmed, Contact, Decision, Effect, EmailAddress, Enrol, Enrolled,
    Enrolling, Instruction, NewSecurityKey, Next, Notice, PhoneNumber, PhoneSaid, Refused,
    SessionRef, Test, TestState, What,
};
use mfa_policy::{Method, Purpose, Reason, RegistrationId, State, Unique};
use otp_core::{Algorithm, Digits, Period, TotpParameters};
use otp_uri::{Account, App, Parameter};
use serde_json::json;

fn account() -> Account {
    Account::new("ada@example.com").unwrap()
}

fn phone(number: &str) -> PhoneNumber {
    PhoneNumber::new(number).unwrap()
}

fn begin(world: &mut World, person: &Person, what: Enrol<'_>) -> Result<Enrolling, Refused> {
    world.run(person, |on| on.begin_enrolment(what, "mine"))
}

/// Begins to enrol an app, and gives its key too.
fn begin_app(
    world: &mut World,
    person: &Person,
    parameters: TotpParameters,
) -> (RegistrationId, Vec<u8>) {
    let account = account();
    let key = AppKey::new(&account).with_parameters(parameters);
    let enrolling = begin(world, person, Enrol::OtherAuthenticator { key }).unwrap();
    let Instruction::AddKey(shown) = enrolling.instruction() else {
        panic!("no key is shown");
    };
    let key = shown.uri().secret().expose().to_vec();
    (enrolling.registration().clone(), key)
}

fn confirm(
    world: &mut World,
    person: &mut Person,
    id: &RegistrationId,
    test: Test<'_>,
) -> Result<Enrolled, Refused> {
    let enrolled = world.run(person, |on| on.confirm_enrolment(id, test))?;
    person.session = enrolled.session().cloned();
    Ok(enrolled)
}

/// The whole way of an app, whose code of now is its test.
fn enrol_app(world: &mut World, person: &mut Person) -> (RegistrationId, Vec<u8>) {
    let (id, key) = begin_app(world, person, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = confirm(world, person, &id, Test::Code(&code)).unwrap();
    assert_eq!(enrolled.registration(), &id);
    (id, key)
}

/// The whole way of a text to that number.
fn enrol_text(world: &mut World, person: &mut Person, number: &PhoneNumber) -> RegistrationId {
    let enrolling = begin(world, person, Enrol::Text(number)).unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    let enrolled = confirm(world, person, id, Test::Code(&code)).unwrap();
    enrolled.registration().clone()
}

/// Somebody in a session with the password.
fn with_password(world: &mut World, name: &str) -> Person {
    let mut person = Person::new(name);
    world.password(&mut person);
    person
}

/// Somebody who has signed in with an authenticator.
fn with_app(world: &mut World, name: &str) -> (Person, RegistrationId) {
    let mut person = Person::new(name);
    let app = world.give_totp(&person, "app");
    let proof = world.sign_in(&mut person, &app);
    assert_eq!(proof.registration(), &app);
    (person, app)
}

fn methods(world: &World, person: &Person) -> Vec<Method> {
    let account = world.account(&person.key);
    account
        .registrations()
        .map(|r| r.method().clone())
        .collect()
}

fn default_of(world: &World, person: &Person) -> Option<RegistrationId> {
    let account = world.account(&person.key);
    account.view().chosen_default().cloned()
}

fn reasons(refused: &Refused) -> &[Reason] {
    match refused {
        Refused::Policy(decision) => decision.reasons(),
        other => panic!("not the policy: {other:?}"),
    }
}

// --- Pending and active ---

#[test]
fn what_is_pending_neither_satisfies_nor_demands_a_second_step() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(world.happened(&What::EnrolmentBegun));
    assert!(methods(&world, &ada).is_empty());
    assert_eq!(world.password(&mut ada.elsewhere()), Next::Register);
    let asked = world.run(&ada, |on| on.challenge(Purpose::TwoStep));
    assert!(matches!(asked, Err(Refused::Over)));

    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap();
    assert_eq!(enrolled.registration(), &id);
    let account = world.account(&ada.key);
    let states: Vec<State> = account.registrations().map(|r| r.state()).collect();
    assert_eq!(states, [State::Active]);
    assert_eq!(world.password(&mut ada.elsewhere()), Next::SecondStep);
}

#[test]
fn a_wrong_test_leaves_it_pending() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    for test in [Test::Code(&wrong(&code)), Test::Code(""), Test::Approved] {
        let refused = confirm(&mut world, &mut ada, &id, test).unwrap_err();
        assert!(matches!(refused, Refused::Rejected(_)));
        assert!(methods(&world, &ada).is_empty());
    }
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
    assert_eq!(methods(&world, &ada), [Method::OtherAuthenticator]);
}

#[test]
fn a_test_of_another_kind_passes_nothing_and_is_not_counted() {
    let mut world = World::new();
    let (mut ada, _) = with_app(&mut world, "ada");
    let (id, _) = begin_app(&mut world, &ada, TotpParameters::default());
    let key = NewSecurityKey {
        credential: "a",
        data: "",
        sign_count: 0,
        user_verified: true,
    };
    for test in [
        Test::SecurityKey(key),
        Test::ConsecutiveCodes(["123456", "123456"].into()),
        Test::Approved,
    ] {
        assert!(confirm(&mut world, &mut ada, &id, test).is_err());
    }
    assert!(world.stored(&ada).get("enrolling").is_none());
    assert_eq!(methods(&world, &ada), [Method::OtherAuthenticator]);
}

#[test]
fn it_waits_ten_minutes_and_not_a_second_more() {
    for (seconds, in_time) in [(599, true), (600, false)] {
        let mut world = World::with(|draft| draft.freshness.add = None);
        let mut ada = with_password(&mut world, "ada");
        let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
        world.pass_seconds(seconds);
        let code = code_of(&key, TotpParameters::default(), world.unix());
        let confirmed = confirm(&mut world, &mut ada, &id, Test::Code(&code));
        assert_eq!(confirmed.is_ok(), in_time);
        if !in_time {
            assert!(matches!(confirmed, Err(Refused::Over)));
            assert!(world.happened(&What::EnrolmentEnded));
            assert!(world.stored(&ada).get("enrolment").is_none());
        }
    }
}

#[test]
fn a_clock_that_goes_back_does_not_break_it() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.now = "2026-11-30T00:00:00Z".parse().unwrap();
    let code = code_of(&key, TotpParameters::default(), world.unix());
    // The password was proven in what is now the future: that is no proof.
    let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap_err();
    assert!(matches!(refused, Refused::Policy(_)));
}

#[test]
fn it_is_bound_to_the_session_in_which_it_was_begun() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let mut elsewhere = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let mut nowhere = ada.elsewhere();
    for other in [&mut elsewhere, &mut nowhere] {
        let refused = confirm(&mut world, other, &id, Test::Code(&code));
        assert!(matches!(refused, Err(Refused::Over)));
        let cancelled = world.run(other, |on| on.cancel_enrolment(&id));
        assert!(matches!(cancelled, Err(Refused::Over)));
        assert_eq!(
            world.read(other, |on| on.pending().map(|pending| pending.test())),
            None
        );
    }
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn it_is_bound_to_the_account() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let mut bob = with_password(&mut world, "bob");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    begin_app(&mut world, &bob, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut bob, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
    // The session of another account is none here.
    bob.session.clone_from(&ada.session);
    let refused = begin(&mut world, &bob, Enrol::SecurityKey);
    assert!(matches!(refused, Err(Refused::Policy(_))));
}

#[test]
fn it_ends_with_its_session() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.run(&ada, |on| on.sign_out());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_err());
    assert!(world.stored(&ada).get("enrolment").is_none());
}

#[test]
fn a_new_start_ends_the_older_one_and_leaves_what_is_active_as_it_was() {
    let mut world = World::new();
    let (mut ada, app) = with_app(&mut world, "ada");
    let before = world.stored(&ada)["registrations"].clone();
    let (older, older_key) = begin_app(&mut world, &ada, TotpParameters::default());
    let (newer, newer_key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(world.happened(&What::EnrolmentEnded));
    assert_ne!((&older, &older_key), (&newer, &newer_key));
    assert_eq!(world.stored(&ada)["registrations"], before);

    let code = code_of(&older_key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut ada, &older, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
    // The key of the older one is good for nothing any more.
    let refused = confirm(&mut world, &mut ada, &newer, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert!(
        world
            .account(&ada.key)
            .registrations()
            .any(|r| *r.id() == app)
    );
}

#[test]
fn what_is_refused_leaves_the_older_one_pending() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    assert!(begin(&mut world, &ada, Enrol::SecurityKey).is_err());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn it_can_be_given_up() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.run(&ada, |on| on.cancel_enrolment(&id)).unwrap();
    assert!(world.happened(&What::EnrolmentEnded));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
}

#[test]
fn a_name_that_cannot_be_seen_is_refused() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    for name in ["", " ", "a\nb", "a\u{202e}b", &"x".repeat(65)] {
        let refused = world.run(&ada, |on| on.begin_enrolment(Enrol::Text(&number), name));
        assert!(matches!(refused, Err(Refused::Invalid(_))), "{name:?}");
        assert!(world.sent_code().is_none());
    }
}

// --- Who may ---

#[test]
fn the_password_alone_adds_nothing_where_a_second_factor_is() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    world.password(&mut ada);
    let refused = begin(&mut world, &ada, Enrol::Text(&phone("+31612345678"))).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::NeedsProof { .. }]));
    assert!(world.effects().next().is_none(), "nothing is sent");

    let proof = world.sign_in(&mut ada, &app);
    assert_eq!(proof.registration(), &app);
    assert!(begin(&mut world, &ada, Enrol::Text(&phone("+31612345678"))).is_ok());
}

#[test]
fn a_proof_that_is_too_old_is_renewed_and_the_test_is_taken_then() {
    let mut world = World::new();
    let (mut ada, app) = with_app(&mut world, "ada");
    world.pass_minutes(9);
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.pass_minutes(1);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::NeedsProof { .. }]));
    // The session has another identifier after the proof, and the enrolment goes on in it.
    let own = world.code();
    let answer = mfa_flow::Answer::Code(&own);
    let proof = world.prove(&mut ada, Purpose::ManageSecurityInfo, &app, answer);
    assert_eq!(proof.unwrap().registration(), &app);
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn an_account_that_is_switched_off_begins_and_confirms_nothing() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_err());
    assert!(begin(&mut world, &ada, Enrol::Text(&phone("+31612345678"))).is_err());
    assert!(methods(&world, &ada).is_empty());
}

#[test]
fn a_sixth_authenticator_is_refused_with_the_reason_of_the_policy() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    for _ in 0..5 {
        enrol_app(&mut world, &mut ada);
    }
    let account = account();
    let what = Enrol::OtherAuthenticator {
        key: AppKey::new(&account),
    };
    let refused = begin(&mut world, &ada, what).unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::LimitReached {
            limit: 5,
            has: 5,
            ..
        }]
    ));
    assert!(world.events().any(
        |event| matches!(&event.what, What::Refused { reasons } if *reasons == ["limit_reached"])
    ));
}

#[test]
fn an_enrolment_for_somebody_else_is_bound_to_the_administrator() {
    let mut world = World::new();
    let mut proofs = Vec::new();
    for name in ["grace", "heidi"] {
        let mut administrator = Person::administrator(name);
        let own = world.give_totp(&administrator, "own");
        let proof = world.sign_in(&mut administrator, &own);
        proofs.push((administrator, proof));
    }
    let ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    let [(grace, grace_proof), (heidi, heidi_proof)] = &proofs[..] else {
        panic!("two administrators");
    };
    let visit = world.visit_by(grace, grace_proof, &ada);
    let enrolling = world
        .run_at(&ada.key, &visit, |on| {
            on.begin_enrolment(Enrol::Text(&number), "mobile")
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    let others = [
        world.visit_by(heidi, heidi_proof, &ada),
        visit.clone().in_session(grace.session.clone().unwrap()),
        world.visit(&ada),
    ];
    for other in others {
        let refused = world.run_at(&ada.key, &other, |on| {
            on.confirm_enrolment(id, Test::Code(&code))
        });
        assert!(matches!(refused, Err(Refused::Over)));
    }
    let confirmed = world.run_at(&ada.key, &visit, |on| {
        on.confirm_enrolment(id, Test::Code(&code))
    });
    assert!(confirmed.unwrap().is_default());
    let history = world.account(&ada.key).history().to_vec();
    assert_eq!(history[0].by(), Some(grace.subject.id()));
    assert!(world.notices().any(|notice| matches!(notice,
        Notice::Administered { by, what: What::Bound, method: Some(Method::Text) } if by == grace.subject.id())));
    // All sessions of the person end: the administrator has none here.
    assert!(
        world
            .effects()
            .any(|effect| matches!(effect, Effect::EndSessions { except: None }))
    );
}

#[test]
fn an_administrator_registers_no_secret_of_somebody_else() {
    let mut world = World::new();
    let mut grace = Person::administrator("grace");
    let own = world.give_totp(&grace, "own");
    let proof = world.sign_in(&mut grace, &own);
    let ada = Person::new("ada");
    let visit = world.visit_by(&grace, &proof, &ada);
    let account = account();
    let key = AppKey::new(&account);
    for what in [
        Enrol::OtherAuthenticator { key },
        Enrol::AuthenticatorPush { on: None },
        Enrol::SecurityKey,
    ] {
        let refused = world.run_at(&ada.key, &visit, |on| on.begin_enrolment(what, "mine"));
        let refused = refused.unwrap_err();
        assert!(
            reasons(&refused)
                .iter()
                .any(|r| matches!(r, Reason::PersonOnly { .. }))
        );
    }
}

// --- Failures ---

#[test]
fn failures_are_counted_across_new_starts() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    for attempt in 1..=5 {
        let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
        let code = wrong(&code_of(&key, TotpParameters::default(), world.unix()));
        let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code));
        assert!(matches!(refused, Err(Refused::Rejected(_))));
        assert_eq!(world.class(), Some(Class::Wrong), "attempt {attempt}");
    }
    assert!(
        world
            .notices()
            .any(|notice| matches!(notice, Notice::Locked { .. }))
    );
    // The right code is not looked at now, and looks like a wrong one.
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert_eq!(world.class(), Some(Class::Locked));
    world.pass_seconds(30);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap();
    assert_eq!(enrolled.failures().count(), 5);
}

#[test]
fn after_a_hundred_failures_in_a_row_only_an_administrator_helps() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    world.plant(&ada, |stored| {
        stored["enrolling"] = json!({ "consecutive": 99 });
    });
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&wrong(&code))).is_err());
    assert!(world.happened(&What::Disabled));
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_err());
    assert_eq!(world.class(), Some(Class::Locked));

    let mut grace = Person::administrator("grace");
    let own = world.give_totp(&grace, "own");
    let proof = world.sign_in(&mut grace, &own);
    let visit = world.visit_by(&grace, &proof, &ada);
    world.run_at(&ada.key, &visit, |on| on.unlock()).unwrap();
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
}

// --- What is sent ---

#[test]
fn a_code_that_is_sent_again_takes_the_place_of_the_one_before() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    let id = begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    let id = id.registration().clone();
    let first = world.sent_code().unwrap();
    let soon = world.run(&ada, |on| on.send_enrolment_again(&id));
    assert!(matches!(soon, Err(Refused::TooSoon { .. })));
    world.pass_seconds(30);
    world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let second = world.sent_code().unwrap();
    assert_ne!(first, second);
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&first)).is_err());
    assert!(confirm(&mut world, &mut ada, &id, Test::Code(&second)).is_ok());
}

#[test]
fn beginning_again_does_not_send_to_the_same_number_at_once() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    let again = begin(&mut world, &ada, Enrol::Text(&number));
    assert!(matches!(again, Err(Refused::TooSoon { .. })));
    assert!(world.sent_code().is_none());
    // What was begun first still waits.
    assert_eq!(
        world.read(&ada, |on| on.pending().map(|pending| pending.test())),
        Some(TestState::Waiting { number: None })
    );
}

#[test]
fn one_enrolment_sends_three_times_at_most() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    let enrolling = begin(&mut world, &ada, Enrol::CallMobile(&number)).unwrap();
    let id = enrolling.registration();
    for _ in 0..2 {
        world.pass_seconds(30);
        world.run(&ada, |on| on.send_enrolment_again(id)).unwrap();
    }
    world.pass_seconds(30);
    let more = world.run(&ada, |on| on.send_enrolment_again(id));
    assert!(matches!(more, Err(Refused::NoMoreSends)));
}

#[test]
fn a_code_that_was_sent_is_good_for_five_minutes() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let enrolling = begin(&mut world, &ada, Enrol::Text(&phone("+31612345678"))).unwrap();
    let code = world.sent_code().unwrap();
    world.pass_minutes(5);
    let id = enrolling.registration();
    let refused = confirm(&mut world, &mut ada, id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert_eq!(world.class(), Some(Class::Expired));
}

#[test]
fn a_wrong_number_is_a_failed_test_and_is_not_tried_twice() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let id = begin_paired(&mut world, &ada);
    let request = world.sent_request().unwrap();
    let Some(TestState::Waiting {
        number: Some(number),
    }) = world.read(&ada, |on| on.pending().map(|pending| pending.test()))
    else {
        panic!("no number to show");
    };
    let phone = ada.elsewhere();
    let other = if number == 10 { 11 } else { 10 };
    for said in [other, number] {
        let said = world.device_says(&phone, &request, approved(said));
        assert!(said.is_err());
    }
    let state = world.read(&ada, |on| on.pending().map(|pending| pending.test()));
    assert_eq!(state, Some(TestState::Idle));
    assert_eq!(world.stored(&ada)["enrolling"]["consecutive"], 1);
    // Another notification has another test.
    let again = world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let Instruction::MatchNumber(number) = *again.instruction() else {
        panic!("no number to show");
    };
    let request = world.sent_request().unwrap();
    world
        .device_says(&phone, &request, approved(number))
        .unwrap();
    assert!(confirm(&mut world, &mut ada, &id, Test::Approved).is_ok());
}

#[test]
fn a_stranger_who_is_called_can_end_the_enrolment() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    let enrolling = begin(&mut world, &ada, Enrol::CallMobile(&number)).unwrap();
    let reason = world.sent_for().unwrap();
    let stranger = ada.elsewhere();
    world
        .run(&stranger, |on| {
            on.phone_said(&reason, PhoneSaid::Suspicious)
        })
        .unwrap();
    assert!(world.happened(&What::ReportedSuspicious));
    let refused = confirm(
        &mut world,
        &mut ada,
        enrolling.registration(),
        Test::Approved,
    );
    assert!(matches!(refused, Err(Refused::Over)));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Register);
}

#[test]
fn what_the_telephone_says_late_or_after_too_many_failures_is_not_taken() {
    let begun = |world: &mut World| {
        let ada = with_password(world, "ada");
        let number = phone("+31612345678");
        let enrolling = begin(world, &ada, Enrol::CallMobile(&number)).unwrap();
        (
            ada,
            enrolling.registration().clone(),
            world.sent_for().unwrap(),
        )
    };
    // The call is worth answering for five minutes.
    for (seconds, in_time) in [(299, true), (300, false)] {
        let mut world = World::new();
        let (ada, _, reason) = begun(&mut world);
        world.pass_seconds(seconds);
        let said = world.run(&ada.elsewhere(), |on| {
            on.phone_said(&reason, PhoneSaid::PressedHash)
        });
        assert_eq!(said.is_ok(), in_time);
    }
    // And so is collecting what was answered.
    let mut world = World::new();
    let (mut ada, id, reason) = begun(&mut world);
    let phone = ada.elsewhere();
    let pressed =
        |world: &mut World| world.run(&phone, |on| on.phone_said(&reason, PhoneSaid::PressedHash));
    pressed(&mut world).unwrap();
    world.pass_minutes(5);
    assert!(confirm(&mut world, &mut ada, &id, Test::Approved).is_err());
    assert_eq!(world.class(), Some(Class::Waiting));
    // Not while tests are locked.
    world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let lock = |world: &mut World, enrolling: serde_json::Value| {
        world.plant(&phone, |stored| stored["enrolling"] = enrolling);
    };
    let until = world.now.plus_seconds(1);
    lock(&mut world, json!({ "locked_until": until }));
    assert!(pressed(&mut world).is_err());
    lock(&mut world, json!({}));
    assert!(pressed(&mut world).is_ok());
}

#[test]
fn a_call_is_not_taken_after_the_ten_minutes() {
    let mut world = World::with(|draft| draft.challenge.enrolment_minutes = Some(1));
    let ada = with_password(&mut world, "ada");
    let number = phone("+31612345678");
    assert!(begin(&mut world, &ada, Enrol::CallMobile(&number)).is_ok());
    let reason = world.sent_for().unwrap();
    world.pass_minutes(1);
    let said = world.run(&ada.elsewhere(), |on| {
        on.phone_said(&reason, PhoneSaid::PressedHash)
    });
    assert!(said.is_err());
}

#[test]
fn nothing_is_sent_for_an_account_that_is_switched_off_or_a_session_that_is_over() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let id = begin_paired(&mut world, &ada);
    let request = world.sent_request().unwrap();
    let stored = world.stored(&ada);
    let over = |world: &mut World| {
        let again = world.run(&ada, |on| on.send_enrolment_again(&id));
        assert!(matches!(again, Err(Refused::Over)));
        assert!(world.effects().next().is_none());
    };
    world.plant(&ada, |stored| stored["suspended"] = json!(true));
    over(&mut world);
    let denied = world.device_says(&ada, &request, Decision::Denied);
    assert!(denied.is_err());
    world.plant(&ada, |now| {
        *now = stored;
        now["sessions"] = json!([]);
    });
    over(&mut world);
}

#[test]
fn an_app_that_is_being_paired_uses_up_no_notification_of_sign_in() {
    let mut world = World::with(|draft| draft.challenge.pushes = Some(1));
    let ada = with_password(&mut world, "ada");
    for _ in 0..2 {
        let id = begin_paired(&mut world, &ada);
        assert!(world.sent_for().is_some());
        for _ in 0..2 {
            world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
        }
        let more = world.run(&ada, |on| on.send_enrolment_again(&id));
        assert!(matches!(more, Err(Refused::NoMoreSends)));
    }
    assert!(world.stored(&ada).get("sends").is_none());
}

// --- Pairing ---

/// An app that has reported, and has got its first notification.
fn begin_paired(world: &mut World, person: &Person) -> RegistrationId {
    let enrolling = begin(world, person, Enrol::AuthenticatorPush { on: None }).unwrap();
    let Instruction::Pair(token) = enrolling.instruction() else {
        panic!("no token is shown");
    };
    let id = enrolling.registration();
    let phone = person.elsewhere();
    world
        .run(&phone, |on| {
            on.pair(id, token.expose(), "apns:1", device().public())
        })
        .unwrap();
    id.clone()
}

#[test]
fn a_pairing_token_pairs_one_app_of_one_enrolment_in_time() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
        let Instruction::Pair(token) = enrolling.instruction() else {
            panic!("no token is shown");
        };
        tokens.push((enrolling.registration().clone(), token.expose().to_owned()));
    }
    let [(older, older_token), (id, token)] = &tokens[..] else {
        panic!("two tokens");
    };
    let phone = ada.elsewhere();
    let long = "a".repeat(1025);
    for (id, token, address) in [
        (older, older_token.as_str(), "apns:1"),
        (id, older_token, "apns:1"),
        (older, token, "apns:1"),
        (id, "", "apns:1"),
        (id, token, ""),
        (id, token, "a\nb"),
        (id, token, &long),
    ] {
        let paired = world.run(&phone, |on| on.pair(id, token, address, device().public()));
        assert!(paired.is_err());
        assert!(world.effects().next().is_none(), "nothing is sent");
    }
    world
        .run(&phone, |on| on.pair(id, token, "apns:1", device().public()))
        .unwrap();
    let second = world.run(&phone, |on| on.pair(id, token, "apns:2", device().public()));
    assert!(second.is_err(), "a token is used once");

    let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
    let Instruction::Pair(token) = enrolling.instruction() else {
        panic!("no token is shown");
    };
    world.pass_minutes(10);
    let late = world.run(&phone, |on| {
        on.pair(
            enrolling.registration(),
            token.expose(),
            "apns:1",
            device().public(),
        )
    });
    assert!(late.is_err());
}

// --- Secrets ---

#[test]
fn a_secret_is_shown_once_and_nowhere_else() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
    let base32 = otp_uri::base32::encode(&key);
    let said = format!("{:?}", world.outgoing);
    let sent = serde_json::to_string(&world.outgoing).unwrap();
    for told in [said, sent] {
        assert!(!told.contains(base32.expose()));
    }
    let again = world.run(&ada, |on| on.send_enrolment_again(&id));
    assert!(matches!(again, Err(Refused::Invalid(_))));
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap();
    assert!(!format!("{enrolled:?}").contains(base32.expose()));
    let sent = serde_json::to_string(&world.outgoing).unwrap();
    assert!(!sent.contains(base32.expose()));
    // The pairing token stands nowhere in the account, not even in what is sealed.
    let enrolling = begin(&mut world, &ada, Enrol::AuthenticatorPush { on: None }).unwrap();
    let Instruction::Pair(token) = enrolling.instruction() else {
        panic!("no token is shown");
    };
    assert!(!format!("{enrolling:?}").contains(token.expose()));
    assert!(!world.stored(&ada).to_string().contains(token.expose()));
}

#[test]
fn every_enrolment_has_a_key_of_its_own() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let lengths = [
        (Algorithm::Sha1, 20),
        (Algorithm::Sha256, 32),
        (Algorithm::Sha512, 64),
    ];
    let mut keys = std::collections::BTreeSet::new();
    for (algorithm, length) in lengths {
        let parameters = TotpParameters::default().with_algorithm(algorithm);
        let (id, key) = begin_app(&mut world, &ada, parameters);
        assert_eq!(key.len(), length);
        assert!(keys.insert(key[..16].to_vec()));
        assert_eq!(id.as_str().len(), 22, "128 bits");
    }
}

// --- Keys that apps misread ---

const DIGITS: [Digits; 3] = [Digits::Six, Digits::Seven, Digits::Eight];
const ALGORITHMS: [Algorithm; 3] = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];

#[test]
fn an_app_that_took_defaults_is_recognised_named_and_not_activated() {
    let sha256 = TotpParameters::default().with_algorithm(Algorithm::Sha256);
    let eight = TotpParameters::default().with_digits(Digits::Eight);
    let minute = TotpParameters::default().with_period(Period::new(60).unwrap());
    let all = sha256
        .with_digits(Digits::Eight)
        .with_period(Period::new(60).unwrap());
    let default = TotpParameters::default();
    use Parameter::{Algorithm as Hash, Digits as Length, Period as Time};
    let old = App::OldGoogleAuthenticator;
    let cases: [(TotpParameters, TotpParameters, &[Parameter], &[App]); 6] = [
        (
            sha256,
            default,
            &[Hash],
            &[App::MicrosoftAuthenticator, old, App::Authy, App::Duo],
        ),
        (eight, default, &[Length], &[old]),
        (
            minute,
            default,
            &[Time],
            &[
                App::MicrosoftAuthenticator,
                App::GoogleAuthenticatorAndroid,
                old,
                App::Authy,
            ],
        ),
        (all, default, &[Hash, Length, Time], &[old]),
        (
            all,
            eight,
            &[Hash, Time],
            &[App::MicrosoftAuthenticator, App::Authy],
        ),
        (
            all,
            sha256.with_digits(Digits::Eight),
            &[Time],
            &[App::GoogleAuthenticatorAndroid],
        ),
    ];
    for (told, read, parameters, apps) in cases {
        let mut world = World::new();
        let mut ada = with_password(&mut world, "ada");
        // Where a code of half a minute and one of a whole minute cannot be the same one.
        let (id, key) = begin_app(&mut world, &ada, told);
        let code = code_of(&key, read, world.unix());
        let refused = confirm(&mut world, &mut ada, &id, Test::Code(&code)).unwrap_err();
        let Refused::MisreadKey(misread) = refused else {
            panic!("not recognised: {refused:?}");
        };
        assert_eq!(misread.parameters(), parameters);
        assert_eq!(misread.apps(), apps);
        assert_eq!(world.class(), Some(Class::Wrong), "it counts as a failure");
        assert!(methods(&world, &ada).is_empty());
        // With another app the same key is good.
        let code = code_of(&key, told, world.unix());
        assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
    }
}

#[test]
fn a_code_that_is_merely_wrong_is_no_misread_key() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let told = TotpParameters::default().with_algorithm(Algorithm::Sha512);
    let (id, key) = begin_app(&mut world, &ada, told);
    let misread = code_of(&key, TotpParameters::default(), world.unix());
    let refused = confirm(&mut world, &mut ada, &id, Test::Code(&wrong(&misread)));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
}

#[test]
fn every_algorithm_and_length_is_enrolled() {
    for algorithm in ALGORITHMS {
        for digits in DIGITS {
            let mut world = World::new();
            let mut ada = with_password(&mut world, "ada");
            let parameters = TotpParameters::default()
                .with_algorithm(algorithm)
                .with_digits(digits);
            let (id, key) = begin_app(&mut world, &ada, parameters);
            let code = code_of(&key, parameters, world.unix());
            assert_eq!(code.len(), usize::from(digits.get()));
            assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
        }
    }
}

#[test]
fn the_codes_of_oathtool_pass_the_test() {
    for (algorithm, name) in [
        (Algorithm::Sha1, "sha1"),
        (Algorithm::Sha256, "sha256"),
        (Algorithm::Sha512, "sha512"),
    ] {
        let mut world = World::new();
        let mut ada = with_password(&mut world, "ada");
        let parameters = TotpParameters::default()
            .with_algorithm(algorithm)
            .with_digits(Digits::Eight);
        let (id, key) = begin_app(&mut world, &ada, parameters);
        let key = otp_uri::base32::encode(&key);
        let output = std::process::Command::new("oathtool")
            .args(["--base32", "--digits=8"])
            .arg(format!("--totp={name}"))
            .arg(format!("--now=@{}", world.now.unix_seconds()))
            .arg(key.expose())
            .output();
        let Ok(output) = output else {
            assert!(
                std::env::var_os("OTP_REQUIRE_ALL").is_none(),
                "oathtool is not installed"
            );
            eprintln!("SKIPPED: oathtool is not installed");
            return;
        };
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let code = String::from_utf8(output.stdout).unwrap();
        assert!(confirm(&mut world, &mut ada, &id, Test::Code(&code)).is_ok());
    }
}

#[test]
fn fewer_digits_than_the_policy_wants_and_odd_periods_are_refused() {
    let mut world = World::with(|draft| draft.challenge.totp_digits = Some(8));
    let ada = with_password(&mut world, "ada");
    let account = account();
    let key = AppKey::new(&account);
    let enrolling = begin(&mut world, &ada, Enrol::OtherAuthenticator { key }).unwrap();
    let Instruction::AddKey(shown) = enrolling.instruction() else {
        panic!("no key is shown");
    };
    assert_eq!(shown.uri().kind().code_len(), 8);
    let eight = TotpParameters::default().with_digits(Digits::Eight);
    for parameters in [
        TotpParameters::default().with_digits(Digits::Seven),
        eight.with_period(Period::new(14).unwrap()),
        eight.with_period(Period::new(61).unwrap()),
        eight.with_t0(otp_core::UnixTime::from_secs(1)),
    ] {
        let key = AppKey::new(&account).with_parameters(parameters);
        let refused = begin(&mut world, &ada, Enrol::OtherAuthenticator { key });
        assert!(
            matches!(refused, Err(Refused::Invalid(_))),
            "{parameters:?}"
        );
    }
}

// --- What follows ---

#[test]
fn it_stands_in_the_history_and_the_audit_log() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, _) = enrol_app(&mut world, &mut ada);
    let bound = world.events().find(|event| event.what == What::Bound);
    assert_eq!(bound.unwrap().registration.as_ref(), Some(&id));
    assert_eq!(world.class(), Some(Class::Accepted));
    let account = world.account(&ada.key);
    let [entry] = account.history() else {
        panic!("one entry");
    };
    assert_eq!(
        (entry.registration(), entry.what(), entry.by()),
        (&id, Binding::Bound, None)
    );
    assert_eq!(
        (entry.method(), entry.at()),
        (&Method::OtherAuthenticator, world.now)
    );
}

#[test]
fn the_person_is_told_where_he_was_reached_before_too() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let address = EmailAddress::new("ada@example.com").unwrap();
    let mail = begin(&mut world, &ada, Enrol::Email(&address)).unwrap();
    let code = world.sent_code().unwrap();
    let mail = mail.registration();
    assert!(confirm(&mut world, &mut ada, mail, Test::Code(&code)).is_ok());
    let number = phone("+31612345678");
    enrol_text(&mut world, &mut ada, &number);
    let also = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser {
            notice: Notice::Added { method, name },
            also,
        } if *method == Method::Text && name == "mine" => Some(also.clone()),
        _ => None,
    });
    let also = also.unwrap();
    assert!(also.contains(&Contact::Email(address)) && also.contains(&Contact::Phone(number)));
}

#[test]
fn what_was_just_tested_is_not_asked_about_before_its_time() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let _ = enrol_app(&mut world, &mut ada);
    let asks = |world: &World| {
        let (policy, account) = (world.flow.policy(), world.account(&ada.key));
        let context = mfa_policy::Context::anywhere(world.now);
        let overview = policy.overview(&ada.subject, &account.view(), &context);
        overview.asks_to_reconfirm()
    };
    assert!(!asks(&world));
    world.pass_minutes(180 * 24 * 60);
    assert!(asks(&world));
}

#[test]
fn other_sessions_end_and_remembered_devices_are_forgotten() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (mut ada, app) = with_app(&mut world, "ada");
    let remembered = world.run(&ada, |on| on.remember_device());
    assert!(remembered.is_ok());
    let mut elsewhere = ada.elsewhere();
    world.pass_seconds(30);
    let proof = world.sign_in(&mut elsewhere, &app);
    assert_eq!(proof.registration(), &app);

    let before = ada.session.clone().unwrap();
    enrol_app(&mut world, &mut ada);
    assert!(world.happened(&What::DevicesForgotten));
    let rotated = world.effects().find_map(|effect| match effect {
        Effect::RotateSession { from, to } => Some((from.clone(), to.clone())),
        _ => None,
    });
    let (from, to): (SessionRef, SessionRef) = rotated.unwrap();
    assert_ne!(from, to);
    let kept = world.effects().find_map(|effect| match effect {
        Effect::EndSessions { except } => except.clone(),
        _ => None,
    });
    assert_eq!(kept, Some(to));
    assert_eq!(world.stored(&ada)["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    elsewhere.session = elsewhere.session.or(Some(before));
    assert!(begin(&mut world, &elsewhere, Enrol::SecurityKey).is_err());
}

#[test]
fn a_notification_becomes_the_default_and_a_later_text_does_not() {
    let mut world = World::new();
    let (mut ada, app) = with_app(&mut world, "ada");
    world.plant(&ada, |stored| stored["default"] = json!(app));
    let push = begin_paired(&mut world, &ada);
    let request = world.sent_request().unwrap();
    let Some(TestState::Waiting {
        number: Some(number),
    }) = world.read(&ada, |on| on.pending().map(|pending| pending.test()))
    else {
        panic!("no number to show");
    };
    world.device_says(&ada, &request, approved(number)).unwrap();
    let enrolled = confirm(&mut world, &mut ada, &push, Test::Approved).unwrap();
    assert!(enrolled.is_default());
    let changed = world
        .events()
        .find(|event| event.what == What::DefaultChanged);
    assert_eq!(changed.unwrap().registration.as_ref(), Some(&push));
    enrol_text(&mut world, &mut ada, &phone("+31612345678"));
    assert!(!world.happened(&What::DefaultChanged));
    assert_eq!(default_of(&world, &ada), Some(push));
}

// --- In the place of another ---

#[test]
fn what_is_replaced_is_used_until_the_test_is_passed_and_goes_with_the_same_change() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (old_number, new_number) = (phone("+31612345678"), phone("+31687654321"));
    let old = enrol_text(&mut world, &mut ada, &old_number);
    world.pass_minutes(1);
    let what = Enrol::Text(&new_number);
    // There is one mobile number.
    let refused = begin(&mut world, &ada, what).unwrap_err();
    assert!(matches!(reasons(&refused), [Reason::LimitReached { .. }]));

    let enrolling = world
        .run(&ada, |on| on.begin_replacement(what, "new", &old))
        .unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    assert!(confirm(&mut world, &mut ada, id, Test::Code(&wrong(&code))).is_err());
    let account = world.account(&ada.key);
    assert!(account.registrations().all(|r| *r.id() == old));
    assert_eq!(default_of(&world, &ada).as_ref(), Some(&old));

    let enrolled = confirm(&mut world, &mut ada, id, Test::Code(&code)).unwrap();
    assert!(enrolled.is_default(), "it was the default, and stays it");
    let account = world.account(&ada.key);
    assert!(account.registrations().all(|r| r.id() == id));
    let bindings: Vec<_> = account.history().iter().map(|entry| entry.what()).collect();
    assert_eq!(bindings, [Binding::Bound, Binding::Removed, Binding::Bound]);
    let also = world.effects().find_map(|effect| match effect {
        Effect::NotifyUser {
            notice: Notice::Replaced { .. },
            also,
        } => Some(also.clone()),
        _ => None,
    });
    let also = also.unwrap();
    assert!(also.contains(&Contact::Phone(old_number)));
    assert!(also.contains(&Contact::Phone(new_number)));
}

#[test]
fn what_was_disabled_after_failures_is_bound_again_in_its_own_place() {
    let mut world = World::new();
    let (mut ada, _) = with_app(&mut world, "ada");
    let number = phone("+31612345678");
    let old = enrol_text(&mut world, &mut ada, &number);
    world.plant(&ada, |stored| {
        stored["registrations"][1]["state"] = json!("disabled");
        stored["registrations"][1]["budget"] = json!({ "consecutive": 100 });
    });
    world.pass_minutes(1);
    assert!(begin(&mut world, &ada, Enrol::Text(&number)).is_err());
    let what = Enrol::Text(&number);
    let begun = world.run(&ada, |on| on.begin_replacement(what, "again", &old));
    let begun = begun.unwrap();
    let code = world.sent_code().unwrap();
    let id = begun.registration();
    assert!(confirm(&mut world, &mut ada, id, Test::Code(&code)).is_ok());
    assert_ne!(id, &old, "nothing of the old one is used");
    let stored = &world.stored(&ada)["registrations"];
    assert!(stored[1].get("budget").is_none() && stored.get(2).is_none());
    let proof = world.sign_in_by_code(&mut ada, id);
    assert_eq!(proof.failures().count(), 0);
}

#[test]
fn an_enrolment_ends_when_what_it_replaces_is_removed() {
    let mut world = World::new();
    let (mut ada, _) = with_app(&mut world, "ada");
    let old = enrol_text(&mut world, &mut ada, &phone("+31612345678"));
    let number = phone("+31687654321");
    let enrolling = world
        .run(&ada, |on| {
            on.begin_replacement(Enrol::Text(&number), "new", &old)
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let removed = world.run(&ada, |on| on.remove(&old, Confirmed::after_asking()));
    assert!(removed.is_ok());
    let id = enrolling.registration();
    let refused = confirm(&mut world, &mut ada, id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Over)));
}

// --- Once in an organisation ---

#[test]
fn a_number_that_is_to_be_unique_is_registered_for_one_person() {
    let mut world = World::with(|draft| {
        for method in [Method::Text, Method::CallMobile] {
            let rule = draft.methods.get_mut(&method).unwrap();
            rule.unique = Some(Unique::Organisation);
        }
    });
    let number = phone("+31612345678");
    let (mut ada, _) = with_app(&mut world, "ada");
    let text = enrol_text(&mut world, &mut ada, &number);
    world.pass_minutes(1);
    let call = begin(&mut world, &ada, Enrol::CallMobile(&number)).unwrap();
    let reason = world.sent_for().unwrap();
    world
        .run(&ada.elsewhere(), |on| {
            on.phone_said(&reason, PhoneSaid::PressedHash)
        })
        .unwrap();
    let call = call.registration().clone();
    assert!(confirm(&mut world, &mut ada, &call, Test::Approved).is_ok());

    let bob = Person::new("bob");
    let tries = |world: &mut World| {
        world.plant(&bob, |stored| stored["registrations"] = json!([]));
        world.pass_minutes(1);
        let (mut bob, _) = with_app(world, "bob");
        let enrolling = begin(world, &bob, Enrol::Text(&number)).unwrap();
        let code = world.sent_code().unwrap();
        confirm(world, &mut bob, enrolling.registration(), Test::Code(&code))
    };
    let refused = tries(&mut world).unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::RegisteredElsewhere { .. }]
    ));
    assert!(world.stored(&bob).get("enrolment").is_none());
    // The claim stands as long as one of the two uses it.
    for (id, free) in [(text, false), (call, true)] {
        let removed = world.run(&ada, |on| on.remove(&id, Confirmed::after_asking()));
        assert!(removed.is_ok());
        assert_eq!(tries(&mut world).is_ok(), free);
    }
}

#[test]
fn an_app_that_is_to_be_unique_is_paired_for_one_person() {
    let mut world = World::with(|draft| {
        let rule = draft.methods.get_mut(&Method::AuthenticatorPush).unwrap();
        rule.unique = Some(Unique::Organisation);
    });
    for (name, free) in [("ada", true), ("bob", false)] {
        let mut person = with_password(&mut world, name);
        let id = begin_paired(&mut world, &person);
        let request = world.sent_request().unwrap();
        let Some(TestState::Waiting {
            number: Some(number),
        }) = world.read(&person, |on| on.pending().map(|pending| pending.test()))
        else {
            panic!("no number to show");
        };
        world
            .device_says(&person, &request, approved(number))
            .unwrap();
        let confirmed = confirm(&mut world, &mut person, &id, Test::Approved);
        assert_eq!(confirmed.is_ok(), free);
    }
}

#[test]
fn a_number_is_shared_where_the_policy_does_not_say_otherwise() {
    let mut world = World::new();
    let number = phone("+31612345678");
    for name in ["ada", "bob"] {
        let mut person = with_password(&mut world, name);
        enrol_text(&mut world, &mut person, &number);
    }
}

#[test]
fn a_credential_of_a_security_key_is_registered_once_whatever_the_policy_says() {
    let key = Test::SecurityKey(NewSecurityKey {
        credential: "Y3JlZGVudGlhbA",
        data: "{}",
        sign_count: 0,
        user_verified: true,
    });
    let mut world = World::new();
    let (mut ada, _) = with_app(&mut world, "ada");
    let enrolling = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    assert!(confirm(&mut world, &mut ada, enrolling.registration(), key).is_ok());

    let again = begin(&mut world, &ada, Enrol::SecurityKey).unwrap();
    let refused = confirm(&mut world, &mut ada, again.registration(), key).unwrap_err();
    assert!(matches!(
        reasons(&refused),
        [Reason::AlreadyRegistered { .. }]
    ));
    let (mut bob, _) = with_app(&mut world, "bob");
    let other = begin(&mut world, &bob, Enrol::SecurityKey).unwrap();
    let refused = confirm(&mut world, &mut bob, other.registration(), key);
    assert!(matches!(refused, Err(Refused::Invalid(_))));
    assert_eq!(methods(&world, &bob), [Method::OtherAuthenticator]);
}

#[test]
fn what_was_begun_can_be_gone_on_with_in_the_same_session_and_nowhere_else() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    assert!(world.read(&ada, |on| on.pending()).is_none());
    let number = phone("+31612345678");
    let begun = world
        .run(&ada, |on| {
            on.begin_enrolment(Enrol::Text(&number), "My phone")
        })
        .unwrap();
    let code = world.sent_code().unwrap();
    let pending = world.read(&ada, |on| on.pending()).unwrap();
    assert_eq!(pending.registration(), begun.registration());
    assert_eq!(
        (pending.method(), pending.name()),
        (&Method::Text, "My phone")
    );
    assert_eq!(pending.until(), begun.until());
    assert_eq!(pending.test(), TestState::Waiting { number: None });
    assert_eq!(pending.hint(), Some("••• 78"));
    let shown = format!("{pending:?}");
    assert!(
        !shown.contains(&code) && !shown.contains("+31612345678"),
        "{shown}"
    );
    for other in [with_password(&mut world, "ada"), ada.elsewhere()] {
        assert!(world.read(&other, |on| on.pending()).is_none());
    }
    let _ = confirm(
        &mut world,
        &mut ada,
        pending.registration(),
        Test::Code(&code),
    )
    .unwrap();
    assert!(world.read(&ada, |on| on.pending()).is_none());
}

#[test]
fn what_took_too_long_cannot_be_gone_on_with() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    begin(&mut world, &ada, Enrol::Text(&phone("+31612345678"))).unwrap();
    world.pass_minutes(10);
    assert!(world.read(&ada, |on| on.pending()).is_none());
}
