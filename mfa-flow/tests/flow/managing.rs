//! What people do with what they have registered.

mod app_passwords;
mod preferences;
mod recovery_codes;
mod remembered_devices;
mod removing;
mod sessions;
mod who_may;

use crate::common::{NUMBER, Person, World, ada, codes, wrong};
use mfa_flow::{
    Answer, Binding, Class, Confirmed, Contact, Effect, Next, Notice, PhoneNumber, Refused, What,
};
use mfa_policy::{Method, Purpose, RegistrationId, State};
use serde_json::json;

fn yes() -> Confirmed {
    Confirmed::after_asking()
}

fn nobody() -> RegistrationId {
    RegistrationId::new("nobody").unwrap()
}

/// A set of recovery codes for somebody who is signed in.
fn recovery_codes(world: &mut World, person: &Person) -> (RegistrationId, Vec<String>) {
    let set = world.run(person, |on| on.make_recovery_codes()).unwrap();
    let codes = set.codes().iter().map(|code| code.expose().to_owned());
    (set.registration().clone(), codes.collect())
}

/// Signs in by a recovery code and nothing else.
fn sign_in_by_recovery_code(
    world: &mut World,
    person: &Person,
    set: &RegistrationId,
    code: &str,
) -> Person {
    let mut other = person.elsewhere();
    assert_eq!(world.password(&mut other), Next::SecondStep);
    let proof = world.prove(&mut other, Purpose::TwoStep, set, Answer::Code(code));
    let _ = proof.unwrap();
    other
}

/// Everything that takes more than a first factor is refused to this browser, and changes nothing.
fn assert_nothing_can_be_managed(world: &mut World, browser: &Person, id: &RegistrationId) {
    let _ = world.refused(browser, |on| on.remove(id, yes()));
    let _ = world.refused(browser, |on| on.rename(id, "mine"));
    let _ = world.refused(browser, |on| on.set_default(id));
    let _ = world.refused(browser, |on| on.make_recovery_codes());
    let _ = world.refused(browser, |on| on.remember_device());
}

/// Everything that takes being signed in is refused to this browser, and changes nothing.
fn assert_is_not_signed_in(world: &mut World, browser: &Person) {
    let _ = world.refused(browser, |on| on.reconfirm());
    let _ = world.refused(browser, |on| on.snooze_campaign());
    let _ = world.refused(browser, |on| on.sign_out_elsewhere());
    let _ = world.refused(browser, |on| on.create_app_password("mail"));
    assert!(world.read(browser, |on| on.own_proof()).is_none());
}

fn app_password(world: &mut World, person: &Person, name: &str) -> (RegistrationId, String) {
    let made = world
        .run(person, |on| on.create_app_password(name))
        .unwrap();
    (
        made.registration().clone(),
        made.password().expose().to_owned(),
    )
}

fn remembering() -> World {
    World::with(|draft| draft.remembered_devices.enabled = Some(true))
}

#[test]
fn what_is_shown_once_is_redacted_wherever_it_is_printed() {
    let mut world = remembering();
    let (ada, ..) = ada(&mut world);
    let set = world.run(&ada, |on| on.make_recovery_codes()).unwrap();
    let made = world
        .run(&ada, |on| on.create_app_password("Mail"))
        .unwrap();
    let token = world.run(&ada, |on| on.remember_device()).unwrap();
    let printed = format!("{set:?} {made:?} {token:?}");
    for secret in set.codes().iter().chain([made.password(), token.token()]) {
        assert!(!printed.contains(secret.expose()));
    }
}
