//! What administrators and the operator's own tool do with the accounts of others.

mod actions;
mod passes;
mod who_may;

use crate::common::{KEY_BASE64, NUMBER, Person, World, ada, codes};
use mfa_flow::{
    Answer, Binding, Change, Class, Confirmed, Contact, Effect, Event, Next, Notice, Operation,
    PassTerms, PhoneNumber, Proof, Refused, Visit, What,
};
use mfa_policy::{Method, PersonId, Purpose, RegistrationId, State, Subject, Timestamp};
use serde_json::json;

/// Passes and remembered devices are on.
fn world() -> World {
    World::with(|draft| {
        draft.remembered_devices.enabled = Some(true);
        draft
            .methods
            .get_mut(&Method::TemporaryPass)
            .unwrap()
            .enabled = Some(true);
    })
}

fn by_operator(world: &World, person: &Person) -> Visit {
    let name = PersonId::new("night-shift").unwrap();
    world.visit(&person.elsewhere()).by_operator(name)
}

fn yes() -> Confirmed {
    Confirmed::after_asking()
}

fn done<T>(
    world: &mut World,
    person: &Person,
    visit: &Visit,
    decide: impl FnMut(Operation<'_>) -> Change<Result<T, Refused>>,
) -> T {
    world.run_at(&person.key, visit, decide).unwrap()
}

/// What takes an administrator's proof is refused to that visit, and changes nothing.
fn assert_administers_nothing(world: &mut World, person: &Person, visit: &Visit) {
    let key = &person.key;
    let text = RegistrationId::new("text").unwrap();
    let _ = world.refused_at(key, visit, |on| on.remove_for_person(&text, yes()));
    let _ = world.refused_at(key, visit, |on| on.require_registration());
    let _ = world.refused_at(key, visit, |on| on.unlock());
    let _ = world.refused_at(key, visit, |on| on.revoke_remembered_devices());
    let _ = world.refused_at(key, visit, |on| on.issue_pass(PassTerms::new()));
}

/// What the operator may do, too, is refused to that visit, and changes nothing.
fn assert_operates_nothing(world: &mut World, person: &Person, visit: &Visit) {
    let key = &person.key;
    let _ = world.refused_at(key, visit, |on| on.end_sessions());
    let _ = world.refused_at(key, visit, |on| on.suspend());
    let _ = world.refused_at(key, visit, |on| on.resume());
    let _ = world.refused_at(key, visit, |on| on.repair_clock());
    let _ = world.refused_at(key, visit, |on| on.burn());
}

fn assert_denied(world: &mut World, person: &Person, visit: &Visit) {
    assert_administers_nothing(world, person, visit);
    assert_operates_nothing(world, person, visit);
}

fn administered(world: &World, what: &What) -> bool {
    let root = PersonId::new("root").unwrap();
    world.notices().any(|notice| {
        matches!(notice, Notice::Administered { by, what: done, .. } if *by == root && done == what)
    })
}

/// Everything is signed in the audit log.
fn all_by(world: &World, name: &str) -> bool {
    let by = PersonId::new(name).unwrap();
    world.events().count() > 0
        && world
            .events()
            .all(|Event { by: who, .. }| who.as_ref() == Some(&by))
}
