//! From a request to its visitor: the cookie and the language are read, and who may not be on a page does not get there.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Form, FromRequest, FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next as Rest;
use axum::response::{IntoResponse as _, Response};
use mfa_flow::Next;
use mfa_policy::Language;
use serde::de::DeserializeOwned;

use super::{DEVICE_COOKIE, Visitor, named, render};
use crate::failure::Failure;
use crate::guard::ClientAddress;
use crate::shell::{FailurePage, Shell};
use crate::site::{self, Site};
use crate::user_agent::UserAgent;
use crate::web_session::{self, WebSession};

/// A visitor who is in: password and second step.
pub(crate) struct SignedIn(pub(crate) Visitor);

/// An administrator who is in.
pub(crate) struct Administrator(pub(crate) Visitor);

/// A form that was filled in.
pub(crate) struct Filled<T>(pub(crate) T);

impl FromRequestParts<Arc<Site>> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let now = site::now();
        let session = WebSession::load(&site.database, &parts.headers, now).await?;
        let (named, is_known) = match &session {
            Some(session) => (named(site, &session.body).await?, session.body.is_known),
            None => (None, false),
        };
        let address = parts
            .extensions
            .get::<ClientAddress>()
            .ok_or(Failure::Unavailable)?;
        Ok(Self {
            site: Arc::clone(site),
            in_force: site.in_force(),
            now,
            language: language(&parts.headers),
            address: address.0,
            user_agent: UserAgent::of(&parts.headers),
            path: parts.uri.path().to_owned(),
            device: web_session::cookie_value(&parts.headers, DEVICE_COOKIE),
            person: named.clone().filter(|_| is_known),
            named,
            session,
            cookies: Vec::new(),
        })
    }
}

impl FromRequestParts<Arc<Site>> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let visitor = Visitor::from_request_parts(parts, site).await?;
        visitor.person()?;
        match visitor.look(|on| on.next()).await? {
            Next::Done => Ok(Self(visitor)),
            Next::SecondStep => Err(Failure::SecondStep),
            Next::Register => Err(Failure::Register),
        }
    }
}

impl FromRequestParts<Arc<Site>> for Administrator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let SignedIn(visitor) = SignedIn::from_request_parts(parts, site).await?;
        if !visitor.person()?.administrator {
            return Err(Failure::NotFound);
        }
        Ok(Self(visitor))
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Filled<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let whole = Request::from_parts(parts.clone(), body);
        let body = Bytes::from_request(whole, site).await;
        let body =
            body.map_err(|refused| Failure::of(refused.status()).unwrap_or(Failure::Malformed))?;
        // No page of ours sends NUL, and not every database can keep it.
        if body.contains(&0) || body.windows(3).any(|three| three == b"%00") {
            return Err(Failure::Malformed);
        }
        let request = Request::from_parts(parts, body.into());
        match Form::from_request(request, site).await {
            Ok(Form(form)) => Ok(Self(form)),
            Err(_) => Err(Failure::Malformed),
        }
    }
}

/// Gives failures their page, in the language of the visitor.
pub(crate) async fn failures_as_pages(
    State(site): State<Arc<Site>>,
    request: Request,
    rest: Rest,
) -> Result<Response, Infallible> {
    let language = language(request.headers());
    let mut response = rest.run(request).await;
    let failure = response.extensions_mut().remove::<Failure>();
    // What axum says of itself is a status with at most a line of text.
    let is_page = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind != "text/plain; charset=utf-8");
    let of_axum = || Failure::of(response.status()).filter(|_| !is_page);
    let Some(failure) = failure
        .or_else(of_axum)
        .filter(|failure| !failure.status().is_redirection())
    else {
        return Ok(response);
    };
    let (title, text) = failure.words();
    let texts = crate::texts::Texts::of(language);
    // The language switch leads to the start: what was asked for here may be no page at all.
    let shell = Shell::new(&site, language, "/", texts.say(title, &[]));
    let text = texts.say(text, &[]);
    let mut answer = match render(&FailurePage { shell, text }) {
        Ok(page) => (failure.status(), page).into_response(),
        Err(failure) => failure.status().into_response(),
    };
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = response.headers_mut().remove(&name) {
            answer.headers_mut().insert(name, value);
        }
    }
    Ok(answer)
}

/// The language that was chosen, or that the browser prefers.
fn language(headers: &HeaderMap) -> Language {
    let chosen = web_session::cookie_value(headers, LANGUAGE_COOKIE);
    let chosen = chosen.as_deref().and_then(Language::from_tag);
    let preferred = || Language::negotiate(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(preferred).unwrap_or(Language::English)
}

/// The cookie by which a language is chosen.
pub(crate) fn language_cookie(language: Language) -> Result<HeaderValue, Failure> {
    web_session::set_cookie(LANGUAGE_COOKIE, language.tag(), Some(365 * 24 * 60 * 60))
}

/// In which language somebody wants to read who is not signed in.
const LANGUAGE_COOKIE: &str = "__Host-language";
