//! Exports of Proton Authenticator, version 1 of their form.
//!
//! No document describes it. What is read here is what the app's own exporter writes, whose source Proton publishes (`proton-authenticator`
//! in `proton-pass-common`): each entry has an `otpauth` URI, or `steam://` with the secret and the name beside it.

use otp_uri::KeyUri;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::list;
use super::row::{Entries, Scalar, object, shown_name};
use super::skipped::{Place, Rows, Why};
use super::{Format, ImportError};

#[derive(Deserialize)]
struct File<'file> {
    version: u32,
    #[serde(borrow)]
    entries: Option<Entries<'file>>,
    /// Of an export with a password.
    #[serde(default)]
    salt: Scalar,
}

#[derive(Deserialize)]
struct Entry<'file> {
    #[serde(borrow)]
    content: &'file RawValue,
}

#[derive(Deserialize)]
struct Content {
    #[serde(default)]
    uri: Scalar,
    #[serde(default)]
    entry_type: Scalar,
    #[serde(default)]
    name: Scalar,
}

pub(super) fn read(text: &str, rows: &mut Rows) -> Result<(), ImportError> {
    let not = ImportError::Not(Format::Proton);
    let file: File<'_> = serde_json::from_str(text).map_err(|_| not)?;
    if file.version != 1 {
        return Err(ImportError::Version(Format::Proton));
    }
    if file.salt.get().is_some() {
        return Err(ImportError::Encrypted(Format::Proton));
    }
    for (number, entry) in (1..).zip(file.entries.ok_or(not)?.0) {
        rows.push(Place::Entry(number), row(entry))?;
    }
    Ok(())
}

fn row(entry: &RawValue) -> Result<KeyUri, (String, Why)> {
    let content = object(entry).and_then(|entry: Entry<'_>| object(entry.content));
    let Some(Content {
        uri,
        entry_type,
        name,
    }) = content
    else {
        return Err((String::new(), Why::Form));
    };
    let uri = uri.text().trim();
    match entry_type.text() {
        "Totp" => list::key(uri),
        "Steam" => list::steam(uri, name.text()),
        other => Err((shown_name("", name.text(), uri), Why::kind(other))),
    }
}
