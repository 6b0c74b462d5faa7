//! Migration URIs, rule by rule: limits, what the format cannot hold, and several URIs of one export.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use otp_core::{Counter, HotpParameters, Secret};
use otp_uri::migration::{
    Batch, CollectError, Collector, EntryError, MAX_ENTRIES, MAX_LEN, MigrationError,
    ProtobufError, WriteErrorKind, read, write,
};
use otp_uri::{Account, Issuer, KeyUri, Kind};

fn key(parameters: &str) -> KeyUri {
    KeyUri::parse(&format!(
        "otpauth://totp/Acme:bob?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&{parameters}"
    ))
    .unwrap()
}

fn hotp(counter: u64) -> KeyUri {
    let kind = Kind::hotp(HotpParameters::default(), Counter::new(counter));
    KeyUri::new(
        kind,
        Account::new("bob").unwrap(),
        &Secret::import(b"12345678901234567890").unwrap(),
    )
}

fn message(bytes: &[u8]) -> Result<Batch, MigrationError> {
    read(&format!(
        "otpauth-migration://offline?data={}",
        URL_SAFE_NO_PAD.encode(bytes)
    ))
}

/// An entry with these fields, as the only one of a message.
fn entry(fields: &[u8]) -> Result<Batch, MigrationError> {
    let mut bytes = vec![1 << 3 | 2, u8::try_from(fields.len()).unwrap()];
    bytes.extend(fields);
    message(&bytes)
}

fn skipped(fields: &[u8]) -> EntryError {
    let batch = entry(fields).unwrap();
    batch.entries()[0].as_ref().unwrap_err().error()
}

#[test]
fn what_the_format_cannot_hold_is_an_error() {
    for (bad, expected) in [
        (key("digits=7"), WriteErrorKind::Digits),
        (key("period=60"), WriteErrorKind::Period),
        (key("period=29"), WriteErrorKind::Period),
        (key("encoder=steam"), WriteErrorKind::Steam),
        (hotp(1 << 63), WriteErrorKind::Counter),
        (hotp(u64::MAX), WriteErrorKind::Counter),
    ] {
        let error = write([&key("x=1"), &bad], 0).unwrap_err();
        assert_eq!((error.index(), error.kind()), (1, expected));
    }
    for good in [
        key("digits=8"),
        key("algorithm=SHA512"),
        hotp(0),
        hotp((1 << 63) - 1),
    ] {
        let texts = write([&good], 0).unwrap();
        let batch = read(texts[0].expose()).unwrap();
        assert_eq!(batch.entries()[0].as_ref().unwrap().kind(), good.kind());
    }
}

#[test]
fn a_key_too_long_to_be_read_again_is_an_error() {
    // A long issuer stands there twice; Base64 of nothing but ones is nothing but slashes, which are escaped.
    let issuer = |length: usize| {
        KeyUri::parse(&format!(
            "otpauth://totp/{}:b?secret=MZXW6YTB",
            "i".repeat(length)
        ))
    };
    let secret =
        |length: usize| KeyUri::parse(&format!("otpauth://totp/b?secret={}", "7".repeat(length)));
    for (fits, too_long) in [(issuer(2500), issuer(3500)), (secret(3000), secret(4000))] {
        let fits = write([&fits.unwrap()], 0).unwrap();
        assert_eq!(read(fits[0].expose()).unwrap().entries().len(), 1);
        let error = write([&hotp(0), &too_long.unwrap()], 0).unwrap_err();
        assert_eq!((error.index(), error.kind()), (1, WriteErrorKind::TooLong));
    }
}

#[test]
fn ten_keys_go_into_one_text() {
    for (count, expected) in [
        (0, vec![]),
        (1, vec![1]),
        (10, vec![10]),
        (11, vec![10, 1]),
        (25, vec![10, 10, 5]),
    ] {
        let keys: Vec<_> = (0..count).map(hotp).collect();
        let batches: Vec<_> = write(&keys, 5)
            .unwrap()
            .iter()
            .map(|text| read(text.expose()).unwrap())
            .collect();
        let sizes: Vec<_> = batches.iter().map(|batch| batch.entries().len()).collect();
        assert_eq!(sizes, expected);
        for (index, batch) in batches.iter().enumerate() {
            assert_eq!(batch.index(), i32::try_from(index).unwrap());
            assert_eq!(batch.size(), i32::try_from(batches.len()).unwrap());
            assert_eq!((batch.version(), batch.id()), (1, 5));
        }
    }
}

#[test]
fn long_keys_go_into_texts_that_a_qr_code_holds() {
    let account = Account::new(&"a".repeat(128)).unwrap();
    let issuer = Issuer::new(&"i".repeat(64)).unwrap();
    let secret = Secret::import(&[7; 64]).unwrap();
    let keys: Vec<_> = (0..10)
        .map(|_| KeyUri::widely_compatible(issuer.clone(), account.clone(), &secret))
        .collect();
    let texts = write(&keys, 0).unwrap();
    assert!(texts.len() > 1);
    assert!(texts.iter().all(|text| text.expose().len() <= 1273));
}

#[test]
fn keys_of_nothing_but_ones_had_texts_that_no_qr_code_holds() {
    let secret = Secret::import(&[0xff; 64]).unwrap();
    let key = || KeyUri::new(Kind::default(), Account::new("bob").unwrap(), &secret);
    let keys: Vec<_> = (0..21).map(|_| key()).collect();
    let texts = write(&keys, -1).unwrap();
    assert!(texts.iter().all(|text| text.expose().len() <= 1273));
    let mut collector = Collector::new();
    for text in &texts {
        let batch = read(text.expose()).unwrap();
        assert!(!batch.entries().is_empty());
        collector.add(batch).unwrap();
    }
    assert!(collector.is_complete());
    assert_eq!(collector.into_entries().len(), keys.len());
}

#[test]
fn size_and_number_of_entries_are_limited() {
    let padding = "&x=".to_owned() + &"y".repeat(MAX_LEN);
    let uri = format!("otpauth-migration://offline?data=CgA{padding}");
    assert_eq!(read(&uri).unwrap_err(), MigrationError::TooLong);
    assert!(read(uri.get(..MAX_LEN).unwrap()).is_ok());
    let empty_entry = [1 << 3 | 2, 0];
    assert_eq!(
        message(&empty_entry.repeat(MAX_ENTRIES))
            .unwrap()
            .entries()
            .len(),
        MAX_ENTRIES
    );
    assert_eq!(
        message(&empty_entry.repeat(MAX_ENTRIES + 1)).unwrap_err(),
        MigrationError::TooManyEntries
    );
}

#[test]
fn only_the_data_of_an_offline_uri_is_read() {
    for (uri, expected) in [
        ("otpauth-migration://offline", MigrationError::Scheme),
        (
            "otpauth-migration://online?data=CgA",
            MigrationError::Scheme,
        ),
        ("otpauth-migration:offline?data=CgA", MigrationError::Scheme),
        (
            "otpauth-migration://user@offline?data=CgA",
            MigrationError::Scheme,
        ),
        ("otpauth://totp/a?secret=MZXW6", MigrationError::Scheme),
        ("otpauth-migration://offline?", MigrationError::DataMissing),
        (
            "otpauth-migration://offline?data",
            MigrationError::DataMissing,
        ),
        (
            "otpauth-migration://offline?x=CgA",
            MigrationError::DataMissing,
        ),
        (
            "otpauth-migration://offline?data=CgA&d%61ta=CgA",
            MigrationError::DuplicateData,
        ),
        (
            "otpauth-migration://offline?data=CgA&x=%",
            MigrationError::MalformedEscape,
        ),
        (
            "otpauth-migration://offline?data=C",
            MigrationError::NotBase64,
        ),
        (
            "otpauth-migration://offline?data=C*A",
            MigrationError::NotBase64,
        ),
        (
            "otpauth-migration://offline?data=CgA#x",
            MigrationError::NotBase64,
        ),
        (
            "otpauth-migration://offline?data=%FF",
            MigrationError::NotBase64,
        ),
    ] {
        assert_eq!(read(uri).unwrap_err(), expected, "{uri}");
    }
    for uri in [
        " Otpauth-Migration://OFFLINE?x=1&data=CgA%3D\r\n",
        "otpauth-migration://offline?data=CgA= ",
        "otpauth-migration://offline?data=CgA=  ",
        "otpauth-migration://offline?data=CgA",
        "otpauth-migration://offline?data=CgA=",
        "otpauth-migration://offline?d%61ta=CgA&y",
    ] {
        assert_eq!(read(uri).unwrap().entries().len(), 1, "{uri}");
    }
}

#[test]
fn a_plus_may_have_become_a_space() {
    let key = [0, 0, 0xfb, 0xef, 0xbe];
    let bytes = [&[1 << 3 | 2, 7, 1 << 3 | 2, 5], &key[..]].concat();
    let data = base64::engine::general_purpose::STANDARD.encode(&bytes);
    assert!(data.contains('+'));
    for data in [
        data.clone(),
        data.replace('+', " "),
        data.replace('+', "%20"),
        data.replace('+', "-"),
    ] {
        let batch = read(&format!("otpauth-migration://offline?data={data}")).unwrap();
        assert_eq!(batch.entries()[0].as_ref().unwrap().expose_key(), key);
    }
}

#[test]
fn broken_messages_are_refused() {
    for (bytes, expected) in [
        (&[0x08][..], ProtobufError::Truncated),
        (&[0x80], ProtobufError::Truncated),
        (
            &[
                0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
            ProtobufError::VarintTooLong,
        ),
        (&[0x0a, 0x01], ProtobufError::LengthPastTheEnd),
        (
            &[
                0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
            ProtobufError::LengthPastTheEnd,
        ),
        (
            &[0x31, 0, 0, 0, 0, 0, 0, 0],
            ProtobufError::LengthPastTheEnd,
        ),
        (&[0x35, 0, 0, 0], ProtobufError::LengthPastTheEnd),
        (&[0x33], ProtobufError::WireType(3)),
        (&[0x37], ProtobufError::WireType(7)),
        (&[0x00, 0x00], ProtobufError::FieldZero),
        (
            &[0x08, 0x00],
            ProtobufError::FieldType {
                field: 1,
                wire_type: 0,
            },
        ),
        (
            &[0x11, 0, 0, 0, 0, 0, 0, 0, 0],
            ProtobufError::FieldType {
                field: 2,
                wire_type: 1,
            },
        ),
        (
            &[0x1d, 0, 0, 0, 0],
            ProtobufError::FieldType {
                field: 3,
                wire_type: 5,
            },
        ),
        (
            &[0x22, 0],
            ProtobufError::FieldType {
                field: 4,
                wire_type: 2,
            },
        ),
        (
            &[0x2a, 0],
            ProtobufError::FieldType {
                field: 5,
                wire_type: 2,
            },
        ),
    ] {
        assert_eq!(
            message(bytes).unwrap_err(),
            MigrationError::Protobuf(expected),
            "{bytes:?}"
        );
    }
}

#[test]
fn broken_entries_are_refused_and_unknown_fields_passed_over() {
    for field in 1..=3 {
        let wrong = ProtobufError::FieldType {
            field: u64::from(field),
            wire_type: 0,
        };
        assert_eq!(
            entry(&[field << 3, 0]).unwrap_err(),
            MigrationError::Protobuf(wrong)
        );
    }
    for field in 4..=7 {
        let wrong = ProtobufError::FieldType {
            field: u64::from(field),
            wire_type: 2,
        };
        assert_eq!(
            entry(&[field << 3 | 2, 0]).unwrap_err(),
            MigrationError::Protobuf(wrong)
        );
    }
    // Numbers, eight bytes, a text, four bytes.
    let fields = [
        &[0x0a, 1, 7, 0x40, 9, 0x49][..],
        &[0; 8],
        &[0x52, 1, b'x', 0x5d],
        &[0; 4],
    ]
    .concat();
    let batch = entry(&fields).unwrap();
    assert_eq!(batch.entries()[0].as_ref().unwrap().expose_key(), [7]);
    let unknown = message(&[0x30, 1, 0x3a, 1, 0, 0x10, 3]).unwrap();
    assert_eq!((unknown.version(), unknown.entries().len()), (3, 0));
}

#[test]
fn entries_that_are_no_keys_are_skipped_with_the_reason() {
    const SECRET: [u8; 3] = [0x0a, 1, 7];
    let with = |fields: &[u8]| skipped(&[&SECRET[..], fields].concat());
    assert_eq!(skipped(&[]), EntryError::SecretEmpty);
    assert_eq!(with(&[0x20, 4]), EntryError::Md5);
    assert_eq!(with(&[0x20, 5]), EntryError::Algorithm(5));
    assert_eq!(
        with(&[
            0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01
        ]),
        EntryError::Algorithm(-1)
    );
    assert_eq!(with(&[0x28, 3]), EntryError::Digits(3));
    assert_eq!(with(&[0x30, 3]), EntryError::Type(3));
    let negative = [
        0x30, 1, 0x38, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
    ];
    assert_eq!(with(&negative), EntryError::CounterNegative);
    assert_eq!(with(&[0x12, 1, 0xff]), EntryError::NotUtf8);
    assert_eq!(with(&[0x1a, 1, 0xff]), EntryError::NotUtf8);
    assert_eq!(with(&[0x12, 1, b'\n']), EntryError::ControlCharacter);
    assert_eq!(with(&[0x1a, 1, b'\n']), EntryError::ControlCharacter);
}

#[test]
fn a_skipped_entry_tells_its_name_but_not_in_debug() {
    let batch = entry(&[0x12, 3, b'b', b'o', b'b', 0x1a, 2, b'M', b'e']).unwrap();
    let skipped = batch.entries()[0].as_ref().unwrap_err();
    assert_eq!((skipped.name(), skipped.issuer()), ("bob", "Me"));
    assert_eq!(
        format!("{skipped:?}"),
        "SkippedEntry { error: SecretEmpty, .. }"
    );
}

/// A URI of an export, with one entry.
fn part(index: i32, size: i32, id: i32) -> Batch {
    let number = |field: u8, value: i32| {
        let mut bytes = vec![field << 3];
        let mut rest = i64::from(value).cast_unsigned();
        while rest >= 0x80 {
            bytes.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        bytes.push(rest.to_le_bytes()[0]);
        bytes
    };
    let secret = u8::try_from(index & 0x7f).unwrap();
    let entry = vec![1 << 3 | 2, 3, 0x0a, 1, secret];
    message(&[entry, number(3, size), number(4, index), number(5, id)].concat()).unwrap()
}

#[test]
fn parts_are_put_together_in_any_order() {
    let mut collector = Collector::new();
    assert!(!collector.is_complete());
    assert_eq!(collector.missing().count(), 0);
    for index in [2, 0, 2] {
        collector.add(part(index, 3, -9)).unwrap();
    }
    assert_eq!(collector.missing().collect::<Vec<_>>(), [1]);
    assert!(!collector.is_complete());
    collector.add(part(1, 3, -9)).unwrap();
    assert!(collector.is_complete());
    let keys: Vec<_> = collector
        .into_entries()
        .into_iter()
        .map(|entry| entry.unwrap().expose_key().to_vec())
        .collect();
    assert_eq!(keys, [[0], [1], [2]]);
}

#[test]
fn parts_of_another_export_are_refused() {
    let mut collector = Collector::new();
    collector.add(part(0, 3, 1)).unwrap();
    assert_eq!(collector.add(part(1, 3, 2)), Err(CollectError::OtherExport));
    assert_eq!(collector.add(part(1, 2, 1)), Err(CollectError::OtherExport));
    assert_eq!(collector.missing().collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn parts_out_of_range_are_refused() {
    for (index, size) in [(3, 3), (-1, 3), (0, -1), (1, 0), (0, 257), (1, 1)] {
        assert_eq!(
            Collector::new().add(part(index, size, 1)),
            Err(CollectError::Index),
            "{index} {size}"
        );
    }
    for (index, size) in [(0, 0), (0, 1), (255, 256)] {
        let mut collector = Collector::new();
        collector.add(part(index, size, 1)).unwrap();
        assert_eq!(collector.is_complete(), size < 2);
    }
}
