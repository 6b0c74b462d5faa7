//! App passwords: one for each program that cannot ask for a second step, shown once.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{AppPassword, Refused};
use serde::Deserialize;

use crate::failure::Failure;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn};

const HERE: &str = "/security-info/app-passwords";

#[derive(Template)]
#[template(path = "app_password.html")]
struct Page {
    shell: Shell,
    /// The name as it was typed before.
    typed: String,
    error: String,
}

#[derive(Template)]
#[template(path = "app_password_made.html")]
struct MadePage {
    shell: Shell,
    made: AppPassword,
    /// What is typed with it as the name.
    user: String,
}

#[derive(Deserialize)]
struct New {
    name: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route(HERE, get(show).post(make))
}

async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    visitor
        .show("app-password-make", |shell| Page {
            shell,
            typed: String::new(),
            error: String::new(),
        })
        .await
}

/// The answer is the page with the password, and nothing can show it again.
async fn make(SignedIn(visitor): SignedIn, Filled(form): Filled<New>) -> Result<Response, Failure> {
    let made = visitor.run(|on| on.create_app_password(&form.name)).await?;
    match made {
        Ok(made) => {
            let user = visitor.person()?.name.clone();
            visitor
                .show("app-password-made", |shell| MadePage { shell, made, user })
                .await
        }
        Err(Refused::Invalid(_)) => {
            let alert = visitor.say("info-name-invalid", &[]);
            let (error, typed) = (alert.clone(), form.name);
            visitor
                .again(alert, "app-password-make", |shell| Page {
                    shell,
                    typed,
                    error,
                })
                .await
        }
        Err(refused) => visitor.refused(refused, HERE).await,
    }
}
