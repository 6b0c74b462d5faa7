//! Answers of anybody else.

use super::*;

#[test]
fn only_the_device_that_was_asked_can_answer() {
    let mut asked = asked();
    let other = DeviceKeyPair::from_bytes(&[8; 32]);
    let factor = json!({ "push": { "address": "tablet", "key": other.public() } });
    let ada = asked.ada.elsewhere();
    let tablet = asked
        .world
        .give(&ada, "tablet", Method::AuthenticatorPush, factor);
    let bob = Person::new("bob");
    let stranger = DeviceKeyPair::from_bytes(&[7; 32]);
    let factor = json!({ "push": { "address": "bob", "key": stranger.public() } });
    asked
        .world
        .give(&bob, "push", Method::AuthenticatorPush, factor);

    // Another device of the same account, that of another account, and nobody's.
    for key in [&other, &stranger, &DeviceKeyPair::from_bytes(&[6; 32])] {
        for decision in [
            approved(asked.number),
            approved(asked.number ^ 1),
            Decision::Denied,
            Decision::Suspicious,
        ] {
            let answer = key.answer(&asked.request, decision);
            asked.refuses(&answer, Class::NotSigned);
        }
    }
    // The other device of the account, saying that it was the one that was asked.
    let text = asked.request.as_str();
    let renamed: PushRequest = text.replace("\"push\"", "\"tablet\"").parse().unwrap();
    let answer = other.answer(&renamed, approved(asked.number));
    assert!(
        matches!(renamed.reason(), Why::Challenge { registration, .. } if *registration == tablet)
    );
    asked.refuses(&answer, Class::NoChallenge);
    // Ada's own answer, brought to the account of another.
    let right = asked.right();
    let said = asked.world.run(&bob, |on| on.device_answered(&right));
    assert!(said.is_err());
    assert_eq!(asked.world.class(), Some(Class::NotSigned));
    // All of that has cost nobody anything.
    assert!(asked.hear(&right));
    assert!(asked.collect());
}

#[test]
fn what_has_no_key_signs_nothing_and_what_was_removed_is_heard_no_more() {
    let mut asked = asked();
    let ada = asked.ada.elsewhere();
    asked.world.give_text(&ada, "text", "+31612345678");
    let text = asked.request.to_string();
    for name in ["text", "nothing"] {
        let renamed = text.replace("\"push\"", &format!("\"{name}\""));
        let answer = device().answer(&renamed.parse().unwrap(), approved(asked.number));
        asked.refuses(&answer, Class::NoFactor);
    }
    asked
        .world
        .plant(&ada, |stored| stored["registrations"] = json!([]));
    let right = asked.right();
    asked.refuses(&right, Class::NoFactor);
    // The key that is verified with where there is none is known to everybody, and opens nothing.
    let nobody = DeviceKeyPair::from_bytes(&[0; 32]);
    let answer = nobody.answer(&asked.request, Decision::Denied);
    asked.refuses(&answer, Class::NoFactor);
    let (name, push) = (PersonId::new("ada").unwrap(), asked.push.clone());
    let visit = nobody.visit(&name, &push, PORTAL, asked.world.now);
    let is = asked.world.read(&ada, |on| on.is_device(&visit, PORTAL));
    assert_eq!(is, Err(NoDevice::NotSigned));
}

#[test]
fn nobody_is_told_whether_there_is_such_a_person() {
    let mut asked = asked();
    let mut nobody = Person::new("nobody");
    let tenant = nobody.key.tenant().clone();
    nobody.key = asked.world.flow.decoy(tenant, "nobody");
    let answer = asked.right();
    let said = asked.world.run(&nobody, |on| on.device_answered(&answer));
    assert_eq!(format!("{said:?}"), "Err(Rejected(()))");
    assert_eq!(asked.world.class(), Some(Class::UnknownPerson));
    assert_eq!(asked.world.effects().count(), 0);
}

#[test]
fn nothing_that_is_not_signed_feeds_a_lock_however_often_it_comes() {
    let mut asked = asked();
    let foreign = DeviceKeyPair::from_bytes(&[8; 32]);
    for number in 10..100 {
        let answer = foreign.answer(&asked.request, approved(number));
        asked.refuses(&answer, Class::NotSigned);
    }
    assert!(asked.hear(&asked.right()));
    assert!(asked.collect());
}

#[test]
fn a_telephone_cannot_answer_for_a_device_nor_a_device_for_a_telephone() {
    let mut asked = asked();
    let why = asked.request.reason().clone();
    for said in [
        PhoneSaid::PressedHash,
        PhoneSaid::Denied,
        PhoneSaid::Suspicious,
    ] {
        let before = asked.world.stored(&asked.ada);
        let heard = asked
            .world
            .run(&asked.ada.elsewhere(), |on| on.phone_said(&why, said));
        assert!(heard.is_err());
        assert_eq!(asked.world.class(), Some(Class::NoFactor));
        assert_eq!(asked.world.stored(&asked.ada), before);
    }
    assert!(asked.hear(&asked.right()));
}
