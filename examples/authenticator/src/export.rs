//! What other apps read. Every export holds secrets in clear.

mod aegis;
#[cfg(feature = "program")]
mod files;
mod transfer;

use std::fmt;

use otp_uri::KeyUri;
use zeroize::Zeroizing;

pub use aegis::aegis;
#[cfg(feature = "program")]
pub use files::{EXPORTED_IN_CLEAR, Format, transfer_id, write_files};
pub use transfer::{TransferCode, transfer};

use crate::words;

/// What was written, and what the format cannot hold.
#[derive(Debug)]
pub struct Exported<T> {
    /// What was written.
    pub written: T,
    /// The keys that are not in it.
    pub left_out: Vec<LeftOut>,
}

/// A key that a format cannot hold. Its text is `Acme: bob: its period is 60 s, and a transfer knows 30 s only`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    index: usize,
    name: String,
    why: String,
}

impl LeftOut {
    fn new(index: usize, key: &KeyUri, why: impl Into<String>) -> Self {
        Self {
            index,
            name: words::name(key),
            why: why.into(),
        }
    }

    /// Which of the keys, from 0.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Why, in plain words.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.why)
    }
}

/// Writes a list of key URIs, one a line: nearly every app reads it, and it leaves nothing out.
#[must_use]
pub fn uri_list<'keys, Keys>(keys: Keys) -> Zeroizing<String>
where
    Keys: IntoIterator<Item = &'keys KeyUri>,
{
    let texts: Vec<_> = keys.into_iter().map(KeyUri::to_text).collect();
    let lengths = texts.iter().map(|text| text.expose().len());
    // Room for all of it, as what grows leaves copies behind.
    let room = lengths.fold(texts.len(), usize::saturating_add);
    let mut list = Zeroizing::new(String::with_capacity(room));
    for text in texts {
        list.push_str(text.expose());
        list.push('\n');
    }
    list
}
