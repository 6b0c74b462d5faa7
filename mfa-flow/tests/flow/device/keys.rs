//! Keys, and what another implementation signs.

use super::*;

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
