//! Failures lock a factor, and at last disable it.

use super::*;

#[test]
fn the_fifth_wrong_code_locks_that_factor_and_no_other() {
    let (mut world, mut ada, app) = ada_with_totp();
    let text = world.give_text(&ada, "phone", NUMBER);
    for failure in 1..=5 {
        let bad = wrong(&world.code());
        assert_eq!(
            answer_now(&mut world, &ada, &app, Answer::Code(&bad)),
            Some(Class::Wrong)
        );
        assert_eq!(
            world
                .notices()
                .any(|notice| matches!(notice, Notice::Locked { .. })),
            failure == 5
        );
    }
    let code = world.code();
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Locked),
        "right, and locked"
    );
    // A new session, and the other factor.
    let mut other = ada.elsewhere();
    world.password(&mut other);
    assert_eq!(
        answer_now(&mut world, &other, &app, Answer::Code(&code)),
        Some(Class::Locked)
    );
    world.sign_in_by_code(&mut other, &text);
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Wrong),
        "the lock ended, the code too"
    );
    let code = world.code();
    assert_eq!(
        answer_now(&mut world, &ada, &app, Answer::Code(&code)),
        Some(Class::Locked),
        "and the next failure locks again"
    );
    world.pass_minutes(2);
    let code = world.code();
    let proof = world
        .prove(&mut ada, Purpose::TwoStep, &app, Answer::Code(&code))
        .unwrap();
    assert_eq!(proof.failures().count(), 6);
}

#[test]
fn a_hundred_failures_in_a_row_disable_until_it_is_bound_again() {
    let (mut world, mut ada, app) = ada_with_totp();
    for _ in 0..100 {
        let bad = wrong(&world.code());
        assert_eq!(
            answer_now(&mut world, &ada, &app, Answer::Code(&bad)),
            Some(Class::Wrong)
        );
        world.pass_minutes(61);
    }
    assert!(
        world.happened(&What::Disabled)
            || world.stored(&ada)["registrations"][0]["state"] == "disabled"
    );
    assert_eq!(
        world.password(&mut ada),
        Next::SecondStep,
        "a spoiled factor is not nothing"
    );
    assert!(matches!(
        world.run(&ada, |on| on.challenge(Purpose::TwoStep)),
        Err(Refused::Over)
    ));
}
