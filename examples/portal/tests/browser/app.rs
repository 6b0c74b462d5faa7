//! The authenticator app of this workspace, as its own program: on the command line, as scripts use it.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::portal::lines;

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// What every vault of the stories opens with.
pub(crate) const PASSPHRASE: &str = "correct horse battery staple";

/// Somebody's app, with a vault of its own.
pub(crate) struct App {
    vault: PathBuf,
    passphrase: PathBuf,
}

/// The app, waiting for what is asked.
pub(crate) struct Listening {
    process: Child,
    said: Receiver<String>,
}

impl App {
    /// A new app whose files are in that folder.
    pub(crate) fn new(folder: &Path) -> Self {
        let app = Self::at(folder, "phone");
        app.succeeds(&["create"], "");
        app
    }

    /// The app on a new phone, from the backup of this one.
    pub(crate) fn on_a_new_phone(&self, folder: &Path) -> Self {
        let backup = folder.join("backup.age");
        self.succeeds(&["backup", backup.to_str().unwrap()], "");
        let new = Self::at(folder, "new-phone");
        new.succeeds(&["restore", backup.to_str().unwrap()], "");
        new
    }

    fn at(folder: &Path, name: &str) -> Self {
        let passphrase = folder.join(format!("{name}.passphrase"));
        fs::write(&passphrase, PASSPHRASE).unwrap();
        let vault = folder.join(format!("{name}.age"));
        Self { vault, passphrase }
    }

    /// Where its vault is.
    pub(crate) fn vault(&self) -> &Path {
        &self.vault
    }

    /// Reads a picture of a page with that command, such as `pair` or `add`.
    pub(crate) fn scans(&self, command: &str, picture: &[u8]) -> String {
        let path = self.vault.with_extension("png");
        fs::write(&path, picture).unwrap();
        self.succeeds(&[command, "--qr", path.to_str().unwrap()], "")
    }

    /// Approves, denies or reports what is asked; or does what has to be done.
    pub(crate) fn succeeds(&self, arguments: &[&str], typed: &str) -> String {
        let output = self.does(arguments, typed);
        let said = String::from_utf8(output.stdout).unwrap();
        let problems = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {said}{problems}");
        said
    }

    /// The same, and it does not work. What it says to that, and with which code it ends.
    pub(crate) fn fails(&self, arguments: &[&str], typed: &str) -> (i32, String) {
        let output = self.does(arguments, typed);
        assert!(!output.status.success(), "{arguments:?} was done");
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), said)
    }

    /// What a command writes for programs.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.succeeds(arguments, "")).unwrap()
    }

    /// Runs a command on the vault, with the passphrase from its file.
    fn does(&self, arguments: &[&str], typed: &str) -> Output {
        let passphrase = self.passphrase.to_str().unwrap();
        let arguments = [arguments, &["--passphrase-file", passphrase]].concat();
        self.does_alone(&arguments, typed)
    }

    /// Runs a command on the vault, with all that is typed.
    pub(crate) fn does_alone(&self, arguments: &[&str], typed: &str) -> Output {
        let mut process = self.start(arguments, Stdio::piped());
        let mut input = process.stdin.take().unwrap();
        input.write_all(typed.as_bytes()).unwrap();
        drop(input);
        process.wait_with_output().unwrap()
    }

    /// Begins to wait for what is asked.
    pub(crate) fn listens(&self) -> Listening {
        let passphrase = self.passphrase.to_str().unwrap();
        let arguments = ["listen", "--json", "--passphrase-file", passphrase];
        let mut process = self.start(&arguments, Stdio::null());
        let said = lines(process.stdout.take().unwrap());
        Listening { process, said }
    }

    fn start(&self, arguments: &[&str], input: Stdio) -> Child {
        Command::new(program())
            .env_clear()
            .env("AUTHENTICATOR_VAULT", &self.vault)
            .args(arguments)
            .stdin(input)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }
}

impl Listening {
    /// Waits until it tells of such an event.
    pub(crate) fn hears(&self, event: &str) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let line = self
                .said
                .recv_timeout(left)
                .unwrap_or_else(|_| panic!("nothing was heard of the kind `{event}`"));
            let line: Value = serde_json::from_str(&line).unwrap();
            if line["event"] == event {
                return line;
            }
        }
    }

    /// Waits until it ends by itself.
    pub(crate) fn ends(&mut self) {
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, built like the portal that is tested, beside it.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let portal = Path::new(env!("CARGO_BIN_EXE_portal"));
        let folder = portal.parent().unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "--package", "authenticator"]);
        if folder.ends_with("release") {
            cargo.arg("--release");
        }
        cargo.arg("--target-dir").arg(folder.parent().unwrap());
        assert!(cargo.status().unwrap().success(), "the app is not built");
        folder
            .join("authenticator")
            .with_extension(env::consts::EXE_EXTENSION)
    })
}
