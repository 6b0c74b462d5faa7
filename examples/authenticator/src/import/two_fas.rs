//! Backups of 2FAS, in the versions 1 to 4 of their form.
//!
//! Each service has a name that the person sees and may have changed, and under `otp` what the key URI said. What makes codes stands
//! beside it in fields of its own; the link itself is in some versions only, and not read.

use otp_uri::KeyUri;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::row::{Entries, Kind, Row, Scalar, object, shown_name};
use super::skipped::{Place, Rows, Why};
use super::{Format, ImportError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'file> {
    schema_version: Option<u32>,
    #[serde(borrow)]
    services: Option<Entries<'file>>,
    #[serde(default)]
    services_encrypted: Scalar,
}

#[derive(Deserialize)]
struct Service<'file> {
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    secret: Scalar,
    #[serde(borrow)]
    otp: Option<&'file RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Otp {
    issuer: Scalar,
    account: Scalar,
    label: Scalar,
    token_type: Scalar,
    algorithm: Scalar,
    digits: Scalar,
    period: Scalar,
    counter: Scalar,
}

/// What is left of a service that cannot be read.
#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    secret: Scalar,
}

pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ImportError> {
    let not = ImportError::Not(Format::TwoFas);
    let file: File<'_> = serde_json::from_str(text).map_err(|_| not)?;
    if file.schema_version.is_some_and(|version| version > NEWEST) {
        return Err(ImportError::Version(Format::TwoFas));
    }
    if !file.services_encrypted.text().is_empty() {
        return Err(ImportError::Encrypted(Format::TwoFas));
    }
    for (number, service) in (1..).zip(file.services.ok_or(not)?.0) {
        rows.push(Place::Entry(number), row(service))?;
    }
    Ok(())
}

fn row(service: &RawValue) -> Result<KeyUri, (String, Why)> {
    let read = || {
        let service: Service<'_> = object(service)?;
        let otp = service.otp.map_or_else(|| Some(Otp::default()), object);
        Some((service, otp?))
    };
    let Some((service, otp)) = read() else {
        let named: Named = object(service).unwrap_or_default();
        let name = shown_name("", named.name.text(), named.secret.text());
        return Err((name, Why::Form));
    };
    let issuer = first([service.name.text(), otp.issuer.text()]);
    let account = first([otp.account.text(), otp.label.text()]);
    // A label may be that of the URI, with the issuer before it.
    let account = account
        .strip_prefix(otp.issuer.text())
        .and_then(|account| account.strip_prefix(':'))
        .unwrap_or(account);
    let kind = match otp.token_type.text() {
        "" | "TOTP" => Kind::Totp,
        "HOTP" => Kind::Hotp,
        "STEAM" => Kind::Steam,
        other => {
            let name = shown_name(issuer, account, service.secret.text());
            return Err((name, Why::kind(other)));
        }
    };
    Row {
        kind,
        issuer,
        account,
        secret: service.secret.get(),
        algorithm: otp.algorithm.get(),
        digits: otp.digits.get(),
        period: otp.period.get(),
        counter: otp.counter.get(),
    }
    .key()
}

/// The first text that says something.
fn first(texts: [&str; 2]) -> &str {
    let mut texts = texts.into_iter();
    texts
        .find(|text| !text.trim().is_empty())
        .unwrap_or_default()
}

/// The newest version of the form that is known.
const NEWEST: u32 = 4;
