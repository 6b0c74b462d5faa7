//! What a person can reach with what is registered.

use serde::{Deserialize, Serialize};

use crate::account::{AccountView, Registration, State};
use crate::case::{Case, Item};
use crate::context::Context;
use crate::listener::{Listener, NotDenied, TimesOf};
use crate::method::Strength;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::subject::Subject;
use crate::timestamp::Timestamp;

/// What a policy requires of a person: to be able to reach a purpose, with a strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Required {
    /// The purpose.
    pub purpose: Purpose,
    /// The strength; `None` for any.
    pub strength: Option<Strength>,
}

/// Whether a lock that will end counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Locks {
    /// What is locked now cannot be used.
    Count,
    /// It can be used later.
    WillEnd,
}

impl Policy {
    /// What the policy requires of this person, each purpose once with the highest strength.
    #[must_use]
    pub fn required(&self, subject: &Subject) -> Vec<Required> {
        self.each_required(subject).collect()
    }

    pub(crate) fn each_required<'a>(
        &'a self,
        subject: &'a Subject,
    ) -> impl Iterator<Item = Required> + 'a {
        Purpose::ALL.into_iter().filter_map(move |purpose| {
            let concerned = self
                .requirements
                .iter()
                .filter(move |r| r.purpose == purpose && r.concerns(subject));
            concerned
                .map(|requirement| Required {
                    purpose,
                    strength: requirement.strength,
                })
                .max()
        })
    }

    /// Whether the person can reach the purpose now, wherever the necessary client is at hand.
    ///
    /// Counted are active registrations that last: no temporary pass and no recovery codes. A password reset is reached if
    /// there are as many independent gates as it takes.
    #[must_use]
    pub fn reaches(
        &self,
        subject: &Subject,
        account: &AccountView,
        required: Required,
        now: Timestamp,
    ) -> bool {
        let context = Context::anywhere(now);
        Case::new(self, subject, account, &context).reaches(required, Locks::Count, &mut NotDenied)
    }
}

impl<'a> Case<'a> {
    /// Whether the purpose can be reached, wherever the necessary client is at hand.
    pub(crate) fn reaches(
        &self,
        required: Required,
        locks: Locks,
        times: &mut impl Listener,
    ) -> bool {
        let purpose = required.purpose;
        // Managing takes weaker proofs as long as the account has no stronger one; that is not yet what is required.
        let strength = required.strength.max(self.needed_strength(purpose));
        if purpose == Purpose::PasswordReset {
            let enough = |has| has >= self.policy.reset.gates(self.subject);
            return self.reset_offered(&mut TimesOf(times)).is_continue()
                && enough(self.independent_gates(&self.reset_items(locks, times)));
        }
        let strong = |method| {
            strength.is_none()
                || self
                    .policy
                    .rule(method)
                    .is_some_and(|rule| rule.strength >= strength)
        };
        let mut registered = self.registrations();
        registered.any(|registration| {
            let method = &registration.method;
            method.lasts()
                && strong(method)
                && self
                    .accepts(method, purpose, &mut TimesOf(times))
                    .is_continue()
                && self.standing(registration, locks, times)
        }) || self.with.iter().any(|coming| {
            coming.method.lasts()
                && strong(coming.method)
                && self
                    .accepts(coming.method, purpose, &mut TimesOf(times))
                    .is_continue()
        })
    }

    /// Active, and unlocked if that counts.
    fn standing(
        &self,
        registration: &Registration,
        locks: Locks,
        times: &mut impl Listener,
    ) -> bool {
        match locks {
            Locks::Count => self
                .active_and_unlocked(registration, &mut TimesOf(times))
                .is_continue(),
            Locks::WillEnd => registration.state == State::Active,
        }
    }

    /// The registrations that are gates of a reset.
    pub(crate) fn reset_items(&self, locks: Locks, times: &mut impl Listener) -> Vec<Item<'a>> {
        let mut counts = |method| {
            self.accepts(method, Purpose::PasswordReset, &mut TimesOf(times))
                .is_continue()
        };
        let mut items: Vec<Item<'a>> = Vec::new();
        let registered: Vec<_> = self
            .registrations()
            .filter(|registration| counts(&registration.method))
            .collect();
        items.extend(
            self.with
                .iter()
                .filter(|coming| counts(coming.method))
                .map(Item::coming),
        );
        items.extend(
            registered
                .into_iter()
                .filter(|r| r.method.lasts() && self.standing(r, locks, times))
                .map(Item::of),
        );
        items
    }
}
