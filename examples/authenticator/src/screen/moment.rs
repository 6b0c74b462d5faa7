//! A point in time, as a screen needs it.

use std::time::Duration;

use mfa_policy::Timestamp;
use otp_core::UnixTime;

/// A point in time: what the clock says, which makes the codes and may be set, and how long the program runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    pub(crate) clock: UnixTime,
    pub(crate) running: Duration,
}

impl Moment {
    /// How much later than the other this is. The longer one counts: the clock goes on while the machine sleeps, and the other one while somebody
    /// sets the clock.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let by_clock = self.clock.secs().saturating_sub(earlier.clock.secs());
        let by_running = self.running.saturating_sub(earlier.running);
        by_running.max(Duration::from_secs(by_clock))
    }

    /// As the other crates say it.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_unix_seconds(i64::try_from(self.clock.secs()).unwrap_or(i64::MAX))
    }
}
