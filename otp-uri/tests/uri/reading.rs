//! Every row of the URI vectors reads as its columns say.

use crate::rows::{assert_none, hex, others_rows, project_rows, testdata, text};
use otp_uri::{KeyUri, Kind, Warning};
use serde_json::{Map, Value, json};

/// What the `expected` column holds of a URI, as we read it.
fn columns(uri: &KeyUri) -> Map<String, Value> {
    let kind = uri.kind();
    let by_type = uri.warnings().contains(Warning::SteamType);
    let mut columns = Map::new();
    let mut set = |name: &str, value: Value| columns.insert(name.to_owned(), value);
    set(
        "type",
        match kind {
            Kind::Totp { .. } => "totp",
            Kind::Hotp { .. } => "hotp",
            Kind::Steam if by_type => "steam",
            Kind::Steam => "totp",
        }
        .into(),
    );
    set("label", uri.label().into());
    set("issuer", uri.issuer().into());
    set("issuer_param", uri.issuer_parameter().into());
    set("issuer_label", uri.issuer_prefix().into());
    set("account", uri.account().into());
    set("secret_hex", hex(uri.expose_key()).into());
    set("algorithm", kind.algorithm().name().into());
    set("digits", kind.code_len().into());
    set(
        "period",
        kind.period().map(|period| period.seconds()).into(),
    );
    set(
        "counter",
        kind.counter().map(|counter| counter.get()).into(),
    );
    if kind == Kind::Steam {
        set("encoder", "steam".into());
    }
    columns
}

/// The `expected` column, without the Base32 of the secret, whose bytes stand beside it.
fn expected(row: &Value) -> Map<String, Value> {
    let mut expected = row["expected"].as_object().unwrap().clone();
    expected.remove("secret");
    expected
}

fn read(result: Result<KeyUri, otp_uri::ParseError>) -> Map<String, Value> {
    match result {
        Ok(uri) => columns(&uri),
        Err(error) => {
            let mut columns = Map::new();
            columns.insert("reject".to_owned(), error.to_string().into());
            columns
        }
    }
}

fn all_rows() -> Vec<Value> {
    let mut rows = project_rows("uris.project.jsonl");
    assert!(rows.len() >= 57);
    rows.extend(others_rows("uris.others.jsonl"));
    rows
}

#[test]
fn lenient_reading_is_the_expected_one() {
    let mut failures = Vec::new();
    for row in all_rows() {
        let (expected, found) = (
            expected(&row),
            read(KeyUri::parse_lenient(text(&row, "uri"))),
        );
        if expected != found {
            failures.push(format!(
                "{}\n  expected {}\n  found    {}",
                row["id"],
                json!(expected),
                json!(found)
            ));
        }
    }
    assert_none(&failures);
}

#[test]
fn strict_verdict_is_the_expected_one() {
    let mut failures = Vec::new();
    for row in all_rows() {
        let found = match KeyUri::parse(text(&row, "uri")) {
            Ok(_) => "accept".to_owned(),
            Err(error) => error.to_string(),
        };
        let expected = text(&row, "strict");
        if expected != found {
            failures.push(format!("{}: expected {expected}, found {found}", row["id"]));
        }
    }
    assert_none(&failures);
}

/// But for a `+` in the query, which is itself in the one and a space in the other.
#[test]
fn strict_reading_of_what_it_accepts_is_the_lenient_one() {
    let mut failures = Vec::new();
    for row in all_rows() {
        let Ok(uri) = KeyUri::parse(text(&row, "uri")) else {
            continue;
        };
        let mut expected = expected(&row);
        if uri.warnings().contains(Warning::PlusSign) {
            for column in ["issuer", "issuer_param"] {
                let with_plus = text(&Value::Object(expected.clone()), column).replace(' ', "+");
                expected.insert(column.to_owned(), with_plus.into());
            }
        }
        let found = columns(&uri);
        if expected != found {
            failures.push(format!(
                "{}: {} {}",
                row["id"],
                json!(expected),
                json!(found)
            ));
        }
    }
    assert_none(&failures);
}

#[test]
fn a_plus_in_the_query_is_literal_in_strict_reading() {
    let uri = "otpauth://totp/Code?secret=JBSWY3DPEHPK3PXP&issuer=My+Code";
    assert_eq!(KeyUri::parse(uri).unwrap().issuer(), Some("My+Code"));
    assert_eq!(
        KeyUri::parse_lenient(uri).unwrap().issuer(),
        Some("My Code")
    );
}

#[test]
fn vectors_that_must_be_refused_are() {
    let vectors: Value = serde_json::from_str(&testdata("otp/otp.json")).unwrap();
    let mut count = 0;
    for row in vectors["vectors"].as_array().unwrap() {
        if row["kind"] == "uri_reject" {
            count += 1;
            let uri = text(row, "uri");
            assert!(KeyUri::parse(uri).is_err(), "{}", row["id"]);
            // Lenient reading takes the counter of a HOTP key for 0 where it is missing, and refuses all others.
            let counter_missing = uri == "otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQ";
            assert_eq!(
                KeyUri::parse_lenient(uri).is_ok(),
                counter_missing,
                "{}",
                row["id"]
            );
        }
    }
    assert_eq!(count, 8);
}

/// What was written reads back as the same, and is written the same again, for every row that can be read.
#[test]
fn every_readable_row_survives_writing() {
    for row in all_rows() {
        let Ok(uri) = KeyUri::parse_lenient(text(&row, "uri")) else {
            continue;
        };
        for written in [uri.to_text(), uri.to_explicit_text()] {
            let again = KeyUri::parse_lenient(written.expose()).unwrap();
            assert_eq!(
                again.to_text().expose(),
                uri.to_text().expose(),
                "{}",
                row["id"]
            );
            assert_eq!(again.issuer(), uri.issuer(), "{}", row["id"]);
            assert_eq!(again.issuer_parameter(), uri.issuer(), "{}", row["id"]);
            assert_eq!(again.account(), uri.account(), "{}", row["id"]);
            assert_eq!(again.kind(), uri.kind(), "{}", row["id"]);
            assert_eq!(again.expose_key(), uri.expose_key(), "{}", row["id"]);
        }
    }
}
