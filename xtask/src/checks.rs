//! The list of checks, cheapest first.

mod constant_time;
mod disassembly;
mod fuzz;
mod lint;
mod no_std;
mod run;
mod supply;

use crate::report::Report;
use crate::workspace::Workspace;

/// One name for `cargo xtask test NAME`.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) run: fn(&Workspace, &mut Report),
}

/// Every check.
pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "fmt",
        about: "the code is formatted, in every workspace",
        run: lint::fmt,
    },
    Check {
        name: "clippy",
        about: "no warnings, with no, default, all and each single feature",
        run: lint::clippy,
    },
    Check {
        name: "doc",
        about: "the documentation builds without warnings",
        run: lint::doc,
    },
    Check {
        name: "test",
        about: "unit, integration and documentation tests, with no, default and all features",
        run: run::test,
    },
    Check {
        name: "store",
        about: "many processes, a minute of traffic and hundreds of kills on SQLite and PostgreSQL",
        run: run::store,
    },
    Check {
        name: "examples",
        about: "the programs and the single-file examples run",
        run: run::examples,
    },
    Check {
        name: "no-std",
        about: "otp-core links without std",
        run: no_std::no_std,
    },
    Check {
        name: "constant-time",
        about: "no branch, address, division or time that depends on a secret",
        run: constant_time::constant_time,
    },
    Check {
        name: "bench",
        about: "each benchmark runs once and checks its result",
        run: run::bench,
    },
    Check {
        name: "deny",
        about: "licences, sources and bans of the dependencies",
        run: supply::deny,
    },
    Check {
        name: "fuzz",
        about: "each fuzz target, for some seconds",
        run: fuzz::fuzz,
    },
];
