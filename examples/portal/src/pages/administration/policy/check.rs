//! What can be said of the text of a policy before it is in force.

use mfa_policy::{
    Concern, Direction, FieldChange, Lint, Messages, Person, Policy, PolicyDraft, Problem, Purpose,
    Report, Severity, Simulation, Summary, Timestamp, diff,
};
use mfa_store::Store as _;
use tokio::task::spawn_blocking;

use super::differences::words;
use crate::failure::Failure;
use crate::people;
use crate::policy_text::line_of;
use crate::visitor::Visitor;

/// People that a change is tried on. Of more the first by name stand for all.
const MOST_PEOPLE: usize = 5_000;
/// People that are loaded at once.
const PAGE: i64 = 500;
/// The most names that are shown.
const MOST_NAMES: usize = 10;

/// All that was found.
#[derive(Default)]
pub(super) struct Checked {
    /// Why it is no policy, and what else is wrong with it.
    pub(super) problems: Vec<Finding>,
    pub(super) findings: Vec<Finding>,
    /// `None` if it is no policy.
    pub(super) effect: Option<Effect>,
}

/// Something about a place in the text.
pub(super) struct Finding {
    /// `error`, `warning` or `advice`.
    pub(super) class: &'static str,
    /// 0 if no line is about it.
    pub(super) line: usize,
    pub(super) path: String,
    pub(super) text: String,
    pub(super) fix: String,
}

/// What the change would do.
pub(super) struct Effect {
    pub(super) fields: Vec<Field>,
    pub(super) differences: Vec<Difference>,
    pub(super) what_if: WhatIf,
    /// The administrator himself could no longer sign in with two steps.
    pub(super) locks_out: bool,
}

pub(super) struct Field {
    pub(super) path: String,
    pub(super) old: String,
    pub(super) new: String,
}

pub(super) struct Difference {
    pub(super) class: &'static str,
    pub(super) words: String,
}

/// What it would do to the people that there are.
pub(super) struct WhatIf {
    pub(super) people: u64,
    /// Whether there are more people than were looked at.
    pub(super) capped: bool,
    pub(super) must_register: u64,
    pub(super) stranded: u64,
    pub(super) stranded_names: String,
    pub(super) purposes: Vec<PurposeRow>,
}

pub(super) struct PurposeRow {
    pub(super) purpose: String,
    pub(super) before: u64,
    pub(super) after: u64,
}

impl Checked {
    pub(super) async fn of(visitor: &Visitor, text: &str) -> Result<Self, Failure> {
        let messages = Messages::new(visitor.language);
        let draft = match PolicyDraft::from_toml(text) {
            Ok(draft) => draft,
            Err(error) => {
                return Ok(Self {
                    problems: vec![Finding {
                        class: "error",
                        line: error.line(),
                        path: String::new(),
                        text: error.text().to_owned(),
                        fix: String::new(),
                    }],
                    ..Self::default()
                });
            }
        };
        let report: Report = draft.check();
        let problem = |problem: &Problem| Finding {
            class: match problem.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            line: line_of(text, problem.path()).unwrap_or(0),
            path: problem.path().to_owned(),
            text: problem.text().to_owned(),
            fix: String::new(),
        };
        let problems = report.problems().iter().map(problem).collect();
        let Ok(policy) = draft.validate() else {
            return Ok(Self {
                problems,
                ..Self::default()
            });
        };
        Ok(Self {
            problems,
            findings: findings(&policy, text, visitor.now, &messages),
            effect: Some(effect(visitor, policy, messages).await?),
        })
    }
}

/// The policy of a text.
pub(super) fn read(text: &str) -> Result<Policy, ()> {
    let draft = PolicyDraft::from_toml(text).map_err(|_| ())?;
    draft.validate().map_err(|_| ())
}

/// What the linter says.
pub(super) fn findings(
    policy: &Policy,
    text: &str,
    now: Timestamp,
    messages: &Messages,
) -> Vec<Finding> {
    let finding = |lint: Lint| Finding {
        class: match lint.concern() {
            Concern::LockedOut => "error",
            Concern::Weakness => "warning",
            _ => "advice",
        },
        line: line_of(text, &lint.path()).unwrap_or(0),
        path: lint.path(),
        text: messages.lint(&lint),
        fix: messages.fix(&lint),
    };
    policy.lint(now).into_iter().map(finding).collect()
}

/// Whether the administrator could no longer sign in with two steps, and so not mend it.
pub(super) async fn locks_out(visitor: &Visitor, policy: &Policy) -> Result<bool, Failure> {
    let person = Person {
        subject: visitor.person()?.subject(),
        account: visitor.account().await?.view(),
    };
    let before = visitor.in_force.flow.policy();
    let mut simulation = Simulation::new(before, policy, visitor.now);
    simulation.add(0, &person);
    let summary = simulation.into_summary();
    let two_step = summary
        .purposes()
        .iter()
        .find(|change| change.purpose() == Purpose::TwoStep);
    let loses = two_step.is_some_and(|change| change.lost().count() > 0);
    Ok(loses || summary.stranded().count() > 0)
}

async fn effect(visitor: &Visitor, policy: Policy, messages: Messages) -> Result<Effect, Failure> {
    let locks_out = locks_out(visitor, &policy).await?;
    let (everybody, capped) = everybody(visitor).await?;
    let (before, now) = (visitor.in_force.flow.policy().clone(), visitor.now);
    let looked = spawn_blocking(move || {
        let changes = diff(&before, &policy);
        let mut simulation = Simulation::new(&before, &policy, now).with_samples(MOST_NAMES);
        for (index, person) in (0..).zip(&everybody) {
            simulation.add(index, person);
        }
        (changes, simulation.into_summary())
    });
    let (changes, summary) = looked.await.map_err(|_| Failure::Unavailable)?;
    let difference = |difference: &mfa_policy::Difference| Difference {
        class: match difference.direction() {
            Direction::Allowed => "advice",
            Direction::Denied => "error",
            Direction::Changed => "warning",
        },
        words: words(visitor, &messages, difference),
    };
    Ok(Effect {
        fields: changes.fields().iter().map(field).collect(),
        differences: changes.behaviour().iter().map(difference).collect(),
        what_if: what_if(visitor, &messages, &summary, capped).await?,
        locks_out,
    })
}

fn field(change: &FieldChange) -> Field {
    let value = |value: Option<&str>| value.unwrap_or("–").to_owned();
    Field {
        path: change.path().to_owned(),
        old: value(change.old_value()),
        new: value(change.new_value()),
    }
}

/// Everybody as policies see them, and whether there are more.
async fn everybody(visitor: &Visitor) -> Result<(Vec<Person>, bool), Failure> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let page = people::search(&visitor.site.database, "", &after, PAGE).await?;
        let Some(last) = page.last().map(|person| person.name.clone()) else {
            return Ok((all, false));
        };
        for person in page {
            if all.len() >= MOST_PEOPLE {
                return Ok((all, true));
            }
            let key = visitor.site.account(&person.id);
            all.push(Person {
                subject: person.subject(),
                account: visitor.site.store.load(&key).await?.view(),
            });
        }
        after = last;
    }
}

async fn what_if(
    visitor: &Visitor,
    messages: &Messages,
    summary: &Summary,
    capped: bool,
) -> Result<WhatIf, Failure> {
    let mut names = Vec::new();
    for (_, id) in summary.stranded().first() {
        let person = people::by_id(&visitor.site.database, id.as_str()).await?;
        names.push(person.map_or_else(|| id.to_string(), |person| person.shown));
    }
    let changed = |change: &&mfa_policy::PurposeChange| {
        change.lost().count() > 0 || change.gained().count() > 0
    };
    let purpose = |change: &mfa_policy::PurposeChange| PurposeRow {
        purpose: messages.purpose(change.purpose()),
        before: change.before(),
        after: change.after(),
    };
    Ok(WhatIf {
        people: summary.people(),
        capped,
        must_register: summary.must_register().count(),
        stranded: summary.stranded().count(),
        stranded_names: names.join(", "),
        purposes: summary
            .purposes()
            .iter()
            .filter(changed)
            .map(purpose)
            .collect(),
    })
}
