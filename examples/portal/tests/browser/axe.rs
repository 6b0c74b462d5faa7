//! Whether everybody can use a page, as far as axe-core sees it: names, roles, contrast, order of headings, landmarks.

use std::{env, fs};

use serde_json::Value;

use crate::browser::Browser;

/// The script of axe-core.
pub(crate) struct Axe(String);

/// What calls back with a line for each violation.
const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(
    found => done(found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id} at ${node.target}: ${rule.help}`))),
    problem => done([String(problem)]));
";

impl Axe {
    /// Reads it from where `PORTAL_AXE` says; why not, in words.
    pub(crate) fn read() -> Result<Self, String> {
        let path = env::var("PORTAL_AXE")
            .map_err(|_| "PORTAL_AXE names no axe-core; `cargo xtask test` fetches it")?;
        let script = fs::read_to_string(&path).map_err(|problem| format!("{path}: {problem}"))?;
        Ok(Self(format!("{script};{RUN}")))
    }

    /// What is wrong with the page that is shown.
    pub(crate) async fn violations(&self, browser: &Browser) -> Vec<String> {
        let found = browser.run(&self.0).await;
        let found = found.as_array().unwrap();
        found
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }
}
