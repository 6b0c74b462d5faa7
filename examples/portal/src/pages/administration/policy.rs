//! The policy: the text in force, and what a change of it would do, shown before it is made.

mod check;
mod differences;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_policy::{Messages, Method, PersonId, PolicyDraft, Timestamp};
use serde::Deserialize;
use sqlx::Row as _;

use crate::failure::Failure;
use crate::pages::administration::has_fresh_proof;
use crate::people;
use crate::policy_text::switched;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Administrator, Filled, Visitor};
use check::{Checked, Finding};

const HERE: &str = "/administration/policy";
/// Changes that are listed.
const LATEST: i64 = 5;

#[derive(Template)]
#[template(path = "administration/policy.html")]
struct Page {
    shell: Shell,
    version: i64,
    text: String,
    switches: Vec<Switch>,
    /// What the linter says of the policy in force.
    findings: Vec<Finding>,
    changes: Vec<Change>,
}

/// What a change would do.
#[derive(Template)]
#[template(path = "administration/policy_check.html")]
struct CheckPage {
    shell: Shell,
    version: i64,
    text: String,
    checked: Checked,
    /// The change waits for a proof, which is given in another window so that the text stays.
    needs_proof: bool,
}

/// A method that can be switched on or off.
struct Switch {
    method: Method,
    kind: &'static str,
    title: String,
    on: bool,
}

/// A change that was made.
struct Change {
    version: i64,
    time: String,
    by: String,
}

#[derive(Deserialize)]
pub(crate) struct Edit {
    version: i64,
    text: String,
    /// "I know that I lock myself out."
    confirmed: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Turn {
    version: i64,
    method: Method,
    on: bool,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(HERE, get(show))
        .route("/administration/policy/check", post(check))
        .route("/administration/policy/switch", post(switch))
        .route("/administration/policy/save", post(save))
}

async fn show(Administrator(mut visitor): Administrator) -> Result<Response, Failure> {
    visitor.site.renew_policy().await?;
    visitor.in_force = visitor.site.in_force();
    let in_force = Arc::clone(&visitor.in_force);
    let messages = Messages::new(visitor.language);
    let policy = in_force.flow.policy();
    let switch = |method: &Method| Switch {
        kind: method.kind(),
        title: messages.method(method),
        on: is_on(policy.draft(), method),
        method: method.clone(),
    };
    let switches = policy.methods().map(switch).collect();
    let findings = check::findings(policy, &in_force.text, visitor.now, &messages);
    let changes = changes(&visitor, &messages).await?;
    visitor
        .show("policy", |shell| Page {
            shell,
            version: in_force.version,
            text: in_force.text.clone(),
            switches,
            findings,
            changes,
        })
        .await
}

fn is_on(draft: &PolicyDraft, method: &Method) -> bool {
    let rule = draft.methods.get(method);
    rule.is_some_and(|rule| rule.enabled == Some(true))
}

/// The latest changes.
async fn changes(visitor: &Visitor, messages: &Messages) -> Result<Vec<Change>, Failure> {
    let database = &visitor.site.database;
    let rows =
        sqlx::query("SELECT version, at, author FROM portal_policy ORDER BY version DESC LIMIT $1")
            .bind(LATEST)
            .fetch_all(database)
            .await?;
    let mut changes = Vec::new();
    for row in rows {
        let author: &str = row.try_get("author")?;
        let by = people::by_id(database, author).await?;
        let at = Timestamp::from_unix_seconds(row.try_get("at")?);
        changes.push(Change {
            version: row.try_get("version")?,
            time: messages.time(at),
            by: by.map_or_else(|| author.to_owned(), |person| person.shown),
        });
    }
    Ok(changes)
}

/// Shows what a text would change.
async fn check(
    Administrator(visitor): Administrator,
    Filled(edit): Filled<Edit>,
) -> Result<Response, Failure> {
    checked(visitor, edit.version, edit.text, None).await
}

/// Shows what switching one method would change.
async fn switch(
    Administrator(visitor): Administrator,
    Filled(turn): Filled<Turn>,
) -> Result<Response, Failure> {
    let in_force = &visitor.in_force;
    let draft = in_force.flow.policy().draft();
    let text = switched(&in_force.text, draft, &turn.method, turn.on);
    checked(visitor, turn.version, text, None).await
}

/// Puts a text in force that was checked.
async fn save(
    Administrator(visitor): Administrator,
    Filled(edit): Filled<Edit>,
) -> Result<Response, Failure> {
    let text = unix_lines(&edit.text);
    let Ok(policy) = check::read(&text) else {
        return checked(visitor, edit.version, text, None).await;
    };
    if !has_fresh_proof(&visitor).await? {
        return checked(visitor, edit.version, text, Some("policy-needs-proof")).await;
    }
    if edit.confirmed.is_none() && check::locks_out(&visitor, &policy).await? {
        return checked(visitor, edit.version, text, Some("policy-locks-out")).await;
    }
    let author: PersonId = visitor.person()?.id.clone();
    let site = Arc::clone(&visitor.site);
    if !site
        .change_policy(edit.version, &text, policy, &author)
        .await?
    {
        return checked(visitor, edit.version, text, None).await;
    }
    tracing::info!(by = %author, "the policy was changed");
    let notice = visitor.say("policy-saved", &[]);
    visitor.go_with(HERE, notice).await
}

/// Shows a text with all that can be said of it, against the policy that is in force now.
async fn checked(
    mut visitor: Visitor,
    based_on: i64,
    text: String,
    alert: Option<&str>,
) -> Result<Response, Failure> {
    visitor.site.renew_policy().await?;
    visitor.in_force = visitor.site.in_force();
    let text = unix_lines(&text);
    let checked = Checked::of(&visitor, &text).await?;
    let version = visitor.in_force.version;
    // Somebody has changed it meanwhile: what is shown is compared with that.
    let conflict = (based_on != version).then_some("policy-conflict");
    let alert = alert.or(conflict);
    let needs_proof = alert == Some("policy-needs-proof");
    if needs_proof {
        let purpose = mfa_policy::Purpose::ManageSecurityInfo;
        visitor.prove(purpose, HERE).await?;
    }
    let alert = alert.map(|name| visitor.say(name, &[]));
    let page = |shell| CheckPage {
        shell,
        version,
        text,
        checked,
        needs_proof,
    };
    match alert {
        Some(alert) => visitor.again(alert, "policy-check", page).await,
        None => visitor.show("policy-check", page).await,
    }
}

/// Forms end their lines with two characters.
fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}
