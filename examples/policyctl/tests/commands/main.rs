//! The program as a person and as a script use it: files, commands, exit codes.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test may stop")]

mod asking;
mod input;
mod simulate;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// An empty folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_policyctl"));
        command
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Seen {
        Seen::from(self.command(arguments).output().unwrap())
    }

    /// With JSON, which has to parse.
    fn json(&self, arguments: &[&str]) -> Value {
        let seen = self.run(&[arguments, &["--json"]].concat());
        serde_json::from_str(&seen.out)
            .unwrap_or_else(|error| panic!("{error}: {}{}", seen.out, seen.error))
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.join(file), text).unwrap();
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap()
    }
}

struct Seen {
    exit: i32,
    out: String,
    error: String,
}

impl From<Output> for Seen {
    fn from(output: Output) -> Self {
        let seen = Self {
            exit: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!seen.error.contains("panicked"), "{}", seen.error);
        assert!(
            !seen.out.contains('\u{1b}'),
            "colours without a terminal: {}",
            seen.out
        );
        seen
    }
}

fn sample(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/population");
    folder.join(file).to_str().unwrap().to_owned()
}

/// Text for people fits a terminal of 80 columns.
fn fits(text: &str) {
    for line in text.lines() {
        let words = line.split_whitespace().count();
        assert!(line.chars().count() <= 80 || words <= 2, "too long: {line}");
    }
}

const NOW: [&str; 2] = ["--now", "2026-11-22T09:00:00Z"];
