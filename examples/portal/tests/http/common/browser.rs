//! A browser without a screen: it keeps cookies, and sends forms as a browser sends them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};

use super::{PATIENCE, Portal};

/// Somebody's browser.
#[derive(Clone)]
pub(crate) struct Browser {
    at: SocketAddr,
    origin: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn of(portal: &Portal) -> Self {
        Self {
            at: portal.at,
            origin: portal.origin.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// Asks for a page.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let cookies = self.cookie_header();
        self.keep(format!("GET {path} HTTP/1.1\r\nhost: portal\r\n{cookies}\r\n").as_bytes())
    }

    /// Sends the form of a page.
    pub(crate) fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = form
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        self.post_body(path, body.join("&").as_bytes())
    }

    /// Sends that as a form of one of our pages.
    pub(crate) fn post_body(&mut self, path: &str, body: &[u8]) -> Answer {
        self.post_as(path, "application/x-www-form-urlencoded", body)
    }

    /// Sends a form with one file.
    pub(crate) fn upload(&mut self, path: &str, field: &str, file: &[u8]) -> Answer {
        let head = format!(
            "--edge\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"list.csv\"\r\n\r\n"
        );
        let body = [head.as_bytes(), file, b"\r\n--edge--\r\n"].concat();
        self.post_as(path, "multipart/form-data; boundary=edge", &body)
    }

    fn post_as(&mut self, path: &str, kind: &str, body: &[u8]) -> Answer {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: portal\r\norigin: {}\r\nsec-fetch-site: same-origin\r\n\
             content-type: {kind}\r\ncontent-length: {}\r\n{}\r\n",
            self.origin,
            body.len(),
            self.cookie_header(),
        );
        self.keep(&[head.as_bytes(), body].concat())
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.iter();
        let cookies: Vec<String> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        match cookies.is_empty() {
            true => String::new(),
            false => format!("cookie: {}\r\n", cookies.join("; ")),
        }
    }

    fn keep(&mut self, request: &[u8]) -> Answer {
        let answer = send(self.at, request);
        for (_, cookie) in answer
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            let (name, value) = cookie.split_once('=').unwrap();
            let value = value.split(';').next().unwrap();
            match cookie.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(there, _)| there == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Where the browser is sent to.
    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The heading of the page.
    pub(crate) fn heading(&self) -> &str {
        let after = self
            .body
            .split_once("<h1")
            .and_then(|(_, rest)| rest.split_once('>'));
        after
            .and_then(|(_, rest)| rest.split_once("</h1>"))
            .map_or("", |(heading, _)| heading.trim())
    }
}

/// Sends those bytes on a connection of their own, and reads the one answer to them.
pub(crate) fn send(at: SocketAddr, request: &[u8]) -> Answer {
    let mut connection = connect(at);
    // Who refuses what is sent may stop to read it.
    let _ = connection.write_all(request);
    read_answer(&mut connection).unwrap()
}

pub(crate) fn connect(at: SocketAddr) -> TcpStream {
    let connection = TcpStream::connect(at).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    connection
}

/// Reads one answer. `None` if the connection is closed before there is one.
pub(crate) fn read_answer(connection: &mut TcpStream) -> Option<Answer> {
    let mut read = Vec::new();
    let head = loop {
        let mut some = [0; 4096];
        match connection.read(&mut some) {
            Ok(0) => return None,
            Ok(length) => read.extend_from_slice(&some[..length]),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return None,
            Err(error) => panic!("{error} after {} bytes", read.len()),
        }
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let mut body = read.split_off(head + 4);
    let text = String::from_utf8(read).unwrap();
    let mut lines = text.trim_end().split("\r\n");
    let status = lines
        .next()
        .unwrap()
        .split(' ')
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(':').unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length.map_or(0, |(_, length)| length.parse().unwrap());
    let rest = u64::try_from(length.saturating_sub(body.len())).unwrap();
    connection.take(rest).read_to_end(&mut body).unwrap();
    // The answer to HEAD has the length of a body that does not come.
    assert!([0, length].contains(&body.len()), "the answer is cut off");
    let body = String::from_utf8(body).unwrap();
    Some(Answer {
        status,
        headers,
        body,
    })
}

/// Says that nothing more will be sent.
pub(crate) fn half_close(connection: &TcpStream) {
    connection.shutdown(Shutdown::Write).unwrap();
}

/// As forms are encoded (WHATWG URL §5.2).
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                encoded.push(char::from(byte));
            }
            b' ' => encoded.push('+'),
            _ => write!(encoded, "%{byte:02X}").unwrap(),
        }
    }
    encoded
}
