//! A portal that pairs one device, asks it, and takes its answers: the least that the protocol needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_flow::{DeviceKey, PushRequest, SignedAnswer};
use serde::Deserialize;

/// A portal on this machine.
pub(crate) struct Portal {
    address: String,
    shared: Arc<Shared>,
    answers: Receiver<SignedAnswer>,
}

struct Shared {
    key: Mutex<Option<DeviceKey>>,
    /// What is open, as events.
    open: Mutex<Vec<String>>,
    /// Whoever listens.
    listening: Mutex<Vec<Sender<String>>>,
    answers: Sender<SignedAnswer>,
}

#[derive(Deserialize)]
struct Pairing {
    key: DeviceKey,
}

#[derive(Deserialize)]
struct Answer {
    answer: SignedAnswer,
}

impl Portal {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, answers) = channel();
        let shared = Arc::new(Shared {
            key: Mutex::default(),
            open: Mutex::default(),
            listening: Mutex::default(),
            answers: sender,
        });
        let portal = Arc::clone(&shared);
        thread::spawn(move || {
            for visitor in listener.incoming() {
                let portal = Arc::clone(&portal);
                thread::spawn(move || portal.serve(visitor.unwrap()));
            }
        });
        Self {
            address,
            shared,
            answers,
        }
    }

    /// What its page shows as a QR code.
    pub(crate) fn link(&self) -> String {
        let person = URL_SAFE_NO_PAD.encode("p-1");
        format!("{}/device#app.{TOKEN}.{person}", self.address)
    }

    /// Asks the device, now and whenever it connects.
    pub(crate) fn ask(&self, request: &str) {
        let data = serde_json::json!({ "request": request });
        let id = *request.parse::<PushRequest>().unwrap().id();
        let event = format!("event: request\nid: {id}\ndata: {data}\n\n");
        self.shared.open.lock().unwrap().push(event.clone());
        self.shared.tell(&event);
    }

    /// The next answer, which is signed by the device that was paired.
    pub(crate) fn answer(&self) -> SignedAnswer {
        let answer = self.answers.recv_timeout(Duration::from_secs(60)).unwrap();
        let key = self.shared.key.lock().unwrap();
        assert!(answer.is_signed_by(key.as_ref().unwrap()));
        answer
    }
}

impl Shared {
    fn tell(&self, event: &str) {
        let mut listening = self.listening.lock().unwrap();
        listening.retain(|to| to.send(event.to_owned()).is_ok());
    }

    fn serve(&self, mut to: TcpStream) {
        let mut from = BufReader::new(to.try_clone().unwrap());
        let (mut wanted, mut length) = (String::new(), 0);
        from.read_line(&mut wanted).unwrap();
        loop {
            let mut header = String::new();
            from.read_line(&mut header).unwrap();
            let header = header.trim().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).unwrap();
        match wanted
            .split(' ')
            .nth(1)
            .map(|path| path.split('?').next().unwrap())
        {
            Some("/device/pair") => {
                let pairing: Pairing = serde_json::from_slice(&body).unwrap();
                *self.key.lock().unwrap() = Some(pairing.key);
                let names = r#"{"product":"Acme portal","account":"ada@example.com"}"#;
                let length = names.len();
                write!(to, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{names}").unwrap();
            }
            Some("/device/requests") => {
                to.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n").unwrap();
                let (sender, events) = channel();
                for event in self.open.lock().unwrap().iter() {
                    sender.send(event.clone()).unwrap();
                }
                self.listening.lock().unwrap().push(sender);
                // Until the device goes.
                for event in events {
                    if to.write_all(event.as_bytes()).is_err() {
                        break;
                    }
                }
            }
            Some("/device/answers") => {
                let answer: Answer = serde_json::from_slice(&body).unwrap();
                let id = *answer.answer.request().id();
                self.open
                    .lock()
                    .unwrap()
                    .retain(|event| !event.contains(&id.to_string()));
                self.answers.send(answer.answer).unwrap();
                to.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                    .unwrap();
                self.tell(&format!("event: over\ndata: {id}\n\n"));
            }
            _ => to
                .write_all(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
                .unwrap(),
        }
    }
}

/// What it asks, with two letters that tell one request from another.
pub(crate) fn request(id: &str, purpose: &str, gesture: bool) -> String {
    let gesture = if gesture { r#""gesture":true,"# } else { "" };
    format!(
        r#"{{"id":"{id}ECAwQFBgcICQoLDA0ODw","reason":{{"challenge":{{"challenge":"{id}ECAwQFBgcICQoLDA0ODw","registration":"app","purpose":"{purpose}"}}}},"person":"p-1",{gesture}"application":"Mail","origin":"192.0.2.7","until":"2100-01-01T00:00:00Z"}}"#
    )
}

pub(crate) const TOKEN: &str = "c2VjcmV0LXRva2Vu";
