//! The front door, the language switch, and what is not there.
use std::sync::Arc;

use axum::Router;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_policy::Language;
use serde::Deserialize;

use crate::failure::Failure;
use crate::people;
use crate::site::Site;
use crate::visitor::{Filled, Visitor, language_cookie, own_path};

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/", get(show))
        .route("/language", post(set_language))
}

/// There is one thing to see: the security info, after signing in.
pub(crate) async fn show(visitor: Visitor) -> Result<Response, Failure> {
    visitor.go("/security-info")
}

/// The form of the language switch.
#[derive(Deserialize)]
pub(crate) struct Choice {
    language: String,
    path: String,
}

/// Reads on in another language, and gets mail in it.
pub(crate) async fn set_language(
    visitor: Visitor,
    Filled(choice): Filled<Choice>,
) -> Result<Response, Failure> {
    let language = Language::from_tag(&choice.language).ok_or(Failure::Malformed)?;
    if let Some(person) = &visitor.person {
        people::set_language(&visitor.site.database, &person.id, language).await?;
    }
    let mut response = visitor.go(own_path(&choice.path))?;
    response
        .headers_mut()
        .append(SET_COOKIE, language_cookie(language)?);
    Ok(response)
}

pub(crate) async fn not_found() -> Failure {
    Failure::NotFound
}
