//! A forgotten password: as many gates as the policy asks for, and then a new one.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{Prompt, Refused};
use mfa_policy::{PersonId, Purpose};
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::sign_in::Named;
use crate::pages::verify;
use crate::password::{Password, SHORTEST};
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, Visitor};
use crate::web_session::Proving;

#[derive(Template)]
#[template(path = "reset.html")]
struct NamePage {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "reset_password.html")]
struct PasswordPage {
    shell: Shell,
    name: String,
    shortest: usize,
}

#[derive(Template)]
#[template(path = "reset_done.html")]
struct DonePage {
    shell: Shell,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

#[derive(Deserialize)]
pub(crate) struct NewPassword {
    password: Password,
    repeated: Password,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/reset", get(show).post(begin))
        .route("/reset/password", get(ask_password).post(set_password))
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.show("reset", |shell| NamePage { shell }).await
}

/// Every name leads to the same page, whether somebody has it or not.
pub(crate) async fn begin(
    mut visitor: Visitor,
    Filled(form): Filled<Name>,
) -> Result<Response, Failure> {
    let Named {
        holder, key, visit, ..
    } = Named::find(&visitor, &form.name).await?;
    let begun = visitor
        .transact(&key, &visit, |on| on.begin_reset())
        .await?;
    visitor.begin(holder, begun.session()).await?;
    ask(visitor, begun.prompt()).await
}

async fn ask(mut visitor: Visitor, prompt: &Prompt) -> Result<Response, Failure> {
    let challenge = Some(prompt.challenge());
    let proving = Proving {
        purpose: Purpose::PasswordReset,
        challenge,
        then: "/reset/password".to_owned(),
    };
    visitor.keep(|body| body.proving = Some(proving)).await?;
    visitor.go("/verify")
}

/// A gate was passed: the next one, or the new password.
pub(crate) async fn gate_passed(mut visitor: Visitor) -> Result<Response, Failure> {
    match visitor.run(|on| on.finish_reset()).await? {
        Ok(permission) => {
            visitor
                .keep(|body| body.permission = Some(permission.expose().to_owned()))
                .await?;
            visitor.go("/reset/password")
        }
        Err(Refused::Policy(_)) => match visitor.run(|on| on.next_gate()).await? {
            Ok(prompt) => {
                let notice = visitor.say("reset-next-gate", &[]);
                visitor.keep(|body| body.notice = Some(notice)).await?;
                ask(visitor, &prompt).await
            }
            Err(_) => verify::over(visitor).await,
        },
        Err(_) => verify::over(visitor).await,
    }
}

pub(crate) async fn ask_password(visitor: Visitor) -> Result<Response, Failure> {
    let Some((_, name, _)) = permitted(&visitor) else {
        return Err(Failure::NotFound);
    };
    visitor
        .show("reset-password", |shell| PasswordPage {
            shell,
            name,
            shortest: SHORTEST,
        })
        .await
}

pub(crate) async fn set_password(
    mut visitor: Visitor,
    Filled(form): Filled<NewPassword>,
) -> Result<Response, Failure> {
    let Some((person, name, permission)) = permitted(&visitor) else {
        return Err(Failure::NotFound);
    };
    let is_same = form.password.expose() == form.repeated.expose();
    if !is_same || !form.password.is_good(&name) {
        let alert = if is_same {
            "password-not-good"
        } else {
            "password-not-same"
        };
        let alert = visitor.say(alert, &[("least", &SHORTEST.to_string())]);
        return visitor
            .again(alert, "reset-password", |shell| PasswordPage {
                shell,
                name,
                shortest: SHORTEST,
            })
            .await;
    }
    // The permission is used up first: a password is never set without one.
    if visitor
        .run(|on| on.use_permission(&permission))
        .await?
        .is_err()
    {
        return verify::over(visitor).await;
    }
    people::set_password(&visitor.site.database, &person, form.password).await?;
    visitor.end().await?;
    visitor.show("reset-done", |shell| DonePage { shell }).await
}

/// Who may set a password now: whose it is, the name, and the permission.
fn permitted(visitor: &Visitor) -> Option<(PersonId, String, String)> {
    let person = visitor.named()?;
    let permission = visitor.body()?.permission.clone()?;
    Some((person.id.clone(), person.name.clone(), permission))
}
