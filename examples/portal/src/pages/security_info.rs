//! Security info: what is registered, and what can be done about it.
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::failure::Failure;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::SignedIn;

#[derive(Template)]
#[template(path = "security_info.html")]
struct Page {
    shell: Shell,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/security-info", get(show))
}

pub(crate) async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    visitor.show("security-info", |shell| Page { shell }).await
}
