//! `policyctl simulate`: what a change of the policy does to a population.

use std::{
    io::{self, Read},
    num::NonZeroUsize,
    path::Path,
    sync::Mutex,
    thread,
};

use anyhow::{Context, Result};
use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use mfa_policy::{
    FieldChange, Method, People, Policy, PolicyDraft, Purpose, PurposeChange, Simulated,
    Simulation, Summary,
};
use serde::Serialize;

use crate::{
    Desk, Outcome, Simulate, change,
    change::Setting,
    input::{self, BadLine, Lines, Source},
    page::{Page, bad, bold, careful, dim, good, in_sentence},
    report,
};

/// What was simulated, and what came of it.
#[derive(Serialize)]
pub(crate) struct Answer {
    pub(crate) headline: String,
    pub(crate) policy: String,
    pub(crate) changes: Vec<FieldChange>,
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) rejected: Rejected,
}

/// Lines that are no person.
#[derive(Serialize)]
pub(crate) struct Rejected {
    pub(crate) count: u64,
    pub(crate) first: Vec<RejectedLine>,
}

#[derive(Serialize)]
pub(crate) struct RejectedLine {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) text: String,
}

pub(crate) fn run(desk: &Desk, arguments: &Simulate) -> Result<(String, Outcome)> {
    let draft = input::draft(&desk.policy)?;
    let name = name(&desk.policy, &draft);
    let before = input::valid(&draft, &name)?;
    let after = after(&draft, arguments)?;
    let now = desk.now()?;
    let simulation = Simulation::new(&before, &after, now).with_samples(arguments.samples);
    let simulated = look_at_all(simulation, &arguments.population, arguments.threads)?;
    let answer = answer(desk, arguments, name, (&before, &after), simulated);
    if let Some(path) = &arguments.html {
        let date = desk.messages.time(now);
        input::write(path, &report::html(desk, arguments, &answer, &date)?)?;
    }
    let outcome = outcome(&answer);
    let text = if desk.json {
        serde_json::to_string_pretty(&answer)?
    } else {
        page(desk, &answer, arguments.html.as_deref())
    };
    Ok((text, outcome))
}

fn name(sources: &[Source], draft: &PolicyDraft) -> String {
    draft.name.clone().unwrap_or_else(|| {
        let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
        names.join(" + ")
    })
}

/// The policy after the change.
fn after(before: &PolicyDraft, arguments: &Simulate) -> Result<Policy> {
    let draft = match &arguments.new {
        Some(source) => source.draft()?,
        None => before.clone(),
    };
    let off = arguments
        .off
        .iter()
        .map(|method| Setting::switch(method, false));
    let on = arguments
        .on
        .iter()
        .map(|method| Setting::switch(method, true));
    let settings: Vec<Setting> = off.chain(on).chain(arguments.set.iter().cloned()).collect();
    input::valid(&change::apply(&draft, &settings)?, "the new policy")
}

/// Reads the whole population. Its lines are parsed where they are looked at, in all threads.
fn look_at_all(
    simulation: Simulation<'_>,
    population: &Source,
    threads: Option<NonZeroUsize>,
) -> Result<Simulated<(usize, BadLine)>> {
    let threads = threads
        .or_else(|| thread::available_parallelism().ok())
        .map_or(1, NonZeroUsize::get);
    let progress = progress(population.size());
    let input = progress.wrap_read(population.open()?);
    let failure = Mutex::new(None);
    let lines = lines(input, &failure);
    let simulated = simulation.run(threads, lines, |_, (number, line)| {
        input::person(&line).map_err(|error| (number, error))
    });
    progress.finish_and_clear();
    let failure = failure.into_inner().unwrap_or_default();
    match failure {
        Some(error) => Err(error).with_context(|| format!("cannot read {population}")),
        None => Ok(simulated),
    }
}

/// The lines up to the first that cannot be read at all.
fn lines<'a>(
    input: impl Read + Send + 'a,
    failure: &'a Mutex<Option<io::Error>>,
) -> impl Iterator<Item = (usize, Vec<u8>)> + Send + 'a {
    Lines::new(input).map_while(move |line| match line {
        Ok(line) => Some(line),
        Err(error) => {
            if let Ok(mut failure) = failure.lock() {
                *failure = Some(error);
            }
            None
        }
    })
}

/// A progress bar on a terminal; nothing anywhere else.
fn progress(size: Option<u64>) -> ProgressBar {
    if !Term::stderr().features().is_attended() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match size {
        Some(size) => (
            ProgressBar::new(size),
            "{wide_bar} {percent:>3} %  {eta:>4} left",
        ),
        None => (
            ProgressBar::new_spinner(),
            "{spinner} {bytes} read, {elapsed}",
        ),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(10));
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn answer(
    desk: &Desk,
    arguments: &Simulate,
    policy: String,
    (before, after): (&Policy, &Policy),
    simulated: Simulated<(usize, BadLine)>,
) -> Answer {
    let Simulated { summary, rejected } = simulated;
    let first = rejected
        .first()
        .iter()
        .map(|(_, (line, error))| RejectedLine {
            line: *line,
            column: error.column,
            text: error.text.clone(),
        });
    Answer {
        headline: Headline::of(desk, arguments, &summary).whole(),
        policy,
        changes: mfa_policy::diff(before, after).fields().to_vec(),
        rejected: Rejected {
            count: rejected.count(),
            first: first.collect(),
        },
        summary,
    }
}

fn outcome(answer: &Answer) -> Outcome {
    let summary = &answer.summary;
    let lost = summary
        .purposes()
        .iter()
        .any(|change| change.lost().count() > 0);
    let affected = summary.must_register().count() > 0 || summary.stranded().count() > 0;
    match (answer.rejected.count, lost || affected) {
        (1.., _) => Outcome::Incomplete,
        (0, true) => Outcome::Found,
        (0, false) => Outcome::Fine,
    }
}

/// What a person should know who reads no further.
pub(crate) struct Headline {
    pub(crate) first: String,
    pub(crate) rest: String,
}

impl Headline {
    pub(crate) fn whole(&self) -> String {
        format!("{} {}", self.first, self.rest).trim().to_owned()
    }

    pub(crate) fn of(desk: &Desk, arguments: &Simulate, summary: &Summary) -> Self {
        let Desk {
            texts, messages, ..
        } = desk;
        let start = start(desk, arguments);
        let say = |key: &str, number: u64| {
            texts.say_with(
                key,
                [
                    ("start", start.as_str().into()),
                    ("people", number.into()),
                    ("stranded", number.into()),
                ],
            )
        };
        let stranded = summary.stranded().count();
        let must_register = summary.must_register().count();
        if let Some(change) = most_lost(summary) {
            let lost = change.lost().count();
            let purpose = in_sentence(&messages.purpose(change.purpose()));
            let first = texts.say_with(
                "headline-lost",
                [
                    ("start", start.as_str().into()),
                    ("lost", lost.into()),
                    ("people", summary.people().into()),
                    ("purpose", purpose.into()),
                ],
            );
            let of_them = change.stranded().count();
            let rest = if change.required() == 0 {
                String::new()
            } else if change.newly_required() > 0 || stranded != of_them {
                if stranded > 0 {
                    say("headline-stranded", stranded)
                } else {
                    String::new()
                }
            } else if of_them == 0 && change.must_register().count() == lost {
                texts.say_with("headline-stranded-none", [("lost", lost.into())])
            } else if of_them == lost {
                say("headline-stranded-all", of_them)
            } else if of_them > 0 {
                say("headline-stranded-of-them", of_them)
            } else {
                String::new()
            };
            return Self { first, rest };
        }
        let first = match (must_register, stranded) {
            (1.., _) => say("headline-must-register", must_register),
            (0, 1..) => say("headline-only-stranded", stranded),
            (0, 0) => say("headline-nobody", 0),
        };
        let rest = if must_register > 0 && stranded > 0 {
            say("headline-stranded", stranded)
        } else {
            String::new()
        };
        Self { first, rest }
    }
}

/// "If text messages are switched off".
fn start(desk: &Desk, arguments: &Simulate) -> String {
    let Desk {
        texts, messages, ..
    } = desk;
    let only_off = arguments.new.is_none() && arguments.on.is_empty() && arguments.set.is_empty();
    if !only_off {
        return texts.say("headline-change");
    }
    let methods: Vec<String> = arguments
        .off
        .iter()
        .map(|method| match method {
            Method::External(_) => messages.method(method),
            _ => texts.say(&format!("used-{method}")),
        })
        .collect();
    texts.say_with("headline-off", [("methods", texts.list(&methods).into())])
}

/// Two-step verification if anybody loses it, else what most people lose of what is required, else what most people lose.
fn most_lost(summary: &Summary) -> Option<&PurposeChange> {
    let lost = summary
        .purposes()
        .iter()
        .filter(|change| change.lost().count() > 0);
    lost.max_by_key(|change| {
        (
            change.purpose() == Purpose::TwoStep,
            change.required() > 0,
            change.lost().count(),
        )
    })
}

/// What to do before the change, if anything helps.
pub(crate) fn advice(desk: &Desk, summary: &Summary) -> Option<String> {
    let people = summary.stranded_unless_in_time();
    (people > 0).then(|| {
        desk.texts
            .say_with("report-in-time", [("people", people.into())])
    })
}

/// What the notes below the three figures say.
pub(crate) fn notes(desk: &Desk, summary: &Summary) -> Vec<String> {
    let Desk { texts, .. } = desk;
    let without_proof = summary.stranded_without_proof();
    let others = summary.stranded().count().saturating_sub(without_proof);
    [
        ("report-without-proof", without_proof),
        ("report-nothing-to-add", others),
        ("report-lacking", summary.lacking_all_along()),
    ]
    .into_iter()
    .filter(|(_, people)| *people > 0)
    .map(|(key, people)| texts.say_with(key, [("people", people.into())]))
    .collect()
}

fn page(desk: &Desk, answer: &Answer, html: Option<&Path>) -> String {
    let Desk { texts, .. } = desk;
    let summary = &answer.summary;
    let mut page = Page::default();
    page.title(&answer.headline);
    page.gap();
    figures(&mut page, desk, summary);
    if let Some(advice) = advice(desk, summary) {
        page.gap();
        page.paragraph(0, &bold(&advice));
    }
    for note in notes(desk, summary) {
        page.gap();
        page.paragraph(0, &note);
    }
    purposes(&mut page, desk, summary);
    methods(&mut page, desk, summary);
    defaults(&mut page, desk, summary);
    proposals(&mut page, desk, summary);
    stranded(&mut page, desk, summary.stranded());
    page.heading(&texts.say("report-change"));
    if answer.changes.is_empty() {
        page.line(&format!("  {}", texts.say("report-no-change")));
    }
    for change in &answer.changes {
        crate::diff::field(&mut page, desk, change);
    }
    rejected(&mut page, desk, &answer.rejected);
    if let Some(path) = html {
        page.gap();
        page.paragraph(
            0,
            &texts.say_with(
                "report-written",
                [("file", path.display().to_string().into())],
            ),
        );
    }
    page.into_text()
}

/// Three numbers, and how they divide everybody.
fn figures(page: &mut Page, desk: &Desk, summary: &Summary) {
    let Desk { texts, .. } = desk;
    let (must_register, stranded) = (summary.must_register().count(), summary.stranded().count());
    let unaffected = summary
        .people()
        .saturating_sub(must_register)
        .saturating_sub(stranded);
    let [a, b, c] = shares([unaffected, must_register, stranded], 76);
    page.line(&format!(
        "  {}{}{}",
        good(&"█".repeat(a)),
        careful(&"▓".repeat(b)),
        bad(&"░".repeat(c))
    ));
    let figure =
        |number: u64, key: &str| format!("{} {}", bold(&texts.number(number)), texts.say(key));
    page.line(&format!(
        "  {} {}    {} {}    {} {}",
        good("█"),
        figure(unaffected, "report-unaffected"),
        careful("▓"),
        figure(must_register, "report-must-register"),
        bad("░"),
        figure(stranded, "report-stranded"),
    ));
}

/// Widths that add up to the whole; whoever there is, is seen.
fn shares(numbers: [u64; 3], width: usize) -> [usize; 3] {
    let total: u64 = numbers
        .iter()
        .fold(0, |total, number| total.saturating_add(*number));
    if total == 0 {
        return [0; 3];
    }
    let share = |number: u64| {
        let exact = u128::from(number)
            .saturating_mul(width as u128)
            .checked_div(u128::from(total))
            .unwrap_or(0);
        usize::try_from(exact)
            .unwrap_or(width)
            .max(usize::from(number > 0))
    };
    let [_, b, c] = numbers.map(share);
    [
        if numbers[0] > 0 {
            width.saturating_sub(b).saturating_sub(c).max(1)
        } else {
            0
        },
        b,
        c,
    ]
}

fn purposes(page: &mut Page, desk: &Desk, summary: &Summary) {
    let Desk {
        texts, messages, ..
    } = desk;
    page.heading(&texts.say("report-purposes"));
    let head = [
        "report-purpose",
        "report-before",
        "report-after",
        "report-lost",
        "report-gained",
    ]
    .map(|key| texts.say(key));
    let rows: Vec<Vec<String>> = summary
        .purposes()
        .iter()
        .map(|change| {
            vec![
                messages.purpose(change.purpose()),
                texts.number(change.before()),
                texts.number(change.after()),
                some(desk, change.lost().count(), bad),
                some(desk, change.gained().count(), good),
            ]
        })
        .collect();
    page.table(2, &head, &rows);
}

fn some(desk: &Desk, number: u64, style: fn(&str) -> String) -> String {
    if number == 0 {
        dim("–")
    } else {
        style(&desk.texts.number(number))
    }
}

fn methods(page: &mut Page, desk: &Desk, summary: &Summary) {
    let Desk {
        texts, messages, ..
    } = desk;
    page.heading(&texts.say("report-methods"));
    let head = [
        "report-method",
        "report-registered",
        "report-usable-before",
        "report-usable-after",
    ]
    .map(|key| texts.say(key));
    let used = summary
        .methods()
        .iter()
        .filter(|change| change.registered() > 0);
    let rows: Vec<Vec<String>> = used
        .map(|change| {
            let after = texts.number(change.usable_after());
            vec![
                messages.method(change.method()),
                texts.number(change.registered()),
                texts.number(change.usable_before()),
                if change.usable_after() < change.usable_before() {
                    bad(&after)
                } else {
                    after
                },
            ]
        })
        .collect();
    page.table(2, &head, &rows);
}

/// A method, or that there is none.
pub(crate) fn method_or_none(desk: &Desk, method: Option<&Method>) -> String {
    method.map_or_else(
        || desk.texts.say("report-no-default"),
        |method| desk.messages.method(method),
    )
}

fn defaults(page: &mut Page, desk: &Desk, summary: &Summary) {
    let Desk { texts, .. } = desk;
    page.heading(&texts.say("report-defaults"));
    page.paragraph(2, &defaults_changed(desk, summary));
    let mut changed: Vec<_> = summary
        .defaults()
        .iter()
        .filter(|change| change.is_change())
        .collect();
    changed.sort_by_key(|change| std::cmp::Reverse(change.people()));
    let rows: Vec<Vec<String>> = changed
        .into_iter()
        .map(|change| {
            let (from, to) = (
                method_or_none(desk, change.from()),
                method_or_none(desk, change.to()),
            );
            vec![format!("{from} → {to}"), texts.number(change.people())]
        })
        .collect();
    if !rows.is_empty() {
        page.table(
            2,
            &[String::new(), texts.say("report-people-column")],
            &rows,
        );
    }
}

pub(crate) fn defaults_changed(desk: &Desk, summary: &Summary) -> String {
    let changes = summary
        .defaults()
        .iter()
        .filter(|change| change.is_change());
    let people = changes.fold(0_u64, |people, change| {
        people.saturating_add(change.people())
    });
    if people == 0 {
        desk.texts.say("report-defaults-same")
    } else {
        desk.texts
            .say_with("report-defaults-changed", [("people", people.into())])
    }
}

fn proposals(page: &mut Page, desk: &Desk, summary: &Summary) {
    let Desk {
        texts, messages, ..
    } = desk;
    if summary.proposals().is_empty() {
        return;
    }
    page.heading(&texts.say("report-proposals"));
    let rows: Vec<Vec<String>> = summary
        .proposals()
        .iter()
        .map(|proposal| {
            let methods: Vec<String> = proposal
                .methods()
                .iter()
                .map(|method| messages.method(method))
                .collect();
            vec![texts.list(&methods), texts.number(proposal.people())]
        })
        .collect();
    page.table(
        2,
        &[
            texts.say("report-method"),
            texts.say("report-people-column"),
        ],
        &rows,
    );
}

/// As many stranded people as are named on a terminal; JSON and the report name more.
const NAMED: usize = 12;

fn stranded(page: &mut Page, desk: &Desk, people: &People) {
    let Desk { texts, .. } = desk;
    if people.count() == 0 {
        return;
    }
    page.heading(&texts.say("report-stranded-list"));
    let ids: Vec<&str> = people
        .first()
        .take(NAMED)
        .map(|(_, id)| id.as_str())
        .collect();
    let all = usize::try_from(people.count()).is_ok_and(|count| count == ids.len());
    page.paragraph(
        2,
        &format!("{}{}", ids.join("  "), if all { "" } else { "  …" }),
    );
}

fn rejected(page: &mut Page, desk: &Desk, rejected: &Rejected) {
    if rejected.count == 0 {
        return;
    }
    page.gap();
    page.paragraph(
        0,
        &careful(
            &desk
                .texts
                .say_with("report-bad", [("lines", rejected.count.into())]),
        ),
    );
    for line in rejected.first.iter().take(NAMED) {
        page.paragraph(2, &rejected_line(desk, line));
    }
}

pub(crate) fn rejected_line(desk: &Desk, line: &RejectedLine) -> String {
    let place = desk
        .texts
        .say_with("report-line", [("line", line.line.to_string().into())]);
    format!("{place}:{}: {}", line.column, line.text)
}
