//! What follows when a factor is bound: the history, who is told, which sessions end, the default.

use super::*;

#[test]
fn it_stands_in_the_history_and_the_audit_log() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let (id, _) = enrol_app(&mut world, &mut ada);
    let bound = world.events().find(|event| event.what == What::Bound);
    assert_eq!(bound.unwrap().registration.as_ref(), Some(&id));
    assert_eq!(world.class(), Some(Class::Accepted));
    let account = world.account(&ada.key);
    let [entry] = account.history() else {
        panic!("one entry");
    };
    assert_eq!(
        (entry.registration(), entry.what(), entry.by()),
        (&id, Binding::Bound, None)
    );
    assert_eq!(
        (entry.method(), entry.at()),
        (&Method::OtherAuthenticator, world.now)
    );
}

#[test]
fn the_person_is_told_where_he_was_reached_before_too() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let address = EmailAddress::new("ada@example.com").unwrap();
    let mail = begin(&mut world, &ada, Enrol::Email(&address)).unwrap();
    let code = world.sent_code().unwrap();
    let mail = mail.registration();
    assert!(world.confirm(&mut ada, mail, Test::Code(&code)).is_ok());
    let number = phone(NUMBER);
    enrol_text(&mut world, &mut ada, &number);
    let notice = Notice::Added {
        method: Method::Text,
        name: "mine".to_owned(),
    };
    let also = world.told(&notice).unwrap();
    assert!(also.contains(&Contact::Email(address)) && also.contains(&Contact::Phone(number)));
}

#[test]
fn what_was_just_tested_is_not_asked_about_before_its_time() {
    let mut world = World::new();
    let mut ada = with_password(&mut world, "ada");
    let _ = enrol_app(&mut world, &mut ada);
    let asks = |world: &World| {
        let (policy, account) = (world.flow.policy(), world.account(&ada.key));
        let context = mfa_policy::Context::anywhere(world.now);
        let overview = policy.overview(&ada.subject, &account.view(), &context);
        overview.asks_to_reconfirm()
    };
    assert!(!asks(&world));
    world.pass_minutes(180 * 24 * 60);
    assert!(asks(&world));
}

#[test]
fn other_sessions_end_and_remembered_devices_are_forgotten() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let (mut ada, app) = world.with_app("ada");
    let remembered = world.run(&ada, |on| on.remember_device());
    assert!(remembered.is_ok());
    let mut elsewhere = ada.elsewhere();
    world.pass_seconds(30);
    let proof = world.sign_in(&mut elsewhere, &app);
    assert_eq!(proof.registration(), &app);

    let before = ada.session.clone().unwrap();
    enrol_app(&mut world, &mut ada);
    assert!(world.happened(&What::DevicesForgotten));
    let rotated = world.effects().find_map(|effect| match effect {
        Effect::RotateSession { from, to } => Some((from.clone(), to.clone())),
        _ => None,
    });
    let (from, to): (SessionRef, SessionRef) = rotated.unwrap();
    assert_ne!(from, to);
    assert_eq!(world.ended_sessions(), Some(Some(to)));
    assert_eq!(world.stored(&ada)["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(world.read(&ada, |on| on.next()), Next::Done);
    elsewhere.session = elsewhere.session.or(Some(before));
    assert!(begin(&mut world, &elsewhere, Enrol::SecurityKey).is_err());
}

#[test]
fn a_notification_becomes_the_default_and_a_later_text_does_not() {
    let mut world = World::new();
    let (mut ada, app) = world.with_app("ada");
    world.plant(&ada, |stored| stored["default"] = json!(app));
    let push = begin_paired(&mut world, &ada);
    world.approve_test(&ada);
    let enrolled = world.confirm(&mut ada, &push, Test::Approved).unwrap();
    assert!(enrolled.is_default());
    let changed = world
        .events()
        .find(|event| event.what == What::DefaultChanged);
    assert_eq!(changed.unwrap().registration.as_ref(), Some(&push));
    enrol_text(&mut world, &mut ada, &phone(NUMBER));
    assert!(!world.happened(&What::DefaultChanged));
    assert_eq!(default_of(&world, &ada), Some(push));
}
