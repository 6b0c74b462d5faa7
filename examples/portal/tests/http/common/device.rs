//! A device of an authenticator app: it speaks the protocol of README.md over connections of its own.

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Instant, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_flow::{Decision, DeviceKeyPair, PushRequest, SignedAnswer, SignedVisit};
use mfa_policy::{PersonId, RegistrationId, Timestamp};
use serde_json::{Value, json};

use super::browser::{Answer, connect, send};
use super::{PATIENCE, Portal};

/// A device, and what it was shown.
pub(crate) struct Device {
    pub(crate) registration: RegistrationId,
    pub(crate) token: String,
    pub(crate) person: PersonId,
    /// Who it takes for the portal.
    pub(crate) audience: String,
    pub(crate) key: DeviceKeyPair,
}

/// The events of one connection.
#[derive(Debug)]
pub(crate) struct Hearing(BufReader<TcpStream>);

/// What a device hears.
#[derive(Debug)]
pub(crate) enum Heard {
    Request(PushRequest),
    Over(String),
    Removed,
    /// The connection is over, in order.
    End,
}

impl Device {
    /// One that scans the link of a page.
    pub(crate) fn scans(link: &str) -> Self {
        let (audience, rest) = link.split_once("/device#").unwrap();
        let parts: Vec<&str> = rest.split('.').collect();
        let person = String::from_utf8(URL_SAFE_NO_PAD.decode(parts[2]).unwrap()).unwrap();
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).unwrap();
        Self {
            registration: RegistrationId::new(parts[0]).unwrap(),
            token: parts[1].to_owned(),
            person: PersonId::new(&person).unwrap(),
            audience: audience.to_owned(),
            key: DeviceKeyPair::from_bytes(&secret),
        }
    }

    /// What it sends to be connected.
    pub(crate) fn report(&self) -> Value {
        json!({
            "registration": self.registration, "token": self.token, "person": self.person, "key": self.key.public(),
        })
    }

    pub(crate) fn reports(&self, portal: &Portal) -> Answer {
        post(portal, "/device/pair", &self.report())
    }

    /// What it says of itself now.
    pub(crate) fn visit(&self) -> SignedVisit {
        self.visit_at(now())
    }

    pub(crate) fn visit_at(&self, at: Timestamp) -> SignedVisit {
        let (person, registration) = (&self.person, &self.registration);
        self.key.visit(person, registration, &self.audience, at)
    }

    /// Connects, and hears what waits.
    pub(crate) fn listens(&self, portal: &Portal) -> Hearing {
        self.listens_showing(portal, "")
    }

    /// The same with those requests on its screen, from an earlier connection.
    pub(crate) fn listens_showing(&self, portal: &Portal, open: &str) -> Hearing {
        let heard = hear_of(portal, open, &format!("Device {}", self.visit()));
        heard.unwrap_or_else(|status| panic!("{status}"))
    }

    /// Signs an answer and sends it. The status.
    pub(crate) fn answers(
        &self,
        portal: &Portal,
        request: &PushRequest,
        decision: Decision,
    ) -> u16 {
        self.sends(portal, &self.key.answer(request, decision))
            .status
    }

    pub(crate) fn sends(&self, portal: &Portal, answer: &SignedAnswer) -> Answer {
        let body = json!({ "person": self.person, "answer": answer });
        post(portal, "/device/answers", &body)
    }
}

impl Hearing {
    /// What comes next, waiting for it.
    pub(crate) fn next(&mut self) -> Heard {
        let (mut event, mut id, mut data) = (String::new(), String::new(), String::new());
        let begun = Instant::now();
        loop {
            // Lines to keep the connection come all the time.
            assert!(begun.elapsed() < PATIENCE, "nothing is heard");
            let mut line = String::new();
            match self.0.read_line(&mut line) {
                Ok(0) => return Heard::End,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Heard::End,
                Err(error) => panic!("{error}"),
            }
            match line.trim_end().split_once(": ") {
                Some(("event", value)) => event = value.to_owned(),
                Some(("id", value)) => id = value.to_owned(),
                Some(("data", value)) => data = value.to_owned(),
                Some(other) => panic!("{other:?}"),
                // A line to keep the connection, or the end of nothing.
                None if event.is_empty() => {}
                None => break,
            }
        }
        match event.as_str() {
            "request" => {
                let data: Value = serde_json::from_str(&data).unwrap();
                let request: PushRequest = data["request"].as_str().unwrap().parse().unwrap();
                assert_eq!(request.id().to_string(), id);
                Heard::Request(request)
            }
            "over" => Heard::Over(data),
            "removed" => Heard::Removed,
            other => panic!("{other}"),
        }
    }

    /// The request that comes next.
    pub(crate) fn request(&mut self) -> PushRequest {
        match self.next() {
            Heard::Request(request) => request,
            other => panic!("{other:?}"),
        }
    }

    /// Next it hears that the request is over.
    pub(crate) fn is_over(&mut self, request: &PushRequest) {
        match self.next() {
            Heard::Over(id) => assert_eq!(id, request.id().to_string()),
            other => panic!("{other:?}"),
        }
    }
}

/// Asks for requests with that in the place of the proof. The status where they are not told.
pub(crate) fn hear(portal: &Portal, authorization: &str) -> Result<Hearing, u16> {
    hear_of(portal, "", authorization)
}

fn hear_of(portal: &Portal, open: &str, authorization: &str) -> Result<Hearing, u16> {
    let mut connection = connect(portal.at);
    // An answer of HTTP/1.0 is not in chunks: it ends with the connection.
    let request = format!(
        "GET /device/requests?open={open} HTTP/1.0\r\nhost: portal\r\nauthorization: {authorization}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(connection);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0, "{head}");
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    if status != 200 {
        return Err(status);
    }
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    Ok(Hearing(reader))
}

/// Sends JSON as a program does: without a cookie, and from no page.
pub(crate) fn post(portal: &Portal, path: &str, body: &Value) -> Answer {
    post_to(portal.at, path, body.to_string().as_bytes())
}

pub(crate) fn post_to(at: SocketAddr, path: &str, body: &[u8]) -> Answer {
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: portal\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    send(at, &[head.as_bytes(), body].concat())
}

pub(crate) fn now() -> Timestamp {
    let since = UNIX_EPOCH.elapsed().unwrap().as_secs();
    Timestamp::from_unix_seconds(i64::try_from(since).unwrap())
}
