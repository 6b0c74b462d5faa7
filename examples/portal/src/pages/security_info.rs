//! Security info: what is registered, and what can be done about it.

use askama::Template;
use axum::response::Response;

use crate::failure::Failure;
use crate::shell::Shell;
use crate::visitor::SignedIn;

#[derive(Template)]
#[template(path = "security_info.html")]
struct Page {
    shell: Shell,
}

pub(crate) async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    visitor.show("security-info", |shell| Page { shell }).await
}
