//! The keys that rows are sealed with.

#![cfg_attr(
    not(any(feature = "sqlite", feature = "postgres", feature = "memory")),
    expect(dead_code, reason = "without a store nothing is sealed")
)]

use std::fmt;

use zeroize::Zeroizing;

/// The number of a sealing key. It stands beside every row, and says nothing of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(u32);

impl KeyId {
    /// A number of your choice: never the same for two keys.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Two keys of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("two sealing keys have the number {0}")]
pub struct DuplicateKeyId(KeyId);

/// The key that seals, and older ones that still open: 32 bytes each, of a cryptographically secure random source, kept
/// outside the database.
///
/// To rotate: start with the new key as the current one and the old key among the older ones, on every server; then
/// reseal until nothing is left; then leave the old key out.
///
/// ```
/// use mfa_store::{KeyId, Keyring};
///
/// # let (old, new) = ([1; 32], [2; 32]);
/// let keyring = Keyring::new(KeyId::new(2), new).with_older(KeyId::new(1), old)?;
/// assert!(keyring.with_older(KeyId::new(2), old).is_err());
/// # Ok::<(), mfa_store::DuplicateKeyId>(())
/// ```
///
/// Wiped when dropped, redacted, not comparable.
pub struct Keyring {
    current: SealingKey,
    older: Vec<SealingKey>,
}

pub(crate) struct SealingKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

impl Keyring {
    /// A keyring with the key that seals.
    #[must_use]
    pub fn new(id: KeyId, key: [u8; 32]) -> Self {
        Self {
            current: SealingKey::new(id, key),
            older: Vec::new(),
        }
    }

    /// With a key that only opens what was sealed with it.
    ///
    /// # Errors
    /// Another key has that number.
    pub fn with_older(mut self, id: KeyId, key: [u8; 32]) -> Result<Self, DuplicateKeyId> {
        if self.find(id).is_some() {
            return Err(DuplicateKeyId(id));
        }
        self.older.push(SealingKey::new(id, key));
        Ok(self)
    }

    /// The number of the key that seals.
    #[must_use]
    pub const fn current_id(&self) -> KeyId {
        self.current.id
    }

    pub(crate) const fn current(&self) -> &SealingKey {
        &self.current
    }

    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn older(&self) -> impl Iterator<Item = KeyId> {
        self.older.iter().map(SealingKey::id)
    }

    pub(crate) fn find(&self, id: KeyId) -> Option<&SealingKey> {
        std::iter::once(&self.current)
            .chain(&self.older)
            .find(|key| key.id == id)
    }
}

impl SealingKey {
    fn new(id: KeyId, key: [u8; 32]) -> Self {
        Self {
            id,
            bytes: Zeroizing::new(key),
        }
    }

    pub(crate) const fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older: Vec<_> = self.older.iter().map(SealingKey::id).collect();
        f.debug_struct("Keyring")
            .field("current", &self.current.id)
            .field("older", &older)
            .finish_non_exhaustive()
    }
}
