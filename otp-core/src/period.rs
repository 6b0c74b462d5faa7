use core::num::{NonZeroU32, NonZeroU64};

/// The time step of TOTP in seconds, 1 to 2^31-1, by default 30 (RFC 6238 §4.1, §5.2).
///
/// The upper end is that of the signed 32-bit numbers in which authenticator apps keep it. NIST SP 800-63B-4
/// §3.1.4.1 wants a code to change at least every [two minutes](Self::NIST_MAX).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "u32", into = "u32")
)]
pub struct Period(NonZeroU32);

impl Period {
    /// 30 seconds.
    pub const DEFAULT: Self = match Self::new(30) {
        Ok(period) => period,
        Err(_) => Self(NonZeroU32::MIN),
    };

    /// 120 seconds, the longest that NIST SP 800-63B-4 §3.1.4.1 allows.
    pub const NIST_MAX: Self = match Self::new(120) {
        Ok(period) => period,
        Err(_) => Self(NonZeroU32::MIN),
    };

    /// A period of this many seconds.
    ///
    /// # Errors
    /// [`PeriodError`] for 0 and for more than 2^31-1.
    pub const fn new(seconds: u32) -> Result<Self, PeriodError> {
        match NonZeroU32::new(seconds) {
            Some(period) if seconds <= i32::MAX.unsigned_abs() => Ok(Self(period)),
            _ => Err(PeriodError { given: seconds }),
        }
    }

    /// The period in seconds.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0.get()
    }

    /// The whole periods in a number of seconds, and the seconds that are left of them.
    ///
    /// Time and period are no secret, so this is the one real division of the crate. It is never inlined, so that the
    /// check of the machine code can tell it from any other.
    #[inline(never)]
    pub(crate) fn divide(self, seconds: u64) -> (u64, u32) {
        let period = NonZeroU64::from(self.0);
        // The rest is less than the period, so it fits.
        let rest = u32::try_from(seconds % period).unwrap_or_default();
        (seconds / period, rest)
    }
}

impl Default for Period {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TryFrom<u32> for Period {
    type Error = PeriodError;

    fn try_from(seconds: u32) -> Result<Self, PeriodError> {
        Self::new(seconds)
    }
}

impl From<Period> for u32 {
    fn from(period: Period) -> Self {
        period.seconds()
    }
}

/// A period that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period has 1 to 2147483647 seconds, not `{given}`")]
pub struct PeriodError {
    given: u32,
}

impl PeriodError {
    /// The number that was refused.
    #[must_use]
    pub const fn given(&self) -> u32 {
        self.given
    }
}
