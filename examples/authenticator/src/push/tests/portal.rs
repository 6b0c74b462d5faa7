//! A portal that says what a test has it say, byte for byte, on a socket of this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Nothing takes so long; a test that waits longer has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Listens until its process ends.
pub(super) struct Portal {
    pub(super) address: String,
    received: Receiver<Received>,
}

/// What came.
#[derive(Debug)]
pub(super) struct Received {
    /// `POST /device/pair`.
    pub(super) line: String,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// What is said to it.
pub(super) enum Reply {
    /// That, and no more.
    Bytes(Vec<u8>),
    /// That as it comes, until nobody sends more.
    Stream(Receiver<Vec<u8>>),
    /// Nothing, and the connection stays.
    Nothing,
}

impl Portal {
    /// Answers each request by that script.
    pub(super) fn start(script: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, received) = channel();
        let script = Arc::new(Mutex::new(script));
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (script, sender) = (Arc::clone(&script), sender.clone());
                thread::spawn(move || serve(&connection.unwrap(), &script, &sender));
            }
        });
        Self { address, received }
    }

    /// The next request that came.
    pub(super) fn received(&self) -> Received {
        self.received.recv_timeout(PATIENCE).unwrap()
    }

    /// Whether none came that was not looked at.
    pub(super) fn was_left_alone(&self) -> bool {
        self.received.try_recv().is_err()
    }
}

impl Received {
    pub(super) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(there, _)| there == name);
        found.map_or("", |(_, value)| value)
    }
}

impl Reply {
    /// A status with headers (each with its line end) and a body.
    pub(super) fn of(status: &str, headers: &str, body: &str) -> Self {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n"
        );
        Self::Bytes([head.as_bytes(), body.as_bytes()].concat())
    }

    /// Events that come as the other end has them come.
    pub(super) fn events() -> (Sender<Vec<u8>>, Self) {
        let (sender, receiver) = channel();
        let head =
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        sender.send(head.as_bytes().to_vec()).unwrap();
        (sender, Self::Stream(receiver))
    }
}

fn serve(
    mut connection: &TcpStream,
    script: &Mutex<impl FnMut(&Received) -> Reply>,
    sender: &Sender<Received>,
) {
    let mut reader = BufReader::new(connection);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if line.trim().is_empty() {
            break;
        }
        lines.push(line.trim().to_owned());
    }
    let headers: Vec<(String, String)> = lines[1..]
        .iter()
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, length)| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let received = Received {
        line: lines[0].trim_end_matches(" HTTP/1.1").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    let reply = script.lock().unwrap()(&received);
    // The test may be over, and so may the other end.
    let _ = sender.send(received);
    match reply {
        Reply::Bytes(bytes) => {
            let _ = connection.write_all(&bytes);
        }
        Reply::Stream(pieces) => {
            for piece in pieces {
                if connection.write_all(&piece).is_err() {
                    return;
                }
            }
        }
        Reply::Nothing => {
            let _ = reader.read_to_end(&mut Vec::new());
        }
    }
}
