//! Whatever the reason of a no, and whether or not there is such a person: outside it is one and the same, and the audit log knows.

mod causes;
mod decoys;
mod strangers;

use std::collections::BTreeSet;
use std::convert::Infallible;

use crate::common::{Person, World, approved, push_at};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::{SeedableRng, TryCryptoRng, TryRng};
use mfa_flow::{
    Answer, ChallengeId, Class, Effect, Outgoing, Prompt, Refused, SecurityKeyResult, What,
};
use mfa_policy::{Group, Method, Purpose, RegistrationId};
use serde_json::json;

const NO_ANSWERS: [&str; 3] = ["no", "no", "no"];

fn answers(code: &str) -> [(&'static str, Answer<'_>); 5] {
    let key = SecurityKeyResult {
        credential: "of somebody else",
        user_verified: true,
        sign_count: 7,
    };
    [
        ("code", Answer::Code(code)),
        ("approved", Answer::Approved),
        ("security key", Answer::SecurityKey(key)),
        ("questions", Answer::Questions(&NO_ANSWERS)),
        ("external", Answer::External),
    ]
}

/// An identifier as the real ones are.
fn real_id(letter: char) -> String {
    letter.to_string().repeat(22)
}

/// Somebody with everything that can be a gate, and whom nothing hinders.
fn somebody(world: &mut World, name: &str) -> Person {
    let person = Person::new(name);
    world.give_totp(&person, &real_id('A'));
    world.give_text(&person, &real_id('B'), "+31612345642");
    world.give_email(&person, &real_id('C'), "ada@example.org");
    let push = push_at("phone");
    world.give(&person, &real_id('D'), Method::AuthenticatorPush, push);
    person
}

fn id(letter: char) -> RegistrationId {
    RegistrationId::new(&real_id(letter)).unwrap()
}

fn plant(world: &mut World, person: &Person, place: usize, field: &str, value: serde_json::Value) {
    world.plant(person, |stored| {
        stored["registrations"][place][field] = value;
    });
}

/// A challenge for that purpose, in a browser of its own.
fn challenged(world: &mut World, person: &Person, purpose: Purpose) -> (Person, ChallengeId) {
    if purpose == Purpose::PasswordReset {
        let (browser, prompt) = world.begin_reset(person);
        return (browser, prompt.challenge());
    }
    let mut browser = person.elsewhere();
    world.password(&mut browser);
    let prompt = world.challenge(&browser, purpose);
    (browser, prompt.challenge())
}

fn decoy(world: &World, name: &str) -> Person {
    let person = Person::new("like most");
    Person {
        key: world.flow.decoy(person.key.tenant().clone(), name),
        ..person
    }
}
