//! The portal as a process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::Value;

use super::Data;

/// The program: where `OTP_PORTAL` says, else built from the source beside this.
pub fn program(release: bool) -> PathBuf {
    if let Some(path) = env::var_os("OTP_PORTAL") {
        return path.into();
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([
            "build",
            "--locked",
            "--package",
            "portal",
            "--message-format=json",
        ])
        .args(release.then_some("--release"))
        .current_dir(workspace)
        .stderr(Stdio::inherit());
    let built = cargo.output().expect("cargo");
    assert!(built.status.success(), "the portal does not build");
    let said = String::from_utf8(built.stdout).unwrap();
    let messages = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs =
        messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from));
    programs.next_back().expect("cargo says what it has built")
}

/// A running portal.
pub(super) struct Portal {
    process: Child,
    pub(super) at: SocketAddr,
    /// Of the person of the demonstration.
    pub(super) password: String,
    /// From the start until it takes requests.
    pub(super) took: Duration,
}

impl Portal {
    pub(super) fn start(data: &impl Data) -> Self {
        let begun = Instant::now();
        let mut process = Command::new(data.program())
            .env_clear()
            .env("PORTAL_LISTEN", "127.0.0.1:0")
            .env("PORTAL_DATA", data.folder())
            .env("PORTAL_KEYS", data.keys())
            .env("PORTAL_FORMS_PER_MINUTE", "4000000000")
            .env("PORTAL_SIGN_INS_PER_MINUTE", "4000000000")
            .env("RUST_LOG", "error")
            .envs(data.url().map(|url| ("DATABASE_URL", url)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the portal");
        let (mut at, mut password) = (None, None);
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        for line in said.map_while(Result::ok) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["The", "portal", "is", "at", address] => {
                    at = address.rsplit(':').next().map(str::to_owned);
                }
                ["Sign", "in", "as", "ada,", .., word] => password = Some(word.to_owned()),
                ["Ctrl-C", ..] => break,
                _ => {}
            }
        }
        let port = at.expect("it starts").parse().unwrap();
        Self {
            process,
            at: SocketAddr::from(([127, 0, 0, 1], port)),
            password: password.expect("it is a demonstration"),
            took: begun.elapsed(),
        }
    }

    /// Bytes of memory, by the name that Linux has for it.
    pub(super) fn memory(&self, name: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap();
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes << 10
    }

    /// Ends it as a service manager does.
    pub(super) fn stop(mut self) {
        let process = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.unwrap().success());
        assert!(self.process.wait().unwrap().success(), "it ends in order");
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It has ended, unless something failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
