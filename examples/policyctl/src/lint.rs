//! `policyctl lint`: what is wrong with a policy, and what may not be what was meant.

use anyhow::Result;
use mfa_policy::{Concern, Conflicts, Lint, PolicyDraft, Problem, Severity};
use serde::Serialize;

use crate::{
    Desk, Outcome,
    input::Source,
    page::{Page, bad, bold, careful, dim, good},
};

/// All that was found.
#[derive(Serialize)]
struct Answer {
    policy: String,
    /// Fields in which several policies differ and none is stricter; then there is nothing else to look at.
    conflicts: Option<Conflicts>,
    problems: Vec<Problem>,
    findings: Vec<Finding>,
}

/// A finding with its texts.
#[derive(Serialize)]
struct Finding {
    #[serde(flatten)]
    lint: Lint,
    concern: Concern,
    path: String,
    text: String,
    fix: String,
}

pub(crate) fn run(desk: &Desk, sources: &[Source]) -> Result<(String, Outcome)> {
    let drafts: Vec<PolicyDraft> = sources.iter().map(Source::draft).collect::<Result<_>>()?;
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    let answer = look(desk, names.join(" + "), &drafts)?;
    let is_clean =
        answer.conflicts.is_none() && answer.problems.is_empty() && answer.findings.is_empty();
    let text = if desk.json {
        serde_json::to_string_pretty(&answer)?
    } else {
        page(desk, &answer)
    };
    Ok((
        text,
        if is_clean {
            Outcome::Fine
        } else {
            Outcome::Found
        },
    ))
}

fn look(desk: &Desk, policy: String, drafts: &[PolicyDraft]) -> Result<Answer> {
    let draft = match mfa_policy::merge(drafts) {
        Ok(draft) => draft,
        Err(conflicts) => {
            return Ok(Answer {
                policy,
                conflicts: Some(conflicts),
                problems: Vec::new(),
                findings: Vec::new(),
            });
        }
    };
    let lints = match draft.validate() {
        Ok(policy) => policy.lint(desk.now()?),
        Err(_) => Vec::new(),
    };
    let finding = |lint: Lint| Finding {
        concern: lint.concern(),
        path: lint.path(),
        text: desk.messages.lint(&lint),
        fix: desk.messages.fix(&lint),
        lint,
    };
    Ok(Answer {
        policy,
        conflicts: None,
        problems: draft.check().problems().to_vec(),
        findings: lints.into_iter().map(finding).collect(),
    })
}

fn page(desk: &Desk, answer: &Answer) -> String {
    let Desk { texts, .. } = desk;
    let mut page = Page::default();
    let count = |severity| {
        answer
            .problems
            .iter()
            .filter(|problem| problem.severity() == severity)
            .count()
    };
    let conflicts = answer
        .conflicts
        .as_ref()
        .map_or(&[][..], Conflicts::as_slice);
    let errors = count(Severity::Error).saturating_add(conflicts.len());
    let (warnings, findings) = (count(Severity::Warning), answer.findings.len());
    if errors == 0 && warnings == 0 && findings == 0 {
        page.paragraph(
            0,
            &good(&texts.say_with("lint-clean", [("policy", answer.policy.as_str().into())])),
        );
        return page.into_text();
    }
    page.title(&texts.say_with(
        "lint-count",
        [
            ("policy", answer.policy.as_str().into()),
            ("errors", errors.into()),
            ("warnings", warnings.into()),
            ("findings", findings.into()),
        ],
    ));
    for conflict in conflicts {
        heading(
            &mut page,
            &bad(&texts.say("word-error")),
            conflict.path(),
            "conflict",
        );
        let text = conflict.to_string();
        page.paragraph(
            2,
            text.split_once(": ")
                .map_or(text.as_str(), |(_, text)| text),
        );
    }
    for problem in &answer.problems {
        let label = match problem.severity() {
            Severity::Error => bad(&texts.say("word-error")),
            Severity::Warning => careful(&texts.say("word-warning")),
        };
        heading(&mut page, &label, problem.path(), problem.code());
        page.paragraph(2, problem.text());
    }
    for finding in &answer.findings {
        let (key, style): (_, fn(&str) -> String) = match finding.concern {
            Concern::LockedOut => ("concern-locked-out", bad),
            Concern::Weakness => ("concern-weakness", careful),
            _ => ("concern-no-effect", dim),
        };
        heading(
            &mut page,
            &style(&texts.say(key)),
            &finding.path,
            finding.lint.code(),
        );
        page.paragraph(2, &finding.text);
        page.beside(
            2,
            &texts.say("word-fix"),
            texts.say("word-fix").chars().count(),
            &finding.fix,
        );
    }
    page.into_text()
}

fn heading(page: &mut Page, label: &str, path: &str, code: &str) {
    page.gap();
    page.line(&format!(
        "{label}  {}  {}",
        bold(path),
        dim(&format!("[{code}]"))
    ));
}
