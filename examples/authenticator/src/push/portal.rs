//! What this device says to a portal over HTTP, and what it makes of the answers.

use std::time::Duration;

use eventsource_stream::Event;
use futures_util::{Stream, TryStreamExt as _};
use jiff::fmt::rfc2822;
use mfa_flow::{DeviceKey, SignedAnswer, SignedVisit};
use mfa_policy::{PersonId, Timestamp};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::events::{Unreadable, events};
use super::link::Link;
use crate::Pairing;
use crate::pairing::audience;

/// How long to wait for a portal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// For a connection.
    pub(super) connecting: Duration,
    /// For an answer.
    pub(super) answering: Duration,
    /// For the next sign of life of a connection that stays.
    pub(super) silence: Duration,
}

/// Why a portal did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It says no.
    Refused,
    /// It does not believe the signature. Its clock says something else perhaps.
    NotSigned(Option<Timestamp>),
    /// What this device is there is gone.
    Gone,
    /// It has too much to do. Perhaps it says when to come again.
    Busy(Option<Duration>),
    /// There is no way to it: it was not asked.
    Unreachable,
    /// It may have been asked.
    Unanswered,
    /// It does not answer as a portal does.
    NoPortal,
}

/// A client that goes to the addresses that it is given, and to no other.
#[derive(Clone, Debug)]
pub(super) struct Portals {
    client: Client,
    patience: Patience,
}

/// What a portal says of itself when a device was paired.
#[derive(Deserialize)]
pub(super) struct Introduction {
    pub(super) product: String,
    pub(super) account: String,
}

#[derive(Serialize)]
struct PairBody<'a> {
    registration: &'a str,
    token: &'a str,
    person: &'a str,
    key: &'a DeviceKey,
}

#[derive(Serialize)]
struct AnswerBody<'a> {
    person: &'a PersonId,
    answer: &'a SignedAnswer,
}

impl Portals {
    /// Fails if the system has no certificates to trust.
    pub(super) fn new(patience: Patience) -> reqwest::Result<Self> {
        // Whoever was first has chosen; there is one choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(patience.connecting)
            .read_timeout(patience.silence)
            // Tokens and answers go to the portal and nowhere else.
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { client, patience })
    }

    /// Brings the public half of a key to where the link leads.
    pub(super) async fn pair(&self, link: &Link, key: &DeviceKey) -> Result<Introduction, Refusal> {
        let url = format!("{}/device/pair", audience(link.portal()));
        let body = PairBody {
            registration: link.registration().as_str(),
            token: link.expose_token(),
            person: link.person().as_str(),
            key,
        };
        let request = self.client.post(url).timeout(self.patience.answering);
        let answer = request.json(&body).send().await.map_err(unheard)?;
        let answer = checked(answer, StatusCode::OK)?;
        let body = short_body(answer).await?;
        serde_json::from_slice(&body).map_err(|_| Refusal::NoPortal)
    }

    /// Opens the connection over which the requests for a pairing come, and the end of those that are open.
    pub(super) async fn visit(
        &self,
        pairing: &Pairing,
        visit: &SignedVisit,
        open: &str,
    ) -> Result<impl Stream<Item = Result<Event, Unreadable>> + use<>, Refusal> {
        let url = format!("{}/device/requests?open={open}", pairing.audience());
        let device = HeaderValue::try_from(format!("Device {visit}"));
        let mut device = device.map_err(|_| Refusal::NoPortal)?;
        device.set_sensitive(true);
        let request = self.client.get(url).header(ACCEPT, EVENTS);
        let sent = request.header(AUTHORIZATION, device).send();
        // The connection may stay as long as it likes, but it has to come about.
        let answer = tokio::time::timeout(self.patience.answering, sent).await;
        let answer = answer.map_err(|_| Refusal::Unanswered)?;
        let answer = checked(answer.map_err(unheard)?, StatusCode::OK)?;
        let kind = answer.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with(EVENTS) {
            return Err(Refusal::NoPortal);
        }
        Ok(events(answer.bytes_stream().map_err(|error| {
            if error.is_timeout() {
                Unreadable::Silent
            } else {
                Unreadable::Cut
            }
        })))
    }

    /// Brings an answer to the portal.
    pub(super) async fn answer(
        &self,
        pairing: &Pairing,
        answer: &SignedAnswer,
    ) -> Result<(), Refusal> {
        let url = format!("{}/device/answers", pairing.audience());
        let body = AnswerBody {
            person: pairing.person(),
            answer,
        };
        let request = self.client.post(url).timeout(self.patience.answering);
        let answer = request.json(&body).send().await.map_err(unheard)?;
        checked(answer, StatusCode::NO_CONTENT).map(drop)
    }
}

/// The errors of `reqwest` hold the address, and little that helps a person.
fn unheard(error: reqwest::Error) -> Refusal {
    if error.is_connect() {
        Refusal::Unreachable
    } else {
        Refusal::Unanswered
    }
}

fn checked(answer: Response, expected: StatusCode) -> Result<Response, Refusal> {
    match answer.status() {
        status if status == expected => Ok(answer),
        StatusCode::UNPROCESSABLE_ENTITY => Err(Refusal::Refused),
        StatusCode::UNAUTHORIZED => {
            let date = answer.headers().get(DATE);
            let date = date.and_then(|date| rfc2822::parse(date.to_str().ok()?).ok());
            let date = date.map(|date| Timestamp::from_unix_seconds(date.timestamp().as_second()));
            Err(Refusal::NotSigned(date))
        }
        StatusCode::GONE => Err(Refusal::Gone),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            let after = answer.headers().get(RETRY_AFTER);
            let after = after.and_then(|after| after.to_str().ok()?.parse().ok());
            Err(Refusal::Busy(after.map(Duration::from_secs)))
        }
        // A proxy before a portal that is away, or a portal that cannot do it now.
        status if status.is_server_error() => Err(Refusal::Unanswered),
        _ => Err(Refusal::NoPortal),
    }
}

/// A body as long as any that a portal sends. What is longer is not read.
async fn short_body(mut answer: Response) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(unheard)? {
        body.extend_from_slice(&piece);
        if body.len() > LONGEST_BODY {
            return Err(Refusal::NoPortal);
        }
    }
    Ok(body)
}

const EVENTS: &str = "text/event-stream";
const LONGEST_BODY: usize = 4096;
