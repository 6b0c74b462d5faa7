//! The page that plays telephones, mailboxes and authenticator apps, and when there is none.

use mfa_flow::{Enrol, PhoneNumber, Test, TestState};
use reqwest::{Client, StatusCode};

use crate::{Stage, code, eventually};

const NUMBER: &str = "+31612345678";

/// The page, and what can be done on it.
struct Outbox<'a> {
    client: Client,
    address: &'a str,
}

impl<'a> Outbox<'a> {
    fn of(stage: &'a Stage) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().build().unwrap();
        let address = stage.portal.address.as_str();
        Self { client, address }
    }

    async fn status(&self) -> StatusCode {
        let page = self.client.get(format!("{}/outbox", self.address));
        page.send().await.unwrap().status()
    }

    /// The newest message that says this, as it stands in the page.
    async fn message(&self, says: &str) -> String {
        eventually(says, async || {
            let page = self.client.get(format!("{}/outbox", self.address));
            let page = page.send().await.unwrap().text().await.unwrap();
            let mut messages = page.split("<article").skip(1);
            let message = messages.find(|message| message.contains(says));
            message.map(|message| message.split("</article").next().unwrap().to_owned())
        })
        .await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> StatusCode {
        let post = self.client.post(format!("{}/outbox{path}", self.address));
        let post = post.header("origin", self.address).form(form);
        post.send().await.unwrap().status()
    }

    async fn answer(&self, message: &str, said: &str, number: &str) -> StatusCode {
        let id = message.split("name=\"id\" value=\"").nth(1).unwrap();
        let id = id.split('"').next().unwrap();
        self.post("/answer", &[("id", id), ("said", said), ("number", number)])
            .await
    }
}

#[tokio::test]
async fn a_text_and_a_call_come_to_the_page_and_the_call_is_answered_there() {
    let stage = Stage::new(&[]).await;
    let (ada, outbox) = (stage.accounts.ada().await, Outbox::of(&stage));
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::Text(&number), "My phone").await;
    let text = outbox.message("is your code").await;
    assert!(text.contains(NUMBER), "{text}");
    let enrolled = ada.tests(&begun, Test::Code(&code(&text))).await;
    let _ = enrolled.expect("the code of the text passes the test");

    let office = PhoneNumber::new("+31201234567").unwrap();
    let begun = ada.adds(Enrol::CallOffice(&office), "At work").await;
    let call = outbox.message("Press the hash key").await;
    let _ = ada
        .tests(&begun, Test::Approved)
        .await
        .expect_err("nobody has answered");
    assert_eq!(outbox.answer(&call, "approved", "").await, StatusCode::OK);
    let enrolled = ada.tests(&begun, Test::Approved).await;
    let _ = enrolled.expect("the call was answered");
    // The notice has come to her mailbox.
    outbox.message("Added to your security info").await;
}

#[tokio::test]
async fn the_page_plays_an_app_that_is_paired_and_approves_with_the_number_of_the_screen() {
    let stage = Stage::new(&[]).await;
    let (ada, outbox) = (stage.accounts.ada().await, Outbox::of(&stage));
    let (begun, pairing) = ada.adds_app("My app").await;
    for wrong in ["", "x", &pairing[1..]] {
        let refused = outbox.post("/pair", &[("pairing", wrong)]).await;
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
    assert_eq!(
        outbox.post("/pair", &[("pairing", &pairing)]).await,
        StatusCode::OK
    );
    let again = outbox.post("/pair", &[("pairing", &pairing)]).await;
    assert_eq!(
        again,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a token pairs one app"
    );

    let push = outbox
        .message("Enter the number that the screen shows")
        .await;
    let Some(TestState::Waiting {
        number: Some(number),
    }) = ada.test_state().await
    else {
        panic!("no number is shown");
    };
    let none = outbox.answer(&push, "approved", "").await;
    assert_eq!(none, StatusCode::UNPROCESSABLE_ENTITY);
    let approved = outbox.answer(&push, "approved", &number.to_string()).await;
    assert_eq!(approved, StatusCode::OK);
    let enrolled = ada.tests(&begun, Test::Approved).await;
    let _ = enrolled.expect("it was approved");
}

#[tokio::test]
async fn there_is_no_such_page_where_others_can_reach_the_portal_unless_it_is_asked_for() {
    let public = ("PORTAL_PUBLIC_URL", "https://id.example.com");
    let mail = ("PORTAL_SMTP_URL", "smtp://127.0.0.1:9");
    let from = ("PORTAL_MAIL_FROM", "security@acme.example");
    let stage = Stage::new(&[public, mail, from]).await;
    assert_eq!(Outbox::of(&stage).status().await, StatusCode::NOT_FOUND);
    let asked_for = ("PORTAL_DEMONSTRATION", "true");
    let stage = Stage::new(&[public, asked_for]).await;
    assert_eq!(Outbox::of(&stage).status().await, StatusCode::OK);
}
