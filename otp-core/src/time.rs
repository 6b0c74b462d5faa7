/// A moment in whole seconds since 1970-01-01 00:00:00 UTC, leap seconds not counted.
///
/// This crate reads no clock: the caller says what time it is.
///
/// ```
/// use std::time::{SystemTime, UNIX_EPOCH};
/// use otp_core::UnixTime;
///
/// let now = UnixTime::from_secs(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs());
/// assert!(now > UnixTime::from_secs(1_700_000_000));
/// # Ok::<(), std::time::SystemTimeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The moment this many seconds after the epoch; every value is possible.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(seconds)
    }

    /// Seconds since the epoch.
    #[must_use]
    pub const fn secs(self) -> u64 {
        self.0
    }
}

/// The number of periods between T0 and a moment: the moving factor of TOTP, 64 bit (RFC 6238 §4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(transparent)
)]
pub struct TimeStep(u64);

impl TimeStep {
    /// A step of this number; every value is possible.
    #[must_use]
    pub const fn new(step: u64) -> Self {
        Self(step)
    }

    /// The number of the step.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// The moment lies before T0, where no time step exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time lies before T0")]
pub struct BeforeT0;
