//! What it takes: who is not fully signed in manages nothing.

use super::*;

#[test]
fn half_a_sign_in_manages_nothing() {
    let mut world = World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft.campaign.enabled = Some(true);
    });
    let (ada, app, _) = ada(&mut world);
    let mut half = ada.elsewhere();
    assert_eq!(world.password(&mut half), Next::SecondStep);

    assert_nothing_can_be_managed(&mut world, &half, &app);
    assert_is_not_signed_in(&mut world, &half);
}

#[test]
fn half_a_sign_in_may_ask_for_the_second_step_again() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, ..) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();
    let mut half = ada.elsewhere();
    world.password(&mut half);

    world.run(&half, |on| on.forget_device(device)).unwrap();

    assert!(world.account(&ada.key).remembered_devices().is_empty());
}

#[test]
fn no_session_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();

    let nobody = ada.elsewhere();

    assert_nothing_can_be_managed(&mut world, &nobody, &app);
    assert_is_not_signed_in(&mut world, &nobody);
    let _ = world.refused(&nobody, |on| on.forget_device(device));
    let _ = world.refused(&nobody, |on| on.forget_all_devices());
}

#[test]
fn a_session_of_another_person_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let (eve, _) = world.with_app("eve");

    let mut stolen = ada.elsewhere();
    stolen.session.clone_from(&eve.session);
    assert_nothing_can_be_managed(&mut world, &stolen, &app);
    assert_is_not_signed_in(&mut world, &stolen);

    // A host that mixes people up gets nothing either.
    let mut mixed = ada;
    mixed.subject = eve.subject;
    assert_nothing_can_be_managed(&mut world, &mixed, &app);
    assert_is_not_signed_in(&mut world, &mixed);
}

#[test]
fn a_recovery_code_alone_manages_nothing() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let (set, codes_) = recovery_codes(&mut world, &ada);
    let found = sign_in_by_recovery_code(&mut world, &ada, &set, &codes_[0]);
    assert_eq!(world.read(&found, |on| on.next()), Next::Done);

    assert_nothing_can_be_managed(&mut world, &found, &app);
    let refused = world.refused(&found, |on| on.make_recovery_codes());
    assert_eq!(codes(&refused), ["recovery_code_not_enough"]);
    assert!(world.read(&found, |on| on.own_proof()).is_none());
}

#[test]
fn an_account_that_is_switched_off_is_managed_by_nobody() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (ada, app, _) = ada(&mut world);
    let device = world.run(&ada, |on| on.remember_device()).unwrap().id();
    world.plant(&ada, |stored| stored["suspended"] = json!(true));

    assert_nothing_can_be_managed(&mut world, &ada, &app);
    assert_is_not_signed_in(&mut world, &ada);
    let _ = world.refused(&ada, |on| on.forget_device(device));
    let _ = world.refused(&ada, |on| on.forget_all_devices());
}

#[test]
fn an_old_proof_is_not_enough_where_the_policy_wants_a_fresh_one() {
    let mut world = World::with(|draft| {
        draft.freshness.remove = Some(10);
        draft.freshness.rename = Some(10);
        draft.freshness.set_default = Some(10);
        draft.freshness.add = Some(10);
    });
    let (mut ada, app, text) = ada(&mut world);
    world.pass_minutes(10);

    let refused = world.refused(&ada, |on| on.remove(&text, yes()));
    assert_eq!(codes(&refused), ["needs_proof"]);
    let _ = world.refused(&ada, |on| on.rename(&text, "mine"));
    let _ = world.refused(&ada, |on| on.set_default(&text));
    let _ = world.refused(&ada, |on| on.make_recovery_codes());
    let _ = world.refused(&ada, |on| on.create_app_password("mail"));

    let code = world.code();
    let purpose = Purpose::ManageSecurityInfo;
    let _ = world
        .prove(&mut ada, purpose, &app, Answer::Code(&code))
        .unwrap();
    let _ = world.run(&ada, |on| on.remove(&text, yes())).unwrap();
}
