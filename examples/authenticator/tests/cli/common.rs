//! A folder with a vault, and the program in it.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::age_file::{LITTLE, written_by_age};

pub(crate) const PASSPHRASE: &str = "correct horse battery";
/// The key of RFC 4226 and RFC 6238.
pub(crate) const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// One phone.
pub(crate) struct Phone {
    folder: TempDir,
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) exit: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl Phone {
    /// With an empty vault that takes no time to open.
    pub(crate) fn new() -> Self {
        let phone = Self::without_vault();
        let plain = r#"{"version":1,"contents":{"accounts":[],"pairings":[]}}"#;
        phone.write("vault.age", written_by_age(plain, PASSPHRASE, LITTLE));
        phone
    }

    pub(crate) fn without_vault() -> Self {
        let phone = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        phone.write("passphrase", format!("{PASSPHRASE}\n"));
        phone
    }

    /// With these keys, as URIs.
    pub(crate) fn with(uris: &[&str]) -> Self {
        let phone = Self::new();
        phone
            .run_with(&["add", "--uri-from", "-"], &uris.join("\n"))
            .done();
        phone
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_command(arguments);
        command.args(["--passphrase-file", "passphrase"]);
        command
    }

    /// Without the passphrase.
    pub(crate) fn bare_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_authenticator"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("AUTHENTICATOR_VAULT", "vault.age")
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Seen {
        Seen::from(self.command(arguments).output().unwrap())
    }

    /// With this as standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Seen {
        run_with(self.command(arguments), input)
    }

    /// What it prints, without its end.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        self.run(arguments).done().trim_end().to_owned()
    }
}

impl Seen {
    /// What was printed by a command that has to succeed.
    pub(crate) fn done(&self) -> &str {
        assert_eq!(self.exit, 0, "{self:?}");
        &self.out
    }
}

impl From<Output> for Seen {
    fn from(output: Output) -> Self {
        let seen = Self {
            exit: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            error: String::from_utf8(output.stderr).unwrap(),
        };
        // Whatever a test is about: no command prints a key or a passphrase.
        for text in [&seen.out, &seen.error] {
            for secret in [&KEY[..8], &KEY.to_lowercase()[..8], PASSPHRASE] {
                assert!(!text.contains(secret), "{seen:?}");
            }
        }
        seen
    }
}

pub(crate) fn run_with(mut command: Command, input: &str) -> Seen {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever fails early reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    Seen::from(child.wait_with_output().unwrap())
}

pub(crate) fn totp(name: &str) -> String {
    format!("otpauth://totp/{name}?secret={KEY}")
}

pub(crate) fn hotp(name: &str, counter: u64) -> String {
    format!("otpauth://hotp/{name}?secret={KEY}&counter={counter}")
}

/// Whether a program is there that a test needs.
pub(crate) fn has(program: &str) -> bool {
    let is_there = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !is_there {
        let why = format!("{program} is not installed");
        assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
        eprintln!("SKIPPED: {why}");
    }
    is_there
}
