//! Every check of the workspace behind one command.
//!
//! ```text
//! cargo xtask test                 every check
//! cargo xtask test fmt clippy      some of them
//! cargo xtask test --require-all   a check that had to be skipped counts as failed
//! cargo xtask list                 their names
//! ```
//!
//! Each check prints one line as it ends, and its output only when it failed. The last line is the count.

mod axe;
mod checks;
mod postgres;
mod process;
mod report;
mod test_output;
mod tools;
mod workspace;

use std::env;
use std::process::ExitCode;

use checks::CHECKS;
use report::Report;
use workspace::Workspace;

/// What test binaries read as well, so that a test which cannot run fails instead of saying `SKIPPED:`.
const REQUIRE_ALL: &str = "OTP_REQUIRE_ALL";

const USAGE: &str = "\
usage: cargo xtask test [NAME...] [--require-all]   run every check, or the named ones
       cargo xtask list                             show the names

--require-all (or OTP_REQUIRE_ALL in the environment) turns a skipped check into a failed one.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.split_first() {
        Some((&"list", [])) => {
            for check in CHECKS {
                println!("{:<14} {}", check.name, check.about);
            }
            ExitCode::SUCCESS
        }
        Some((&"test", rest)) => test(rest),
        _ => refuse(USAGE),
    }
}

fn test(words: &[&str]) -> ExitCode {
    let mut require_all = env::var_os(REQUIRE_ALL).is_some();
    let mut names = Vec::new();
    for word in words {
        match *word {
            "--require-all" => require_all = true,
            flag if flag.starts_with('-') => return refuse(USAGE),
            name if CHECKS.iter().any(|check| check.name == name) => names.push(name),
            name => {
                return refuse(&format!(
                    "no check is called `{name}`; see `cargo xtask list`"
                ));
            }
        }
    }
    let workspace = match Workspace::discover(require_all) {
        Ok(workspace) => workspace,
        Err(problem) => return refuse(&problem),
    };
    let mut report = Report::new(require_all);
    for check in CHECKS {
        if names.is_empty() || names.contains(&check.name) {
            report.enter(check.name);
            (check.run)(&workspace, &mut report);
        }
    }
    report.close()
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}
