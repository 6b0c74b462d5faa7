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
    pub(crate) const fn new(count: u32, times: Vec<Timestamp>) -> Self {
        Self { count, times }
    }

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

    /// Whether an answer may be looked at where the limit in a row disables nothing.
    pub(crate) fn may_be_used(&self, now: Timestamp, limits: &Lockout) -> bool {
        self.is_open(now) && self.consecutive < limits.consecutive_failures()
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
        let failures = Failures::new(self.consecutive, std::mem::take(&mut self.times));
        self.consecutive = 0;
        self.locked_until = None;
        failures
    }

    /// Ends the lock. The next failure locks again at once, because what is in a row is not cleared.
    pub(crate) const fn unlock(&mut self) {
        self.locked_until = None;
    }

    /// Takes what was counted while our clock was ahead as counted now. A lock ends no later than one that begins now would.
    pub(crate) fn bring_back(&mut self, now: Timestamp, limits: &Lockout) {
        let today = day(now);
        let mut ahead = 0_u32;
        self.days.retain(|&(day, count)| {
            let keep = day <= today;
            if !keep {
                ahead = ahead.saturating_add(count);
            }
            keep
        });
        if ahead > 0 {
            match self.days.last_mut() {
                Some((day, count)) if *day == today => *count = count.saturating_add(ahead),
                _ => self.days.push((today, ahead)),
            }
        }
        for time in &mut self.times {
            *time = now.min(*time);
        }
        let longest = now.plus_seconds(limits.longest_delay_seconds());
        let latest = self.rolling_until(limits).max(Some(longest));
        self.locked_until = self.locked_until.min(latest);
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

#[cfg(test)]
mod tests {
    use mfa_policy::Preset;

    use super::*;

    const START: i64 = 1_800_000_000;

    /// Fails as often as it is let, and waits out every lock.
    fn guess(budget: &mut Budget, now: &mut Timestamp, limits: &Lockout) -> Consequence {
        if let Some(until) = budget.locked_until() {
            *now = until.max(*now);
        }
        assert!(budget.is_open(*now));
        budget.fail(*now, limits)
    }

    #[test]
    fn the_delay_follows_the_fifth_failure_and_doubles_to_an_hour() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, mut now) = (Budget::default(), Timestamp::from_unix_seconds(START));
        let mut delays = Vec::new();
        for _ in 0..14 {
            delays.push(match guess(&mut budget, &mut now, policy.lockout()) {
                Consequence::Locked { until, .. } => until.unix_seconds() - now.unix_seconds(),
                _ => 0,
            });
        }
        assert_eq!(
            delays,
            [
                0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600
            ]
        );
    }

    #[test]
    fn the_hundredth_failure_in_a_row_disables() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, mut now) = (Budget::default(), Timestamp::from_unix_seconds(START));
        let consequences: Vec<_> = (0..100)
            .map(|_| guess(&mut budget, &mut now, policy.lockout()))
            .collect();
        let disabled = consequences
            .iter()
            .position(|c| *c == Consequence::Disabled);
        assert_eq!(disabled, Some(99));
    }

    #[test]
    fn a_success_clears_what_is_in_a_row_and_reports_it() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, mut now) = (Budget::default(), Timestamp::from_unix_seconds(START));
        for _ in 0..12 {
            guess(&mut budget, &mut now, policy.lockout());
        }
        let failures = budget.succeed();
        assert_eq!((failures.count(), failures.times().len()), (12, 10));
        assert_eq!(failures.times().last(), Some(&now));
        assert_eq!(budget.succeed(), Failures::default());
        assert!(budget.is_open(now));
    }

    #[test]
    fn a_success_a_day_does_not_raise_the_limit_of_thirty_days() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, start) = (Budget::default(), Timestamp::from_unix_seconds(START));
        let (mut now, mut failures, mut signed_in) = (start, 0, start);
        loop {
            if let Some(until) = budget.locked_until() {
                now = until.max(now);
            }
            if now >= start.plus_days(30) {
                break;
            }
            // The owner comes by once a day, when the lock lets him.
            if now >= signed_in.plus_days(1) {
                budget.succeed();
                signed_in = now;
            }
            assert_ne!(budget.fail(now, policy.lockout()), Consequence::Disabled);
            failures += 1;
            now = now.plus_seconds(1);
        }
        assert_eq!(failures, 300);
    }

    #[test]
    fn after_a_lock_and_after_an_unlock_the_next_failure_locks_again() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, mut now) = (Budget::default(), Timestamp::from_unix_seconds(START));
        for _ in 0..5 {
            guess(&mut budget, &mut now, policy.lockout());
        }
        assert!(!budget.is_open(now));
        budget.unlock();
        assert!(budget.is_open(now));
        assert!(matches!(
            budget.fail(now, policy.lockout()),
            Consequence::Locked { first: true, .. }
        ));
        assert!(matches!(
            guess(&mut budget, &mut now, policy.lockout()),
            Consequence::Locked { first: false, .. }
        ));
    }

    #[test]
    fn a_clock_that_goes_back_ends_no_lock() {
        let policy = Preset::SecurityInfo.policy();
        let (mut budget, mut now) = (Budget::default(), Timestamp::from_unix_seconds(START));
        for _ in 0..5 {
            guess(&mut budget, &mut now, policy.lockout());
        }
        assert!(!budget.is_open(Timestamp::from_unix_seconds(0)));
        assert!(!budget.is_open(Timestamp::from_unix_seconds(i64::MIN)));
    }

    #[test]
    fn nothing_overflows_at_the_ends_of_time() {
        let policy = Preset::SecurityInfo.policy();
        for now in [i64::MIN, i64::MAX] {
            let (mut budget, now) = (Budget::default(), Timestamp::from_unix_seconds(now));
            for _ in 0..200 {
                budget.fail(now, policy.lockout());
            }
            assert!(budget.consecutive == 200 && budget.days.len() == 1);
        }
    }
}
