//! Challenges and their answers: what is sent, what counts, what is void.

#![expect(
    unused_must_use,
    reason = "most tests need no more of a proof than that there is one"
)]

mod factors;
mod failures;
mod notifications;
mod sending;
mod sessions;

use crate::common::{KEY, NUMBER, Person, World, approved, code_of, push_at, wrong};
use mfa_flow::{
    Answer, Class, Decision, Effect, Next, Notice, PhoneSaid, PushRequest, Refused,
    SecurityKeyResult, What,
};
use mfa_policy::{Method, Purpose, RegistrationId, Sending, Timestamp};
use otp_core::{Counter, Hotp, HotpParameters, Secret, TotpParameters, UnixTime};
use serde_json::json;

/// Ada with one authenticator, past the password.
fn ada_with_totp() -> (World, Person, RegistrationId) {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    let app = world.give_totp(&ada, "app");
    assert_eq!(world.password(&mut ada), Next::SecondStep);
    (world, ada, app)
}

fn answer_now(
    world: &mut World,
    ada: &Person,
    registration: &RegistrationId,
    answer: Answer<'_>,
) -> Option<Class> {
    let prompt = world.challenge(ada, Purpose::TwoStep);
    let _ = world.run(ada, |on| {
        on.answer(prompt.challenge(), registration, answer)
    });
    world.class()
}
