//! Which time steps of one authenticator are used up (RFC 6238 §5.2).

use otp_core::TimeStep;
use serde::{Deserialize, Serialize};

/// Accepted steps that are kept one by one.
const KEPT: usize = 8;

/// The steps that are never accepted again. What was accepted once stays used, wherever the clock goes and however often it
/// is repaired.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UsedSteps {
    /// Every step up to this one is used. It only grows, but for a repaired clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    up_to: Option<TimeStep>,
    /// The highest steps that were accepted, in order. INVARIANT: every step that was ever accepted is here, or not above
    /// `unknown`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepted: Vec<TimeStep>,
    /// Up to this step it is no longer known which steps were accepted. INVARIANT: not above `up_to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<TimeStep>,
}

impl UsedSteps {
    /// Up to which step everything is used.
    pub(crate) const fn up_to(&self) -> Option<TimeStep> {
        self.up_to
    }

    pub(crate) fn contains(&self, step: TimeStep) -> bool {
        Some(step) <= self.up_to || self.accepted.contains(&step)
    }

    /// Uses up a step, and every one before it.
    pub(crate) fn accept(&mut self, step: TimeStep) {
        self.up_to = self.up_to.max(Some(step));
        if let Err(place) = self.accepted.binary_search(&step) {
            self.accepted.insert(place, step);
        }
        if self.accepted.len() > KEPT {
            let forgotten = self.accepted.remove(0);
            self.unknown = self.unknown.max(Some(forgotten));
        }
    }

    /// Uses up every step up to that one, because nobody knows which of them were accepted.
    pub(crate) fn burn(&mut self, up_to: TimeStep) {
        self.up_to = self.up_to.max(Some(up_to));
        self.unknown = self.unknown.max(Some(up_to));
        self.accepted.retain(|&step| step > up_to);
    }

    /// Opens the steps above that one again, but for those that were accepted, and for those of which nobody knows whether
    /// they were. Says whether anything was opened.
    pub(crate) fn reopen_above(&mut self, step: TimeStep) -> bool {
        let up_to = Some(step).max(self.unknown);
        let opens = self.up_to > up_to;
        if opens {
            self.up_to = up_to;
        }
        opens
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn steps(numbers: &[u64]) -> Vec<TimeStep> {
        numbers.iter().copied().map(TimeStep::new).collect()
    }

    fn accepted(numbers: &[u64]) -> UsedSteps {
        let mut used = UsedSteps::default();
        for step in steps(numbers) {
            used.accept(step);
        }
        used
    }

    #[test]
    fn a_step_and_all_before_it_are_used() {
        let used = accepted(&[10]);
        assert!(
            steps(&[0, 9, 10])
                .into_iter()
                .all(|step| used.contains(step))
        );
        assert!(!used.contains(TimeStep::new(11)));
        assert!(!UsedSteps::default().contains(TimeStep::new(0)));
    }

    #[test]
    fn what_was_accepted_ahead_of_a_repaired_clock_stays_used() {
        let mut used = accepted(&[10, 1_000, 1_003]);
        assert!(used.reopen_above(TimeStep::new(12)));
        let open: Vec<u64> = (0..1_010)
            .filter(|&step| !used.contains(TimeStep::new(step)))
            .collect();
        assert!(!open.contains(&12) && open.contains(&13) && open.contains(&1_001));
        assert!(!open.contains(&1_000) && !open.contains(&1_003));
        assert!(
            !used.reopen_above(TimeStep::new(12)),
            "nothing more to open"
        );
    }

    #[test]
    fn as_many_as_are_kept_one_by_one_close_nothing_else() {
        let ahead: Vec<u64> = (0..KEPT as u64).map(|n| 1_000 + 2 * n).collect();
        let mut used = accepted(&ahead);
        used.reopen_above(TimeStep::new(12));
        for step in 13..2_000 {
            let used = used.contains(TimeStep::new(step));
            assert_eq!(used, ahead.contains(&step), "{step}");
        }
    }

    #[test]
    fn more_than_is_kept_one_by_one_is_not_opened_again() {
        let many: Vec<u64> = (0..20).map(|n| 1_000 + n).collect();
        let mut used = accepted(&many);
        used.reopen_above(TimeStep::new(12));
        let open = (0..1_030).filter(|&step| !used.contains(TimeStep::new(step)));
        assert_eq!(open.collect::<Vec<_>>(), (1_020..1_030).collect::<Vec<_>>());
    }

    #[test]
    fn what_was_burned_is_not_opened_again() {
        let mut used = accepted(&[10]);
        used.burn(TimeStep::new(50));
        assert!(!used.reopen_above(TimeStep::new(12)));
        assert!(used.contains(TimeStep::new(50)) && !used.contains(TimeStep::new(51)));
    }

    #[test]
    fn the_last_step_that_a_number_can_hold_is_used_like_any_other() {
        let mut used = accepted(&[u64::MAX]);
        assert!(used.contains(TimeStep::new(u64::MAX)));
        used.reopen_above(TimeStep::new(0));
        assert!(used.contains(TimeStep::new(u64::MAX)) && !used.contains(TimeStep::new(1)));
    }

    #[derive(Clone, Copy, Debug)]
    enum Move {
        Present(u64),
        Repair(u64),
        Burn(u64),
    }

    fn moves() -> impl Strategy<Value = Vec<Move>> {
        let step = prop_oneof![0..40_u64, (u64::MAX - 3)..=u64::MAX];
        let one = prop_oneof![
            6 => step.clone().prop_map(Move::Present),
            2 => step.clone().prop_map(Move::Repair),
            1 => step.prop_map(Move::Burn),
        ];
        prop::collection::vec(one, 0..200)
    }

    proptest! {
        #[test]
        fn no_step_is_accepted_twice_whatever_the_clock_does(moves in moves()) {
            let (mut used, mut ever) = (UsedSteps::default(), BTreeSet::new());
            for step in moves {
                match step {
                    Move::Present(step) => {
                        if !used.contains(TimeStep::new(step)) {
                            used.accept(TimeStep::new(step));
                            prop_assert!(ever.insert(step), "accepted twice: {step}");
                        }
                    }
                    Move::Repair(step) => { used.reopen_above(TimeStep::new(step)); }
                    Move::Burn(step) => used.burn(TimeStep::new(step)),
                }
                prop_assert!(used.accepted.len() <= KEPT && used.unknown <= used.up_to);
                let stored = serde_json::to_string(&used).unwrap();
                prop_assert_eq!(&serde_json::from_str::<UsedSteps>(&stored).unwrap(), &used);
            }
        }
    }
}
