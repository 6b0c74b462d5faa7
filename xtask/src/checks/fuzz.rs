//! Each fuzz target for some seconds: a look for what broke since, not a campaign.

use std::fs;

use crate::report::{Outcome, Report};
use crate::tools::{CARGO_FUZZ, ensure_nightly};
use crate::workspace::Workspace;

/// Seconds for each target.
const SECONDS: u32 = 8;

pub(crate) fn fuzz(workspace: &Workspace, report: &mut Report) {
    if let Err(why) = ensure_nightly().and_then(|()| CARGO_FUZZ.ensure()) {
        report.step("", || Outcome::Skipped(why));
        return;
    }
    let mut targets = Vec::new();
    report.step("build", || {
        match workspace.nightly_cargo_in("fuzz", "fuzz").arg("list").run() {
            Ok(listing) if listing.status.success() => {
                targets.extend(listing.output.split_whitespace().map(str::to_owned));
            }
            Ok(listing) => return Outcome::Failed(listing.details()),
            Err(problem) => return Outcome::Failed(problem),
        }
        if targets.is_empty() {
            return Outcome::Failed("there is no fuzz target".to_owned());
        }
        workspace
            .nightly_cargo_in("fuzz", "fuzz")
            .arg("build")
            .outcome()
    });
    for target in &targets {
        report.step(target, || run(workspace, target));
    }
}

/// New inputs go to a folder of their own, so that the kept corpus stays as it is.
fn run(workspace: &Workspace, target: &str) -> Outcome {
    let found = workspace.target.join("fuzz-found").join(target);
    if let Err(problem) = fs::create_dir_all(&found) {
        return Outcome::Failed(format!("{}: {problem}", found.display()));
    }
    let fuzz = workspace.root.join("fuzz");
    let corpus = fuzz.join("corpus").join(target);
    if !corpus.is_dir() {
        return Outcome::Failed(format!("the corpus {} is missing", corpus.display()));
    }
    let dictionary = fuzz
        .join("dictionaries")
        .join(target)
        .with_extension("dict");
    let dictionary = dictionary
        .is_file()
        .then(|| format!("-dict={}", dictionary.display()));
    workspace
        .nightly_cargo_in("fuzz", "fuzz")
        .args(["run", target])
        .arg(found)
        .arg(corpus)
        .arg("--")
        .arg(format!("-max_total_time={SECONDS}"))
        .args(dictionary)
        .outcome()
}
