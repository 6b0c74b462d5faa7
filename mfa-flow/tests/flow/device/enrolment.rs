//! Pairing, and its test.

use super::*;

/// An app that was paired with that key, and its first request with the number to type.
pub(crate) fn paired(
    world: &mut World,
    key: &DeviceKeyPair,
) -> (Person, RegistrationId, PushRequest, u8) {
    let mut ada = Person::new("ada");
    world.password(&mut ada);
    let id = world.pair(&ada, "phone", "phone", key);
    let request = world.sent_request().unwrap();
    let number = world.number_to_type(&ada);
    (ada, id, request, number)
}

#[test]
fn the_test_of_an_enrolment_is_signed_too() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (mut ada, id, request, number) = paired(&mut world, &key);
    assert_eq!(request.purpose(), None);
    let hear = |world: &mut World, answer: &SignedAnswer| {
        let heard = world.run(&Person::new("ada"), |on| on.device_answered(answer));
        (heard.is_ok(), world.class())
    };
    let before = world.stored(&ada);
    for decision in [approved(number), approved(number ^ 1), Decision::Suspicious] {
        let foreign = device().answer(&request, decision);
        assert_eq!(hear(&mut world, &foreign), (false, Some(Class::NotSigned)));
    }
    let renamed = request.as_str().replace(id.as_str(), "other");
    let renamed = key.answer(&renamed.parse().unwrap(), approved(number));
    assert_eq!(hear(&mut world, &renamed), (false, Some(Class::NoFactor)));
    assert_eq!(world.stored(&ada), before, "nothing is counted");

    // Another request makes the first one void.
    let again = world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let Instruction::MatchNumber(number) = *again.instruction() else {
        panic!("no number to show");
    };
    let earlier = key.answer(&request, approved(number));
    let request = world.sent_request().unwrap();
    assert_eq!(hear(&mut world, &earlier), (false, Some(Class::Replayed)));
    let right = key.answer(&request, approved(number));
    assert!(hear(&mut world, &right).0);
    assert_eq!(hear(&mut world, &right), (false, Some(Class::Replayed)));
    let enrolled = world
        .run(&ada, |on| on.confirm_enrolment(&id, Test::Approved))
        .unwrap();
    ada.session = enrolled.session().cloned().or(ada.session);
    assert_eq!(hear(&mut world, &right), (false, Some(Class::NoChallenge)));
    assert!(
        world.stored(&ada).get("enrolling").is_none(),
        "nothing is counted"
    );
}

#[test]
fn the_test_of_an_enrolment_is_not_heard_late_and_leaves_a_line() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (ada, _, request, number) = paired(&mut world, &key);
    world.pass_minutes(5);
    assert!(!world.read(&ada, |on| on.awaits(&request)));
    let late = key.answer(&request, approved(number));
    assert!(
        world
            .run(&ada.elsewhere(), |on| on.device_answered(&late))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::Expired));
    world.pass_minutes(5);
    assert!(
        world
            .run(&ada.elsewhere(), |on| on.device_answered(&late))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::NoFactor));
}

#[test]
fn the_test_of_phone_sign_in_takes_the_gesture() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let request = world.sent_request().unwrap();
    let number = prompt.asked().unwrap().number().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    let _ = world
        .answer(&mut ada, prompt.challenge(), &push, Answer::Approved)
        .unwrap();
    world.pass_minutes(1);
    let enrolling = world
        .run(&ada, |on| {
            on.begin_enrolment(Enrol::PhoneSignIn { push: &push }, "phone")
        })
        .unwrap();
    let Instruction::MatchNumber(number) = *enrolling.instruction() else {
        panic!("no number to show");
    };
    let request = world.sent_request().unwrap();
    let without = Decision::Approved {
        number,
        user_verified: false,
    };
    assert!(world.device_says(&ada, &request, without).is_err());
    assert_eq!(world.class(), Some(Class::NoGesture));
    world.device_says(&ada, &request, approved(number)).unwrap();
    let id = enrolling.registration();
    assert!(
        world
            .run(&ada, |on| on.confirm_enrolment(id, Test::Approved))
            .is_ok()
    );
}
