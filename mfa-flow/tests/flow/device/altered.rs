//! Answers that were altered on their way.

use super::*;

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
