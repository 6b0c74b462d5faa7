//! Any text as a request to a device, a signed visit, and the JSON of a signed answer: what is read is printed and read again as the same,
//! what can be shown can be, and nothing verifies but what the device of the seeds has signed, bit for bit.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use mfa_flow::{Decision, DeviceKey, DeviceKeyPair, PushRequest, SignedAnswer, SignedVisit};
use otp_fuzz::devices::{self, DECISIONS};

/// Keys of which nobody has signatures, one of them of the seeds' key and one bit.
static OTHERS: LazyLock<[DeviceKey; 2]> = LazyLock::new(|| {
    let mut near = devices::SECRET;
    near[31] ^= 1;
    [near, [8; 32]].map(|secret| DeviceKeyPair::from_bytes(&secret).public())
});

static SIGNED: LazyLock<(DeviceKey, Vec<SignedAnswer>, Vec<SignedVisit>)> = LazyLock::new(|| {
    (
        devices::device().public(),
        devices::answers(),
        devices::visits(),
    )
});

fuzz_target!(|text: &str| {
    key(text);
    request(text);
    visit(text);
    answer(text);
});

fn key(text: &str) {
    let Ok(key) = text.parse::<DeviceKey>() else {
        return;
    };
    assert_eq!(key.to_string(), text, "a key has one text");
    // Nobody has signed for a key that somebody made up.
    let (own, answers, visits) = &*SIGNED;
    if key != *own {
        assert!(!answers.iter().any(|answer| answer.is_signed_by(&key)));
        assert!(!visits.iter().any(|visit| visit.is_signed_by(&key)));
    }
}

fn request(text: &str) {
    let Ok(request) = text.parse::<PushRequest>() else {
        return;
    };
    assert_eq!(request.as_str(), text, "word for word");
    assert!(text.len() <= 4096);
    let shown = [request.application(), request.origin()];
    for shown in shown.into_iter().flatten() {
        assert!(shown.chars().count() <= 200);
        assert!(
            !shown
                .chars()
                .any(|c| c.is_control() || "\u{202e}\u{2066}".contains(c))
        );
    }
    assert!(!request.person().is_empty() && !request.person().chars().any(char::is_control));
    // Whatever is asked can be answered, and the answer is one to this request and decision only.
    let device = devices::device();
    for decision in DECISIONS {
        let answer = device.answer(&request, decision);
        assert!(answer.is_signed_by(&device.public()));
        assert!(!OTHERS.iter().any(|key| answer.is_signed_by(key)));
        for other in DECISIONS {
            assert_eq!(
                with_decision(&answer, other).is_signed_by(&device.public()),
                other == decision
            );
        }
        let json = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<SignedAnswer>(&json).unwrap(), answer);
    }
}

fn visit(text: &str) {
    let Ok(visit) = text.parse::<SignedVisit>() else {
        return;
    };
    assert_eq!(visit.to_string(), text, "a visit has one text");
    let (own, _, visits) = &*SIGNED;
    assert!(!OTHERS.iter().any(|key| visit.is_signed_by(key)));
    assert_eq!(visit.is_signed_by(own), visits.contains(&visit));
}

fn answer(text: &str) {
    let Ok(answer) = serde_json::from_str::<SignedAnswer>(text) else {
        return;
    };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(serde_json::from_str::<SignedAnswer>(&json).unwrap(), answer);
    let (own, answers, _) = &*SIGNED;
    assert!(!OTHERS.iter().any(|key| answer.is_signed_by(key)));
    assert_eq!(answer.is_signed_by(own), answers.contains(&answer));
}

fn with_decision(answer: &SignedAnswer, decision: Decision) -> SignedAnswer {
    let mut json = serde_json::to_value(answer).unwrap();
    json["decision"] = serde_json::to_value(decision).unwrap();
    serde_json::from_value(json).unwrap()
}
