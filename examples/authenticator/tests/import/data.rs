//! Files that other implementations made, against what is in them.

use std::path::PathBuf;

use authenticator::import::{Format, Import, ImportError};
use otp_core::UnixTime;
use otp_uri::{KeyUri, Kind};
use serde_json::Value;

use crate::{import, skipped};

const PASSWORD: &str = "correct horse Zoë";

pub(crate) fn file(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    std::fs::read(folder.join(name)).unwrap()
}

/// The rows of a file of expected keys, as the assertions below write them.
pub(crate) fn expected(name: &str) -> Vec<String> {
    let value: Value = serde_json::from_slice(&file(name)).unwrap();
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    value["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| {
            format!(
                "{} | {} | {} | {} | {} | {} | {} | {} | {}",
                text(key, "kind"),
                text(key, "issuer"),
                text(key, "account"),
                text(key, "key"),
                text(key, "algorithm"),
                key["digits"],
                key["period"],
                key["counter"],
                text(key, "code"),
            )
        })
        .collect()
}

/// The same of a key that was read, with the code of that moment as we make it.
pub(crate) fn row(key: &KeyUri) -> String {
    let kind = key.kind();
    let number =
        |number: Option<u64>| number.map_or("null".to_owned(), |number| number.to_string());
    let code = match kind {
        Kind::Totp { .. } => {
            let code = key.totp().unwrap().generate(NOW).unwrap();
            code.as_str().to_owned()
        }
        Kind::Hotp { .. } => {
            let (hotp, counter) = key.hotp().unwrap();
            hotp.generate(counter).as_str().to_owned()
        }
        Kind::Steam => key.steam().unwrap().generate(NOW).as_str().to_owned(),
    };
    format!(
        "{kind} | {} | {} | {} | {} | {} | {} | {} | {code}",
        key.issuer().unwrap_or_default(),
        key.account(),
        hex::encode(key.expose_key()),
        kind.algorithm(),
        kind.code_len(),
        number(kind.period().map(|period| period.seconds().into())),
        number(kind.counter().map(|counter| counter.get())),
    )
}

pub(crate) const NOW: UnixTime = UnixTime::from_secs(1_700_000_000);

#[test]
fn reads_a_plain_backup_of_aegis() {
    let imported = import(&file("aegis.json")).unwrap();
    let rows: Vec<String> = imported.keys().map(row).collect();
    assert_eq!(rows, expected("expected.json"));
    assert_eq!(
        skipped(&imported),
        ["entry 8 (Yandex: ivan): codes of Yandex are not made here"]
    );
}

#[test]
fn opens_an_encrypted_backup_of_aegis_by_the_slot_of_its_password() {
    let backup = file("aegis-encrypted.json");
    for password in [PASSWORD, "another password"] {
        let mut import = Import::new();
        let format = import.read_encrypted(&backup, password).unwrap();
        assert_eq!(format, Format::Aegis);
        let imported = import.finish();
        let rows: Vec<String> = imported.keys().map(row).collect();
        assert_eq!(rows, expected("expected.json"));
        assert_eq!(imported.skipped().len(), 1);
    }
}

#[test]
fn a_wrong_password_is_told_from_none_and_changes_nothing() {
    let backup = file("aegis-encrypted.json");
    let mut import = Import::new();
    assert_eq!(import.read(&backup), Err(ImportError::PasswordNeeded));
    for password in ["", "correct horse Zoe", "correct horse Zoë "] {
        let read = import.read_encrypted(&backup, password);
        assert_eq!(read, Err(ImportError::WrongPassword));
    }
    assert_eq!(import.finish().keys().count(), 0);
}

#[test]
fn reads_a_backup_of_2fas() {
    let imported = import(&file("2fas.2fas")).unwrap();
    let rows: Vec<String> = imported.keys().map(row).collect();
    assert_eq!(rows, expected("expected.json"));
    assert!(imported.skipped().is_empty());
}

#[test]
fn reads_an_export_of_proton_authenticator_which_has_no_counters() {
    let imported = import(&file("proton.json")).unwrap();
    let rows: Vec<String> = imported.keys().map(row).collect();
    let expected = expected("expected.json").into_iter();
    let by_time: Vec<String> = expected.filter(|row| !row.starts_with("hotp")).collect();
    assert_eq!(rows, by_time);
    assert!(imported.skipped().is_empty());
}

#[test]
fn encrypted_backups_that_cannot_be_opened_say_what_to_do() {
    let encrypted = |name: &str| import(&file(name)).unwrap_err();
    assert_eq!(
        encrypted("2fas-encrypted.2fas"),
        ImportError::Encrypted(Format::TwoFas)
    );
    assert_eq!(
        encrypted("proton-encrypted.json").to_string(),
        "this is an export of Proton Authenticator that is encrypted: make one without a password, import it, and delete it"
    );
}

#[test]
fn reads_lists_with_crlf_and_a_byte_order_mark_and_arrays() {
    for name in ["list.txt", "list.json"] {
        let imported = import(&file(name)).unwrap();
        let rows: Vec<String> = imported.keys().map(row).collect();
        assert_eq!(rows, expected("expected.json"), "{name}");
        assert!(imported.skipped().is_empty());
    }
}

#[test]
fn reads_all_codes_of_a_screenshot_and_keeps_the_pairing_link_apart() {
    let imported = import(&file("screenshot.png")).unwrap();
    let mut rows: Vec<String> = imported.keys().map(row).collect();
    // The order of the codes in a picture has no meaning.
    rows.sort();
    let all = expected("expected.json");
    assert_eq!(rows, [all[4].clone(), all[0].clone()]);
    assert!(imported.skipped().is_empty());
    let [link] = imported.links() else {
        panic!("one link");
    };
    let expected = "https://id.example.com/device#AAAAAAAAAAAAAAAAAAAAAA.TOKEN.cGVyc29u";
    assert_eq!(link.as_str(), expected);
    assert!(!format!("{imported:?}").contains("TOKEN"));
}

#[test]
fn every_format_is_found_by_what_is_in_it() {
    for (name, format) in [
        ("aegis.json", Format::Aegis),
        ("aegis-encrypted.json", Format::Aegis),
        ("2fas.2fas", Format::TwoFas),
        ("2fas-encrypted.2fas", Format::TwoFas),
        ("proton.json", Format::Proton),
        ("proton-encrypted.json", Format::Proton),
        ("list.txt", Format::List),
        ("list.json", Format::List),
        ("transfer.txt", Format::List),
        ("screenshot.png", Format::Picture),
        ("transfer-1-and-3.jpg", Format::Picture),
    ] {
        assert_eq!(Format::of(&file(name)), Ok(format), "{name}");
        assert_eq!(format.name().parse(), Ok(format));
    }
}

#[test]
fn a_file_of_another_format_than_was_asked_for_is_refused() {
    for format in Format::ALL {
        for name in [
            "aegis.json",
            "2fas.2fas",
            "proton.json",
            "list.txt",
            "transfer-2.png",
        ] {
            let file = file(name);
            if Format::of(&file) == Ok(format) {
                continue;
            }
            let refused = Import::new().read_as(format, &file);
            let expected = if format != Format::Picture && name.ends_with(".png") {
                ImportError::NotText
            } else {
                ImportError::Not(format)
            };
            assert_eq!(refused, Err(expected), "{name} as {format}");
        }
    }
}
