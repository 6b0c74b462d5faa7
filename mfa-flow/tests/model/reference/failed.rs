//! Failures, and what they lock.

use mfa_policy::Lockout;

#[derive(Default)]
pub(crate) struct Failed {
    pub(crate) in_a_row: u32,
    pub(crate) locked_until: Option<i64>,
    /// The days of failures since 1970, in order, success or not.
    days: Vec<i64>,
}

impl Failed {
    pub(super) fn is_open(&self, now: i64) -> bool {
        self.locked_until.is_none_or(|until| until <= now)
    }

    /// Counts a failure. Whether it was the last in a row.
    pub(super) fn fail(&mut self, now: i64, limits: &Lockout) -> bool {
        self.in_a_row += 1;
        let today = day(now);
        let oldest = today - i64::from(limits.rolling_days());
        self.days.retain(|day| *day >= oldest);
        self.days.push(today);
        self.days.sort_unstable();
        if self.in_a_row >= limits.consecutive_failures() {
            return true;
        }
        let delay = now + self.delay(limits);
        let until = self.rolled(limits).map_or(delay, |until| until.max(delay));
        if until > now {
            self.locked_until = Some(until);
        }
        false
    }

    pub(super) fn succeed(&mut self) {
        self.in_a_row = 0;
        self.locked_until = None;
    }

    /// When the failure is too old that has to be, before another is looked at.
    fn rolled(&self, limits: &Lockout) -> Option<i64> {
        let most = usize::try_from(limits.rolling_failures()).unwrap();
        let place = self.days.len().checked_sub(most)?;
        Some((self.days[place] + i64::from(limits.rolling_days()) + 1) * 86_400)
    }

    /// None, and from the last free failure on a delay that doubles.
    fn delay(&self, limits: &Lockout) -> i64 {
        let free = limits.free_failures().max(1);
        if self.in_a_row < free {
            return 0;
        }
        let first = u64::from(limits.first_delay_seconds());
        let longest = u64::from(limits.longest_delay_seconds());
        let doubled = (free..self.in_a_row).fold(first, |delay, _| (delay * 2).min(longest));
        i64::try_from(doubled.min(longest)).unwrap()
    }

    /// What was counted in the future counts as of now, and no lock is longer than one of now could be.
    pub(super) fn bring_back(&mut self, now: i64, limits: &Lockout) {
        for at in &mut self.days {
            *at = day(now).min(*at);
        }
        let longest = now + i64::from(limits.longest_delay_seconds());
        let latest = self
            .rolled(limits)
            .map_or(longest, |until| until.max(longest));
        self.locked_until = self.locked_until.map(|until| until.min(latest));
    }
}

fn day(now: i64) -> i64 {
    now.div_euclid(86_400)
}
