//! What authenticator apps ask of the portal: to be connected, what waits for an answer, and to be heard. README.md has the protocol.
//!
//! There is no cookie and no session: an app brings a token that it scanned, or a signature.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{AUTHORIZATION, HeaderName, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use futures_util::stream;
use mfa_flow::{AccountKey, DeviceKey, NoDevice, SignedAnswer, SignedVisit, Visit};
use mfa_policy::{Language, PersonId, RegistrationId, Subject};
use mfa_store::Store as _;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::deliver::requests;
use crate::failure::Failure;
use crate::guard::ClientAddress;
use crate::listening::{Listener, Listening, News, Whose};
use crate::people::{self, Person};
use crate::site::{self, Site};
use crate::texts::Texts;
use crate::visitor::nobody;

/// More than any app has to say.
const LONGEST: usize = 16 * 1024;
/// More requests than anybody has open.
const MOST_SHOWN: usize = 16;
/// A silent connection is closed by what stands between, and a line now and then finds out that nobody listens any more.
const SILENCE: Duration = Duration::from_secs(15);
/// What an app brings to hear its requests.
const SCHEME: &str = "Device";
/// Proxies that collect what is answered are not to do it here.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// An app that was shown the link of an enrolment.
#[derive(Deserialize)]
struct Pair {
    registration: RegistrationId,
    token: String,
    person: PersonId,
    key: DeviceKey,
}

/// What the app calls the account.
#[derive(Serialize)]
struct Paired {
    product: String,
    account: String,
}

/// What a device shows from an earlier connection: the identifiers of requests with commas between them.
#[derive(Deserialize)]
struct Shown {
    #[serde(default)]
    open: String,
}

/// What somebody did with a request.
#[derive(Deserialize)]
struct Answered {
    person: PersonId,
    answer: SignedAnswer,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/device/pair", post(pair))
        .route("/device/requests", get(listen))
        .route("/device/answers", post(answer))
        .layer(DefaultBodyLimit::max(LONGEST))
}

/// Connects an app with the enrolment that a page shows.
async fn pair(
    State(site): State<Arc<Site>>,
    client: Extension<ClientAddress>,
    Json(pair): Json<Pair>,
) -> Result<Response, Failure> {
    let owner = Owner::find(&site, &pair.person).await?;
    let visit = owner.visit(client);
    let (address, in_force) = (requests::address(&pair.registration), site.in_force());
    let paired = site
        .store
        .transact(&owner.account, |account, rng| {
            let on = in_force.flow.on(account, &visit, rng);
            on.pair(&pair.registration, &pair.token, &address, pair.key)
        })
        .await?;
    site.outbox.notify_one();
    Ok(match (paired, owner.person) {
        (Ok(()), Some(person)) => Json(Paired {
            product: site.config.organisation.clone(),
            account: person.name,
        })
        .into_response(),
        _ => refused(),
    })
}

/// Takes what a device signed.
async fn answer(
    State(site): State<Arc<Site>>,
    client: Extension<ClientAddress>,
    Json(Answered { person, answer }): Json<Answered>,
) -> Result<Response, Failure> {
    let owner = Owner::find(&site, &person).await?;
    let visit = owner.visit(client);
    let in_force = site.in_force();
    let heard = site
        .store
        .transact(&owner.account, |account, rng| {
            let on = in_force.flow.on(account, &visit, rng);
            on.device_answered(&answer)
        })
        .await?;
    site.outbox.notify_one();
    site.listening.wake();
    Ok(match heard {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(_) => refused(),
    })
}

/// Tells a device what waits for its answer, until it goes.
async fn listen(
    State(site): State<Arc<Site>>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(signed) = signed_visit(&headers) else {
        return Ok(unknown());
    };
    let owner = Owner::find(&site, signed.person()).await?;
    let (subject, audience) = (owner.subject, site.config.public_url());
    let (visit, in_force) = (Visit::new(subject.clone(), site::now()), site.in_force());
    let found = site
        .store
        .look(&owner.account, |account, rng| {
            let on = in_force.flow.on(account, &visit, rng);
            on.is_device(&signed, &audience)
        })
        .await?;
    match found {
        Ok(()) => {}
        Err(NoDevice::Gone) => return Ok(StatusCode::GONE.into_response()),
        Err(NoDevice::NotSigned) => return Ok(unknown()),
    }
    let whose = Whose {
        account: owner.account,
        subject,
        registration: signed.registration().clone(),
    };
    let open = shown.open.split(',').take(MOST_SHOWN);
    let open = open.filter_map(|id| id.parse().ok()).collect();
    let listener = Listening::listen(&site, whose, open).ok_or(Failure::Unavailable)?;
    let events = stream::unfold(listener, async |mut listener: Listener| {
        let news = listener.next().await?;
        Some((Ok::<_, Infallible>(event(&news)), listener))
    });
    let events = Sse::new(events).keep_alive(KeepAlive::new().interval(SILENCE));
    Ok(([UNBUFFERED], events).into_response())
}

fn event(news: &News) -> Event {
    match news {
        News::Request(request) => {
            let data = json!({ "request": request.as_str() });
            let event = Event::default().event("request");
            event.id(request.id().to_string()).data(data.to_string())
        }
        News::Over(id) => Event::default().event("over").data(id.to_string()),
        // Without data an event is none (WHATWG HTML §9.2.6).
        News::Removed => Event::default().event("removed").data("removed"),
    }
}

/// Who an app speaks for. Where there is nobody, an account that stands in his place, so that everything goes the same way.
struct Owner {
    account: AccountKey,
    subject: Subject,
    person: Option<Person>,
}

impl Owner {
    async fn find(site: &Site, id: &PersonId) -> Result<Self, Failure> {
        let person = people::by_id(&site.database, id.as_str()).await?;
        Ok(match person {
            Some(person) => Self {
                account: site.account(&person.id),
                subject: person.subject(),
                person: Some(person),
            },
            None => Self {
                account: site.decoy(id.as_str()),
                subject: nobody()?,
                person: None,
            },
        })
    }

    /// The circumstances, for the audit log.
    fn visit(&self, Extension(ClientAddress(address)): Extension<ClientAddress>) -> Visit {
        let language = self.person.as_ref().map(|person| person.language);
        let texts = Texts::of(language.unwrap_or(Language::English));
        let origin = texts.say("device-origin", &[("address", &address.to_string())]);
        Visit::new(self.subject.clone(), site::now()).from(&origin)
    }
}

/// `Authorization: Device`, and what the device signed.
fn signed_visit(headers: &HeaderMap) -> Option<SignedVisit> {
    let (scheme, signed) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let signed = signed.trim().parse().ok()?;
    scheme.eq_ignore_ascii_case(SCHEME).then_some(signed)
}

/// One answer for every cause.
fn refused() -> Response {
    let body = Json(json!({ "error": "refused" }));
    (StatusCode::UNPROCESSABLE_ENTITY, body).into_response()
}

/// It is not known who that is, or its clock is wrong.
fn unknown() -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, SCHEME)]).into_response()
}
