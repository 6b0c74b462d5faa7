//! What other apps write: read row by row, so that a bad one is named and the others are kept.

use otp_uri::KeyUri;

/// What a file or a picture held. Nothing of it is kept anywhere yet.
#[derive(Debug, Default)]
pub struct Imported {
    /// The keys, in their order.
    pub keys: Vec<KeyUri>,
    /// What was left out.
    pub skipped: Vec<Skipped>,
}

/// A row that was left out.
#[derive(Debug)]
pub struct Skipped {
    /// Which one, as a person finds it: its number from 1 in the file.
    pub row: usize,
    /// What the row calls itself, if that could be read; nothing secret.
    pub name: String,
    /// Why, in plain words without any secret.
    pub why: String,
}
