//! Portals that are not there, do not answer as portals do, or ask nothing; and answers that are none.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::thread::{self, JoinHandle};

use mfa_flow::Decision;
use otp_qr::{PngOptions, Qr};

use crate::common::{Phone, Seen, run_with, totp};
use crate::portal::{Portal, TOKEN, request};

/// Pairs by that link.
fn pair(phone: &Phone, link: &str) -> Seen {
    phone.run_with(&["pair", "--link-from", "-"], &format!("{link}\n"))
}

/// Nothing was done, for that reason, and nothing secret is said.
#[track_caller]
fn refused(phone: &Phone, seen: &Seen, why: &str, before: &[u8]) {
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
    assert_eq!(seen.error.trim_end(), format!("error: {why}"));
    assert!(!seen.error.contains(TOKEN), "{seen:?}");
    assert_eq!(phone.read("vault.age"), before);
}

/// A place on this machine where nobody listens.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn link_to(address: &str) -> String {
    format!("{address}/device#app.{TOKEN}.cC0x")
}

/// Somebody who says that to the first who comes, and goes. What came is the outcome.
fn says_once(answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let came = thread::spawn(move || {
        let (mut to, _) = listener.accept().unwrap();
        let mut from = BufReader::new(to.try_clone().unwrap());
        let (mut head, mut length) = (String::new(), 0);
        while !head.ends_with("\r\n\r\n") {
            let start = head.len();
            from.read_line(&mut head).unwrap();
            let line = head[start..].to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).unwrap();
        to.write_all(answer.as_bytes()).unwrap();
        head + &String::from_utf8(body).unwrap()
    });
    (address, came)
}

fn http(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// Paired with a portal that has gone away since.
fn paired_with_nobody() -> (Phone, String) {
    let phone = Phone::new();
    let names = r#"{"product":"Acme portal","account":"ada@example.com"}"#;
    let (address, came) = says_once(http("200 OK", "", names));
    let paired = pair(&phone, &link_to(&address));
    assert!(paired.done().starts_with("paired with Acme portal at "));
    assert!(came.join().unwrap().contains(TOKEN));
    (phone, address)
}

#[test]
fn what_is_no_link_to_pair_with_is_refused_and_not_repeated() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let other = "this is no link to pair with: one begins with `https://` and has `/device#` in it";
    let broken = "the link to pair with is not whole: copy all of it";
    for (link, why) in [
        (TOKEN.to_owned(), other),
        (totp("Acme:ada"), other),
        (format!("https://id.example.com/#{TOKEN}"), other),
        (format!("https://id.example.com/device#app.{TOKEN}"), broken),
        (
            format!("http://id.example.com/device#app.{TOKEN}.cC0x"),
            "`id.example.com` is not on this machine, and a link to elsewhere has to begin with `https://`",
        ),
        (String::new(), "the link: the line is empty"),
    ] {
        refused(&phone, &pair(&phone, &link), why, &before);
    }
    // As an argument it would be seen by other programs.
    let seen = phone.run(&["pair", &link_to("https://id.example.com")]);
    assert_eq!((seen.exit, seen.out.as_str()), (2, ""), "{seen:?}");
    assert!(!seen.error.contains(TOKEN), "{seen:?}");
}

#[test]
fn a_picture_without_a_portal_is_refused() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let picture = |text: &str| Qr::encode(text).unwrap().png(&PngOptions::new()).unwrap();
    phone.write("key.png", picture(&totp("Acme:ada")).expose());
    let seen = phone.run(&["pair", "--qr", "key.png"]);
    let why =
        "the picture has the key of an account, and no portal: see `authenticator add --help`";
    refused(&phone, &seen, why, &before);
    phone.write("broken.png", &picture("x").expose()[..40]);
    let seen = phone.run(&["pair", "--qr", "broken.png"]);
    refused(&phone, &seen, "the image file cannot be read", &before);
    let seen = phone.run(&["pair", "--qr", "missing.png"]);
    let why = "the picture missing.png cannot be read: No such file or directory (os error 2)";
    refused(&phone, &seen, why, &before);
}

#[test]
fn where_nobody_listens_nothing_is_paired() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let address = nobody();
    let seen = pair(&phone, &link_to(&address));
    let why = format!("the portal at `{address}/` cannot be reached");
    refused(&phone, &seen, &why, &before);
}

#[test]
fn what_does_not_answer_as_a_portal_is_not_paired_with() {
    let refusal = "the portal does not take this link: it pairs one device, and only for some minutes; let the page show a new one";
    let none = "what answers at `{}` is no portal that this program can be paired with";
    let away = "the portal at `{}` cannot be reached";
    let busy = "the portal has too much to do; try again in a minute";
    let elsewhere = "Location: https://elsewhere.example.com/\r\n";
    for (answer, why) in [
        (http("200 OK", "", "<html>Welcome</html>"), none),
        (http("200 OK", "", r#"{"product":"Acme"}"#), none),
        (http("200 OK", "", &" ".repeat(5000)), none),
        (http("302 Found", elsewhere, ""), none),
        (http("404 Not Found", "", ""), none),
        (http("422 Unprocessable Content", "", ""), refusal),
        (http("503 Service Unavailable", "", ""), busy),
        (http("502 Bad Gateway", "", ""), away),
        ("220 mail.example.com ESMTP\r\n".to_owned(), away),
    ] {
        let phone = Phone::new();
        let before = phone.read("vault.age");
        let (address, came) = says_once(answer);
        let seen = pair(&phone, &link_to(&address));
        let why = why.replace("{}", &format!("{address}/"));
        refused(&phone, &seen, &why, &before);
        assert!(came.join().unwrap().starts_with("POST /device/pair "));
    }
}

#[test]
fn a_wrong_passphrase_uses_no_link_up() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    phone.write("wrong", "wrong horse battery\n");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let arguments = ["pair", "--link-from", "-", "--passphrase-file", "wrong"];
    let seen = run_with(phone.bare_command(&arguments), &link_to(&address));
    assert_eq!((seen.exit, seen.out.as_str()), (3, ""), "{seen:?}");
    assert_eq!(seen.error, "error: the passphrase is wrong\n");
    assert_eq!(phone.read("vault.age"), before);
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err());
}

#[test]
fn without_a_pairing_there_is_nothing_to_answer() {
    let phone = Phone::new();
    let before = phone.read("vault.age");
    let why = "this device is paired with no portal: see `authenticator pair --help`";
    for command in ["listen", "approve", "deny", "report"] {
        refused(&phone, &phone.run_with(&[command], "42\n"), why, &before);
    }
    assert_eq!(phone.says(&["portals"]), "");
    assert_eq!(phone.says(&["portals", "--json"]), "[]");
    let seen = phone.run(&["unpair", "id.example.com", "--yes"]);
    assert_eq!((seen.exit, seen.out.as_str()), (4, ""), "{seen:?}");
    assert_eq!(seen.error, "error: no portal is called that\n");
    let seen = phone.run(&["approve", "--request", "nonsense"]);
    assert_eq!((seen.exit, seen.out.as_str()), (2, ""), "{seen:?}");
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_portal_that_is_away_is_listed_with_why_and_an_answer_waits_for_it() {
    let (phone, address) = paired_with_nobody();
    let before = phone.read("vault.age");
    assert_eq!(
        phone.says(&["portals"]),
        "Acme portal at 127.0.0.1 (ada@example.com): the portal cannot be reached"
    );
    let listed = phone.says(&["portals", "--json"]);
    assert!(listed.contains(r#""state": "unreachable""#), "{listed}");
    assert!(listed.contains(&address), "{listed}");
    assert!(
        !listed.contains("key") && !listed.contains(TOKEN),
        "{listed}"
    );

    let mut waiting = phone
        .command(&["approve"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut error = BufReader::new(waiting.stderr.take().unwrap());
    error.read_line(&mut said).unwrap();
    assert_eq!(
        said,
        "Acme portal at 127.0.0.1 (ada@example.com): the portal cannot be reached\n"
    );
    // It asks for no number as long as nothing is asked.
    assert!(waiting.try_wait().unwrap().is_none());
    waiting.kill().unwrap();
    assert!(waiting.wait_with_output().unwrap().stdout.is_empty());
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_portal_stays_until_its_removal_is_confirmed() {
    let (phone, _) = paired_with_nobody();
    let before = phone.read("vault.age");
    let seen = phone.run_with(&["unpair", "acme"], "no\n");
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
    assert!(
        seen.error
            .contains("it was not confirmed, and nothing was done")
    );
    assert_eq!(phone.read("vault.age"), before);
    phone.run_with(&["unpair", "acme"], "yes\n").done();
    assert_eq!(phone.says(&["portals"]), "");
}

#[test]
fn where_this_device_was_removed_nothing_is_waited_for() {
    let phone = Phone::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let names = r#"{"product":"Acme portal","account":"ada"}"#;
    let answers = [http("200 OK", "", names), http("410 Gone", "", "")];
    let portal = thread::spawn(move || {
        for answer in answers {
            let (mut to, _) = listener.accept().unwrap();
            // Enough to have the whole of either: a body that is not read would break the connection off.
            let mut from = BufReader::new(to.try_clone().unwrap());
            let mut line = String::new();
            while line != "\r\n" {
                line.clear();
                from.read_line(&mut line).unwrap();
            }
            if answer.contains("200") {
                let mut byte = [0];
                while byte != *b"}" {
                    from.read_exact(&mut byte).unwrap();
                }
            }
            to.write_all(answer.as_bytes()).unwrap();
        }
    });
    pair(&phone, &link_to(&address)).done();
    let before = phone.read("vault.age");
    let seen = phone.run_with(&["approve"], "42\n");
    portal.join().unwrap();
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
    assert_eq!(
        seen.error,
        "Acme portal at 127.0.0.1 (ada): this device was removed there\nerror: there is nobody who could ask\n"
    );
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_number_that_is_none_answers_nothing() {
    let portal = Portal::start();
    let phone = Phone::new();
    pair(&phone, &portal.link()).done();
    let before = phone.read("vault.age");
    portal.ask(&request("AA", "two_step", false));
    for typed in [
        "",
        "\n",
        "forty-two\n",
        "123\n",
        "-1\n",
        "+1\n",
        "4 2\n",
        "4.\n",
        "４２\n",
    ] {
        let seen = phone.run_with(&["approve"], typed);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
        let asked = "Acme portal at 127.0.0.1 (ada@example.com) asks: Somebody signs in with your password. Is it you? (application Mail, from 192.0.2.7)\n";
        assert_eq!(
            seen.error,
            format!(
                "{asked}Number on the page: error: the number on the page has two digits; nothing was answered\n"
            )
        );
        assert_eq!(phone.read("vault.age"), before);
    }
    // The first that the portal hears is this.
    assert_eq!(phone.run(&["deny"]).done(), "denied\n");
    assert_eq!(portal.answer().decision(), Decision::Denied);
}
