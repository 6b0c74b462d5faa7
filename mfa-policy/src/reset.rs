//! Starting and finishing a password reset.

use crate::account::Registration;
use crate::case::{Case, Item};
use crate::context::Proven;
use crate::listener::{Flow, Listener, TimesOf};
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::timestamp::Timestamp;

impl<'a> Case<'a> {
    /// Whether there is a password reset for this person at all, locked or not.
    pub(crate) fn reset_offered(&self, listener: &mut impl Listener) -> Flow {
        let reset = &self.policy.reset;
        if !reset.enabled {
            listener.deny(|| Reason::ResetOff)?;
        }
        if !reset.audience.includes(self.subject) {
            listener.deny(|| Reason::ResetNotForGroups)?;
        }
        if let Some(group) = reset.audience.excluding(self.subject) {
            listener.deny(|| Reason::ResetExcluded {
                group: group.clone(),
            })?;
        }
        Flow::Continue(())
    }

    /// Whether there is a password reset for this person now.
    pub(crate) fn reset_available(&self, listener: &mut impl Listener) -> Flow {
        self.reset_offered(listener)?;
        if let Some(until) = self.account.reset_locked_until
            && !self.reached(until, listener)
        {
            listener.deny(|| Reason::ResetLocked { until })?;
        }
        Flow::Continue(())
    }

    pub(crate) fn start_reset(&self, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        self.reset_available(listener)?;
        let gates = self.possible_gates(listener);
        self.enough_gates(&gates, listener)
    }

    pub(crate) fn finish_reset(&self, listener: &mut impl Listener) -> Flow {
        self.oneself(listener)?;
        self.reset_available(listener)?;
        self.reset_in_time(listener)?;
        if self.context.reset_started.is_none() {
            return Flow::Continue(());
        }
        let gates = self.passed_gates(listener);
        self.enough_gates(&gates, listener)
    }

    /// One more gate, beside those that were passed.
    pub(crate) fn use_as_gate(&self, item: &Item<'_>, listener: &mut impl Listener) -> Flow {
        self.reset_available(listener)?;
        if self.context.reset_started.is_none() {
            listener.need(Input::ResetStarted)?;
        }
        for passed in self.proven_in_reset(listener).into_iter().map(Item::of) {
            if self.policy.one_gate(item, &passed)
                && let (Some(registration), Some(passed)) = (item.id, passed.id)
            {
                listener.deny(|| Reason::NotIndependent {
                    registration: registration.clone(),
                    passed: passed.clone(),
                })?;
            }
        }
        Flow::Continue(())
    }

    fn enough_gates(&self, gates: &[Item<'_>], listener: &mut impl Listener) -> Flow {
        let needs = self.policy.reset.gates(self.subject);
        let has = self.independent_gates(gates);
        if has < needs {
            listener.deny(|| Reason::TooFewGates { needs, has })
        } else {
            Flow::Continue(())
        }
    }

    /// Whether the reset has not taken too long.
    pub(crate) fn reset_in_time(&self, listener: &mut impl Listener) -> Flow {
        let Some(started) = self.context.reset_started else {
            return listener.need(Input::ResetStarted);
        };
        let at = started.plus_minutes(self.policy.reset_limits.session_minutes);
        if !self.reached(started, listener) || self.reached(at, listener) {
            listener.deny(|| Reason::ResetExpired { at })?;
        }
        Flow::Continue(())
    }

    /// What could be used as a gate here and now.
    pub(crate) fn possible_gates(&self, times: &mut impl Listener) -> Vec<Item<'a>> {
        let mut gates: Vec<Item<'a>> = Vec::new();
        for registration in self.registrations() {
            if self
                .usable(registration, Purpose::PasswordReset, &mut TimesOf(times))
                .is_continue()
            {
                gates.push(Item::of(registration));
            }
        }
        for coming in self.with {
            if self
                .accepts(coming.method, Purpose::PasswordReset, &mut TimesOf(times))
                .is_continue()
            {
                gates.push(Item::coming(coming));
            }
        }
        gates
    }

    /// What was proven in this reset and still counts: neither removed nor locked since, and by a method that is allowed.
    pub(crate) fn passed_gates(&self, times: &mut impl Listener) -> Vec<Item<'a>> {
        let mut gates: Vec<Item<'a>> = Vec::new();
        for registration in self.proven_in_reset(times) {
            let method = &registration.method;
            if self
                .accepts(method, Purpose::PasswordReset, &mut TimesOf(times))
                .is_continue()
                && self
                    .active_and_unlocked(registration, &mut TimesOf(times))
                    .is_continue()
            {
                gates.push(Item::of(registration));
            }
        }
        gates
    }

    /// What was proven in this reset, each once. Nothing, as long as it is not known when the reset began.
    pub(crate) fn proven_in_reset(&self, times: &mut impl Listener) -> Vec<&'a Registration> {
        let since_start = |time: &Timestamp| {
            self.context
                .reset_started
                .is_some_and(|started| *time >= started)
        };
        let proven = self.registrations().filter(|registration| {
            let by_it =
                |by: &Proven| matches!(by, Proven::Registration(id) if *id == registration.id);
            let proofs = self.context.proofs.iter().filter(|proof| by_it(&proof.by));
            self.fresh(
                proofs.map(|proof| proof.at).filter(since_start),
                None,
                times,
            )
        });
        proven.collect()
    }
}
