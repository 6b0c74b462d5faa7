//! Adding a method: choosing it, setting it up, its test, and what to add next. The same pages serve the security info and the
//! registration at sign-in.

mod begin;
mod done;
mod offers;
mod set_up;
mod telephone;
mod test;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::Next;

pub(crate) use self::offers::{Offers, Row};
use crate::failure::Failure;
use crate::pages::{add, register};
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{SignedIn, Visitor};

/// Around which pages the same forms stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// Adding a method to the security info.
    Add,
    /// Registration at sign-in: all that the session may do.
    Register,
}

/// Somebody who adds a method.
pub(crate) struct Enrolment {
    pub(crate) visitor: Visitor,
    pub(crate) frame: Frame,
    /// The region that the browser prefers, such as `NL`: where the telephone may be.
    region: Option<String>,
}

impl Frame {
    const ALL: [Self; 2] = [Self::Add, Self::Register];

    /// Where methods are chosen.
    pub(crate) const fn base(self) -> &'static str {
        match self {
            Self::Add => "/security-info/add",
            Self::Register => "/register",
        }
    }

    pub(crate) const fn is_registration(self) -> bool {
        matches!(self, Self::Register)
    }

    /// A page of this frame.
    pub(crate) fn at(self, page: &str) -> String {
        format!("{}/{page}", self.base())
    }

    /// What comes one after the other.
    pub(crate) fn steps(self, shell: &Shell) -> [String; 3] {
        ["enrol-step-choose", "enrol-step-set-up", "enrol-step-test"].map(|step| shell.say(step))
    }
}

impl FromRequestParts<Arc<Site>> for Enrolment {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Failure> {
        let region = telephone::preferred_region(&parts.headers);
        let (visitor, frame) = if parts.uri.path().starts_with(Frame::Register.base()) {
            let visitor = Visitor::from_request_parts(parts, site).await?;
            visitor.person()?;
            // Where what was needed is registered, a backup may follow.
            if visitor.look(|on| on.next()).await? == Next::SecondStep {
                return Err(Failure::SecondStep);
            }
            (visitor, Frame::Register)
        } else {
            let SignedIn(visitor) = SignedIn::from_request_parts(parts, site).await?;
            (visitor, Frame::Add)
        };
        Ok(Self {
            visitor,
            frame,
            region,
        })
    }
}

/// The pages of both frames. Methods are set up below their names in the policy.
pub(crate) fn routes() -> Router<Arc<Site>> {
    let router = Router::new()
        .route(Frame::Add.base(), get(add::show))
        .route(Frame::Register.base(), get(register::show));
    Frame::ALL.into_iter().fold(router, |router, frame| {
        router
            .route(&frame.at("{method}"), get(set_up::show))
            .route(&frame.at("begin"), post(begin::begin))
            .route(&frame.at("test"), get(test::show).post(test::submit))
            .route(&frame.at("paired"), get(test::is_paired))
            .route(&frame.at("state"), get(test::is_over))
            .route(&frame.at("again"), post(test::send_again))
            .route(&frame.at("cancel"), post(test::cancel))
            .route(&frame.at("done"), get(done::show))
    })
}

/// What was begun is over: choose again.
async fn over(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    let alert = visitor.say("refused-over", &[]);
    visitor.back(frame.base(), alert).await
}
