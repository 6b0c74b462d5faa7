//! Running a program, and reading what it says.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::report::Outcome;
use crate::test_output::shortened;

/// What a test prints, at the start of a line, when it could not run.
const SKIP_MARK: &str = "SKIPPED:";
/// Longer than any step takes on two cores with everything still to build.
const LIMIT: Duration = Duration::from_secs(30 * 60);
/// Lines of output shown when a step fails: compilers say the worst first, tests at the end.
const SHOWN_FIRST: usize = 60;
const SHOWN_LAST: usize = 100;

/// A program about to run, without standard input.
#[derive(Debug)]
pub(crate) struct Job {
    command: Command,
    line: String,
    limit: Duration,
}

impl Job {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.stdin(Stdio::null());
        Self {
            command,
            line: program.to_string_lossy().into_owned(),
            limit: LIMIT,
        }
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        let argument = argument.as_ref();
        self.line.push(' ');
        self.line.push_str(&argument.to_string_lossy());
        self.command.arg(argument);
        self
    }

    pub(crate) fn args<I: AsRef<OsStr>>(self, arguments: impl IntoIterator<Item = I>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    /// Ends the program when it takes longer.
    pub(crate) fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// In words, when it could not be started, or did not end in time.
    pub(crate) fn run(self) -> Result<Ended, String> {
        let Self {
            mut command,
            line,
            limit,
        } = self;
        let failed = |problem: io::Error| format!("`{line}` could not run: {problem}");
        // One pipe for both streams keeps their lines in order.
        let (mut reader, writer) = io::pipe().map_err(failed)?;
        command.stdout(writer.try_clone().map_err(failed)?);
        command.stderr(writer);
        let mut child = command.spawn().map_err(failed)?;
        // The command holds the writing ends; with them open, the reader would never see the end.
        drop(command);
        let (sender, output) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let outcome = reader.read_to_end(&mut bytes);
            // Nobody listens any more after a time-out.
            drop(sender.send(outcome.map(|_| bytes)));
        });
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if started.elapsed() > limit {
                child.kill().map_err(failed)?;
                child.wait().map_err(failed)?;
                return Err(format!("`{line}` did not end in {} s", limit.as_secs()));
            }
            thread::sleep(Duration::from_millis(10));
        };
        let rest = Duration::from_secs(10);
        let bytes = output
            .recv_timeout(rest)
            .map_err(|_| format!("`{line}` left a process behind"))?
            .map_err(failed)?;
        let output = String::from_utf8_lossy(&bytes).into_owned();
        Ok(Ended {
            line,
            status,
            output,
        })
    }

    /// Runs it; success and nothing skipped is a pass.
    pub(crate) fn outcome(self) -> Outcome {
        match self.run() {
            Ok(ended) => ended.outcome(),
            Err(problem) => Outcome::Failed(problem),
        }
    }
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    line: String,
    pub(crate) status: ExitStatus,
    pub(crate) output: String,
}

impl Ended {
    /// Success and nothing skipped is a pass.
    pub(crate) fn outcome(&self) -> Outcome {
        if !self.status.success() {
            return Outcome::Failed(self.details());
        }
        let skipped = skipped(&self.output);
        if skipped.is_empty() {
            Outcome::Passed(String::new())
        } else {
            Outcome::Skipped(skipped.join("\n"))
        }
    }

    /// The command line, what it printed, and how it ended.
    pub(crate) fn details(&self) -> String {
        format!(
            "$ {}\n{}\n({})",
            self.line,
            shortened(
                &self.output.lines().collect::<Vec<_>>(),
                SHOWN_FIRST,
                SHOWN_LAST
            ),
            self.status
        )
    }
}

/// The reasons of what was skipped, each once.
fn skipped(output: &str) -> Vec<&str> {
    let mut reasons: Vec<&str> = output
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(SKIP_MARK))
        .collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Job {
        Job::new("sh").args(["-c", script])
    }

    #[test]
    fn a_failing_program_fails_with_what_it_said() {
        let Outcome::Failed(details) = shell("echo so; echo and so >&2; exit 3").outcome() else {
            panic!("exit status 3 has to fail");
        };
        assert!(details.contains("so\nand so"), "{details}");
        assert!(details.contains("exit status: 3"), "{details}");
    }

    #[test]
    fn a_skip_mark_in_a_passing_run_is_no_pass() {
        let script = "echo 'SKIPPED: no oathtool' >&2; echo fine; echo 'SKIPPED: no oathtool'";
        let Outcome::Skipped(why) = shell(script).outcome() else {
            panic!("the mark has to be seen");
        };
        assert_eq!(why, "SKIPPED: no oathtool");
    }

    #[test]
    fn a_failure_beats_a_skip() {
        let outcome = shell("echo 'SKIPPED: half of it'; exit 1").outcome();
        assert!(matches!(outcome, Outcome::Failed(_)));
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let outcome = Job::new("tail")
            .args(["-f", "/dev/null"])
            .limit(Duration::ZERO)
            .outcome();
        let Outcome::Failed(details) = outcome else {
            panic!("a hanging program has to fail");
        };
        assert!(details.contains("did not end in 0 s"), "{details}");
    }

    #[test]
    fn a_program_that_is_missing_fails() {
        let outcome = Job::new("no-such-program-here").outcome();
        assert!(matches!(outcome, Outcome::Failed(_)));
    }
}
