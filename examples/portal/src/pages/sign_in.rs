//! Signing in with a name and a password, and signing out.

use askama::Template;
use axum::response::Response;
use mfa_flow::Next;
use mfa_policy::Purpose;
use serde::Deserialize;

use crate::failure::Failure;
use crate::password::Password;
use crate::people;
use crate::shell::Shell;
use crate::visitor::{Filled, Visitor, nobody};
use crate::web_session::Holder;

/// Where somebody is who is in.
const HOME: &str = "/security-info";

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

pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor
        .show("sign-in", |shell| Page {
            shell,
            typed: String::new(),
        })
        .await
}

/// The same work and the same answer whether the name, the password or the account is not good.
pub(crate) async fn submit(
    mut visitor: Visitor,
    Filled(form): Filled<SignIn>,
) -> Result<Response, Failure> {
    let found = people::by_name(&visitor.site.database, &form.name).await?;
    let (person, hash) = found.unzip();
    let (key, subject) = match &person {
        Some(person) => (visitor.site.account(&person.id), person.subject()),
        None => (
            visitor.site.decoy(&people::canonical(&form.name)),
            nobody()?,
        ),
    };
    let visit = visitor.visit(subject);
    let is_right = form.password.is(hash).await?;
    let signed_in = match person {
        Some(person) if is_right => {
            let device = visitor.device.clone();
            let begun = visitor
                .transact(&key, &visit, |on| on.first_factor(device.as_deref()))
                .await?;
            begun.ok().map(|signed_in| (person, signed_in))
        }
        _ => None,
    };
    match signed_in {
        Some((person, signed_in)) => {
            visitor
                .begin(
                    Holder::Person(person.id.as_str().to_owned()),
                    signed_in.session(),
                )
                .await?;
            go_on(visitor, signed_in.next(), HOME).await
        }
        None => {
            let alert = visitor.say("sign-in-rejected", &[]);
            visitor
                .again(alert, "sign-in", |shell| Page {
                    shell,
                    typed: form.name,
                })
                .await
        }
    }
}

/// From the first factor to what comes next.
pub(crate) async fn go_on(
    mut visitor: Visitor,
    next: Next,
    then: &str,
) -> Result<Response, Failure> {
    match next {
        Next::Done => visitor.go(then),
        Next::Register => visitor.go("/register"),
        Next::SecondStep => {
            visitor.prove(Purpose::TwoStep, then).await?;
            visitor.go("/verify")
        }
    }
}

/// Ends the session, of the account and of the website.
pub(crate) async fn sign_out(mut visitor: Visitor) -> Result<Response, Failure> {
    if visitor.person.is_some() {
        visitor.run(|on| on.sign_out()).await?;
    }
    visitor.end().await?;
    visitor.go("/sign-in")
}
