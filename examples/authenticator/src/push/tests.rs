//! The client against a portal that says what it should not.

mod listening;
mod pairing;
mod portal;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use mfa_flow::{DeviceKeyPair, PushRequest};
use mfa_policy::Timestamp;

use super::Link;
use super::listener::{Clock, Heard, Rhythm};
use super::portal::Patience;
use crate::Pairing;
use portal::{PATIENCE, Portal};

/// 14 November 2023, and every request is made then.
const NOW: i64 = 1_700_000_000;

/// A network without delays.
const RHYTHM: Rhythm = Rhythm {
    patience: Patience {
        connecting: PATIENCE,
        answering: PATIENCE,
        silence: PATIENCE,
    },
    first_delay: Duration::from_millis(1),
    longest_delay: Duration::from_millis(4),
    steady: PATIENCE,
    look: Duration::from_millis(5),
};

/// A clock that is moved by hand.
#[derive(Clone)]
struct Hand(Arc<AtomicI64>);

impl Hand {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(NOW)))
    }

    fn clock(&self) -> Clock {
        let hand = self.clone();
        Arc::new(move || Timestamp::from_unix_seconds(hand.0.load(Ordering::SeqCst)))
    }

    fn moves(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

fn link(portal: &Portal) -> String {
    format!("{}/device#phone.ABCD-EFGH.YWRh", portal.address)
}

/// Ada's device, paired with it.
fn paired(portal: &Portal) -> Pairing {
    let link: Link = link(portal).parse().unwrap();
    let names = ("Acme".to_owned(), "ada@example.com".to_owned());
    Pairing::new(
        &link,
        names,
        DeviceKeyPair::from_bytes(&[7; 32]),
        Timestamp::from_unix_seconds(NOW),
    )
}

/// A request for somebody that lives for so many seconds; its identifier is made of that byte.
fn request(byte: u8, person: &str, seconds: i64) -> PushRequest {
    use base64::Engine as _;
    let id = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([byte; 16]);
    let until = Timestamp::from_unix_seconds(NOW.saturating_add(seconds));
    let text = format!(
        r#"{{"id":"{id}","reason":{{"enrolment":{{"registration":"phone"}}}},"person":"{person}","until":"{until}"}}"#
    );
    text.parse().unwrap()
}

/// The event that brings a request.
fn brings(request: &PushRequest) -> Vec<u8> {
    let data = serde_json::json!({ "request": request.as_str() });
    format!("event: request\nid: {}\ndata: {data}\n\n", request.id()).into_bytes()
}

/// The event that ends it.
fn ends(request: &PushRequest) -> Vec<u8> {
    format!("event: over\ndata: {}\n\n", request.id()).into_bytes()
}

/// What is heard, without whose it is: there is one pairing.
fn next(heard: &Receiver<Heard>) -> String {
    match heard.recv_timeout(PATIENCE).unwrap() {
        Heard::Connected { .. } => "connected".to_owned(),
        Heard::Lost { why, .. } => format!("lost: {why}"),
        Heard::Asked { request, .. } => format!("asked: {}", request.id()),
        Heard::Over { request, .. } => format!("over: {request}"),
        Heard::Removed { .. } => "removed".to_owned(),
        Heard::Answered {
            request, outcome, ..
        } => format!("answered: {request}: {outcome:?}"),
        Heard::Problem { why, .. } => format!("problem: {why}"),
    }
}
