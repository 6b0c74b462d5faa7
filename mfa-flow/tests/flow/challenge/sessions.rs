//! A challenge belongs to its session and its time.

use super::*;

#[test]
fn a_right_code_lets_in_by_a_new_session() {
    let (mut world, mut ada, app) = ada_with_totp();
    let before = ada.elsewhere();
    let before = Person {
        session: ada.session.clone(),
        ..before
    };
    let code = world.code();
    let proof = world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code))
        .unwrap();
    assert_eq!(
        (proof.person(), proof.registration()),
        (Some(ada.subject.id()), &app)
    );
    assert_eq!((proof.purpose(), proof.at()), (Purpose::TwoStep, world.now));
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    assert_eq!(
        world.read(&before, |on| on.next()),
        Next::SecondStep,
        "the session from before the proof is over"
    );
    assert!(matches!(
        world.run(&before, |on| on.challenge(Purpose::StepUp)),
        Err(Refused::Over)
    ));
    assert!(
        world
            .effects()
            .all(|effect| !matches!(effect, Effect::RotateSession { .. }))
    );
}

#[test]
fn a_challenge_is_answered_once_in_its_session_in_its_time() {
    let (mut world, mut ada, app) = ada_with_totp();
    let first = world.challenge(&ada, Purpose::TwoStep);
    let second = world.challenge(&ada, Purpose::TwoStep);
    let code = world.code();
    let code = Answer::Code(&code);
    // A new one for the same makes the older one void.
    world
        .run(&ada, |on| on.answer(first.challenge(), &app, code))
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));
    // Another session of the same person, and one of somebody else.
    let mut other = ada.elsewhere();
    world.password(&mut other);
    world
        .run(&other, |on| on.answer(second.challenge(), &app, code))
        .unwrap_err();
    let mut bob = Person::new("bob");
    world.give_totp(&bob, "app");
    world.password(&mut bob);
    world
        .run(&bob, |on| on.answer(second.challenge(), &app, code))
        .unwrap_err();
    // Nobody was charged for it.
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none()
    );
    world
        .answer(&mut ada, second.challenge(), &app, code)
        .unwrap();
    world.pass_seconds(30);
    let code = world.code();
    world
        .run(&ada, |on| {
            on.answer(second.challenge(), &app, Answer::Code(&code))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));

    let late = world.challenge(&ada, Purpose::StepUp);
    assert_eq!(late.expires(), world.now.plus_minutes(10));
    world.pass_minutes(10);
    let code = world.code();
    world
        .run(&ada, |on| {
            on.answer(late.challenge(), &app, Answer::Code(&code))
        })
        .unwrap_err();
    assert_eq!(world.class(), Some(Class::NoChallenge));
}

#[test]
fn nothing_is_asked_of_a_session_without_a_first_factor() {
    let (mut world, ada, app) = ada_with_totp();
    let stranger = ada.elsewhere();
    for purpose in [
        Purpose::TwoStep,
        Purpose::StepUp,
        Purpose::ManageSecurityInfo,
    ] {
        assert!(matches!(
            world.run(&stranger, |on| on.challenge(purpose)),
            Err(Refused::Over)
        ));
    }
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    for _ in 0..200 {
        world
            .run(&stranger, |on| {
                on.answer(prompt.challenge(), &app, Answer::Code("000000"))
            })
            .unwrap_err();
    }
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none(),
        "fed without the first factor"
    );
}

#[test]
fn a_full_account_takes_nothing_more_and_still_signs_in() {
    let (mut world, mut ada, app) = ada_with_totp();
    for number in 0..12 {
        let method: Method = "external:badge".parse().unwrap();
        let factor = json!({ "external": { "data": "x".repeat(4_096) } });
        world.give(&ada, &format!("badge-{number}"), method, factor);
    }
    world.sign_in(&mut ada, &app);
    let number = mfa_flow::PhoneNumber::new(NUMBER).unwrap();
    let before = world.stored(&ada);
    let refused = world.run(&ada, |on| {
        on.begin_enrolment(mfa_flow::Enrol::Text(&number), "phone")
    });
    assert!(matches!(refused, Err(Refused::Full)));
    assert_eq!(world.stored(&ada), before);
    world.pass_minutes(1);
    world.sign_in(&mut ada, &app);
}

#[test]
fn a_session_that_does_not_exist_is_let_in_nowhere() {
    for required in [true, false] {
        let mut world = World::with(|draft| {
            if !required {
                draft.requirements.clear();
            }
        });
        let nobody = Person::new("nobody");
        assert_eq!(world.read(&nobody, |on| on.next()), Next::SecondStep);
    }
}

#[test]
fn what_was_begun_in_a_session_ends_with_it() {
    let (mut world, mut ada, app) = ada_with_totp();
    world.sign_in(&mut ada, &app);
    let number = mfa_flow::PhoneNumber::new(NUMBER).unwrap();
    world
        .run(&ada, |on| {
            on.begin_enrolment(mfa_flow::Enrol::Text(&number), "phone")
        })
        .unwrap();
    world.run(&ada, |on| on.sign_out());
    assert!(world.happened(&What::EnrolmentEnded) && world.happened(&What::SessionEnded));
    assert!(world.stored(&ada).get("enrolment").is_none());
}

#[test]
fn a_challenge_that_is_refused_stands_in_the_audit_log() {
    let (mut world, ada, app) = ada_with_totp();
    let refused = |reason: &str| What::Refused {
        reasons: vec![reason.to_owned()],
    };
    let stranger = ada.elsewhere();
    world
        .run(&stranger, |on| on.challenge(Purpose::TwoStep))
        .unwrap_err();
    assert!(world.happened(&refused("over")));
    world.run(&stranger, |on| on.next_gate()).unwrap_err();
    assert!(world.happened(&refused("over")));
    let text = world.give_text(&ada, "phone", NUMBER);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    world.ask(&ada, prompt.challenge(), &text);
    world
        .run(&ada, |on| on.ask(prompt.challenge(), &text))
        .unwrap_err();
    assert!(world.happened(&refused("too_soon")));
    world
        .run(&stranger, |on| on.ask(prompt.challenge(), &app))
        .unwrap_err();
    assert!(world.happened(&refused("over")));
}

#[test]
fn a_page_that_is_loaded_again_asks_for_what_was_chosen_last() {
    let (mut world, ada, app) = ada_with_totp();
    let text = world.give_text(&ada, "text", NUMBER);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    let challenge = prompt.challenge();
    let asked = |world: &mut World, chosen: Option<&RegistrationId>| {
        if let Some(chosen) = chosen {
            world.pass_minutes(1);
            world.ask(&ada, challenge, chosen);
        }
        let page = world.read(&ada, |on| on.prompt(challenge)).unwrap();
        let ask = page.asked().unwrap();
        (ask.choice().registration().clone(), ask.until())
    };
    let expires = prompt.expires();
    assert_eq!(asked(&mut world, None), (app.clone(), expires));
    let sent = asked(&mut world, Some(&text));
    assert_eq!(sent, (text.clone(), world.now.plus_minutes(5)));
    let code = world.sent_code().unwrap();
    assert_eq!(asked(&mut world, Some(&app)), (app, expires));
    // What was sent is as good as it was.
    let answer = Answer::Code(&code);
    world
        .run(&ada, |on| on.answer(challenge, &text, answer))
        .unwrap();
    assert!(world.read(&ada, |on| on.prompt(challenge)).is_none());
}

#[test]
fn of_too_many_challenges_the_oldest_goes_whichever_was_asked_last() {
    let (mut world, ada, app) = ada_with_totp();
    let mut begun = Vec::new();
    for _ in 0..8 {
        let mut browser = ada.elsewhere();
        world.password(&mut browser);
        let prompt = world.run(&browser, |on| on.challenge(Purpose::TwoStep));
        begun.push((browser, prompt.unwrap().challenge()));
    }
    let (first, oldest) = begun.first().unwrap();
    world.ask(first, *oldest, &app);
    world.challenge(&ada, Purpose::TwoStep);
    let lives: Vec<bool> = begun
        .iter()
        .map(|(browser, id)| world.read(browser, |on| on.prompt(*id)).is_some())
        .collect();
    assert_eq!(lives, [false, true, true, true, true, true, true, true]);
}
