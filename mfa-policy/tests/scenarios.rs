//! The scenarios of `testdata/policy`: the specification, case by case, as people read it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test may stop"
)]

#[path = "scenarios/expect.rs"]
mod expect;
#[path = "scenarios/given.rs"]
mod given;
#[path = "scenarios/when.rs"]
mod when;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mfa_policy::{AccountView, Action, Context, Effect, Method, Policy, Preset, Purpose, Subject};
use serde::Deserialize;

use expect::Expected;
use given::Given;
use when::When;

/// One file of scenarios and tables.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    scenario: Vec<Scenario>,
    #[serde(default)]
    table: Vec<Table>,
    #[serde(default)]
    setting: Vec<Setting>,
}

/// Given, when, then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    source: String,
    #[serde(default)]
    given: Given,
    when: When,
    expect: Expected,
}

/// What a preset says of every method and purpose, as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    source: String,
    preset: String,
    cells: String,
}

/// What some presets say, in the form of a policy that holds just that.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    name: String,
    source: String,
    presets: Vec<String>,
    policy: toml::Table,
}

/// Every file of scenarios, by name.
fn files() -> Vec<(String, File)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/policy");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    let read = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).unwrap();
        let file = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, file)
    };
    paths.iter().map(|path| read(path)).collect()
}

/// What differs, in words; empty if the scenario holds.
fn differences(file: &str, scenario: &Scenario) -> String {
    assert!(
        !scenario.source.is_empty(),
        "{} has no source",
        scenario.name
    );
    let differences = scenario.expect.compare(&scenario.given, &scenario.when);
    if differences.is_empty() {
        return String::new();
    }
    format!(
        "{file}: {}\n  when {}\n  {}",
        scenario.name,
        scenario.when,
        differences.join("\n  ")
    )
}

/// Stops with every failure, not with the first one.
fn none(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} failed\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn every_scenario_holds() {
    let mut names = BTreeSet::new();
    let mut failures = Vec::new();
    for (file, content) in files() {
        for scenario in content.scenario {
            let found = differences(&file, &scenario);
            if !found.is_empty() {
                failures.push(found);
            }
            if !names.insert(scenario.name.clone()) {
                failures.push(format!("{file}: there are two of `{}`", scenario.name));
            }
        }
    }
    none(&failures);
    assert!(names.len() >= 120, "only {} scenarios", names.len());
}

/// The example that explains the format is one of them.
#[test]
fn the_example_of_the_read_me_holds() {
    let text = include_str!("../../testdata/policy/README.md");
    let example = text.split("```toml").nth(1).unwrap();
    let file: File = toml::from_str(example.split("```").next().unwrap()).unwrap();
    assert_eq!(file.scenario.len(), 1);
    assert_eq!(differences("README.md", &file.scenario[0]), "");
}

#[test]
fn every_cell_of_the_tables_holds() {
    let mut cells = 0;
    let mut failures = Vec::new();
    for (_, content) in files() {
        for table in content.table {
            assert!(!table.source.is_empty(), "{} has no source", table.name);
            let policy = table.preset.parse::<Preset>().unwrap().policy();
            let mut lines = table.cells.trim().lines();
            let purposes: Vec<Purpose> = lines
                .next()
                .unwrap()
                .split_whitespace()
                .map(purpose)
                .collect();
            assert_eq!(purposes, Purpose::ALL, "{}", table.name);
            let mut methods = Vec::new();
            for line in lines {
                let mut words = line.split_whitespace();
                let method: Method = words.next().unwrap().parse().unwrap();
                let words: Vec<&str> = words.collect();
                assert_eq!(words.len(), purposes.len(), "{}: {line}", table.name);
                for (purpose, expected) in purposes.iter().zip(words) {
                    let got = cell(&policy, &method, *purpose);
                    cells += 1;
                    if got != expected {
                        failures.push(format!(
                            "{}: {method} for {purpose} is `{got}`, expected `{expected}`",
                            table.name
                        ));
                    }
                }
                methods.push(method);
            }
            assert_eq!(methods[..15], Method::BUILT_IN, "{}", table.name);
        }
    }
    none(&failures);
    assert!(cells >= 270, "only {cells} cells");
}

#[test]
fn every_setting_is_what_the_presets_say() {
    let mut looked_at = 0;
    let mut failures = Vec::new();
    for (_, content) in files() {
        for setting in content.setting {
            assert!(!setting.source.is_empty(), "{} has no source", setting.name);
            for name in &setting.presets {
                let preset: Preset = name.parse().unwrap();
                let says = toml::Table::try_from(preset.policy().draft()).unwrap();
                // Laid over the preset, it changes nothing.
                let with = given::changed(preset, &setting.policy);
                if toml::Table::try_from(with).unwrap() != says {
                    failures.push(format!("{name}: {}", setting.name));
                }
                looked_at += 1;
            }
        }
    }
    none(&failures);
    assert!(looked_at > 50, "only {looked_at} settings");
}

/// What the policy says of a method and a purpose, in a word.
fn cell(policy: &Policy, method: &Method, purpose: Purpose) -> String {
    let person = Subject::new("somebody".to_owned().try_into().unwrap());
    let action = Action::Accept {
        method: method.clone(),
        purpose,
    };
    let context = Context::anywhere(given::now());
    let decision = policy.decide(&person, &AccountView::default(), &action, &context);
    match decision.effect() {
        Effect::Allow => "yes".to_owned(),
        Effect::NeedInput(input) => input.field().to_owned(),
        Effect::Deny => match expect::codes(decision.reasons()).as_str() {
            "purpose_not_allowed" => "no".to_owned(),
            "not_in_policy" => "-".to_owned(),
            "method_off" => "off".to_owned(),
            "method_off, purpose_not_allowed" => "no".to_owned(),
            other => other.to_owned(),
        },
    }
}

fn purpose(name: &str) -> Purpose {
    *Purpose::ALL
        .iter()
        .find(|purpose| purpose.as_str() == name)
        .unwrap_or_else(|| panic!("no purpose `{name}`"))
}

/// The stable codes of all reasons, read where they are written.
fn every_code() -> BTreeSet<&'static str> {
    let source = include_str!("../src/reason.rs");
    let list = source.split("fn code(").nth(1).unwrap();
    let list = list.split("fn path(").next().unwrap();
    let codes: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    assert!(codes.len() > 40, "{codes:?}");
    codes
}

/// The specification leaves no reason out.
#[test]
fn every_reason_is_expected_by_a_scenario() {
    let files = files();
    let expected: BTreeSet<&str> = files
        .iter()
        .flat_map(|(_, file)| &file.scenario)
        .flat_map(|scenario| scenario.expect.reasons())
        .collect();
    let all = every_code();
    let left_out: Vec<_> = all.difference(&expected).collect();
    assert!(left_out.is_empty(), "no scenario expects {left_out:?}");
}

const RULES: &str = include_str!("../../docs/policy-rules.md");

#[test]
fn the_page_about_the_rules_explains_every_reason() {
    let (rules, list) = RULES.split_once("\n## Every reason").unwrap();
    for code in every_code() {
        let code = format!("`{code}`");
        assert!(rules.contains(&code), "{code} stands under no rule");
        assert!(list.contains(&code), "{code} is not in the list");
    }
}

#[test]
fn every_example_of_that_page_builds() {
    let examples: Vec<&str> = RULES.split("```toml").skip(1).collect();
    assert!(examples.len() > 20, "only {} examples", examples.len());
    for example in examples {
        let example: toml::Table = example.split("```").next().unwrap().parse().unwrap();
        let draft = given::changed(Preset::SecurityInfo, &example);
        if let Err(report) = draft.validate() {
            panic!("{example}: {report}");
        }
    }
}

#[test]
fn every_link_within_that_page_has_its_heading() {
    let headings = RULES.lines().filter(|line| line.starts_with("##"));
    let anchors: Vec<String> = headings
        .map(|line| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            text.chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
                .map(|c| if c == ' ' { '-' } else { c })
                .collect()
        })
        .collect();
    let distinct: BTreeSet<&String> = anchors.iter().collect();
    assert_eq!(distinct.len(), anchors.len(), "two headings are alike");
    for link in RULES.split("](#").skip(1) {
        let link = link.split(')').next().unwrap().to_owned();
        assert!(anchors.contains(&link), "no heading for #{link}");
    }
}
