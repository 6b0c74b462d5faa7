//! The pages, each in a file, and where they are.

mod assets;
mod gateway;
mod home;
mod outbox;
mod security_info;
mod security_key;
mod sign_in;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::site::Site;
use crate::{guard, visitor};

/// Every path of the website.
pub(crate) fn routes(site: &Arc<Site>) -> Router {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/language", post(home::set_language))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/verify", get(verify::show))
        .route("/verify/ask", post(verify::ask))
        .route("/verify/answer", post(verify::answer))
        .route(
            "/verify/approved",
            post(verify::approved).get(verify::is_approved),
        )
        .route("/security-info", get(security_info::show))
        .route("/verify/security-key", post(security_key::answer))
        .route(
            "/security-info/add/security-key",
            get(security_key::show).post(security_key::begin),
        )
        .route(
            "/security-info/add/security-key/finish",
            post(security_key::finish),
        )
        .route("/outbox", get(outbox::show))
        .route("/outbox/answer", post(outbox::answer))
        .route("/outbox/pair", post(outbox::pair))
        .merge(assets::routes())
        .fallback(home::not_found)
        .layer(from_fn_with_state(Arc::clone(site), guard::own_forms_only));
    // Programs come without `Origin`, and bring a proof of their own.
    let programs = Router::new().route("/gateway/answer", post(gateway::answer));
    pages
        .merge(programs)
        .layer(from_fn_with_state(
            Arc::clone(site),
            visitor::failures_as_pages,
        ))
        .layer(from_fn_with_state(
            Arc::clone(site),
            guard::address_and_headers,
        ))
        .with_state(Arc::clone(site))
}
