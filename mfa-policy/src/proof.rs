//! Who asks, and what was proven.

use crate::account::{Registration, State};
use crate::case::Case;
use crate::context::{Proof, Proven};
use crate::listener::{Flow, Listener, TimesOf};
use crate::method::{Method, Strength};
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::subject::Role;
use crate::timestamp::Timestamp;

/// What a recovery code is good for as the only proof.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecoveryCode {
    /// Enough: adding is what it is for.
    Enough,
    /// Not enough: who found the paper must not be able to remove the rest (SP 800-63B-4 §4.2).
    NotEnough,
}

impl<'a> Case<'a> {
    /// Whether the person asks for himself. Without an actor, he does.
    pub(crate) fn oneself(&self, listener: &mut impl Listener) -> Flow {
        let other = self
            .context
            .actor
            .as_ref()
            .is_some_and(|actor| actor.id != *self.subject.id());
        if other {
            listener.deny(|| Reason::NotOneself)
        } else {
            Flow::Continue(())
        }
    }

    /// Whether an administrator asks for somebody else, with a second factor proven.
    pub(crate) fn administrator(
        &self,
        within_minutes: Option<u32>,
        listener: &mut impl Listener,
    ) -> Flow {
        match &self.context.actor {
            None => listener.need(Input::Actor)?,
            Some(actor) => {
                if actor.role != Role::Administrator {
                    listener.deny(|| Reason::NotAnAdministrator)?;
                }
                if actor.id == *self.subject.id() {
                    listener.deny(|| Reason::NotForOneself)?;
                }
            }
        }
        // The registrations are the administrator's own, which this account does not know.
        let second_factors = self
            .context
            .proofs
            .iter()
            .filter(|proof| matches!(proof.by, Proven::Registration(_)));
        if self.fresh(
            second_factors.map(|proof| proof.at),
            within_minutes,
            listener,
        ) {
            return Flow::Continue(());
        }
        listener.deny(|| Reason::NeedsProof {
            strength: Strength::TwoStep,
            within_minutes,
        })
    }

    /// Whether anything was proven in this session.
    pub(crate) fn signed_in(&self, listener: &mut impl Listener) -> Flow {
        if self.fresh(
            self.context.proofs.iter().map(|proof| proof.at),
            None,
            listener,
        ) {
            return Flow::Continue(());
        }
        listener.deny(|| Reason::NeedsFirstFactor)
    }

    /// Whether the session has the proof that changing the account takes: a second factor if the account has one, else the
    /// first factor.
    pub(crate) fn proven(
        &self,
        within_minutes: Option<u32>,
        recovery_code: RecoveryCode,
        listener: &mut impl Listener,
    ) -> Flow {
        if !self.has_second_factor() {
            if self.fresh(
                self.context.proofs.iter().map(|proof| proof.at),
                within_minutes,
                listener,
            ) {
                return Flow::Continue(());
            }
            return listener.deny(|| Reason::NeedsFirstFactor);
        }
        let strength = self.proof_strength();
        let (mut by_recovery_code, mut by_others) = (Vec::new(), Vec::new());
        for proof in self.context.proofs.iter() {
            match self.proving_method(proof, strength, listener) {
                Some(Method::RecoveryCodes) => by_recovery_code.push(proof.at),
                Some(_) => by_others.push(proof.at),
                None => {}
            }
        }
        if self.fresh(by_others.into_iter(), within_minutes, listener) {
            return Flow::Continue(());
        }
        if self.fresh(by_recovery_code.into_iter(), within_minutes, listener) {
            return match recovery_code {
                RecoveryCode::Enough => Flow::Continue(()),
                RecoveryCode::NotEnough => listener.deny(|| Reason::RecoveryCodeNotEnough),
            };
        }
        listener.deny(|| Reason::NeedsProof {
            strength,
            within_minutes,
        })
    }

    /// Whether one of these was given within the time.
    pub(crate) fn fresh(
        &self,
        times: impl Iterator<Item = Timestamp>,
        within_minutes: Option<u32>,
        listener: &mut impl Listener,
    ) -> bool {
        let (mut latest_end, mut next): (Option<Timestamp>, Option<Timestamp>) = (None, None);
        let mut for_ever = false;
        for time in times {
            if time > self.now {
                next = Some(next.map_or(time, |next| next.min(time)));
            } else if let Some(minutes) = within_minutes {
                let end = time.plus_minutes(minutes);
                if self.now < end {
                    latest_end = latest_end.max(Some(end));
                } else if time == self.now {
                    // The last second that a timestamp can hold: nothing comes after it.
                    for_ever = true;
                }
            } else {
                for_ever = true;
            }
        }
        if for_ever {
            return true;
        }
        // It changes when the last good proof runs out, or if there is none, when the first comes to be.
        if let Some(change) = latest_end.or(next) {
            listener.changes_at(change);
        }
        latest_end.is_some()
    }

    /// Whether the account has a second factor, usable at the moment or not. Then the password alone changes nothing: who
    /// spoils a factor by guessing must not get a new one in exchange.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.registrations().any(Registration::is_second_factor)
    }

    /// The strength that a proof for managing needs: what the person's groups ask for, but not more than the account has.
    ///
    /// What is registered counts although the method may be off for this person: what is taken away makes no weaker proof enough.
    pub(crate) fn proof_strength(&self) -> Strength {
        let Some(needs) = self
            .needed_strength(Purpose::ManageSecurityInfo)
            .filter(|&needs| needs > Strength::TwoStep)
        else {
            return Strength::TwoStep;
        };
        let strengths = self
            .registrations()
            .filter(|registration| registration.state != State::Pending)
            .filter_map(|registration| self.policy.rule(&registration.method))
            .filter(|rule| rule.purposes.contains(Purpose::ManageSecurityInfo))
            .filter_map(|rule| rule.strength);
        strengths
            .max()
            .map_or(Strength::TwoStep, |highest| highest.min(needs))
    }

    /// The strength of the method as a proof for managing, if it is one for this person.
    pub(crate) fn manages_with(
        &self,
        method: &Method,
        times: &mut impl Listener,
    ) -> Option<Strength> {
        let rule = self
            .method_available(method, &mut TimesOf(times))
            .continue_value()??;
        if rule.purposes.contains(Purpose::ManageSecurityInfo) {
            rule.strength
        } else {
            None
        }
    }

    /// The method of the proof, if it is by a registration that is still there and counts for managing.
    fn proving_method(
        &self,
        proof: &Proof,
        strength: Strength,
        times: &mut impl Listener,
    ) -> Option<&'a Method> {
        let Proven::Registration(id) = &proof.by else {
            return None;
        };
        let registration = self
            .registration(id)
            .filter(|registration| registration.state == State::Active)?;
        let proves = self.manages_with(&registration.method, times) >= Some(strength);
        proves.then_some(&registration.method)
    }
}

impl Registration {
    /// Whether the password alone changes nothing any more while this is there.
    pub(crate) fn is_second_factor(&self) -> bool {
        let stands = match self.method {
            Method::TemporaryPass => false,
            Method::RecoveryCodes => self.codes_left.unwrap_or(0) > 0,
            _ => self.method.highest_strength().is_some(),
        };
        stands && matches!(self.state, State::Active | State::Disabled)
    }
}
