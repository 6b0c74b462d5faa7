//! What other apps write, read; and what is written for them, read again.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the helpers of a test may stop where a library may not"
)]

mod bad_input;
mod data;
mod round_trip;
mod transfer;

use authenticator::import::{Import, ImportError, Imported};
use otp_uri::{KeyUri, Kind};

/// What one file holds.
fn import(file: &[u8]) -> Result<Imported, ImportError> {
    let mut import = Import::new();
    import.read(file)?;
    Ok(import.finish())
}

/// The lines about what was skipped.
fn skipped(imported: &Imported) -> Vec<String> {
    imported.skipped().iter().map(ToString::to_string).collect()
}

/// All that makes a key what it is: its counter too.
fn identity(key: &KeyUri) -> (Option<&str>, &str, Kind, &[u8]) {
    (key.issuer(), key.account(), key.kind(), key.expose_key())
}

fn assert_same<'keys>(
    read: impl IntoIterator<Item = &'keys KeyUri>,
    written: impl IntoIterator<Item = &'keys KeyUri>,
) {
    let read: Vec<_> = read.into_iter().map(identity).collect();
    let written: Vec<_> = written.into_iter().map(identity).collect();
    assert_eq!(read, written);
}
