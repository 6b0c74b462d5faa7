//! Backups of Aegis, as its `docs/vault.md` describes them.

mod encrypted;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::row::{Kind, Row, Scalar, shown_name};
use super::skipped::{Place, Rows, Why};
use super::{Format, ImportError};

#[derive(Deserialize)]
struct File<'file> {
    version: u32,
    #[serde(borrow)]
    header: encrypted::Header<'file>,
    /// A text if the backup is encrypted, else a [`Database`].
    #[serde(borrow)]
    db: &'file RawValue,
}

#[derive(Deserialize)]
struct Database<'file> {
    version: u32,
    #[serde(borrow)]
    entries: Vec<&'file RawValue>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(rename = "type", default)]
    kind: Scalar,
    #[serde(default)]
    name: Scalar,
    #[serde(default)]
    issuer: Scalar,
    info: Info,
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
#[derive(Deserialize)]
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
    if !file.header.is_encrypted() {
        return entries(file.db.get(), ImportError::Not(Format::Aegis), rows);
    }
    let password = password.ok_or(ImportError::PasswordNeeded)?;
    let opened = file.header.open(file.db, password)?;
    let text = str::from_utf8(&opened).map_err(|_| ImportError::Damaged)?;
    entries(text, ImportError::Damaged, rows)
}

fn entries(database: &str, otherwise: ImportError, rows: &mut Rows) -> Result<(), ImportError> {
    let database: Database<'_> = serde_json::from_str(database).map_err(|_| otherwise)?;
    if database.version > NEWEST_DATABASE {
        return Err(ImportError::Version(Format::Aegis));
    }
    for (number, entry) in (1..).zip(database.entries) {
        let row = match serde_json::from_str::<Entry>(entry.get()) {
            Ok(entry) => entry.row(),
            Err(_) => Err((name(entry.get()), Why::Form)),
        };
        rows.push(Place::Entry(number), row)?;
    }
    Ok(())
}

impl Entry {
    fn row(&self) -> Result<otp_uri::KeyUri, (String, Why)> {
        let Self { info, .. } = self;
        let kind = match self.kind.text() {
            "totp" => Kind::Totp,
            "hotp" => Kind::Hotp,
            "steam" => Kind::Steam,
            other => {
                let secret = info.secret.text();
                let name = shown_name(self.issuer.text(), self.name.text(), secret);
                return Err((name, Why::kind(other)));
            }
        };
        Row {
            kind,
            issuer: self.issuer.text(),
            account: self.name.text(),
            secret: info.secret.get(),
            algorithm: info.algo.get(),
            digits: info.digits.get(),
            period: info.period.get(),
            counter: info.counter.get(),
        }
        .key()
    }
}

fn name(entry: &str) -> String {
    serde_json::from_str::<Named>(entry)
        .map(|named| shown_name(named.issuer.text(), named.name.text(), ""))
        .unwrap_or_default()
}

/// The newest version of the file and of the database in it that are known.
const NEWEST_FILE: u32 = 1;
const NEWEST_DATABASE: u32 = 3;
