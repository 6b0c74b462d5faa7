//! The vault itself: made, kept, taken to a new phone.

use crate::common::{PASSPHRASE, Phone, run_with, totp};

#[test]
fn a_vault_is_made_where_it_is_asked_for() {
    let phone = Phone::without_vault();
    let seen = phone.run(&["create", "--vault", "new/place/mine.age"]);
    assert!(seen.done().starts_with("made a vault: "), "{seen:?}");
    assert!(phone.path("new/place/mine.age").is_file());
    assert_eq!(phone.says(&["list", "--vault", "new/place/mine.age"]), "");
    let again = phone.run(&["create", "--vault", "new/place/mine.age"]);
    assert_eq!(again.exit, 1);
    assert_eq!(
        again.error,
        "error: there is a file at `new/place/mine.age` already\n"
    );
}

#[cfg(unix)]
#[test]
fn without_a_name_it_is_with_the_data_of_the_user() {
    let phone = Phone::without_vault();
    let mut command = phone.command(&["create"]);
    command
        .env_remove("AUTHENTICATOR_VAULT")
        .env("XDG_DATA_HOME", phone.path("data"));
    let seen = crate::common::Seen::from(command.output().unwrap());
    seen.done();
    assert!(phone.path("data/authenticator/vault.age").is_file());
}

#[test]
fn the_passphrase_changes_and_the_old_one_opens_the_backup_only() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    phone.says(&["backup", "backup.age"]);
    phone.write("new", "another passphrase\n");
    phone.says(&["passphrase", "--new-passphrase-file", "new"]);
    let seen = phone.run(&["list"]);
    assert_eq!(seen.exit, 3);
    assert_eq!(seen.error, "error: the passphrase is wrong\n");
    let list = |file: &str, vault: &str| {
        let arguments = ["list", "--passphrase-file", file, "--vault", vault];
        let seen = run_with(phone.bare_command(&arguments), "");
        seen.done().to_owned()
    };
    assert_eq!(list("new", "vault.age"), "  1  Acme: ada\n");
    assert_eq!(list("passphrase", "backup.age"), "  1  Acme: ada\n");
}

#[test]
fn both_passphrases_may_come_by_standard_input() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let arguments = [
        "passphrase",
        "--passphrase-file",
        "-",
        "--new-passphrase-file",
        "-",
    ];
    let input = format!("{PASSPHRASE}\nanother passphrase\n");
    run_with(phone.bare_command(&arguments), &input).done();
    let list = phone.bare_command(&["list", "--passphrase-file", "-"]);
    assert_eq!(
        run_with(list, "another passphrase").done(),
        "  1  Acme: ada\n"
    );
}

#[test]
fn a_short_new_passphrase_is_refused_and_the_old_one_stays() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let before = phone.read("vault.age");
    phone.write("new", "seven 7\n");
    let seen = phone.run(&["passphrase", "--new-passphrase-file", "new"]);
    assert_eq!(seen.exit, 1);
    assert_eq!(
        seen.error,
        "error: a passphrase needs at least 8 characters\n"
    );
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn a_new_phone_restores_what_was_backed_up() {
    let phone = Phone::with(&[&totp("Acme:ada"), &crate::common::hotp("token", 3)]);
    let said = phone.says(&["backup", "backup.age"]);
    assert_eq!(said, "backed up 2 accounts, and checked: backup.age");
    let other = Phone::without_vault();
    other.write("backup.age", phone.read("backup.age"));
    let said = other.says(&["restore", "backup.age"]);
    assert!(said.starts_with("restored 2 accounts: "), "{said}");
    assert!(!said.contains("kept beside it"), "{said}");
    assert!(said.contains("with a counter"), "{said}");
    assert_eq!(other.says(&["list"]), phone.says(&["list"]));
}

#[test]
fn what_a_backup_replaces_is_kept_and_a_bad_one_replaces_nothing() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    phone.says(&["backup", "backup.age"]);
    phone.says(&["remove", "ada", "--yes"]);
    let before = phone.read("vault.age");
    let good = phone.read("backup.age");
    phone.write("cut.age", &good[..good.len() - 1]);
    for (backup, exit, why) in [
        (
            "cut.age",
            1,
            "the vault is damaged: it was cut off or altered",
        ),
        ("passphrase", 1, "this file is not a vault"),
        ("none.age", 1, "there is no vault at `none.age`"),
    ] {
        let seen = phone.run(&["restore", backup]);
        assert_eq!(seen.exit, exit);
        assert_eq!(seen.error, format!("error: {why}\n"));
        assert_eq!(phone.read("vault.age"), before);
        assert!(!phone.path("vault.age.before-restore-1").exists());
    }
    assert!(
        phone
            .says(&["restore", "backup.age"])
            .contains("kept beside it")
    );
    assert_eq!(phone.says(&["list"]), "  1  Acme: ada");
    assert_eq!(phone.read("vault.age.before-restore-1"), before);
}

#[test]
fn a_backup_replaces_no_file() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let seen = phone.run(&["backup", "passphrase"]);
    assert_eq!(seen.exit, 1);
    assert_eq!(
        phone.read("passphrase"),
        format!("{PASSPHRASE}\n").as_bytes()
    );
}
