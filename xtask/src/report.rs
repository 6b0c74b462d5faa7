//! What the checks found, printed line by line as they end.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

/// How one step of a check ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran and found nothing wrong. The note is short (`12 tests`), often empty.
    Passed(String),
    /// It, or a part of it, could not run here, and why.
    Skipped(String),
    /// It found something wrong: all that is needed to see what.
    Failed(String),
}

/// The outcomes so far.
#[derive(Debug)]
pub(crate) struct Report {
    require_all: bool,
    check: &'static str,
    passed: u32,
    skipped: Vec<String>,
    failed: Vec<String>,
}

impl Report {
    /// An empty report. With `require_all`, a skipped step counts as failed.
    pub(crate) fn new(require_all: bool) -> Self {
        Self {
            require_all,
            check: "",
            passed: 0,
            skipped: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// The steps from here on belong to the check of this name.
    pub(crate) fn enter(&mut self, check: &'static str) {
        self.check = check;
    }

    /// Runs one step and prints its line: the name at once, the outcome when it ends. Says whether it passed.
    pub(crate) fn step(&mut self, name: &str, run: impl FnOnce() -> Outcome) -> bool {
        let label = format!("{} {name}", self.check);
        let label = label.trim_end();
        print!("{label:<58} ");
        flush();
        let started = Instant::now();
        let outcome = self.judge(run());
        let seconds = started.elapsed().as_secs_f32();
        let passed = matches!(outcome, Outcome::Passed(_));
        match outcome {
            Outcome::Passed(note) => {
                println!("{}", format!("ok      {seconds:6.1} s  {note}").trim_end());
                self.passed = self.passed.saturating_add(1);
            }
            Outcome::Skipped(why) => {
                println!("SKIPPED {seconds:6.1} s");
                println!("{}", indented(&why));
                self.skipped.push(label.to_owned());
            }
            Outcome::Failed(details) => {
                println!("FAILED  {seconds:6.1} s");
                println!("{}", indented(&details));
                self.failed.push(label.to_owned());
            }
        }
        flush();
        passed
    }

    fn judge(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Skipped(why) if self.require_all => {
                Outcome::Failed(format!("skipped, where everything has to run:\n{why}"))
            }
            other => other,
        }
    }

    /// Repeats what needs attention, then prints the count on a line of its own.
    pub(crate) fn close(self) -> ExitCode {
        println!();
        for label in &self.skipped {
            println!("skipped: {label}");
        }
        for label in &self.failed {
            println!("failed: {label}");
        }
        println!("{}", self.count());
        flush();
        if self.failed.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }

    fn count(&self) -> String {
        format!(
            "{} passed, {} failed, {} skipped",
            self.passed,
            self.failed.len(),
            self.skipped.len()
        )
    }
}

/// The text set in, so that the lines of the report stand out beside it.
fn indented(text: &str) -> String {
    let lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| format!("    {line}").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

/// A reader who went away is no reason to stop checking.
fn flush() {
    io::stdout().flush().unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report_of_three(require_all: bool) -> Report {
        let mut report = Report::new(require_all);
        report.enter("example");
        report.step("one", || Outcome::Passed(String::new()));
        report.step("two", || Outcome::Skipped("no such tool".to_owned()));
        report.step("three", || Outcome::Failed("wrong".to_owned()));
        report
    }

    #[test]
    fn counts_each_outcome_apart() {
        assert_eq!(
            report_of_three(false).count(),
            "1 passed, 1 failed, 1 skipped"
        );
    }

    #[test]
    fn a_skipped_step_fails_where_everything_is_required() {
        let report = report_of_three(true);
        assert_eq!(report.count(), "1 passed, 2 failed, 0 skipped");
        assert_eq!(report.failed, ["example two", "example three"]);
    }
}
