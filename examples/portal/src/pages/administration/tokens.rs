//! Hardware tokens: importing a list, and giving one to somebody.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{DefaultBodyLimit, Multipart, Query};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Enrol, Refused, Test};
use mfa_policy::{Messages, Timestamp};
use otp_core::ConsecutiveCodes;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::pages::administration::{Confirm, Other, escaped, refused, visit, with_fresh_proof};
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::token_list::{Problem, TokenList};
use crate::tokens;
use crate::visitor::{Administrator, Filled, Visitor};

/// Tokens on one page.
const PAGE: usize = 50;
/// The largest list, in bytes.
const LARGEST: usize = 1024 * 1024;
const HERE: &str = "/administration/tokens";
const IMPORT: &str = "/administration/tokens/import";

#[derive(Template)]
#[template(path = "administration/tokens.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    /// As a value in an address.
    escaped: String,
    serial: String,
    person: String,
    imported: String,
}

#[derive(Template)]
#[template(path = "administration/import.html")]
struct ImportPage {
    shell: Shell,
    /// What was wrong with the list before, by its lines.
    problems: Vec<(u64, String)>,
}

#[derive(Template)]
#[template(path = "administration/assign.html")]
struct AssignPage {
    shell: Shell,
    serial: String,
    person: String,
    wrong_person: String,
}

#[derive(Deserialize)]
pub(crate) struct After {
    #[serde(default)]
    after: String,
}

#[derive(Deserialize)]
pub(crate) struct Serial {
    serial: String,
}

#[derive(Deserialize)]
pub(crate) struct Assignment {
    serial: String,
    person: String,
    code: String,
    #[serde(default)]
    next_code: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    let import = get(show_import).post(import);
    Router::new()
        .route(HERE, get(show))
        .route(IMPORT, import.layer(DefaultBodyLimit::max(LARGEST)))
        .route(
            "/administration/tokens/assign",
            get(show_assign).post(assign),
        )
        .route(
            "/administration/tokens/forget",
            get(confirm_forget).post(forget),
        )
}

async fn show(
    Administrator(visitor): Administrator,
    Query(After { after }): Query<After>,
) -> Result<Response, Failure> {
    let most = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
    let mut waiting = tokens::waiting(&visitor.site, &after, most).await?;
    let more = waiting.len() > PAGE;
    waiting.truncate(PAGE);
    let next = waiting
        .last()
        .filter(|_| more)
        .map(|last| escaped(&last.serial));
    let messages = Messages::new(visitor.language);
    let row = |token: tokens::WaitingToken| Row {
        escaped: escaped(&token.serial),
        serial: token.serial,
        person: token.person,
        imported: messages.time(Timestamp::from_unix_seconds(token.imported)),
    };
    let rows = waiting.into_iter().map(row).collect();
    visitor
        .show("tokens", |shell| Page { shell, rows, next })
        .await
}

async fn show_import(Administrator(mut visitor): Administrator) -> Result<Response, Failure> {
    with_fresh_proof(&mut visitor, IMPORT).await?;
    visitor
        .show("tokens-import", |shell| ImportPage {
            shell,
            problems: Vec::new(),
        })
        .await
}

async fn import(
    Administrator(mut visitor): Administrator,
    form: Multipart,
) -> Result<Response, Failure> {
    with_fresh_proof(&mut visitor, IMPORT).await?;
    let mut list = TokenList::read(&uploaded(form).await?);
    let mut kept = 0_u32;
    for (line, token) in list.tokens {
        let known = token.person.is_empty()
            || people::by_name(&visitor.site.database, &token.person)
                .await?
                .is_some();
        if !known {
            list.problems.push((line, Problem::Person));
        } else if tokens::keep(&visitor.site, &token).await? {
            kept = kept.saturating_add(1);
        } else {
            list.problems.push((line, Problem::Known));
        }
    }
    let by = visitor.person()?.id.clone();
    tracing::info!(kept, %by, "hardware tokens were imported");
    list.problems.sort_by_key(|(line, _)| *line);
    let said = visitor.say("tokens-imported", &[("count", &kept.to_string())]);
    if list.problems.is_empty() {
        return visitor.go_with(HERE, said).await;
    }
    let skipped = list.problems.len().to_string();
    let alert = visitor.say("tokens-skipped", &[("count", &skipped)]);
    let words = |(line, problem)| (line, visitor.say(problem_words(problem), &[]));
    let problems = list.problems.into_iter().map(words).collect();
    visitor
        .again(format!("{said} {alert}"), "tokens-import", |shell| {
            ImportPage { shell, problems }
        })
        .await
}

/// The list: of the file, or else of the field.
async fn uploaded(mut form: Multipart) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut list = Zeroizing::new(Vec::new());
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| unreadable(&error))?
    {
        let is_list = matches!(field.name(), Some("file" | "list"));
        let text = read(field).await?;
        if is_list && list.is_empty() {
            list = text;
        }
    }
    Ok(list)
}

async fn read(field: Field<'_>) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
    Ok(Zeroizing::new(bytes.to_vec()))
}

fn unreadable(error: &MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge
    } else {
        Failure::Malformed
    }
}

const fn problem_words(problem: Problem) -> &'static str {
    match problem {
        Problem::Header => "token-header",
        Problem::Row => "token-row",
        Problem::Serial => "token-serial",
        Problem::Repeated => "token-repeated",
        Problem::Seed => "token-seed",
        Problem::ShortSeed => "token-short-seed",
        Problem::Kind => "token-kind",
        Problem::Algorithm => "token-algorithm",
        Problem::Digits => "token-digits",
        Problem::Period => "token-period",
        Problem::Counter => "token-counter",
        Problem::Person => "token-person",
        Problem::Known => "token-known",
        Problem::TooMany => "token-too-many",
    }
}

async fn show_assign(
    Administrator(mut visitor): Administrator,
    Query(Serial { serial }): Query<Serial>,
) -> Result<Response, Failure> {
    let token = tokens::find(&visitor.site, &serial).await?;
    let token = token.ok_or(Failure::NotFound)?;
    with_fresh_proof(&mut visitor, &assign_page(&token.serial)).await?;
    visitor
        .show("tokens-assign", |shell| AssignPage {
            shell,
            serial: token.serial.clone(),
            person: token.person.clone(),
            wrong_person: String::new(),
        })
        .await
}

fn assign_page(serial: &str) -> String {
    format!("/administration/tokens/assign?serial={}", escaped(serial))
}

/// The administrator's enrolment of a token: begun and confirmed at once, by what the token shows now.
async fn assign(
    Administrator(mut visitor): Administrator,
    Filled(form): Filled<Assignment>,
) -> Result<Response, Failure> {
    let listed = tokens::find(&visitor.site, &form.serial).await?;
    let listed = listed.ok_or(Failure::NotFound)?;
    let token = listed.token().map_err(|_| Failure::Unavailable)?;
    let person = people::by_name(&visitor.site.database, &form.person).await?;
    let Some((person, _)) = person else {
        let wrong = visitor.say("token-person", &[]);
        return assign_again(visitor, form, wrong.clone(), wrong).await;
    };
    let here = assign_page(&listed.serial);
    let other = Other::find(&visitor, person.id.as_str()).await?;
    let messages = visitor.messages(&other.account);
    let visit = visit(&mut visitor, &other, &here).await?;
    let begin = |on: mfa_flow::Operation<'_>| {
        on.begin_enrolment(Enrol::HardwareToken(&token), token.serial())
    };
    let begun = match visitor.transact(&other.key, &visit, begin).await? {
        Ok(begun) => begun,
        Err(why) => return refused(visitor, &why, &messages, &here).await,
    };
    let codes = [form.code.as_str(), form.next_code.as_str()];
    let test = if form.next_code.trim().is_empty() {
        Test::Code(&form.code)
    } else {
        Test::ConsecutiveCodes(ConsecutiveCodes::Two(codes))
    };
    let confirm = |on: mfa_flow::Operation<'_>| on.confirm_enrolment(begun.registration(), test);
    match visitor.transact(&other.key, &visit, confirm).await? {
        Ok(_) => {
            tokens::forget(&visitor.site, &listed.serial).await?;
            let name = &other.person.shown;
            let notice = visitor.say("tokens-assigned", &[("name", name)]);
            visitor.go_with(&other.page(), notice).await
        }
        Err(Refused::Rejected(_)) => {
            let alert = visitor.say("token-code-wrong", &[]);
            assign_again(visitor, form, alert, String::new()).await
        }
        Err(why) => refused(visitor, &why, &messages, &here).await,
    }
}

async fn assign_again(
    visitor: Visitor,
    form: Assignment,
    alert: String,
    wrong_person: String,
) -> Result<Response, Failure> {
    visitor
        .again(alert, "tokens-assign", |shell| AssignPage {
            shell,
            serial: form.serial,
            person: form.person,
            wrong_person,
        })
        .await
}

async fn confirm_forget(
    Administrator(visitor): Administrator,
    Query(Serial { serial }): Query<Serial>,
) -> Result<Response, Failure> {
    let token = tokens::find(&visitor.site, &serial).await?;
    let serial = token.ok_or(Failure::NotFound)?.serial;
    let text = visitor.say("tokens-forget-question", &[("serial", &serial)]);
    let button = visitor.say("tokens-forget", &[]);
    visitor
        .show("tokens-forget", |shell| Confirm {
            shell,
            text,
            address: "/administration/tokens/forget".to_owned(),
            hidden: Some(("serial", serial)),
            button,
            back: HERE.to_owned(),
        })
        .await
}

async fn forget(
    Administrator(mut visitor): Administrator,
    Filled(Serial { serial }): Filled<Serial>,
) -> Result<Response, Failure> {
    with_fresh_proof(&mut visitor, HERE).await?;
    tokens::forget(&visitor.site, &serial).await?;
    let notice = visitor.say("tokens-forgotten", &[]);
    visitor.go_with(HERE, notice).await
}
