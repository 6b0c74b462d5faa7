//! Devices: what they sign is heard word for word, once, in time, from the right one; and nothing else is.

mod altered;
mod another;
mod enrolment;
mod gesture;
mod heard;
mod keys;
mod late;
mod listening;
mod reading;

use crate::common::{Person, World, approved, device, push_at};
use mfa_flow::{
    Answer, Class, Confirmed, Decision, DeviceKey, DeviceKeyError, DeviceKeyPair, Enrol,
    Instruction, NoDevice, PhoneSaid, Prompt, PushRequest, PushRequestError, SignedAnswer,
    SignedVisit, SignedVisitError, Test, What, Why,
};
use mfa_policy::{Method, PersonId, Purpose, RegistrationId, Timestamp};
use serde_json::{Value, json};

const PORTAL: &str = "https://id.example.com";

/// Ada with an authenticator app, who was asked to approve.
struct Asked {
    world: World,
    ada: Person,
    push: RegistrationId,
    prompt: Prompt,
    request: PushRequest,
    number: u8,
}

fn asked() -> Asked {
    let (mut world, mut ada) = (World::new(), Person::new("ada"));
    ada.origin = Some("Utrecht".to_owned());
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    world.password(&mut ada);
    let prompt = world.challenge(&ada, Purpose::TwoStep);
    Asked {
        request: world.sent_request().unwrap(),
        number: prompt.asked().unwrap().number().unwrap(),
        world,
        ada,
        push,
        prompt,
    }
}

impl Asked {
    fn right(&self) -> SignedAnswer {
        device().answer(&self.request, approved(self.number))
    }

    fn hear(&mut self, answer: &SignedAnswer) -> bool {
        let phone = self.ada.elsewhere();
        let heard = self.world.run(&phone, |on| on.device_answered(answer));
        heard.is_ok()
    }

    /// It is not heard, it says so in the audit log and nowhere else, and nothing is counted or changed by it.
    fn refuses(&mut self, answer: &SignedAnswer, class: Class) {
        let before = self.world.stored(&self.ada);
        assert!(!self.hear(answer), "{answer:?}");
        let purpose = Some(Purpose::TwoStep);
        assert!(
            matches!(self.world.events().map(|event| &event.what).collect::<Vec<_>>()[..],
                [What::Answered { purpose: of, result }] if *result == class && (*of == purpose || of.is_none())),
            "{class:?}: {:?}",
            self.world.outgoing
        );
        assert_eq!(self.world.effects().count(), 0);
        assert_eq!(self.world.stored(&self.ada), before, "{class:?}");
    }

    fn collect(&mut self) -> bool {
        let (challenge, push) = (self.prompt.challenge(), self.push.clone());
        let answer = |world: &mut World, ada: &Person| {
            world.run(ada, |on| on.answer(challenge, &push, Answer::Approved))
        };
        answer(&mut self.world, &self.ada).is_ok()
    }

    fn awaits(&mut self) -> bool {
        let request = self.request.clone();
        self.world.read(&self.ada, |on| on.awaits(&request))
    }
}

/// The answer with something of its stored form changed; `None` if it is not read any more.
fn altered(answer: &SignedAnswer, alter: impl FnOnce(&mut Value)) -> Option<SignedAnswer> {
    let mut value = serde_json::to_value(answer).unwrap();
    alter(&mut value);
    serde_json::from_value(value).ok()
}

fn signature_of(answer: &SignedAnswer) -> [u8; 64] {
    let value = serde_json::to_value(answer).unwrap();
    let text = value["signature"].as_str().unwrap().to_owned();
    base64url(&text).try_into().unwrap()
}

/// Written out, so that the test has a reader of its own.
fn base64url(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => panic!("not Base64url"),
    };
    let bits: Vec<u8> = text
        .bytes()
        .flat_map(|letter| (0..6).rev().map(move |bit| value(letter) >> bit & 1))
        .collect();
    let (bytes, _) = bits.as_chunks::<8>();
    bytes
        .iter()
        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | bit))
        .collect()
}

fn to_base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1))
        .collect();
    bits.chunks(6)
        .map(|bits| {
            let value = bits.iter().fold(0, |value, bit| value << 1 | bit);
            char::from(LETTERS[usize::from(value << (6 - bits.len()))])
        })
        .collect()
}

fn earlier(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_unix_seconds(time.unix_seconds() - seconds)
}

fn hex(text: &str) -> Vec<u8> {
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    let digit = |letter: u8| char::from(letter).to_digit(16).unwrap();
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(digit(*high) << 4 | digit(*low)).unwrap())
        .collect()
}
