//! A QR code in a web page, without any framework, so that nothing but the headers and the page is to be seen.
//!
//! `cargo run --example qr_in_web_page` prints the answer to the request that shows a code, and
//! `cargo run --example qr_in_web_page -- serve` serves it on an address of this machine, to be opened in a browser.
//!
//! A real server has signed the user in before, keeps the secret as pending for this session, and asks for a first code
//! next.

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
};

use otp_qr::{EncodeError, Qr, SvgOptions};

/// Made anew for each enrolment in real life, and written by `otp-uri`. This one is of documentation, and opens nothing.
const URI: &str =
    "otpauth://totp/Example:alice%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Example";

fn main() -> Result<(), Box<dyn Error>> {
    match env::args().nth(1).as_deref() {
        None => println!("{}", answer("POST /enrol HTTP/1.1")?),
        Some("serve") => serve()?,
        Some(_) => return Err("the only argument is `serve`".into()),
    }
    Ok(())
}

/// Answers one request after the other, until it is stopped.
fn serve() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("http://{}/", listener.local_addr()?);
    for stream in listener.incoming() {
        if let Err(error) = stream.map_err(Into::into).and_then(talk) {
            eprintln!("{error}");
        }
    }
    Ok(())
}

fn talk(mut stream: TcpStream) -> Result<(), Box<dyn Error>> {
    let mut request = String::new();
    // The first line is all that is looked at, and 8 KiB are more than enough for it.
    BufReader::new((&stream).take(8192)).read_line(&mut request)?;
    stream.write_all(answer(&request)?.as_bytes())?;
    Ok(())
}

/// The answer to a request: its head and the page.
fn answer(request: &str) -> Result<String, EncodeError> {
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
    ];
    Ok(format!("{}\r\n\r\n{page}", head.join("\r\n")))
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
        svg.expose()
    )))
}

fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><title>Security info</title>\
         <meta name=\"viewport\" content=\"width=device-width\">{body}</html>"
    )
}
