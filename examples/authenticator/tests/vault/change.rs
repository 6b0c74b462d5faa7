//! Changes: whole or not at all, and none is lost to another program.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::thread;

use authenticator::vault::{Vault, VaultError};

use crate::common::{PASSPHRASE, Place, account, add, names, text};

#[test]
fn the_changes_of_two_programs_are_both_kept() {
    let place = Place::new();
    let (mut one, mut other) = (place.open(), place.open());
    add(&mut one, "ada").unwrap();
    add(&mut other, "bob").unwrap();
    assert_eq!(names(other.contents()), ["ada", "bob"]);
    assert_eq!(names(one.contents()), ["ada"]);
    assert!(one.refresh().unwrap());
    assert!(!one.refresh().unwrap());
    assert_eq!(names(one.contents()), ["ada", "bob"]);
}

#[test]
fn many_at_once_lose_nothing() {
    let place = Place::new();
    thread::scope(|scope| {
        for number in 0..8 {
            let place = &place;
            scope.spawn(move || {
                let mut vault = place.open();
                for turn in 0..12 {
                    add(&mut vault, &format!("{number}-{turn}")).unwrap();
                }
            });
        }
    });
    let vault = place.open();
    let kept = names(vault.contents());
    assert_eq!(kept.len(), 96);
    for number in 0..8 {
        let begins = format!("{number}-");
        let own: Vec<_> = kept
            .iter()
            .filter(|name| name.starts_with(&begins))
            .collect();
        let expected: Vec<_> = (0..12).map(|turn| format!("{begins}{turn}")).collect();
        assert!(own.into_iter().eq(&expected), "{kept:?}");
    }
}

#[test]
fn a_change_that_fails_changes_nothing() {
    #[derive(Debug, PartialEq)]
    enum Failed {
        Own,
        Vault,
    }
    impl From<VaultError> for Failed {
        fn from(_: VaultError) -> Self {
            Self::Vault
        }
    }
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    let before = place.files();
    let failed = vault.change(|contents| {
        contents.add(account("bob"));
        let ada = contents.accounts()[0].id();
        contents.remove(ada).unwrap();
        Err::<(), _>(Failed::Own)
    });
    assert_eq!(failed, Err(Failed::Own));
    assert_eq!(names(vault.contents()), ["ada"]);
    assert_eq!(place.files(), before);
}

#[test]
fn a_change_that_panics_changes_nothing_and_keeps_nobody_out() {
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    let before = place.files();
    let ended = panic::catch_unwind(AssertUnwindSafe(|| {
        vault.change(|contents| -> Result<(), VaultError> {
            contents.add(account("bob"));
            panic!("in the middle");
        })
    }));
    assert!(ended.is_err());
    assert_eq!(names(vault.contents()), ["ada"]);
    assert_eq!(place.files(), before);
    add(&mut place.open(), "carol").unwrap();
}

#[test]
fn a_change_that_cannot_be_written_changes_nothing() {
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    // In the place of the new file, and not to be cleared away.
    let in_the_way = place.file("vault.age.new");
    fs::create_dir_all(in_the_way.join("full")).unwrap();
    let before = place.files();
    let failed = add(&mut vault, "bob");
    assert!(
        matches!(failed, Err(VaultError::Write { .. })),
        "{failed:?}"
    );
    let failed = vault.change_passphrase(text("another passphrase"));
    assert!(
        matches!(failed, Err(VaultError::Write { .. })),
        "{failed:?}"
    );
    assert_eq!(names(vault.contents()), ["ada"]);
    assert!(vault.has_passphrase(PASSPHRASE));
    assert_eq!(place.files(), before);
    fs::remove_dir_all(in_the_way).unwrap();
    add(&mut vault, "bob").unwrap();
    assert_eq!(names(place.open().contents()), ["ada", "bob"]);
}

#[test]
fn a_change_that_makes_the_vault_too_large_is_refused() {
    let place = Place::new();
    let mut vault = place.open();
    let before = place.files();
    let refused = vault.change(|contents| -> Result<(), VaultError> {
        // The longest names that a URI can have.
        for _ in 0..2_200 {
            contents.add(account(&"a".repeat(3_900)));
        }
        Ok(())
    });
    assert!(matches!(refused, Err(VaultError::TooLarge)));
    assert_eq!(names(vault.contents()), [""; 0]);
    assert_eq!(place.files(), before);
}

#[test]
fn what_a_dead_program_left_behind_is_no_harm() {
    let place = Place::new();
    fs::write(place.file("vault.age.new"), "half of a vau").unwrap();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    assert_eq!(names(place.open().contents()), ["ada"]);
    assert!(!place.file("vault.age.new").exists());
}

#[test]
fn a_vault_that_is_gone_is_not_written_anew() {
    let place = Place::new();
    let mut vault = place.open();
    fs::remove_file(place.vault()).unwrap();
    let refused = add(&mut vault, "ada");
    assert!(matches!(refused, Err(VaultError::Missing { .. })));
    assert!(!place.vault().exists());
}

#[test]
fn what_took_its_place_and_is_damaged_is_not_written_over() {
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    fs::write(place.vault(), "age-encryption.org/v1\n").unwrap();
    let before = place.files();
    assert!(matches!(add(&mut vault, "bob"), Err(VaultError::Damaged)));
    assert!(matches!(vault.refresh(), Err(VaultError::Damaged)));
    assert_eq!(names(vault.contents()), ["ada"]);
    assert_eq!(place.files(), before);
}

#[cfg(unix)]
#[test]
fn a_link_stays_one_and_the_file_behind_it_is_changed() {
    let place = Place::new();
    let link = place.file("link.age");
    std::os::unix::fs::symlink(place.vault(), &link).unwrap();
    let mut vault = Vault::open(&link, text(PASSPHRASE)).unwrap();
    add(&mut vault, "ada").unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(place.open().contents()), ["ada"]);
}

#[test]
fn a_changed_passphrase_is_the_only_one() {
    const NEW: &str = "another passphrase";
    let place = Place::new();
    let (mut vault, mut other) = (place.open(), place.open());
    add(&mut vault, "ada").unwrap();
    vault.change_passphrase(text(NEW)).unwrap();
    assert!(vault.has_passphrase(NEW) && !vault.has_passphrase(PASSPHRASE));
    assert_eq!(names(vault.contents()), ["ada"]);
    let refused = Vault::open(&place.vault(), text(PASSPHRASE));
    assert!(matches!(refused, Err(VaultError::Passphrase)));
    let opened = Vault::open(&place.vault(), text(NEW)).unwrap();
    assert_eq!(names(opened.contents()), ["ada"]);
    // It gets the work of a new vault by that.
    let sealed = fs::read(place.vault()).unwrap();
    let header = String::from_utf8_lossy(&sealed);
    assert!(header.lines().nth(1).unwrap().ends_with(" 17"));

    // Who has it open hears of that, and overwrites nothing.
    let before = place.files();
    let refused = add(&mut other, "bob");
    assert!(matches!(refused, Err(VaultError::PassphraseChanged)));
    assert_eq!(place.files(), before);
}

#[test]
fn a_passphrase_that_is_too_short_is_not_taken() {
    let place = Place::new();
    let mut vault = place.open();
    let before = place.files();
    let refused = vault.change_passphrase(text("seven 7"));
    assert!(matches!(refused, Err(VaultError::PassphraseTooShort)));
    assert!(vault.has_passphrase(PASSPHRASE));
    assert_eq!(place.files(), before);
}
