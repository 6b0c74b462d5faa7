//! Waiting for requests, and answering them.

use std::slice;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use mfa_flow::{Decision, SignedAnswer, SignedVisit};
use mfa_policy::Timestamp;
use serde_json::Value;

use super::portal::{PATIENCE, Portal, Received, Reply};
use super::{Hand, NOW, RHYTHM, brings, ends, next, paired, request};
use crate::Pairing;
use crate::push::listener::Rhythm;
use crate::push::portal::Patience;
use crate::push::{Heard, Listener};

const APPROVED: Decision = Decision::Approved {
    number: 42,
    user_verified: false,
};

/// A portal whose connections are handed over as they come, and which says that to answers.
fn portal(to_answers: fn() -> Reply) -> (Portal, Receiver<Sender<Vec<u8>>>) {
    let (sender, connections) = channel();
    let portal = Portal::start(move |received: &Received| {
        if received.line.starts_with("POST") {
            return to_answers();
        }
        let (events, reply) = Reply::events();
        sender.send(events).unwrap();
        reply
    });
    (portal, connections)
}

/// A portal that is silent to who listens, and says to each answer what its number asks for, from 1.
fn portal_by_number(to_answer: fn(u8) -> Reply) -> Portal {
    let mut times = 0_u8;
    Portal::start(move |received| {
        if received.line.starts_with("GET") {
            return Reply::Nothing;
        }
        times = times.saturating_add(1);
        to_answer(times)
    })
}

fn listens(pairing: &Pairing, hand: &Hand) -> (Listener, Receiver<Heard>) {
    Listener::start_with(slice::from_ref(pairing), RHYTHM, hand.clock()).unwrap()
}

fn taken() -> Reply {
    Reply::of("204 No Content", "", "")
}

#[test]
fn a_device_says_who_it_is_and_is_asked() {
    let (portal, connections) = portal(taken);
    let pairing = paired(&portal);
    let (_listener, heard) = listens(&pairing, &Hand::new());
    let events = connections.recv_timeout(PATIENCE).unwrap();
    assert_eq!(next(&heard), "connected");

    let received = portal.received();
    assert_eq!(received.line, "GET /device/requests?open=");
    let visit = received
        .header("authorization")
        .strip_prefix("Device ")
        .unwrap();
    let visit: SignedVisit = visit.parse().unwrap();
    assert!(visit.is_signed_by(&pairing.key().public()));
    assert_eq!(
        (visit.person(), visit.registration()),
        (pairing.person(), pairing.registration())
    );
    assert_eq!(visit.audience(), portal.address);
    assert_eq!(visit.at(), Timestamp::from_unix_seconds(NOW));

    let asked = request(1, "ada", 60);
    events.send(brings(&asked)).unwrap();
    let Heard::Asked {
        registration,
        request,
    } = heard.recv_timeout(PATIENCE).unwrap()
    else {
        panic!("no request");
    };
    assert_eq!(&registration, pairing.registration());
    assert_eq!(request.as_str(), asked.as_str());
    events.send(ends(&asked)).unwrap();
    assert_eq!(next(&heard), format!("over: {}", asked.id()));
}

#[test]
fn a_request_is_told_once_and_so_is_its_end() {
    let (portal, connections) = portal(taken);
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    let events = connections.recv().unwrap();
    let [first, second] = [1, 2].map(|byte| request(byte, "ada", 60));
    for bytes in [
        brings(&first),
        brings(&first),
        ends(&second),
        ends(&first),
        ends(&first),
        brings(&first),
        brings(&second),
    ] {
        events.send(bytes).unwrap();
    }
    assert_eq!(next(&heard), "connected");
    assert_eq!(next(&heard), format!("asked: {}", first.id()));
    assert_eq!(next(&heard), format!("over: {}", first.id()));
    assert_eq!(next(&heard), format!("asked: {}", second.id()));
}

#[test]
fn a_connection_that_comes_back_at_once_is_no_news_and_says_what_is_open() {
    let (portal, connections) = portal(taken);
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    let [first, second] = [1, 2].map(|byte| request(byte, "ada", 60));
    let events = connections.recv().unwrap();
    events.send(brings(&first)).unwrap();
    assert_eq!(next(&heard), "connected");
    assert_eq!(next(&heard), format!("asked: {}", first.id()));
    drop(events);
    let events = connections.recv_timeout(PATIENCE).unwrap();
    portal.received();
    let open = format!("GET /device/requests?open={}", first.id());
    assert_eq!(portal.received().line, open);
    events.send(brings(&first)).unwrap();
    events.send(brings(&second)).unwrap();
    // It was answered meanwhile, by another program with the same vault.
    events.send(ends(&first)).unwrap();
    assert_eq!(next(&heard), format!("asked: {}", second.id()));
    assert_eq!(next(&heard), format!("over: {}", first.id()));
}

#[test]
fn a_portal_that_is_away_is_lost_and_found_again() {
    let mut times = 0_u8;
    let portal = Portal::start(move |_| {
        times += 1;
        match times {
            1 => Reply::of("503 Service Unavailable", "retry-after: 0\r\n", ""),
            2 => Reply::of("502 Bad Gateway", "", ""),
            3 => Reply::of("302 Found", "location: http://127.0.0.1:1/\r\n", ""),
            4 => Reply::of("200 OK", "content-type: text/html\r\n", "<html>"),
            _ => Reply::events().1,
        }
    });
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    for words in [
        "lost: the portal has too much to do",
        "lost: the portal does not answer",
        "lost: what answers there is no portal",
        "lost: what answers there is no portal",
        "connected",
    ] {
        assert_eq!(next(&heard), words);
    }
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let mut times = 0_u8;
    let portal = Portal::start(move |_| {
        times += 1;
        let date = match times {
            // Five minutes later than the device has it, and then as late.
            1 => "date: Tue, 14 Nov 2023 22:18:20 GMT\r\n",
            2 => "date: Tue, 14 Nov 2023 22:13:20 GMT\r\n",
            _ => "date: soon\r\n",
        };
        Reply::of("401 Unauthorized", date, "")
    });
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    for words in [
        "lost: the portal's clock and the clock of this machine are 300 seconds apart",
        "lost: the portal does not know the signature of this device",
        "lost: the portal does not take the signature of this device; is the clock of this machine right?",
    ] {
        assert_eq!(next(&heard), words);
    }
}

#[test]
fn a_device_that_was_removed_hears_so_and_asks_no_more() {
    let gone = Portal::start(|_| Reply::of("410 Gone", "", ""));
    let (_listener, heard) = listens(&paired(&gone), &Hand::new());
    assert_eq!(next(&heard), "removed");

    let (portal, connections) = portal(taken);
    let (listener, heard) = listens(&paired(&portal), &Hand::new());
    let events = connections.recv().unwrap();
    events
        .send(b"event: removed\ndata: removed\n\n".to_vec())
        .unwrap();
    assert_eq!(next(&heard), "connected");
    assert_eq!(next(&heard), "removed");
    drop(listener);
    // Its connection was the only one.
    portal.received();
    assert!(portal.was_left_alone());
}

#[test]
fn a_request_whose_time_has_passed_is_over() {
    let (portal, connections) = portal(taken);
    let hand = Hand::new();
    let (_listener, heard) = listens(&paired(&portal), &hand);
    let events = connections.recv().unwrap();
    let [short, long] = [(1, 60), (2, 90)].map(|(byte, seconds)| request(byte, "ada", seconds));
    events
        .send([brings(&short), brings(&long)].concat())
        .unwrap();
    assert_eq!(next(&heard), "connected");
    assert_eq!(next(&heard), format!("asked: {}", short.id()));
    assert_eq!(next(&heard), format!("asked: {}", long.id()));
    hand.moves(60);
    assert_eq!(next(&heard), format!("over: {}", short.id()));
    // The portal says so, too, and that is no news.
    events.send([ends(&short), ends(&long)].concat()).unwrap();
    assert_eq!(next(&heard), format!("over: {}", long.id()));
}

#[test]
fn what_makes_no_sense_is_left_out_and_named() {
    let (portal, connections) = portal(taken);
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    let events = connections.recv().unwrap();
    let asked = request(1, "ada", 60);
    for bytes in [
        b"event: request\ndata: {}\n\n".to_vec(),
        b"event: other\ndata: \x1b[2J\n\nevent: over\ndata: \x1b[2J\n\ndata: a\n\n".to_vec(),
        b"event: request\ndata: {\"request\":\"{}\"}\n\n".to_vec(),
        brings(&request(2, "bob", 60)),
        brings(&request(3, "ada", 0)),
        brings(&asked),
    ] {
        events.send(bytes).unwrap();
    }
    for words in [
        "connected",
        "problem: the portal sent a request that makes no sense",
        "problem: the portal sent a request that makes no sense",
        "problem: the portal sent a request for somebody else",
        "problem: the portal sent a request whose time has passed; is the clock of this machine right?",
        &format!("asked: {}", asked.id()),
    ] {
        assert_eq!(next(&heard), words);
    }
}

#[test]
fn a_portal_that_sends_nothing_but_garbage_is_left() {
    for garbage in [
        b"event: request\ndata: {}\n\n".repeat(6),
        b"data: \xff\n\n".to_vec(),
        b"data: a\n".repeat(10_000),
        b"a".repeat(100_000),
    ] {
        let (portal, connections) = portal(taken);
        let (_listener, heard) = listens(&paired(&portal), &Hand::new());
        connections.recv().unwrap().send(garbage).unwrap();
        let lost = std::iter::repeat_with(|| next(&heard)).find(|words| words.starts_with("lost"));
        assert_eq!(lost.unwrap(), "lost: what the portal sends makes no sense");
        // It is tried again all the same.
        connections.recv_timeout(PATIENCE).unwrap();
        assert_eq!(next(&heard), "connected");
    }
}

#[test]
fn no_more_requests_wait_than_a_person_could_have_asked_for() {
    let (portal, connections) = portal(taken);
    let (_listener, heard) = listens(&paired(&portal), &Hand::new());
    let events = connections.recv().unwrap();
    for byte in 1..=9 {
        events.send(brings(&request(byte, "ada", 60))).unwrap();
    }
    assert_eq!(next(&heard), "connected");
    for byte in 1..=8 {
        assert_eq!(
            next(&heard),
            format!("asked: {}", request(byte, "ada", 60).id())
        );
    }
    assert_eq!(
        next(&heard),
        "problem: the portal sends too many requests at once"
    );
}

#[test]
fn a_portal_that_is_silent_is_asked_again() {
    let (portal, connections) = portal(taken);
    let patience = Patience {
        silence: Duration::from_millis(100),
        ..RHYTHM.patience
    };
    let rhythm = Rhythm { patience, ..RHYTHM };
    let (_listener, heard) =
        Listener::start_with(&[paired(&portal)], rhythm, Hand::new().clock()).unwrap();
    let silent = connections.recv().unwrap();
    let events = connections.recv_timeout(PATIENCE).unwrap();
    let asked = request(1, "ada", 60);
    events.send(brings(&asked)).unwrap();
    assert_eq!(next(&heard), "connected");
    assert_eq!(next(&heard), format!("asked: {}", asked.id()));
    drop(silent);
}

#[test]
fn an_answer_is_signed_over_what_was_asked() {
    let (portal, connections) = portal(taken);
    let pairing = paired(&portal);
    let (listener, heard) = listens(&pairing, &Hand::new());
    let _events = connections.recv().unwrap();
    portal.received();
    assert_eq!(next(&heard), "connected");
    let asked = request(1, "ada", 60);
    for decision in [APPROVED, Decision::Denied, Decision::Suspicious] {
        listener.answer(pairing.registration(), &asked, decision);
        let received = portal.received();
        assert_eq!(received.line, "POST /device/answers");
        let said: Value = serde_json::from_str(&received.body).unwrap();
        assert_eq!(said["person"], "ada");
        let answer: SignedAnswer = serde_json::from_value(said["answer"].clone()).unwrap();
        assert_eq!(
            (answer.request().as_str(), answer.decision()),
            (asked.as_str(), decision)
        );
        assert!(answer.is_signed_by(&pairing.key().public()));
    }
    for _ in 0..3 {
        assert_eq!(next(&heard), format!("answered: {}: Ok(())", asked.id()));
    }
}

#[test]
fn an_answer_is_brought_again_until_it_is_heard() {
    // What answers there was full twice, and then a portal.
    let portal = portal_by_number(|times| match times {
        1 | 2 => Reply::of("503 Service Unavailable", "", ""),
        3 => taken(),
        _ => Reply::of("422 Unprocessable Content", "", ""),
    });
    let pairing = paired(&portal);
    let (listener, heard) = listens(&pairing, &Hand::new());
    let asked = request(1, "ada", 60);
    listener.answer(pairing.registration(), &asked, APPROVED);
    assert_eq!(next(&heard), format!("answered: {}: Ok(())", asked.id()));
    listener.answer(pairing.registration(), &asked, APPROVED);
    assert_eq!(
        next(&heard),
        format!("answered: {}: Err(Refused)", asked.id())
    );
}

#[test]
fn a_refusal_after_an_answer_that_was_lost_is_not_taken_for_a_no() {
    let portal = portal_by_number(|times| match times {
        // It was heard, and the connection broke.
        1 => Reply::Bytes(Vec::new()),
        _ => Reply::of("422 Unprocessable Content", "", ""),
    });
    let pairing = paired(&portal);
    let (listener, heard) = listens(&pairing, &Hand::new());
    let asked = request(1, "ada", 60);
    listener.answer(pairing.registration(), &asked, APPROVED);
    assert_eq!(
        next(&heard),
        format!("answered: {}: Err(Unsure)", asked.id())
    );
}

#[test]
fn an_answer_is_given_up_when_the_request_is_over() {
    let hand = Hand::new();
    let mover = hand.clone();
    let portal = Portal::start(move |received| {
        if received.line.starts_with("POST") {
            mover.moves(30);
        }
        Reply::of("502 Bad Gateway", "", "")
    });
    let pairing = paired(&portal);
    let (listener, heard) = listens(&pairing, &hand);
    let asked = request(1, "ada", 60);
    listener.answer(pairing.registration(), &asked, APPROVED);
    let answered =
        std::iter::repeat_with(|| next(&heard)).find(|words| words.starts_with("answered"));
    assert_eq!(
        answered.unwrap(),
        format!("answered: {}: Err(Late)", asked.id())
    );
}

#[test]
fn an_answer_for_another_pairing_is_not_sent() {
    let (portal, connections) = portal(taken);
    let (listener, heard) = listens(&paired(&portal), &Hand::new());
    let _events = connections.recv().unwrap();
    assert_eq!(next(&heard), "connected");
    let asked = request(1, "ada", 60);
    let other = mfa_policy::RegistrationId::new("other").unwrap();
    listener.answer(&other, &asked, APPROVED);
    assert_eq!(
        next(&heard),
        format!("answered: {}: Err(NotPaired)", asked.id())
    );
}

#[test]
fn what_nobody_reads_fills_no_memory_and_keeps_nobody_from_ending() {
    let (portal, connections) = portal(taken);
    let (listener, heard) = listens(&paired(&portal), &Hand::new());
    let events = connections.recv().unwrap();
    for byte in 1..=200 {
        let asked = request(byte, "ada", 60);
        events
            .send([brings(&asked), ends(&asked)].concat())
            .unwrap();
    }
    // It has come to a halt with some unread, and ends when it is dropped.
    let first = heard.recv_timeout(PATIENCE).unwrap();
    assert!(matches!(first, Heard::Connected { .. }));
    drop(listener);
    let unread = heard.iter().count();
    assert!(unread <= 65, "{unread}");
}
