//! Transfers of Google Authenticator, in and out.

use std::io::Write as _;
use std::process::{Command, Stdio};

use authenticator::export;
use authenticator::import::{Format, Import};
use otp_uri::KeyUri;

use crate::data::{expected, file, row};
use crate::{assert_same, skipped};

#[test]
fn codes_are_read_in_any_order_from_pictures_and_texts() {
    let mut import = Import::new();
    assert!(import.is_complete());
    import.read(&file("transfer-1-and-3.jpg")).unwrap();
    assert!(!import.is_complete());
    let progress = import.transfers();
    let [progress] = progress.as_slice() else {
        panic!("one transfer");
    };
    assert_eq!(progress.to_string(), "2 of 3 codes read, code 2 is missing");
    assert_eq!(progress.missing(), [2]);
    // Once more changes nothing.
    import.read(&file("transfer-1-and-3.jpg")).unwrap();
    assert_eq!(import.transfers()[0].read(), 2);
    import.read(&file("transfer-2.png")).unwrap();
    assert!(import.is_complete());
    let imported = import.finish();
    let rows: Vec<String> = imported.keys().map(row).collect();
    assert_eq!(rows, expected("transfer.expected.json"));
    assert!(imported.skipped().is_empty());
    assert_eq!(imported.transfers()[0].to_string(), "3 of 3 codes read");
}

#[test]
fn all_codes_may_stand_in_one_list() {
    let mut import = Import::new();
    assert_eq!(import.read(&file("transfer.txt")), Ok(Format::List));
    let imported = import.finish();
    let rows: Vec<String> = imported.keys().map(row).collect();
    assert_eq!(rows, expected("transfer.expected.json"));
}

#[test]
fn what_was_read_of_an_incomplete_transfer_is_there_and_what_is_missing_is_named() {
    let mut import = Import::new();
    import.read(&file("transfer-2.png")).unwrap();
    let imported = import.finish();
    let rows: Vec<String> = imported.keys().map(row).collect();
    assert_eq!(rows, expected("transfer.expected.json")[10..20]);
    let [transfer] = imported.transfers() else {
        panic!("one transfer");
    };
    assert_eq!(
        transfer.to_string(),
        "1 of 3 codes read, codes 1, 3 are missing"
    );
    assert!(!transfer.is_complete());
}

#[test]
fn codes_of_two_transfers_are_not_mixed() {
    let keys = keys(12);
    let one = export::transfer(&keys, 1).written;
    let other = export::transfer(&keys[..11], 2).written;
    let mut import = Import::new();
    import.read(one[0].text().as_bytes()).unwrap();
    import.read(other[1].text().as_bytes()).unwrap();
    let progress: Vec<String> = import.transfers().iter().map(ToString::to_string).collect();
    assert_eq!(
        progress,
        [
            "1 of 2 codes read, code 2 is missing",
            "1 of 2 codes read, code 1 is missing"
        ]
    );
    assert_same(import.finish().keys(), &keys[..11]);
}

#[test]
fn nothing_is_lost_where_two_transfers_have_one_number() {
    let keys = keys(2);
    let mut import = Import::new();
    for key in &keys {
        let exported = export::transfer([key], 0).written;
        import.read(exported[0].text().as_bytes()).unwrap();
    }
    assert_eq!(import.transfers().len(), 2);
    assert_same(import.finish().keys(), &keys);
}

#[test]
fn a_code_that_does_not_say_which_it_is_is_named() {
    // A batch of two with the index 5, without entries: fields 3 and 4.
    let text = "otpauth-migration://offline?data=GAIgBQ%3D%3D";
    let mut import = Import::new();
    import.read(text.as_bytes()).unwrap();
    let imported = import.finish();
    assert_eq!(
        skipped(&imported),
        ["line 1: it does not say which code of the transfer it is"]
    );
    assert!(imported.transfers().is_empty());
}

#[test]
fn entries_that_are_no_keys_are_named_with_their_code() {
    // One entry with MD5 and one without a secret: `acme:bob` and `acme:eve`.
    let text = "otpauth-migration://offline?data=ChwKCgAAAAAAAAAAAAASCGFjbWU6Ym9iIAQoATACChASCGFjbWU6ZXZlIAEoATACEAEYASAA";
    let mut import = Import::new();
    import.read(text.as_bytes()).unwrap();
    assert_eq!(
        skipped(&import.finish()),
        [
            "code 1 of the transfer, entry 1 (acme:bob): its algorithm is not one of SHA-1, SHA-256 and SHA-512",
            "code 1 of the transfer, entry 2 (acme:eve): the secret is missing or too short",
        ]
    );
}

#[test]
fn what_a_transfer_cannot_hold_is_named_and_the_rest_is_written() {
    let keys: Vec<KeyUri> = [
        "otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme&algorithm=SHA512&digits=8",
        "otpauth://totp/Acme:slow?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme&period=60",
        "otpauth://totp/Blue:seven?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Blue&digits=7",
        "otpauth://totp/Steam:gordon?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Steam&encoder=steam",
        "otpauth://hotp/Token:far?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Token&counter=18446744073709551615",
        "otpauth://hotp/Token:4711?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Token&counter=5",
    ]
    .map(|uri| KeyUri::parse(uri).unwrap())
    .into();
    let exported = export::transfer(&keys, 7);
    let left_out: Vec<String> = exported.left_out.iter().map(ToString::to_string).collect();
    assert_eq!(
        left_out,
        [
            "Acme: slow: its period is 60 s, and a transfer knows 30 s only",
            "Blue: seven: its codes have 7 digits, and a transfer knows 6 and 8 only",
            "Steam: gordon: a transfer does not know the codes of Steam",
            "Token: far: its counter is too high for a transfer",
        ]
    );
    let mut import = Import::new();
    import.read(exported.written[0].png()).unwrap();
    assert_same(import.finish().keys(), [&keys[0], &keys[5]]);
}

#[test]
fn zbarimg_reads_the_codes_that_are_written() {
    let exported = export::transfer(&keys(25), -5);
    assert_eq!(exported.written.len(), 3);
    for code in &exported.written {
        let width = u32::from_be_bytes(code.png()[16..20].try_into().unwrap());
        assert!(width >= 500, "{width}");
        if let Some(read) = zbarimg(code.png()) {
            assert_eq!(read, [code.text()]);
        }
    }
}

fn keys(count: usize) -> Vec<KeyUri> {
    (0..count)
        .map(|number| {
            let uri = format!(
                "otpauth://totp/Site%20{number}:user{number}@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Site%20{number}"
            );
            KeyUri::parse(&uri).unwrap()
        })
        .collect()
}

/// What zbarimg reads, or nothing where it is not installed.
fn zbarimg(png: &[u8]) -> Option<Vec<String>> {
    let spawned = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = spawned else {
        assert!(
            std::env::var_os("OTP_REQUIRE_ALL").is_none(),
            "zbarimg is not installed (package zbar-tools)"
        );
        eprintln!("SKIPPED: zbarimg is not installed (package zbar-tools)");
        return None;
    };
    child.stdin.take().unwrap().write_all(png).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}
