//! What can be seen before something is done.

use crate::common::{NUMBER, Person, World};
use mfa_flow::{Answer, Confirmed, Next};
use mfa_policy::{Action, Effect, Purpose, RegistrationId};

fn remove(registration: &RegistrationId) -> Action {
    Action::Remove {
        registration: registration.clone(),
    }
}

#[test]
fn what_is_told_before_a_removal_is_what_comes_of_it() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let text = world.give_text(&ada, "text", NUMBER);
    let _ = world.sign_in(&mut ada, &app);
    world.run(&ada, |on| on.set_default(&app)).unwrap();

    let told = world.read(&ada, |on| on.overview_after(&remove(&app)));
    assert_eq!(told.default_method().unwrap().registration(), &text);
    let before = world.read(&ada, |on| on.overview());
    assert_eq!(before.default_method().unwrap().registration(), &app);

    let yes = Confirmed::after_asking();
    let removed = world.run(&ada, |on| on.remove(&app, yes)).unwrap();
    assert_eq!(removed.default().unwrap().registration(), &text);
    let after = world.read(&ada, |on| on.overview());
    assert_eq!(after.registrations(), told.registrations());
}

#[test]
fn what_is_not_allowed_is_told_with_its_reasons_and_leads_to_nothing() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);

    let decision = world.read(&ada, |on| on.decide(&remove(&app)));
    assert_eq!(decision.effect(), Effect::Deny);
    let codes: Vec<_> = decision.reasons().iter().map(|r| r.code()).collect();
    let yes = Confirmed::after_asking();
    let refused = world.refused(&ada, |on| on.remove(&app, yes));
    assert_eq!(crate::common::codes(&refused), codes);
    assert_eq!(
        world.read(&ada, |on| on.overview_after(&remove(&app))),
        world.read(&ada, |on| on.overview())
    );
}

#[test]
fn security_info_opens_after_a_second_step_and_not_for_what_a_remembered_device_spared() {
    let mut world = World::with(|draft| draft.remembered_devices.enabled = Some(true));
    let mut ada = Person::new("ada");
    assert_eq!(world.password(&mut ada), Next::Register);
    assert!(!world.read(&ada, |on| on.may_open()));
    let app = world.give_totp(&ada, "app");
    assert_eq!(world.password(&mut ada), Next::SecondStep);
    assert!(!world.read(&ada, |on| on.may_open()));

    let _ = world.sign_in(&mut ada, &app);
    assert!(world.read(&ada, |on| on.may_open()));
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let token = token.token().expose().to_owned();

    let begun = world.run(&ada, |on| on.first_factor(Some(&token))).unwrap();
    assert_eq!(begun.next(), Next::Done);
    ada.session = Some(begun.session().clone());
    assert!(!world.read(&ada, |on| on.may_open()));
    world.pass_minutes(1);
    let (code, purpose) = (world.code(), Purpose::ManageSecurityInfo);
    let _ = world
        .prove(&mut ada, purpose, &app, Answer::Code(&code))
        .unwrap();
    assert!(world.read(&ada, |on| on.may_open()));
}

#[test]
fn looking_takes_no_fresh_proof_where_changing_does() {
    let mut world = World::with(|draft| draft.freshness.rename = Some(5));
    let mut ada = Person::new("ada");
    let app = world.give_totp(&ada, "app");
    let _ = world.sign_in(&mut ada, &app);
    let rename = Action::Rename {
        registration: app.clone(),
    };
    world.pass_minutes(6);

    assert!(world.read(&ada, |on| on.may_open()));
    let decision = world.read(&ada, |on| on.decide(&rename));
    assert_eq!(decision.effect(), Effect::Deny);
}

#[test]
fn an_event_tells_from_where() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    ada.origin = Some("the website, from 192.0.2.1".to_owned());
    world.password(&mut ada);

    let origins: Vec<_> = world.events().map(|event| event.origin.clone()).collect();
    assert_eq!(origins, [ada.origin]);
}
