//! A QR code in a web page: `cargo run --example qr_in_web_page`, and open the address that it prints.
//!
//! A server of a hundred lines without any framework, so that nothing but the headers and the page is to be seen. A real
//! one has signed the user in before, keeps the secret as pending for this session, and asks for a first code next.

use std::{
    error::Error,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
};

use otp_qr::{EncodeError, Qr, SvgOptions};

/// Made anew for each enrolment in real life, and written by `otp-uri`. This one is of documentation, and opens nothing.
const URI: &str =
    "otpauth://totp/Example:alice%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example";

fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}/", listener.local_addr()?);
    for stream in listener.incoming() {
        if let Err(error) = stream.map_err(Into::into).and_then(answer) {
            eprintln!("{error}");
        }
    }
    Ok(())
}

/// Answers one request.
fn answer(stream: TcpStream) -> Result<(), Box<dyn Error>> {
    let mut request = String::new();
    // More than enough for the first line, which is all that is looked at.
    BufReader::new((&stream).take(8192)).read_line(&mut request)?;
    let (status, page) = match request.split(' ').collect::<Vec<_>>().as_slice() {
        ["GET", "/", ..] => ("200 OK", start_page()),
        ["POST", "/enrol", ..] => ("200 OK", enrolment_page(URI)?),
        // Above all not a GET of the code: an address is logged, kept in the history, and fetched ahead.
        ["GET", "/enrol", ..] => ("405 Method Not Allowed", "Use the button.".to_owned()),
        _ => ("404 Not Found", "Nothing here.".to_owned()),
    };
    let head = [
        &format!("HTTP/1.1 {status}"),
        "Content-Type: text/html; charset=utf-8",
        &format!("Content-Length: {}", page.len()),
        // Neither the browser nor anything between keeps the secret.
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        // The SVG is part of the page, so nothing has to be allowed for it. No other page may frame this one.
        "Content-Security-Policy: default-src 'none'; form-action 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        "\r\n",
    ]
    .join("\r\n");
    (&stream).write_all(head.as_bytes())?;
    (&stream).write_all(page.as_bytes())?;
    Ok(())
}

fn start_page() -> String {
    // A real form carries a token against cross-site requests, too.
    page(
        r#"<form method="post" action="/enrol"><button>Set up an authenticator app</button></form>"#,
    )
}

fn enrolment_page(uri: &str) -> Result<String, EncodeError> {
    let qr = Qr::encode(uri)?;
    let svg = qr.svg(&SvgOptions::new());
    Ok(page(&format!(
        "<p>Scan this with your authenticator app:</p>{}\
         <details><summary>Can't scan?</summary>\
         <p>Account: Example (alice@example.com)<br>Key: <code>JBSW Y3DP EHPK 3PXP</code></p></details>",
        svg.as_str()
    )))
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>Security info</title>\
         <meta name=\"viewport\" content=\"width=device-width\">{body}</html>"
    )
}
