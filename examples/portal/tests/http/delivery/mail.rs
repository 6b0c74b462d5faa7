//! Mail, from the outbox to a mailbox.

use mfa_flow::{EmailAddress, Enrol, Test};

use super::smtp::{self, MailServer, free_port};
use super::{Stage, code, eventually};

const LARGEST: u32 = 100_000;
const MAILBOX: &str = "ada@home.example";

/// A portal that sends by the server on that port.
async fn stage(port: u16) -> Stage {
    let url = format!("smtp://127.0.0.1:{port}");
    Stage::new(&[
        ("PORTAL_SMTP_URL", &url),
        ("PORTAL_MAIL_FROM", "Acme <security@acme.example>"),
    ])
    .await
}

fn body(mail: &str) -> &str {
    mail.split_once("\n\n").unwrap().1
}

#[tokio::test]
async fn a_code_arrives_in_the_language_of_the_person_and_is_the_right_one() {
    if !smtp::is_there() {
        return;
    }
    let port = free_port();
    let stage = stage(port).await;
    let server = MailServer::start(&stage.portal.folder.0, port, LARGEST);
    stage.accounts.speak_dutch().await;
    let ada = stage.accounts.ada().await;
    let address = EmailAddress::new(MAILBOX).unwrap();
    let begun = ada.adds(Enrol::Email(&address), "Home").await;

    let mail = eventually("a mail", async || server.mail_to(MAILBOX).pop()).await;
    for line in [
        "Subject: Uw code voor Acme",
        "From: Acme <security@acme.example>",
        "To: ada@home.example",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(mail.lines().any(|found| found == line), "{line}: {mail}");
    }
    let says = "is uw code om dit aan uw beveiligingsgegevens toe te voegen";
    assert!(mail.contains(says), "{mail}");
    assert!(mail.contains("/security-info"), "{mail}");

    let code = code(body(&mail));
    let enrolled = ada.tests(&begun, Test::Code(&code)).await;
    let _ = enrolled.expect("the code of the mail passes the test");
    // What was added is told to the mailbox that was there before, and to the new one.
    for to in ["ada@example.com", MAILBOX] {
        let says = "Toegevoegd aan uw beveiligingsgegevens";
        eventually("a notice", async || {
            let mail = server.mail_to(to);
            mail.into_iter().find(|mail| mail.contains(says))
        })
        .await;
    }
    let log = stage.portal.log();
    assert!(!log.contains(MAILBOX) && !log.contains(&code), "{log}");
}

#[tokio::test]
async fn what_cannot_be_sent_at_first_arrives_once_when_the_server_is_there() {
    if !smtp::is_there() {
        return;
    }
    let port = free_port();
    let stage = stage(port).await;
    let ada = stage.accounts.ada().await;
    let address = EmailAddress::new(MAILBOX).unwrap();
    let begun = ada.adds(Enrol::Email(&address), "Home").await;
    eventually("a failure", async || {
        stage.portal.log().contains("not sent").then_some(())
    })
    .await;

    let server = MailServer::start(&stage.portal.folder.0, port, LARGEST);
    let mail = eventually("a mail", async || server.mail_to(MAILBOX).pop()).await;
    let code = code(body(&mail));
    let enrolled = ada.tests(&begun, Test::Code(&code)).await;
    let _ = enrolled.expect("the code of the mail passes the test");
    // When what came later is there, too, there are two to this mailbox: the code and the notice.
    eventually("a notice", async || server.mail_to("ada@example.com").pop()).await;
    eventually("two mails", async || {
        (server.mail_to(MAILBOX).len() >= 2).then_some(())
    })
    .await;
    assert_eq!(server.mail_to(MAILBOX).len(), 2);
    let log = stage.portal.log();
    assert!(!log.contains(MAILBOX) && !log.contains(&code), "{log}");
}

#[tokio::test]
async fn what_the_server_refuses_for_good_is_given_up_and_stands_in_the_audit_log() {
    if !smtp::is_there() {
        return;
    }
    let port = free_port();
    let stage = stage(port).await;
    // Every mail is too large for it, and it says so by 552.
    let server = MailServer::start(&stage.portal.folder.0, port, 64);
    let ada = stage.accounts.ada().await;
    let address = EmailAddress::new(MAILBOX).unwrap();
    let begun = ada.adds(Enrol::Email(&address), "Home").await;
    let given_up = eventually("an event", async || {
        stage.accounts.audit("not_sent").await.pop()
    })
    .await;
    assert!(given_up.contains(begun.as_str()), "{given_up}");
    assert!(!given_up.contains(MAILBOX), "{given_up}");
    assert_eq!(server.mail(), Vec::<String>::new());
    let log = stage.portal.log();
    assert!(log.contains("552") && !log.contains(MAILBOX), "{log}");
}
