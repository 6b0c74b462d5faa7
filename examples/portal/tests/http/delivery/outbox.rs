//! The page that plays telephones, mailboxes and authenticator apps, and when there is none.

use std::cell::RefCell;

use mfa_flow::{Enrol, PhoneNumber, Test, TestState};

use super::smtp::free_port;
use super::{Stage, code, eventually};
use crate::common::browser::{self, Browser};

const NUMBER: &str = "+31612345678";

/// What a form is answered with that was accepted, and one that was not.
const ACCEPTED: u16 = 303;
const REFUSED: u16 = 422;

/// The page, and what can be done on it.
struct Outbox(RefCell<Browser>);

impl Outbox {
    fn of(stage: &Stage) -> Self {
        Self(RefCell::new(Browser::of(&stage.portal)))
    }

    /// The newest message that says this, as it stands in the page.
    async fn message(&self, says: &str) -> String {
        eventually(says, async || {
            let page = self.0.borrow_mut().get("/outbox").body;
            let mut messages = page.split("<article").skip(1);
            let message = messages.find(|message| message.contains(says));
            message.map(|message| message.split("</article").next().unwrap().to_owned())
        })
        .await
    }

    fn answer(&self, message: &str, said: &str, number: &str) -> u16 {
        let id = message.split("name=\"id\" value=\"").nth(1).unwrap();
        let id = id.split('"').next().unwrap();
        let form = [("id", id), ("said", said), ("number", number)];
        self.0.borrow_mut().post("/outbox/answer", &form).status
    }

    fn pair(&self, pairing: &str) -> u16 {
        let form = [("pairing", pairing)];
        self.0.borrow_mut().post("/outbox/pair", &form).status
    }
}

#[tokio::test]
async fn a_text_comes_to_the_page_and_so_does_the_notice_of_what_was_added() {
    let stage = Stage::new(&[]).await;
    let (ada, outbox) = (stage.accounts.ada().await, Outbox::of(&stage));
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::Text(&number), "My phone").await;
    let text = outbox.message("is your code").await;
    assert!(text.contains(NUMBER), "{text}");
    let enrolled = ada.tests(&begun, Test::Code(&code(&text))).await;
    let _ = enrolled.expect("the code of the text passes the test");
    let notice = outbox.message("Look at your security info").await;
    assert!(notice.contains("ada@example.com"), "{notice}");
    assert!(notice.contains("My phone"), "{notice}");
}

#[tokio::test]
async fn a_call_is_answered_on_the_page_and_by_somebody_who_says_that_it_was_not_he() {
    let stage = Stage::new(&[]).await;
    let (ada, outbox) = (stage.accounts.ada().await, Outbox::of(&stage));
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::CallMobile(&number), "My phone").await;
    let call = outbox.message("Press the hash key").await;
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("nobody has answered");
    assert_eq!(outbox.answer(&call, "approved", ""), ACCEPTED);
    // Before it is collected, somebody says no.
    assert_eq!(outbox.answer(&call, "suspicious", ""), ACCEPTED);
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("it was somebody else");
    outbox.message("You have said that it was not you").await;
}

#[tokio::test]
async fn the_page_plays_an_app_that_is_paired_and_approves_with_the_number_of_the_screen() {
    let stage = Stage::new(&[]).await;
    let (ada, outbox) = (stage.accounts.ada().await, Outbox::of(&stage));
    let (begun, pairing) = ada.adds_app("My app").await;
    for wrong in ["", "x", &format!("A{pairing}")] {
        assert_eq!(outbox.pair(wrong), REFUSED, "{wrong}");
    }
    assert_eq!(outbox.pair(&pairing), ACCEPTED, "{}", stage.portal.log());
    assert_eq!(outbox.pair(&pairing), REFUSED, "a token pairs one app");

    let push = outbox
        .message("Enter the number that the screen shows")
        .await;
    let Some(TestState::Waiting {
        number: Some(number),
    }) = ada.test_state().await
    else {
        panic!("no number is shown");
    };
    assert_eq!(outbox.answer(&push, "approved", ""), REFUSED);
    let number = number.to_string();
    assert_eq!(outbox.answer(&push, "approved", &number), ACCEPTED);
    let enrolled = ada.tests(&begun, Test::Approved).await;
    let _ = enrolled.expect("it was approved");
}

#[tokio::test]
async fn there_is_no_such_page_where_others_can_reach_the_portal_unless_it_is_asked_for() {
    for (demonstration, status) in [("false", 404), ("true", 200)] {
        let listen = format!("127.0.0.1:{}", free_port());
        let _stage = Stage::new(&[
            ("PORTAL_LISTEN", &listen),
            ("PORTAL_PUBLIC_URL", "https://id.example.com"),
            ("PORTAL_BEHIND_PROXY", "true"),
            ("PORTAL_SMTP_URL", "smtp://127.0.0.1:9"),
            ("PORTAL_MAIL_FROM", "security@acme.example"),
            ("PORTAL_DEMONSTRATION", demonstration),
        ])
        .await;
        let request = b"GET /outbox HTTP/1.1\r\nhost: id.example.com\r\n\r\n";
        let answer = browser::send(listen.parse().unwrap(), request);
        assert_eq!(answer.status, status, "{demonstration}");
    }
}
