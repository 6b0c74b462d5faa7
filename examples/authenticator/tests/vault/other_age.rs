//! The `age` program in Go, an implementation that shares nothing with the crate, reads what is written and writes what is read.

use std::env;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::Command;

use authenticator::vault::Vault;
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::common::{EMPTY, PASSPHRASE, Place, add, names, open, text};

fn is_missing() -> bool {
    if Command::new("age").arg("--version").output().is_ok() {
        return false;
    }
    let why = "age is not installed";
    assert!(env::var_os("OTP_REQUIRE_ALL").is_none(), "{why}");
    eprintln!("SKIPPED: {why}");
    true
}

/// Runs it in a terminal, as it asks for passphrases nowhere else, and types one at each question.
fn age(arguments: &[&str], folder: &Path) {
    let terminal = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new("age");
    command.args(arguments);
    command.cwd(folder);
    let mut child = terminal.slave.spawn_command(command).unwrap();
    drop(terminal.slave);
    let mut keyboard = terminal.master.take_writer().unwrap();
    let mut screen = terminal.master.try_clone_reader().unwrap();
    let (mut seen, mut answered) = (String::new(), 0);
    let mut bytes = [0; 1024];
    // The end of a terminal is an error on some systems.
    while let Ok(length @ 1..) = screen.read(&mut bytes) {
        seen.push_str(&String::from_utf8_lossy(&bytes[..length]));
        let words = seen.matches("assphrase").count();
        let asked = words.min(seen.matches(": ").count());
        while answered < asked {
            writeln!(keyboard, "{PASSPHRASE}").unwrap();
            answered += 1;
        }
    }
    assert!(child.wait().unwrap().success(), "{seen}");
}

#[test]
fn age_opens_what_is_written() {
    if is_missing() {
        return;
    }
    let place = Place::empty();
    let mut vault = Vault::create(&place.vault(), text(PASSPHRASE)).unwrap();
    add(&mut vault, "ada").unwrap();
    let folder = place.vault();
    let folder = folder.parent().unwrap();
    age(
        &["--decrypt", "--output", "plain.json", "vault.age"],
        folder,
    );
    let plain: serde_json::Value =
        serde_json::from_slice(&fs::read(place.file("plain.json")).unwrap()).unwrap();
    assert_eq!(plain["version"], 1);
    let key = plain["contents"]["accounts"][0]["key"].as_str().unwrap();
    assert!(key.starts_with("otpauth://totp/Acme:ada?secret=GEZDGNBVGY3TQOJQ"));
}

#[test]
fn what_age_writes_is_opened() {
    if is_missing() {
        return;
    }
    let place = Place::empty();
    fs::write(place.file("plain.json"), EMPTY).unwrap();
    let folder = place.vault();
    let folder = folder.parent().unwrap();
    age(
        &["--passphrase", "--output", "vault.age", "plain.json"],
        folder,
    );
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    assert_eq!(names(open(&place.vault()).unwrap().contents()), ["ada"]);
    // With the work that it was made with.
    let sealed = fs::read(place.vault()).unwrap();
    let header = String::from_utf8_lossy(&sealed);
    assert!(header.lines().nth(1).unwrap().ends_with(" 18"));
}
