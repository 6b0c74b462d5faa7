//! Signing in without a password: the name, and then the gesture on the phone.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_policy::Purpose;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::sign_in::{HOME, Named};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, Visitor};
use crate::web_session::Proving;

#[derive(Template)]
#[template(path = "phone_sign_in.html")]
struct Page {
    shell: Shell,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/sign-in/phone", get(show).post(begin))
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.show("phone-sign-in", |shell| Page { shell }).await
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
        .transact(&key, &visit, |on| on.begin_phone_sign_in())
        .await?;
    visitor.begin(holder, begun.session()).await?;
    let challenge = Some(begun.prompt().challenge());
    let proving = Proving {
        purpose: Purpose::FirstFactor,
        challenge,
        then: HOME.to_owned(),
    };
    visitor.keep(|body| body.proving = Some(proving)).await?;
    visitor.go("/verify")
}
