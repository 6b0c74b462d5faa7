//! A portal as a process of its own, and a browser without a screen.

pub(crate) mod accounts;
pub(crate) mod browser;
pub(crate) mod device;
pub(crate) mod keys;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Nothing takes so long; a test that waits longer has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A running portal on a free port, with a folder of its own that goes with it.
pub(crate) struct Portal {
    process: Child,
    /// Where it listens.
    pub(crate) at: SocketAddr,
    /// What browsers send as their `Origin`.
    pub(crate) origin: String,
    passwords: HashMap<String, String>,
    pub(crate) folder: Folder,
}

impl Portal {
    /// Starts one with those settings in its environment and nothing else.
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_in(Folder::new(), settings)
    }

    /// The same on the data of that folder.
    pub(crate) fn start_in(folder: Folder, settings: &[(&str, &str)]) -> Self {
        let mut process = command(&folder.0, settings)
            .stderr(File::create(folder.0.join("log")).unwrap())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        let (mut origin, mut passwords, mut is_up) = (None, HashMap::new(), false);
        for line in said.map_while(Result::ok) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["The", "portal", "is", "at", place] => origin = Some(place.to_owned()),
                ["Sign", "in", "as", name, .., "password", password] => {
                    let name = name.trim_end_matches(',').to_owned();
                    passwords.insert(name, password.to_owned());
                }
                ["Ctrl-C", ..] => {
                    is_up = true;
                    break;
                }
                _ => {}
            }
        }
        let log = || fs::read_to_string(folder.0.join("log")).unwrap();
        assert!(is_up, "the portal ended: {}", log());
        let origin: String = origin.unwrap();
        // 0 where browsers see another address than that where it listens.
        let port = origin
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse().ok());
        let at = SocketAddr::from(([127, 0, 0, 1], port.unwrap_or(0)));
        Self {
            process,
            at,
            origin,
            passwords,
            folder,
        }
    }

    /// The password that somebody of the demonstration was given.
    pub(crate) fn password(&self, name: &str) -> &str {
        &self.passwords[name]
    }

    /// Whether it has said the password of somebody.
    pub(crate) fn said_password(&self, name: &str) -> bool {
        self.passwords.contains_key(name)
    }

    /// What it has logged until now.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.0.join("log")).unwrap()
    }

    /// Asks it to end, as a service manager does.
    pub(crate) fn terminate(&self) {
        let process = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.unwrap().success());
    }

    /// Waits until it has ended, and gives its folder back.
    pub(crate) fn ended(mut self) -> (ExitStatus, Folder) {
        let status = self.process.wait().unwrap();
        (status, std::mem::take(&mut self.folder))
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What a portal says that does not start.
pub(crate) fn refusal(settings: &[(&str, &str)]) -> String {
    let folder = Folder::new();
    let output = command(&folder.0, settings).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

fn command(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portal"));
    command
        .env_clear()
        .env("PORTAL_LISTEN", "127.0.0.1:0")
        .env("PORTAL_DATA", folder)
        .env("PORTAL_FORMS_PER_MINUTE", "1000000")
        .env("PORTAL_SIGN_INS_PER_MINUTE", "1000000")
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A folder that goes when nobody needs it any more.
#[derive(Default)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("portal-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        // What an earlier process of the same number left behind.
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.0.as_os_str().is_empty() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

/// Waits until something has happened, and fails if it does not.
pub(crate) fn until(mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < PATIENCE, "it does not happen");
        thread::yield_now();
    }
}
