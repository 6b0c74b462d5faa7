//! A mail server: `aiosmtpd`, an implementation of SMTP in Python.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A running server, and the folder of its mail.
pub(crate) struct MailServer {
    process: Child,
    mail: PathBuf,
}

/// Whether there is one on this machine. If not, it is said.
pub(crate) fn is_there() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let there = env::split_paths(&path).any(|folder| folder.join("aiosmtpd").is_file());
    if !there {
        let why = "not installed: aiosmtpd (Debian: python3-aiosmtpd)";
        assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
        println!("SKIPPED: {why}");
    }
    there
}

impl MailServer {
    /// Takes connections when this returns. It refuses what is larger than `size`.
    pub(crate) fn start(folder: &Path, port: u16, size: u32) -> Self {
        let mail = folder.join(format!("mail-{port}"));
        let mut process = Command::new("aiosmtpd")
            .args(["--nosetuid", "--class", "aiosmtpd.handlers.Mailbox"])
            .args(["--size", &size.to_string()])
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg(&mail)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(process.try_wait().unwrap().is_none(), "the server ended");
            thread::sleep(Duration::from_millis(20));
        }
        Self { process, mail }
    }

    /// All mail that has come, as it came.
    pub(crate) fn mail(&self) -> Vec<String> {
        let Ok(files) = fs::read_dir(self.mail.join("new")) else {
            return Vec::new();
        };
        let files = files.map(|file| file.unwrap().path());
        files
            .map(|file| fs::read_to_string(file).unwrap())
            .collect()
    }

    /// The mail that was for that address.
    pub(crate) fn mail_to(&self, to: &str) -> Vec<String> {
        let head = format!("X-RcptTo: {to}");
        let mut mail = self.mail();
        mail.retain(|mail| mail.lines().any(|line| line == head));
        mail
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
