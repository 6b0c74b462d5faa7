//! Registration at sign-in, where the policy requires what the person lacks.

use axum::response::Response;
use mfa_flow::Next;

use crate::failure::Failure;
use crate::pages::add::Page;
use crate::pages::enrol::{Enrolment, Offers};

/// "How should we reach you?": what gives what is required. What was begun goes on where it was left.
pub(crate) async fn show(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    if visitor.look(|on| on.next()).await? == Next::Done {
        return visitor.go("/security-info");
    }
    if visitor.look(|on| on.pending()).await?.is_some() {
        return visitor.go(&frame.at("test"));
    }
    let offers = Offers::of(&visitor).await?;
    let mut rows = offers.proposed(frame);
    if rows.is_empty() {
        // Nothing helps that the person could do alone: the reasons say whom to ask.
        rows = offers.rows(frame);
    }
    visitor
        .show("register", |shell| Page {
            shell,
            frame,
            rows,
            pending: None,
        })
        .await
}
