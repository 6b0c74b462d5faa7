//! Keys in and out: pictures, lists, backups of other apps.

use std::fs;

use otp_qr::{PngOptions, Qr};

use crate::common::{KEY, PASSPHRASE, Phone, hotp, run_with, totp};

/// Another key than that of the RFCs.
const OTHER: &str = "otpauth://totp/Other:eve?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

fn picture(text: &str) -> Vec<u8> {
    let qr = Qr::encode(text).unwrap();
    qr.png(&PngOptions::default()).unwrap().expose().to_vec()
}

#[test]
fn pictures_bring_their_keys() {
    let phone = Phone::new();
    phone.write("one.png", picture(&totp("Acme:ada")));
    phone.write("two.png", picture(OTHER));
    let added = phone.says(&["add", "--qr", "one.png", "--qr", "two.png"]);
    assert_eq!(added, "added: Acme: ada\nadded: Other: eve");
}

#[test]
fn what_is_odd_about_a_key_is_said_when_it_is_added() {
    let phone = Phone::new();
    let odd = "otpauth://totp/Acme:ada?secret=JBSWY3DPEHPK3PXP&digits=8&issuer=Evil";
    let seen = phone.run_with(&["add", "--uri-from", "-"], odd);
    let said = seen.done();
    for part in ["80 bits", "two issuers, Acme and Evil", "number of digits"] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_key_that_is_there_is_not_added_again() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let before = phone.read("vault.age");
    let seen = phone.run_with(&["add", "--issuer", "Acme", "--account", "ada"], KEY);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert!(seen.error.contains("it is there already"), "{seen:?}");
    assert_eq!(phone.read("vault.age"), before);
    // Among others it is passed over.
    let list = format!("{}\n{OTHER}\n", totp("Acme:ada"));
    let seen = phone.run_with(&["add", "--uri-from", "-"], &list);
    assert_eq!(seen.done(), "added: Other: eve\n");
    assert_eq!(
        seen.error,
        "left out: line 1 (Acme: ada): it is there already\n"
    );
}

#[test]
fn a_key_that_was_renamed_here_is_not_brought_again() {
    let phone = Phone::with(&[&totp("Acme:ada"), &hotp("token", 0)]);
    phone.says(&["export", "--as", "uris", "--to", "keys.txt"]);
    phone.says(&["rename", "ada", "--account", "ada (work)"]);
    phone.says(&["rename", "token", "--account", "door"]);
    phone.says(&["code", "door"]);
    let before = phone.read("vault.age");
    let seen = phone.run(&["import", "keys.txt"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert_eq!(seen.error.matches("it is there already").count(), 2);
    assert_eq!(phone.read("vault.age"), before);
}

#[test]
fn an_import_keeps_what_is_good_and_names_the_rest_by_file() {
    let phone = Phone::new();
    phone.write("list.txt", format!("{}\nnonsense\n", totp("Acme:ada")));
    phone.write("code.png", picture(OTHER));
    let seen = phone.run(&["import", "list.txt", "code.png"]);
    assert_eq!(seen.done(), "added: Acme: ada\nadded: Other: eve\n");
    assert_eq!(seen.error, "left out: list.txt, line 2: it is not a key\n");
}

#[test]
fn a_file_may_come_by_standard_input_after_the_passphrase() {
    let phone = Phone::new();
    let command = phone.bare_command(&["import", "-", "--passphrase-file", "-"]);
    let input = format!("{PASSPHRASE}\n{}\n", totp("Acme:ada"));
    assert_eq!(run_with(command, &input).done(), "added: Acme: ada\n");
}

#[test]
fn a_pairing_link_is_no_key_and_is_not_repeated() {
    let phone = Phone::new();
    let link = "https://id.example.com/device#cmVn.dG9rZW4tdG9rZW4.cGVyc29u";
    phone.write("code.png", picture(link));
    let seen = phone.run(&["add", "--qr", "code.png"]);
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    assert!(seen.error.contains("authenticator pair"), "{seen:?}");
    assert!(!seen.error.contains("dG9rZW4"), "{seen:?}");
}

#[test]
fn an_import_with_a_file_that_cannot_be_read_changes_nothing() {
    let phone = Phone::new();
    phone.write("good.txt", totp("Acme:ada"));
    phone.write("bad.json", r#"{"db": 1"#);
    let before = phone.read("vault.age");
    for files in [["good.txt", "bad.json"], ["good.txt", "missing.txt"]] {
        let seen = phone.run(&["import", files[0], files[1]]);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""), "{seen:?}");
        assert!(seen.error.contains(files[1]), "{seen:?}");
        assert_eq!(phone.read("vault.age"), before);
    }
}

#[test]
fn a_list_goes_to_another_phone_and_is_for_its_user_alone() {
    let phone = Phone::with(&[&totp("Acme:ada"), &hotp("token", 3)]);
    let seen = phone.run(&["export", "--as", "uris", "--to", "keys.txt"]);
    assert!(seen.done().contains("exported 2 accounts: keys.txt"));
    let one = phone.says(&["export", "--as", "uris", "--to", "one.txt", "token"]);
    assert!(one.contains("exported 1 account: one.txt"), "{one}");
    assert!(seen.out.contains("can make their codes"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(phone.path("keys.txt")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    let other = Phone::new();
    other.write("keys.txt", phone.read("keys.txt"));
    other.says(&["import", "keys.txt"]);
    assert_eq!(other.says(&["list"]), phone.says(&["list"]));
    assert_eq!(
        other.says(&["code", "token"]),
        phone.says(&["code", "token"])
    );
}

#[test]
fn an_export_writes_over_nothing() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    phone.write("mine", "mine");
    for format in ["uris", "aegis", "migration"] {
        let seen = phone.run(&["export", "--as", format, "--to", "mine"]);
        assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
        assert_eq!(seen.error, "error: there is a file at `mine` already\n");
        assert_eq!(phone.read("mine"), b"mine");
    }
}

#[test]
fn transfer_pictures_bring_all_accounts_in_any_order_or_say_what_is_missing() {
    let uris: Vec<_> = (0..25).map(numbered).collect();
    let uris: Vec<_> = uris.iter().map(String::as_str).collect();
    let phone = Phone::with(&uris);
    phone.says(&["export", "--as", "migration", "--to", "codes"]);
    let mut pictures: Vec<_> = fs::read_dir(phone.path("codes"))
        .unwrap()
        .map(|entry| entry.unwrap().path().display().to_string())
        .collect();
    pictures.sort();
    assert!(pictures[0].ends_with("code-1-of-3.png"), "{pictures:?}");
    assert_eq!(pictures.len(), 3);

    let other = Phone::new();
    let seen = other.run(&["import", &pictures[2], &pictures[0]]);
    assert!(
        seen.error.contains("2 of 3 codes read, code 2 is missing"),
        "{seen:?}"
    );
    let added = seen.done().lines().count();
    let rest = other.run(&["import", &pictures[1], &pictures[0], &pictures[2]]);
    assert_eq!(added + rest.done().lines().count(), 25, "{rest:?}");
    for number in [0, 9, 10, 24] {
        let now = ["code", &format!("n{number}"), "--now", "2027-02-01"];
        assert_eq!(other.says(&now), phone.says(&now));
    }
}

/// Keys that differ.
fn numbered(number: u8) -> String {
    let key = otp_uri::base32::encode(&[number; 20]);
    format!("otpauth://totp/Acme:n{number}?secret={}", key.expose())
}

#[test]
fn transfer_codes_are_shown_after_a_yes() {
    let phone = Phone::with(&[&totp("Acme:ada")]);
    let show = ["export", "--as", "migration", "--show"];
    let seen = phone.run_with(&show, "no\n");
    assert_eq!((seen.exit, seen.out.as_str()), (1, ""));
    let seen = phone.run_with(&show, "yes\n");
    assert!(seen.done().starts_with("Code 1 of 1\n█"), "{}", seen.out);
}

#[test]
fn a_backup_of_aegis_goes_round_and_what_it_cannot_hold_is_said() {
    let phone = Phone::with(&[&totp("Acme:ada"), &hotp("token", 3), OTHER]);
    phone.says(&["export", "--as", "aegis", "--to", "aegis.json"]);
    let other = Phone::new();
    other.write("aegis.json", phone.read("aegis.json"));
    other.says(&["import", "aegis.json", "--as", "aegis"]);
    assert_eq!(other.says(&["list"]), phone.says(&["list"]));
    // Only those with these words.
    phone.says(&["export", "--as", "uris", "--to", "some.txt", "other"]);
    let some = String::from_utf8(phone.read("some.txt")).unwrap();
    assert_eq!(some.lines().count(), 1);
    assert!(some.contains("eve"));
}

#[test]
fn an_encrypted_backup_opens_with_its_password_alone() {
    let phone = Phone::new();
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/aegis-encrypted.json"
    );
    phone.write("wrong", "not this one\n");
    let seen = phone.run(&["import", file, "--password-file", "wrong"]);
    assert_eq!((seen.exit, seen.out.as_str()), (3, ""), "{seen:?}");
    assert!(seen.error.contains("the password is wrong"));
    phone.write("right", "correct horse Zoë\n");
    let added = phone.says(&["import", file, "--password-file", "right"]);
    assert!(added.starts_with("added: "), "{added}");
}
