use core::fmt;

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use zeroize::{ZeroizeOnDrop, Zeroizing};

use crate::{Algorithm, wiped::Wiped};

/// The shared secret of a token: 1 to 128 bytes, kept inline and wiped when dropped.
///
/// There are two ways to one, with two rules on length. Who *issues* a secret uses
/// `generate` or [`issue`](Self::issue), which refuse less than 128 bit. Who *imports* one that
/// somebody else made takes any length, because keys of 80 bit are everywhere, and can ask for its
/// [`strength`](Self::strength).
///
/// ```
/// use otp_core::{Secret, SecretError, Strength};
///
/// let imported = Secret::import(b"ten bytes!")?;
/// assert_eq!(imported.strength(), Strength::Short);
/// assert_eq!(Secret::issue(b"ten bytes!").unwrap_err(), SecretError::TooShortToIssue);
/// # Ok::<(), SecretError>(())
/// ```
///
/// # Security
/// The bytes are secret, the length is not. `Debug` shows neither; there is no `Display`, no `==` and no `Clone`.
/// A copy is one visible call: [`duplicate`](Self::duplicate). Copies that the compiler makes while it moves the
/// value are wiped as far as a library can, which is not everywhere.
// No `PartialEq`: comparing secrets is never needed here, and a careless `==` would not be constant time.
pub struct Secret {
    bytes: Wiped<{ Self::MAX_LEN }>,
    // INVARIANT: 1 to MAX_LEN.
    len: usize,
}

impl Secret {
    /// The longest secret in bytes, the block size of SHA-512. HMAC replaces a longer key by its hash.
    pub const MAX_LEN: usize = 128;

    /// The shortest secret in bytes that may be issued: 128 bit (RFC 4226 §4, R6).
    pub const MIN_ISSUED_LEN: usize = 16;

    /// A secret that somebody else made, 1 to 128 bytes.
    ///
    /// # Errors
    /// [`SecretError::Empty`], or [`SecretError::TooLong`] for more than 128 bytes; for those see
    /// [`import_long`](Self::import_long).
    pub fn import(bytes: &[u8]) -> Result<Self, SecretError> {
        if bytes.is_empty() {
            return Err(SecretError::Empty);
        }
        let mut secret = Self {
            bytes: Wiped::new([0; Self::MAX_LEN]),
            len: bytes.len(),
        };
        secret
            .bytes
            .get_mut(..bytes.len())
            .ok_or(SecretError::TooLong)?
            .copy_from_slice(bytes);
        Ok(secret)
    }

    /// A secret that somebody else made, of any length but 0.
    ///
    /// One of more than 128 bytes is replaced by its hash, as HMAC itself does (RFC 2104 §2): all codes stay the same,
    /// but only for this algorithm.
    ///
    /// # Errors
    /// [`SecretError::Empty`].
    pub fn import_long(bytes: &[u8], algorithm: Algorithm) -> Result<Self, SecretError> {
        match Self::import(bytes) {
            Err(SecretError::TooLong) => match algorithm {
                Algorithm::Sha1 => Self::import(&*Zeroizing::new(Sha1::digest(bytes).0)),
                Algorithm::Sha256 => Self::import(&*Zeroizing::new(Sha256::digest(bytes).0)),
                Algorithm::Sha512 => Self::import(&*Zeroizing::new(Sha512::digest(bytes).0)),
            },
            short_enough => short_enough,
        }
    }

    /// A secret to be issued, from bytes of a cryptographically secure random source: 16 to 128 bytes.
    ///
    /// `generate` is the simpler way where a random source is at hand.
    ///
    /// # Errors
    /// As [`import`](Self::import), and [`SecretError::TooShortToIssue`] for less than 16 bytes.
    pub fn issue(bytes: &[u8]) -> Result<Self, SecretError> {
        let secret = Self::import(bytes)?;
        if bytes.len() < Self::MIN_ISSUED_LEN {
            return Err(SecretError::TooShortToIssue);
        }
        Ok(secret)
    }

    /// A new secret as long as the algorithm's HMAC (20, 32 or 64 bytes), from your random source.
    ///
    /// # Errors
    /// What the random source says. There is no fallback.
    #[cfg(feature = "rand_core")]
    pub fn generate<R: rand_core::TryCryptoRng + ?Sized>(
        algorithm: Algorithm,
        rng: &mut R,
    ) -> Result<Self, R::Error> {
        Self::filled_by(algorithm, |bytes| rng.try_fill_bytes(bytes))
    }

    /// A new secret as long as the algorithm's HMAC (20, 32 or 64 bytes), from the operating system.
    ///
    /// # Errors
    /// [`SystemRandomError`] when the system gives no random bytes. There is no fallback.
    #[cfg(feature = "getrandom")]
    pub fn generate_from_system(algorithm: Algorithm) -> Result<Self, SystemRandomError> {
        Self::filled_by(algorithm, getrandom::fill).map_err(|_| SystemRandomError)
    }

    #[cfg(any(feature = "rand_core", feature = "getrandom"))]
    fn filled_by<E>(
        algorithm: Algorithm,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut secret = Self {
            bytes: Wiped::new([0; Self::MAX_LEN]),
            len: algorithm.output_len(),
        };
        let (bytes, _) = secret.bytes.split_at_mut(secret.len);
        fill(bytes)?;
        Ok(secret)
    }

    /// The bytes. The call to search for when asking who sees the secret.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// A second copy, to be wiped on its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            bytes: Wiped::new(*self.bytes),
            len: self.len,
        }
    }

    /// The length in bits, 8 to 1024.
    #[must_use]
    #[expect(
        clippy::arithmetic_side_effects,
        clippy::cast_possible_truncation,
        reason = "the length is at most 128"
    )]
    pub const fn bits(&self) -> u32 {
        self.len as u32 * 8
    }

    /// How the length compares with what RFC 4226 asks for.
    #[must_use]
    pub const fn strength(&self) -> Strength {
        match self.bits() {
            ..128 => Strength::Short,
            128..160 => Strength::Sufficient,
            _ => Strength::Recommended,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

impl ZeroizeOnDrop for Secret {}

/// The length of a secret, compared with RFC 4226 §4, R6.
///
/// It says nothing about how random the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Under 128 bit: common (80 bit above all), works, must not be issued.
    Short,
    /// At least the 128 bit that a secret must have.
    Sufficient,
    /// At least the 160 bit that are recommended.
    Recommended,
}

/// Bytes that cannot be a [`Secret`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// No byte at all.
    #[error("the secret is empty")]
    Empty,
    /// More than 128 bytes.
    #[error("the secret is longer than 128 bytes")]
    TooLong,
    /// Less than 16 bytes, which may be imported but not issued.
    #[error("a secret of less than 128 bit must not be issued")]
    TooShortToIssue,
}

/// The operating system gave no random bytes.
#[cfg(feature = "getrandom")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct SystemRandomError;
