//! Whether the device has verified its user.

use super::*;

#[test]
fn signing_in_without_a_password_takes_a_device_that_has_verified_its_user() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    let phone = world.give(&ada, "phone", Method::PhoneSignIn, push_at("phone"));
    let (browser, prompt) = world.begin_phone_sign_in(&ada);
    let request = world.sent_request().unwrap();
    assert!(request.needs_gesture());
    assert_eq!(request.purpose(), Some(Purpose::FirstFactor));
    let number = prompt.asked().unwrap().number().unwrap();
    // With the right number or a wrong one: neither ends the request, so the number is not found out that way.
    for number in [number, number ^ 1] {
        let before = world.stored(&ada);
        let without = Decision::Approved {
            number,
            user_verified: false,
        };
        assert!(world.device_says(&ada, &request, without).is_err());
        assert_eq!(world.class(), Some(Class::NoGesture));
        assert_eq!(world.stored(&ada), before);
    }
    world.device_says(&ada, &request, approved(number)).unwrap();
    let challenge = prompt.challenge();
    let proof = world.run(&browser, |on| {
        on.answer(challenge, &phone, Answer::Approved)
    });
    assert!(proof.is_ok());
}

#[test]
fn a_second_step_takes_no_gesture_except_of_what_signs_in_without_a_password() {
    let mut asked = asked();
    assert!(!asked.request.needs_gesture());
    let plain = Decision::Approved {
        number: asked.number,
        user_verified: false,
    };
    assert!(asked.hear(&device().answer(&asked.request, plain)));

    let ada = asked.ada.elsewhere();
    asked
        .world
        .plant(&ada, |stored| stored["registrations"] = json!([]));
    asked
        .world
        .give(&ada, "phone", Method::PhoneSignIn, push_at("phone"));
    let mut browser = ada.elsewhere();
    asked.world.password(&mut browser);
    let prompt = asked.world.challenge(&browser, Purpose::TwoStep);
    let phone = RegistrationId::new("phone").unwrap();
    if asked.world.sent_request().is_none() {
        asked.world.ask(&browser, prompt.challenge(), &phone);
    }
    assert!(asked.world.sent_request().unwrap().needs_gesture());
}
