/// Two or three codes that a token showed one directly after the other (RFC 4226 §7.4).
///
/// One code alone would be found by chance too often in a search this wide.
///
/// ```
/// use otp_core::ConsecutiveCodes;
///
/// let two: ConsecutiveCodes = ["755224", "287082"].into();
/// let three: ConsecutiveCodes = ["755224", "287082", "359152"].into();
/// ```
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "the codes are secret")]
pub enum ConsecutiveCodes<'a> {
    /// Two codes, the older first.
    Two([&'a str; 2]),
    /// Three codes, the oldest first.
    Three([&'a str; 3]),
}

impl<'a> From<[&'a str; 2]> for ConsecutiveCodes<'a> {
    fn from(codes: [&'a str; 2]) -> Self {
        Self::Two(codes)
    }
}

impl<'a> From<[&'a str; 3]> for ConsecutiveCodes<'a> {
    fn from(codes: [&'a str; 3]) -> Self {
        Self::Three(codes)
    }
}

/// How far to search for consecutive codes, 1 to 1000 counters or time steps, by default 100.
///
/// HOTP searches this far ahead, TOTP this far in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u16", into = "u16")
)]
pub struct ResyncRange(u16);

impl ResyncRange {
    /// The widest search, 1000. With two codes of six digits, chance finds a match in 1 of 500 million tries
    /// (2001 places, 10^12 pairs).
    pub const MAX: Self = Self(1000);

    /// A search this far.
    ///
    /// # Errors
    /// [`ResyncRangeError`] for 0 and for more than [`MAX`](Self::MAX).
    pub const fn new(range: u16) -> Result<Self, ResyncRangeError> {
        if range == 0 || range > Self::MAX.0 {
            return Err(ResyncRangeError { given: range });
        }
        Ok(Self(range))
    }

    /// Counters or time steps.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl Default for ResyncRange {
    fn default() -> Self {
        Self(100)
    }
}

impl TryFrom<u16> for ResyncRange {
    type Error = ResyncRangeError;

    fn try_from(range: u16) -> Result<Self, ResyncRangeError> {
        Self::new(range)
    }
}

impl From<ResyncRange> for u16 {
    fn from(range: ResyncRange) -> Self {
        range.0
    }
}

/// A search that is empty or wider than [`ResyncRange::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a resynchronisation searches 1 to {} places, not `{given}`", ResyncRange::MAX.0)]
pub struct ResyncRangeError {
    given: u16,
}

impl ResyncRangeError {
    /// The number that was refused.
    #[must_use]
    pub const fn given(&self) -> u16 {
        self.given
    }
}
