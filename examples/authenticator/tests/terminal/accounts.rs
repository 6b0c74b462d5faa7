//! From nothing to a code.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use otp_qr::{PngOptions, Qr};

use crate::program::{Folder, KEY, PASSPHRASE, Program, code_of_oathtool};

/// The code in the line of that account.
fn code_on(screen: &str, account: &str) -> Option<String> {
    let line = screen.lines().find(|line| line.contains(account))?;
    let code: String = line.chars().skip(3).take(7).collect();
    let is_code = code
        .chars()
        .all(|letter| letter.is_ascii_digit() || letter == ' ');
    is_code.then_some(code)
}

#[test]
fn from_nothing_to_a_vault_and_a_picture_and_the_code_of_oathtool() {
    let folder = Folder::empty();
    let uri = format!("otpauth://totp/Acme:ada@example.com?secret={KEY}&issuer=Acme");
    let picture = Qr::encode(&uri)
        .unwrap()
        .png(&PngOptions::new().scale(6))
        .unwrap();
    fs::write(folder.path("my picture.png"), picture.expose()).unwrap();

    let mut program = Program::start(&folder);
    program.wait_for("There is no vault yet.");
    for _ in 0..2 {
        program.types(PASSPHRASE);
        program.types("\r");
    }
    program.wait_for("There are no accounts yet.");
    program.types("af");
    program.wait_for("A picture or screenshot");
    program.pastes(&format!("'{}'", folder.path("my picture.png").display()));
    program.types("\r");
    program.wait_for("+ Acme (ada@example.com)");
    program.types("\x1b");
    program.wait_for("1 account");
    program.wait_until("the report is gone", |program| {
        !program.screen().contains("Added")
    });
    assert!(program.screen().contains("••• •••"));

    if code_of_oathtool().is_some() {
        program.types(" ");
        // The step may end between the two, so that it is looked again.
        program.wait_until("the code of oathtool", |program| {
            let expected = code_of_oathtool();
            let code = code_on(&program.screen(), "ada@example.com");
            code.is_some() && code == expected
        });
        program.types(" ");
        program.wait_for("••• •••");
    }
    let written = program.written();
    assert!(!written.contains(PASSPHRASE) && !written.contains(KEY));
    program.types("q");
    assert!(program.end().success());
}

#[test]
fn a_copied_code_goes_to_the_clipboard_and_is_taken_out_again() {
    let folder = Folder::with(&[&format!("otpauth://hotp/Bank:ada?secret={KEY}&counter=0")]);
    let mut program = Program::unlocked(&folder);
    program.types("n");
    program.wait_for("755 224");
    program.types("c");
    program.wait_for("Copied, if the terminal allows it.");
    let filled = format!("\x1b]52;c;{}\x1b\\", STANDARD.encode("755224"));
    program.wait_until("the clipboard is filled", |program| {
        program.written().contains(&filled)
    });
    let emptied = "\x1b]52;c;\x1b\\";
    assert!(!program.written().contains(emptied));
    program.types("l");
    program.wait_for("The vault is locked");
    program.wait_until("the clipboard is emptied", |program| {
        program.written().contains(emptied)
    });
    assert!(!program.screen().contains("755"));
}

#[test]
fn a_counter_is_on_the_disk_before_it_is_seen() {
    let folder = Folder::with(&[&format!("otpauth://hotp/Bank:ada?secret={KEY}&counter=0")]);
    let mut program = Program::unlocked(&folder);
    program.types("n");
    program.wait_for("755 224");
    program.signal("KILL");
    program.end();
    let mut program = Program::unlocked(&folder);
    program.types("n");
    program.wait_for("287 082");
}

#[test]
fn what_another_program_adds_is_there_at_once() {
    let folder = Folder::with(&[]);
    let mut program = Program::unlocked(&folder);
    program.wait_for("There are no accounts yet.");
    folder.add(&[&format!("otpauth://totp/Other:ada?secret={KEY}")]);
    program.wait_for("Another program changed the vault; this is how it is now.");
    program.wait_for("Other");
    // And what is done here afterwards keeps it.
    program.pastes(&format!("otpauth://totp/Mine:ada?secret={KEY}&digits=8"));
    program.wait_for("+ Mine (ada)");
    program.types("\x1b");
    program.wait_for("2 accounts");
}

#[test]
fn a_vault_that_is_gone_is_said_and_nothing_is_lost() {
    let folder = Folder::with(&[&format!("otpauth://hotp/Bank:ada?secret={KEY}&counter=0")]);
    let mut program = Program::unlocked(&folder);
    fs::rename(folder.vault(), folder.path("elsewhere")).unwrap();
    program.types("n");
    program.wait_for("! ");
    program.wait_until("no code", |program| !program.screen().contains("755"));
    fs::rename(folder.path("elsewhere"), folder.vault()).unwrap();
    program.types("n");
    program.wait_for("755 224");
}
