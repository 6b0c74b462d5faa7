//! Recovery codes: made together, shown once.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::{RecoveryCodes, Registered};

use crate::failure::Failure;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::SignedIn;

const HERE: &str = "/security-info/recovery-codes";

#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct Page {
    shell: Shell,
    /// How many codes of an earlier set are good, until a new one is made.
    left: Option<u32>,
}

#[derive(Template)]
#[template(path = "recovery_codes_made.html")]
struct MadePage {
    shell: Shell,
    made: RecoveryCodes,
    had_others: bool,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route(HERE, get(show).post(make))
}

async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    let account = visitor.account().await?;
    let left = account.registrations().find_map(Registered::codes_left);
    visitor
        .show("codes-make", |shell| Page { shell, left })
        .await
}

/// The answer is the page with the codes, and nothing can show them again.
async fn make(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    let account = visitor.account().await?;
    let had_others = account.registrations().any(|r| r.codes_left().is_some());
    match visitor.run(|on| on.make_recovery_codes()).await? {
        Ok(made) => {
            visitor
                .show("codes-made", |shell| MadePage {
                    shell,
                    made,
                    had_others,
                })
                .await
        }
        Err(refused) => visitor.refused(refused, HERE).await,
    }
}
