//! Locking, and giving the terminal back.

use crate::program::{Folder, KEY, PASSPHRASE, Program};

fn folder() -> Folder {
    Folder::with(&[&format!(
        "otpauth://hotp/Bank:ada@example.com?secret={KEY}&counter=0"
    )])
}

#[test]
fn a_wrong_passphrase_is_said_and_the_right_one_opens() {
    let folder = folder();
    let mut program = Program::start(&folder);
    program.wait_for("Passphrase");
    program.types("wrong horse battery\r");
    program.wait_for("! The passphrase is wrong");
    assert!(!program.written().contains("wrong horse"));
    program.types(PASSPHRASE);
    program.types("\r");
    program.wait_for("1 account");
}

#[test]
fn it_locks_when_nothing_is_typed_and_shows_nothing_then() {
    let folder = folder();
    let mut program = Program::start_with(&folder, (80, 24), &["--idle", "2"], &[]);
    program.unlock();
    program.types("n");
    program.wait_for("755 224");
    program.wait_for("The vault is locked");
    for secret in ["755", "Bank", "ada@example.com"] {
        assert!(
            !program.screen().contains(secret),
            "{secret}\n{}",
            program.screen()
        );
    }
    program.unlock();
    assert!(!program.screen().contains("755"));
}

#[test]
fn the_terminal_is_given_back_however_it_ends() {
    let folder = folder();
    for end in ["q", "\x03", "TERM", "HUP", "INT"] {
        let mut program = Program::unlocked(&folder);
        program.types("n");
        program.wait_for(" › ");
        assert!(program.written().contains("\x1b[?1049h"));
        match end {
            "q" | "\x03" => program.types(end),
            signal => program.signal(signal),
        }
        assert!(program.end().success(), "{end:?}");
        program.assert_given_back();
        // What was before is there again, and nothing of the vault.
        assert_eq!(program.screen().trim(), "", "{end:?}");
    }
}

#[test]
fn it_ends_when_its_window_is_closed() {
    // It said so by a signal, and the program was reading keys of a terminal that was gone, for ever and with all the power of the machine.
    let folder = folder();
    for _ in 0..3 {
        Program::hung_up(&folder);
    }
}

#[test]
fn it_can_be_left_before_it_is_unlocked() {
    let folder = folder();
    let mut program = Program::start(&folder);
    program.wait_for("The vault is locked");
    program.types("\x1b");
    assert!(program.end().success());
    program.assert_given_back();
}

#[test]
fn without_a_screen_it_says_what_to_do_instead() {
    let folder = folder();
    let mut program = Program::start_with(&folder, (80, 24), &[], &[("TERM", "dumb")]);
    program.wait_for("`authenticator --help` lists the commands that do");
    assert!(!program.end().success());
    assert!(!program.written().contains('\x1b'));
}
