use thiserror::Error;

use crate::{Level, symbol::Symbol};

/// Why a text cannot become a QR code. It never holds any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// There is no text.
    #[error("there is no text to encode")]
    Empty,
    /// The text holds something other than ASCII.
    #[error(transparent)]
    NotAscii(NotAscii),
    /// The text does not fit.
    #[error(transparent)]
    TooLong(TooLong),
}

/// The text holds a character outside ASCII.
///
/// Such characters are refused and not passed on as bytes: nothing in the code would say that they are UTF-8, so readers
/// guess, and they guess differently. A URI has them percent-encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text has a character outside ASCII at byte {position}")]
pub struct NotAscii {
    position: usize,
}

impl NotAscii {
    pub(crate) fn new(position: usize) -> Self {
        Self { position }
    }

    /// The offset of the first such character, in bytes.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }
}

/// The text needs a code of more than [`Qr::MAX_VERSION`](crate::Qr::MAX_VERSION).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{length} bytes do not fit into a code of version {max} at level {level:?}", max = Symbol::MAX_VERSION)]
pub struct TooLong {
    length: usize,
    level: Level,
}

impl TooLong {
    pub(crate) fn new(length: usize, level: Level) -> Self {
        Self { length, level }
    }

    /// The length of the text in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// The level at which it was tried last.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }
}
