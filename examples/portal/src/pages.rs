//! The pages, each in a file that says where they are.

mod activity;
mod add;
mod administration;
mod app_passwords;
mod assets;
mod authenticator;
mod device;
mod enrol;
mod gateway;
mod home;
mod legacy;
mod method;
mod outbox;
mod own_password;
mod phone_sign_in;
mod questions;
mod recovery_codes;
mod register;
mod reset;
mod security_info;
mod security_key;
mod sign_in;
mod signed_in;
mod verify;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use crate::site::Site;
use crate::{guard, log, metrics, rates, visitor};

/// Every path of the website.
pub(crate) fn routes(site: &Arc<Site>) -> Router {
    let pages = Router::new()
        .merge(activity::routes())
        .merge(administration::routes())
        .merge(app_passwords::routes())
        .merge(assets::routes())
        .merge(device::routes())
        .merge(enrol::routes())
        .merge(home::routes())
        .merge(method::routes())
        .merge(outbox::routes())
        .merge(own_password::routes())
        .merge(phone_sign_in::routes())
        .merge(questions::routes())
        .merge(recovery_codes::routes())
        .merge(reset::routes())
        .merge(security_info::routes())
        .merge(security_key::routes())
        .merge(sign_in::routes())
        .merge(signed_in::routes())
        .merge(verify::routes())
        .fallback(home::not_found)
        .layer(from_fn_with_state(Arc::clone(site), guard::own_forms_only));
    // Programs come without `Origin`, and bring a proof of their own.
    let programs = Router::new()
        .merge(authenticator::routes())
        .merge(gateway::routes())
        .merge(legacy::routes());
    pages
        .merge(programs)
        .route("/healthz", get(metrics::health))
        .layer(DefaultBodyLimit::max(guard::LONGEST_FORM))
        .layer(from_fn(guard::in_time))
        .layer(from_fn_with_state(Arc::clone(site), rates::not_too_many))
        .layer(from_fn_with_state(
            Arc::clone(site),
            visitor::failures_as_pages,
        ))
        .layer(from_fn_with_state(
            Arc::clone(site),
            guard::address_and_headers,
        ))
        .layer(from_fn_with_state(Arc::clone(site), log::each_request))
        .with_state(Arc::clone(site))
}
