//! Where the dependencies come from and on what terms.

use std::env;
use std::path::Path;

use crate::report::{Outcome, Report};
use crate::tools::CARGO_DENY;
use crate::workspace::Workspace;

pub(crate) fn deny(workspace: &Workspace, report: &mut Report) {
    if let Err(why) = CARGO_DENY.ensure() {
        report.step("", || Outcome::Skipped(why));
        return;
    }
    let deny = || {
        workspace
            .cargo("deny")
            .args(["--all-features", "--locked", "--offline", "check"])
    };
    report.step("bans, licences, sources", || {
        deny().args(["bans", "licenses", "sources"]).outcome()
    });
    // The database of advisories is fetched from outside; who has it gets it checked.
    if has_advisories() {
        report.step("advisories", || deny().arg("advisories").outcome());
    }
}

fn has_advisories() -> bool {
    let home = env::var_os("CARGO_HOME")
        .or_else(|| env::home_dir().map(|home| home.join(".cargo").into_os_string()))
        .unwrap_or_default();
    Path::new(&home).join("advisory-dbs").is_dir()
}
