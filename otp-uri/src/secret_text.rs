use alloc::string::String;
use alloc::vec::Vec;
use core::{fmt, mem};

use otp_core::{Algorithm, Secret, SecretError};
use zeroize::{ZeroizeOnDrop, Zeroizing, optimization_barrier};

/// Text that holds a secret: a URI, or a key in Base32.
///
/// It is wiped when dropped, prints as redacted, and has neither `==` nor `Clone` nor `Display`.
///
/// # Security
/// What [`expose`](Self::expose) gives must reach nothing but the QR code or the page that the user sees: no log, no
/// URL of a request, no remote QR service.
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    pub(crate) const fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for SecretText {
    /// Overwrites all at once, where `zeroize` stores byte by byte.
    fn drop(&mut self) {
        let mut bytes = mem::take(&mut *self.0).into_bytes();
        bytes.fill(0);
        optimization_barrier(bytes.as_slice());
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(redacted)")
    }
}

impl ZeroizeOnDrop for SecretText {}

/// The bytes of a key as Base32 gave them: never none, of any length.
///
/// Wiped when dropped and redacted, as [`SecretText`] is.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// INVARIANT: callers pass at least one byte.
    pub(crate) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// The bytes themselves.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The secret that `otp-core` calculates with.
    ///
    /// A key of more than 128 bytes becomes its hash, as in HMAC, and is then good for this algorithm only.
    ///
    /// # Errors
    /// None for a value of this type: [`SecretError::Empty`] would need a key of no bytes.
    pub fn to_secret(&self, algorithm: Algorithm) -> Result<Secret, SecretError> {
        Secret::import_long(self.expose(), algorithm)
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(redacted)")
    }
}

impl ZeroizeOnDrop for SecretBytes {}
