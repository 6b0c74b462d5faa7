//! *Add method*: what may be added, and, greyed with the reason, what may not.

use askama::Template;
use axum::response::Response;

use crate::failure::Failure;
use crate::pages::enrol::{Enrolment, Frame, Offers, Row};
use crate::shell::Shell;

#[derive(Template)]
#[template(path = "enrol/choose.html")]
pub(crate) struct Page {
    pub(crate) shell: Shell,
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<Row>,
    /// What was begun and not finished.
    pub(crate) pending: Option<String>,
}

pub(crate) async fn show(enrolment: Enrolment) -> Result<Response, Failure> {
    let Enrolment { visitor, frame, .. } = enrolment;
    let rows = Offers::of(&visitor).await?.rows(frame);
    let pending = visitor.look(|on| on.pending()).await?;
    let pending = pending.map(|pending| pending.name().to_owned());
    visitor
        .show("add-method", |shell| Page {
            shell,
            frame,
            rows,
            pending,
        })
        .await
}
