use std::fmt;

use zeroize::Zeroizing;

/// An output in the form of text: an SVG, a data URI, lines for a terminal, or what was read from a code.
///
/// # Security
///
/// It says the same as the encoded text, so it is as secret as that. It prints as redacted, cannot be cloned or
/// compared, and is wiped when dropped. [`Self::expose`] is the one way in; what is done with a copy made there is up to
/// the caller.
// No Display either, although a page template would like one: `{}` would put a secret into a log unseen.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    pub(crate) fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The bytes that are reserved: more than there were in the beginning, if the text had to move.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

/// An output in the form of bytes: a PNG.
///
/// # Security
///
/// As for [`SecretText`].
#[cfg(feature = "png")]
pub struct SecretBytes(Zeroizing<Vec<u8>>);

#[cfg(feature = "png")]
impl SecretBytes {
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes that are reserved: more than there were in the beginning, if they had to move.
    #[cfg(test)]
    pub(crate) fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

#[cfg(feature = "png")]
impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(redacted)")
    }
}
