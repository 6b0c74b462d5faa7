//! "Is it you?": the second step, a step up, the gates of a reset, and signing in without a password all ask on this page.
use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use mfa_flow::{Answer, Ask, Choice, Prompt, Proof, Question};
use mfa_policy::{Messages, Method, Purpose, RegistrationId};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::pages::{reset, security_key, sign_in};
use crate::shell::Shell;
use crate::site::Site;
use crate::texts::given_name;
use crate::visitor::{Filled, Visitor};
use crate::web_session::Proving;

/// Days in seconds, for the cookie of a remembered device.
const DAY: i64 = 24 * 60 * 60;

#[derive(Template)]
#[template(path = "verify.html")]
struct Page {
    shell: Shell,
    asked: Option<Asked>,
    others: Vec<Way>,
    /// For how many days this device may be remembered; 0 if it may not.
    remember_days: u32,
}

/// What is asked for now.
struct Asked {
    way: Way,
    /// What to do: one sentence.
    text: String,
    form: Form,
    /// Whether it was sent, and can be once more.
    is_sent: bool,
}

/// How it is answered.
enum Form {
    /// Typed digits, or another code.
    Code {
        digits: bool,
    },
    /// Approved on the phone, where this number is typed; or by pressing # on a call.
    Approve {
        number: Option<u8>,
    },
    Questions(Vec<String>),
    /// A security key, asked by the script.
    SecurityKey {
        options: String,
    },
    /// Nobody has answered in time.
    Unanswered,
}

/// One of the ways.
struct Way {
    registration: RegistrationId,
    kind: &'static str,
    title: String,
    /// The number or address that it goes to, most of it hidden; or the name that the person gave.
    detail: String,
}

#[derive(Deserialize)]
pub(crate) struct AskFor {
    registration: RegistrationId,
}

#[derive(Deserialize)]
pub(crate) struct Answers {
    #[serde(default)]
    code: String,
    #[serde(default)]
    answer_1: String,
    #[serde(default)]
    answer_2: String,
    #[serde(default)]
    answer_3: String,
    #[serde(default)]
    answer_4: String,
    #[serde(default)]
    answer_5: String,
    /// The box "remember this device".
    #[serde(default)]
    remember: Option<String>,
}

/// What a page that waits is told.
#[derive(Serialize)]
pub(crate) struct Waiting {
    /// Whether there is nothing to wait for any more.
    over: bool,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/verify", get(show))
        .route("/verify/ask", post(ask))
        .route("/verify/answer", post(answer))
        .route("/verify/approved", post(approved).get(is_over))
}

pub(crate) async fn show(mut visitor: Visitor) -> Result<Response, Failure> {
    let (proving, prompt) = match current(&visitor).await? {
        Some(current) => current,
        None => match begin(&mut visitor).await? {
            Some(begun) => begun,
            None => return over(visitor).await,
        },
    };
    let remembered = visitor.in_force.flow.policy().remembered_devices();
    let may_remember = remembered.enabled() && proving.purpose == Purpose::TwoStep;
    let remember_days = if may_remember { remembered.days() } else { 0 };
    let messages = Messages::new(visitor.language);
    let others = prompt
        .choices()
        .iter()
        .filter(|choice| prompt.asked().is_none_or(|asked| asked.choice() != *choice));
    let others = others.map(|choice| way(&messages, choice)).collect();
    let asked = match prompt.asked() {
        Some(asked) => {
            let form = form(&mut visitor, &prompt, asked).await?;
            Some(Asked {
                way: way(&messages, asked.choice()),
                text: text(&visitor, asked, &form),
                is_sent: is_sent(asked.choice().method()),
                form,
            })
        }
        None => None,
    };
    visitor
        .show("verify", |shell| Page {
            shell,
            asked,
            others,
            remember_days,
        })
        .await
}

/// Asks in another way, or sends once more.
pub(crate) async fn ask(
    visitor: Visitor,
    Filled(form): Filled<AskFor>,
) -> Result<Response, Failure> {
    let Some(challenge) = challenge(&visitor) else {
        return over(visitor).await;
    };
    match visitor
        .run(|on| on.ask(challenge, &form.registration))
        .await?
    {
        Ok(_) => visitor.go("/verify"),
        Err(refused) => {
            let why = visitor.why(&refused, &Messages::new(visitor.language));
            visitor.back("/verify", why).await
        }
    }
}

/// Takes a code or answers to questions.
pub(crate) async fn answer(
    visitor: Visitor,
    Filled(form): Filled<Answers>,
) -> Result<Response, Failure> {
    let Some((_, prompt)) = current(&visitor).await? else {
        return over(visitor).await;
    };
    let asks = prompt.asked().map_or(0, |asked| asked.questions().len());
    let answers = [
        &form.answer_1,
        &form.answer_2,
        &form.answer_3,
        &form.answer_4,
        &form.answer_5,
    ];
    let answers: Vec<&str> = answers.into_iter().take(asks).map(String::as_str).collect();
    let answer = if asks > 0 {
        Answer::Questions(&answers)
    } else {
        Answer::Code(&form.code)
    };
    give(visitor, &prompt, answer, form.remember.is_some()).await
}

/// Collects what the phone said.
pub(crate) async fn approved(
    visitor: Visitor,
    Filled(form): Filled<Answers>,
) -> Result<Response, Failure> {
    let Some((_, prompt)) = current(&visitor).await? else {
        return ended(visitor, "verify-ended").await;
    };
    if !visitor
        .look(|on| on.is_approved(prompt.challenge()))
        .await?
    {
        let alert = match prompt.asked() {
            None => "verify-denied",
            Some(asked) if asked.until() <= visitor.now => "verify-unanswered",
            Some(_) => "verify-not-approved",
        };
        let alert = visitor.say(alert, &[]);
        return visitor.back("/verify", alert).await;
    }
    give(visitor, &prompt, Answer::Approved, form.remember.is_some()).await
}

/// Whether the phone has answered, or nothing can come any more, for the script of a page that waits.
pub(crate) async fn is_over(visitor: Visitor) -> Result<Json<Waiting>, Failure> {
    let challenge = challenge(&visitor).ok_or(Failure::NotFound)?;
    let now = visitor.now;
    let over = visitor.look(|on| {
        let prompt = on.prompt(challenge);
        let asked = prompt.as_ref().and_then(Prompt::asked);
        on.is_approved(challenge) || asked.is_none_or(|asked| asked.until() <= now)
    });
    Ok(Json(Waiting { over: over.await? }))
}

/// Gives an answer to what is asked for now, and goes on where it leads.
pub(crate) async fn give(
    visitor: Visitor,
    prompt: &Prompt,
    answer: Answer<'_>,
    remember: bool,
) -> Result<Response, Failure> {
    let Some(asked) = prompt.asked() else {
        return visitor.go("/verify");
    };
    let (challenge, registration) = (prompt.challenge(), asked.choice().registration());
    match visitor
        .run(|on| on.answer(challenge, registration, answer))
        .await?
    {
        Ok(proof) => accepted(visitor, &proof, remember).await,
        Err(_) => {
            let alert = visitor.say("verify-rejected", &[]);
            visitor.back("/verify", alert).await
        }
    }
}

async fn accepted(
    mut visitor: Visitor,
    proof: &Proof,
    remember: bool,
) -> Result<Response, Failure> {
    let then = visitor
        .body()
        .and_then(|body| body.proving.as_ref())
        .map(|proving| proving.then.clone());
    let then = then.unwrap_or_default();
    visitor.rotate(proof.session()).await?;
    visitor.keep(|body| body.proving = None).await?;
    let failures = proof.failures().count();
    if failures > 0 {
        let notice = visitor.say("verify-failures", &[("count", &failures.to_string())]);
        visitor.keep(|body| body.notice = Some(notice)).await?;
    }
    match proof.purpose() {
        Purpose::PasswordReset => return reset::gate_passed(visitor).await,
        Purpose::FirstFactor => visitor.know().await?,
        Purpose::TwoStep if remember => remember_device(&mut visitor).await?,
        _ => {}
    }
    let next = visitor.look(|on| on.next()).await?;
    sign_in::go_on(visitor, next, &then).await
}

async fn remember_device(visitor: &mut Visitor) -> Result<(), Failure> {
    let days = visitor.in_force.flow.policy().remembered_devices().days();
    // Where the policy has changed meanwhile, the person is in all the same.
    if let Ok(device) = visitor.run(|on| on.remember_device()).await? {
        visitor.remember(device.token().expose(), i64::from(days).saturating_mul(DAY))?;
    }
    Ok(())
}

/// What is asked for, if something is.
pub(crate) async fn current(visitor: &Visitor) -> Result<Option<(Proving, Prompt)>, Failure> {
    let proving = visitor.body().and_then(|body| body.proving.clone());
    let Some((proving, challenge)) = proving
        .and_then(|proving| Some((proving.challenge?, proving)))
        .map(|(challenge, proving)| (proving, challenge))
    else {
        return Ok(None);
    };
    let prompt = visitor.look(|on| on.prompt(challenge)).await?;
    Ok(prompt.map(|prompt| (proving, prompt)))
}

/// Begins to ask for a second step. A reset and a sign-in without a password begin on their own pages.
async fn begin(visitor: &mut Visitor) -> Result<Option<(Proving, Prompt)>, Failure> {
    let proving = visitor.body().ok_or(Failure::SignIn)?.proving.clone();
    let mut proving = proving.unwrap_or_else(|| Proving {
        purpose: Purpose::TwoStep,
        challenge: None,
        then: "/security-info".to_owned(),
    });
    if matches!(
        proving.purpose,
        Purpose::PasswordReset | Purpose::FirstFactor
    ) {
        return Ok(None);
    }
    let purpose = proving.purpose;
    let Ok(prompt) = visitor.run(|on| on.challenge(purpose)).await? else {
        return Ok(None);
    };
    proving.challenge = Some(prompt.challenge());
    let kept = proving.clone();
    let unsent = prompt.unsent();
    let why = unsent.map(|refused| visitor.why(refused, &Messages::new(visitor.language)));
    visitor
        .keep(|body| {
            body.proving = Some(kept);
            body.alert = why.or_else(|| body.alert.take());
        })
        .await?;
    Ok(Some((proving, prompt)))
}

/// What was asked for is over.
pub(crate) async fn over(visitor: Visitor) -> Result<Response, Failure> {
    ended(visitor, "refused-over").await
}

async fn ended(visitor: Visitor, why: &str) -> Result<Response, Failure> {
    if visitor.body().is_none() {
        return Err(Failure::SignIn);
    }
    let alert = visitor.say(why, &[]);
    visitor.back("/sign-in", alert).await
}

fn challenge(visitor: &Visitor) -> Option<mfa_flow::ChallengeId> {
    visitor.body()?.proving.as_ref()?.challenge
}

fn way(messages: &Messages, choice: &Choice) -> Way {
    Way {
        registration: choice.registration().clone(),
        kind: choice.method().kind(),
        title: messages.method(choice.method()),
        detail: choice
            .hint()
            .or(given_name(choice.method(), choice.name()))
            .unwrap_or_default()
            .replace(' ', "\u{a0}"),
    }
}

async fn form(visitor: &mut Visitor, prompt: &Prompt, asked: &Ask) -> Result<Form, Failure> {
    Ok(match asked.choice().method() {
        method if is_waited_for(method) && asked.until() <= visitor.now => Form::Unanswered,
        Method::SecurityKey => Form::SecurityKey {
            options: security_key::options(visitor, prompt)
                .await?
                .unwrap_or_default(),
        },
        Method::SecurityQuestions => Form::Questions(
            asked
                .questions()
                .iter()
                .map(|question| words(visitor, question))
                .collect(),
        ),
        Method::AuthenticatorPush | Method::PhoneSignIn => Form::Approve {
            number: asked.number(),
        },
        method if is_waited_for(method) => Form::Approve { number: None },
        Method::RecoveryCodes | Method::TemporaryPass => Form::Code { digits: false },
        _ => Form::Code { digits: true },
    })
}

const fn is_sent(method: &Method) -> bool {
    method.is_telephone()
        || matches!(
            method,
            Method::AuthenticatorPush | Method::PhoneSignIn | Method::Email
        )
}

/// Whether it is answered on the telephone alone.
const fn is_waited_for(method: &Method) -> bool {
    matches!(
        method,
        Method::AuthenticatorPush
            | Method::PhoneSignIn
            | Method::CallMobile
            | Method::CallOffice
            | Method::CallAlternate
    )
}

/// What to do: one sentence.
fn text(visitor: &Visitor, asked: &Ask, form: &Form) -> String {
    match form {
        Form::Unanswered => visitor.say("verify-unanswered", &[]),
        Form::Approve {
            number: Some(number),
        } => visitor.say("verify-approve", &[("number", &number.to_string())]),
        _ => visitor.say(sentence(asked.choice().method()), &[]),
    }
}

/// What to do, for each way.
const fn sentence(method: &Method) -> &'static str {
    match method {
        Method::CallMobile | Method::CallOffice | Method::CallAlternate => "verify-call",
        Method::Text => "verify-text",
        Method::Email => "verify-mail",
        Method::SecurityKey => "verify-security-key",
        Method::SecurityQuestions => "verify-questions",
        Method::RecoveryCodes => "verify-recovery-code",
        Method::TemporaryPass => "verify-pass",
        Method::HardwareToken => "verify-token",
        _ => "verify-app",
    }
}

/// A security question in the language of the visitor. Those of the organisation are as it wrote them.
pub(crate) fn words(visitor: &Visitor, question: &Question) -> String {
    match question {
        Question::Standard(number) => visitor.say(&format!("question-{number}"), &[]),
        Question::Own(text) => text.clone(),
    }
}
