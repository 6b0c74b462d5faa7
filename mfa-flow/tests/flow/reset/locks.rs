//! What locks a reset, and what a lock stops.

use super::*;

/// Locks the reset of a person by wrong answers, in a browser of a stranger.
fn lock(world: &mut World, person: &Person, gate: &RegistrationId) {
    for _ in 0..5 {
        let (mut stranger, prompt) = world.begin_reset(person);
        let wrong = world.type_code(&mut stranger, &prompt, gate, "000000");
        assert!(wrong.is_err());
    }
    assert!(
        world
            .notices()
            .any(|n| matches!(n, Notice::ResetLocked { .. }))
    );
}

#[test]
fn failed_proofs_lock_the_reset_for_a_day() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    lock(&mut world, &ada, &gates[0]);
    let until = world.now.plus_minutes(24 * 60);
    assert!(world.happened(&What::ResetLocked { until }));
    world.pass_minutes(24 * 60 - 1);
    world.begin_reset(&ada);
    let locked = What::ResetBegun {
        result: Class::Locked,
    };
    assert!(world.happened(&locked));
    world.pass_minutes(1);
    let browser = pass_both(&mut world, &ada, &gates);
    assert!(world.run(&browser, |on| on.finish_reset()).is_ok());
}

#[test]
fn failed_proofs_of_more_than_a_day_ago_do_not_count() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    for _ in 0..12 {
        let (mut stranger, prompt) = world.begin_reset(&ada);
        let wrong = world.type_code(&mut stranger, &prompt, &gates[0], "0");
        assert!(wrong.is_err());
        world.pass_minutes(6 * 60);
    }
    assert!(world.stored(&ada)["reset"]["locked_until"].is_null());
}

#[test]
fn a_lock_shows_nothing_when_a_reset_is_begun_and_tells_nobody() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (_, before) = world.begin_reset(&ada);
    lock(&mut world, &ada, &gates[0]);
    world.pass_minutes(60);
    let (_, after) = world.begin_reset(&ada);
    assert_eq!(before.choices(), after.choices());
    assert_eq!(world.effects().count(), 0);
}

#[test]
fn a_lock_stops_a_gate_that_was_asked_for_before() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let (mut browser, prompt) = world.begin_reset(&ada);
    world.ask(&browser, prompt.challenge(), &gates[0]);
    let code = world.sent_code().unwrap();
    lock(&mut world, &ada, &gates[0]);
    let answered = world.type_code(&mut browser, &prompt, &gates[0], &code);
    assert!(answered.is_err());
    assert_eq!(world.class(), Some(Class::Locked));
    world.pass_minutes(1);
    let asked = world.run(&browser, |on| on.ask(prompt.challenge(), &gates[1]));
    assert!(asked.unwrap().asked().is_some());
    assert!(world.sent_for().is_none());
}

#[test]
fn a_lock_stops_the_finish() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    lock(&mut world, &ada, &gates[0]);
    let refused = world.run(&browser, |on| on.finish_reset()).unwrap_err();
    assert_eq!(codes(&refused), ["reset_locked"]);
}

#[test]
fn a_lock_stops_the_permission() {
    let mut world = World::new();
    let (ada, gates) = ada_with_text_and_mail(&mut world);
    let browser = pass_both(&mut world, &ada, &gates);
    let token = permission(&mut world, &browser);
    lock(&mut world, &ada, &gates[0]);
    assert!(world.run(&browser, |on| on.use_permission(&token)).is_err());
    let refused = What::PermissionRefused {
        result: Class::Locked,
    };
    assert!(world.happened(&refused));
}

#[test]
fn wrong_answers_to_what_we_sent_are_counted_by_the_hour_as_well() {
    let mut world = World::with(|draft| {
        draft.reset_limits.failed_proofs_a_day = Some(10);
        draft.reset_limits.failed_validations_an_hour = Some(2);
    });
    let ada = Person::new("ada");
    let totp = world.give_totp(&ada, "totp");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    let (mut browser, prompt) = world.begin_reset(&ada);
    let is_locked = |world: &World| world.stored(&ada)["reset"].get("locked_until").is_some();
    for _ in 0..3 {
        let no = world.type_code(&mut browser, &prompt, &totp, "000000");
        assert!(no.is_err());
    }
    assert!(!is_locked(&world));
    world.ask(&browser, prompt.challenge(), &mail);
    for locked in [false, true] {
        let no = world.type_code(&mut browser, &prompt, &mail, "0");
        assert!(no.is_err());
        assert_eq!(is_locked(&world), locked);
    }
}

#[test]
fn many_mails_within_ten_minutes_lock_the_reset() {
    let mut world = World::with(|draft| draft.reset_limits.mails_in_ten_minutes = Some(3));
    let (ada, [_, mail]) = ada_with_text_and_mail(&mut world);
    for mails in 1..=3 {
        let (browser, prompt) = world.begin_reset(&ada);
        world.ask(&browser, prompt.challenge(), &mail);
        assert!(world.sent_code().is_some());
        let locked = world.stored(&ada)["reset"].get("locked_until").is_some();
        assert_eq!(locked, mails == 3);
        world.pass_minutes(1);
    }
}
