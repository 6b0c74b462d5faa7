//! Adding a security key, and using one.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::{
    Answer, Enrol, Instruction, NewSecurityKey, Prompt, Refused, SecurityKeyResult, Test,
};
use mfa_policy::RegistrationId;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::verify;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn, Visitor};
use crate::web_session::Holder;
use crate::webauthn::Ceremony;

const ADD: &str = "/security-info/add/security_key";

#[derive(Template)]
#[template(path = "security_key_name.html")]
struct NamePage {
    shell: Shell,
}

#[derive(Template)]
#[template(path = "security_key.html")]
struct KeyPage {
    shell: Shell,
    registration: RegistrationId,
    options: String,
}

#[derive(Deserialize)]
pub(crate) struct Name {
    name: String,
}

/// What the browser brings of a new key.
#[derive(Deserialize)]
pub(crate) struct New {
    registration: RegistrationId,
    response: String,
}

/// What the browser brings of a key that was used.
#[derive(Deserialize)]
pub(crate) struct Use {
    response: String,
    #[serde(default)]
    remember: Option<String>,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(ADD, get(show).post(begin))
        .route("/security-info/add/security_key/finish", post(finish))
        .route("/verify/security-key", post(answer))
}

pub(crate) async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    visitor
        .show("security-key-add", |shell| NamePage { shell })
        .await
}

/// Begins, and lets the browser ask for the key.
pub(crate) async fn begin(
    SignedIn(mut visitor): SignedIn,
    Filled(form): Filled<Name>,
) -> Result<Response, Failure> {
    let begun = visitor
        .run(|on| on.begin_enrolment(Enrol::SecurityKey, &form.name))
        .await?;
    let begun = match begun {
        Ok(begun) => begun,
        Err(refused) => return visitor.refused(refused, ADD).await,
    };
    let exclude: &[String] = match begun.instruction() {
        Instruction::RegisterSecurityKey { exclude } => exclude,
        _ => &[],
    };
    let person = visitor.person()?;
    let keys = visitor
        .site
        .security_keys
        .as_ref()
        .ok_or(Failure::NotFound)?;
    let ceremony = keys
        .begin_registration(&person.id, &person.name, &person.shown, exclude)
        .ok_or(Failure::Unavailable)?;
    let Ceremony { options, state } = ceremony;
    visitor.keep(|body| body.ceremony = Some(state)).await?;
    let registration = begun.registration().clone();
    visitor
        .show("security-key-add", |shell| KeyPage {
            shell,
            registration,
            options,
        })
        .await
}

/// Takes the new key.
pub(crate) async fn finish(
    SignedIn(mut visitor): SignedIn,
    Filled(form): Filled<New>,
) -> Result<Response, Failure> {
    let state = take_ceremony(&mut visitor).await?;
    let keys = visitor
        .site
        .security_keys
        .as_ref()
        .ok_or(Failure::NotFound)?;
    let Some(key) = state.and_then(|state| keys.finish_registration(&form.response, &state)) else {
        let alert = visitor.say("security-key-rejected", &[]);
        return visitor.back(ADD, alert).await;
    };
    // The library lets none pass that did not verify its user, and keeps the count to itself until the first use.
    let new = NewSecurityKey {
        credential: &key.credential,
        data: &key.data,
        sign_count: 0,
        user_verified: true,
    };
    let test = Test::SecurityKey(new);
    match visitor
        .run(|on| on.confirm_enrolment(&form.registration, test))
        .await?
    {
        Ok(enrolled) => {
            if let Some(session) = enrolled.session() {
                visitor.rotate(session).await?;
            }
            let notice = visitor.say("security-key-added", &[]);
            visitor.go_with("/security-info", notice).await
        }
        Err(refused @ Refused::Policy(_)) => visitor.refused(refused, ADD).await,
        Err(_) => {
            let alert = visitor.say("security-key-rejected", &[]);
            visitor.back(ADD, alert).await
        }
    }
}

/// What the page `/verify` lets the browser ask the key for.
pub(crate) async fn options(
    visitor: &mut Visitor,
    prompt: &Prompt,
) -> Result<Option<String>, Failure> {
    let Some(asked) = prompt.asked() else {
        return Ok(None);
    };
    let account = visitor.account().await?;
    let registered = account
        .registrations()
        .find(|registered| registered.id() == asked.choice().registration());
    let data = registered
        .and_then(|registered| registered.security_key())
        .map(|(_, data)| data);
    let keys = visitor.site.security_keys.as_ref();
    let Some(ceremony) = keys.and_then(|keys| keys.begin_use(data, holder(visitor))) else {
        return Ok(None);
    };
    visitor
        .keep(|body| body.ceremony = Some(ceremony.state))
        .await?;
    Ok(Some(ceremony.options))
}

/// Takes what the key has signed.
pub(crate) async fn answer(
    mut visitor: Visitor,
    Filled(form): Filled<Use>,
) -> Result<Response, Failure> {
    let state = take_ceremony(&mut visitor).await?;
    let Some((_, prompt)) = verify::current(&visitor).await? else {
        return verify::over(visitor).await;
    };
    let keys = visitor.site.security_keys.as_ref();
    let used = keys.and_then(|keys| keys.finish_use(&form.response, &state?));
    // What the library does not accept is an answer all the same, so that it is counted.
    let result = used.as_ref().map_or(
        SecurityKeyResult {
            credential: "",
            user_verified: false,
            sign_count: 0,
        },
        |used| SecurityKeyResult {
            credential: &used.credential,
            user_verified: used.user_verified,
            sign_count: used.sign_count,
        },
    );
    verify::give(
        visitor,
        &prompt,
        Answer::SecurityKey(result),
        form.remember.is_some(),
    )
    .await
}

/// One answer for one ceremony.
async fn take_ceremony(visitor: &mut Visitor) -> Result<Option<String>, Failure> {
    let mut state = None;
    visitor.keep(|body| state = body.ceremony.take()).await?;
    Ok(state)
}

fn holder(visitor: &Visitor) -> &str {
    match visitor.body().and_then(|body| body.holder.as_ref()) {
        Some(Holder::Person(id)) => id,
        Some(Holder::Nobody(typed)) => typed,
        None => "",
    }
}
