//! How often a factor may be guessed: a delay that grows, a limit in a row, and a limit over a rolling time.

use mfa_policy::{Lockout, Timestamp};
use serde::{Deserialize, Serialize};

/// Failures whose time is kept for telling the person.
const TIMES_KEPT: usize = 10;

/// What one factor has been through. It lives on the factor, in the store, and on nothing that a client can renew.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Budget {
    /// Failures in a row.
    #[serde(skip_serializing_if = "is_zero")]
    consecutive: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_until: Option<Timestamp>,
    /// Failures by day since 1970, oldest first. A success does not clear them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    days: Vec<(i64, u32)>,
    /// The last failures since a success.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    times: Vec<Timestamp>,
}

/// Failures since the last success (ASVS 6.3.5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    count: u32,
    times: Vec<Timestamp>,
}

impl Failures {
    /// How many.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// When: the last ten at most, oldest first.
    #[must_use]
    pub fn times(&self) -> &[Timestamp] {
        &self.times
    }
}

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Consequence {
    Counted,
    Locked {
        until: Timestamp,
        /// The first lock since a success.
        first: bool,
    },
    /// The limit in a row is reached: disabled until it is bound again (SP 800-63B-4 §3.2.2).
    Disabled,
}

impl Budget {
    pub(crate) const fn is_empty(&self) -> bool {
        self.consecutive == 0
            && self.locked_until.is_none()
            && self.days.is_empty()
            && self.times.is_empty()
    }

    pub(crate) const fn locked_until(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// Whether an answer may be looked at.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        self.locked_until.is_none_or(|until| until <= now)
    }

    pub(crate) fn fail(&mut self, now: Timestamp, limits: &Lockout) -> Consequence {
        self.consecutive = self.consecutive.saturating_add(1);
        if self.times.len() >= TIMES_KEPT {
            self.times.remove(0);
        }
        self.times.push(now);
        self.count_today(now, limits);
        if self.consecutive >= limits.consecutive_failures() {
            return Consequence::Disabled;
        }
        let until = self
            .delay_until(now, limits)
            .max(self.rolling_until(limits));
        match until {
            Some(until) if until > now => {
                let first = self.locked_until.replace(until).is_none();
                Consequence::Locked { until, first }
            }
            _ => Consequence::Counted,
        }
    }

    /// Clears what is counted in a row, never what is counted over the rolling time.
    pub(crate) fn succeed(&mut self) -> Failures {
        let failures = Failures {
            count: self.consecutive,
            times: std::mem::take(&mut self.times),
        };
        self.consecutive = 0;
        self.locked_until = None;
        failures
    }

    /// Ends the lock. The next failure locks again at once, because what is in a row is not cleared.
    pub(crate) const fn unlock(&mut self) {
        self.locked_until = None;
    }

    fn count_today(&mut self, now: Timestamp, limits: &Lockout) {
        let today = day(now);
        let oldest = today.saturating_sub(i64::from(limits.rolling_days()));
        self.days.retain(|&(day, _)| day >= oldest);
        match self.days.iter_mut().find(|(day, _)| *day == today) {
            Some((_, count)) => *count = count.saturating_add(1),
            None => {
                self.days.push((today, 1));
                self.days.sort_unstable();
            }
        }
    }

    /// The first delay after the free failures, doubled with each one more.
    fn delay_until(&self, now: Timestamp, limits: &Lockout) -> Option<Timestamp> {
        let beyond = self.consecutive.checked_sub(limits.free_failures())?;
        let doublings = beyond
            .saturating_sub(u32::from(limits.free_failures() == 0))
            .min(31);
        let delay = limits
            .first_delay_seconds()
            .saturating_mul(1_u32 << doublings)
            .min(limits.longest_delay_seconds());
        Some(now.plus_seconds(delay))
    }

    /// When enough failures have left the rolling time, if there are too many in it now.
    fn rolling_until(&self, limits: &Lockout) -> Option<Timestamp> {
        let total = self
            .days
            .iter()
            .fold(0_u32, |sum, &(_, count)| sum.saturating_add(count));
        let mut excess = total
            .checked_sub(limits.rolling_failures())?
            .saturating_add(1);
        for &(day, count) in &self.days {
            let Some(left) = excess.checked_sub(count).filter(|&left| left > 0) else {
                // A day counts whole, so it leaves the time a day late rather than early.
                let first_second = Timestamp::from_unix_seconds(day.saturating_mul(SECONDS_A_DAY));
                return Some(first_second.plus_days(limits.rolling_days().saturating_add(1)));
            };
            excess = left;
        }
        None
    }
}

const SECONDS_A_DAY: i64 = 86_400;

const fn day(time: Timestamp) -> i64 {
    time.unix_seconds().div_euclid(SECONDS_A_DAY)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
