//! `policyctl diff`: two policies compared, in their fields and in what they do.

use anyhow::Result;
use mfa_policy::{
    Diff, Difference, Direction, FieldChange, Question, Role, Strictness, Who, at_least_as_strict,
    diff,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Desk, Outcome,
    input::{Source, valid},
    page::{Page, bad, careful, dim, good, in_sentence},
};

#[derive(Serialize)]
struct Answer {
    #[serde(flatten)]
    diff: Diff,
    strictness: Strictness,
}

pub(crate) fn run(desk: &Desk, old: &Source, new: &Source) -> Result<(String, Outcome)> {
    let old = valid(&old.draft()?, &old.to_string())?;
    let new = valid(&new.draft()?, &new.to_string())?;
    let answer = Answer {
        diff: diff(&old, &new),
        strictness: at_least_as_strict(&new, &old),
    };
    let outcome = if answer.diff.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Found
    };
    let text = if desk.json {
        serde_json::to_string_pretty(&answer)?
    } else {
        page(desk, &answer)
    };
    Ok((text, outcome))
}

fn page(desk: &Desk, answer: &Answer) -> String {
    let Desk { texts, .. } = desk;
    let mut page = Page::default();
    if answer.diff.is_empty() {
        page.paragraph(0, &good(&texts.say("diff-same")));
        return page.into_text();
    }
    page.heading(&texts.say("diff-fields"));
    for change in answer.diff.fields() {
        field(&mut page, desk, change);
    }
    page.heading(&texts.say("diff-behaviour"));
    if answer.diff.behaviour().is_empty() {
        page.paragraph(2, &texts.say("diff-same-behaviour"));
    }
    for difference in answer.diff.behaviour() {
        behaviour(&mut page, desk, difference);
    }
    page.heading(&texts.say("diff-strictness"));
    match &answer.strictness {
        Strictness::AtLeastAsStrict => {
            page.paragraph(2, &good(&texts.say("diff-at-least-as-strict")));
        }
        Strictness::Looser(difference) => {
            page.paragraph(2, &careful(&texts.say("diff-looser")));
            page.paragraph(4, &sentence(desk, difference));
        }
        Strictness::Undecided(fields) => {
            page.paragraph(2, &careful(&texts.say("diff-undecided")));
            for path in fields {
                page.paragraph(4, path);
            }
        }
    }
    page.into_text()
}

/// A field with its old and its new value; of lists, what is gone and what has come.
pub(crate) fn field(page: &mut Page, desk: &Desk, change: &FieldChange) {
    let absent = || dim(&desk.texts.say("report-absent"));
    let (old, new) = values(change);
    let (old, new) = (old.unwrap_or_else(absent), new.unwrap_or_else(absent));
    if old.is_empty() || new.is_empty() {
        let (mark, value) = if old.is_empty() {
            (good("+"), new)
        } else {
            (bad("−"), old)
        };
        page.paragraph(2, &format!("{}: {mark} {value}", change.path()));
        return;
    }
    if change
        .path()
        .len()
        .saturating_add(old.len())
        .saturating_add(new.len())
        < MOST_IN_LINE
    {
        page.line(&format!("  {}: {old} → {new}", change.path()));
        return;
    }
    page.line(&format!("  {}", change.path()));
    for (mark, value) in [(bad("−"), old), (good("+"), new)] {
        page.beside(4, &mark, 1, &value);
    }
}

/// Longer ones stand below each other.
const MOST_IN_LINE: usize = 72;

/// The old and the new value for people.
pub(crate) fn values(change: &FieldChange) -> (Option<String>, Option<String>) {
    let list = |value: Option<&str>| -> Option<Vec<Value>> { serde_json::from_str(value?).ok() };
    if let (Some(old), Some(new)) = (list(change.old_value()), list(change.new_value())) {
        let (stay, gone): (Vec<Value>, Vec<Value>) =
            old.iter().cloned().partition(|value| new.contains(value));
        let (stayed, come): (Vec<Value>, Vec<Value>) =
            new.iter().cloned().partition(|value| old.contains(value));
        // Where the order changes, there is no shorter way to say it.
        let (old, new) = if stay == stayed {
            (gone, come)
        } else {
            (old, new)
        };
        return (Some(in_words(old)), Some(in_words(new)));
    }
    let value = |value: Option<&str>| {
        value.map(|text| list(Some(text)).map_or_else(|| text.to_owned(), in_words))
    };
    (value(change.old_value()), value(change.new_value()))
}

fn in_words(values: Vec<Value>) -> String {
    let words: Vec<String> = values
        .into_iter()
        .map(|value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        })
        .collect();
    words.join(", ")
}

/// What is answered differently, and the smallest account that shows it.
fn behaviour(page: &mut Page, desk: &Desk, difference: &Difference) {
    let mark = match difference.direction() {
        Direction::Allowed => good("+"),
        Direction::Denied => bad("−"),
        Direction::Changed => careful("~"),
    };
    page.beside(2, &mark, 1, &sentence(desk, difference));
    page.paragraph(5, &dim(&example(desk, difference)));
}

fn sentence(desk: &Desk, difference: &Difference) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let question = difference.question();
    let names: Vec<String> = question
        .methods()
        .iter()
        .map(|method| in_sentence(&messages.method(method)))
        .collect();
    let purpose = match question {
        Question::Use { purpose, .. } => in_sentence(&messages.purpose(*purpose)),
        _ => String::new(),
    };
    let what = texts.say_with(
        &format!("question-{}", question.code()),
        [
            ("methods", texts.list(&names).into()),
            ("purpose", purpose.into()),
        ],
    );
    let key = match difference.direction() {
        Direction::Allowed => "diff-allowed",
        Direction::Denied => "diff-denied",
        Direction::Changed => "diff-changed",
    };
    texts.say_with(
        key,
        [
            ("who", who(desk, difference.who()).into()),
            ("what", what.into()),
        ],
    )
}

fn who(desk: &Desk, who: &Who) -> String {
    let Desk { texts, .. } = desk;
    match who {
        Who::Everybody => texts.say("who-everybody"),
        Who::Users => texts.say("who-users"),
        Who::Administrators => texts.say("who-administrators"),
        Who::Some { role, groups } => {
            let names: Vec<String> = groups.iter().map(ToString::to_string).collect();
            let key = match (role, names.is_empty()) {
                (Role::User, true) => "who-other-users",
                (Role::User, false) => "who-users-in",
                (Role::Administrator, true) => "who-other-administrators",
                (Role::Administrator, false) => "who-administrators-in",
            };
            texts.say_with(key, [("groups", texts.list(&names).into())])
        }
    }
}

fn example(desk: &Desk, difference: &Difference) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let registrations = difference.witness().account.registrations().iter();
    let methods: Vec<String> = registrations
        .map(|registration| in_sentence(&messages.method(registration.method())))
        .collect();
    if methods.is_empty() {
        texts.say("diff-example-nothing")
    } else {
        texts.say_with("diff-example", [("methods", texts.list(&methods).into())])
    }
}
