//! Whether a method is there for a person, and a registration for a purpose.

use std::ops::ControlFlow;

use crate::account::{Registration, State};
use crate::case::Case;
use crate::listener::{Flow, Listener, TimesOf};
use crate::method::{Method, Strength};
use crate::policy::Rule;
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::subject::Role;

impl<'a> Case<'a> {
    /// Whether the policy has the method for this person now. Gives the rule, also where it is denied, if there is one.
    pub(crate) fn method_available(
        &self,
        method: &Method,
        listener: &mut impl Listener,
    ) -> ControlFlow<(), Option<&'a Rule>> {
        let rule = self.policy.rule(method);
        match rule {
            None => listener.deny(|| Reason::NotInPolicy {
                method: method.clone(),
            })?,
            Some(rule) => self.rule_available(rule, listener)?,
        }
        ControlFlow::Continue(rule)
    }

    fn rule_available(&self, rule: &Rule, listener: &mut impl Listener) -> Flow {
        let method = &rule.method;
        self.rule_on(rule, listener)?;
        for other in rule.needs_enabled.iter() {
            // INVARIANT: a validated policy has a rule for what another method needs.
            let other = self.policy.rule_at(other);
            if !other.is_some_and(|other| self.rule_on(other, &mut TimesOf(listener)).is_continue())
            {
                let other = other.map_or(method, |other| &other.method).clone();
                listener.deny(|| Reason::NeedsEnabled {
                    method: method.clone(),
                    other,
                })?;
            }
        }
        Flow::Continue(())
    }

    /// Switched on, for this person, and not retired.
    fn rule_on(&self, rule: &Rule, listener: &mut impl Listener) -> Flow {
        let method = &rule.method;
        if !rule.enabled {
            listener.deny(|| Reason::MethodOff {
                method: method.clone(),
            })?;
        }
        if !rule.audience.includes(self.subject) {
            listener.deny(|| Reason::NotForGroups {
                method: method.clone(),
            })?;
        }
        if let Some(group) = rule.audience.excluding(self.subject) {
            listener.deny(|| Reason::Excluded {
                method: method.clone(),
                group: group.clone(),
            })?;
        }
        if let Some(since) = rule.sunset
            && self.reached(since, listener)
        {
            listener.deny(|| Reason::Retired {
                method: method.clone(),
                since,
            })?;
        }
        Flow::Continue(())
    }

    /// Whether the method counts for the purpose, for this person, whatever is registered.
    pub(crate) fn accepts(
        &self,
        method: &Method,
        purpose: Purpose,
        listener: &mut impl Listener,
    ) -> Flow {
        if let Some(rule) = self.method_available(method, listener)? {
            if !rule.purposes.contains(purpose) {
                listener.deny(|| Reason::PurposeNotAllowed {
                    method: method.clone(),
                    purpose,
                })?;
            } else if let Some(needs) = self.least_strength(purpose)
                && rule.strength < Some(needs)
            {
                listener.deny(|| Reason::TooWeak {
                    method: method.clone(),
                    needs,
                    has: rule.strength,
                })?;
            }
        }
        if purpose == Purpose::PasswordReset {
            self.counts_for_this_reset(method, listener)
        } else {
            Flow::Continue(())
        }
    }

    /// The strength that a proof needs: for managing, not more than the account has, so that a stronger one can be added.
    pub(crate) fn least_strength(&self, purpose: Purpose) -> Option<Strength> {
        let needs = self.needed_strength(purpose)?;
        Some(if purpose == Purpose::ManageSecurityInfo {
            self.proof_strength()
        } else {
            needs
        })
    }

    fn counts_for_this_reset(&self, method: &Method, listener: &mut impl Listener) -> Flow {
        let reset = &self.policy.reset;
        let Some(index) = self.policy.index(method) else {
            return Flow::Continue(());
        };
        if self.subject.role() == Role::Administrator
            && reset.administrators_without.contains(index)
        {
            listener.deny(|| Reason::NotForThisReset {
                method: method.clone(),
                administrators: true,
            })?;
        }
        if reset.gates(self.subject) == 1 && reset.one_gate_without.contains(index) {
            listener.deny(|| Reason::NotForThisReset {
                method: method.clone(),
                administrators: false,
            })?;
        }
        Flow::Continue(())
    }

    /// The strength that the person's groups need for the purpose.
    pub(crate) fn needed_strength(&self, purpose: Purpose) -> Option<Strength> {
        let requirements = self.policy.requirements.iter();
        let concerned = requirements.filter(|requirement| {
            requirement.purpose == purpose && requirement.concerns(self.subject)
        });
        concerned
            .filter_map(|requirement| requirement.strength)
            .max()
    }

    /// Whether the method works where the person is.
    pub(crate) fn works_here(&self, method: &Method, listener: &mut impl Listener) -> Flow {
        if let Some(capability) = method.needs_capability() {
            match self.context.capability(capability) {
                Some(true) => {}
                Some(false) => listener.deny(|| Reason::CapabilityMissing {
                    method: method.clone(),
                    capability,
                })?,
                None => listener.need(Input::from(capability))?,
            }
        }
        if method.is_telephone() {
            match self.context.number_at_risk {
                Some(true) => listener.deny(|| Reason::NumberAtRisk {
                    method: method.clone(),
                })?,
                None if self.policy.rule(method).is_some_and(|rule| rule.restricted) => {
                    listener.need(Input::NumberAtRisk)?;
                }
                Some(false) | None => {}
            }
        }
        Flow::Continue(())
    }

    /// Whether the registration is in a state to be used now.
    pub(crate) fn in_order(
        &self,
        registration: &Registration,
        listener: &mut impl Listener,
    ) -> Flow {
        self.active_and_unlocked(registration, listener)?;
        let id = || registration.id.clone();
        match registration.method {
            Method::TemporaryPass => {
                let Some(pass) = registration.pass else {
                    return listener.deny(|| Reason::PassWithoutValidity { registration: id() });
                };
                if !self.reached(pass.from, listener) {
                    listener.deny(|| Reason::PassNotYetValid {
                        registration: id(),
                        from: pass.from,
                    })?;
                }
                if self.reached(pass.until, listener) {
                    listener.deny(|| Reason::PassExpired {
                        registration: id(),
                        since: pass.until,
                    })?;
                }
                if pass.used && (pass.one_time || self.policy.temporary_pass.one_time) {
                    listener.deny(|| Reason::PassUsed { registration: id() })?;
                }
            }
            Method::RecoveryCodes if registration.codes_left.unwrap_or(0) == 0 => {
                listener.deny(|| Reason::NoCodesLeft { registration: id() })?;
            }
            _ => {}
        }
        Flow::Continue(())
    }

    /// Tested, not switched off, and not locked.
    pub(crate) fn active_and_unlocked(
        &self,
        registration: &Registration,
        listener: &mut impl Listener,
    ) -> Flow {
        let id = || registration.id.clone();
        match registration.state {
            State::Active => {}
            State::Pending => listener.deny(|| Reason::Pending { registration: id() })?,
            State::Disabled => listener.deny(|| Reason::Disabled { registration: id() })?,
            State::Deactivated => listener.deny(|| Reason::Deactivated { registration: id() })?,
        }
        if let Some(until) = registration.locked_until
            && !self.reached(until, listener)
        {
            listener.deny(|| Reason::Locked {
                registration: id(),
                until,
            })?;
        }
        Flow::Continue(())
    }

    /// Whether the registration can be used here and now for the purpose.
    pub(crate) fn usable(
        &self,
        registration: &Registration,
        purpose: Purpose,
        listener: &mut impl Listener,
    ) -> Flow {
        self.accepts(&registration.method, purpose, listener)?;
        self.works_here(&registration.method, listener)?;
        self.in_order(registration, listener)
    }
}
