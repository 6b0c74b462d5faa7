//! The list of people, and adding somebody.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Account, EmailAddress};
use mfa_policy::{Group, Messages, PersonId, Timestamp};
use mfa_store::Store as _;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::administration::{escaped, with_fresh_proof};
use crate::password::Password;
use crate::people::{self, Person, canonical};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Filled, Visitor};

/// People on one page.
const PAGE: usize = 25;
/// The longest name that is taken.
const LONGEST_NAME: usize = 64;
/// Where somebody is added.
const NEW: &str = "/administration/people/new";

#[derive(Template)]
#[template(path = "administration/people.html")]
struct Page {
    shell: Shell,
    search: String,
    rows: Vec<Row>,
    /// The address of the next page, if there are more.
    next: Option<String>,
}

struct Row {
    id: PersonId,
    name: String,
    shown: String,
    administrator: bool,
    methods: String,
    states: Vec<State>,
    last: String,
}

/// What is the matter with an account.
pub(super) struct State {
    pub(super) tone: &'static str,
    pub(super) words: String,
}

#[derive(Template)]
#[template(path = "administration/new_person.html")]
struct NewPage {
    shell: Shell,
    form: NewPerson,
    wrong: Wrong,
}

/// What is wrong with a form, at the field that it is about; empty if nothing is.
#[derive(Default)]
struct Wrong {
    name: String,
    shown: String,
    mail: String,
    groups: String,
}

/// Somebody was added: the first password is shown once.
#[derive(Template)]
#[template(path = "administration/added.html")]
struct AddedPage {
    shell: Shell,
    person: Person,
    password: Password,
}

#[derive(Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    search: String,
    #[serde(default)]
    after: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct NewPerson {
    #[serde(default)]
    name: String,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    mail: String,
    #[serde(default)]
    groups: String,
    administrator: Option<String>,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/administration/people", get(show))
        .route(NEW, get(show_new).post(add))
}

async fn show(
    Administrator(visitor): Administrator,
    Query(Search { search, after }): Query<Search>,
) -> Result<Response, Failure> {
    let most = i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX);
    let mut found = people::search(&visitor.site.database, &search, &after, most).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| {
        let (search, after) = (escaped(&search), escaped(&last.name));
        format!("/administration/people?search={search}&after={after}")
    });
    let messages = Messages::new(visitor.language);
    let mut rows = Vec::with_capacity(found.len());
    for person in found {
        let key = visitor.site.account(&person.id);
        let account = visitor.site.store.load(&key).await?;
        rows.push(row(&visitor, &messages, person, &account));
    }
    visitor
        .show("people", |shell| Page {
            shell,
            search,
            rows,
            next,
        })
        .await
}

fn row(visitor: &Visitor, messages: &Messages, person: Person, account: &Account) -> Row {
    let mut methods: Vec<String> = Vec::new();
    for registered in account.registrations() {
        let name = messages.method(registered.method());
        if !methods.contains(&name) {
            methods.push(name);
        }
    }
    let last = account
        .registrations()
        .filter_map(mfa_flow::Registered::last_used);
    Row {
        states: states(visitor, messages, account),
        last: last
            .max()
            .map_or_else(String::new, |time| messages.time(time)),
        methods: methods.join(", "),
        id: person.id,
        name: person.name,
        shown: person.shown,
        administrator: person.administrator,
    }
}

/// Whether the account is suspended or something of it locked.
pub(super) fn states(visitor: &Visitor, messages: &Messages, account: &Account) -> Vec<State> {
    let mut states = Vec::new();
    if account.is_suspended() {
        states.push(State {
            tone: "bad",
            words: visitor.say("person-suspended", &[]),
        });
    }
    let view = account.view();
    let locks = view
        .registrations()
        .iter()
        .map(mfa_policy::Registration::lock_end);
    let locks = locks.chain([account.password_locked_until()]).flatten();
    let until: Option<Timestamp> = locks.filter(|until| *until > visitor.now).max();
    if let Some(until) = until {
        states.push(State {
            tone: "warn",
            words: visitor.say("person-locked", &[("until", &messages.time(until))]),
        });
    }
    states
}

async fn show_new(Administrator(mut visitor): Administrator) -> Result<Response, Failure> {
    with_fresh_proof(&mut visitor, NEW).await?;
    visitor
        .show("person-add", |shell| NewPage {
            shell,
            form: NewPerson::default(),
            wrong: Wrong::default(),
        })
        .await
}

async fn add(
    Administrator(mut visitor): Administrator,
    Filled(form): Filled<NewPerson>,
) -> Result<Response, Failure> {
    with_fresh_proof(&mut visitor, NEW).await?;
    let person = match read(&visitor, &form) {
        Ok(person) => person,
        Err(wrong) => return again(visitor, form, wrong).await,
    };
    let password = Password::new(random_text(12)?);
    let added = people::add(&visitor.site.database, &person, password.clone()).await;
    match added {
        Ok(()) => {
            visitor
                .show("person-added", |shell| AddedPage {
                    shell,
                    person,
                    password,
                })
                .await
        }
        Err(error) if is_taken(&error) => {
            let wrong = Wrong {
                name: visitor.say("person-name-taken", &[]),
                ..Wrong::default()
            };
            again(visitor, form, wrong).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn again(visitor: Visitor, form: NewPerson, wrong: Wrong) -> Result<Response, Failure> {
    let alert = visitor.say("form-wrong", &[]);
    visitor
        .again(alert, "person-add", |shell| NewPage { shell, form, wrong })
        .await
}

/// The person of a form, or what is wrong with it.
fn read(visitor: &Visitor, form: &NewPerson) -> Result<Person, Wrong> {
    let mut wrong = Wrong::default();
    let name = canonical(&form.name);
    let fits = |text: &str| (1..=LONGEST_NAME).contains(&text.chars().count());
    let plain = |c: char| !c.is_control() && !c.is_whitespace();
    if !fits(&name) || !name.chars().all(plain) {
        wrong.name = visitor.say("person-name-wrong", &[]);
    }
    let shown = form.shown.trim();
    if !fits(shown) || shown.chars().any(char::is_control) {
        wrong.shown = visitor.say("person-shown-wrong", &[]);
    }
    let mail = EmailAddress::new(&form.mail);
    if mail.is_err() {
        wrong.mail = visitor.say("person-mail-wrong", &[]);
    }
    let groups = form.groups.split_whitespace().map(Group::new);
    let groups: Result<Vec<Group>, _> = groups.collect();
    if groups.is_err() {
        wrong.groups = visitor.say("person-groups-wrong", &[]);
    }
    let id = random_text(16)
        .ok()
        .and_then(|text| PersonId::new(&text).ok());
    let all = [&wrong.name, &wrong.shown, &wrong.mail, &wrong.groups];
    let is_fine = all.into_iter().all(String::is_empty);
    match (id, mail, groups) {
        (Some(id), Ok(mail), Ok(groups)) if is_fine => Ok(Person {
            id,
            name,
            shown: shown.to_owned(),
            mail: mail.as_str().to_owned(),
            language: visitor.language,
            administrator: form.administrator.is_some(),
            groups,
        }),
        _ => Err(wrong),
    }
}

fn is_taken(error: &anyhow::Error) -> bool {
    let error: Option<&sqlx::Error> = error.downcast_ref();
    error
        .and_then(sqlx::Error::as_database_error)
        .is_some_and(|error| error.is_unique_violation())
}

/// Letters of Base32 for that many random bytes: they can be read out and typed.
fn random_text(bytes: usize) -> Result<String, Failure> {
    let mut random = zeroize::Zeroizing::new(vec![0; bytes]);
    getrandom::fill(&mut random).map_err(|_| Failure::Unavailable)?;
    Ok(otp_uri::base32::encode(&random).expose().to_lowercase())
}
