//! What went wrong, as a page or a step to somewhere else.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use mfa_store::StoreError;

/// Why a request was not answered as it asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Nobody is signed in: sign in first.
    SignIn,
    /// The second step has to be given first.
    SecondStep,
    /// Something has to be registered first.
    Register,
    /// There is no such page, or not for this person.
    NotFound,
    /// It was not sent by a page of ours.
    Foreign,
    /// What was sent cannot be read.
    Malformed,
    /// It is more than is taken.
    TooLarge,
    /// The page does not take that method.
    WrongMethod,
    /// What was announced did not come in time.
    TooSlow,
    /// Too many forms from one address.
    TooMany,
    /// The database or the system failed. Nothing was let in.
    Unavailable,
}

impl Failure {
    /// The status of the page.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::SignIn | Self::SecondStep | Self::Register => StatusCode::SEE_OTHER,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Foreign => StatusCode::FORBIDDEN,
            Self::Malformed => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The failure for what axum says of itself, before a page of ours is asked.
    pub(crate) fn of(status: StatusCode) -> Option<Self> {
        Some(match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::WrongMethod,
            StatusCode::REQUEST_TIMEOUT => Self::TooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::BAD_REQUEST
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY => Self::Malformed,
            _ => return None,
        })
    }

    /// What the page says: the names of its heading and its text.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SignIn | Self::SecondStep | Self::Register | Self::NotFound => {
                ("failure-not-found", "failure-not-found-text")
            }
            Self::Foreign => ("failure-foreign", "failure-foreign-text"),
            Self::Malformed => ("failure-malformed", "failure-malformed-text"),
            Self::TooLarge => ("failure-too-large", "failure-too-large-text"),
            Self::WrongMethod => ("failure-wrong-method", "failure-wrong-method-text"),
            Self::TooSlow => ("failure-too-slow", "failure-too-slow-text"),
            Self::TooMany => ("failure-too-many", "failure-too-many-text"),
            Self::Unavailable => ("failure-unavailable", "failure-unavailable-text"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::Unavailable
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database failed");
        Self::Unavailable
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!(error = format!("{error:#}"), "a part of the portal failed");
        Self::Unavailable
    }
}

impl IntoResponse for Failure {
    /// The page is made by [`failures_as_pages`](crate::visitor::failures_as_pages), which knows the language.
    fn into_response(self) -> Response {
        let mut response = match self {
            Self::SignIn => Redirect::to("/sign-in").into_response(),
            Self::SecondStep => Redirect::to("/verify").into_response(),
            Self::Register => Redirect::to("/register").into_response(),
            _ => self.status().into_response(),
        };
        response.extensions_mut().insert(self);
        response
    }
}
