//! The test of what is being set up: only what passes it is registered.

use askama::Template;
use axum::Json;
use axum::response::Response;
use mfa_flow::{PendingEnrolment, Refused, Test, TestState};
use mfa_policy::{Method, RegistrationId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::pages::enrol::offers::address;
use crate::pages::enrol::{Enrolment, Frame, done, over};
use crate::shell::Shell;
use crate::visitor::Filled;

#[derive(Template)]
#[template(path = "enrol/test.html")]
struct Page {
    shell: Shell,
    frame: Frame,
    kind: &'static str,
    name: String,
    /// The number or the address, most of it hidden.
    hint: String,
    asked: Asked,
    error: String,
    /// Where it can be begun anew.
    anew: String,
}

impl Page {
    /// Whether a QR code came before, which is not shown again.
    const fn shows_qr(&self) -> bool {
        matches!(self.asked, Asked::AppCode | Asked::Scan)
    }
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// The code that the app shows.
    AppCode,
    /// The code that was sent.
    SentCode,
    /// `#` on a call.
    Call,
    /// The notification approved, with this number.
    Approve(Option<u8>),
    /// It is approved: go on.
    Approved,
    /// The app has to scan the code of the page before.
    Scan,
    /// What was sent is over, or a call was denied.
    Again,
    /// The notification was denied, or is over.
    Denied,
}

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    code: String,
}

/// What a page that waits is told.
#[derive(Serialize)]
pub(super) struct Waiting {
    /// Whether there is nothing to wait for any more.
    over: bool,
}

pub(super) async fn show(enrolment: Enrolment) -> Result<Response, Failure> {
    let Some(pending) = pending(&enrolment).await? else {
        return over(enrolment).await;
    };
    let Enrolment { visitor, frame, .. } = enrolment;
    let (asked, title) = asked(&pending);
    visitor
        .show(title, |shell| page(shell, frame, &pending, asked, ""))
        .await
}

/// Takes the code, or collects what the phone said.
pub(super) async fn submit(
    enrolment: Enrolment,
    Filled(form): Filled<Answer>,
) -> Result<Response, Failure> {
    let Some(pending) = pending(&enrolment).await? else {
        return over(enrolment).await;
    };
    let (visitor, path) = (&enrolment.visitor, enrolment.frame.at("test"));
    let test = match (asked(&pending).0, is_typed(pending.method())) {
        (_, true) => Test::Code(&form.code),
        (Asked::Approved, _) => Test::Approved,
        // The page says what has become of it.
        (Asked::Again | Asked::Denied, _) => return enrolment.visitor.go(&path),
        _ => {
            let alert = visitor.say("enrol-not-approved", &[]);
            return enrolment.visitor.back(&path, alert).await;
        }
    };
    let id = pending.registration();
    let confirmed = visitor.run(|on| on.confirm_enrolment(id, test)).await?;
    match confirmed {
        Ok(enrolled) => {
            let Enrolment { visitor, frame, .. } = enrolment;
            done::finished(visitor, frame, &enrolled, pending.name()).await
        }
        Err(Refused::Rejected(_)) => wrong(enrolment, "enrol-wrong-code").await,
        Err(Refused::MisreadKey(_)) => wrong(enrolment, "enrol-misread-key").await,
        Err(Refused::Over) => over(enrolment).await,
        Err(refused) => enrolment.visitor.refused(refused, &path).await,
    }
}

/// What was begun stays: it is asked for once more.
async fn wrong(enrolment: Enrolment, why: &str) -> Result<Response, Failure> {
    let Some(pending) = pending(&enrolment).await? else {
        return over(enrolment).await;
    };
    let Enrolment { visitor, frame, .. } = enrolment;
    let alert = visitor.say(why, &[]);
    let error = alert.clone();
    let (asked, title) = asked(&pending);
    visitor
        .again(alert, title, |shell| {
            page(shell, frame, &pending, asked, &error)
        })
        .await
}

/// Sends the text, the mail, the call or the notification once more.
pub(super) async fn send_again(enrolment: Enrolment) -> Result<Response, Failure> {
    let Some(id) = pending_id(&enrolment).await? else {
        return over(enrolment).await;
    };
    let Enrolment { visitor, frame, .. } = enrolment;
    let path = frame.at("test");
    match visitor.run(|on| on.send_enrolment_again(&id)).await? {
        Ok(_) => {
            let notice = visitor.say("enrol-sent-again", &[]);
            visitor.go_with(&path, notice).await
        }
        Err(refused) => visitor.refused(refused, &path).await,
    }
}

/// Gives up what was begun, and lets another method be chosen.
pub(super) async fn cancel(enrolment: Enrolment) -> Result<Response, Failure> {
    if let Some(id) = pending_id(&enrolment).await? {
        // What is over by now needs no giving up.
        let _ = enrolment.visitor.run(|on| on.cancel_enrolment(&id)).await?;
    }
    enrolment.visitor.go(enrolment.frame.base())
}

/// Whether the app has scanned the code, or it is over, for the script of the page that shows it.
pub(super) async fn is_paired(enrolment: Enrolment) -> Result<Json<Waiting>, Failure> {
    let pending = pending(&enrolment).await?;
    let over = pending.is_none_or(|pending| pending.test() != TestState::Unpaired);
    Ok(Json(Waiting { over }))
}

/// Whether the phone has answered, or nothing can come any more, for the script of a page that waits.
pub(super) async fn is_over(enrolment: Enrolment) -> Result<Json<Waiting>, Failure> {
    let pending = pending(&enrolment).await?;
    let is_waiting =
        |pending: PendingEnrolment| matches!(pending.test(), TestState::Waiting { .. });
    let over = !pending.is_some_and(is_waiting);
    Ok(Json(Waiting { over }))
}

/// What waits for its test, if its test is on this page.
async fn pending(enrolment: &Enrolment) -> Result<Option<PendingEnrolment>, Failure> {
    let pending = enrolment.visitor.look(|on| on.pending()).await?;
    let here = |pending: &PendingEnrolment| {
        let method = pending.method();
        address(enrolment.frame, method) == enrolment.frame.at(method.kind())
            && *method != Method::SecurityKey
    };
    Ok(pending.filter(here))
}

async fn pending_id(enrolment: &Enrolment) -> Result<Option<RegistrationId>, Failure> {
    let pending = enrolment.visitor.look(|on| on.pending()).await?;
    Ok(pending.map(|pending| pending.registration().clone()))
}

/// Whether a code is typed.
const fn is_typed(method: &Method) -> bool {
    matches!(
        method,
        Method::AuthenticatorCode | Method::OtherAuthenticator | Method::Text | Method::Email
    )
}

/// What is asked for, and the title of the page.
fn asked(pending: &PendingEnrolment) -> (Asked, &'static str) {
    let is_sent = matches!(pending.method(), Method::Text | Method::Email);
    let is_notified = matches!(
        pending.method(),
        Method::AuthenticatorPush | Method::PhoneSignIn
    );
    match pending.test() {
        TestState::Unpaired => (Asked::Scan, "enrol-scan-first"),
        TestState::Approved => (Asked::Approved, "enrol-approved"),
        TestState::Waiting { .. } if is_sent => (Asked::SentCode, "enrol-enter-code"),
        TestState::Waiting { .. } if pending.method().is_telephone() => {
            (Asked::Call, "enrol-answer-call")
        }
        TestState::Waiting { number } => (Asked::Approve(number), "enrol-approve"),
        _ if is_typed(pending.method()) && !is_sent => (Asked::AppCode, "enrol-enter-code"),
        _ if is_notified => (Asked::Denied, "enrol-denied"),
        _ => (Asked::Again, "enrol-not-sent"),
    }
}

fn page(shell: Shell, frame: Frame, pending: &PendingEnrolment, asked: Asked, error: &str) -> Page {
    Page {
        shell,
        frame,
        kind: pending.method().kind(),
        name: pending.name().to_owned(),
        hint: pending.hint().unwrap_or_default().to_owned(),
        asked,
        error: error.to_owned(),
        anew: frame.at(pending.method().kind()),
    }
}
