//! What is no key, no row, or no file: named in plain words, and the rest is kept.

use authenticator::import::{Import, ImportError, MAX_FILE, MAX_ROWS};
use otp_uri::{KeyUri, Kind};

use crate::data::file;
use crate::{import, skipped};

/// What is said of a list with one bad line.
fn line(line: &str) -> String {
    let list = format!("otpauth://totp/Good:one?secret=JBSWY3DPEHPK3PXP\n{line}");
    let imported = import(list.as_bytes()).unwrap();
    assert_eq!(imported.keys().count(), 1);
    let [skipped] = skipped(&imported).try_into().unwrap();
    skipped
}

#[test]
fn a_line_that_is_no_key_is_named_and_the_others_are_kept() {
    for (text, expected) in [
        (
            "otpauth://totp/Acme:bob?secret=JBSW1",
            "line 2 (Acme: bob): the secret is not Base32",
        ),
        (
            "otpauth://totp/Acme:bob?secret=",
            "line 2 (Acme: bob): the secret is missing or too short",
        ),
        (
            "otpauth://totp/Acme:bob?issuer=Acme",
            "line 2 (Acme: bob): the secret is missing or too short",
        ),
        (
            "otpauth://totp/Acme:bob?secret=JBSWY3DP&digits=9",
            "line 2 (Acme: bob): its codes would not have 6 to 8 digits",
        ),
        (
            "otpauth://totp/Acme:bob?secret=JBSWY3DP&period=0",
            "line 2 (Acme: bob): its period is none that codes can have",
        ),
        (
            "otpauth://totp/Acme:bob?secret=JBSWY3DP&algorithm=MD5",
            "line 2 (Acme: bob): its algorithm is not one of SHA-1, SHA-256 and SHA-512",
        ),
        (
            "otpauth://hotp/Acme:bob?secret=JBSWY3DP&counter=-1",
            "line 2 (Acme: bob): its counter is not a number from 0 on",
        ),
        (
            "otpauth://totp/Acme:bob?secret=JBSWY3DP&secret=JBSWY3DQ",
            "line 2 (Acme: bob): it says one thing twice, and differently",
        ),
        (
            "otpauth://totp/Acme%1b[2J:bob?secret=JBSWY3DP",
            "line 2 (Acme�[2J: bob): its name has characters that control a terminal",
        ),
        (
            "otpauth://yaotp/Yandex:ivan?secret=JBSWY3DP&pin=1234",
            "line 2 (Yandex: ivan): codes of Yandex are not made here",
        ),
        (
            "otpauth://motp/Mobile:eve?secret=JBSWY3DP",
            "line 2 (Mobile: eve): codes of Mobile-OTP are not made here",
        ),
        (
            "otpauth://user:JBSWY3DP@totp/Acme:bob?secret=JBSWY3DP",
            "line 2 (Acme: bob): it makes codes of a kind that is not known here",
        ),
        (
            "otpauth-migration://offline?data=%%",
            "line 2: it is a transfer of Google Authenticator that is damaged",
        ),
        (
            "phonefactor://activate?code=123456789",
            "line 2: it is for Microsoft Authenticator alone and holds no key: on the page that shows it, choose \"I want to use a different authenticator app\"",
        ),
        (
            "https://example.com/",
            "line 2: it is an address of the web, and no key",
        ),
        (
            "steam://",
            "line 2 (Steam): the secret is missing or too short",
        ),
        (
            "steam://JBSW_Y3DP",
            "line 2 (Steam): the secret is not Base32",
        ),
        (
            "otpauth://totp/Acme:bob%?secret=JBSWY3DP",
            "line 2 (Acme: bob%): it has a percent sign where none can be",
        ),
        (
            "otpauth://totp/Acme:b%FFb?secret=JBSWY3DP",
            "line 2: it holds text that is not UTF-8",
        ),
        (
            "otpauth://totp/Acme:bob?secret=JBSWY3DP&encoder=x",
            "line 2 (Acme: bob): its codes are of a kind that is not made here",
        ),
        ("JBSWY3DPEHPK3PXP", "line 2: it is not a key"),
    ] {
        assert_eq!(line(text), expected, "{text}");
    }
}

#[test]
fn a_name_that_holds_the_secret_is_not_shown() {
    for text in [
        "otpauth://totp/JBSWY3DPEHPK3PXP?secret=JBSWY3DPEHPK3PXP&digits=9",
        "otpauth://totp/jbsw-y3dp-ehpk-3pxp?secret=JBSWY3DPEHPK3PXP&digits=9",
        "otpauth://totp/Acme:bob&secret=JBSWY3DPEHPK3PXP?digits=9",
        "otpauth://totp/Acme:bob%3Fsecret=JBSWY3DPEHPK3PXP?digits=9",
        "otpauth://JBSWY3DPEHPK3PXP/Acme:bob?secret=JBSWY3DPEHPK3PXP",
    ] {
        let said = line(text).to_uppercase();
        assert!(!said.contains("JBSW"), "{said}");
    }
}

#[test]
fn a_steam_uri_has_its_secret_in_base32_or_base64_and_no_name() {
    for uri in [
        "steam://GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "steam://MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=",
    ] {
        let imported = import(uri.as_bytes()).unwrap();
        let key = imported.keys().next().unwrap();
        assert_eq!(key.kind(), Kind::Steam);
        assert_eq!(key.expose_key(), b"12345678901234567890");
        assert_eq!((key.issuer(), key.account()), (Some("Steam"), ""));
    }
}

/// What is said of the entries of a plain backup of Aegis.
fn aegis(entries: &str) -> Vec<String> {
    let backup = format!(
        r#"{{"version":1,"header":{{"slots":null,"params":null}},"db":{{"version":3,"entries":[{entries}]}}}}"#
    );
    skipped(&import(backup.as_bytes()).unwrap())
}

#[test]
fn entries_of_aegis_that_are_no_keys_are_named() {
    let said = aegis(
        r#"
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP1","algo":"SHA1","digits":6,"period":30}},
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"","algo":"SHA1","digits":6,"period":30}},
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":null}},
        {"type":"totp","name":"bob","issuer":"Acme"},
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP","algo":"MD5","digits":6,"period":30}},
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP","algo":"SHA1","digits":10,"period":30}},
        {"type":"totp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP","algo":"SHA1","digits":6,"period":29.5}},
        {"type":"hotp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP","algo":"SHA1","digits":6,"counter":-1}},
        {"type":"steam","name":"bob","issuer":"Steam","info":{"secret":"JBSWY3DP","algo":"SHA256","digits":5,"period":30}},
        {"type":"motp","name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP","algo":"MD5","digits":6,"period":10,"pin":"1234"}},
        {"type":"a name of a kind that is a story","name":"bob","issuer":"","info":{"secret":"JBSWY3DP"}},
        {"name":"bob","issuer":"Acme","info":{"secret":"JBSWY3DP"}},
        {"type":"totp","name":{"first":"bob"},"issuer":"Acme","info":{"secret":"JBSWY3DP"}},
        {"type":"totp","name":"b\u001b[2Jb","issuer":"Acme","info":{"secret":"JBSWY3DP"}},
        ["JBSWY3DP"],
        "JBSWY3DP",
        null"#,
    );
    assert_eq!(
        said,
        [
            "entry 1 (Acme: bob): the secret is not Base32",
            "entry 2 (Acme: bob): the secret is missing or too short",
            "entry 3 (Acme: bob): the secret is missing or too short",
            "entry 4 (Acme: bob): it has not the form of an entry",
            "entry 5 (Acme: bob): its algorithm is not one of SHA-1, SHA-256 and SHA-512",
            "entry 6 (Acme: bob): its codes would not have 6 to 8 digits",
            "entry 7 (Acme: bob): its period is none that codes can have",
            "entry 8 (Acme: bob): its counter is not a number from 0 on",
            "entry 9 (Steam: bob): its algorithm is not one of SHA-1, SHA-256 and SHA-512",
            "entry 10 (Acme: bob): codes of Mobile-OTP are not made here",
            "entry 11 (bob): it makes codes of a kind that is not known here",
            "entry 12 (Acme: bob): it makes codes of a kind that is not known here",
            "entry 13: it has not the form of an entry",
            "entry 14 (Acme: b�[2Jb): its name has characters that control a terminal",
            "entry 15: it has not the form of an entry",
            "entry 16: it has not the form of an entry",
            "entry 17: it has not the form of an entry",
        ]
    );
}

#[test]
fn apps_write_numbers_as_text_secrets_in_lower_case_and_algorithms_by_other_names() {
    let backup = br#"{"schemaVersion":1,"services":[
        {"name":"Acme","secret":"jbsw y3dp ehpk 3pxp","otp":{"account":"bob","digits":"8","period":"60","algorithm":"HmacSHA256"}},
        {"name":"","secret":"JBSWY3DPEHPK3PX=","otp":{"issuer":"Blue","label":"Blue:eve","algorithm":null,"tokenType":"TOTP"}},
        {"name":"Counter","secret":"JBSWY3DPEHPK3PXP","otp":{"counter":"7","period":30,"tokenType":"HOTP"}},
        {"name":"Bare","secret":"JBSWY3DPEHPK3PXP"},
        {"name":"New","secret":"JBSWY3DPEHPK3PXP","otp":{"tokenType":"SMS"}},
        {"name":"Slow","secret":"JBSWY3DPEHPK3PXP","otp":{"tokenType":"STEAM","period":10}},
        {"secret":5}
    ]}"#;
    let imported = import(backup).unwrap();
    let keys: Vec<String> = imported
        .keys()
        .map(|key| key.to_explicit_text().expose().to_owned())
        .collect();
    assert_eq!(
        keys,
        [
            "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Acme&algorithm=SHA256&digits=8&period=60",
            "otpauth://totp/Blue:eve?secret=JBSWY3DPEHPK3PQ&issuer=Blue&algorithm=SHA1&digits=6&period=30",
            "otpauth://hotp/Counter:?secret=JBSWY3DPEHPK3PXP&issuer=Counter&algorithm=SHA1&digits=6&counter=7",
            "otpauth://totp/Bare:?secret=JBSWY3DPEHPK3PXP&issuer=Bare&algorithm=SHA1&digits=6&period=30",
        ]
    );
    assert_eq!(
        skipped(&imported),
        [
            "entry 5 (New): it makes codes of a kind that is not known here",
            "entry 6 (Slow): its period is none that codes can have",
            "entry 7: the secret is missing or too short",
        ]
    );
}

#[test]
fn entries_of_proton_that_are_no_keys_are_named() {
    let export = br#"{"version":1,"entries":[
        {"id":"a","content":{"uri":"otpauth://totp/Acme:bob?secret=1","entry_type":"Totp","name":"bob"}},
        {"id":"b","content":{"uri":"steam://JBSW!","entry_type":"Steam","name":"gordon"}},
        {"id":"c","content":{"uri":"otpauth://totp/Acme:bob?secret=JBSWY3DP","entry_type":"Passkey","name":"eve"}},
        {"id":"d","content":null},
        {"id":"e"}
    ]}"#;
    let imported = import(export).unwrap();
    assert_eq!(
        skipped(&imported),
        [
            "entry 1 (Acme: bob): the secret is not Base32",
            "entry 2 (Steam: gordon): the secret is not Base32",
            "entry 3 (eve): it makes codes of a kind that is not known here",
            "entry 4: it has not the form of an entry",
            "entry 5: it has not the form of an entry",
        ]
    );
    assert_eq!(imported.keys().count(), 0);
}

#[test]
fn misleading_names_are_kept_and_warned_of_as_everywhere() {
    let entry = r#"{"type":"totp","name":"bob","issuer":"Acme\u202egro.live","info":{"secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}}"#;
    let backup = format!(
        r#"{{"version":1,"header":{{"slots":null,"params":null}},"db":{{"version":1,"entries":[{entry}]}}}}"#
    );
    let imported = import(backup.as_bytes()).unwrap();
    let key = imported.keys().next().unwrap();
    assert_eq!(key.issuer(), Some("Acme\u{202e}gro.live"));
    assert!(
        key.warnings()
            .contains(otp_uri::Warning::SuspiciousCharacters)
    );
}

#[test]
fn what_stands_there_twice_is_kept_once_at_its_highest_counter() {
    let list = "\
        otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP\n\
        otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=3\n\
        otpauth://totp/Acme:bob?secret=jbswy3dpehpk3pxp&period=30\n\
        otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&period=60\n\
        otpauth://totp/Acme:eve?secret=JBSWY3DPEHPK3PXP\n\
        otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=9\n\
        otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=4\n";
    let imported = import(list.as_bytes()).unwrap();
    let keys: Vec<String> = imported
        .keys()
        .map(|key| key.to_text().expose().to_owned())
        .collect();
    assert_eq!(
        keys,
        [
            "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP",
            "otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=9",
            "otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&period=60",
            "otpauth://totp/Acme:eve?secret=JBSWY3DPEHPK3PXP",
        ]
        .map(|uri| {
            // Writing puts the issuer into both places.
            KeyUri::parse(uri).unwrap().to_text().expose().to_owned()
        })
    );
    assert_eq!(
        skipped(&imported),
        [
            "line 3 (Acme: bob): it stands there once more, and is kept once",
            "line 6 (Token: 1): it stands there once more, and is kept once",
            "line 7 (Token: 1): it stands there once more, and is kept once",
        ]
    );
}

#[test]
fn a_row_that_is_too_long_is_named_by_its_beginning() {
    let long = format!(
        "otpauth://totp/{}?secret=JBSWY3DP",
        "x".repeat(KeyUri::MAX_LEN)
    );
    let expected = format!("line 2 ({}…): it is too long", "x".repeat(80));
    assert_eq!(line(&long), expected);
    let name = "é".repeat(KeyUri::MAX_LEN / 2);
    let entry =
        format!(r#"{{"type":"totp","name":"{name}","issuer":"","info":{{"secret":"JBSWY3DP"}}}}"#);
    let expected = format!("entry 1 ({}…): it is too long", "é".repeat(80));
    assert_eq!(aegis(&entry), [expected]);
}

#[test]
fn errors_of_whole_files_are_in_plain_words() {
    use authenticator::import::Format;
    for (error, expected) in [
        (ImportError::TooLarge, "the file has more than 16 MiB"),
        (ImportError::TooManyRows, "there are more than 10000 rows"),
        (
            ImportError::Unknown,
            "this is neither a picture with QR codes, nor a list of key URIs, nor a backup that can be read",
        ),
        (
            ImportError::Not(Format::List),
            "this is not a list of key URIs",
        ),
        (
            ImportError::Not(Format::TwoFas),
            "this is not a backup of 2FAS",
        ),
        (
            ImportError::NotText,
            "this is neither a picture in PNG or JPEG nor text in UTF-8",
        ),
        (
            ImportError::Picture(otp_qr::decode::DecodeError::NoCode),
            "there is no readable code in the image",
        ),
        (
            ImportError::PasswordNeeded,
            "the backup is encrypted and needs its password",
        ),
        (ImportError::WrongPassword, "the password is wrong"),
        (
            ImportError::NoPassword,
            "the backup cannot be opened with a password: export one from the app that can be",
        ),
        (
            ImportError::TooCostly,
            "opening the backup would take more memory or time than any app asks for",
        ),
        (
            ImportError::Encrypted(Format::TwoFas),
            "this is a backup of 2FAS that is encrypted: make one without a password, import it, and delete it",
        ),
        (ImportError::Damaged, "the backup is damaged"),
        (
            ImportError::Version(Format::Aegis),
            "this is a backup of Aegis in a version that is not known here",
        ),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn what_is_known_is_left_out_whatever_its_counter() {
    let known = [
        KeyUri::parse("otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP").unwrap(),
        KeyUri::parse("otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=9").unwrap(),
    ];
    let list = "\
        otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXP&issuer=Acme\n\
        otpauth://hotp/Token:1?secret=JBSWY3DPEHPK3PXP&counter=3\n\
        otpauth://totp/Acme:bob?secret=JBSWY3DPEHPK3PXQ\n";
    let mut imported = import(list.as_bytes()).unwrap();
    imported.leave_out(&known);
    assert_eq!(
        skipped(&imported),
        [
            "line 1 (Acme: bob): it is there already",
            "line 2 (Token: 1): it is there already",
        ]
    );
    assert_eq!(imported.into_keys().len(), 1);
}

#[test]
fn the_files_of_an_import_are_told_apart() {
    let mut import = Import::new();
    import.read(b"otpauth://totp/a?secret=1").unwrap();
    import.read(b"otpauth://totp/a?secret=JBSWY3DP").unwrap();
    import.read(b"otpauth://totp/a?secret=JBSWY3DP").unwrap();
    let imported = import.finish();
    let files: Vec<_> = imported
        .skipped()
        .iter()
        .map(|row| (row.file(), row.to_string()))
        .collect();
    assert_eq!(
        files,
        [
            (1, "line 1 (a): the secret is not Base32".to_owned()),
            (
                3,
                "line 1 (a): it stands there once more, and is kept once".to_owned()
            ),
        ]
    );
}

#[test]
fn what_is_no_such_file_at_all_is_one_error() {
    let deep = "[".repeat(100_000);
    let cut = file("aegis.json");
    let png = file("transfer-2.png");
    for (what, bytes, expected) in [
        ("nothing", &b""[..], ImportError::Unknown),
        ("prose", b"Dear Sir,\nthey are here:\nhttps://example.com/device#here", ImportError::Unknown),
        ("an array of other things", br#"[{"secret":"JBSWY3DP"},5,null]"#, ImportError::Unknown),
        ("another object", br#"{"secret":"JBSWY3DP"}"#, ImportError::Unknown),
        ("deep", deep.as_bytes(), ImportError::Unknown),
        ("a backup that was cut", &cut[..cut.len() / 2], ImportError::Unknown),
        ("UTF-16", b"\xff\xfeo\0t\0p\0a\0u\0t\0h\0", ImportError::NotText),
        ("a GIF", b"GIF89a\x01\0\x01\0\x80\xff", ImportError::NotText),
        ("a picture that was cut", &png[..png.len() / 2], ImportError::Picture(otp_qr::decode::DecodeError::Unreadable)),
        ("a new Aegis", br#"{"version":2,"header":{"slots":null,"params":null},"db":{}}"#, ImportError::Version(authenticator::import::Format::Aegis)),
        ("a new database of Aegis", br#"{"version":1,"header":{"slots":null,"params":null},"db":{"version":4,"entries":[]}}"#, ImportError::Version(authenticator::import::Format::Aegis)),
        ("Aegis without entries", br#"{"version":1,"header":{"slots":null,"params":null},"db":{"version":1}}"#, ImportError::Not(authenticator::import::Format::Aegis)),
        ("a field twice", br#"{"version":1,"version":1,"header":{"slots":null,"params":null},"db":{"version":1,"entries":[]}}"#, ImportError::Not(authenticator::import::Format::Aegis)),
        ("a new 2FAS", br#"{"schemaVersion":5,"services":[]}"#, ImportError::Version(authenticator::import::Format::TwoFas)),
        ("a new Proton", br#"{"version":2,"entries":[]}"#, ImportError::Version(authenticator::import::Format::Proton)),
        ("an encrypted Aegis without a slot", br#"{"version":1,"header":{"slots":null,"params":{"nonce":"","tag":""}},"db":""}"#, ImportError::PasswordNeeded),
    ] {
        assert_eq!(import(bytes).unwrap_err(), expected, "{what}");
    }
}

#[test]
fn the_limits_of_size_and_rows_hold_and_a_refused_file_changes_nothing() {
    let large = vec![b'#'; MAX_FILE + 1];
    assert_eq!(import(&large).unwrap_err(), ImportError::TooLarge);
    // More than are kept in memory.
    let array = format!("[\"otpauth://\"{}]", ",0".repeat(2 * MAX_ROWS));
    assert_eq!(
        import(array.as_bytes()).unwrap_err(),
        ImportError::TooManyRows
    );
    let row = |number: usize| format!("otpauth://totp/{number}?secret=JBSWY3DP\n");
    let full: String = (0..MAX_ROWS).map(row).collect();
    let mut import = Import::new();
    import.read(full.as_bytes()).unwrap();
    assert_eq!(
        import.read(b"otpauth://totp/one-more?secret=JBSWY3DP"),
        Err(ImportError::TooManyRows)
    );
    assert_eq!(import.finish().into_keys().len(), MAX_ROWS);
}

/// The encrypted backup with another text at the place of the first of `from`.
fn altered(from: &str, to: &str) -> ImportError {
    let backup = String::from_utf8(file("aegis-encrypted.json")).unwrap();
    assert!(backup.contains(from), "{from}");
    let altered = backup.replacen(from, to, 1);
    let mut import = Import::new();
    import
        .read_encrypted(altered.as_bytes(), "correct horse Zoë")
        .unwrap_err()
}

#[test]
fn an_encrypted_backup_that_was_changed_is_refused() {
    for (from, to, expected) in [
        // The price of opening it.
        ("\"n\": 32768", "\"n\": 1073741824", ImportError::TooCostly),
        (
            "\"n\": 32768",
            "\"n\": 18446744073709551615",
            ImportError::TooCostly,
        ),
        ("\"n\": 32768", "\"n\": 32767", ImportError::Damaged),
        ("\"n\": 32768", "\"n\": 0", ImportError::Damaged),
        ("\"n\": 32768", "\"n\": -1", ImportError::Damaged),
        ("\"r\": 8", "\"r\": 0", ImportError::Damaged),
        ("\"p\": 1", "\"p\": 4294967295", ImportError::TooCostly),
        // The slots.
        ("\"type\": 1", "\"type\": \"1\"", ImportError::Damaged),
        ("\"salt\": \"", "\"salt\": \"x", ImportError::Damaged),
        ("\"slots\": [", "\"slots\": [5,", ImportError::Damaged),
        // What is encrypted.
        ("\"db\": \"", "\"db\": \"AAAA", ImportError::Damaged),
        ("\"db\": \"", "\"db\": \"!", ImportError::Damaged),
        ("\"db\": \"", "\"db\": 5, \"x\": \"", ImportError::Damaged),
    ] {
        assert_eq!(altered(from, to), expected, "{from} → {to}");
    }
    // A slot that does not open any more looks as if the password were wrong.
    let backup: serde_json::Value = serde_json::from_slice(&file("aegis-encrypted.json")).unwrap();
    for (place, expected) in [
        ("/header/slots/2/key", ImportError::WrongPassword),
        ("/header/slots/2/key_params/tag", ImportError::WrongPassword),
        (
            "/header/slots/2/key_params/nonce",
            ImportError::WrongPassword,
        ),
        ("/header/slots/2/salt", ImportError::WrongPassword),
        ("/header/params/tag", ImportError::Damaged),
        ("/header/params/nonce", ImportError::Damaged),
    ] {
        let mut altered = backup.clone();
        let value = altered.pointer_mut(place).unwrap();
        let text = value.as_str().unwrap();
        let (first, rest) = text.split_at(1);
        let other = if first == "0" { "1" } else { "0" };
        *value = format!("{other}{rest}").into();
        let mut import = Import::new();
        let read = import.read_encrypted(altered.to_string().as_bytes(), "correct horse Zoë");
        assert_eq!(read, Err(expected), "{place}");
    }
    let mut without = backup.clone();
    let slots = without.pointer_mut("/header/slots").unwrap();
    slots.as_array_mut().unwrap().truncate(1);
    let read = Import::new().read_encrypted(without.to_string().as_bytes(), "");
    assert_eq!(read, Err(ImportError::NoPassword));
    let mut many = backup;
    let slots = many
        .pointer_mut("/header/slots")
        .unwrap()
        .as_array_mut()
        .unwrap();
    let slot = slots[1].clone();
    slots.extend(std::iter::repeat_n(slot, 7));
    let read = Import::new().read_encrypted(many.to_string().as_bytes(), "");
    assert_eq!(read, Err(ImportError::TooCostly));
}
