//! App passwords: shown once, for a client that knows a name and a password and nothing else.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::portal::Portal;
use crate::stage::story;

/// What such a client is answered when it asks for the mail.
fn mail(portal: &Portal, name: &str, password: &str) -> String {
    let mut connection = TcpStream::connect(portal.place()).unwrap();
    let credentials = STANDARD.encode(format!("{name}:{password}"));
    let request = format!(
        "GET /legacy/mail HTTP/1.0\r\nhost: portal\r\nauthorization: Basic {credentials}\r\n\r\n"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn is_let_in(portal: &Portal, name: &str, password: &str) -> bool {
    let answer = mail(portal, name, password);
    let status = answer.split(' ').nth(1);
    assert!(matches!(status, Some("200" | "401")), "{answer}");
    status == Some("200")
}

#[test]
fn an_app_password_is_shown_once_lets_an_old_client_in_and_is_over_when_it_is_removed() {
    story(&[], async |stage| {
        let browser = stage.visitor().await;
        browser.registers(&stage.portal, "ada").await;
        browser.press("Create app password").await;
        browser.arrives_at("Create an app password").await;
        browser
            .fill("Name of the client", "Mail on the old tablet")
            .await;
        browser.press("Create an app password").await;
        browser.arrives_at("Your app password").await;
        let password = browser.secret().await;
        browser.press("Done").await;
        browser.arrives_at("Security info").await;
        browser.sees("Mail on the old tablet").await;
        browser.sees_no(&password).await;

        let portal = &stage.portal;
        assert!(is_let_in(portal, "ada", &password));
        // It is nobody else's, and the password of the person is none.
        assert!(!is_let_in(portal, "grace", &password));
        assert!(!is_let_in(portal, "ada", portal.password("ada")));
        let elsewhere = stage.visitor().await;
        elsewhere.goto("/sign-in").await;
        elsewhere.sign_in("ada", &password).await;
        elsewhere
            .is_told("The name or the password is not right.")
            .await;

        browser
            .press("Remove App password, Mail on the old tablet")
            .await;
        browser.press("Yes, remove it").await;
        browser.is_notified("It was removed.").await;
        assert!(!is_let_in(portal, "ada", &password));
    });
}
