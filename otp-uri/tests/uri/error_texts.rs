//! The texts of all errors and warnings, so that a change in wording is seen.

use otp_uri::base32::Base32Error;
use otp_uri::migration::{self, CollectError, EntryError, MigrationError, ProtobufError};
use otp_uri::{Account, Issuer, KeyUri, Parameter, ParseError, Place, T0Error, Warning};

fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    let mut group = |name: &str, group: Vec<String>| {
        texts.push(format!("# {name}"));
        texts.extend(group);
    };
    let strings = |errors: &[&dyn std::fmt::Display]| {
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };

    group(
        "reading",
        strings(&[
            &ParseError::TooLong,
            &ParseError::Characters,
            &ParseError::Scheme,
            &ParseError::MicrosoftPush,
            &ParseError::Migration,
            &ParseError::Type,
            &ParseError::LabelMissing,
            &ParseError::LabelEmptyPart,
            &ParseError::LabelColons,
            &ParseError::MalformedEscape,
            &ParseError::NotUtf8,
            &ParseError::ControlCharacter(Place::Label),
            &ParseError::ControlCharacter(Place::Issuer),
            &ParseError::ControlCharacter(Place::Query),
            &ParseError::EmptyParameter,
            &ParseError::IncompleteParameter,
            &ParseError::Duplicate(Parameter::Algorithm),
            &ParseError::Missing(Parameter::Secret),
            &ParseError::Missing(Parameter::Counter),
            &ParseError::Secret(Base32Error::Character),
            &ParseError::Secret(Base32Error::Padding),
            &ParseError::Secret(Base32Error::Length),
            &ParseError::Secret(Base32Error::LeftoverBits),
            &ParseError::Secret(Base32Error::Empty),
            &ParseError::Algorithm,
            &ParseError::Encoder,
            &ParseError::NotANumber(Parameter::Digits),
            &ParseError::OutOfRange(Parameter::Period),
        ]),
    );

    let mut names: Vec<_> = ["", " a", "a:b", "a\n", "a\u{200b}b", &"a".repeat(65)]
        .iter()
        .map(|name| Issuer::new(name).unwrap_err().to_string())
        .collect();
    names.push(Issuer::domain("a").unwrap_err().to_string());
    names.push(Account::new("").unwrap_err().to_string());
    names.push(T0Error.to_string());
    group("building", names);

    group(
        "migration",
        strings(&[
            &MigrationError::TooLong,
            &MigrationError::Scheme,
            &MigrationError::MalformedEscape,
            &MigrationError::DataMissing,
            &MigrationError::DuplicateData,
            &MigrationError::NotBase64,
            &MigrationError::TooManyEntries,
            &MigrationError::Protobuf(ProtobufError::LengthPastTheEnd),
            &MigrationError::Protobuf(ProtobufError::Truncated),
            &MigrationError::Protobuf(ProtobufError::VarintTooLong),
            &MigrationError::Protobuf(ProtobufError::WireType(6)),
            &MigrationError::Protobuf(ProtobufError::FieldZero),
            &MigrationError::Protobuf(ProtobufError::FieldType {
                field: 2,
                wire_type: 2,
            }),
            &EntryError::NotUtf8,
            &EntryError::ControlCharacter,
            &EntryError::SecretEmpty,
            &EntryError::Md5,
            &EntryError::Algorithm(5),
            &EntryError::Digits(3),
            &EntryError::Type(3),
            &EntryError::CounterNegative,
            &CollectError::OtherExport,
            &CollectError::Index,
        ]),
    );

    let export = |parameters: &str| {
        let uri = KeyUri::parse(&format!("otpauth://{parameters}&secret=MZXW6YTB")).unwrap();
        migration::write([&uri], 0).unwrap_err().to_string()
    };
    group(
        "export",
        vec![
            export("totp/a?digits=7"),
            export("totp/a?period=60"),
            export("hotp/a?counter=9223372036854775808"),
            export("totp/a?encoder=steam"),
            export(&format!("totp/{}:b?x=", "i".repeat(3500))),
        ],
    );

    group(
        "warnings",
        Warning::ALL.iter().map(ToString::to_string).collect(),
    );

    let uri = KeyUri::parse("otpauth://totp/a?secret=MZXW6YTB&digits=8&period=60&algorithm=SHA256")
        .unwrap();
    group(
        "compatibility",
        uri.compatibility()
            .iter()
            .map(ToString::to_string)
            .collect(),
    );
    texts
}

#[test]
fn texts_are_the_kept_ones() {
    let kept = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/uri/error-texts.txt"
    ))
    .unwrap();
    assert_eq!(texts().join("\n") + "\n", kept);
}

#[test]
fn warnings_have_a_text_each_and_the_refused_ones_come_first() {
    let texts: std::collections::BTreeSet<_> =
        Warning::ALL.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), Warning::ALL.len());
    assert!(Warning::ALL.is_sorted());
    let refused = Warning::ALL
        .iter()
        .filter(|warning| warning.is_refused_by_strict_reading())
        .count();
    assert_eq!(refused, 15);
}
