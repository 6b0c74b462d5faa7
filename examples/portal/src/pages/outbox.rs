//! The demonstration's outbox: plays the telephone, the mailbox and the authenticator app of everybody.
//!
//! It has no session, because telephones have none; and it is not there where what it shows is really sent.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use mfa_flow::Visit;
use mfa_policy::{Messages, Subject};
use mfa_store::Store as _;
use serde::Deserialize;

use crate::deliver::demonstration::{self, Arrived, Body, Said};
use crate::deliver::pairing::Pairing;
use crate::deliver::{Kind, device_answered, phone_said, played_app};
use crate::failure::Failure;
use crate::shell::Shell;
use crate::site::{Site, now};
use crate::visitor::{Filled, Visitor, render};

#[derive(Template)]
#[template(path = "outbox.html")]
struct Page {
    shell: Shell,
    messages: Vec<Card>,
    pairs: bool,
}

/// A message as it is shown.
struct Card {
    id: String,
    /// The icon.
    icon: &'static str,
    kind: &'static str,
    to: String,
    at: String,
    subject: String,
    text: String,
    said: Option<&'static str>,
    is_call: bool,
    is_push: bool,
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    id: String,
    said: Said,
    #[serde(default)]
    number: String,
}

#[derive(Deserialize)]
pub(crate) struct Pair {
    pairing: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/outbox", get(show))
        .route("/outbox/answer", post(answer))
        .route("/outbox/pair", post(pair))
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    page(&visitor, None).await
}

/// Somebody has done something with a call or a notification.
pub(crate) async fn answer(
    visitor: Visitor,
    Filled(form): Filled<Answer>,
) -> Result<Response, Failure> {
    let site = &visitor.site;
    let found = demonstration::find(&site.database, &form.id).await?;
    let arrived = found
        .filter(|arrived| is_played(site, arrived.body.kind))
        .ok_or(Failure::NotFound)?;
    let account = site.account(&arrived.person);
    let decision = form.said.in_app(form.number.trim().parse().ok());
    let heard = match (&arrived.body, decision) {
        (
            Body {
                kind: Kind::Call,
                answer: Some((why, _)),
                ..
            },
            _,
        ) => phone_said(site, &account, why, form.said.on_call()).await?,
        (
            Body {
                kind: Kind::Push,
                to,
                request: Some(request),
                ..
            },
            Some(decision),
        ) => {
            let app = played_app::key_pair(site.keys.portal_key(), to);
            device_answered(site, &account, &app.answer(request, decision)).await?
        }
        _ => false,
    };
    if !heard {
        return page(&visitor, Some("outbox-not-heard")).await;
    }
    arrived.answered(&site.database, form.said).await?;
    Ok(Redirect::to("/outbox").into_response())
}

/// An authenticator app reports for an enrolment.
pub(crate) async fn pair(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    Filled(form): Filled<Pair>,
) -> Result<Response, Failure> {
    if !site.plays_app() {
        return Err(Failure::NotFound);
    }
    let Ok(pairing) = form.pairing.parse::<Pairing>() else {
        return page(&visitor, Some("outbox-not-paired")).await;
    };
    let visit = Visit::new(Subject::new(pairing.person.clone()), now());
    let address = played_app::address(&pairing.registration);
    let device = played_app::key_pair(site.keys.portal_key(), &address).public();
    let (key, in_force) = (site.account(&pairing.person), site.in_force());
    let paired = site
        .store
        .transact(&key, |account, rng| {
            let on = in_force.flow.on(account, &visit, rng);
            on.pair(&pairing.registration, &pairing.token, &address, device)
        })
        .await?;
    site.outbox.notify_one();
    if paired.is_err() {
        return page(&visitor, Some("outbox-not-paired")).await;
    }
    Ok(Redirect::to("/outbox").into_response())
}

/// The page. It does not use the session of the browser, which belongs to another screen of the same person.
async fn page(visitor: &Visitor, alert: Option<&str>) -> Result<Response, Failure> {
    let site = &visitor.site;
    if !site.config.is_demonstration() {
        return Err(Failure::NotFound);
    }
    let messages = demonstration::latest(&site.database).await?;
    let words = Messages::new(visitor.language);
    let mut shell = Shell::new(
        site,
        visitor.language,
        "/outbox",
        visitor.say("outbox", &[]),
    );
    shell.alert = alert.map(|alert| visitor.say(alert, &[]));
    let shown = messages
        .into_iter()
        .filter(|arrived| is_played(site, arrived.body.kind));
    let page = Page {
        messages: shown.map(|arrived| card(arrived, &words)).collect(),
        pairs: site.plays_app(),
        shell,
    };
    let status = if alert.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    Ok((status, render(&page)?).into_response())
}

/// Whether nothing real carries messages of that kind.
fn is_played(site: &Site, kind: Kind) -> bool {
    match kind {
        Kind::Mail => site.plays_mailbox(),
        Kind::Text | Kind::Call => site.plays_telephone(),
        Kind::Push => site.plays_app(),
    }
}

fn card(arrived: Arrived, words: &Messages) -> Card {
    let open = arrived.is_open(now());
    let body = arrived.body;
    let (icon, kind) = match body.kind {
        Kind::Text => ("text", "text"),
        Kind::Call => ("call_mobile", "call"),
        Kind::Push => ("authenticator_push", "push"),
        Kind::Mail => ("email", "mail"),
    };
    Card {
        id: arrived.id,
        icon,
        kind,
        // The address of an app says nothing to anybody.
        to: if body.kind == Kind::Push {
            String::new()
        } else {
            body.to
        },
        at: words.time(arrived.at),
        subject: body.subject,
        text: body.text,
        said: body.said.map(Said::name),
        is_call: open && body.kind == Kind::Call,
        is_push: open && body.kind == Kind::Push,
    }
}
