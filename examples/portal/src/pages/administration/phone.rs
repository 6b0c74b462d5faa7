//! Registering a telephone for somebody: what is sent to it proves that it is his.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::{Enrol, PendingEnrolment, PhoneNumber, Refused, Test};
use mfa_policy::{Action, Administration, Method};
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::administration::{Other, refused, visit};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Filled, Visitor};

/// The telephones that an administrator can register.
const METHODS: [Method; 4] = [
    Method::Text,
    Method::CallMobile,
    Method::CallOffice,
    Method::CallAlternate,
];

/// One of them on the page of a person.
pub(super) struct Kind {
    pub(super) kind: &'static str,
    pub(super) title: String,
    /// Why it cannot be added; `None` if it can.
    pub(super) hindrance: Option<String>,
}

#[derive(Template)]
#[template(path = "administration/phone.html")]
struct Page {
    shell: Shell,
    title: String,
    name: String,
    kind: &'static str,
    number: String,
    wrong: String,
    back: String,
}

#[derive(Template)]
#[template(path = "administration/phone_test.html")]
struct TestPage {
    shell: Shell,
    name: String,
    hint: String,
    /// Whether a code was sent; else it rings, and `#` is to be pressed.
    by_code: bool,
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct Number {
    number: String,
}

#[derive(Deserialize)]
pub(crate) struct Code {
    #[serde(default)]
    code: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(
            "/administration/people/{id}/phone/test",
            get(show_test).post(confirm),
        )
        .route("/administration/people/{id}/phone/again", post(again))
        .route(
            "/administration/people/{id}/phone/{kind}",
            get(show).post(begin),
        )
}

/// What can be added for somebody, and what cannot and why.
pub(super) fn kinds(visitor: &Visitor, other: &Other) -> Result<Vec<Kind>, Failure> {
    let messages = visitor.messages(&other.account);
    let kind = |method: Method| {
        let (kind, title) = (method.kind(), messages.method(&method));
        let hindrance = other.hindrance(visitor, &adding(method))?;
        Ok(Kind {
            kind,
            title,
            hindrance,
        })
    };
    METHODS.into_iter().map(kind).collect()
}

const fn adding(method: Method) -> Action {
    Action::Administer(Administration::Add {
        method,
        device: None,
    })
}

fn named(kind: &str) -> Result<Method, Failure> {
    let mut methods = METHODS.into_iter();
    methods
        .find(|method| method.kind() == kind)
        .ok_or(Failure::NotFound)
}

fn test_page(other: &Other) -> String {
    format!("{}/phone/test", other.page())
}

async fn show(
    Administrator(mut visitor): Administrator,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (other, method) = (Other::find(&visitor, &id).await?, named(&kind)?);
    let here = format!("{}/phone/{kind}", other.page());
    let action = adding(method.clone());
    other.let_on(&mut visitor, &action, &here).await?;
    form(
        visitor,
        &other,
        &method,
        Number {
            number: String::new(),
        },
        String::new(),
    )
    .await
}

async fn form(
    visitor: Visitor,
    other: &Other,
    method: &Method,
    typed: Number,
    wrong: String,
) -> Result<Response, Failure> {
    let title = visitor.messages(&other.account).method(method);
    let (name, back) = (other.person.shown.clone(), other.page());
    let alert = wrong.clone();
    let page = |shell| Page {
        shell,
        title,
        name,
        kind: method.kind(),
        number: typed.number,
        wrong,
        back,
    };
    if alert.is_empty() {
        visitor.show("phone-add", page).await
    } else {
        visitor.again(alert, "phone-add", page).await
    }
}

async fn begin(
    Administrator(mut visitor): Administrator,
    Path((id, kind)): Path<(String, String)>,
    Filled(typed): Filled<Number>,
) -> Result<Response, Failure> {
    let (other, method) = (Other::find(&visitor, &id).await?, named(&kind)?);
    let here = format!("{}/phone/{kind}", other.page());
    let Ok(number) = PhoneNumber::new(&typed.number) else {
        let wrong = visitor.say("phone-number-wrong", &[]);
        return form(visitor, &other, &method, typed, wrong).await;
    };
    let enrol = match &method {
        Method::CallMobile => Enrol::CallMobile(&number),
        Method::CallOffice => Enrol::CallOffice(&number),
        Method::CallAlternate => Enrol::CallAlternate(&number),
        _ => Enrol::Text(&number),
    };
    let messages = visitor.messages(&other.account);
    let name = messages.method(&method);
    let visit = visit(&mut visitor, &other, &here).await?;
    let begin = |on: mfa_flow::Operation<'_>| on.begin_enrolment(enrol, &name);
    match visitor.transact(&other.key, &visit, begin).await? {
        Ok(_) => visitor.go(&test_page(&other)),
        Err(why) => refused(visitor, &why, &messages, &here).await,
    }
}

/// What was begun and waits for its test.
async fn pending(
    visitor: &mut Visitor,
    other: &Other,
) -> Result<(mfa_flow::Visit, Option<PendingEnrolment>), Failure> {
    let visit = visit(visitor, other, &test_page(other)).await?;
    let look = visitor.look_at(&other.key, &visit, |on| on.pending());
    let pending = look
        .await?
        .filter(|pending| METHODS.contains(pending.method()));
    Ok((visit, pending))
}

async fn show_test(
    Administrator(mut visitor): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let back = other.page();
    let (_, Some(pending)) = pending(&mut visitor, &other).await? else {
        let alert = visitor.say("refused-over", &[]);
        return visitor.back(&back, alert).await;
    };
    let by_code = *pending.method() == Method::Text;
    let hint = pending.hint().unwrap_or_default().to_owned();
    visitor
        .show("phone-test", |shell| TestPage {
            shell,
            name: other.person.shown,
            hint,
            by_code,
            back,
        })
        .await
}

async fn confirm(
    Administrator(mut visitor): Administrator,
    Path(id): Path<String>,
    Filled(typed): Filled<Code>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let (visit, Some(pending)) = pending(&mut visitor, &other).await? else {
        let alert = visitor.say("refused-over", &[]);
        return visitor.back(&other.page(), alert).await;
    };
    let test = match pending.method() {
        Method::Text => Test::Code(&typed.code),
        _ => Test::Approved,
    };
    let registration = pending.registration();
    let confirm = |on: mfa_flow::Operation<'_>| on.confirm_enrolment(registration, test);
    match visitor.transact(&other.key, &visit, confirm).await? {
        Ok(_) => {
            let notice = visitor.say("phone-added", &[]);
            visitor.go_with(&other.page(), notice).await
        }
        Err(why) => {
            let here = match why {
                Refused::Over => other.page(),
                _ => test_page(&other),
            };
            let messages = visitor.messages(&other.account);
            refused(visitor, &why, &messages, &here).await
        }
    }
}

/// Sends it once more.
async fn again(
    Administrator(mut visitor): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let here = test_page(&other);
    let (visit, Some(pending)) = pending(&mut visitor, &other).await? else {
        return visitor.go(&here);
    };
    let registration = pending.registration();
    let send = |on: mfa_flow::Operation<'_>| on.send_enrolment_again(registration);
    match visitor.transact(&other.key, &visit, send).await? {
        Ok(_) => visitor.go(&here),
        Err(why) => {
            let messages = visitor.messages(&other.account);
            refused(visitor, &why, &messages, &here).await
        }
    }
}
