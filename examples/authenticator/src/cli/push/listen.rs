//! What the portals ask, line by line.

use std::io::Write;

use anyhow::Result;
use mfa_flow::{PushRequest, RequestId};
use mfa_policy::{Purpose, RegistrationId, Timestamp};
use serde::Serialize;

use super::{Called, some_pairings, whose};
use crate::Pairing;
use crate::cli::desk::Desk;
use crate::push::{self, Heard, Listener};

/// A line, for programs.
#[derive(Serialize)]
struct Line<'a> {
    event: &'static str,
    portal: &'a str,
    product: &'a str,
    account: &'a str,
    registration: &'a RegistrationId,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a RequestId>,
    #[serde(flatten)]
    asked: Option<Asked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
}

#[derive(Serialize)]
struct Asked<'a> {
    /// `null` for the test of an enrolment.
    purpose: Option<Purpose>,
    needs_gesture: bool,
    application: Option<&'a str>,
    origin: Option<&'a str>,
    until: Timestamp,
}

pub(super) fn listen(desk: &Desk, json: bool, out: &mut dyn Write) -> Result<()> {
    let vault = desk.open()?;
    let pairings = some_pairings(&vault)?;
    let (_listener, heard) = Listener::start(pairings)?;
    let mut removed = 0_usize;
    while removed < pairings.len() {
        let heard = heard.recv()?;
        if matches!(heard, Heard::Removed { .. }) {
            removed = removed.saturating_add(1);
        }
        let Some((pairing, line)) = line(pairings, &heard)? else {
            continue;
        };
        if json {
            serde_json::to_writer(&mut *out, &line)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}: {}", Called(pairing), plain(&heard))?;
        }
        // Whoever waits for it waits for a line.
        out.flush()?;
    }
    Ok(())
}

/// What a request asks, for people.
pub(super) fn question(request: &PushRequest) -> String {
    let application = request.application().map(|it| format!("application {it}"));
    let origin = request.origin().map(|it| format!("from {it}"));
    let known: Vec<_> = application.into_iter().chain(origin).collect();
    if known.is_empty() {
        return push::asks(request).to_owned();
    }
    format!("{} ({})", push::asks(request), known.join(", "))
}

fn line<'a>(pairings: &'a [Pairing], heard: &'a Heard) -> Result<Option<(&'a Pairing, Line<'a>)>> {
    let (event, registration, request, why) = match heard {
        Heard::Connected { registration } => ("connected", registration, None, None),
        Heard::Lost { registration, why } => ("lost", registration, None, Some(why.as_str())),
        Heard::Asked {
            registration,
            request,
        } => ("asked", registration, Some(request.id()), None),
        Heard::Over {
            registration,
            request,
        } => ("over", registration, Some(request), None),
        Heard::Removed { registration } => ("removed", registration, None, None),
        Heard::Problem { registration, why } => ("problem", registration, None, Some(why.as_str())),
        // Nothing is answered here.
        Heard::Answered { .. } => return Ok(None),
    };
    let pairing = whose(pairings, registration)?;
    let asked = match heard {
        Heard::Asked { request, .. } => Some(Asked {
            purpose: request.purpose(),
            needs_gesture: request.needs_gesture(),
            application: request.application(),
            origin: request.origin(),
            until: request.until(),
        }),
        _ => None,
    };
    let line = Line {
        event,
        portal: pairing.portal().as_str(),
        product: pairing.product(),
        account: pairing.account(),
        registration,
        request,
        asked,
        why,
    };
    Ok(Some((pairing, line)))
}

fn plain(heard: &Heard) -> String {
    match heard {
        Heard::Connected { .. } => "connected".to_owned(),
        Heard::Lost { why, .. } => format!("no connection: {why}"),
        Heard::Asked { request, .. } => format!(
            "asks until {}: {}; request {}",
            request.until(),
            question(request),
            request.id()
        ),
        Heard::Over { request, .. } => format!("request {request} is over"),
        Heard::Removed { .. } => {
            "this device was removed there; `authenticator unpair` removes the portal here"
                .to_owned()
        }
        Heard::Problem { why, .. } => why.clone(),
        Heard::Answered { .. } => String::new(),
    }
}
