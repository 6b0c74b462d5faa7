//! The audit log, with filters, and as a table for spreadsheets.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use mfa_flow::Event;
use mfa_policy::{Messages, PersonId, Timestamp};
use serde::Deserialize;

use crate::audit::{self, Filter};
use crate::events::{self, Reader};
use crate::failure::Failure;
use crate::pages::administration::escaped;
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::spreadsheet::cell;
use crate::visitor::{Administrator, Visitor};

/// Events on one page.
const PAGE: i64 = 50;
/// Events in one table.
const MOST: i64 = 10_000;

#[derive(Template)]
#[template(path = "administration/audit.html")]
struct Page {
    shell: Shell,
    filter: Asked,
    kinds: Vec<Kind>,
    wrong_person: String,
    rows: Vec<Row>,
    query: String,
    newer: Option<i64>,
    older: Option<i64>,
}

/// A kind of event to choose.
struct Kind {
    name: &'static str,
    words: String,
    chosen: bool,
}

struct Row {
    tone: &'static str,
    time: String,
    person: String,
    /// Of the page of the person, if there is one.
    id: Option<PersonId>,
    words: String,
    by: String,
    origin: String,
}

/// The filter as it is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    person: String,
    kind: String,
    /// Days, as browsers write them.
    from: String,
    until: String,
    page: i64,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/administration/audit", get(show))
        .route("/administration/audit.csv", get(export))
}

/// What can be chosen, and the events that are meant.
const KINDS: [(&str, &str, &[&str]); 5] = [
    (
        "sign-in",
        "audit-sign-in",
        &[
            "first_factor",
            "password_tried",
            "challenged",
            "sent",
            "answered",
            "denied_by_person",
            "reported_suspicious",
            "phone_sign_in_begun",
            "app_password_used",
            "device_remembered",
            "session_ended",
            "sessions_ended",
        ],
    ),
    (
        "methods",
        "audit-methods",
        &[
            "enrolment_begun",
            "enrolment_tested",
            "paired",
            "enrolment_ended",
            "bound",
            "removed",
            "renamed",
            "default_changed",
            "pass_issued",
            "recovery_codes_made",
            "resynchronised",
            "devices_forgotten",
        ],
    ),
    (
        "locks",
        "audit-locks",
        &[
            "locked",
            "disabled",
            "password_locked",
            "first_factor_locked",
            "reset_locked",
            "unlocked",
            "suspended",
            "resumed",
        ],
    ),
    (
        "reset",
        "audit-reset",
        &[
            "reset_begun",
            "reset_locked",
            "reset_permitted",
            "password_reset",
            "permission_refused",
            "password_changed",
        ],
    ),
    ("refused", "audit-refused", &["refused"]),
];
/// What administrators did, whatever it was.
const BY_ADMINISTRATORS: &str = "administration";

async fn show(
    Administrator(visitor): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let page = asked.page.clamp(0, 1_000_000);
    let filter = filter(&visitor, &asked).await?;
    let (events, wrong_person) = match filter {
        Some(filter) => {
            let skipped = page.saturating_mul(PAGE);
            let most = PAGE.saturating_add(1);
            let found = audit::read(&visitor.site.database, &filter, most, skipped).await?;
            (found, String::new())
        }
        None => (Vec::new(), visitor.say("token-person", &[])),
    };
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let older = (events.len() > shown).then(|| page.saturating_add(1));
    let mut rows = rows(&visitor, events).await?;
    rows.truncate(shown);
    let chosen = asked.kind.clone();
    let kind = |name, words| Kind {
        name,
        words: visitor.say(words, &[]),
        chosen: chosen == name,
    };
    let kinds = KINDS.iter().map(|(name, words, _)| kind(name, words));
    let kinds = kinds.chain([kind(BY_ADMINISTRATORS, "audit-administration")]);
    let kinds = kinds.collect();
    visitor
        .show("audit", |shell| Page {
            shell,
            query: query(&asked),
            filter: asked,
            kinds,
            wrong_person,
            rows,
            newer: (page > 0).then(|| page.saturating_sub(1)),
            older,
        })
        .await
}

/// The filter; `None` if nobody has the name that is asked for. A day that is none does not matter.
async fn filter(visitor: &Visitor, asked: &Asked) -> Result<Option<Filter>, Failure> {
    let person = match asked.person.trim() {
        "" => None,
        typed => match people::by_name(&visitor.site.database, typed).await? {
            Some((person, _)) => Some(person.id),
            None => return Ok(None),
        },
    };
    let kind = KINDS.iter().find(|(name, ..)| *name == asked.kind);
    let until: Option<Timestamp> = asked.until.parse().ok();
    Ok(Some(Filter {
        person,
        names: kind.map_or(&[], |(.., names)| *names),
        administration: asked.kind == BY_ADMINISTRATORS,
        from: asked.from.parse().ok(),
        until: until.map(|day| day.plus_days(1)),
    }))
}

/// The filter for addresses, without the page.
fn query(asked: &Asked) -> String {
    let Asked {
        person,
        kind,
        from,
        until,
        ..
    } = asked;
    let [person, kind, from, until] = [person, kind, from, until].map(|text| escaped(text));
    format!("person={person}&kind={kind}&from={from}&until={until}")
}

async fn rows(
    visitor: &Visitor,
    events: Vec<(Option<PersonId>, Event)>,
) -> Result<Vec<Row>, Failure> {
    let messages = Messages::new(visitor.language);
    let people = events
        .iter()
        .flat_map(|(person, event)| [person, &event.by]);
    let ids: HashSet<PersonId> = people.flatten().cloned().collect();
    let mut names: HashMap<PersonId, String> = HashMap::new();
    for id in ids {
        let person = people::by_id(&visitor.site.database, id.as_str()).await?;
        names.extend(person.map(|person| (id, person.shown)));
    }
    let shown = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    let row = |(person, event): (Option<PersonId>, Event)| Row {
        tone: events::tone(&event),
        time: messages.time(event.at),
        person: match &person {
            Some(person) => shown(person),
            None => visitor.say("audit-nobody", &[]),
        },
        id: person.filter(|person| names.contains_key(person)),
        words: events::words(visitor.language, &event, Reader::Administrator),
        by: event.by.as_ref().map(shown).unwrap_or_default(),
        origin: event.origin.unwrap_or_default(),
    };
    Ok(events.into_iter().map(row).collect())
}

async fn export(
    Administrator(visitor): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let filter = filter(&visitor, &asked).await?.ok_or(Failure::NotFound)?;
    let events = audit::read(&visitor.site.database, &filter, MOST, 0).await?;
    let times: Vec<String> = events
        .iter()
        .map(|(_, event)| event.at.to_string())
        .collect();
    let header = [
        "audit-time",
        "audit-person",
        "audit-event",
        "audit-by",
        "audit-origin",
    ];
    let mut table = csv::Writer::from_writer(Vec::new());
    let mut write = |row: [&str; 5]| table.write_record(row.map(|text| cell(text).into_owned()));
    let unavailable = |_| Failure::Unavailable;
    let header = header.map(|name| visitor.say(name, &[]));
    write(header.each_ref().map(String::as_str)).map_err(unavailable)?;
    for (row, time) in rows(&visitor, events).await?.iter().zip(&times) {
        write([time, &row.person, &row.words, &row.by, &row.origin]).map_err(unavailable)?;
    }
    let table = table.into_inner().map_err(|_| Failure::Unavailable)?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"audit.csv\""),
    ];
    Ok((headers, table).into_response())
}
