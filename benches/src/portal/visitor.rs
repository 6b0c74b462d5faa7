//! Somebody with a browser and an authenticator.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::UNIX_EPOCH;

use otp_core::{Secret, Totp, TotpParameters, UnixTime};

use crate::stores::client::KEY;

pub(super) struct Visitor {
    at: SocketAddr,
    name: String,
    password: String,
    cookie: String,
    connection: Option<BufReader<TcpStream>>,
}

impl Visitor {
    pub(super) fn new(at: SocketAddr, name: &str, password: &str) -> Self {
        Self {
            at,
            name: name.to_owned(),
            password: password.to_owned(),
            cookie: String::new(),
            connection: None,
        }
    }

    /// The first step.
    pub(super) fn password(&mut self) {
        let stream = TcpStream::connect(self.at).expect("a connection");
        stream.set_nodelay(true).unwrap();
        self.connection = Some(BufReader::new(stream));
        let form = format!("name={}&password={}", self.name, self.password);
        assert_eq!(self.post("/sign-in", &form), (303, "/verify".to_owned()));
        // Connections that wait too long are closed, and people wait until it is their turn.
        self.connection = None;
    }

    /// The page that asks for a code, and the code.
    pub(super) fn second_step(&mut self) {
        let stream = TcpStream::connect(self.at).expect("a connection");
        stream.set_nodelay(true).unwrap();
        self.connection = Some(BufReader::new(stream));
        let page = format!(
            "GET /verify HTTP/1.1\r\nhost: portal\r\ncookie: {}\r\n\r\n",
            self.cookie
        );
        assert_eq!(self.send(&page).0, 200);
        let totp = Totp::new(&Secret::import(KEY).unwrap(), TotpParameters::default());
        let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
        let code = totp.generate(UnixTime::from_secs(now)).unwrap();
        let form = format!("code={}", code.as_str());
        let answer = self.post("/verify/answer", &form);
        assert_eq!(answer, (303, "/security-info".to_owned()));
        self.connection = None;
    }

    fn post(&mut self, path: &str, form: &str) -> (u16, String) {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: portal\r\nsec-fetch-site: same-origin\r\ncookie: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            self.cookie,
            form.len()
        ))
    }

    /// The status, and where it leads.
    fn send(&mut self, request: &str) -> (u16, String) {
        let connection = self.connection.as_mut().unwrap();
        connection.get_mut().write_all(request.as_bytes()).unwrap();
        let mut line = String::new();
        connection.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let (mut length, mut location) = (0, String::new());
        loop {
            line.clear();
            connection.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            match name {
                "content-length" => length = value.parse().unwrap(),
                "location" => value.clone_into(&mut location),
                "set-cookie" if value.starts_with("__Host-session=") => {
                    value
                        .split(';')
                        .next()
                        .unwrap()
                        .clone_into(&mut self.cookie);
                }
                _ => {}
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).unwrap();
        (status, location)
    }
}
