//! Security questions: for a password reset, never for signing in.
use std::ops::RangeInclusive;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use mfa_flow::Question;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::verify::words;
use crate::shell::Shell;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn, Visitor};

const ADD: &str = "/security-info/add/security_questions";

#[derive(Template)]
#[template(path = "questions.html")]
struct Page {
    shell: Shell,
    /// One for each that has to be chosen.
    places: RangeInclusive<usize>,
    /// The texts of all that can be chosen from.
    offered: Vec<String>,
}

/// The questions by their places in the list that was offered, from 0, and the answers.
#[derive(Deserialize)]
pub(crate) struct Answers {
    question_1: usize,
    answer_1: String,
    question_2: usize,
    answer_2: String,
    question_3: usize,
    answer_3: String,
    #[serde(default)]
    question_4: usize,
    #[serde(default)]
    answer_4: String,
    #[serde(default)]
    question_5: usize,
    #[serde(default)]
    answer_5: String,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new().route(ADD, get(show).post(set))
}

pub(crate) async fn show(SignedIn(visitor): SignedIn) -> Result<Response, Failure> {
    let places = 1..=number(&visitor);
    let offered = offered(&visitor);
    let offered: Vec<String> = offered
        .iter()
        .map(|question| words(&visitor, question))
        .collect();
    visitor
        .show("questions", |shell| Page {
            shell,
            places,
            offered,
        })
        .await
}

pub(crate) async fn set(
    SignedIn(visitor): SignedIn,
    Filled(form): Filled<Answers>,
) -> Result<Response, Failure> {
    let given = [
        (form.question_1, &form.answer_1),
        (form.question_2, &form.answer_2),
        (form.question_3, &form.answer_3),
        (form.question_4, &form.answer_4),
        (form.question_5, &form.answer_5),
    ];
    let offered = offered(&visitor);
    let chosen = given.into_iter().take(number(&visitor));
    let chosen = chosen.map(|(place, answer)| Some((offered.get(place)?.clone(), answer.as_str())));
    let answers: Vec<(Question, &str)> = chosen.collect::<Option<_>>().ok_or(Failure::Malformed)?;
    match visitor.run(|on| on.set_questions(&answers)).await? {
        Ok(_) => {
            let notice = visitor.say("questions-set", &[]);
            visitor.go_with("/security-info", notice).await
        }
        Err(mfa_flow::Refused::Invalid(_)) => {
            let alert = visitor.say("questions-invalid", &[]);
            visitor.back(ADD, alert).await
        }
        Err(refused) => visitor.refused(refused, ADD).await,
    }
}

fn offered(visitor: &Visitor) -> Vec<Question> {
    Question::offered(visitor.in_force.flow.policy().questions())
}

/// How many have to be registered: 3 to 5.
fn number(visitor: &Visitor) -> usize {
    usize::try_from(visitor.in_force.flow.policy().questions().register()).unwrap_or(usize::MAX)
}
