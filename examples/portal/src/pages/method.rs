//! What can be done with one registration: make it the default, rename it, remove it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Account, Confirmed, Refused, Registered};
use mfa_policy::{Action, Decision, Messages, Method, Overview, Purpose, RegistrationId};
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::security_info::{HERE, titled};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn, Visitor, takes_proof};

#[derive(Template)]
#[template(path = "default.html")]
struct DefaultPage {
    shell: Shell,
    choices: Vec<Choice>,
}

struct Choice {
    id: RegistrationId,
    /// "Notification", "Code", "Text", "Call" and so on.
    name: String,
    detail: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "rename.html")]
struct RenamePage {
    shell: Shell,
    title: String,
    /// The name as it is, or as it was typed before.
    typed: String,
    error: String,
}

#[derive(Template)]
#[template(path = "remove.html")]
struct RemovePage {
    shell: Shell,
    title: String,
    /// What follows from it; or why it cannot be.
    consequences: Vec<String>,
    /// What would help, where it cannot be.
    remedies: Vec<String>,
    allowed: bool,
}

#[derive(Deserialize)]
pub(crate) struct Chosen {
    registration: RegistrationId,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(
            "/security-info/default",
            get(choose_default).post(set_default),
        )
        .route(
            "/security-info/methods/{registration}/rename",
            get(rename).post(set_name),
        )
        .route(
            "/security-info/methods/{registration}/remove",
            get(remove).post(remove_confirmed),
        )
}

async fn choose_default(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    let overview = visitor.look(|on| on.overview()).await?;
    let account = visitor.account().await?;
    let messages = visitor.messages(&account);
    let default = overview
        .default_method()
        .map(|default| default.registration());
    let choices = overview.choices().iter().filter_map(|id| {
        let registered = account
            .registrations()
            .find(|registered| registered.id() == id)?;
        Some(Choice {
            id: id.clone(),
            name: capitalised(&messages.default_choice(registered.method())?),
            detail: titled(&messages, registered),
            chosen: default == Some(id),
        })
    });
    let choices = choices.collect();
    visitor
        .show("info-default-change", |shell| DefaultPage {
            shell,
            choices,
        })
        .await
}

async fn set_default(
    SignedIn(visitor): SignedIn,
    Filled(form): Filled<Chosen>,
) -> Result<Response, Failure> {
    match visitor.run(|on| on.set_default(&form.registration)).await? {
        Ok(()) => {
            let notice = visitor.say("info-default-changed", &[]);
            visitor.go_with(HERE, notice).await
        }
        Err(refused) => visitor.refused(refused, "/security-info/default").await,
    }
}

async fn rename(
    SignedIn(visitor): SignedIn,
    Path(id): Path<RegistrationId>,
) -> Result<Response, Failure> {
    let account = visitor.account().await?;
    let registered = registered(&account, &id)?;
    let title = titled(&visitor.messages(&account), registered);
    let typed = registered.name().to_owned();
    visitor
        .show("info-rename", |shell| RenamePage {
            shell,
            title,
            typed,
            error: String::new(),
        })
        .await
}

async fn set_name(
    SignedIn(visitor): SignedIn,
    Path(id): Path<RegistrationId>,
    Filled(form): Filled<Name>,
) -> Result<Response, Failure> {
    match visitor.run(|on| on.rename(&id, &form.name)).await? {
        Ok(()) => {
            let notice = visitor.say("info-renamed", &[]);
            visitor.go_with(HERE, notice).await
        }
        Err(Refused::Invalid(_)) => {
            let account = visitor.account().await?;
            let title = titled(&visitor.messages(&account), registered(&account, &id)?);
            let alert = visitor.say("info-name-invalid", &[]);
            let (error, typed) = (alert.clone(), form.name);
            visitor
                .again(alert, "info-rename", |shell| RenamePage {
                    shell,
                    title,
                    typed,
                    error,
                })
                .await
        }
        Err(refused) => visitor.refused(refused, &path(&id, "rename")).await,
    }
}

/// Asks whether it is really to go, and tells what follows.
async fn remove(
    SignedIn(mut visitor): SignedIn,
    Path(id): Path<RegistrationId>,
) -> Result<Response, Failure> {
    let action = Action::Remove {
        registration: id.clone(),
    };
    let (decision, before, after) = visitor
        .look(|on| {
            (
                on.decide(&action),
                on.overview(),
                on.overview_after(&action),
            )
        })
        .await?;
    if takes_proof(&decision) {
        visitor
            .prove(Purpose::ManageSecurityInfo, &path(&id, "remove"))
            .await?;
        return visitor.go("/verify");
    }
    let account = visitor.account().await?;
    let messages = visitor.messages(&account);
    let going = registered(&account, &id)?;
    let title = titled(&messages, going);
    let allowed = decision.is_allowed();
    let (consequences, remedies) = if allowed {
        let told = consequences(&visitor, &messages, &account, going, &before, &after);
        (told, Vec::new())
    } else {
        let refused = Refused::Policy(Box::new(decision.clone()));
        (
            vec![visitor.why(&refused, &messages)],
            helps(&messages, &decision),
        )
    };
    visitor
        .show("info-remove", |shell| RemovePage {
            shell,
            title,
            consequences,
            remedies,
            allowed,
        })
        .await
}

/// The answer was yes.
async fn remove_confirmed(
    SignedIn(visitor): SignedIn,
    Path(id): Path<RegistrationId>,
) -> Result<Response, Failure> {
    let removed = visitor
        .run(|on| on.remove(&id, Confirmed::after_asking()))
        .await?;
    match removed {
        Ok(removed) => {
            let messages = Messages::new(visitor.language);
            let default = removed.default().filter(|_| removed.default_changed());
            let notice = match default {
                Some(default) => visitor.say(
                    "info-removed-default",
                    &[("default", &messages.method(default.method()))],
                ),
                None => visitor.say("info-removed", &[]),
            };
            visitor.go_with(HERE, notice).await
        }
        Err(refused) => visitor.refused(refused, &path(&id, "remove")).await,
    }
}

/// What is different afterwards, as the policy sees it, and what it cannot see: the other devices and the phone.
fn consequences(
    visitor: &Visitor,
    messages: &Messages,
    account: &Account,
    going: &Registered,
    before: &Overview,
    after: &Overview,
) -> Vec<String> {
    let mut told = Vec::new();
    let default = |overview: &Overview| {
        let default = overview.default_method()?.registration();
        account
            .registrations()
            .find(|r| r.id() == default)
            .map(|r| titled(messages, r))
    };
    match (default(before), default(after)) {
        (before, Some(default)) if before.as_ref() != Some(&default) => {
            told.push(visitor.say("info-remove-default", &[("default", &default)]));
        }
        _ => {}
    }
    for purpose in Purpose::ALL {
        let serves = |overview: &Overview| {
            let mut registrations = overview.registrations().iter();
            registrations.any(|seen| seen.usable_for().contains(purpose))
        };
        // What comes with two-step verification needs no line of its own.
        if matches!(purpose, Purpose::ManageSecurityInfo | Purpose::StepUp) {
            continue;
        }
        if serves(before) && !serves(after) {
            let purpose = messages.purpose(purpose);
            told.push(visitor.say("info-remove-nothing-left", &[("purpose", &purpose)]));
        }
    }
    if before.missing().is_empty() && !after.missing().is_empty() {
        told.push(visitor.say("info-remove-register", &[]));
    }
    told.push(visitor.say(
        match going.method() {
            Method::AppPassword => "info-remove-app-password",
            Method::RecoveryCodes => "info-remove-codes",
            _ => "info-remove-again",
        },
        &[],
    ));
    if matches!(
        going.method(),
        Method::AuthenticatorPush | Method::AuthenticatorCode | Method::OtherAuthenticator
    ) {
        told.push(visitor.say("info-remove-phone", &[]));
    }
    told.push(visitor.say("info-remove-elsewhere", &[]));
    told
}

/// The first ways out. Two methods of one app are one way for who reads it.
fn helps(messages: &Messages, decision: &Decision) -> Vec<String> {
    let remedies = decision.remedies().iter();
    let mut told: Vec<String> = remedies.map(|remedy| messages.remedy(remedy)).collect();
    told.dedup();
    told.truncate(3);
    told
}

fn registered<'a>(account: &'a Account, id: &RegistrationId) -> Result<&'a Registered, Failure> {
    let mut registrations = account.registrations();
    registrations
        .find(|registered| registered.id() == id)
        .ok_or(Failure::NotFound)
}

fn path(id: &RegistrationId, what: &str) -> String {
    format!("{HERE}/methods/{id}/{what}")
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}
