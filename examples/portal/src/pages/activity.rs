//! Activity: what the audit log says of the account, for its person.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Account, Event};
use mfa_policy::Messages;
use serde::Deserialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::events::{self, Reader};
use crate::failure::Failure;
use crate::shell::Shell;
use crate::site::Site;
use crate::texts::given_name;
use crate::visitor::{SignedIn, Visitor};

/// Events on one page.
const PAGE: i64 = 25;
/// Newer ones that are looked at for it.
const BESIDE: i64 = 10;
/// What is looked through for failed attempts.
const LATEST: i64 = 200;

#[derive(Template)]
#[template(path = "activity.html")]
struct Page {
    shell: Shell,
    lines: Vec<Line>,
    /// The pages beside this one.
    newer: Option<i64>,
    older: Option<i64>,
}

/// One event as it is shown.
pub(crate) struct Line {
    pub(crate) words: String,
    /// The class of the row.
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) time: String,
    /// With which registration, by whom and from where.
    pub(crate) details: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    page: i64,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/activity", get(show))
}

async fn show(
    SignedIn(visitor): SignedIn,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let page = which.page.clamp(0, 1_000_000);
    let begin = page.saturating_mul(PAGE);
    // What came after a password may stand on the page before.
    let beside = begin.min(BESIDE);
    let rows = sqlx::query(
        "SELECT event FROM portal_audit WHERE person = $1 ORDER BY at DESC, place DESC LIMIT $2 OFFSET $3",
    )
    .bind(visitor.person()?.id.as_str().to_owned())
    .bind(PAGE.saturating_add(beside).saturating_add(1))
    .bind(begin.saturating_sub(beside))
    .fetch_all(&visitor.site.database)
    .await?;
    let places = |places: i64| usize::try_from(places).unwrap_or(usize::MAX);
    let account = visitor.account().await?;
    let events = events::settled(rows.iter().filter_map(event).collect());
    let events = events.into_iter().skip(places(beside)).take(places(PAGE));
    let lines = events
        .flatten()
        .map(|event| line(&visitor, &account, &event))
        .collect();
    let older = (rows.len() > places(PAGE.saturating_add(beside))).then(|| page.saturating_add(1));
    let newer = (page > 0).then(|| page.saturating_sub(1));
    visitor
        .show("activity", |shell| Page {
            shell,
            lines,
            newer,
            older,
        })
        .await
}

/// The latest events of the visitor since that time, the newest first.
pub(crate) async fn since(visitor: &Visitor, time: i64) -> Result<Vec<Event>, Failure> {
    let rows = sqlx::query(
        "SELECT event FROM portal_audit WHERE person = $1 AND at >= $2 ORDER BY at DESC, place DESC LIMIT $3",
    )
    .bind(visitor.person()?.id.as_str().to_owned())
    .bind(time)
    .bind(LATEST)
    .fetch_all(&visitor.site.database)
    .await?;
    let events = events::settled(rows.iter().filter_map(event).collect());
    Ok(events.into_iter().flatten().collect())
}

/// The event of a row, unless a newer portal wrote what this one does not know.
fn event(row: &AnyRow) -> Option<Event> {
    let text: &str = row.try_get("event").ok()?;
    serde_json::from_str(text).ok()
}

/// The event in words, for its person.
pub(crate) fn line(visitor: &Visitor, account: &Account, event: &Event) -> Line {
    let about = event.registration.as_ref();
    let mut registrations = account.registrations();
    let about = about.and_then(|id| registrations.find(|registered| registered.id() == id));
    let name = about.and_then(|registered| given_name(registered.method(), registered.name()));
    let by = event.by.as_ref();
    let by = by.map(|_| visitor.say("activity-by-administrator", &[]));
    // Where an administrator sits is not for the person to know.
    let origin = event.origin.clone().filter(|_| by.is_none());
    let tone = events::tone(event);
    Line {
        words: events::words(visitor.language, event, Reader::Person),
        tone,
        icon: match tone {
            "good" => "check",
            "" => "info",
            _ => "warning",
        },
        time: Messages::new(visitor.language).time(event.at),
        details: name
            .map(str::to_owned)
            .into_iter()
            .chain(by)
            .chain(origin)
            .collect(),
    }
}
