//! Tests that fail are counted.

use super::*;

#[test]
fn failures_are_counted_across_new_starts() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    for attempt in 1..=5 {
        let (id, key) = begin_app(&mut world, &ada, TotpParameters::default());
        let code = wrong(&code_of(&key, TotpParameters::default(), world.unix()));
        let refused = world.confirm(&mut ada, &id, Test::Code(&code));
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
    let refused = world.confirm(&mut ada, &id, Test::Code(&code));
    assert!(matches!(refused, Err(Refused::Rejected(_))));
    assert_eq!(world.class(), Some(Class::Locked));
    world.pass_seconds(30);
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = world.confirm(&mut ada, &id, Test::Code(&code)).unwrap();
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
    assert!(
        world
            .confirm(&mut ada, &id, Test::Code(&wrong(&code)))
            .is_err()
    );
    assert!(world.happened(&What::Disabled));
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_err());
    assert_eq!(world.class(), Some(Class::Locked));

    let visit = world.visit_by_root(&ada);
    world.run_at(&ada.key, &visit, |on| on.unlock()).unwrap();
    let code = code_of(&key, TotpParameters::default(), world.unix());
    assert!(world.confirm(&mut ada, &id, Test::Code(&code)).is_ok());
}

#[test]
fn a_wrong_number_is_a_failed_test_and_is_not_tried_twice() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let id = begin_paired(&mut world, &ada);
    let request = world.sent_request().unwrap();
    let number = world.number_to_type(&ada);
    let phone = ada.elsewhere();
    let other = if number == 10 { 11 } else { 10 };
    for said in [other, number] {
        let said = world.device_says(&phone, &request, approved(said));
        assert!(said.is_err());
    }
    let state = world.test_state(&ada);
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
    assert!(world.confirm(&mut ada, &id, Test::Approved).is_ok());
}
