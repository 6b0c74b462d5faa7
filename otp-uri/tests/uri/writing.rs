//! Every row of the writing vectors is written as it says.

use crate::rows::{project_rows, text, unhex};
use otp_core::{Algorithm, Counter, Digits, HotpParameters, Period, Secret, TotpParameters};
use otp_uri::{Account, Issuer, KeyUri, Kind};
use serde_json::Value;

fn build(input: &Value) -> Result<KeyUri, Box<dyn std::error::Error>> {
    let algorithm = match input["algorithm"].as_str() {
        None => Algorithm::default(),
        Some(name) => Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
            .ok_or("algorithm")?,
    };
    let digits = match input["digits"].as_u64() {
        None => Digits::default(),
        Some(digits) => Digits::new(digits.try_into()?)?,
    };
    let period = match input["period"].as_u64() {
        None => Period::default(),
        Some(seconds) => Period::new(seconds.try_into()?)?,
    };
    let kind = match text(input, "type") {
        "totp" => Kind::try_from(
            TotpParameters::default()
                .with_algorithm(algorithm)
                .with_digits(digits)
                .with_period(period),
        )?,
        "hotp" => Kind::hotp(
            HotpParameters::default()
                .with_algorithm(algorithm)
                .with_digits(digits),
            Counter::new(input["counter"].as_u64().ok_or("counter")?),
        ),
        other => return Err(other.into()),
    };
    let issuer = input["issuer"].as_str().map(Issuer::new).transpose()?;
    let account = Account::new(text(input, "account"))?;
    let secret = Secret::import(&unhex(text(input, "secret_hex")))?;
    let uri = KeyUri::new(kind, account, &secret);
    Ok(match issuer {
        Some(issuer) => uri.with_issuer(issuer),
        None => uri,
    })
}

#[test]
fn writing_is_the_expected_one() {
    let rows = project_rows("build.project.jsonl");
    assert!(rows.len() >= 16);
    for row in rows {
        let id = &row["id"];
        match (build(&row["input"]), row["minimal"].as_str()) {
            (Ok(uri), Some(minimal)) => {
                assert_eq!(uri.to_text().expose(), minimal, "{id}");
                assert_eq!(
                    uri.to_explicit_text().expose(),
                    text(&row, "explicit"),
                    "{id}"
                );
            }
            (Err(error), None) => {
                assert_eq!(error.to_string(), text(&row["minimal"], "reject"), "{id}");
            }
            (Ok(_), None) => panic!("{id} is built"),
            (Err(error), Some(_)) => panic!("{id} is refused: {error}"),
        }
    }
}

#[test]
fn a_widely_compatible_uri_is_the_first_row() {
    let rows = project_rows("build.project.jsonl");
    let uri = KeyUri::widely_compatible(
        Issuer::new("Acme").unwrap(),
        Account::new("bob@example.com").unwrap(),
        &Secret::import(b"abcdefghijklmnopqrst").unwrap(),
    );
    assert_eq!(uri.to_text().expose(), text(&rows[0], "minimal"));
    assert_eq!(uri.compatibility(), []);
}
