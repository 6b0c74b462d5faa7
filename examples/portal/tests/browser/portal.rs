//! The program itself, as a process.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// A running portal on a port of its own.
pub(crate) struct Portal {
    process: Child,
    /// Where it is reached, as it says.
    pub(crate) address: String,
    /// The demonstration's people and their passwords, as it says.
    passwords: HashMap<String, String>,
    log: PathBuf,
}

impl Portal {
    /// Starts it on the data of that folder, with nothing in its environment but these settings.
    pub(crate) fn start(folder: &Path, name: &str, settings: &[(&str, &str)]) -> Self {
        let log = folder.join(format!("{name}.log"));
        let mut process = Command::new(env!("CARGO_BIN_EXE_portal"))
            .env_clear()
            .env("PORTAL_LISTEN", "127.0.0.1:0")
            .env("PORTAL_DATA", folder.join("data"))
            // Nobody types as fast as a test.
            .env("PORTAL_FORMS_PER_MINUTE", "100000")
            .env("PORTAL_SIGN_INS_PER_MINUTE", "100000")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let said = lines(process.stdout.take().unwrap());
        let mut portal = Self {
            process,
            address: String::new(),
            passwords: HashMap::new(),
            log,
        };
        loop {
            let line = said
                .recv()
                .unwrap_or_else(|_| panic!("the portal ended:\n{}", portal.log()));
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["The", "portal", "is", "at", address] => portal.address = address.to_owned(),
                ["Sign", "in", "as", name, .., password] => {
                    let name = name.trim_end_matches(',').to_owned();
                    portal.passwords.insert(name, password.to_owned());
                }
                ["Ctrl-C", "ends", "it."] => return portal,
                _ => {}
            }
        }
    }

    /// Asks it to end, as a service manager does, and waits until nobody listens there.
    pub(crate) fn ends(&self) {
        let process = self.process.id().to_string();
        let told = Command::new("kill").args(["-TERM", &process]).status();
        assert!(told.unwrap().success());
        while TcpStream::connect(self.place()).is_ok() {
            thread::yield_now();
        }
    }

    /// Where it listens, for who speaks HTTP himself.
    pub(crate) fn place(&self) -> &str {
        let place = self.address.trim_start_matches("http://");
        place.trim_end_matches('/')
    }

    /// The password that somebody has been given.
    pub(crate) fn password(&self, person: &str) -> &str {
        &self.passwords[person]
    }

    /// What it has logged. There is no secret in it.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines that a process prints, as they come. All are read, so that it never waits for a reader.
pub(crate) fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            // Whoever has read enough has hung up.
            let _ = sender.send(line);
        }
    });
    receiver
}
