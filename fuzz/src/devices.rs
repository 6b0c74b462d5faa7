//! What one device has signed: the seeds of `device_texts`, and all that may verify there.

use mfa_flow::{Decision, DeviceKeyPair, PushRequest, SignedAnswer, SignedVisit};
use mfa_policy::{PersonId, RegistrationId, Timestamp};

/// The key of the device. It is no secret here: a fuzzer does not sign.
pub const SECRET: [u8; 32] = [9; 32];

/// Every kind of decision, and two that are one bit apart.
pub const DECISIONS: [Decision; 5] = [
    Decision::Approved {
        number: 42,
        user_verified: true,
    },
    Decision::Approved {
        number: 42,
        user_verified: false,
    },
    Decision::Approved {
        number: 43,
        user_verified: false,
    },
    Decision::Denied,
    Decision::Suspicious,
];

/// Requests as the server writes them.
pub const REQUESTS: [&str; 3] = [
    r#"{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{"enrolment":{"registration":"phone"}},"person":"ada","until":"2026-12-01T09:10:00Z"}"#,
    r#"{"id":"Hsw2hrYO47hLbH0yHXDVwA","reason":{"challenge":{"challenge":"f-hP7Y30XEUmGAKEO0EhKA","registration":"push","purpose":"two_step"}},"person":"ada","application":"Payroll","origin":"192.0.2.1, Utrecht","until":"2026-12-01T09:05:00Z"}"#,
    r#"{"id":"dK7zKf3SwL099Evm__FfxQ","reason":{"challenge":{"challenge":"87g9hTojH4lmA7SF-3tnFA","registration":"phone","purpose":"first_factor"}},"person":"ada","gesture":true,"until":"2026-12-01T09:05:00Z"}"#,
];

/// The device.
#[must_use]
pub fn device() -> DeviceKeyPair {
    DeviceKeyPair::from_bytes(&SECRET)
}

/// What it has answered.
#[must_use]
pub fn answers() -> Vec<SignedAnswer> {
    let device = device();
    let requests = REQUESTS
        .iter()
        .map(|text| text.parse::<PushRequest>().unwrap());
    requests
        .flat_map(|request| DECISIONS.map(|decision| device.answer(&request, decision)))
        .collect()
}

/// What it has said of itself.
#[must_use]
pub fn visits() -> Vec<SignedVisit> {
    let (device, ada) = (device(), PersonId::new("ada").unwrap());
    let at = Timestamp::from_unix_seconds(1_796_115_600);
    let audiences = ["https://id.example.com", "http://127.0.0.1:8080", ""];
    audiences
        .iter()
        .map(|audience| device.visit(&ada, &RegistrationId::new("phone").unwrap(), audience, at))
        .collect()
}
