//! Enrolment: pending until its test is passed.

mod bound;
mod failures;
mod methods;
mod parameters;
mod pending;
mod replacing;
mod secrets;
mod sending;
mod unique;
mod who_may;

use crate::common::{
    NUMBER, Person, World, approved, code_of, device, pairing_token, shown_key, wrong,
};
use mfa_flow::{
    AppKey, Binding, Class, Confirmed, Contact, Decision, Effect, EmailAddress, Enrol, Enrolling,
    Instruction, NewSecurityKey, Next, Notice, PhoneNumber, PhoneSaid, Refused, SessionRef, Test,
    TestState, What,
};
use mfa_policy::{Method, Purpose, Reason, RegistrationId, State, Unique};
use otp_core::{Algorithm, Digits, Period, TotpParameters};
use otp_uri::{Account, App, Parameter};
use serde_json::json;

fn account() -> Account {
    Account::new("ada@example.com").unwrap()
}

fn phone(number: &str) -> PhoneNumber {
    PhoneNumber::new(number).unwrap()
}

fn begin(world: &mut World, person: &Person, what: Enrol<'_>) -> Result<Enrolling, Refused> {
    world.run(person, |on| on.begin_enrolment(what, "mine"))
}

/// Begins to enrol an app, and gives its key too.
fn begin_app(
    world: &mut World,
    person: &Person,
    parameters: TotpParameters,
) -> (RegistrationId, Vec<u8>) {
    let account = account();
    let key = AppKey::new(&account).with_parameters(parameters);
    let enrolling = begin(world, person, Enrol::OtherAuthenticator { key }).unwrap();
    (enrolling.registration().clone(), shown_key(&enrolling))
}

/// The whole way of an app, whose code of now is its test.
fn enrol_app(world: &mut World, person: &mut Person) -> (RegistrationId, Vec<u8>) {
    let (id, key) = begin_app(world, person, TotpParameters::default());
    let code = code_of(&key, TotpParameters::default(), world.unix());
    let enrolled = world.confirm(person, &id, Test::Code(&code)).unwrap();
    assert_eq!(enrolled.registration(), &id);
    (id, key)
}

/// The whole way of a text to that number.
fn enrol_text(world: &mut World, person: &mut Person, number: &PhoneNumber) -> RegistrationId {
    let enrolling = begin(world, person, Enrol::Text(number)).unwrap();
    let code = world.sent_code().unwrap();
    let id = enrolling.registration();
    let enrolled = world.confirm(person, id, Test::Code(&code)).unwrap();
    enrolled.registration().clone()
}

/// Somebody in a session with the password.
fn with_password(world: &mut World, name: &str) -> Person {
    let mut person = Person::new(name);
    world.password(&mut person);
    person
}

fn methods(world: &World, person: &Person) -> Vec<Method> {
    let account = world.account(&person.key);
    account
        .registrations()
        .map(|r| r.method().clone())
        .collect()
}

fn default_of(world: &World, person: &Person) -> Option<RegistrationId> {
    let account = world.account(&person.key);
    account.view().chosen_default().cloned()
}

fn reasons(refused: &Refused) -> &[Reason] {
    match refused {
        Refused::Policy(decision) => decision.reasons(),
        other => panic!("not the policy: {other:?}"),
    }
}

/// An app that has reported, and has got its first notification.
fn begin_paired(world: &mut World, person: &Person) -> RegistrationId {
    world.pair(person, "mine", "apns:1", &device())
}
