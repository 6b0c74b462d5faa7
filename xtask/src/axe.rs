//! axe-core, which finds what keeps people from using a page, and is no program but a script for the page.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::Job;
use crate::tools::NPM;

/// What the tests of pages read: where the script is.
pub(crate) const SCRIPT: &str = "PORTAL_AXE";

const PACKAGE: &str = "axe-core@4.14.1";

/// Fetches it, unless that was done before. It is nobody's dependency, so it is in no lock file of `npm`.
///
/// # Errors
///
/// Why it is not there, in words.
pub(crate) fn ensure(target: &Path) -> Result<PathBuf, String> {
    let folder = target.join(PACKAGE);
    let script = folder.join("node_modules/axe-core/axe.min.js");
    if !script.is_file() {
        NPM.ensure()?;
        println!("installing {PACKAGE}");
        fs::create_dir_all(&folder)
            .map_err(|problem| format!("{}: {problem}", folder.display()))?;
        let ended = Job::new("npm")
            .args(["install", "--no-save", "--ignore-scripts", "--no-audit"])
            .args(["--no-fund", "--no-package-lock", "--prefix"])
            .arg(&folder)
            .arg(PACKAGE)
            .run()?;
        if !script.is_file() {
            return Err(format!("no {PACKAGE}\n{}", ended.details()));
        }
    }
    Ok(script)
}
