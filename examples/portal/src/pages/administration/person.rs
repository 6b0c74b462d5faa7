//! One person: what is registered, what ever was, and what can be done for him.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Binding, Confirmed, HistoryEntry, Registered};
use mfa_policy::{Action, Administration, Messages, PersonId, RegistrationId, State as Condition};
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::administration::people::{State, states};
use crate::pages::administration::{Confirm, Other, phone, refused, visit};
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Filled, Visitor};

#[derive(Template)]
#[template(path = "administration/person.html")]
struct Page {
    shell: Shell,
    about: About,
}

struct About {
    id: PersonId,
    name: String,
    mail: String,
    groups: String,
    administrator: bool,
    states: Vec<State>,
    devices: String,
    methods: Vec<Row>,
    history: Vec<Line>,
    /// Why nothing can be done here; `None` if something can.
    hindrance: Option<String>,
    deeds: Vec<Deed>,
    pass_hindrance: Option<String>,
    phones: Vec<phone::Kind>,
}

struct Row {
    id: RegistrationId,
    kind: &'static str,
    title: String,
    details: Vec<String>,
    is_default: bool,
    /// What is the matter with it.
    state: Option<State>,
}

/// A line of the history.
struct Line {
    words: String,
    by: String,
    time: String,
}

/// What can be done for somebody by a yes alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deed {
    Remove,
    RequireRegistration,
    Unlock,
    ForgetDevices,
    EndSessions,
    Suspend,
    Resume,
}

#[derive(Deserialize)]
pub(crate) struct What {
    registration: Option<RegistrationId>,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/administration/people/{id}", get(show))
        .route("/administration/people/{id}/{deed}", get(confirm).post(act))
}

async fn show(
    Administrator(visitor): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let other = Other::find(&visitor, &id).await?;
    let messages = visitor.messages(&other.account);
    let history = history(&visitor, &messages, other.account.history()).await?;
    let default = default(&visitor, &other);
    let row = |registered| row(&visitor, &other, &messages, registered, default.as_ref());
    let methods = other.account.registrations().map(row).collect();
    let unlock = Action::Administer(Administration::Unlock);
    let issue = Action::Administer(Administration::IssuePass {
        minutes: None,
        one_time: true,
    });
    let groups: Vec<&str> = other
        .person
        .groups
        .iter()
        .map(|group| group.as_str())
        .collect();
    let about = About {
        id: other.person.id.clone(),
        name: other.person.name.clone(),
        mail: other.person.mail.clone(),
        groups: groups.join(", "),
        administrator: other.person.administrator,
        states: states(&visitor, &messages, &other.account),
        devices: other.account.remembered_devices().len().to_string(),
        methods,
        history,
        hindrance: other.hindrance(&visitor, &unlock)?,
        deeds: Deed::all(other.account.is_suspended()),
        pass_hindrance: other.hindrance(&visitor, &issue)?,
        phones: phone::kinds(&visitor, &other)?,
    };
    let shown = other.person.shown.clone();
    visitor
        .show("person", |mut shell| {
            shell.title = shown;
            Page { shell, about }
        })
        .await
}

fn default(visitor: &Visitor, other: &Other) -> Option<RegistrationId> {
    let (policy, view) = (visitor.in_force.flow.policy(), other.account.view());
    let context = mfa_policy::Context::anywhere(visitor.now);
    let default = policy.default_method(&other.person.subject(), &view, &context)?;
    Some(default.registration().clone())
}

fn row(
    visitor: &Visitor,
    other: &Other,
    messages: &Messages,
    registered: &Registered,
    default: Option<&RegistrationId>,
) -> Row {
    let view = other.account.view();
    let lock = view
        .registration(registered.id())
        .and_then(mfa_policy::Registration::lock_end);
    let lock = lock.filter(|until| *until > visitor.now);
    let state = match (registered.state(), lock) {
        (Condition::Disabled, _) => Some(("bad", visitor.say("method-disabled", &[]))),
        (Condition::Deactivated, _) => Some(("warn", visitor.say("method-deactivated", &[]))),
        (_, Some(until)) => {
            let until = messages.time(until);
            Some(("warn", visitor.say("person-locked", &[("until", &until)])))
        }
        _ => None,
    };
    let used = match registered.last_used() {
        Some(time) => visitor.say("method-used", &[("time", &messages.time(time))]),
        None => visitor.say("method-never-used", &[]),
    };
    let added = visitor.say(
        "method-added",
        &[("time", &messages.time(registered.added()))],
    );
    let name = Some(registered.name().to_owned()).filter(|name| !name.is_empty());
    let details = name
        .into_iter()
        .chain(registered.hint())
        .chain([used, added]);
    Row {
        id: registered.id().clone(),
        kind: registered.method().kind(),
        title: messages.method(registered.method()),
        details: details.collect(),
        is_default: default == Some(registered.id()),
        state: state.map(|(tone, words)| State { tone, words }),
    }
}

/// The history, the latest first.
async fn history(
    visitor: &Visitor,
    messages: &Messages,
    entries: &[HistoryEntry],
) -> Result<Vec<Line>, Failure> {
    let mut names: HashMap<&PersonId, String> = HashMap::new();
    for by in entries.iter().filter_map(HistoryEntry::by) {
        if !names.contains_key(by) {
            let person = people::by_id(&visitor.site.database, by.as_str()).await?;
            names.insert(
                by,
                person.map_or_else(|| by.to_string(), |person| person.shown),
            );
        }
    }
    let line = |entry: &HistoryEntry| {
        let text = match entry.what() {
            Binding::Bound => "history-bound",
            Binding::Removed => "history-removed",
            Binding::Disabled => "history-disabled",
            Binding::Deactivated => "history-deactivated",
            _ => "history-changed",
        };
        let by = entry.by().and_then(|by| names.get(by));
        Line {
            words: visitor.say(text, &[("method", &messages.method(entry.method()))]),
            by: by.map_or_else(String::new, |by| visitor.say("history-by", &[("name", by)])),
            time: messages.time(entry.at()),
        }
    };
    Ok(entries.iter().rev().map(line).collect())
}

/// Asks whether it is really to be done.
async fn confirm(
    Administrator(mut visitor): Administrator,
    Path((id, deed)): Path<(String, String)>,
    Query(What { registration }): Query<What>,
) -> Result<Response, Failure> {
    let deed = Deed::named(&deed).ok_or(Failure::NotFound)?;
    let other = Other::find(&visitor, &id).await?;
    let action = deed.action(registration.as_ref())?;
    let here = deed.address(&other, registration.as_ref());
    other.let_on(&mut visitor, &action, &here).await?;
    let registered = registration.as_ref().and_then(|id| {
        let mut all = other.account.registrations();
        all.find(|registered| registered.id() == id)
    });
    let method = registered.map_or_else(String::new, |registered| {
        let title = visitor.messages(&other.account).method(registered.method());
        let detail = registered
            .hint()
            .unwrap_or_else(|| registered.name().to_owned());
        format!("{title} ({detail})")
    });
    let name = other.person.shown.as_str();
    let text = visitor.say(deed.question(), &[("name", name), ("method", &method)]);
    let (button, back) = (visitor.say(deed.title(), &[]), other.page());
    visitor
        .show(deed.title(), |shell| Confirm {
            shell,
            text,
            address: format!("{back}/{}", deed.name()),
            hidden: registration.map(|id| ("registration", id.to_string())),
            button,
            back,
        })
        .await
}

/// Does it.
async fn act(
    Administrator(mut visitor): Administrator,
    Path((id, deed)): Path<(String, String)>,
    Filled(what): Filled<What>,
) -> Result<Response, Failure> {
    let deed = Deed::named(&deed).ok_or(Failure::NotFound)?;
    let other = Other::find(&visitor, &id).await?;
    let here = deed.address(&other, what.registration.as_ref());
    let visit = visit(&mut visitor, &other, &here).await?;
    let key = &other.key;
    let done = match deed {
        Deed::Remove => {
            let registration = what.registration.ok_or(Failure::Malformed)?;
            let remove = |on: mfa_flow::Operation<'_>| {
                on.remove_for_person(&registration, Confirmed::after_asking())
            };
            let removed = visitor.transact(key, &visit, remove).await?;
            removed.map(|_| ())
        }
        Deed::RequireRegistration => {
            visitor
                .transact(key, &visit, |on| on.require_registration())
                .await?
        }
        Deed::Unlock => visitor.transact(key, &visit, |on| on.unlock()).await?,
        Deed::ForgetDevices => {
            visitor
                .transact(key, &visit, |on| on.revoke_remembered_devices())
                .await?
        }
        Deed::EndSessions => {
            visitor
                .transact(key, &visit, |on| on.end_sessions())
                .await?
        }
        Deed::Suspend => visitor.transact(key, &visit, |on| on.suspend()).await?,
        Deed::Resume => visitor.transact(key, &visit, |on| on.resume()).await?,
    };
    match done {
        Ok(()) => {
            let notice = visitor.say(deed.done(), &[]);
            visitor.go_with(&other.page(), notice).await
        }
        Err(why) => {
            let messages = visitor.messages(&other.account);
            refused(visitor, &why, &messages, &here).await
        }
    }
}

impl Deed {
    /// Those of a person's page, where he is suspended or not.
    fn all(suspended: bool) -> Vec<Self> {
        let last = if suspended {
            Self::Resume
        } else {
            Self::Suspend
        };
        vec![
            Self::Unlock,
            Self::RequireRegistration,
            Self::ForgetDevices,
            Self::EndSessions,
            last,
        ]
    }

    /// In addresses.
    const fn name(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::RequireRegistration => "require-registration",
            Self::Unlock => "unlock",
            Self::ForgetDevices => "forget-devices",
            Self::EndSessions => "end-sessions",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let all = Self::all(true)
            .into_iter()
            .chain([Self::Suspend, Self::Remove]);
        all.into_iter().find(|deed| deed.name() == name)
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Unlock | Self::Resume => "lock",
            Self::Suspend | Self::EndSessions => "sign_out",
            Self::Remove | Self::RequireRegistration | Self::ForgetDevices => "shield",
        }
    }

    /// The texts: what it is called, what is asked, and what is said when it is done.
    const fn title(self) -> &'static str {
        match self {
            Self::Remove => "deed-remove",
            Self::RequireRegistration => "deed-require-registration",
            Self::Unlock => "deed-unlock",
            Self::ForgetDevices => "deed-forget-devices",
            Self::EndSessions => "deed-end-sessions",
            Self::Suspend => "deed-suspend",
            Self::Resume => "deed-resume",
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Self::Remove => "deed-remove-question",
            Self::RequireRegistration => "deed-require-registration-question",
            Self::Unlock => "deed-unlock-question",
            Self::ForgetDevices => "deed-forget-devices-question",
            Self::EndSessions => "deed-end-sessions-question",
            Self::Suspend => "deed-suspend-question",
            Self::Resume => "deed-resume-question",
        }
    }

    const fn done(self) -> &'static str {
        match self {
            Self::Remove => "deed-remove-done",
            Self::RequireRegistration => "deed-require-registration-done",
            Self::Unlock => "deed-unlock-done",
            Self::ForgetDevices => "deed-forget-devices-done",
            Self::EndSessions => "deed-end-sessions-done",
            Self::Suspend => "deed-suspend-done",
            Self::Resume => "deed-resume-done",
        }
    }

    /// What the policy is asked; the operation itself asks the same.
    fn action(self, registration: Option<&RegistrationId>) -> Result<Action, Failure> {
        Ok(Action::Administer(match self {
            Self::Remove => Administration::Remove {
                registration: registration.ok_or(Failure::NotFound)?.clone(),
            },
            Self::RequireRegistration => Administration::RequireRegistration,
            Self::ForgetDevices => Administration::RevokeRememberedDevices,
            Self::Unlock | Self::EndSessions | Self::Suspend | Self::Resume => {
                Administration::Unlock
            }
        }))
    }

    /// The page that asks.
    fn address(self, other: &Other, registration: Option<&RegistrationId>) -> String {
        let page = format!("{}/{}", other.page(), self.name());
        match registration {
            Some(registration) => format!("{page}?registration={registration}"),
            None => page,
        }
    }
}
