//! Issuing a temporary pass: it is shown once, to be handed to the person.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{IssuedPass, PassTerms};
use mfa_policy::{Action, Administration};
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::administration::{Other, refused, visit};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Filled};

#[derive(Template)]
#[template(path = "administration/pass.html")]
struct Page {
    shell: Shell,
    name: String,
    hint: String,
    minutes: u32,
    /// Whether the policy leaves it open how often a pass is used.
    asks_one_time: bool,
    back: String,
}

#[derive(Template)]
#[template(path = "administration/issued_pass.html")]
struct IssuedPage {
    shell: Shell,
    name: String,
    issued: IssuedPass,
    until: String,
    back: String,
}

#[derive(Deserialize)]
pub(crate) struct Terms {
    #[serde(default)]
    minutes: String,
    one_time: Option<String>,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/administration/people/{id}/pass", get(show).post(issue))
}

async fn show(
    Administrator(mut visitor): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let action = Action::Administer(Administration::IssuePass {
        minutes: None,
        one_time: true,
    });
    let back = other.page();
    let here = format!("{back}/pass");
    other.let_on(&mut visitor, &action, &here).await?;
    let rules = visitor.in_force.flow.policy().temporary_pass();
    let (minutes, asks_one_time) = (rules.minutes(), !rules.one_time());
    let least = rules.least_minutes().to_string();
    let most = rules.most_minutes().to_string();
    let hint = visitor.say("pass-minutes-hint", &[("least", &least), ("most", &most)]);
    visitor
        .show("pass-issue", |shell| Page {
            shell,
            name: other.person.shown,
            hint,
            minutes,
            asks_one_time,
            back,
        })
        .await
}

async fn issue(
    Administrator(mut visitor): Administrator,
    Path(id): Path<String>,
    Filled(form): Filled<Terms>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let back = other.page();
    let here = format!("{back}/pass");
    let Ok(minutes) = form.minutes.trim().parse() else {
        let alert = visitor.say("pass-minutes-wrong", &[]);
        return visitor.back(&here, alert).await;
    };
    let terms = PassTerms::new().for_minutes(minutes);
    let terms = match form.one_time {
        Some(_) => terms.one_time(),
        None => terms,
    };
    let visit = visit(&mut visitor, &other, &here).await?;
    let issue = |on: mfa_flow::Operation<'_>| on.issue_pass(terms);
    let messages = visitor.messages(&other.account);
    match visitor.transact(&other.key, &visit, issue).await? {
        Ok(issued) => {
            let until = messages.time(issued.validity().until);
            visitor
                .show("pass-issued", |shell| IssuedPage {
                    shell,
                    name: other.person.shown,
                    issued,
                    until,
                    back,
                })
                .await
        }
        Err(why) => refused(visitor, &why, &messages, &here).await,
    }
}
