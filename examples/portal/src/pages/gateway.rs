//! Where the gateway says what was pressed in a call. README.md has the protocol.
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::Deserialize;

use crate::deliver::answer::{AnswerKey, Call, said};
use crate::deliver::phone_said;
use crate::failure::Failure;
use crate::site::{Site, now};
use crate::visitor::Filled;

#[derive(Deserialize)]
pub(crate) struct Answer {
    /// What came with the call, as `answer_token`.
    token: String,
    answer: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/gateway/answer", post(answer))
}

/// No cookie and no name is looked at: whoever has the token was told it with the call.
pub(crate) async fn answer(
    State(site): State<Arc<Site>>,
    Filled(form): Filled<Answer>,
) -> Result<StatusCode, Failure> {
    if site.config.gateway_url.is_none() {
        return Err(Failure::NotFound);
    }
    let call = AnswerKey::derive(site.keys.portal_key()).open(&form.token, now());
    let Some((account, why)) = call.and_then(Call::into_parts) else {
        return Ok(StatusCode::FORBIDDEN);
    };
    let said = said(&form.answer).ok_or(Failure::Malformed)?;
    // Whether it was still of use is not the gateway's business.
    let _ = phone_said(&site, &account, &why, said).await?;
    Ok(StatusCode::NO_CONTENT)
}
