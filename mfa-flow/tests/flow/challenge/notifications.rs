//! Notifications: approved with a number, denied, reported, and not too many.

use super::*;

/// Ada with the authenticator app, asked for a notification.
fn asked_by_push() -> (World, Person, RegistrationId, mfa_flow::Prompt, PushRequest) {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    ada.origin = Some("Payroll, Utrecht".to_owned());
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push_at("device-1"));
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let request = world.sent_request().unwrap();
    (world, ada, push, prompt, request)
}

#[test]
fn a_notification_is_approved_with_the_number_on_the_screen() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    assert!((10..100).contains(&shown));
    assert_eq!(request.origin(), Some("Payroll, Utrecht"));
    let challenge = prompt.challenge();
    world
        .run(&ada, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Waiting));
    assert!(!world.read(&ada, |on| on.is_approved(challenge)));
    // The phone has no session of its own.
    let phone = ada.elsewhere();
    world
        .device_says(&phone, &request, approved(shown))
        .unwrap();
    assert!(world.read(&ada, |on| on.is_approved(challenge)));
    assert!(!world.read(&phone, |on| on.is_approved(challenge)));
    world
        .run(&phone, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap_err();
    world
        .run(&ada, |on| on.answer(challenge, &push, Answer::Approved))
        .unwrap();
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none(),
        "waiting is no failure"
    );
}

#[test]
fn a_wrong_number_is_a_failure_and_the_number_is_not_guessed_at_twice() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    world
        .device_says(&ada, &request, approved(shown ^ 1))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::Wrong));
    world
        .device_says(&ada, &request, approved(shown))
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &push, Answer::Approved)
        })
        .unwrap_err();
    assert_eq!(
        world.stored(&ada)["registrations"][0]["budget"]["consecutive"],
        1
    );
}

#[test]
fn a_suspicious_notification_ends_the_session_that_asked() {
    let (mut world, ada, push, prompt, request) = asked_by_push();
    let shown = prompt.asked().unwrap().number().unwrap();
    world
        .device_says(&ada, &request, Decision::Suspicious)
        .unwrap();
    assert!(world.happened(&What::ReportedSuspicious));
    assert!(
        world
            .notices()
            .any(|notice| *notice == Notice::SuspiciousReported)
    );
    world
        .device_says(&ada, &request, approved(shown))
        .unwrap_err();
    world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &push, Answer::Approved)
        })
        .unwrap_err();
    assert!(matches!(
        world.run(&ada, |on| on.challenge(Purpose::TwoStep)),
        Err(Refused::Over)
    ));
}

#[test]
fn five_notifications_without_success_are_enough_for_a_day() {
    let (mut world, mut ada, _, _, _) = asked_by_push();
    let sent = |world: &World| {
        world
            .effects()
            .any(|effect| matches!(effect, Effect::Push { .. }))
    };
    let mut pushes = 1;
    for _ in 0..9 {
        world.pass_minutes(1);
        world.challenge(&ada, Purpose::TwoStep);
        pushes += usize::from(sent(&world));
    }
    assert_eq!(pushes, 5);
    world.pass_minutes(24 * 60);
    world.password(&mut ada);
    world.challenge(&ada, Purpose::TwoStep);
    assert!(sent(&world));
}

#[test]
fn a_page_that_is_loaded_again_shows_what_was_denied_as_asked_no_more() {
    let (mut world, ada, _) = ada_with_totp();
    let push = push_at("phone");
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let challenge = prompt.challenge();
    world.pass_minutes(1);
    let number = |world: &mut World| {
        let page = world.read(&ada, |on| on.prompt(challenge)).unwrap();
        page.asked().map(mfa_flow::Ask::number)
    };
    world.ask(&ada, challenge, &push);
    let request = world.sent_request().unwrap();
    assert!(number(&mut world).flatten().is_some());
    world.device_says(&ada, &request, Decision::Denied).unwrap();
    assert_eq!(number(&mut world), None);
}
