//! What is written to the log: about each request its method, the pattern of its path, its status and how long it took.
//!
//! Never a path as it was sent, a query, a header, a cookie or a form: anything in them can be a secret.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::EnvFilter;

use crate::site::Site;

/// Writes to standard error, in lines for people or as JSON. `RUST_LOG` says what.
pub(crate) fn start(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json {
        log.json().init();
    } else {
        log.init();
    }
}

/// By what a page that failed and its line in the log are found together.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Writes a line about each request and counts it. What else is logged meanwhile has the same number.
pub(crate) async fn each_request(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let id = request_id();
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("none", MatchedPath::as_str);
    let span = info_span!("request", id, method, path);
    let answered = async {
        let mut response = next.run(request).await;
        let (status, took) = (response.status().as_u16(), begun.elapsed());
        site.metrics.request(method, path, status, took);
        tracing::info!(status, milliseconds = took.as_millis(), "answered");
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    };
    answered.instrument(span.clone()).await
}

/// A method that everybody knows; anybody could send a word of his own.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn request_id() -> String {
    let mut bytes = [0; 8];
    // Without randomness nobody gets in, and the log says why.
    let _ = getrandom::fill(&mut bytes);
    format!("{:016x}", u64::from_be_bytes(bytes))
}
