//! Backups, and the new phone.

use std::fs;

use authenticator::vault::{Vault, VaultError};

use crate::age_file::{LITTLE, written_by_age};
use crate::common::{EMPTY, PASSPHRASE, Place, add, names, open, text};

fn with_backup() -> (Place, Vault) {
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    vault.back_up(&place.file("backup.age")).unwrap();
    (place, vault)
}

#[test]
fn a_new_phone_has_what_was_backed_up() {
    let (place, _) = with_backup();
    let phone = Place::empty();
    let path = phone.file("new/vault.age");
    let mut restored = Vault::restore(&place.file("backup.age"), text(PASSPHRASE), &path).unwrap();
    assert_eq!(names(restored.contents()), ["ada"]);
    add(&mut restored, "bob").unwrap();
    assert_eq!(names(open(&path).unwrap().contents()), ["ada", "bob"]);
    // The old one and the backup are as they were.
    assert_eq!(names(place.open().contents()), ["ada"]);
    let backup = open(&place.file("backup.age")).unwrap();
    assert_eq!(names(backup.contents()), ["ada"]);
}

#[test]
fn a_backup_is_of_the_newest_state() {
    let (place, vault) = with_backup();
    add(&mut place.open(), "bob").unwrap();
    vault.back_up(&place.file("later.age")).unwrap();
    let later = open(&place.file("later.age")).unwrap();
    assert_eq!(names(later.contents()), ["ada", "bob"]);
}

#[test]
fn a_backup_replaces_no_file() {
    let (place, vault) = with_backup();
    let before = place.files();
    for name in ["backup.age", "vault.age"] {
        let refused = vault.back_up(&place.file(name));
        assert!(matches!(refused, Err(VaultError::Exists { .. })));
    }
    assert_eq!(place.files(), before);
}

#[test]
fn a_damaged_vault_is_not_backed_up_as_if_it_were_good() {
    let (place, vault) = with_backup();
    let mut sealed = fs::read(place.vault()).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    fs::write(place.vault(), sealed).unwrap();
    let refused = vault.back_up(&place.file("later.age"));
    assert!(matches!(refused, Err(VaultError::Damaged)));
    assert!(!place.file("later.age").exists());
}

#[test]
fn what_a_backup_takes_the_place_of_is_kept() {
    let (place, mut vault) = with_backup();
    for (turn, name) in (1..).zip(["bob", "carol"]) {
        add(&mut vault, name).unwrap();
        let replaced = fs::read(place.vault()).unwrap();
        let backup = place.file("backup.age");
        let restored = Vault::restore(&backup, text(PASSPHRASE), &place.vault()).unwrap();
        assert_eq!(names(restored.contents()), ["ada"]);
        let kept = place.file(&format!("vault.age.before-restore-{turn}"));
        assert_eq!(fs::read(&kept).unwrap(), replaced);
        assert_eq!(names(open(&kept).unwrap().contents()), ["ada", name]);
    }
    // Who has it open sees the restored one.
    assert!(vault.refresh().unwrap());
    assert_eq!(names(vault.contents()), ["ada"]);
}

#[test]
fn a_backup_takes_the_place_of_a_vault_that_is_damaged_or_has_another_passphrase() {
    let (place, _) = with_backup();
    let backup = place.file("backup.age");
    let other = written_by_age(EMPTY, "another passphrase", LITTLE);
    for broken in [b"".as_slice(), b"no vault", &other] {
        fs::write(place.vault(), broken).unwrap();
        Vault::restore(&backup, text(PASSPHRASE), &place.vault()).unwrap();
        assert_eq!(names(place.open().contents()), ["ada"]);
    }
    let kept = fs::read(place.file("vault.age.before-restore-2")).unwrap();
    assert_eq!(kept, b"no vault");
}

#[test]
fn a_bad_backup_leaves_all_as_it_was() {
    let (place, mut vault) = with_backup();
    add(&mut vault, "bob").unwrap();
    let good = fs::read(place.file("backup.age")).unwrap();
    let mut altered = good.clone();
    *altered.last_mut().unwrap() ^= 1;
    fs::write(place.file("altered.age"), altered).unwrap();
    fs::write(place.file("short.age"), &good[..good.len() - 1]).unwrap();
    fs::write(place.file("text.age"), "otpauth://totp/a?secret=A").unwrap();
    let newer = written_by_age(r#"{"version":2}"#, PASSPHRASE, LITTLE);
    fs::write(place.file("newer.age"), newer).unwrap();
    let before = place.files();
    let restore = |name: &str, passphrase: &str| {
        let refused = Vault::restore(&place.file(name), text(passphrase), &place.vault());
        assert_eq!(place.files(), before, "{name}");
        refused.unwrap_err()
    };
    assert!(matches!(
        restore("altered.age", PASSPHRASE),
        VaultError::Damaged
    ));
    assert!(matches!(
        restore("short.age", PASSPHRASE),
        VaultError::Damaged
    ));
    assert!(matches!(
        restore("text.age", PASSPHRASE),
        VaultError::NotAVault
    ));
    assert!(matches!(
        restore("newer.age", PASSPHRASE),
        VaultError::Form { version: 2 }
    ));
    assert!(matches!(
        restore("backup.age", "another passphrase"),
        VaultError::Passphrase
    ));
    assert!(matches!(
        restore("missing.age", PASSPHRASE),
        VaultError::Missing { .. }
    ));
}

#[test]
fn a_restore_that_cannot_be_written_leaves_all_as_it_was() {
    let (place, mut vault) = with_backup();
    add(&mut vault, "bob").unwrap();
    fs::create_dir_all(place.file("vault.age.new/full")).unwrap();
    let before = place.files();
    let backup = place.file("backup.age");
    let refused = Vault::restore(&backup, text(PASSPHRASE), &place.vault());
    assert!(matches!(refused, Err(VaultError::Write { .. })));
    assert_eq!(place.files(), before);
    assert_eq!(names(place.open().contents()), ["ada", "bob"]);
}
