//! A reset and a sign-in beside it: neither takes from the other what is counted, and no code is good in both.

use super::*;

#[test]
fn a_reset_never_feeds_the_budget_of_a_factor() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    for _ in 0..8 {
        let (mut stranger, prompt) = world.begin_reset(&ada);
        let no = world.type_code(&mut stranger, &prompt, &totp, "000000");
        assert!(no.is_err());
    }
    assert!(
        world.stored(&ada)["registrations"][0]
            .get("budget")
            .is_none()
    );
    let proof = world.sign_in(&mut ada, &totp);
    assert_eq!(proof.failures().count(), 0);
}

#[test]
fn a_success_in_a_reset_clears_nothing_of_the_budget() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    world.password(&mut ada);
    for _ in 0..3 {
        let no = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code("000000"));
        assert!(no.is_err());
    }
    let (mut browser, prompt) = world.begin_reset(&ada);
    let code = world.code();
    world
        .type_code(&mut browser, &prompt, &totp, &code)
        .unwrap();
    world.pass_minutes(1);
    assert_eq!(world.sign_in(&mut ada, &totp).failures().count(), 3);
}

#[test]
fn a_code_that_passed_a_gate_is_used_up_for_sign_in_and_the_other_way_round() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    let code = world.code();
    world
        .type_code(&mut browser, &prompt, &totp, &code)
        .unwrap();
    world.password(&mut ada);
    let used = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code));
    assert!(used.is_err());
    assert_eq!(world.class(), Some(Class::Replayed));

    world.pass_seconds(30);
    let code = world.code();
    let _ = world
        .prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code))
        .unwrap();
    let (mut browser, prompt) = world.begin_reset(&ada);
    let used = world.type_code(&mut browser, &prompt, &totp, &code);
    assert!(used.is_err());
    assert_eq!(world.class(), Some(Class::Replayed));
}

#[test]
fn a_locked_factor_is_no_gate() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    world.give_email(&ada, "mail", "ada@example.org");
    world.password(&mut ada);
    let code = wrong(&world.code());
    for _ in 0..5 {
        let no = world.prove(&mut ada, Purpose::TwoStep, &totp, Answer::Code(&code));
        assert!(no.is_err());
    }
    let (mut browser, prompt) = world.begin_reset(&ada);
    let code = world.code();
    let no = world.type_code(&mut browser, &prompt, &totp, &code);
    assert!(no.is_err());
    assert_eq!(world.class(), Some(Class::Locked));
}

#[test]
fn what_resets_send_is_not_taken_from_sign_in() {
    let mut world = World::new();
    let (mut ada, [text, _]) = ada_with_text_and_mail(&mut world);
    for _ in 0..10 {
        let (browser, prompt) = world.begin_reset(&ada);
        world.ask(&browser, prompt.challenge(), &text);
        world.pass_minutes(1);
    }
    let (browser, prompt) = world.begin_reset(&ada);
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &text));
    assert!(matches!(asked, Err(Refused::TooSoon { .. })));
    let _ = world.sign_in_by_code(&mut ada, &text);
}

#[test]
fn notifications_of_resets_are_few_and_not_taken_from_sign_in() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let push = give_push(&mut world, &ada, "push", "phone");
    world.give_email(&ada, "mail", "ada@example.org");
    for pushes in 1..=6 {
        let (browser, prompt) = world.begin_reset(&ada);
        let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &push));
        assert_eq!(asked.is_ok(), pushes <= 5);
    }
    world.password(&mut ada);
    world.challenge(&ada, Purpose::TwoStep);
    assert!(world.effects().any(|e| matches!(e, Effect::Push { .. })));
}
