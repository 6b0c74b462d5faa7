//! Points in time, given by the caller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A point in time to the second, as seconds since 1970-01-01T00:00:00Z. Nothing in this crate reads a clock.
///
/// Between the years -9999 and 9999; what lies beyond is brought to the nearest end. As text it is RFC 3339; a date alone
/// stands for its midnight in UTC.
///
/// ```
/// use mfa_policy::Timestamp;
///
/// let retired: Timestamp = "2027-02-01".parse()?;
/// assert_eq!(retired.to_string(), "2027-02-01T00:00:00Z");
/// assert!("next year".parse::<Timestamp>().is_err());
/// # Ok::<(), mfa_policy::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
#[serde(into = "String", try_from = "String")]
pub struct Timestamp(i64);

/// A text that is neither an RFC 3339 time nor a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a time is written as `2027-02-01T09:00:00Z`, a date as `2027-02-01`")]
pub struct TimestampError(());

impl Timestamp {
    /// The point in time that many seconds after (or, if negative, before) 1970.
    #[must_use]
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(
            jiff::Timestamp::MIN.as_second(),
            jiff::Timestamp::MAX.as_second(),
        ))
    }

    /// Seconds since 1970.
    #[must_use]
    pub const fn unix_seconds(self) -> i64 {
        self.0
    }

    /// That many seconds later, at most the last representable time.
    #[must_use]
    pub fn plus_seconds(self, seconds: u32) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(i64::from(seconds)))
    }

    /// That many minutes later.
    #[must_use]
    pub fn plus_minutes(self, minutes: u32) -> Self {
        Self::from_unix_seconds(self.0.saturating_add(i64::from(minutes).saturating_mul(60)))
    }

    /// That many days of 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: u32) -> Self {
        Self::from_unix_seconds(
            self.0
                .saturating_add(i64::from(days).saturating_mul(86_400)),
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // INVARIANT: every constructor keeps within jiff's range.
        jiff::Timestamp::from_second(self.0)
            .map_err(|_| fmt::Error)?
            .fmt(f)
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        if let Ok(time) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::from_unix_seconds(time.as_second()));
        }
        let date: jiff::civil::Date = text.parse().map_err(|_| TimestampError(()))?;
        let midnight = date
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_err(|_| TimestampError(()))?;
        Ok(Self::from_unix_seconds(midnight.timestamp().as_second()))
    }
}

impl TryFrom<String> for Timestamp {
    type Error = TimestampError;

    fn try_from(text: String) -> Result<Self, TimestampError> {
        text.parse()
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}
