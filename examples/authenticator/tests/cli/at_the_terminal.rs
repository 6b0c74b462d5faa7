//! Passphrases that a person types: twice where a new one is made, and never shown.

#![cfg(unix)]

use std::io::{Read as _, Write as _};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::common::{KEY, PASSPHRASE, Phone, totp};

/// Runs the program in a terminal, and types each answer when its question is there. Gives the exit code, and all that the terminal showed.
fn at_a_terminal(phone: &Phone, arguments: &[&str], answers: &[(&str, &str)]) -> (u32, String) {
    let terminal = native_pty_system().openpty(PtySize::default()).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_authenticator"));
    command.args(arguments);
    command.cwd(phone.path("."));
    command.env("AUTHENTICATOR_VAULT", "vault.age");
    let mut child = terminal.slave.spawn_command(command).unwrap();
    drop(terminal.slave);
    let mut keyboard = terminal.master.take_writer().unwrap();
    let mut screen = terminal.master.try_clone_reader().unwrap();
    let (mut seen, mut read) = (String::new(), 0);
    let mut answers = answers.iter();
    let mut next = answers.next();
    let mut bytes = [0; 1024];
    // The end of a terminal is an error on some systems.
    while let Ok(length @ 1..) = screen.read(&mut bytes) {
        seen.push_str(&String::from_utf8_lossy(&bytes[..length]));
        while let Some((question, answer)) = next {
            let Some(at) = seen[read..].find(question) else {
                break;
            };
            read += at + question.len();
            // The question stands there a moment before the terminal is told to be silent. No person is that fast.
            let is_silent = || {
                let modes = terminal.master.get_termios().unwrap().local_flags;
                let modes = format!("{modes:?}");
                !modes
                    .split(|letter: char| !letter.is_alphanumeric())
                    .any(|mode| mode == "ECHO")
            };
            let mut looks = 0..MOST_LOOKS;
            while !is_silent() {
                assert!(looks.next().is_some(), "it shows what is typed: {seen}");
                std::thread::yield_now();
            }
            writeln!(keyboard, "{answer}").unwrap();
            next = answers.next();
        }
    }
    let exit = child.wait().unwrap().exit_code();
    assert!(next.is_none(), "it did not ask {next:?}: {seen}");
    (exit, seen)
}

#[test]
fn a_new_passphrase_is_typed_twice_and_not_shown() {
    let phone = Phone::without_vault();
    let answers = [
        ("New passphrase: ", PASSPHRASE),
        ("The same again: ", PASSPHRASE),
    ];
    let (exit, seen) = at_a_terminal(&phone, &["create"], &answers);
    assert_eq!(exit, 0, "{seen}");
    assert!(!seen.contains(PASSPHRASE), "{seen}");
    assert_eq!(phone.says(&["list"]), "");
}

#[test]
fn two_different_passphrases_make_no_vault() {
    let phone = Phone::without_vault();
    let answers = [
        ("New passphrase: ", PASSPHRASE),
        ("The same again: ", "correct horse batery"),
    ];
    let (exit, seen) = at_a_terminal(&phone, &["create"], &answers);
    assert_eq!(exit, 1);
    assert!(seen.contains("two different passphrases"), "{seen}");
    assert!(!phone.path("vault.age").exists());
}

#[test]
fn a_code_is_shown_for_a_typed_passphrase() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let code = ["code", "ada", "--now", "1970-01-01T00:00:59Z"];
    let (exit, seen) = at_a_terminal(&phone, &code, &[("Passphrase: ", PASSPHRASE)]);
    assert_eq!(exit, 0, "{seen}");
    assert!(seen.contains("287082"), "{seen}");
    assert!(!seen.contains(PASSPHRASE), "{seen}");
    let (exit, seen) = at_a_terminal(&phone, &code, &[("Passphrase: ", "something else")]);
    assert_eq!(exit, 3, "{seen}");
    assert!(!seen.contains("287082") && seen.contains("the passphrase is wrong"));
}

#[test]
fn a_key_is_typed_and_not_shown() {
    let phone = Phone::new();
    let answers = [("Passphrase: ", PASSPHRASE), ("Key: ", KEY)];
    let (exit, seen) = at_a_terminal(&phone, &["add", "--account", "ada"], &answers);
    assert_eq!(exit, 0, "{seen}");
    assert!(!seen.contains(&KEY[..8]), "{seen}");
    assert!(seen.contains("added: ada"), "{seen}");
}

#[test]
fn a_vault_that_is_not_there_asks_for_nothing() {
    let phone = Phone::without_vault();
    let (exit, seen) = at_a_terminal(&phone, &["list"], &[]);
    assert_eq!(exit, 1);
    assert!(seen.contains("there is no vault"), "{seen}");
}

/// Some seconds.
const MOST_LOOKS: u32 = 10_000_000;
