//! Texts and calls, to a gateway that the test plays, and back.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use mfa_flow::{EmailAddress, Enrol, PhoneNumber, Test};
use tokio::net::TcpListener;

use super::{Stage, code, eventually};

const TOKEN: &str = "the-portals-token";
const NUMBER: &str = "+31612345678";

type Fields = HashMap<String, String>;

/// What has come to the gateway, and what it answers next; then it takes everything.
#[derive(Clone, Default)]
struct Gateway {
    asked: Arc<Mutex<Vec<Fields>>>,
    elsewhere: Arc<Mutex<Vec<Fields>>>,
    answers: Arc<Mutex<VecDeque<StatusCode>>>,
    /// Who holds it holds up the answers.
    pace: Arc<tokio::sync::Mutex<()>>,
}

impl Gateway {
    /// A portal with this gateway.
    async fn stage(answers: &[StatusCode]) -> (Self, Stage) {
        Self::stage_with(answers, &[]).await
    }

    /// The same with more settings.
    async fn stage_with(answers: &[StatusCode], more: &[(&str, &str)]) -> (Self, Stage) {
        let gateway = Self::default();
        gateway.answers.lock().unwrap().extend(answers);
        let routes = Router::new()
            .route("/send", post(Self::send))
            .route("/elsewhere", post(Self::elsewhere))
            .with_state(gateway.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/send", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, routes).await });
        let settings = [
            ("PORTAL_GATEWAY_URL", url.as_str()),
            ("PORTAL_GATEWAY_TOKEN", TOKEN),
        ];
        let stage = Stage::new(&[&settings, more].concat()).await;
        (gateway, stage)
    }

    async fn send(
        State(gateway): State<Self>,
        headers: HeaderMap,
        Form(fields): Form<Fields>,
    ) -> Response {
        if headers["authorization"] != format!("Bearer {TOKEN}").as_str() {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        gateway.asked.lock().unwrap().push(fields);
        let _pace = gateway.pace.lock().await;
        match gateway.answers.lock().unwrap().pop_front() {
            Some(StatusCode::TEMPORARY_REDIRECT) => {
                Redirect::temporary("/elsewhere").into_response()
            }
            Some(status) => status.into_response(),
            None => StatusCode::ACCEPTED.into_response(),
        }
    }

    async fn elsewhere(State(gateway): State<Self>, Form(fields): Form<Fields>) {
        gateway.elsewhere.lock().unwrap().push(fields);
    }

    /// Everything of that kind that it was asked for, once there is so much.
    async fn asked(&self, kind: &str, count: usize) -> Vec<Fields> {
        eventually(kind, async || {
            let mut asked = self.asked.lock().unwrap().clone();
            asked.retain(|fields| fields["kind"] == kind);
            (asked.len() >= count).then_some(asked)
        })
        .await
    }
}

/// Says to the portal what was done in a call.
async fn says(call: &Fields, token: &str, answer: &str) -> StatusCode {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let form = [("token", token), ("answer", answer)];
    let request = client.post(&call["answer_url"]).form(&form);
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn a_text_reaches_the_gateway_with_the_right_code() {
    let (gateway, stage) = Gateway::stage(&[]).await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::Text(&number), "My phone").await;
    let text = gateway.asked("text", 1).await.remove(0);
    let (to, language) = (text["to"].as_str(), text["language"].as_str());
    assert_eq!((to, language), (NUMBER, "en"));
    assert!(text["text"].starts_with("Acme: "), "{text:?}");
    assert!(!text.contains_key("answer_token"), "{text:?}");
    let code = code(&text["text"]);
    let enrolled = ada.tests(&begun, Test::Code(&code)).await;
    let _ = enrolled.expect("the code of the text passes the test");
    let log = stage.portal.log();
    let secrets = [NUMBER, TOKEN, &code];
    assert!(!secrets.iter().any(|secret| log.contains(secret)), "{log}");
}

#[tokio::test]
async fn a_call_that_is_answered_by_the_hash_key_passes_the_test() {
    let (gateway, stage) = Gateway::stage(&[]).await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::CallMobile(&number), "My phone").await;
    let call = gateway.asked("call", 1).await.remove(0);
    assert!(call["text"].contains("Press the hash key"), "{call:?}");
    assert!(call["answer_url"].ends_with("/gateway/answer"), "{call:?}");
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("nobody has answered");

    let token = call["answer_token"].as_str();
    let (body, mac) = token.split_once('.').unwrap();
    let altered = format!("{body}.{}", mac.chars().rev().collect::<String>());
    for wrong in ["", "x", body, altered.as_str()] {
        let said = says(&call, wrong, "#").await;
        assert_eq!(said, StatusCode::FORBIDDEN, "{wrong}");
    }
    let said = says(&call, token, "1").await;
    assert_eq!(said, StatusCode::BAD_REQUEST);
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("none of it was an answer");

    let said = says(&call, token, "#").await;
    assert_eq!(said, StatusCode::NO_CONTENT);
    let enrolled = ada.tests(&begun, Test::Approved).await;
    let _ = enrolled.expect("the call was answered");
}

#[tokio::test]
async fn a_call_that_was_denied_is_not_approved_afterwards() {
    let (gateway, stage) = Gateway::stage(&[]).await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::CallMobile(&number), "My phone").await;
    let call = gateway.asked("call", 1).await.remove(0);
    for answer in ["denied", "#"] {
        let said = says(&call, &call["answer_token"], answer).await;
        assert_eq!(said, StatusCode::NO_CONTENT);
    }
    let refused = ada.tests(&begun, Test::Approved).await;
    let _ = refused.expect_err("it was denied");
    eventually("an event", async || {
        stage.accounts.audit("denied_by_person").await.pop()
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_fails_is_asked_again_for_the_same_and_nobody_else_is() {
    let failures = [
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::TEMPORARY_REDIRECT,
    ];
    let (gateway, stage) = Gateway::stage(&failures).await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    ada.adds(Enrol::Text(&number), "My phone").await;
    let texts = gateway.asked("text", 3).await;
    let first = &texts[0];
    for text in &texts {
        assert_eq!(text["id"], first["id"]);
        assert_eq!(code(&text["text"]), code(&first["text"]));
    }
    assert!(gateway.elsewhere.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_the_gateway_refuses_for_good_is_given_up_and_stands_in_the_audit_log() {
    let (gateway, stage) = Gateway::stage(&[StatusCode::UNPROCESSABLE_ENTITY]).await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    let begun = ada.adds(Enrol::Text(&number), "My phone").await;
    let given_up = eventually("an event", async || {
        stage.accounts.audit("not_sent").await.pop()
    })
    .await;
    assert!(given_up.contains(begun.as_str()), "{given_up}");
    assert_eq!(gateway.asked("text", 1).await.len(), 1);
}

#[tokio::test]
async fn a_mail_server_that_says_nothing_holds_up_no_text() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", silent.local_addr().unwrap());
    let from = ("PORTAL_MAIL_FROM", "security@acme.example");
    let more = [("PORTAL_SMTP_URL", url.as_str()), from];
    let (gateway, stage) = Gateway::stage_with(&[], &more).await;
    let ada = stage.accounts.ada().await;
    let address = EmailAddress::new("ada@home.example").unwrap();
    ada.adds(Enrol::Email(&address), "Home").await;
    // The worker is at it, and hears nothing.
    let waits_for_a_greeting = silent.accept().await.unwrap();
    let number = PhoneNumber::new(NUMBER).unwrap();
    ada.adds(Enrol::Text(&number), "My phone").await;
    gateway.asked("text", 1).await;
    let log = stage.portal.log();
    assert!(
        !log.contains("not sent"),
        "the mail is still under way: {log}"
    );
    drop(waits_for_a_greeting);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_when_the_portal_is_ended_is_waited_for_and_settled() {
    let (gateway, stage) = Gateway::stage(&[]).await;
    let held_up = gateway.pace.lock().await;
    let ada = stage.accounts.ada().await;
    let number = PhoneNumber::new(NUMBER).unwrap();
    ada.adds(Enrol::Text(&number), "My phone").await;
    gateway.asked("text", 1).await;
    eventually("nothing but the text", async || {
        (stage.accounts.outgoing().await == 1).then_some(())
    })
    .await;
    stage.portal.terminate();
    eventually("the end", async || {
        stage.portal.log().contains("stopping").then_some(())
    })
    .await;
    drop(held_up);
    let (status, _folder) = stage.portal.ended();
    assert!(status.success());
    assert_eq!(stage.accounts.outgoing().await, 0);
}
