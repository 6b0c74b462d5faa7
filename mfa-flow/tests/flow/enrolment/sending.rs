//! What is sent and who is called: how often, how long it is good for, and what is said on the telephone.

use super::*;

#[test]
fn a_code_that_is_sent_again_takes_the_place_of_the_one_before() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
    let id = begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    let id = id.registration().clone();
    let first = world.sent_code().unwrap();
    let soon = world.run(&ada, |on| on.send_enrolment_again(&id));
    assert!(matches!(soon, Err(Refused::TooSoon { .. })));
    world.pass_seconds(30);
    world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let second = world.sent_code().unwrap();
    assert_ne!(first, second);
    assert!(world.confirm(&mut ada, &id, Test::Code(&first)).is_err());
    assert!(world.confirm(&mut ada, &id, Test::Code(&second)).is_ok());
}

#[test]
fn beginning_again_does_not_send_to_the_same_number_at_once() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
    begin(&mut world, &ada, Enrol::Text(&number)).unwrap();
    let again = begin(&mut world, &ada, Enrol::Text(&number));
    assert!(matches!(again, Err(Refused::TooSoon { .. })));
    assert!(world.sent_code().is_none());
    // What was begun first still waits.
    assert_eq!(
        world.test_state(&ada),
        Some(TestState::Waiting { number: None })
    );
}

#[test]
fn one_enrolment_sends_three_times_at_most() {
    let mut world = World::new();
    let ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
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
    let enrolling = begin(&mut world, &ada, Enrol::Text(&phone(NUMBER))).unwrap();
    let code = world.sent_code().unwrap();
    world.pass_minutes(5);
    let id = enrolling.registration();
    let refused = world.confirm(&mut ada, id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert_eq!(world.class(), Some(Class::Expired));
}

#[test]
fn a_stranger_who_is_called_can_end_the_enrolment() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let number = phone(NUMBER);
    let enrolling = begin(&mut world, &ada, Enrol::CallMobile(&number)).unwrap();
    let reason = world.sent_for().unwrap();
    let stranger = ada.elsewhere();
    world
        .run(&stranger, |on| {
            on.phone_said(&reason, PhoneSaid::Suspicious)
        })
        .unwrap();
    assert!(world.happened(&What::ReportedSuspicious));
    let refused = world.confirm(&mut ada, enrolling.registration(), Test::Approved);
    assert!(matches!(refused, Err(Refused::Over)));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Register);
}

#[test]
fn what_the_telephone_says_late_or_after_too_many_failures_is_not_taken() {
    let begun = |world: &mut World| {
        let ada = with_password(world, "ada");
        let number = phone(NUMBER);
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
    assert!(world.confirm(&mut ada, &id, Test::Approved).is_err());
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
    let number = phone(NUMBER);
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
