//! Devices: what they sign is heard word for word, once, in time, from the right one; and nothing else is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

mod common;

use common::{Person, World, approved, device, push_at};
use mfa_flow::{
    Answer, Class, Confirmed, Decision, DeviceKey, DeviceKeyError, DeviceKeyPair, Enrol,
    Instruction, NoDevice, PhoneSaid, Prompt, PushRequest, PushRequestError, SignedAnswer,
    SignedVisit, SignedVisitError, Test, TestState, What, Why,
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
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
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

// --- What is heard ---

#[test]
fn the_answer_of_the_device_with_the_number_on_the_screen_lets_in() {
    let mut asked = asked();
    assert!(!asked.collect());
    assert!(asked.awaits());
    assert!(asked.hear(&asked.right()));
    assert!(!asked.awaits());
    assert!(asked.collect());
}

#[test]
fn a_wrong_number_of_the_right_device_is_a_failure_and_the_request_is_over() {
    let mut asked = asked();
    let wrong = device().answer(&asked.request, approved(asked.number ^ 1));
    assert!(!asked.hear(&wrong));
    assert_eq!(asked.world.class(), Some(Class::Wrong));
    let budget =
        |asked: &Asked| asked.world.stored(&asked.ada)["registrations"][0]["budget"].clone();
    assert_eq!(budget(&asked)["consecutive"], 1);
    assert!(!asked.awaits());
    let right = asked.right();
    asked.refuses(&right, Class::NoChallenge);
    assert!(!asked.collect());
}

#[test]
fn a_no_is_heard_from_the_device_and_a_report_ends_the_session_that_asked() {
    for (decision, what) in [
        (Decision::Denied, What::DeniedByPerson),
        (Decision::Suspicious, What::ReportedSuspicious),
    ] {
        let mut asked = asked();
        let no = device().answer(&asked.request, decision);
        assert!(asked.hear(&no));
        assert!(asked.world.happened(&what));
        assert!(!asked.awaits());
        let again = asked
            .world
            .run(&asked.ada, |on| on.challenge(Purpose::TwoStep));
        assert_eq!(again.is_ok(), decision == Decision::Denied);
        asked.refuses(&no, Class::NoChallenge);
    }
}

#[test]
fn a_no_is_heard_also_where_a_yes_would_not_be_and_has_to_be_signed_there_too() {
    let mut asked = asked();
    let until = asked.world.now.plus_minutes(60);
    asked.world.plant(&asked.ada, |stored| {
        stored["registrations"][0]["budget"] = json!({ "locked_until": until });
    });
    let right = asked.right();
    asked.refuses(&right, Class::Locked);
    let foreign = DeviceKeyPair::from_bytes(&[8; 32]).answer(&asked.request, Decision::Denied);
    asked.refuses(&foreign, Class::NotSigned);
    assert!(asked.hear(&device().answer(&asked.request, Decision::Denied)));
    assert!(asked.world.happened(&What::DeniedByPerson));
}

#[test]
fn a_no_after_a_yes_takes_the_yes_back() {
    let mut asked = asked();
    assert!(asked.hear(&asked.right()));
    assert!(asked.hear(&device().answer(&asked.request, Decision::Denied)));
    assert!(!asked.collect());
}

#[test]
fn an_account_that_is_switched_off_hears_nothing() {
    let mut asked = asked();
    asked
        .world
        .plant(&asked.ada, |stored| stored["suspended"] = json!(true));
    for decision in [approved(asked.number), Decision::Denied] {
        let answer = device().answer(&asked.request, decision);
        asked.refuses(&answer, Class::Locked);
    }
}

// --- Expired, replayed ---

#[test]
fn an_answer_that_comes_too_late_is_not_heard() {
    let mut asked = asked();
    let seconds = asked.request.until().unix_seconds() - asked.world.now.unix_seconds();
    asked.world.pass_seconds(u32::try_from(seconds).unwrap());
    assert!(!asked.awaits());
    for decision in [
        approved(asked.number),
        approved(asked.number ^ 1),
        Decision::Denied,
        Decision::Suspicious,
    ] {
        let late = device().answer(&asked.request, decision);
        asked.refuses(&late, Class::Expired);
    }
    assert!(!asked.collect());
}

#[test]
fn an_answer_is_good_once() {
    let mut asked = asked();
    let right = asked.right();
    assert!(asked.hear(&right));
    asked.refuses(&right, Class::Replayed);
    let other = device().answer(&asked.request, approved(asked.number ^ 1));
    asked.refuses(&other, Class::Replayed);
    assert!(asked.collect());
    asked.refuses(&right, Class::NoChallenge);
}

#[test]
fn an_answer_to_an_earlier_request_is_not_one_to_the_last() {
    let mut asked = asked();
    let (challenge, push) = (asked.prompt.challenge(), asked.push.clone());
    let earlier = asked.request.clone();
    asked.world.pass_minutes(1);
    let prompt = asked
        .world
        .run(&asked.ada, |on| on.ask(challenge, &push))
        .unwrap();
    asked.request = asked.world.sent_request().unwrap();
    asked.number = prompt.asked().unwrap().number().unwrap();
    assert_ne!(asked.request.id(), earlier.id());
    // Neither a yes, which would have to know the new number, nor a no that was held back.
    for decision in [
        approved(asked.number),
        approved(10),
        Decision::Denied,
        Decision::Suspicious,
    ] {
        let answer = device().answer(&earlier, decision);
        asked.refuses(&answer, Class::Replayed);
    }
    let awaits = asked.world.read(&asked.ada, |on| on.awaits(&earlier));
    assert!(!awaits && asked.awaits());
    assert!(asked.hear(&asked.right()));
    assert!(asked.collect());
}

#[test]
fn an_answer_of_the_last_sign_in_is_not_one_to_the_next() {
    let mut asked = asked();
    let right = asked.right();
    assert!(asked.hear(&right) && asked.collect());
    asked.world.pass_minutes(1);
    let mut ada = asked.ada.elsewhere();
    asked.world.password(&mut ada);
    let prompt = asked.world.run(&ada, |on| on.challenge(Purpose::TwoStep));
    asked.request = asked.world.sent_request().unwrap();
    asked.number = prompt.unwrap().asked().unwrap().number().unwrap();
    asked.refuses(&right, Class::NoChallenge);
    assert!(asked.hear(&asked.right()));
}

// --- Another device ---

#[test]
fn only_the_device_that_was_asked_can_answer() {
    let mut asked = asked();
    let other = DeviceKeyPair::from_bytes(&[8; 32]);
    let factor = json!({ "push": { "address": "tablet", "key": other.public() } });
    let ada = asked.ada.elsewhere();
    let tablet = asked
        .world
        .give(&ada, "tablet", Method::AuthenticatorPush, factor);
    let bob = Person::new("bob");
    let stranger = DeviceKeyPair::from_bytes(&[7; 32]);
    let factor = json!({ "push": { "address": "bob", "key": stranger.public() } });
    asked
        .world
        .give(&bob, "push", Method::AuthenticatorPush, factor);

    // Another device of the same account, that of another account, and nobody's.
    for key in [&other, &stranger, &DeviceKeyPair::from_bytes(&[6; 32])] {
        for decision in [
            approved(asked.number),
            approved(asked.number ^ 1),
            Decision::Denied,
            Decision::Suspicious,
        ] {
            let answer = key.answer(&asked.request, decision);
            asked.refuses(&answer, Class::NotSigned);
        }
    }
    // The other device of the account, saying that it was the one that was asked.
    let text = asked.request.as_str();
    let renamed: PushRequest = text.replace("\"push\"", "\"tablet\"").parse().unwrap();
    let answer = other.answer(&renamed, approved(asked.number));
    assert!(
        matches!(renamed.reason(), Why::Challenge { registration, .. } if *registration == tablet)
    );
    asked.refuses(&answer, Class::NoChallenge);
    // Ada's own answer, brought to the account of another.
    let right = asked.right();
    let said = asked.world.run(&bob, |on| on.device_answered(&right));
    assert!(said.is_err());
    assert_eq!(asked.world.class(), Some(Class::NotSigned));
    // All of that has cost nobody anything.
    assert!(asked.hear(&right));
    assert!(asked.collect());
}

#[test]
fn what_has_no_key_signs_nothing_and_what_was_removed_is_heard_no_more() {
    let mut asked = asked();
    let ada = asked.ada.elsewhere();
    asked.world.give_text(&ada, "text", "+31612345678");
    let text = asked.request.to_string();
    for name in ["text", "nothing"] {
        let renamed = text.replace("\"push\"", &format!("\"{name}\""));
        let answer = device().answer(&renamed.parse().unwrap(), approved(asked.number));
        asked.refuses(&answer, Class::NoFactor);
    }
    asked
        .world
        .plant(&ada, |stored| stored["registrations"] = json!([]));
    let right = asked.right();
    asked.refuses(&right, Class::NoFactor);
    // The key that is verified with where there is none is known to everybody, and opens nothing.
    let nobody = DeviceKeyPair::from_bytes(&[0; 32]);
    let answer = nobody.answer(&asked.request, Decision::Denied);
    asked.refuses(&answer, Class::NoFactor);
    let (name, push) = (PersonId::new("ada").unwrap(), asked.push.clone());
    let visit = nobody.visit(&name, &push, PORTAL, asked.world.now);
    let is = asked.world.read(&ada, |on| on.is_device(&visit, PORTAL));
    assert_eq!(is, Err(NoDevice::NotSigned));
}

#[test]
fn nobody_is_told_whether_there_is_such_a_person() {
    let mut asked = asked();
    let mut nobody = Person::new("nobody");
    let tenant = nobody.key.tenant().clone();
    nobody.key = asked.world.flow.decoy(tenant, "nobody");
    let answer = asked.right();
    let said = asked.world.run(&nobody, |on| on.device_answered(&answer));
    assert_eq!(format!("{said:?}"), "Err(Rejected(()))");
    assert_eq!(asked.world.class(), Some(Class::UnknownPerson));
    assert_eq!(asked.world.effects().count(), 0);
}

#[test]
fn nothing_that_is_not_signed_feeds_a_lock_however_often_it_comes() {
    let mut asked = asked();
    let foreign = DeviceKeyPair::from_bytes(&[8; 32]);
    for number in 10..100 {
        let answer = foreign.answer(&asked.request, approved(number));
        asked.refuses(&answer, Class::NotSigned);
    }
    assert!(asked.hear(&asked.right()));
    assert!(asked.collect());
}

#[test]
fn a_telephone_cannot_answer_for_a_device_nor_a_device_for_a_telephone() {
    let mut asked = asked();
    let why = asked.request.reason().clone();
    for said in [
        PhoneSaid::PressedHash,
        PhoneSaid::Denied,
        PhoneSaid::Suspicious,
    ] {
        let before = asked.world.stored(&asked.ada);
        let heard = asked
            .world
            .run(&asked.ada.elsewhere(), |on| on.phone_said(&why, said));
        assert!(heard.is_err());
        assert_eq!(asked.world.class(), Some(Class::NoFactor));
        assert_eq!(asked.world.stored(&asked.ada), before);
    }
    assert!(asked.hear(&asked.right()));
}

// --- Altered ---

#[test]
fn no_byte_of_an_answer_can_be_altered() {
    let mut asked = asked();
    let right = asked.right();
    let (mut read, mut refused) = (0, 0);
    // Every letter of the request, so that every field of it is reached.
    let text = asked.request.as_str().to_owned();
    for place in 0..text.len() {
        for bit in [0x01, 0x02, 0x20] {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= bit;
            let Ok(other) = String::from_utf8(bytes) else {
                continue;
            };
            let Some(answer) = altered(&right, |value| value["request"] = json!(other)) else {
                refused += 1;
                continue;
            };
            read += 1;
            assert!(!answer.is_signed_by(&device().public()), "{other}");
            // Where the name of the registration was altered there is none.
            let names_it = matches!(answer.request().reason(), Why::Challenge { registration, .. } if *registration == asked.push);
            let class = if names_it {
                Class::NotSigned
            } else {
                Class::NoFactor
            };
            asked.refuses(&answer, class);
        }
    }
    assert!(read > 100 && refused > 100, "{read} {refused}");
    // Blanks mean nothing to JSON, and everything to a signature.
    let blank = text.replacen(':', ": ", 1);
    let answer = altered(&right, |value| value["request"] = json!(blank)).unwrap();
    asked.refuses(&answer, Class::NotSigned);

    // The decision, the number, the gesture.
    for other in [
        approved(asked.number ^ 1),
        Decision::Approved {
            number: asked.number,
            user_verified: false,
        },
        Decision::Denied,
        Decision::Suspicious,
    ] {
        let answer = altered(&right, |value| value["decision"] = json!(other)).unwrap();
        asked.refuses(&answer, Class::NotSigned);
    }
    // Every bit of the signature.
    let signature = signature_of(&right);
    for bit in 0..512 {
        let mut signature = signature;
        signature[bit / 8] ^= 1 << (bit % 8);
        let signature = json!(to_base64url(&signature));
        let answer = altered(&right, |value| value["signature"] = signature).unwrap();
        asked.refuses(&answer, Class::NotSigned);
    }
    assert!(asked.hear(&right));
}

#[test]
fn of_an_answer_there_is_one_signature() {
    let mut asked = asked();
    let right = asked.right();
    let signature = signature_of(&right);
    // The order of the group, RFC 8032 §5.1: adding it to the second half gives a number that means the same.
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut twin = signature;
    let mut carry = 0;
    for (byte, of_order) in twin[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(of_order) + carry;
        *byte = u8::try_from(sum & 0xff).unwrap();
        carry = sum >> 8;
    }
    assert_eq!(carry, 0);
    // A neutral R and s = 0 verify under keys of small order in lax implementations.
    let mut neutral = [0; 64];
    neutral[0] = 1;
    for other in [twin, neutral, [0; 64], [0xff; 64]] {
        let text = json!(to_base64url(&other));
        let answer = altered(&right, |value| value["signature"] = text).unwrap();
        asked.refuses(&answer, Class::NotSigned);
    }
    assert!(asked.hear(&right));
}

#[test]
fn a_signature_is_good_for_what_it_was_made_for_only() {
    let mut asked = asked();
    let (ada, push) = (PersonId::new("ada").unwrap(), asked.push.clone());
    let visit = device().visit(&ada, &push, PORTAL, asked.world.now);
    let signature = visit.to_string().rsplit('.').next().unwrap().to_owned();
    let right = asked.right();
    let answer = altered(&right, |value| value["signature"] = json!(signature)).unwrap();
    asked.refuses(&answer, Class::NotSigned);
    let (says, _) = visit
        .to_string()
        .split_once('.')
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .unwrap();
    let swapped = format!("{says}.{}", to_base64url(&signature_of(&right)));
    let swapped: SignedVisit = swapped.parse().unwrap();
    assert_eq!(
        asked
            .world
            .read(&asked.ada, |on| on.is_device(&swapped, PORTAL)),
        Err(NoDevice::NotSigned)
    );
}

// --- The gesture ---

#[test]
fn signing_in_without_a_password_takes_a_device_that_has_verified_its_user() {
    let (mut world, ada) = (World::new(), Person::new("ada"));
    let phone = world.give(&ada, "phone", Method::PhoneSignIn, push_at("phone"));
    let mut browser = ada.elsewhere();
    let begun = world.run(&browser, |on| on.begin_phone_sign_in());
    browser.session = Some(begun.session().clone());
    let request = world.sent_request().unwrap();
    assert!(request.needs_gesture());
    assert_eq!(request.purpose(), Some(Purpose::FirstFactor));
    let number = begun.prompt().asked().unwrap().number().unwrap();
    // With the right number or a wrong one: neither ends the request, so the number is not found out that way.
    for number in [number, number ^ 1] {
        let before = world.stored(&ada);
        let without = Decision::Approved {
            number,
            user_verified: false,
        };
        assert!(world.device_says(&ada, &request, without).is_err());
        assert_eq!(world.class(), Some(Class::NoGesture));
        assert_eq!(world.stored(&ada), before);
    }
    world.device_says(&ada, &request, approved(number)).unwrap();
    let challenge = begun.prompt().challenge();
    let proof = world.run(&browser, |on| {
        on.answer(challenge, &phone, Answer::Approved)
    });
    assert!(proof.is_ok());
}

#[test]
fn a_second_step_takes_no_gesture_except_of_what_signs_in_without_a_password() {
    let mut asked = asked();
    assert!(!asked.request.needs_gesture());
    let plain = Decision::Approved {
        number: asked.number,
        user_verified: false,
    };
    assert!(asked.hear(&device().answer(&asked.request, plain)));

    let ada = asked.ada.elsewhere();
    asked
        .world
        .plant(&ada, |stored| stored["registrations"] = json!([]));
    asked
        .world
        .give(&ada, "phone", Method::PhoneSignIn, push_at("phone"));
    let mut browser = ada.elsewhere();
    asked.world.password(&mut browser);
    let prompt = asked
        .world
        .run(&browser, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let phone = RegistrationId::new("phone").unwrap();
    if asked.world.sent_request().is_none() {
        asked
            .world
            .run(&browser, |on| on.ask(prompt.challenge(), &phone))
            .unwrap();
    }
    assert!(asked.world.sent_request().unwrap().needs_gesture());
}

// --- Enrolment ---

/// An app that was paired with that key, and its first request with the number to type.
fn paired(world: &mut World, key: &DeviceKeyPair) -> (Person, RegistrationId, PushRequest, u8) {
    let mut ada = Person::new("ada");
    world.password(&mut ada);
    let what = Enrol::AuthenticatorPush { on: None };
    let enrolling = world
        .run(&ada, |on| on.begin_enrolment(what, "phone"))
        .unwrap();
    let Instruction::Pair(token) = enrolling.instruction() else {
        panic!("no token is shown");
    };
    let (id, phone) = (enrolling.registration().clone(), ada.elsewhere());
    world
        .run(&phone, |on| {
            on.pair(&id, token.expose(), "phone", key.public())
        })
        .unwrap();
    let request = world.sent_request().unwrap();
    let Some(TestState::Waiting {
        number: Some(number),
    }) = world.read(&ada, |on| on.pending().map(|pending| pending.test()))
    else {
        panic!("no number to show");
    };
    (ada, id, request, number)
}

#[test]
fn the_test_of_an_enrolment_is_signed_too() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (mut ada, id, request, number) = paired(&mut world, &key);
    assert_eq!(request.purpose(), None);
    let hear = |world: &mut World, answer: &SignedAnswer| {
        let heard = world.run(&Person::new("ada"), |on| on.device_answered(answer));
        (heard.is_ok(), world.class())
    };
    let before = world.stored(&ada);
    for decision in [approved(number), approved(number ^ 1), Decision::Suspicious] {
        let foreign = device().answer(&request, decision);
        assert_eq!(hear(&mut world, &foreign), (false, Some(Class::NotSigned)));
    }
    let renamed = request.as_str().replace(id.as_str(), "other");
    let renamed = key.answer(&renamed.parse().unwrap(), approved(number));
    assert_eq!(hear(&mut world, &renamed), (false, Some(Class::NoFactor)));
    assert_eq!(world.stored(&ada), before, "nothing is counted");

    // Another request makes the first one void.
    let again = world.run(&ada, |on| on.send_enrolment_again(&id)).unwrap();
    let Instruction::MatchNumber(number) = *again.instruction() else {
        panic!("no number to show");
    };
    let earlier = key.answer(&request, approved(number));
    let request = world.sent_request().unwrap();
    assert_eq!(hear(&mut world, &earlier), (false, Some(Class::Replayed)));
    let right = key.answer(&request, approved(number));
    assert!(hear(&mut world, &right).0);
    assert_eq!(hear(&mut world, &right), (false, Some(Class::Replayed)));
    let enrolled = world
        .run(&ada, |on| on.confirm_enrolment(&id, Test::Approved))
        .unwrap();
    ada.session = enrolled.session().cloned().or(ada.session);
    assert_eq!(hear(&mut world, &right), (false, Some(Class::NoChallenge)));
    assert!(
        world.stored(&ada).get("enrolling").is_none(),
        "nothing is counted"
    );
}

#[test]
fn the_test_of_an_enrolment_is_not_heard_late_and_leaves_a_line() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (ada, _, request, number) = paired(&mut world, &key);
    world.pass_minutes(5);
    assert!(!world.read(&ada, |on| on.awaits(&request)));
    let late = key.answer(&request, approved(number));
    assert!(
        world
            .run(&ada.elsewhere(), |on| on.device_answered(&late))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::Expired));
    world.pass_minutes(5);
    assert!(
        world
            .run(&ada.elsewhere(), |on| on.device_answered(&late))
            .is_err()
    );
    assert_eq!(world.class(), Some(Class::NoFactor));
}

#[test]
fn the_test_of_phone_sign_in_takes_the_gesture() {
    let mut world = World::new();
    let mut ada = Person::new("ada");
    let push = world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    world.password(&mut ada);
    let prompt = world
        .run(&ada, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let request = world.sent_request().unwrap();
    let number = prompt.asked().unwrap().number().unwrap();
    world.device_says(&ada, &request, approved(number)).unwrap();
    let proof = world
        .run(&ada, |on| {
            on.answer(prompt.challenge(), &push, Answer::Approved)
        })
        .unwrap();
    ada.session = Some(proof.session().clone());
    world.pass_minutes(1);
    let enrolling = world
        .run(&ada, |on| {
            on.begin_enrolment(Enrol::PhoneSignIn { push: &push }, "phone")
        })
        .unwrap();
    let Instruction::MatchNumber(number) = *enrolling.instruction() else {
        panic!("no number to show");
    };
    let request = world.sent_request().unwrap();
    let without = Decision::Approved {
        number,
        user_verified: false,
    };
    assert!(world.device_says(&ada, &request, without).is_err());
    assert_eq!(world.class(), Some(Class::NoGesture));
    world.device_says(&ada, &request, approved(number)).unwrap();
    let id = enrolling.registration();
    assert!(
        world
            .run(&ada, |on| on.confirm_enrolment(id, Test::Approved))
            .is_ok()
    );
}

// --- Listening ---

#[test]
fn a_visit_is_that_of_the_device_by_its_key_to_us_and_now() {
    let mut asked = asked();
    let (ada, push, now) = (
        PersonId::new("ada").unwrap(),
        asked.push.clone(),
        asked.world.now,
    );
    let person = asked.ada.elsewhere();
    let mut is = |visit: &SignedVisit| asked.world.read(&person, |on| on.is_device(visit, PORTAL));
    for seconds in [0, 60] {
        let behind = device().visit(&ada, &push, PORTAL, earlier(now, seconds));
        let ahead = device().visit(&ada, &push, PORTAL, earlier(now, -seconds));
        assert_eq!((is(&behind), is(&ahead)), (Ok(()), Ok(())));
    }
    let bob = PersonId::new("bob").unwrap();
    let other = RegistrationId::new("other").unwrap();
    for visit in [
        device().visit(&ada, &push, PORTAL, earlier(now, 61)),
        device().visit(&ada, &push, PORTAL, now.plus_seconds(61)),
        device().visit(&ada, &push, "https://id.example.org", now),
        device().visit(&ada, &push, "", now),
        device().visit(&bob, &push, PORTAL, now),
        device().visit(&ada, &other, PORTAL, now),
        DeviceKeyPair::from_bytes(&[8; 32]).visit(&ada, &push, PORTAL, now),
    ] {
        assert_eq!(is(&visit), Err(NoDevice::NotSigned), "{visit:?}");
    }
    // Another letter anywhere.
    let text = device().visit(&ada, &push, PORTAL, now).to_string();
    let mut read = 0;
    for place in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1;
        let other = String::from_utf8(bytes).unwrap();
        if let Ok(visit) = other.parse::<SignedVisit>() {
            read += 1;
            assert_eq!(is(&visit), Err(NoDevice::NotSigned), "{other}");
        }
    }
    assert!(read > 50, "{read}");
}

#[test]
fn a_device_that_is_being_paired_may_listen_and_one_that_was_removed_is_told() {
    let mut world = World::new();
    let key = DeviceKeyPair::from_bytes(&[5; 32]);
    let (mut ada, id, request, number) = paired(&mut world, &key);
    let is = |world: &mut World, key: &DeviceKeyPair| {
        let name = PersonId::new("ada").unwrap();
        let visit = key.visit(&name, &id, PORTAL, world.now);
        let person = Person::new("ada");
        let is = world.read(&person, |on| on.is_device(&visit, PORTAL));
        assert_eq!(world.read(&person, |on| on.has_device(&id)), is.is_ok());
        is
    };
    assert_eq!(is(&mut world, &key), Ok(()));
    let answer = key.answer(&request, approved(number));
    world
        .run(&ada.elsewhere(), |on| on.device_answered(&answer))
        .unwrap();
    let enrolled = world
        .run(&ada, |on| on.confirm_enrolment(&id, Test::Approved))
        .unwrap();
    ada.session = enrolled.session().cloned().or(ada.session);
    assert_eq!(is(&mut world, &key), Ok(()));
    world.give_totp(&ada, "app");
    world
        .run(&ada, |on| on.remove(&id, Confirmed::after_asking()))
        .unwrap();
    assert_eq!(is(&mut world, &key), Err(NoDevice::Gone));

    // One that took too long was never there.
    let mut world = World::new();
    let (_, id, _, _) = paired(&mut world, &key);
    world.pass_minutes(10);
    let name = PersonId::new("ada").unwrap();
    let visit = key.visit(&name, &id, PORTAL, world.now);
    let is = world.read(&Person::new("ada"), |on| on.is_device(&visit, PORTAL));
    assert_eq!(is, Err(NoDevice::NotSigned));
}

// --- What is read ---

#[test]
fn a_request_says_who_where_and_for_what_and_never_the_number() {
    let mut world = World::new();
    let ada = Person::new("ada");
    world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    let signed_in = world.run(&ada, |on| on.first_factor(None)).unwrap();
    let visit = world
        .visit(&ada)
        .in_session(signed_in.session().clone())
        .from("Utre\u{202e}cht\n")
        .for_application("Pay\u{7}roll");
    let prompt = world
        .run_at(&ada.key, &visit, |on| on.challenge(Purpose::TwoStep))
        .unwrap();
    let request = world.sent_request().unwrap();
    assert_eq!(request.person(), "ada");
    assert_eq!(request.application(), Some("Payroll"));
    assert_eq!(request.origin(), Some("Utrecht"));
    assert_eq!(request.purpose(), Some(Purpose::TwoStep));
    assert_eq!(request.until(), prompt.asked().unwrap().until());
    let read: PushRequest = request.to_string().parse().unwrap();
    assert_eq!(read, request);
    let value: Value = serde_json::from_str(request.as_str()).unwrap();
    let fields: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        fields,
        ["application", "id", "origin", "person", "reason", "until"]
    );
}

#[test]
fn the_longest_request_that_is_sent_can_be_read() {
    let mut world = World::new();
    let name = "\"".repeat(256);
    let ada = Person::new(&name);
    let id = "\\".repeat(256);
    world.give(&ada, &id, Method::PhoneSignIn, push_at("phone"));
    let visit = world
        .visit(&ada)
        .from(&"🦀".repeat(300))
        .for_application(&"🦀".repeat(300));
    world.run_at(&ada.key, &visit, |on| on.begin_phone_sign_in());
    let request = world.sent_request().unwrap();
    assert_eq!(request.origin().unwrap().chars().count(), 200);
    assert_eq!(request.as_str().parse::<PushRequest>().unwrap(), request);
}

#[test]
fn a_request_that_is_too_long_odd_or_misleading_is_refused() {
    let text = asked().request.as_str().to_owned();
    let with = |name: &str, value: Value| {
        let mut says: Value = serde_json::from_str(&text).unwrap();
        says[name] = value;
        says.to_string().parse::<PushRequest>()
    };
    let padded = format!("{text}{}", " ".repeat(4096 - text.len()));
    assert!(padded.parse::<PushRequest>().is_ok());
    let longer = format!("{padded} ");
    assert_eq!(
        longer.parse::<PushRequest>(),
        Err(PushRequestError::TooLong)
    );
    for (name, value) in [
        ("id", json!("short")),
        ("person", json!("")),
        ("person", json!("a\u{1b}b")),
        ("person", json!("a".repeat(257))),
        ("until", json!("tomorrow")),
        ("reason", json!("because")),
        ("gesture", json!("no")),
        ("more", json!(1)),
    ] {
        assert_eq!(
            with(name, value),
            Err(PushRequestError::Malformed),
            "{name}"
        );
    }
    for (name, value) in [
        ("origin", "a\u{1b}[2Jb"),
        ("origin", "a\u{202e}b"),
        ("application", "a\u{2066}b"),
        ("application", "a\u{2028}b"),
        ("application", "a\u{85}b"),
        ("application", &"a".repeat(201)),
    ] {
        assert_eq!(
            with(name, json!(value)),
            Err(PushRequestError::Unshowable),
            "{value}"
        );
    }
    for text in ["", "{}", "null", "[1]", "{\"id\":", &"[".repeat(4000)] {
        assert_eq!(
            text.parse::<PushRequest>(),
            Err(PushRequestError::Malformed)
        );
    }
    let twice = text.replacen('{', "{\"person\":\"bob\",", 1);
    assert_eq!(
        twice.parse::<PushRequest>(),
        Err(PushRequestError::Malformed)
    );
}

#[test]
fn a_key_is_a_point_in_its_one_form_and_not_of_small_order() {
    let key = device().public();
    assert_eq!(key.to_string().parse(), Ok(key));
    assert_eq!(key.to_string(), to_base64url(key.as_bytes()));
    // The points of small order (of RFC 8032's curve, as libsodium lists them), and those written beyond the prime.
    let small = [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];
    for point in small {
        let key = to_base64url(&hex(point)).parse::<DeviceKey>();
        assert_eq!(key, Err(DeviceKeyError::Weak), "{point}");
    }
    let beyond = [
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0200000000000000000000000000000000000000000000000000000000000000",
    ];
    for point in beyond {
        let key = to_base64url(&hex(point)).parse::<DeviceKey>();
        assert_eq!(key, Err(DeviceKeyError::Malformed), "{point}");
    }
    let text = key.to_string();
    for odd in [
        String::new(),
        text[1..].to_owned(),
        format!("{text}A"),
        format!("{text}="),
        format!(" {text}"),
        "A".repeat(1 << 20),
    ] {
        assert_eq!(odd.parse::<DeviceKey>(), Err(DeviceKeyError::Malformed));
        assert!(serde_json::from_value::<DeviceKey>(json!(odd)).is_err());
    }
}

#[test]
fn a_stored_account_with_a_key_of_small_order_is_not_read() {
    let mut world = World::new();
    let ada = Person::new("ada");
    world.give(&ada, "push", Method::AuthenticatorPush, push_at("phone"));
    let mut stored = world.stored(&ada);
    let read = |stored: &Value| {
        let bytes = serde_json::to_vec(stored).unwrap();
        mfa_flow::Account::from_stored(ada.key.clone(), mfa_flow::Version::new(1), &bytes).is_ok()
    };
    assert!(read(&stored));
    stored["registrations"][0]["factor"]["push"]["key"] =
        json!("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(!read(&stored));
}

#[test]
fn what_is_no_answer_and_no_visit_is_refused() {
    let right = asked().right();
    let value = serde_json::to_value(&right).unwrap();
    assert_eq!(altered(&right, |_| {}), Some(right.clone()));
    let signature = value["signature"].as_str().unwrap().to_owned();
    for (name, odd) in [
        ("signature", json!("")),
        ("signature", json!(signature[1..])),
        ("signature", json!(format!("{signature}="))),
        ("signature", json!("A".repeat(1 << 20))),
        ("decision", json!("maybe")),
        ("decision", json!({ "approved": {} })),
        ("decision", json!({ "approved": { "number": 42 } })),
        (
            "decision",
            json!({ "approved": { "number": 256, "user_verified": true } }),
        ),
        (
            "decision",
            json!({ "approved": { "number": -1, "user_verified": true } }),
        ),
        (
            "decision",
            json!({ "approved": { "number": 42, "user_verified": true, "more": 1 } }),
        ),
        ("request", json!("")),
        ("request", json!("x".repeat(5000))),
        ("more", json!(1)),
    ] {
        assert!(
            altered(&right, |value| value[name] = odd.clone()).is_none(),
            "{name} {odd}"
        );
    }

    let (ada, push) = (
        PersonId::new("ada").unwrap(),
        RegistrationId::new("push").unwrap(),
    );
    let now = "2026-12-01T09:00:00Z".parse().unwrap();
    let visit = |audience: &str| device().visit(&ada, &push, audience, now).to_string();
    assert_eq!(
        visit(PORTAL).parse::<SignedVisit>().unwrap().to_string(),
        visit(PORTAL)
    );
    assert!(visit(&"a".repeat(2048)).parse::<SignedVisit>().is_ok());
    let malformed = Err(SignedVisitError::Malformed);
    assert_eq!(visit(&"a".repeat(2049)).parse::<SignedVisit>(), malformed);
    assert_eq!(
        visit(&"a".repeat(5000)).parse::<SignedVisit>(),
        Err(SignedVisitError::TooLong)
    );
    let text = visit(PORTAL);
    for odd in [
        "",
        ".",
        "a",
        "a.b",
        &text[1..],
        &format!("{text}."),
        &format!(" {text}"),
        &text.replace('.', ""),
    ] {
        assert_eq!(odd.parse::<SignedVisit>(), malformed, "{odd}");
    }
}

// --- Keys ---

#[test]
fn signatures_are_those_of_rfc_8032() {
    // §7.1, test 1: the public key of that secret one.
    let secret = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let key = DeviceKeyPair::from_bytes(&secret.try_into().unwrap());
    let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assert_eq!(key.public().as_bytes().as_slice(), public);
}

/// What is signed, byte for byte, by another implementation (OpenSSL 3.0, `openssl pkeyutl -sign -rawin`, with the key of 32 bytes 9): a domain, the
/// SHA-256 of the request, and three bytes of the decision; a domain and the JSON of a visit.
#[test]
fn another_implementation_signs_the_same() {
    let request: PushRequest = r#"{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{"enrolment":{"registration":"phone"}},"person":"ada","until":"2026-12-01T09:10:00Z"}"#.parse().unwrap();
    for (decision, signature) in [
        (
            approved(42),
            "hpuyVvE-6Mz3OeVgnL1BM2hdF9HcOQGqRNTmKp8rS9CEmFzpQFKOUbeGxRJ_kD3Zhpr1JgaoLAQZ4qN2arejBg",
        ),
        (
            Decision::Suspicious,
            "FgQJAqfb0QPtphcY_BaB2dUtyeHDPjg79ULSuszaopOs75drHSyssC_6AYlWHBsd4we3X6BuC8cQQS5VuxHBCw",
        ),
    ] {
        let answer = device().answer(&request, decision);
        let signed = serde_json::to_value(&answer).unwrap();
        assert_eq!(signed["signature"], signature);
        assert_eq!(signed["request"], request.as_str());
    }
    let (ada, phone) = (
        PersonId::new("ada").unwrap(),
        RegistrationId::new("phone").unwrap(),
    );
    let at = "2026-12-01T09:00:00Z".parse().unwrap();
    assert_eq!(
        device().visit(&ada, &phone, PORTAL, at).to_string(),
        "eyJwZXJzb24iOiJhZGEiLCJyZWdpc3RyYXRpb24iOiJwaG9uZSIsImF1ZGllbmNlIjoiaHR0cHM6Ly9pZC5leGFtcGxlLmNvbSIsImF0IjoiMjAyNi0xMi0wMVQwOTowMDowMFoifQ.XqiUtTfWlRGDB_sZ_1T6UVK_W8Z-95-WfVL0PTBprivDzvKCt8SSK10z6U6ZnPtjbFDiVSLVgiVG683uywKfBQ"
    );
}

#[test]
fn a_key_pair_is_kept_as_text_and_shows_nothing() {
    let key = device();
    let text = serde_json::to_string(&key).unwrap();
    assert_eq!(text, format!("\"{}\"", to_base64url(&[9; 32])));
    let read: DeviceKeyPair = serde_json::from_str(&text).unwrap();
    assert_eq!(read.public(), key.public());
    assert_eq!(key.duplicate().public(), key.public());
    assert_eq!(format!("{key:?}"), "DeviceKeyPair(redacted)");
    for odd in ["", "CQ", &"A".repeat(42), &"A".repeat(44), &"!".repeat(43)] {
        let error = serde_json::from_value::<DeviceKeyPair>(json!(odd)).unwrap_err();
        assert_eq!(error.to_string(), "not the key of a device");
    }
}

#[test]
fn the_errors_say_what_is_wrong_and_repeat_nothing() {
    let said = [
        DeviceKeyError::Malformed.to_string(),
        DeviceKeyError::Weak.to_string(),
        PushRequestError::TooLong.to_string(),
        PushRequestError::Malformed.to_string(),
        PushRequestError::Unshowable.to_string(),
        SignedVisitError::TooLong.to_string(),
        SignedVisitError::Malformed.to_string(),
        NoDevice::Gone.to_string(),
        NoDevice::NotSigned.to_string(),
    ];
    assert_eq!(
        said,
        [
            "a key of a device is an Ed25519 public key: 43 characters of URL-safe Base64",
            "that key of a device has a small order, so that anybody could sign for it",
            "a request to a device has at most 4096 bytes",
            "not a request to a device",
            "the request to a device holds text that cannot be shown",
            "a signed visit has at most 5120 bytes",
            "not a signed visit",
            "the registration of that device was removed",
            "not the visit of a device of this account",
        ]
    );
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
