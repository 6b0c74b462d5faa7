//! Where a camera leads that scans the code of a page in the place of the authenticator app.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::get;

use crate::failure::Failure;
use crate::shell::FailurePage;
use crate::site::Site;
use crate::visitor::Visitor;

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/device", get(show))
}

/// What the link holds stands after its `#` and did not come here.
async fn show(visitor: Visitor) -> Result<Response, Failure> {
    let text = visitor.say("device-text", &[]);
    visitor
        .show("device", |shell| FailurePage { shell, text })
        .await
}
