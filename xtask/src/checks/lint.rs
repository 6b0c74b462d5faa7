//! Formatting, lints and documentation.

use crate::report::Report;
use crate::workspace::{OWN_WORKSPACES, Workspace};

pub(crate) fn fmt(workspace: &Workspace, report: &mut Report) {
    let flags = ["--all", "--check", "--", "--color=never"];
    report.step("", || workspace.cargo("fmt").args(flags).outcome());
    for own in OWN_WORKSPACES {
        report.step(own, || workspace.cargo_in(own, "fmt").args(flags).outcome());
    }
}

pub(crate) fn clippy(workspace: &Workspace, report: &mut Report) {
    // The flag reaches the checked crates alone, so their dependencies are not built again for it.
    let deny = ["--", "--deny", "warnings"];
    for package in &workspace.packages {
        let clippy = || {
            workspace
                .cargo("clippy")
                .args(["--locked", "--quiet", "--package", &package.name])
        };
        for set in package.feature_sets() {
            report.step(&format!("{} {}", package.name, set.name), || {
                clippy()
                    .arg("--all-targets")
                    .args(&set.flags)
                    .args(deny)
                    .outcome()
            });
        }
        for set in package.single_features() {
            report.step(&format!("{} only {}", package.name, set.name), || {
                clippy().args(&set.flags).args(deny).outcome()
            });
        }
    }
    for own in OWN_WORKSPACES {
        report.step(own, || {
            let clippy = workspace.cargo_in(own, "clippy");
            clippy
                .args(["--locked", "--quiet", "--workspace", "--all-targets"])
                .args(deny)
                .outcome()
        });
    }
}

pub(crate) fn doc(workspace: &Workspace, report: &mut Report) {
    let sets: [(&str, &[&str]); 2] = [
        ("default features", &[]),
        ("all features", &["--all-features"]),
    ];
    for (name, flags) in sets {
        report.step(name, || {
            workspace
                .cargo("doc")
                .args(["--locked", "--quiet", "--workspace", "--no-deps"])
                .args(flags)
                .env("RUSTDOCFLAGS", "--deny warnings")
                .outcome()
        });
    }
}
