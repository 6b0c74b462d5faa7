//! The page that plays telephones, mailboxes and authenticator apps, and when there is none.

use mfa_flow::{Enrol, PhoneNumber, Test, TestState};
use reqwest::{Client, StatusCode};

use crate::smtp::free_port;
use crate::{Stage, code, eventually};

const NUMBER: &str = "+31612345678";

/// The page, and what can be done on it.
struct Outbox<'a> {
    client: Client,
    address: &'a str,
}

impl<'a> Outbox<'a> {
    fn of(stage: &'a Stage) -> Self {
        Self::at(&stage.portal.address)
    }

    fn at(address: &'a str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().build().unwrap();
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
    assert_eq!(outbox.answer(&call, "approved", "").await, StatusCode::OK);
    // Before it is collected, somebody says no.
    assert_eq!(outbox.answer(&call, "suspicious", "").await, StatusCode::OK);
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("it was somebody else");
    outbox.message("You have said that it was not you").await;
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
    for (demonstration, status) in [("false", StatusCode::NOT_FOUND), ("true", StatusCode::OK)] {
        let listen = format!("127.0.0.1:{}", free_port());
        let stage = Stage::new(&[
            ("PORTAL_LISTEN", &listen),
            ("PORTAL_PUBLIC_URL", "https://id.example.com"),
            ("PORTAL_BEHIND_PROXY", "true"),
            ("PORTAL_SMTP_URL", "smtp://127.0.0.1:9"),
            ("PORTAL_MAIL_FROM", "security@acme.example"),
            ("PORTAL_DEMONSTRATION", demonstration),
        ])
        .await;
        let address = format!("http://{listen}");
        let outbox = Outbox::at(&address);
        assert_eq!(outbox.status().await, status, "{demonstration}");
        drop(stage);
    }
}
