//! Backups of Aegis, as its `docs/vault.md` describes them.

mod encrypted;

use otp_uri::KeyUri;
use serde::Deserialize;
use serde_json::value::RawValue;

use encrypted::Header;

use super::row::{Entries, Kind, Row, Scalar, object, shown_name};
use super::skipped::{Place, Rows, Why};
use super::{Format, ImportError};

#[derive(Deserialize)]
struct File<'file> {
    version: u32,
    #[serde(borrow)]
    header: &'file RawValue,
    /// A text if the backup is encrypted, else a [`Database`].
    #[serde(borrow)]
    db: &'file RawValue,
}

#[derive(Deserialize)]
struct Database<'file> {
    version: u32,
    #[serde(borrow)]
    entries: Entries<'file>,
}

#[derive(Deserialize)]
struct Entry<'file> {
    #[serde(rename = "type", default)]
    kind: Scalar,
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    issuer: Scalar,
    #[serde(borrow)]
    info: &'file RawValue,
}

#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    secret: Scalar,
    #[serde(default)]
    algo: Scalar,
    #[serde(default)]
    digits: Scalar,
    #[serde(default)]
    period: Scalar,
    #[serde(default)]
    counter: Scalar,
}

/// What is left of an entry that cannot be read.
#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    issuer: Scalar,
}

pub(super) fn read(text: &str, password: Option<&str>, rows: &mut Rows) -> Result<(), ImportError> {
    let file: File<'_> = serde_json::from_str(text).map_err(|_| ImportError::Not(Format::Aegis))?;
    if file.version > NEWEST_FILE {
        return Err(ImportError::Version(Format::Aegis));
    }
    let header: Header<'_> = object(file.header).ok_or(ImportError::Not(Format::Aegis))?;
    if !header.is_encrypted() {
        return entries(file.db, ImportError::Not(Format::Aegis), rows);
    }
    let password = password.ok_or(ImportError::PasswordNeeded)?;
    let opened = header.open(file.db, password)?;
    let database = serde_json::from_slice(&opened).map_err(|_| ImportError::Damaged)?;
    entries(database, ImportError::Damaged, rows)
}

fn entries(
    database: &RawValue,
    otherwise: ImportError,
    rows: &mut Rows,
) -> Result<(), ImportError> {
    let database: Database<'_> = object(database).ok_or(otherwise)?;
    if database.version > NEWEST_DATABASE {
        return Err(ImportError::Version(Format::Aegis));
    }
    for (number, entry) in (1..).zip(database.entries.0) {
        rows.push(Place::Entry(number), row(entry))?;
    }
    Ok(())
}

fn row(entry: &RawValue) -> Result<KeyUri, (String, Why)> {
    let read = || {
        let entry: Entry<'_> = object(entry)?;
        let info: Info = object(entry.info)?;
        Some((entry, info))
    };
    let Some((entry, info)) = read() else {
        let named: Named = object(entry).unwrap_or_default();
        let name = shown_name(named.issuer.text(), named.name.text(), "");
        return Err((name, Why::Form));
    };
    let kind = match entry.kind.text() {
        "totp" => Kind::Totp,
        "hotp" => Kind::Hotp,
        "steam" => Kind::Steam,
        other => {
            let name = shown_name(entry.issuer.text(), entry.name.text(), info.secret.text());
            return Err((name, Why::kind(other)));
        }
    };
    Row {
        kind,
        issuer: entry.issuer.text(),
        account: entry.name.text(),
        secret: info.secret.get(),
        algorithm: info.algo.get(),
        digits: info.digits.get(),
        period: info.period.get(),
        counter: info.counter.get(),
    }
    .key()
}

/// The newest version of the file and of the database in it that are known.
const NEWEST_FILE: u32 = 1;
const NEWEST_DATABASE: u32 = 3;
