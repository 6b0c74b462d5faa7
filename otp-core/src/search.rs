//! The search that every verification is: which of these counters does the code belong to?

use core::ops::RangeInclusive;

use crate::{Digits, attempt::Attempt, mask::Mask, prepared_key::PreparedKey};

/// The highest counter at which a row of consecutive codes ends.
pub(crate) struct HighestMatch {
    pub(crate) found: Mask,
    /// Meaningless unless `found`.
    pub(crate) counter: u64,
}

/// Looks for `N` consecutive codes among the candidates, and finds the counter of the last of them.
///
/// Every candidate is computed and compared, whatever was found before; what decides is masks. A row is fresh if
/// its first counter is above `last_used`. The highest match wins: two close counters can share a code, and
/// whoever stores less than the highest lets the same text in twice.
#[inline]
pub(crate) fn highest_match<const N: usize>(
    key: &PreparedKey,
    digits: Digits,
    attempts: &[Attempt; N],
    candidates: RangeInclusive<u64>,
    last_used: Option<u64>,
) -> HighestMatch {
    let mut highest = HighestMatch {
        found: Mask::NO,
        counter: 0,
    };
    let modulus = digits.modulus();
    let is_fresh = |counter| last_used.is_none_or(|last| counter > last);
    // For each code of the row: does it, with those before it, end at the counter just seen?
    let mut row = [Mask::NO; N];
    for_each(key, candidates, |counter, truncated| {
        let shown = modulus.remainder(truncated);
        let mut so_far = Mask::public(is_fresh(counter));
        for (attempt, ends_here) in attempts.iter().zip(&mut row) {
            let with_this = so_far & attempt.matches(shown);
            so_far = core::mem::replace(ends_here, with_this);
        }
        let found = row.last().copied().unwrap_or(Mask::NO);
        highest.found = highest.found | found;
        highest.counter = found.select(counter, highest.counter);
    });
    highest
}

/// Calls `visit` with every candidate and its truncated HMAC, in ascending order.
///
/// In portions of eight and of three (the default window), so that their hashes overlap. How many there are is no secret.
#[inline]
fn for_each(key: &PreparedKey, candidates: RangeInclusive<u64>, mut visit: impl FnMut(u64, u32)) {
    let (mut next, last) = candidates.into_inner();
    loop {
        let after_next = last.saturating_sub(next);
        let portion = match after_next {
            7.. => visit_portion::<8>(key, next, &mut visit),
            2.. => visit_portion::<3>(key, next, &mut visit),
            _ => visit_portion::<1>(key, next, &mut visit),
        };
        match next.checked_add(portion) {
            Some(following) if following <= last => next = following,
            _ => break,
        }
    }
}

#[inline]
fn visit_portion<const N: usize>(
    key: &PreparedKey,
    first: u64,
    visit: &mut impl FnMut(u64, u32),
) -> u64 {
    let mut counter = first;
    for truncated in key.truncated::<N>(first) {
        visit(counter, truncated);
        counter = counter.wrapping_add(1);
    }
    N as u64
}
