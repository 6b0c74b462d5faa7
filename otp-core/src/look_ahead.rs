/// How many counters beyond the next one a HOTP code may belong to, 0 to 50, by default 3 (RFC 4226 §7.2, §7.4).
///
/// It allows for codes that a token showed and nobody used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u8", into = "u8")
)]
pub struct LookAhead(u8);

impl LookAhead {
    /// The widest look-ahead, 50. A token further away needs [resynchronisation](crate::Hotp::resynchronise).
    pub const MAX: Self = Self(50);

    /// A look-ahead of this many counters.
    ///
    /// # Errors
    /// [`LookAheadError`] for more than [`MAX`](Self::MAX).
    pub const fn new(counters: u8) -> Result<Self, LookAheadError> {
        if counters > Self::MAX.0 {
            return Err(LookAheadError { given: counters });
        }
        Ok(Self(counters))
    }

    /// Counters beyond the next one.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl Default for LookAhead {
    fn default() -> Self {
        Self(3)
    }
}

impl TryFrom<u8> for LookAhead {
    type Error = LookAheadError;

    fn try_from(counters: u8) -> Result<Self, LookAheadError> {
        Self::new(counters)
    }
}

impl From<LookAhead> for u8 {
    fn from(look_ahead: LookAhead) -> Self {
        look_ahead.0
    }
}

/// A look-ahead wider than [`LookAhead::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a look-ahead has at most {} counters, not `{given}`", LookAhead::MAX.0)]
pub struct LookAheadError {
    given: u8,
}

impl LookAheadError {
    /// The number that was refused.
    #[must_use]
    pub const fn given(&self) -> u8 {
        self.given
    }
}
