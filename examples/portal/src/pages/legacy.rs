//! A mailbox for old mail clients, which know a name and a password and nothing else (RFC 7617). It takes app passwords only:
//! not the person's own password, not even the right one. There is no session and no cookie.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_flow::Visit;
use mfa_policy::Language;
use mfa_store::Store as _;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::guard::ClientAddress;
use crate::people;
use crate::site::{self, Site};
use crate::texts::Texts;
use crate::visitor::nobody;

/// What the client is asked for.
const CHALLENGE: &str = r#"Basic realm="mail", charset="UTF-8""#;

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/legacy/mail", get(show))
}

/// The same work and the same answer whether there is no such person, no such app password or no such right.
async fn show(
    State(site): State<Arc<Site>>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some((name, password)) = credentials(&headers) else {
        return Ok(denied());
    };
    let found = people::by_name(&site.database, &name).await?;
    let person = found.map(|(person, _)| person);
    let (key, subject, language) = match &person {
        Some(person) => (site.account(&person.id), person.subject(), person.language),
        None => (
            site.decoy(&people::canonical(&name)),
            nobody()?,
            Language::English,
        ),
    };
    let texts = Texts::of(language);
    let origin = texts.say("legacy-origin", &[("address", &address.to_string())]);
    let visit = Visit::new(subject, site::now()).from(&origin);
    let in_force = site.in_force();
    let used = site
        .store
        .transact(&key, |account, rng| {
            let on = in_force.flow.on(account, &visit, rng);
            on.use_app_password(&password)
        })
        .await?;
    site.outbox.notify_one();
    Ok(match (used, person) {
        (Ok(used), Some(person)) => {
            let variables = [("person", person.shown.as_str()), ("client", used.name())];
            format!("{}\n", texts.say("legacy-mailbox", &variables)).into_response()
        }
        _ => denied(),
    })
}

/// Name and password, if they came as the RFC has it.
fn credentials(headers: &HeaderMap) -> Option<(String, Zeroizing<String>)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (name, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((name.to_owned(), Zeroizing::new(password.to_owned())))
}

fn denied() -> Response {
    let text = "An app password is needed.\n";
    (
        StatusCode::UNAUTHORIZED,
        [(WWW_AUTHENTICATE, CHALLENGE)],
        text,
    )
        .into_response()
}
