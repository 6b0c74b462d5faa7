//! Remembered devices.

use super::*;

#[test]
fn no_device_is_remembered_unless_the_policy_says_so() {
    let mut world = World::new();
    let (ada, ..) = ada(&mut world);
    let refused = world.refused(&ada, |on| on.remember_device());
    assert_eq!(codes(&refused), ["remembered_devices_off"]);
}

#[test]
fn on_a_remembered_device_the_second_step_is_skipped_for_some_days() {
    let mut world = remembering();
    let (mut ada, ..) = ada(&mut world);
    ada.origin = Some("Firefox, Utrecht".to_owned());

    let token = world.run(&ada, |on| on.remember_device()).unwrap();

    assert!(world.told(&Notice::DeviceRemembered).is_some());
    assert!(world.happened(&What::DeviceRemembered));
    assert_eq!(token.until(), world.now.plus_days(14));
    let account = world.account(&ada.key);
    let [device] = account.remembered_devices() else {
        panic!("not one device")
    };
    assert_eq!((device.id(), device.until()), (token.id(), token.until()));
    assert_eq!(
        (device.origin(), device.since()),
        (Some("Firefox, Utrecht"), world.now)
    );
    let token = token.token().expose().to_owned();
    let stored = String::from_utf8(account.to_stored().to_vec()).unwrap();
    assert!(token.len() >= 22 && !stored.contains(&token));

    assert_eq!(world.password_on_device(&ada, &token).0, Next::Done);
    assert_eq!(world.password_on_device(&ada, "").0, Next::SecondStep);
    assert_eq!(
        world.password_on_device(&ada, &wrong(&token)).0,
        Next::SecondStep
    );
    world.pass_minutes(14 * 24 * 60 - 1);
    assert_eq!(world.password_on_device(&ada, &token).0, Next::Done);
    world.pass_minutes(1);
    assert_eq!(world.password_on_device(&ada, &token).0, Next::SecondStep);
}

#[test]
fn a_remembered_device_proves_nothing_more() {
    let mut world = remembering();
    let (ada, app, _) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();

    let (next, browser) = world.password_on_device(&ada, token.token().expose());

    assert_eq!(next, Next::Done);
    assert_nothing_can_be_managed(&mut world, &browser, &app);
    let _ = world.refused(&browser, |on| on.create_app_password("Mail"));
    assert!(world.read(&browser, |on| on.own_proof()).is_none());
}

#[test]
fn a_token_of_somebody_else_is_no_remembered_device() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let (eve, _) = world.with_app("eve");
    let token = world.run(&eve, |on| on.remember_device()).unwrap();
    let _ = world.run(&ada, |on| on.remember_device()).unwrap();

    let (next, _) = world.password_on_device(&ada, token.token().expose());
    assert_eq!(next, Next::SecondStep);
}

#[test]
fn a_stricter_policy_holds_for_devices_that_are_remembered_already() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let stored = world.stored(&ada);
    let token = token.token().expose();

    let mut off = World::new();
    off.plant(&ada, |account| *account = stored.clone());
    off.now = world.now;
    assert_eq!(off.password_on_device(&ada, token).0, Next::SecondStep);

    let mut shorter = World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft.remembered_devices.days = Some(2);
    });
    shorter.plant(&ada, |account| *account = stored);
    shorter.now = world.now.plus_days(1);
    assert_eq!(shorter.password_on_device(&ada, token).0, Next::Done);
    shorter.now = world.now.plus_days(2);
    assert_eq!(shorter.password_on_device(&ada, token).0, Next::SecondStep);
}

#[test]
fn a_device_that_is_forgotten_is_asked_again_also_in_the_session_that_it_spared() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let kept = world.run(&ada, |on| on.remember_device()).unwrap();
    let lost = world.run(&ada, |on| on.remember_device()).unwrap();
    let (_, browser) = world.password_on_device(&ada, lost.token().expose());
    assert_eq!(world.read(&browser, |on| on.next()), Next::Done);

    world.run(&ada, |on| on.forget_device(lost.id())).unwrap();

    assert!(world.happened(&What::DevicesForgotten));
    assert_eq!(world.read(&browser, |on| on.next()), Next::SecondStep);
    assert_eq!(
        world.password_on_device(&ada, lost.token().expose()).0,
        Next::SecondStep
    );
    assert_eq!(
        world.password_on_device(&ada, kept.token().expose()).0,
        Next::Done
    );
    let refused = world.refused(&ada, |on| on.forget_device(lost.id()));
    assert!(matches!(refused, Refused::Over));

    world.run(&ada, |on| on.forget_all_devices()).unwrap();
    assert_eq!(
        world.password_on_device(&ada, kept.token().expose()).0,
        Next::SecondStep
    );
}

#[test]
fn of_many_devices_the_oldest_is_forgotten() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let tokens: Vec<_> = (0..9)
        .map(|_| world.run(&ada, |on| on.remember_device()).unwrap())
        .collect();

    assert_eq!(world.account(&ada.key).remembered_devices().len(), 8);
    assert_eq!(
        world.password_on_device(&ada, tokens[0].token().expose()).0,
        Next::SecondStep
    );
    assert_eq!(
        world.password_on_device(&ada, tokens[8].token().expose()).0,
        Next::Done
    );
}

#[test]
fn every_change_of_what_is_registered_forgets_devices() {
    type Change = fn(&mut World, &Person);
    let changes: [Change; 3] = [
        |world, ada| {
            let text = RegistrationId::new("text").unwrap();
            let _ = world.run(ada, |on| on.remove(&text, yes())).unwrap();
        },
        |world, ada| {
            let _ = world.run(ada, |on| on.make_recovery_codes()).unwrap();
        },
        |world, ada| {
            let _ = world.run(ada, |on| on.create_app_password("Mail")).unwrap();
        },
    ];
    for change in changes {
        let mut world = remembering();
        let (ada, ..) = ada(&mut world);
        let token = world.run(&ada, |on| on.remember_device()).unwrap();
        change(&mut world, &ada);
        assert!(world.happened(&What::DevicesForgotten));
        assert_eq!(
            world.password_on_device(&ada, token.token().expose()).0,
            Next::SecondStep
        );
    }
}

#[test]
fn a_clock_that_goes_back_remembers_nothing_that_is_yet_to_come() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    world.now = "2026-11-30T09:00:00Z".parse().unwrap();
    assert_eq!(
        world.password_on_device(&ada, token.token().expose()).0,
        Next::SecondStep
    );
}
