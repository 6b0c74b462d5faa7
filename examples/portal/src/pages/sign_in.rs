//! Signing in with a name and a password, and signing out.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::{AccountKey, Next, Visit};
use mfa_policy::Purpose;
use serde::Deserialize;

use crate::failure::Failure;
use crate::password::Password;
use crate::people;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, Visitor, nobody};
use crate::web_session::Holder;

/// Where somebody is who is in.
pub(crate) const HOME: &str = "/security-info";

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Page {
    shell: Shell,
    /// The name as it was typed before.
    typed: String,
}

#[derive(Deserialize)]
pub(crate) struct SignIn {
    name: String,
    password: Password,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/sign-in", get(show).post(submit))
        .route("/sign-out", post(sign_out))
}

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    if visitor.person.is_some() && visitor.look(|on| on.next()).await? == Next::Done {
        return visitor.go(HOME);
    }
    visitor
        .show("sign-in", |shell| Page {
            shell,
            typed: String::new(),
        })
        .await
}

/// Whoever has a name. Where nobody has it, an account that stands in his place, so that everything goes the same way.
pub(crate) struct Named {
    pub(crate) holder: Holder,
    pub(crate) key: AccountKey,
    pub(crate) visit: Visit,
    pub(crate) hash: Option<String>,
}

impl Named {
    pub(crate) async fn find(visitor: &Visitor, typed: &str) -> Result<Self, Failure> {
        Ok(
            match people::by_name(&visitor.site.database, typed).await? {
                Some((person, hash)) => Self {
                    holder: Holder::Person(person.id.as_str().to_owned()),
                    key: visitor.site.account(&person.id),
                    visit: visitor.visit(person.subject()),
                    hash: Some(hash),
                },
                None => Self {
                    holder: Holder::Nobody(people::canonical(typed)),
                    key: visitor.site.decoy(&people::canonical(typed)),
                    visit: visitor.visit(nobody()?),
                    hash: None,
                },
            },
        )
    }
}

/// The same work and the same answer whether the name, the password or the account is not good.
pub(crate) async fn submit(
    mut visitor: Visitor,
    Filled(form): Filled<SignIn>,
) -> Result<Response, Failure> {
    let Named {
        holder,
        key,
        visit,
        hash,
    } = Named::find(&visitor, &form.name).await?;
    // Counted before the password is looked at, so that of many at once none is free.
    let typed = form.password.expose();
    let tried = visitor
        .transact(&key, &visit, |on| on.password_tried(typed))
        .await?;
    // Looked at in any case, and only then whether it counts: what comes after takes time.
    if form.password.clone().is(hash).await? && tried.is_open() {
        let device = visitor.device.clone();
        let signed_in = visitor
            .transact(&key, &visit, |on| {
                on.password_was_right(&tried, device.as_deref())
            })
            .await?;
        if let Ok(signed_in) = signed_in {
            let wrong_passwords = signed_in.failures().count();
            visitor.begin(holder, signed_in.session()).await?;
            visitor.know().await?;
            visitor
                .keep(|body| body.wrong_passwords = wrong_passwords)
                .await?;
            return go_on(visitor, signed_in.next(), HOME).await;
        }
    }
    let alert = visitor.say("sign-in-rejected", &[]);
    visitor
        .again(alert, "sign-in", |shell| Page {
            shell,
            typed: form.name,
        })
        .await
}

/// From the first factor to what comes next.
pub(crate) async fn go_on(
    mut visitor: Visitor,
    next: Next,
    then: &str,
) -> Result<Response, Failure> {
    match next {
        Next::Done => {
            let failures = visitor.body().map_or(0, |body| body.wrong_passwords);
            if failures > 0 {
                let notice = visitor.say("sign-in-failures", &[("count", &failures.to_string())]);
                visitor
                    .keep(|body| (body.wrong_passwords, body.notice) = (0, Some(notice)))
                    .await?;
            }
            visitor.go(then)
        }
        Next::Register => visitor.go("/register"),
        Next::SecondStep => {
            visitor.prove(Purpose::TwoStep, then).await?;
            visitor.go("/verify")
        }
    }
}

/// Ends the session, of the account and of the website.
pub(crate) async fn sign_out(mut visitor: Visitor) -> Result<Response, Failure> {
    if visitor.body().is_some() {
        visitor.run(|on| on.sign_out()).await?;
    }
    visitor.end().await?;
    visitor.go("/sign-in")
}
