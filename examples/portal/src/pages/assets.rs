//! The style sheet, the script and the icons. They are part of the program.
use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::site::Site;

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(
            "/assets/portal.css",
            get(|| async {
                asset(
                    "text/css; charset=utf-8",
                    include_str!("../../assets/portal.css"),
                )
            }),
        )
        .route(
            "/assets/portal.js",
            get(|| async {
                asset(
                    "text/javascript; charset=utf-8",
                    include_str!("../../assets/portal.js"),
                )
            }),
        )
        .route(
            "/assets/icons.svg",
            get(|| async { asset("image/svg+xml", include_str!("../../assets/icons.svg")) }),
        )
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    // For a while: a new version of the portal comes with new ones.
    (
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=300")],
        text,
    )
}
