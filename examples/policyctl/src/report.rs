//! The report of a simulation as one HTML file: for a browser and for paper, with nothing loaded from anywhere.

use anyhow::Result;
use askama::Template;
use mfa_policy::{FieldChange, Summary};

use crate::{
    Desk, Simulate,
    diff::values,
    flows::Flows,
    simulate::{Answer, Headline, advice, defaults_changed, notes, rejected_line},
};

/// The scale of the bars: that many units are everybody.
const SCALE: u64 = 1_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    desk: &'a Desk,
    language: &'static str,
    title: String,
    headline: String,
    rest: String,
    about: String,
    unaffected: u64,
    must_register: u64,
    stranded: u64,
    band: Band,
    advice: Option<String>,
    notes: Vec<String>,
    purposes: Vec<PurposeBar>,
    defaults_changed: String,
    flows: Flows,
    methods: Vec<MethodRow>,
    proposals: Vec<ProposalRow>,
    stranded_ids: Vec<&'a str>,
    stranded_first: String,
    look: String,
    changes: Vec<ChangeRow<'a>>,
    bad_count: u64,
    bad_title: String,
    bad_lines: Vec<String>,
    made: String,
}

/// Everybody, in three parts.
struct Band {
    unaffected: u64,
    must_register: u64,
    stranded: u64,
    stranded_from: u64,
}

struct PurposeBar {
    name: String,
    before: u64,
    after: u64,
    lost: u64,
    gained: u64,
    before_width: u64,
    after_width: u64,
}

struct MethodRow {
    /// The place in the JSON output.
    place: usize,
    name: String,
    registered: u64,
    before: u64,
    after: u64,
    registered_width: u64,
    before_width: u64,
    after_width: u64,
}

struct ProposalRow {
    place: usize,
    name: String,
    people: u64,
}

struct ChangeRow<'a> {
    field: &'a str,
    old: Option<String>,
    new: Option<String>,
}

impl Report<'_> {
    fn say(&self, key: &str) -> String {
        self.desk.texts.say(key)
    }

    fn number(&self, number: &u64) -> String {
        self.desk.texts.number(*number)
    }
}

/// The whole report.
pub(crate) fn html(
    desk: &Desk,
    arguments: &Simulate,
    answer: &Answer,
    date: &str,
) -> Result<String> {
    let texts = &desk.texts;
    let summary = &answer.summary;
    let headline = Headline::of(desk, arguments, summary);
    let (must_register, stranded) = (summary.must_register().count(), summary.stranded().count());
    let unaffected = summary
        .people()
        .saturating_sub(must_register)
        .saturating_sub(stranded);
    let stranded_ids: Vec<&str> = summary
        .stranded()
        .first()
        .map(|(_, id)| id.as_str())
        .collect();
    let report = Report {
        desk,
        language: texts.language().code(),
        title: texts.say("report-title"),
        headline: headline.first,
        rest: headline.rest,
        about: texts.say_with(
            "report-about",
            [
                ("people", summary.people().into()),
                ("policy", answer.policy.as_str().into()),
                ("date", date.into()),
            ],
        ),
        unaffected,
        must_register,
        stranded,
        band: band(summary.people(), must_register, stranded),
        advice: advice(desk, summary),
        notes: notes(desk, summary),
        purposes: purposes(desk, summary),
        defaults_changed: defaults_changed(desk, summary),
        flows: Flows::new(desk, summary),
        methods: methods(desk, summary),
        proposals: proposals(desk, summary),
        stranded_first: texts.say_with(
            "report-stranded-first",
            [
                ("shown", stranded_ids.len().into()),
                ("people", stranded.into()),
            ],
        ),
        look: look(arguments, stranded_ids.first().copied()),
        stranded_ids,
        changes: answer.changes.iter().map(row).collect(),
        bad_count: answer.rejected.count,
        bad_title: texts.say_with("report-bad", [("lines", answer.rejected.count.into())]),
        bad_lines: answer
            .rejected
            .first
            .iter()
            .map(|line| rejected_line(desk, line))
            .collect(),
        made: texts.say_with(
            "report-made",
            [("version", env!("CARGO_PKG_VERSION").into())],
        ),
    };
    Ok(report.render()?)
}

/// The part of the scale, at least one unit for whoever there is.
pub(crate) fn width(part: u64, whole: u64, scale: u64) -> u64 {
    let exact = u128::from(part)
        .saturating_mul(u128::from(scale))
        .checked_div(u128::from(whole))
        .unwrap_or(0);
    u64::try_from(exact)
        .unwrap_or(scale)
        .max(u64::from(part > 0))
}

fn band(people: u64, must_register: u64, stranded: u64) -> Band {
    // What is small stays visible.
    let visible = |part: u64| {
        if part > 0 {
            width(part, people, SCALE).max(4)
        } else {
            0
        }
    };
    let (must_register, stranded) = (visible(must_register), visible(stranded));
    let unaffected = SCALE.saturating_sub(must_register).saturating_sub(stranded);
    Band {
        unaffected,
        must_register,
        stranded,
        stranded_from: unaffected.saturating_add(must_register),
    }
}

fn purposes(desk: &Desk, summary: &Summary) -> Vec<PurposeBar> {
    let people = summary.people();
    let bar = |change: &mfa_policy::PurposeChange| PurposeBar {
        name: desk.messages.purpose(change.purpose()),
        before: change.before(),
        after: change.after(),
        lost: change.lost().count(),
        gained: change.gained().count(),
        before_width: width(change.before(), people, SCALE),
        after_width: width(change.after(), people, SCALE),
    };
    summary.purposes().iter().map(bar).collect()
}

fn methods(desk: &Desk, summary: &Summary) -> Vec<MethodRow> {
    let most = summary
        .methods()
        .iter()
        .map(mfa_policy::MethodChange::registered)
        .max()
        .unwrap_or(0);
    let used = summary
        .methods()
        .iter()
        .enumerate()
        .filter(|(_, change)| change.registered() > 0);
    used.map(|(place, change)| MethodRow {
        place,
        name: desk.messages.method(change.method()),
        registered: change.registered(),
        before: change.usable_before(),
        after: change.usable_after(),
        registered_width: width(change.registered(), most, SCALE),
        before_width: width(change.usable_before(), most, SCALE),
        after_width: width(change.usable_after(), most, SCALE),
    })
    .collect()
}

fn proposals(desk: &Desk, summary: &Summary) -> Vec<ProposalRow> {
    let row = |(place, proposal): (usize, &mfa_policy::ProposalCount)| {
        let methods: Vec<String> = proposal
            .methods()
            .iter()
            .map(|method| desk.messages.method(method))
            .collect();
        ProposalRow {
            place,
            name: desk.texts.list(&methods),
            people: proposal.people(),
        }
    };
    summary.proposals().iter().enumerate().map(row).collect()
}

fn look(arguments: &Simulate, id: Option<&str>) -> String {
    format!(
        "policyctl overview {} --person {}",
        arguments.population,
        id.unwrap_or_default()
    )
}

fn row(change: &FieldChange) -> ChangeRow<'_> {
    let (old, new) = values(change);
    ChangeRow {
        field: change.path(),
        old,
        new,
    }
}
