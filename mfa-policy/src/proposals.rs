//! What to register so that a person has what the policy requires.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::case::{Case, Coming};
use crate::change::AddedBy;
use crate::listener::NotDenied;
use crate::method::Method;
use crate::policy::Rule;
use crate::reach::{Locks, Required};

/// Methods to register, in this order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Proposal {
    methods: Vec<Method>,
    required: bool,
}

impl Proposal {
    /// The methods, in the order in which they can be registered.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// Whether the policy requires something that this set gives. If not, it is a backup that is worth having.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        self.required
    }
}

/// The most methods of one proposal: as many as a reset can have gates.
const MOST_METHODS: usize = 4;
/// The most methods that are tried, the first by ranking, so that the search has an end: all but some external ones.
const MOST_CANDIDATES: usize = 16;
/// The most sets that are proposed: the first ones by ranking.
const MOST_PROPOSALS: usize = 8;
/// The most sets that are tried. Up to two methods all are; with more, those that begin with the most secure ones.
const MOST_TRIES: usize = 1_024;

impl<'a> Case<'a> {
    /// The smallest sets that give what is missing, the most secure first; or one backup for a person with a single device.
    pub(crate) fn proposals(&self, missing: &[Required]) -> Vec<Proposal> {
        if !missing.is_empty() {
            let sets = self.smallest_additions(AddedBy::Person, |case| {
                missing
                    .iter()
                    .all(|&required| case.reaches(required, Locks::WillEnd, &mut NotDenied))
            });
            return sets
                .into_iter()
                .take(MOST_PROPOSALS)
                .map(|methods| Proposal {
                    methods,
                    required: true,
                })
                .collect();
        }
        let mut devices = self
            .items()
            .filter(|item| item.method.lasts() && item.method.highest_strength().is_some());
        let Some(first) = devices.next() else {
            return Vec::new();
        };
        if devices.any(|other| !other.shares_device(&first)) {
            return Vec::new();
        }
        let backup = |rule: &&Rule| {
            self.policy
                .index(&rule.method)
                .is_some_and(|index| self.policy.backup.contains(index))
        };
        let rules = self.by_rank().into_iter().filter(backup);
        let addable = rules.filter(|rule| self.can_add(&rule.method, AddedBy::Person));
        addable
            .map(|rule| Proposal {
                methods: vec![rule.method.clone()],
                required: false,
            })
            .collect()
    }

    /// The smallest sets of methods that could be added so that the condition holds, each in an order in which they can be
    /// added; none contains another one. The most secure first.
    pub(crate) fn smallest_additions(
        &self,
        by: AddedBy,
        enough: impl Fn(&Case<'_>) -> bool,
    ) -> Vec<Vec<Method>> {
        let rules = self
            .by_rank()
            .into_iter()
            .filter(|rule| rule.method.lasts());
        let candidates: Vec<Coming<'a>> = rules
            .map(|rule| rule.method.coming())
            .take(MOST_CANDIDATES)
            .collect();
        let everything = [self.with, &candidates, &candidates].concat();
        if !enough(&self.with(&everything)) {
            return Vec::new();
        }
        let mut found: Vec<Vec<Method>> = Vec::new();
        let mut sets: Vec<Vec<Coming<'a>>> = vec![Vec::new()];
        let mut tries = 0_usize;
        for _ in 0..MOST_METHODS {
            let mut larger: Vec<Vec<Coming<'a>>> = Vec::new();
            let mut seen: BTreeSet<Vec<&Method>> = BTreeSet::new();
            for (set, &coming) in sets
                .iter()
                .flat_map(|set| candidates.iter().map(move |coming| (set, coming)))
            {
                tries = tries.saturating_add(1);
                if tries > MOST_TRIES {
                    return found;
                }
                if !self
                    .with(&[self.with, set].concat())
                    .can_add(coming.method, by)
                {
                    continue;
                }
                let set = [set.as_slice(), &[coming]].concat();
                let mut methods: Vec<&Method> = set.iter().map(|coming| coming.method).collect();
                methods.sort_unstable();
                if !seen.insert(methods) {
                    continue;
                }
                if enough(&self.with(&[self.with, &set].concat())) {
                    found.push(set.iter().map(|coming| coming.method.clone()).collect());
                }
                larger.push(set);
            }
            if !found.is_empty() {
                break;
            }
            sets = larger;
        }
        found
    }

    /// Whether the method could be added after the proofs that it takes, with what is not known in favour.
    pub(crate) fn can_add(&self, method: &'a Method, by: AddedBy) -> bool {
        self.addable(method.coming(), by, &mut NotDenied)
            .is_continue()
    }

    /// The rules of the policy, the most secure method first.
    fn by_rank(&self) -> Vec<&'a Rule> {
        let mut rules: Vec<&'a Rule> = self.policy.rules().collect();
        rules.sort_by_key(|rule| rule.rank);
        rules
    }
}
