//! The vault itself: its passphrase, a backup, accounts for other apps.

use std::fs;
use std::process::Command;

use authenticator::import::Import;

use crate::program::{Folder, KEY, PASSPHRASE, Program};

const NEW: &str = "staple battery horse";

fn with_an_account() -> Folder {
    Folder::with(&[&format!("otpauth://totp/Acme:ada?secret={KEY}")])
}

/// Whether another program opens the vault with that passphrase.
fn opens(folder: &Folder, passphrase: &str) -> bool {
    fs::write(folder.path("typed"), passphrase).unwrap();
    let listed = Command::new(env!("CARGO_BIN_EXE_authenticator"))
        .args(["list", "--passphrase-file"])
        .arg(folder.path("typed"))
        .arg("--vault")
        .arg(folder.vault())
        .output()
        .unwrap();
    String::from_utf8_lossy(&listed.stdout).contains("ada")
}

/// How many keys are in a file.
fn keys_in(bytes: &[u8]) -> usize {
    let mut import = Import::new();
    import.read(bytes).unwrap();
    import.finish().keys().count()
}

#[test]
fn the_passphrase_is_changed_if_all_is_right_and_nothing_of_it_is_shown() {
    let folder = with_an_account();
    let before = fs::read(folder.vault()).unwrap();
    let mut program = Program::unlocked(&folder);
    program.types("mp");
    program.wait_for("Old passphrase");
    for (typed, why) in [
        (["not this one", NEW, NEW], "! The old passphrase is wrong."),
        (
            [PASSPHRASE, NEW, "another one"],
            "! The two new ones are not the same.",
        ),
        (
            [PASSPHRASE, "short", "short"],
            "! A passphrase needs at least 8 characters.",
        ),
    ] {
        for typed in typed {
            program.types(typed);
            program.types("\r");
        }
        program.wait_for(why);
        assert_eq!(fs::read(folder.vault()).unwrap(), before, "{why}");
    }
    for typed in [PASSPHRASE, NEW, NEW] {
        program.types(typed);
        program.types("\r");
    }
    program.wait_for("Changed. Backups still open with the old passphrase.");
    assert!(opens(&folder, NEW) && !opens(&folder, PASSPHRASE));
    // The screen goes on with it.
    program.types("l");
    program.wait_for("The vault is locked");
    program.types(NEW);
    program.types("\r");
    program.wait_for("1 account");
    let written = program.written();
    assert!(written.contains("Changing the passphrase"));
    for secret in [PASSPHRASE, NEW, "not this one", "another one"] {
        assert!(!written.contains(secret));
    }
}

#[test]
fn a_backup_is_the_vault_and_writes_over_nothing() {
    let folder = with_an_account();
    fs::write(folder.path("mine"), "mine").unwrap();
    let mut program = Program::unlocked(&folder);
    program.types("mb");
    program.wait_for("New file");
    for (typed, why) in [
        ("nowhere/vault", "! Cannot write `"),
        ("mine", "! There is a file at `"),
    ] {
        program.pastes(typed);
        program.types("\r");
        program.wait_for(why);
        program.types("\x15");
        program.wait_until("it is put right", |program| !program.screen().contains(why));
    }
    assert_eq!(fs::read(folder.path("mine")).unwrap(), b"mine");
    assert!(!folder.path("nowhere").exists());
    program.pastes(&format!("'{}'", folder.path("my backup").display()));
    program.types("\r");
    program.wait_for("Backed up, and checked: ");
    let (copy, vault) = (folder.path("my backup"), folder.vault());
    assert_eq!(fs::read(copy).unwrap(), fs::read(vault).unwrap());
}

#[test]
fn accounts_are_written_for_other_apps_after_a_yes() {
    let folder = with_an_account();
    let mut program = Program::unlocked(&folder);
    for (right, name) in [(0, "links"), (1, "pictures"), (2, "aegis")] {
        program.types("me");
        program.wait_for("Export for other apps");
        program.types(&"\x1b[C".repeat(right));
        program.types("\r");
        program.types(name);
        program.types("\r");
        program.wait_for("They are not encrypted there");
        assert!(!folder.path(name).exists());
        program.types("y");
        program.wait_for("Exported: 1");
        program.types("\x1b");
        program.wait_until("the report is gone", |program| {
            !program.screen().contains("Exported: 1")
        });
    }
    let picture = folder.path("pictures").join("code-1-of-1.png");
    for file in [folder.path("links"), picture, folder.path("aegis")] {
        assert_eq!(keys_in(&fs::read(file).unwrap()), 1);
    }
    // Once more to the same place.
    program.types("me");
    program.wait_for("Export for other apps");
    program.types("\rlinks\r");
    program.wait_for("Write the keys?");
    program.types("y");
    program.wait_for("! There is a file at `");
    assert!(!program.written().contains(KEY));
}
