//! `policyctl overview`: the security info of an account.

use anyhow::Result;
use mfa_policy::{
    Effect, Input, Overview, Person, Purpose, Reason, RegistrationId, RegistrationOverview,
    Required, Role, Sending, State,
};
use serde::Serialize;

use crate::{
    Desk, Outcome,
    explain::reasons,
    input,
    page::{Page, bad, careful, dim, good, in_sentence},
    session::Session,
};

/// What the library says, and what it is about.
#[derive(Serialize)]
struct Answer<'a> {
    person: &'a str,
    required: Vec<Required>,
    #[serde(flatten)]
    overview: Overview,
}

pub(crate) fn run(desk: &Desk, person: &Person, session: &Session) -> Result<(String, Outcome)> {
    let policy = input::policy(&desk.policy)?;
    let context = session.signed_in(person, desk.now()?);
    let overview = policy.overview(&person.subject, &person.account, &context);
    let answer = Answer {
        person: person.subject.id().as_str(),
        required: policy.required(&person.subject),
        overview,
    };
    let outcome = if answer.overview.missing().is_empty() {
        Outcome::Fine
    } else {
        Outcome::Found
    };
    let text = if desk.json {
        serde_json::to_string_pretty(&answer)?
    } else {
        page(desk, person, &answer)
    };
    Ok((text, outcome))
}

fn page(desk: &Desk, person: &Person, answer: &Answer<'_>) -> String {
    let Desk { texts, .. } = desk;
    let overview = &answer.overview;
    let mut page = Page::default();
    page.title(answer.person);
    page.paragraph(0, &dim(&about_person(desk, person)));

    page.heading(&texts.say("overview-methods"));
    if overview.registrations().is_empty() {
        page.line(&format!("  {}", dim(&texts.say("overview-none"))));
    }
    for registration in overview.registrations() {
        methods(&mut page, desk, person, registration);
    }

    page.heading(&texts.say("overview-default"));
    page.paragraph(2, &default(desk, person, overview));

    page.heading(&texts.say("overview-required"));
    if answer.required.is_empty() {
        page.line(&format!(
            "  {}",
            dim(&texts.say("overview-required-nothing"))
        ));
    }
    for required in &answer.required {
        page.line(&format!(
            "  {}",
            requirement(desk, *required, overview.missing())
        ));
    }

    proposals(&mut page, desk, overview);
    additions(&mut page, desk, overview);
    if let Some(time) = overview.recheck_at() {
        page.gap();
        page.paragraph(
            0,
            &dim(&texts.say_with("word-recheck", [("time", desk.messages.time(time).into())])),
        );
    }
    page.into_text()
}

fn about_person(desk: &Desk, person: &Person) -> String {
    let Desk { texts, .. } = desk;
    let groups: Vec<String> = person
        .subject
        .groups()
        .iter()
        .map(ToString::to_string)
        .collect();
    let groups = match groups.as_slice() {
        [] => texts.say("person-no-groups"),
        groups => texts.say_with("person-groups", [("groups", texts.list(groups).into())]),
    };
    match person.subject.role() {
        Role::User => groups,
        Role::Administrator => format!("{}, {groups}", texts.say("role-administrator")),
    }
}

/// Identifier, device and state of a registration.
pub(crate) fn about(desk: &Desk, person: &Person, id: &RegistrationId) -> String {
    let Desk { texts, .. } = desk;
    let mut about = vec![id.to_string()];
    if let Some(registration) = person.account.registration(id) {
        if let Some(device) = registration.device() {
            about.push(texts.say_with("word-device", [("device", device.as_str().into())]));
        }
        match registration.state() {
            State::Active => {}
            State::Pending => about.push(texts.say("state-pending")),
            State::Disabled => about.push(texts.say("state-disabled")),
            State::Deactivated => about.push(texts.say("state-deactivated")),
        }
    }
    about.join(", ")
}

fn methods(page: &mut Page, desk: &Desk, person: &Person, registration: &RegistrationOverview) {
    let Desk {
        texts, messages, ..
    } = desk;
    let usable: Vec<String> = purposes(desk, registration.usable_for().iter());
    let mark = if usable.is_empty() {
        bad("✗")
    } else {
        good("✓")
    };
    let about = dim(&about(desk, person, registration.registration()));
    page.line(&format!(
        "  {mark} {}  {about}",
        messages.method(registration.method())
    ));
    if usable.is_empty() {
        page.paragraph(6, &texts.say("overview-unusable"));
    } else {
        page.paragraph(
            6,
            &texts.say_with(
                "overview-usable-for",
                [("purposes", texts.list(&usable).into())],
            ),
        );
    }
    // What is denied for one and the same reason is said once.
    let mut told: Vec<(&[Reason], &[Input], Vec<Purpose>)> = Vec::new();
    for why_not in registration.why_not() {
        let (reasons, missing) = (why_not.reasons(), why_not.missing());
        match told
            .iter_mut()
            .find(|(r, m, _)| (*r, *m) == (reasons, missing))
        {
            Some((_, _, purposes)) => purposes.push(why_not.purpose()),
            None => told.push((reasons, missing, vec![why_not.purpose()])),
        }
    }
    for (why, missing, denied) in told {
        let denied = purposes(desk, denied.into_iter());
        page.paragraph(
            6,
            &dim(&texts.say_with(
                "overview-not-for",
                [("purposes", texts.list(&denied).into())],
            )),
        );
        reasons(page, desk, why, missing, 8);
    }
}

fn purposes(desk: &Desk, purposes: impl Iterator<Item = Purpose>) -> Vec<String> {
    purposes
        .map(|purpose| in_sentence(&desk.messages.purpose(purpose)))
        .collect()
}

fn default(desk: &Desk, person: &Person, overview: &Overview) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let Some(default) = overview.default_method() else {
        return texts.say("overview-no-default");
    };
    let method = person
        .account
        .registration(default.registration())
        .map(|registration| messages.method(registration.method()));
    let key = if default.is_chosen() {
        "overview-default-chosen"
    } else {
        "overview-default-ranked"
    };
    let sending = match default.sending() {
        Sending::Automatic => "sending-automatic",
        Sending::AskFirst => "sending-ask-first",
    };
    let name = texts.say_with(
        key,
        [
            ("method", method.unwrap_or_default().into()),
            ("registration", default.registration().as_str().into()),
        ],
    );
    format!("{name}; {}", texts.say(sending))
}

fn requirement(desk: &Desk, required: Required, missing: &[Required]) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let mut name = messages.purpose(required.purpose);
    if let Some(strength) = required.strength {
        name = format!("{name} ({})", texts.say(strength_key(strength)));
    }
    if missing.contains(&required) {
        format!("{} {name}: {}", bad("✗"), texts.say("overview-missing"))
    } else {
        format!("{} {name}: {}", good("✓"), texts.say("overview-reached"))
    }
}

const fn strength_key(strength: mfa_policy::Strength) -> &'static str {
    match strength {
        mfa_policy::Strength::TwoStep => "strength-two-step",
        mfa_policy::Strength::Passwordless => "strength-passwordless",
        mfa_policy::Strength::PhishingResistant => "strength-phishing-resistant",
    }
}

fn proposals(page: &mut Page, desk: &Desk, overview: &Overview) {
    let Desk {
        texts, messages, ..
    } = desk;
    if overview.proposals().is_empty()
        && overview.campaign().is_none()
        && !overview.asks_to_reconfirm()
    {
        return;
    }
    page.heading(&texts.say("overview-proposals"));
    for proposal in overview.proposals() {
        let methods: Vec<String> = proposal
            .methods()
            .iter()
            .map(|method| messages.method(method))
            .collect();
        let why = if proposal.is_required() {
            careful(&texts.say("overview-proposal-required"))
        } else {
            dim(&texts.say("overview-proposal-backup"))
        };
        page.line(&format!("  {}  {why}", texts.list(&methods)));
    }
    if let Some(campaign) = overview.campaign() {
        let method = messages.method(campaign.method());
        page.line(&format!(
            "  {method}  {}",
            dim(&texts.say("overview-campaign"))
        ));
    }
    if overview.asks_to_reconfirm() {
        page.line(&format!("  {}", texts.say("overview-reconfirm")));
    }
}

fn additions(page: &mut Page, desk: &Desk, overview: &Overview) {
    let Desk {
        texts, messages, ..
    } = desk;
    let (addable, others): (Vec<_>, Vec<_>) = overview
        .additions()
        .iter()
        .partition(|addition| addition.effect() == Effect::Allow);
    if !addable.is_empty() {
        page.heading(&texts.say("overview-addable"));
    }
    for addition in addable {
        page.line(&format!(
            "  {} {}",
            good("✓"),
            messages.method(addition.method())
        ));
    }
    if !others.is_empty() {
        page.heading(&texts.say("overview-not-addable"));
    }
    for addition in others {
        page.line(&format!(
            "  {} {}",
            bad("✗"),
            messages.method(addition.method())
        ));
        reasons(page, desk, addition.reasons(), addition.missing(), 6);
    }
}
