//! How many proofs of a password reset are independent of each other.

use crate::case::{Case, Item};
use crate::method_set::MethodSet;
use crate::policy::Policy;

impl Policy {
    /// Whether two proofs count as one gate: on one device, or of methods that the policy lets count once.
    pub(crate) fn one_gate(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        a.shares_device(b) || self.counted_once(a, b)
    }

    fn counted_once(&self, a: &Item<'_>, b: &Item<'_>) -> bool {
        if self.reset.counts_once.is_empty() {
            return false;
        }
        let (Some(a), Some(b)) = (self.index(a.method), self.index(b.method)) else {
            return false;
        };
        let holds_both = |list: &MethodSet| list.contains(a) && list.contains(b);
        self.reset.counts_once.iter().any(holds_both)
    }
}

impl Case<'_> {
    /// As many of these as can count together, at most as many as a reset needs.
    pub(crate) fn independent_gates(&self, items: &[Item<'_>]) -> u32 {
        let most = self.policy.reset.gates(self.subject);
        let mut chosen = Vec::new();
        largest(self.policy, items, most, &mut chosen)
    }
}

/// The size of the largest choice of independent items, up to `most`: with or without the first, and so on.
///
/// At most `most` (4) deep, so it is polynomial in the number of registrations (256 at most).
fn largest<'a>(
    policy: &Policy,
    items: &'a [Item<'a>],
    most: u32,
    chosen: &mut Vec<&'a Item<'a>>,
) -> u32 {
    let size = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let mut best = size;
    let mut rest = items;
    while let [first, others @ ..] = rest {
        if best >= most {
            break;
        }
        rest = others;
        if chosen.iter().all(|item| !policy.one_gate(item, first)) {
            chosen.push(first);
            best = best.max(largest(policy, others, most, chosen));
            chosen.pop();
        }
    }
    best
}
