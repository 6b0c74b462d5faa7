//! How long to wait before the next try.

use std::time::Duration;

/// Delays that grow from the first to the longest, each shortened by chance, so that the devices of a portal that was away do not come
/// back all at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Pace {
    pub(super) const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            next: first,
        }
    }

    /// Between half of the delay and the whole of it, as the chance has it; the next is twice as long.
    pub(super) fn delay(&mut self, chance: u8) -> Duration {
        let half = self.next.checked_div(2).unwrap_or_default();
        self.next = self.next.saturating_mul(2).min(self.longest);
        let share = half.saturating_mul(u32::from(chance));
        let share = share.checked_div(u32::from(u8::MAX)).unwrap_or_default();
        half.saturating_add(share)
    }

    /// It went well for so long that what ended it is no reason to wait.
    pub(super) const fn restart(&mut self) {
        self.next = self.first;
    }
}

/// A chance between none and all. Without randomness the delays are the longest.
pub(super) fn chance() -> u8 {
    getrandom::u32().map_or(u8::MAX, |random| random.to_le_bytes()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_up_to_the_longest_and_begin_anew() {
        let seconds = Duration::from_secs;
        let mut pace = Pace::new(seconds(1), seconds(60));
        let delays: Vec<u64> = (0..8).map(|_| pace.delay(u8::MAX).as_secs()).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pace.delay(0), seconds(30));
        pace.restart();
        assert_eq!(pace.delay(0), Duration::from_millis(500));
    }
}
