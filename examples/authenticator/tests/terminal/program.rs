//! The program in a terminal of its own, and what its screen shows.

use std::env;
use std::fs;
use std::io::{Read as _, Write};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{
    Child, CommandBuilder, ExitStatus, MasterPty, PtySize, SlavePty, native_pty_system,
};
use tempfile::TempDir;

use crate::age_file::{LITTLE, written_by_age};

pub(crate) const PASSPHRASE: &str = "correct horse battery";
/// The key of RFC 4226 and RFC 6238.
pub(crate) const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A folder with a vault that opens at once, or with none.
pub(crate) struct Folder(TempDir);

/// The program, running.
pub(crate) struct Program {
    child: Box<dyn Child + Send + Sync>,
    terminal: Box<dyn MasterPty + Send>,
    /// Held, so that the terminal is there to be asked when the program has ended.
    _slave: Box<dyn SlavePty + Send>,
    keyboard: Box<dyn Write + Send>,
    shown: Arc<Mutex<Shown>>,
    modes: String,
}

/// What came out.
struct Shown {
    screen: vt100::Parser,
    bytes: Vec<u8>,
}

impl Folder {
    /// With these accounts.
    pub(crate) fn with(uris: &[&str]) -> Self {
        let folder = Self::empty();
        fs::write(
            folder.vault(),
            written_by_age(
                r#"{"version":1,"contents":{"accounts":[],"pairings":[]}}"#,
                PASSPHRASE,
                LITTLE,
            ),
        )
        .unwrap();
        if !uris.is_empty() {
            folder.add(uris);
        }
        folder
    }

    pub(crate) fn empty() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::write(folder.path("passphrase"), PASSPHRASE).unwrap();
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.path("vault.age")
    }

    /// Another program adds accounts.
    pub(crate) fn add(&self, uris: &[&str]) {
        fs::write(self.path("uris"), uris.join("\n")).unwrap();
        let added = Command::new(env!("CARGO_BIN_EXE_authenticator"))
            .args([
                "add",
                "--uri-from",
                "uris",
                "--passphrase-file",
                "passphrase",
                "--vault",
                "vault.age",
            ])
            .current_dir(self.0.path())
            .output()
            .unwrap();
        assert!(
            added.status.success(),
            "{}",
            String::from_utf8_lossy(&added.stderr)
        );
    }
}

impl Program {
    /// Starts it on a terminal of 80 columns and 24 rows.
    pub(crate) fn start(folder: &Folder) -> Self {
        Self::start_with(folder, (80, 24), &[], &[])
    }

    pub(crate) fn start_with(
        folder: &Folder,
        size: (u16, u16),
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_authenticator"));
        command.arg("--vault");
        command.arg(folder.vault());
        command.args(arguments);
        command.cwd(folder.0.path());
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        for (name, value) in environment {
            command.env(name, value);
        }
        let modes = modes(pair.master.as_ref());
        let child = pair.slave.spawn_command(command).unwrap();
        let shown = Arc::new(Mutex::new(Shown {
            screen: vt100::Parser::new(size.1, size.0, 0),
            bytes: Vec::new(),
        }));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let to = Arc::clone(&shown);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The end of a terminal is an error on some systems.
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                let bytes = bytes.get(..length).unwrap();
                let mut shown = to.lock().unwrap();
                shown.screen.process(bytes);
                shown.bytes.extend_from_slice(bytes);
            }
        });
        Self {
            child,
            keyboard: pair.master.take_writer().unwrap(),
            terminal: pair.master,
            _slave: pair.slave,
            shown,
            modes,
        }
    }

    /// Starts it, and takes its terminal away when it shows something, as when a window is closed. Waits until it has ended.
    pub(crate) fn hung_up(folder: &Folder) -> ExitStatus {
        let pair = native_pty_system().openpty(pty_size((80, 24))).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_authenticator"));
        command.arg("--vault");
        command.arg(folder.vault());
        command.env("TERM", "xterm-256color");
        let mut child = pair.slave.spawn_command(command).unwrap();
        // Read here and not in a thread, which would hold the terminal.
        let (mut reader, mut shown, mut byte) =
            (pair.master.try_clone_reader().unwrap(), Vec::new(), [0]);
        while !String::from_utf8_lossy(&shown).contains("Passphrase") {
            reader.read_exact(&mut byte).unwrap();
            shown.extend(byte);
        }
        drop((reader, pair));
        let begun = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status;
            }
            let is_late = begun.elapsed() > LIMIT;
            if is_late {
                child.kill().unwrap();
            }
            assert!(!is_late, "it goes on without a terminal");
            thread::sleep(LOOK);
        }
    }

    /// Starts it, and unlocks the vault.
    pub(crate) fn unlocked(folder: &Folder) -> Self {
        let mut program = Self::start(folder);
        program.unlock();
        program
    }

    pub(crate) fn unlock(&mut self) {
        self.wait_for("The vault is locked");
        self.types(PASSPHRASE);
        self.types("\r");
        self.wait_for("account");
    }

    /// Where there is no room for a headline.
    pub(crate) fn unlock_small(&mut self) {
        self.types(PASSPHRASE);
        self.types("\r");
        self.wait_for(" › ");
    }

    pub(crate) fn types(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// As a terminal pastes: in brackets.
    pub(crate) fn pastes(&mut self, text: &str) {
        self.types(&format!("\x1b[200~{text}\x1b[201~"));
    }

    pub(crate) fn resize(&mut self, size: (u16, u16)) {
        self.shown
            .lock()
            .unwrap()
            .screen
            .screen_mut()
            .set_size(size.1, size.0);
        self.terminal.resize(pty_size(size)).unwrap();
    }

    /// What is on the screen.
    pub(crate) fn screen(&self) -> String {
        self.shown.lock().unwrap().screen.screen().contents()
    }

    /// All that was written to the terminal so far.
    pub(crate) fn written(&self) -> String {
        String::from_utf8_lossy(&self.shown.lock().unwrap().bytes).into_owned()
    }

    /// Waits until the screen has these words.
    pub(crate) fn wait_for(&self, words: &str) {
        self.wait_until(words, |program| program.screen().contains(words));
    }

    pub(crate) fn wait_until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < LIMIT, "never: {what}\n{}", self.screen());
            thread::sleep(LOOK);
        }
    }

    /// Types keys again and again until the screen has these words: for what takes no keys in its first second.
    pub(crate) fn retry(&mut self, keys: &str, words: &str) {
        let begun = Instant::now();
        while !self.screen().contains(words) {
            assert!(begun.elapsed() < LIMIT, "never: {words}\n{}", self.screen());
            self.types(keys);
            thread::sleep(RETRY);
        }
    }

    /// Waits until it has ended.
    pub(crate) fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(
                begun.elapsed() < LIMIT,
                "it does not end\n{}",
                self.screen()
            );
            thread::sleep(LOOK);
        }
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.process_id().unwrap().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// The terminal is as it was before.
    #[track_caller]
    pub(crate) fn assert_given_back(&self) {
        self.wait_until("the terminal is given back", |program| {
            let shown = program.shown.lock().unwrap();
            let screen = shown.screen.screen();
            !screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste()
        });
        assert_eq!(modes(self.terminal.as_ref()), self.modes);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended, or its test has failed.
        let _ = self.child.kill();
    }
}

/// What `oathtool` says is the code of now, in the groups of the screen.
pub(crate) fn code_of_oathtool() -> Option<String> {
    let Ok(said) = Command::new("oathtool")
        .args(["--totp", "-b", KEY])
        .output()
    else {
        let why = "oathtool is not installed";
        assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
        eprintln!("SKIPPED: {why}");
        return None;
    };
    let code = String::from_utf8(said.stdout).unwrap();
    let (first, second) = code.trim().split_at(3);
    Some(format!("{first} {second}"))
}

/// What the driver of the terminal does with keys and lines.
fn modes(terminal: &dyn MasterPty) -> String {
    format!("{:?}", terminal.get_termios())
}

const fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// How long something is waited for on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(60);
/// Between two tries.
const RETRY: Duration = Duration::from_millis(200);
/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(20);
