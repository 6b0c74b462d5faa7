//! Tests, examples and benchmarks: whatever runs and has to come out right.

use std::time::Duration;

use crate::process::Job;
use crate::report::{Outcome, Report};
use crate::test_output::{count, failures};
use crate::tools::{FOR_TESTS, STRACE, Tool};
use crate::workspace::Workspace;

/// An example that takes longer waits for something that does not come.
const SOON: Duration = Duration::from_secs(300);

/// Where proptest begins. Each run asks the same cases, so that what fails in one fails in the next, and a change is not
/// refused for a fault that another one brought; `cargo test` begins elsewhere every time.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "4226");

/// What the proofs of the stores read.
const STORE_PROOFS: &str = "OTP_STORE_PROOFS";

/// The programs of `examples/`, with what to ask of each.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("quickstart", &[]),
    ("policyctl", &["preset"]),
    // Tests start them; here they say how they are used.
    ("portal", &["--help"]),
    ("authenticator", &["--help"]),
];

pub(crate) fn test(workspace: &Workspace, report: &mut Report) {
    // A test that misses one of them says so itself.
    let others = [workspace.postgres().err(), workspace.axe().err()];
    let others = others.into_iter().flatten().map(str::to_owned);
    let missing: Vec<String> = FOR_TESTS
        .iter()
        .filter_map(|tool| Tool::ensure(tool).err())
        .chain(others)
        .collect();
    if !missing.is_empty() {
        report.step("tools", || Outcome::Skipped(missing.join("\n")));
    }
    for package in &workspace.packages {
        for set in package.feature_sets() {
            report.step(&format!("{} {}", package.name, set.name), || {
                let job = workspace
                    .cargo("test")
                    .args(["--locked", "--no-fail-fast", "--package", &package.name])
                    .args(&set.flags)
                    // Shows what passing tests printed too, which is where they say what they skipped.
                    .args(["--", "--show-output"]);
                run_tests(workspace.with_axe(workspace.with_postgres(job)))
            });
        }
    }
}

/// The proofs of the stores, as long as they have to be. `test` has run them already, shorter.
pub(crate) fn store(workspace: &Workspace, report: &mut Report) {
    let tools = [
        workspace.postgres().err().map(str::to_owned),
        STRACE.ensure().err(),
    ];
    let missing: Vec<String> = tools.into_iter().flatten().collect();
    if !missing.is_empty() {
        report.step("tools", || Outcome::Skipped(missing.join("\n")));
    }
    report.step("", || {
        let job = workspace
            .cargo("test")
            .args(["--locked", "--package", "mfa-store", "--all-features"])
            .args(["--test", "proofs"])
            .env(STORE_PROOFS, "full");
        run_tests(workspace.with_postgres(job))
    });
}

pub(crate) fn examples(workspace: &Workspace, report: &mut Report) {
    for (program, arguments) in PROGRAMS {
        run_example(
            workspace,
            report,
            program,
            &["--package", program],
            arguments,
        );
    }
    for package in &workspace.packages {
        for example in &package.examples {
            let name = format!("{} {example}", package.name);
            let flags = [
                "--package",
                &package.name,
                "--example",
                example,
                "--all-features",
            ];
            run_example(workspace, report, &name, &flags, &[]);
        }
    }
}

/// Without anybody to type, an example has to come to a good end, and soon.
fn run_example(
    workspace: &Workspace,
    report: &mut Report,
    name: &str,
    flags: &[&str],
    arguments: &[&str],
) {
    report.step(name, || {
        let cargo = |command| workspace.cargo(command).arg("--locked").args(flags);
        match cargo("build").outcome() {
            Outcome::Passed(_) => cargo("run").arg("--").args(arguments).limit(SOON).outcome(),
            other => other,
        }
    });
}

pub(crate) fn bench(workspace: &Workspace, report: &mut Report) {
    // Without `--bench`, criterion runs each benchmark once; unoptimised, its rivals build in half the time. The portal is the
    // one that the tests have built.
    report.step("", || {
        let portal = workspace
            .cargo("build")
            .args(["--locked", "--package", "portal"]);
        match portal.outcome() {
            Outcome::Passed(_) => {}
            other => return other,
        }
        let job = workspace
            .cargo_in("benches", "test")
            .args(["--locked", "--all-targets"])
            .env("OTP_PORTAL", workspace.target.join("debug").join("portal"));
        workspace.with_postgres(job).outcome()
    });
}

/// A run in which no test ran has shown nothing.
fn run_tests(job: Job) -> Outcome {
    let ended = match job.env(SEED.0, SEED.1).run() {
        Ok(ended) => ended,
        Err(problem) => return Outcome::Failed(problem),
    };
    let passed = count(&ended.output, "passed");
    let ignored = count(&ended.output, "ignored");
    match ended.outcome() {
        Outcome::Failed(details) => Outcome::Failed(failures(&ended.output).unwrap_or(details)),
        Outcome::Passed(_) if passed == 0 => {
            Outcome::Failed(format!("no test ran\n{}", ended.details()))
        }
        Outcome::Passed(_) if ignored > 0 => {
            Outcome::Skipped(format!("{ignored} tests are marked `ignore`"))
        }
        Outcome::Passed(_) => Outcome::Passed(format!("{passed} tests")),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printing(text: &str) -> Outcome {
        run_tests(Job::new("echo").arg(text))
    }

    #[test]
    fn a_run_says_how_many_tests_passed() {
        let Outcome::Passed(note) = printing("test result: ok. 7 passed; 0 failed; 0 ignored")
        else {
            panic!("seven tests passed");
        };
        assert_eq!(note, "7 tests");
    }

    #[test]
    fn a_run_without_tests_is_no_pass() {
        assert!(matches!(
            printing("test result: ok. 0 passed; 0 failed; 0 ignored"),
            Outcome::Failed(_)
        ));
        assert!(matches!(printing(""), Outcome::Failed(_)));
    }

    #[test]
    fn an_ignored_test_is_no_pass() {
        let outcome = printing("test result: ok. 3 passed; 0 failed; 1 ignored");
        assert!(matches!(outcome, Outcome::Skipped(_)));
    }
}
