//! Changing one's own password while signed in.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::security_info;
use crate::pages::sign_in::Named;
use crate::password::{Password, SHORTEST};
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn, Visitor};

const HERE: &str = "/security-info/password";

#[derive(Template)]
#[template(path = "own_password.html")]
struct Page {
    shell: Shell,
    name: String,
    shortest: usize,
    /// At the field of the old password, of the new one, and of the repeated one.
    errors: [String; 3],
}

#[derive(Deserialize)]
struct Change {
    old: Password,
    password: Password,
    repeated: Password,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route(HERE, get(show).post(change))
}

async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    let name = visitor.person()?.name.clone();
    visitor
        .show("own-password", |shell| Page {
            shell,
            name,
            shortest: SHORTEST,
            errors: Default::default(),
        })
        .await
}

async fn change(
    SignedIn(visitor): SignedIn,
    Filled(form): Filled<Change>,
) -> Result<Response, Failure> {
    let person = visitor.person()?.clone();
    if !form.password.is_good(&person.name) {
        return again(visitor, "password-not-good", 1).await;
    }
    if form.password.expose() != form.repeated.expose() {
        return again(visitor, "password-not-same", 2).await;
    }
    if !is_right(&visitor, &person.name, form.old).await? {
        return again(visitor, "own-password-wrong", 0).await;
    }
    people::set_password(&visitor.site.database, &person.id, form.password).await?;
    // Whoever knew the old one is out: other sessions end, and no device skips the second step.
    visitor.run(|on| on.password_changed()).await?;
    let notice = visitor.say("own-password-changed", &[]);
    visitor.go_with(security_info::HERE, notice).await
}

/// Counted as at sign-in: who finds an open session does not get to guess the password there.
async fn is_right(visitor: &Visitor, name: &str, old: Password) -> Result<bool, Failure> {
    let Named {
        key, visit, hash, ..
    } = Named::find(visitor, name).await?;
    let tried = visitor
        .transact(&key, &visit, |on| on.password_tried(old.expose()))
        .await?;
    if !old.is(hash).await? || !tried.is_open() {
        return Ok(false);
    }
    let right = visitor
        .transact(&key, &visit, |on| on.password_was_right(&tried, None))
        .await?;
    Ok(right.is_ok())
}

async fn again(visitor: Visitor, why: &str, at: usize) -> Result<Response, Failure> {
    let name = visitor.person()?.name.clone();
    let alert = visitor.say(why, &[("least", &SHORTEST.to_string())]);
    let mut errors: [String; 3] = Default::default();
    if let Some(error) = errors.get_mut(at) {
        error.clone_from(&alert);
    }
    visitor
        .again(alert, "own-password", |shell| Page {
            shell,
            name,
            shortest: SHORTEST,
            errors,
        })
        .await
}
