//! Starting and finishing a password reset.

use crate::case::{Case, Item};
use crate::context::Proven;
use crate::listener::{Flow, Listener, TimesOf};
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};

impl<'a> Case<'a> {
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
        for passed in self.passed_gates(listener) {
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

    fn reset_in_time(&self, listener: &mut impl Listener) -> Flow {
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

    /// What was proven in this reset and still counts: each once, neither removed nor locked since. Nothing, as long as it is
    /// not known when the reset began.
    pub(crate) fn passed_gates(&self, times: &mut impl Listener) -> Vec<Item<'a>> {
        let mut gates: Vec<Item<'a>> = Vec::new();
        for registration in self.registrations() {
            let mut proofs = self.context.proofs.iter();
            let proven = proofs.any(|proof| {
                matches!(&proof.by, Proven::Registration(id) if *id == registration.id)
                    && self
                        .context
                        .reset_started
                        .is_some_and(|started| proof.at >= started)
                    && self.reached(proof.at, times)
            });
            if proven
                && self
                    .accepts(
                        &registration.method,
                        Purpose::PasswordReset,
                        &mut TimesOf(times),
                    )
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
}
