//! Constant time, by three means that see different things; each has to catch a twin that leaks.
//!
//! What they show and what they do not is in `constant-time/README.md`.

use std::path::Path;

use super::disassembly::Machine;
use crate::process::Job;
use crate::report::{Outcome, Report};
use crate::tools::{OBJDUMP, VALGRIND};
use crate::workspace::Workspace;

/// Profiles of that workspace and what they stand for.
const PROFILES: [(&str, &str); 5] = [
    ("release", "-O3"),
    ("whole", "-O3 with LTO"),
    ("size", "-Os"),
    ("smallest", "-Oz"),
    ("unoptimised", "-O0"),
];

/// What `valgrind` is told to end with when it found something: no program of ours ends so by itself.
const FOUND: i32 = 99;
/// The leaks that memcheck has to catch.
const EXACT_TWINS: [&str; 4] = [
    "truncation-by-index",
    "early-exit",
    "base32-by-table",
    "branch-elsewhere",
];

/// Where the machine code begins that touches secrets, and where a division waits to be found.
const ENTRY: &str = "disassembly::entry_";
const DIVISION_TWIN: &str = "disassembly::twin_code";
/// Divisions of numbers that are no secret.
const PUBLIC_DIVISIONS: [&str; 2] = [
    // Time by period.
    "otp_core::period::Period::divide",
    // Length by length of a chunk, where the hash crates write the hash of a key longer than a block.
    "core::iter::adapters::zip::TrustedRandomAccessNoCoerce::size",
];

const PAIRS: [&str; 4] = [
    "match_in_first_or_last_step",
    "match_or_wrong",
    "fixed_or_random_key",
    "wrong_in_first_or_last_digit",
];
const STATISTICAL_TWIN: &str = "twin_returns_early";
const RUNS: usize = 3;
/// Beyond it is a leak, as dudect's authors have it.
const LARGEST_T: f64 = 5.0;
/// What the twin has to reach, so that a machine too noisy to see anything is not taken for a proof.
const SMALLEST_TWIN_T: f64 = 100.0;

pub(crate) fn constant_time(workspace: &Workspace, report: &mut Report) {
    for (profile, level) in PROFILES {
        let build = workspace.cargo_in("constant-time", "build");
        let build = build.args([
            "--locked",
            "--profile",
            profile,
            "--package",
            "exact",
            "--package",
            "disassembly",
        ]);
        if !report.step(&format!("build {level}"), || build.outcome()) {
            continue;
        }
        let programs = workspace.target.join(profile);
        exact(workspace, report, &programs, level);
        // Unoptimised code divides the lengths of its iterators everywhere, and nobody ships it.
        if level != "-O0" {
            no_division(report, &programs, level);
        }
    }
    let build = workspace.cargo_in("constant-time", "build");
    let build = build.args(["--locked", "--release", "--package", "statistical"]);
    if report.step("build statistical", || build.outcome()) {
        statistical(report, &workspace.target.join("release"));
    }
}

fn exact(workspace: &Workspace, report: &mut Report, programs: &Path, level: &str) {
    if let Err(why) = VALGRIND.ensure() {
        report.step(&format!("exact {level}"), || Outcome::Skipped(why));
        return;
    }
    let suppressions = workspace.root.join("constant-time/exact/declassify.supp");
    let valgrind = |words: &[&str]| {
        Job::new("valgrind")
            .args([
                "-q",
                "--num-callers=8",
                &format!("--error-exitcode={FOUND}"),
            ])
            .arg(format!("--suppressions={}", suppressions.display()))
            .arg(programs.join("exact"))
            .args(words)
            .run()
    };
    report.step(&format!("exact {level}"), || match valgrind(&["all"]) {
        Ok(ended) if ended.status.success() => Outcome::Passed(ended.output.trim().to_owned()),
        Ok(ended) => Outcome::Failed(ended.details()),
        Err(problem) => Outcome::Failed(problem),
    });
    report.step(&format!("exact {level} catches its twins"), || {
        for twin in EXACT_TWINS {
            match valgrind(&["twin", twin]) {
                Ok(ended) if ended.status.code() == Some(FOUND) => {}
                Ok(ended) => {
                    return Outcome::Failed(format!(
                        "`{twin}` was not caught\n{}",
                        ended.details()
                    ));
                }
                Err(problem) => return Outcome::Failed(problem),
            }
        }
        Outcome::Passed(format!("{} caught", EXACT_TWINS.len()))
    });
}

fn no_division(report: &mut Report, programs: &Path, level: &str) {
    if let Err(why) = OBJDUMP.ensure() {
        report.step(&format!("no division {level}"), || Outcome::Skipped(why));
        return;
    }
    let machine = Machine::read(&programs.join("disassembly"));
    report.step(&format!("no division {level}"), || match &machine {
        Ok(machine) => search(machine),
        Err(problem) => Outcome::Failed(problem.clone()),
    });
    report.step(&format!("no division {level} catches its twin"), || {
        let caught = machine.as_ref().is_ok_and(|machine| {
            let reached = machine.reached_from(DIVISION_TWIN);
            reached
                .iter()
                .any(|function| !function.divisions.is_empty())
        });
        if caught {
            Outcome::Passed(String::new())
        } else {
            Outcome::Failed("a division by a run-time value was not seen".to_owned())
        }
    });
}

/// Looks for divisions in whatever touches secrets.
fn search(machine: &Machine) -> Outcome {
    let reached = machine.reached_from(ENTRY);
    // All three hash functions must be among what is searched.
    for hash in ["sha1::", "sha2::sha256::", "sha2::sha512::"] {
        let compresses = |name: &str| name.starts_with(hash) && name.contains("compress");
        if !reached.iter().any(|function| compresses(&function.name)) {
            return Outcome::Failed(format!("no compression function of `{hash}` was reached"));
        }
    }
    let found: Vec<String> = reached
        .iter()
        .filter(|function| !PUBLIC_DIVISIONS.contains(&function.name.as_str()))
        .flat_map(|function| {
            function
                .divisions
                .iter()
                .map(|division| format!("{}: {division}", function.name))
        })
        .collect();
    if found.is_empty() {
        Outcome::Passed(format!("{} functions", reached.len()))
    } else {
        Outcome::Failed(found.join("\n"))
    }
}

fn statistical(report: &mut Report, programs: &Path) {
    let program = programs.join("statistical");
    for pair in PAIRS {
        report.step(&format!("statistical {pair}"), || {
            let first = match measure(&program, pair) {
                Ok(runs) if runs.iter().all(|t| t.abs() < LARGEST_T) => {
                    return Outcome::Passed(shown(&runs));
                }
                Ok(runs) => runs,
                Err(problem) => return Outcome::Failed(problem),
            };
            // What else the machine did may look like a leak once; a leak is there again.
            match measure(&program, pair) {
                Ok(again) if again.iter().all(|t| t.abs() < LARGEST_T) => {
                    Outcome::Passed(format!("{}, after {}", shown(&again), shown(&first)))
                }
                Ok(again) => Outcome::Failed(format!("{}, then {}", shown(&first), shown(&again))),
                Err(problem) => Outcome::Failed(problem),
            }
        });
    }
    report.step(
        &format!("statistical {STATISTICAL_TWIN}"),
        || match measure(&program, STATISTICAL_TWIN) {
            Ok(runs) if runs.iter().all(|t| t.abs() > SMALLEST_TWIN_T) => {
                Outcome::Passed(shown(&runs))
            }
            Ok(runs) => Outcome::Failed(shown(&runs)),
            Err(problem) => Outcome::Failed(problem),
        },
    );
}

fn shown(runs: &[f64]) -> String {
    let numbers: Vec<String> = runs.iter().map(|t| format!("{t:.1}")).collect();
    format!("t = {}", numbers.join(", "))
}

fn measure(program: &Path, name: &str) -> Result<Vec<f64>, String> {
    (0..RUNS).map(|_| largest_t(program, name)).collect()
}

/// Runs one pair and reads `bench NAME ... : n == +0.060M, max t = +1.23456, max tau = …`.
fn largest_t(program: &Path, name: &str) -> Result<f64, String> {
    let ended = Job::new(program).args(["--filter", name]).run()?;
    ended
        .output
        .split_once("max t = ")
        .and_then(|(_, rest)| rest.split_once(','))
        .and_then(|(number, _)| number.parse().ok())
        .filter(|t: &f64| t.is_finite())
        .ok_or_else(|| ended.details())
}
