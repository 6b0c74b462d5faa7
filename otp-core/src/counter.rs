/// The moving factor of HOTP, 64 bit (RFC 4226 §5.1).
///
/// On a server this is the *next* counter: the lowest that has not been used. Store what
/// [`AcceptedCounter::next`](crate::AcceptedCounter::next) says after every acceptance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct Counter(u64);

impl Counter {
    /// 2^64-1, the last counter. Nothing can follow it, so a server accepts no code for it.
    pub const MAX: Self = Self(u64::MAX);

    /// A counter of this value; every value is possible.
    #[must_use]
    pub const fn new(value: u64) -> Self {
        Self(value)
    }

    /// The value.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The counter after this one, or `None` after 2^64-1.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(value) => Some(Self(value)),
            None => None,
        }
    }
}

/// The counter of a token has reached 2^64-1, so that no counter follows: enrol the token anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the counter is exhausted")]
pub struct Exhausted;
