//! What is wrong with a draft of a policy.

use std::fmt;

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// No policy can be made of the draft.
    Error,
    /// A policy can be made, but it may not be what was meant.
    Warning,
}

/// One thing that is wrong, with its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    severity: Severity,
    path: String,
    code: &'static str,
    text: String,
}

impl Problem {
    /// How bad it is.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The field.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, as a stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// What is wrong, in English.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.path, self.text, self.code)
    }
}

/// Everything that is wrong with a draft, in the order of severity and path.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
pub struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// The problems.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether no policy can be made of the draft.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
    }

    pub(crate) fn error(&mut self, code: &'static str, path: &str, text: impl Into<String>) {
        self.add(Severity::Error, code, path, text.into());
    }

    pub(crate) fn warning(&mut self, code: &'static str, path: &str, text: impl Into<String>) {
        self.add(Severity::Warning, code, path, text.into());
    }

    fn add(&mut self, severity: Severity, code: &'static str, path: &str, text: String) {
        self.problems.push(Problem {
            severity,
            path: path.to_owned(),
            code,
            text,
        });
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.problems.sort();
        self.problems.dedup();
        self
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}
