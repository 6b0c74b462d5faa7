//! Making and opening: with the passphrase, and nothing else.

use std::fs;
use std::io::Write as _;
use std::iter;

use authenticator::vault::{Vault, VaultError};

use crate::age_file::{LITTLE, written_by_age};
use crate::common::{EMPTY, PASSPHRASE, Place, SECRET, add, names, open, text};

#[test]
fn what_was_made_and_changed_is_there_when_it_is_opened_again() {
    let place = Place::empty();
    let path = place.file("a/b/vault.age");
    let mut vault = Vault::create(&path, text(PASSPHRASE)).unwrap();
    add(&mut vault, "ada").unwrap();
    drop(vault);
    assert_eq!(names(open(&path).unwrap().contents()), ["ada"]);
    let refused = Vault::open(&path, text("something else"));
    assert!(matches!(refused, Err(VaultError::Passphrase)));
    // The work of a guess, also after a change.
    let sealed = fs::read(&path).unwrap();
    let header = String::from_utf8_lossy(&sealed);
    assert!(header.starts_with("age-encryption.org/v1\n-> scrypt "));
    assert!(header.lines().nth(1).unwrap().ends_with(" 17"));
}

#[cfg(unix)]
#[test]
fn the_files_and_a_new_folder_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::empty();
    let path = place.file("new/vault.age");
    let mut vault = Vault::create(&path, text(PASSPHRASE)).unwrap();
    let mode = |name: &str| {
        let metadata = fs::metadata(place.file(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    assert_eq!((mode("new"), mode("new/vault.age")), (0o700, 0o600));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    add(&mut vault, "ada").unwrap();
    assert_eq!(
        (mode("new/vault.age"), mode("new/vault.age.lock")),
        (0o600, 0o600)
    );
    vault.back_up(&place.file("backup.age")).unwrap();
    assert_eq!(mode("backup.age"), 0o600);
}

#[test]
fn nothing_is_made_over_what_is_there() {
    let place = Place::new();
    fs::write(place.file("note"), "mine").unwrap();
    let before = place.files();
    for name in ["vault.age", "note"] {
        let refused = Vault::create(&place.file(name), text(PASSPHRASE));
        assert!(matches!(refused, Err(VaultError::Exists { .. })), "{name}");
    }
    assert_eq!(place.files(), before);
}

#[test]
fn a_short_passphrase_makes_no_vault() {
    let place = Place::empty();
    let refused = Vault::create(&place.vault(), text("seven 7"));
    assert!(matches!(refused, Err(VaultError::PassphraseTooShort)));
    assert_eq!(place.files(), []);
}

#[test]
fn the_passphrase_of_another_keyboard_opens_it() {
    let place = Place::new();
    fs::write(
        place.vault(),
        written_by_age(EMPTY, "caf\u{e9} au lait", LITTLE),
    )
    .unwrap();
    let vault = Vault::open(&place.vault(), text("cafe\u{301} au lait")).unwrap();
    assert!(vault.has_passphrase("caf\u{e9} au lait"));
    assert!(vault.has_passphrase("cafe\u{301} au lait"));
    assert!(!vault.has_passphrase("cafe au lait"));
    assert!(!vault.has_passphrase(""));
}

#[test]
fn a_file_that_was_cut_off_is_refused_wherever() {
    let place = Place::new();
    add(&mut place.open(), "ada").unwrap();
    let whole = fs::read(place.vault()).unwrap();
    for length in 0..whole.len() {
        fs::write(place.vault(), &whole[..length]).unwrap();
        let refused = open(&place.vault()).unwrap_err();
        let is_expected = if length < b"age-encryption.org/v1\n".len() {
            matches!(refused, VaultError::NotAVault)
        } else {
            matches!(refused, VaultError::Damaged)
        };
        assert!(is_expected, "{length} bytes: {refused}");
    }
}

#[test]
fn a_file_that_was_altered_is_refused_wherever() {
    let place = Place::new();
    add(&mut place.open(), "ada").unwrap();
    let whole = fs::read(place.vault()).unwrap();
    let payload = payload_of(&whole);
    for byte in 0..whole.len() {
        for bit in [0x01, 0x20, 0x80] {
            let mut altered = whole.clone();
            altered[byte] ^= bit;
            fs::write(place.vault(), &altered).unwrap();
            let refused = open(&place.vault()).unwrap_err();
            let is_expected = match refused {
                // What was derived from the passphrase does not fit, as with a wrong one.
                VaultError::Passphrase | VaultError::NotAVault => byte < payload,
                VaultError::TooMuchWork { .. } | VaultError::Damaged => true,
                _ => false,
            };
            assert!(is_expected, "byte {byte} by {bit}: {refused}");
        }
    }
    // And more after its end.
    fs::write(place.vault(), [whole.as_slice(), b"\n"].concat()).unwrap();
    assert!(matches!(open(&place.vault()), Err(VaultError::Damaged)));
}

/// Where the lines of the header end.
fn payload_of(sealed: &[u8]) -> usize {
    let header_end = sealed
        .windows(4)
        .position(|bytes| bytes == b"--- ")
        .unwrap();
    let line = &sealed[header_end..];
    header_end + line.iter().position(|byte| *byte == b'\n').unwrap() + 1
}

#[test]
fn what_is_inside_has_to_be_of_a_known_form() {
    let place = Place::new();
    let open = |plain: &str| {
        fs::write(place.vault(), written_by_age(plain, PASSPHRASE, LITTLE)).unwrap();
        open(&place.vault())
    };
    // Whatever else is in it.
    for version in [0, 2, 7] {
        let refused = open(&format!(r#"{{"version":{version},"future":[1]}}"#));
        assert!(matches!(refused, Err(VaultError::Form { version: named }) if named == version));
    }
    for plain in [
        "",
        "keys",
        "{}",
        "[]",
        r#"{"version":1}"#,
        r#"{"version":"1","contents":{"accounts":[]}}"#,
        r#"{"version":1,"contents":{"accounts":[]},"more":1}"#,
        r#"{"version":1,"contents":{"accounts":[],"more":1}}"#,
        r#"{"version":1,"contents":{"accounts":[]}} and more"#,
    ] {
        let refused = open(plain);
        assert!(
            matches!(refused, Err(VaultError::Contents { .. })),
            "{plain}"
        );
    }
}

#[test]
fn what_is_wrong_inside_is_told_without_saying_it() {
    let place = Place::new();
    let uri = format!("otpauth://totp/a?secret={SECRET}&digits=99");
    let plain = format!(
        r#"{{"version":1,"contents":{{"accounts":[{{"id":"0011223344556677","key":"{uri}","added":"2027-02-01T00:00:00Z"}}]}}}}"#
    );
    fs::write(place.vault(), written_by_age(&plain, PASSPHRASE, LITTLE)).unwrap();
    let refused = open(&place.vault()).unwrap_err();
    assert!(matches!(refused, VaultError::Contents { line: 1, .. }));
    let told = format!("{refused} {refused:?}");
    assert!(
        !told.contains("GEZD") && !told.contains("otpauth"),
        "{told}"
    );
}

#[test]
fn a_file_that_demands_too_much_work_is_refused_before_it_is_done() {
    let place = Place::new();
    let sealed = fs::read(place.vault()).unwrap();
    let end = sealed
        .windows(3)
        .position(|bytes| bytes == b" 1\n")
        .unwrap();
    for factor in [21_u8, 40, 63] {
        let demanding = [
            &sealed[..end],
            format!(" {factor}\n").as_bytes(),
            &sealed[end + 3..],
        ]
        .concat();
        fs::write(place.vault(), demanding).unwrap();
        let refused = open(&place.vault());
        assert!(
            matches!(refused, Err(VaultError::TooMuchWork { factor: named }) if named == factor)
        );
    }
}

#[test]
fn other_files_are_no_vaults() {
    let place = Place::new();
    let to_a_key = {
        let recipient = age::x25519::Identity::generate().to_public();
        let encryptor = age::Encryptor::with_recipients(iter::once(&recipient as _)).unwrap();
        let mut sealed = Vec::new();
        let mut writer = encryptor.wrap_output(&mut sealed).unwrap();
        writer.write_all(EMPTY.as_bytes()).unwrap();
        writer.finish().unwrap();
        sealed
    };
    for other in [
        to_a_key.as_slice(),
        b"otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ\n",
        EMPTY.as_bytes(),
        b"age-encryption.org/v2\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 1\n",
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    ] {
        fs::write(place.vault(), other).unwrap();
        let refused = open(&place.vault());
        assert!(matches!(refused, Err(VaultError::NotAVault)), "{refused:?}");
    }
    fs::write(place.vault(), vec![0; 8 * 1024 * 1024 + 1]).unwrap();
    assert!(matches!(open(&place.vault()), Err(VaultError::TooLarge)));
    let folder = open(place.vault().parent().unwrap());
    assert!(matches!(folder, Err(VaultError::Read { .. })));
    let missing = open(&place.file("missing.age"));
    assert!(matches!(missing, Err(VaultError::Missing { .. })));
}

#[test]
fn a_vault_shows_nothing_of_what_it_holds() {
    let place = Place::new();
    let mut vault = place.open();
    add(&mut vault, "ada").unwrap();
    let shown = format!("{vault:?} {:?}", vault.contents());
    for secret in [PASSPHRASE, "GEZD", "ada"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
