//! After a test was passed: what else is worth adding.

use askama::Template;
use axum::response::Response;
use mfa_flow::{Enrolled, Next};
use mfa_policy::Method;

use crate::failure::Failure;
use crate::pages::enrol::offers::address;
use crate::pages::enrol::{Enrolment, Frame, Offers, Row};
use crate::shell::Shell;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "enrol/done.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    /// Whether the policy requires one of them.
    is_required: bool,
    /// Where an app password is made, at the end of a registration and if one may be made.
    app_password: Option<String>,
}

/// What the policy proposes: a backup telephone after the app, or what is still required.
pub(crate) async fn show(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    if visitor.look(|on| on.next()).await? != Next::Done {
        return visitor.go(frame.base());
    }
    let offers = Offers::of(&visitor).await?;
    let rows = offers.proposed(frame);
    if frame == Frame::Add && rows.is_empty() {
        return visitor.go("/security-info");
    }
    let mut proposals = offers.overview.proposals().iter();
    let is_required = proposals.any(|proposal| proposal.is_required());
    let app_password = Method::AppPassword;
    let app_password = (frame == Frame::Register && offers.may_add(&app_password))
        .then(|| address(frame, &app_password));
    visitor
        .show("enrol-done", |shell| Page {
            shell,
            rows,
            is_required,
            app_password,
        })
        .await
}

/// Goes on in the session that the test was a proof in, and says what has changed.
pub(super) async fn finished(
    mut visitor: Visitor,
    frame: Frame,
    enrolled: &Enrolled,
    name: &str,
) -> Result<Response, Failure> {
    if let Some(session) = enrolled.session() {
        visitor.rotate(session).await?;
    }
    let offers = Offers::of(&visitor).await?;
    let default = offers.overview.default_method();
    let is_default =
        default.is_some_and(|default| default.registration() == enrolled.registration());
    drop(offers);
    let added = if is_default {
        "enrol-added-default"
    } else {
        "enrol-added"
    };
    let mut notice = vec![visitor.say(added, &[("name", name)])];
    let failures = enrolled.failures().count();
    if failures > 0 {
        notice.push(visitor.say("enrol-failures", &[("count", &failures.to_string())]));
    }
    visitor.go_with(&frame.at("done"), notice.join(" ")).await
}
