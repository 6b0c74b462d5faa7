//! Password reset: gates, limits, the permission, and that none of it opens anything else.

mod beside_sign_in;
mod gates;
mod locks;
mod opens_nothing;
mod permission;
mod questions;

use std::collections::BTreeSet;

use crate::common::{Person, World, approved, codes, push_at, wrong};
use mfa_flow::{
    Answer, Class, Confirmed, Decision, Effect, Enrol, Next, Notice, PhoneNumber, Prompt, Refused,
    Rejected, What,
};
use mfa_policy::{Method, Purpose, RegistrationId};
use serde_json::{Value, json};

/// Asks for a gate and answers it with the code that was sent.
fn pass_by_sent_code(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    gate: &RegistrationId,
) {
    let _ = world.answer_sent_code(browser, prompt.challenge(), gate);
}

/// Answers a gate with something that is no code.
fn answer(
    world: &mut World,
    browser: &mut Person,
    prompt: &Prompt,
    gate: &RegistrationId,
    answer: Answer<'_>,
) -> Result<(), Rejected> {
    world
        .answer(browser, prompt.challenge(), gate, answer)
        .map(drop)
}

fn next_gate(world: &mut World, browser: &Person) -> Prompt {
    world.run(browser, |on| on.next_gate()).unwrap()
}

/// Passes two gates by text and mail.
fn pass_both(world: &mut World, ada: &Person, gates: &[RegistrationId; 2]) -> Person {
    let (mut browser, prompt) = world.begin_reset(ada);
    pass_by_sent_code(world, &mut browser, &prompt, &gates[0]);
    let prompt = next_gate(world, &browser);
    pass_by_sent_code(world, &mut browser, &prompt, &gates[1]);
    browser
}

fn permission(world: &mut World, browser: &Person) -> String {
    let permission = world.run(browser, |on| on.finish_reset()).unwrap();
    permission.expose().to_owned()
}

fn ada_with_text_and_mail(world: &mut World) -> (Person, [RegistrationId; 2]) {
    let ada = Person::new("ada");
    let text = world.give_text(&ada, "text", "+31612345642");
    let mail = world.give_email(&ada, "mail", "ada@example.org");
    (ada, [text, mail])
}

fn give_push(world: &mut World, person: &Person, id: &str, device: &str) -> RegistrationId {
    let push = push_at("phone-1");
    let id = world.give(person, id, Method::AuthenticatorPush, push);
    put_on(world, person, &id, device);
    id
}

fn put_on(world: &mut World, person: &Person, id: &RegistrationId, device: &str) {
    world.plant(person, |stored| {
        for registration in stored["registrations"].as_array_mut().unwrap() {
            if registration["id"] == id.as_str() {
                registration["device"] = json!(device);
            }
        }
    });
}

fn methods(prompt: &Prompt) -> BTreeSet<Method> {
    let methods = prompt.choices().iter().map(|choice| choice.method());
    methods.cloned().collect()
}

const ANSWERS: [&str; 5] = ["Fiets", "Den Haag", "Straße", "各各各", "  Ada   Byron "];

fn set_questions(world: &mut World, person: &Person) -> Result<RegistrationId, Refused> {
    let questions = (1..).map(mfa_flow::Question::Standard);
    let answers: Vec<_> = questions.zip(ANSWERS).collect();
    world.run(person, |on| on.set_questions(&answers))
}
