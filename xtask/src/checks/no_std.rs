//! otp-core in a program that has no standard library.

use crate::process::Job;
use crate::report::{Outcome, Report};
use crate::workspace::Workspace;

/// What rustc says when `std` comes in beside the probe's own panic handler.
const TWO_PANIC_HANDLERS: &str = "found duplicate lang item `panic_impl`";

pub(crate) fn no_std(workspace: &Workspace, report: &mut Report) {
    let probe = |command: &str, feature: &[&str]| -> Job {
        workspace
            .cargo_in("no-std-probe", command)
            .arg("--locked")
            .args(feature)
    };
    report.step("default features", || probe("run", &[]).outcome());
    report.step("every feature", || {
        probe("run", &["--features=every-feature"]).outcome()
    });
    report.step("catches a dependency with std", || {
        match probe("build", &["--features=std-twin"]).run() {
            Ok(ended) if ended.output.contains(TWO_PANIC_HANDLERS) => {
                Outcome::Passed(String::new())
            }
            Ok(ended) => Outcome::Failed(format!(
                "expected the compiler to refuse std\n{}",
                ended.details()
            )),
            Err(problem) => Outcome::Failed(problem),
        }
    });
}
