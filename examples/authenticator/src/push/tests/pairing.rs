//! Pairing.

use mfa_flow::DeviceKey;
use mfa_policy::Timestamp;
use serde_json::Value;

use super::portal::{Portal, Reply};
use super::{NOW, link, paired};
use crate::Pairing;
use crate::push::pair::pair_within;
use crate::push::portal::Patience;
use crate::push::{PairError, pair};

fn at() -> Timestamp {
    Timestamp::from_unix_seconds(NOW)
}

/// What a portal is told that answers so, and what comes of it.
fn pairs_with(reply: fn() -> Reply) -> Result<Pairing, PairError> {
    let portal = Portal::start(move |_| reply());
    pair(&link(&portal), at())
}

#[test]
fn a_device_brings_its_public_key_and_keeps_the_other_half() {
    let portal = Portal::start(|_| {
        Reply::of(
            "200 OK",
            "",
            r#"{"product":"Acme","account":"ada@example.com"}"#,
        )
    });
    let pairing = pair(&link(&portal), at()).unwrap();
    assert_eq!(pairing.portal().as_str(), format!("{}/", portal.address));
    assert_eq!(
        (pairing.product(), pairing.account()),
        ("Acme", "ada@example.com")
    );
    assert_eq!(
        (pairing.person().as_str(), pairing.registration().as_str()),
        ("ada", "phone")
    );
    assert_eq!(pairing.added(), at());

    let received = portal.received();
    assert_eq!(received.line, "POST /device/pair");
    assert_eq!(received.header("content-type"), "application/json");
    let said: Value = serde_json::from_str(&received.body).unwrap();
    let key: DeviceKey = said["key"].as_str().unwrap().parse().unwrap();
    let expected = serde_json::json!({
        "registration": "phone", "token": "ABCD-EFGH", "person": "ada", "key": key.to_string(),
    });
    assert_eq!(said, expected);

    // As the vault keeps it, it is the same device.
    let kept = serde_json::to_string(&pairing).unwrap();
    let read: Pairing = serde_json::from_str(&kept).unwrap();
    assert!(read.key().public() == key);
    assert_eq!(
        (read.product(), read.registration()),
        (pairing.product(), pairing.registration())
    );
}

#[test]
fn every_pairing_has_a_key_of_its_own() {
    let portal = Portal::start(|_| Reply::of("200 OK", "", r#"{"product":"","account":""}"#));
    let [one, other] = [(); 2].map(|()| pair(&link(&portal), at()).unwrap());
    assert!(one.key().public() != other.key().public());
}

#[test]
fn a_pairing_shows_no_key() {
    let portal = Portal::start(|_| Reply::Nothing);
    let pairing = paired(&portal);
    let kept: Value = serde_json::to_value(&pairing).unwrap();
    let key = kept["key"].as_str().unwrap();
    let shown = format!("{pairing:?}");
    assert!(!shown.contains(key) && !shown.contains("[7, 7"), "{shown}");
}

#[test]
fn what_a_portal_calls_itself_is_shown_without_doing_anything() {
    let portal = Portal::start(|_| {
        let long = "long ".repeat(100);
        Reply::of(
            "200 OK",
            "",
            &format!(r#"{{"product":"A\u001b[2Jcme\u202e\n","account":"{long}"}}"#),
        )
    });
    let pairing = pair(&link(&portal), at()).unwrap();
    assert!(
        pairing.product().starts_with("A\u{fffd}[2Jcme"),
        "{:?}",
        pairing.product()
    );
    for name in [pairing.product(), pairing.account()] {
        assert!(
            !name.chars().any(char::is_control) && !name.contains('\u{202e}'),
            "{name:?}"
        );
        assert!(name.chars().count() <= 100, "{name:?}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Portal::start(|_| Reply::of("200 OK", "", r#"{"product":"","account":""}"#));
    let location = format!("location: {}/device/pair\r\n", other.address);
    let portal = Portal::start(move |_| Reply::of("307 Temporary Redirect", &location, ""));
    let refused = pair(&link(&portal), at()).unwrap_err();
    assert!(matches!(refused, PairError::NoPortal(_)), "{refused}");
    assert!(other.was_left_alone());
}

#[test]
fn nothing_is_sent_to_elsewhere_without_tls() {
    // Nobody has to be there: it is refused before.
    let refused = pair("http://id.example.com/device#phone.ABCD-EFGH.YWRh", at()).unwrap_err();
    assert!(matches!(refused, PairError::Link(_)), "{refused}");
}

#[test]
fn what_is_not_paired_is_said_in_plain_words() {
    type Case = (fn() -> Reply, &'static str);
    let answers: [Case; 8] = [
        (
            || Reply::of("422 Unprocessable Content", "", ""),
            "the portal does not take this link",
        ),
        (
            || Reply::of("429 Too Many Requests", "retry-after: 60\r\n", ""),
            "too much to do",
        ),
        (|| Reply::of("404 Not Found", "", ""), "is no portal"),
        (|| Reply::of("200 OK", "", "<html>"), "is no portal"),
        (
            || Reply::of("200 OK", "", r#"{"product":1}"#),
            "is no portal",
        ),
        (
            || Reply::of("200 OK", "", &"a".repeat(1_000_000)),
            "is no portal",
        ),
        (
            || Reply::Bytes(b"hello\r\n\r\n".to_vec()),
            "cannot be reached",
        ),
        (|| Reply::of("502 Bad Gateway", "", ""), "cannot be reached"),
    ];
    for (reply, words) in answers {
        let refused = pairs_with(reply).unwrap_err().to_string();
        assert!(refused.contains(words), "{refused}");
        assert!(!refused.contains("ABCD"), "{refused}");
    }
}

#[test]
fn a_portal_that_does_not_answer_is_not_waited_for_for_ever() {
    let portal = Portal::start(|_| Reply::Nothing);
    let patience = Patience {
        answering: std::time::Duration::from_millis(20),
        ..super::RHYTHM.patience
    };
    let refused = pair_within(patience, &link(&portal), at()).unwrap_err();
    assert!(matches!(refused, PairError::Unreachable(_)), "{refused}");
}

#[test]
fn a_portal_that_is_away_cannot_be_reached() {
    let away = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = away.local_addr().unwrap();
    drop(away);
    let refused = pair(
        &format!("http://{address}/device#phone.ABCD-EFGH.YWRh"),
        at(),
    )
    .unwrap_err();
    assert_eq!(
        refused.to_string(),
        format!("the portal at `http://{address}/` cannot be reached")
    );
}
