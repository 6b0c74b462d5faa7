//! `policyctl explain`: which methods of an account serve a purpose, why not, and what would help.

use anyhow::Result;
use mfa_policy::{
    Action, Decision, Effect, Input, Method, Person, Policy, Purpose, Reason, RegistrationId,
};
use serde::Serialize;

use crate::{
    Desk, Outcome, input,
    page::{Page, bad, dim, good, in_sentence},
    session::Session,
};

/// Everything that was asked, and the answers.
#[derive(Serialize)]
struct Explanation<'a> {
    person: &'a str,
    purpose: Purpose,
    allowed: bool,
    registrations: Vec<Registered<'a>>,
    additions: Vec<Addition<'a>>,
    /// Whether a password reset can be begun; only for that purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    reset: Option<Decision>,
}

#[derive(Serialize)]
struct Registered<'a> {
    registration: &'a RegistrationId,
    method: &'a Method,
    decision: Decision,
}

/// A method that would serve if it were registered.
#[derive(Serialize)]
struct Addition<'a> {
    method: &'a Method,
    decision: Decision,
}

/// What can be said of one answer in text; JSON has all remedies.
const MOST_REMEDIES: usize = 4;

pub(crate) fn run(
    desk: &Desk,
    person: &Person,
    purpose: Purpose,
    session: &Session,
) -> Result<(String, Outcome)> {
    let policy = input::policy(&desk.policy)?;
    let explanation = explain(&policy, person, purpose, session, desk)?;
    let outcome = if explanation.allowed {
        Outcome::Fine
    } else {
        Outcome::Found
    };
    let text = if desk.json {
        serde_json::to_string_pretty(&explanation)?
    } else {
        page(desk, person, &explanation)
    };
    Ok((text, outcome))
}

fn explain<'a>(
    policy: &'a Policy,
    person: &'a Person,
    purpose: Purpose,
    session: &Session,
    desk: &Desk,
) -> Result<Explanation<'a>> {
    let now = desk.now()?;
    let (subject, account) = (&person.subject, &person.account);
    let context = session.before_proof(now);
    let ask = |action: &Action| policy.decide(subject, account, action, &context);
    let registrations: Vec<Registered<'a>> = account
        .registrations()
        .iter()
        .map(|registration| Registered {
            registration: registration.id(),
            method: registration.method(),
            decision: ask(&Action::Use {
                registration: registration.id().clone(),
                purpose,
            }),
        })
        .collect();
    let signed_in = session.signed_in(person, now);
    let additions = policy
        .methods()
        .filter(|&method| {
            ask(&Action::Accept {
                method: method.clone(),
                purpose,
            })
            .is_allowed()
        })
        .map(|method| Addition {
            method,
            decision: policy.decide(
                subject,
                account,
                &Action::Add {
                    method: method.clone(),
                    device: None,
                },
                &signed_in,
            ),
        })
        .collect();
    let reset = (purpose == Purpose::PasswordReset).then(|| ask(&Action::StartReset));
    let allowed = match &reset {
        Some(reset) => reset.is_allowed(),
        None => registrations
            .iter()
            .any(|registered| registered.decision.is_allowed()),
    };
    Ok(Explanation {
        person: subject.id().as_str(),
        purpose,
        allowed,
        registrations,
        additions,
        reset,
    })
}

fn page(desk: &Desk, person: &Person, explanation: &Explanation<'_>) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let mut page = Page::default();
    let purpose = in_sentence(&messages.purpose(explanation.purpose));
    page.title(&texts.say_with(
        "explain-title",
        [
            ("person", explanation.person.into()),
            ("purpose", purpose.into()),
        ],
    ));
    let usable = explanation
        .registrations
        .iter()
        .filter(|registered| registered.decision.is_allowed())
        .count();
    let answer = match &explanation.reset {
        Some(reset) if reset.is_allowed() => good(&texts.say("explain-reset-yes")),
        Some(_) => bad(&texts.say("explain-reset-no")),
        None if usable > 0 => good(&texts.say_with("explain-yes", [("usable", usable.into())])),
        None => bad(&texts.say("explain-no")),
    };
    page.paragraph(0, &answer);
    if let Some(reset) = explanation
        .reset
        .as_ref()
        .filter(|reset| !reset.is_allowed())
    {
        answer_of(&mut page, desk, reset, 2);
    }

    page.heading(&texts.say("explain-registered"));
    if explanation.registrations.is_empty() {
        page.line(&format!("  {}", dim(&texts.say("explain-none"))));
    }
    for registered in &explanation.registrations {
        let about = crate::overview::about(desk, person, registered.registration);
        page.line(&format!(
            "  {} {}  {}",
            mark(&registered.decision),
            messages.method(registered.method),
            dim(&about)
        ));
        answer_of(&mut page, desk, &registered.decision, 6);
    }

    let (addable, others): (Vec<_>, Vec<_>) = explanation
        .additions
        .iter()
        .partition(|addition| addition.decision.is_allowed());
    page.heading(&texts.say("explain-addable"));
    if addable.is_empty() {
        page.line(&format!("  {}", dim(&texts.say("explain-nothing-addable"))));
    }
    for addition in addable {
        page.line(&format!(
            "  {} {}",
            mark(&addition.decision),
            messages.method(addition.method)
        ));
    }
    if !others.is_empty() {
        page.heading(&texts.say("explain-not-addable"));
    }
    for addition in others {
        page.line(&format!(
            "  {} {}",
            mark(&addition.decision),
            messages.method(addition.method)
        ));
        answer_of(&mut page, desk, &addition.decision, 6);
    }
    page.into_text()
}

/// Yes, no, or unknown, also without colours.
fn mark(decision: &Decision) -> String {
    match decision.effect() {
        Effect::Allow => good("✓"),
        Effect::Deny => bad("✗"),
        Effect::NeedInput(_) => dim("?"),
    }
}

/// Every reason with its place, what is missing, and what would help.
pub(crate) fn answer_of(page: &mut Page, desk: &Desk, decision: &Decision, indent: usize) {
    let Desk {
        texts, messages, ..
    } = desk;
    if decision.is_allowed() {
        return;
    }
    reasons(page, desk, decision.reasons(), decision.missing(), indent);
    let (helps, or) = (texts.say("word-helps"), texts.say("word-or"));
    let width = helps.chars().count().max(or.chars().count());
    for (index, remedy) in decision.remedies().iter().take(MOST_REMEDIES).enumerate() {
        let label = if index == 0 { &helps } else { &or };
        page.beside(indent, label, width, &messages.remedy(remedy));
    }
    let more = decision.remedies().len().saturating_sub(MOST_REMEDIES);
    if more > 0 {
        page.beside(
            indent,
            &or,
            width,
            &dim(&texts.say_with("word-more", [("more", more.into())])),
        );
    }
}

/// Every reason with its place in the policy, and every fact that is missing.
pub(crate) fn reasons(
    page: &mut Page,
    desk: &Desk,
    reasons: &[Reason],
    missing: &[Input],
    indent: usize,
) {
    let Desk { messages, .. } = desk;
    for reason in reasons {
        page.paragraph(
            indent,
            &format!(
                "{} {}",
                messages.reason(reason),
                dim(&format!("[{}]", reason.path()))
            ),
        );
    }
    for &input in missing {
        page.paragraph(
            indent,
            &format!(
                "{} {}",
                messages.input(input),
                dim(&format!("[{}]", input.field()))
            ),
        );
    }
}
