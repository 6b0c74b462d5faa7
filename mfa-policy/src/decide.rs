//! The question and its answer.

use crate::account::AccountView;
use crate::action::Action;
use crate::case::{Case, Coming, Item};
use crate::context::Context;
use crate::decision::{Decision, Effect};
use crate::listener::{Findings, Flow, Listener, YesNo};
use crate::method::Method;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::subject::Subject;

impl Policy {
    /// Whether the action is allowed, every reason if not, and what would help.
    ///
    /// Total and deterministic: the same input gives the same answer, whatever order it is in, and no input panics.
    pub fn decide(
        &self,
        subject: &Subject,
        account: &AccountView,
        action: &Action,
        context: &Context,
    ) -> Decision {
        Case::new(self, subject, account, context).decide(action)
    }

    /// Whether [`Policy::decide`] says yes. Quick, and without allocation where a registration is used for signing in.
    #[must_use]
    pub fn allows(
        &self,
        subject: &Subject,
        account: &AccountView,
        action: &Action,
        context: &Context,
    ) -> bool {
        Case::new(self, subject, account, context).allows(action)
    }
}

impl<'a> Case<'a> {
    pub(crate) fn allows(&self, action: &'a Action) -> bool {
        self.judge(action, &mut YesNo).is_continue()
    }

    pub(crate) fn decide(&self, action: &'a Action) -> Decision {
        let findings = self.findings(action);
        let effect = findings.effect();
        let Findings {
            reasons,
            missing,
            changes_at,
        } = findings;
        let remedies = if effect == Effect::Deny {
            self.remedies(action, &reasons)
        } else {
            Vec::new()
        };
        Decision {
            effect,
            reasons,
            missing,
            remedies,
            recheck_at: changes_at,
        }
    }

    pub(crate) fn findings(&self, action: &'a Action) -> Findings {
        let mut findings = Findings::default();
        // What collects everything never breaks off.
        let _ = self.judge(action, &mut findings);
        findings.sorted()
    }

    /// Every rule for the action, heard by the listener.
    pub(crate) fn judge(&self, action: &'a Action, listener: &mut impl Listener) -> Flow {
        match action {
            Action::Accept { method, purpose } => {
                if *purpose == Purpose::PasswordReset {
                    self.reset_available(listener)?;
                }
                self.accepts(method, *purpose, listener)
            }
            Action::Use {
                registration,
                purpose,
            } => {
                self.oneself(listener)?;
                let Some(registration) = self.existing(registration, listener)? else {
                    return Flow::Continue(());
                };
                if *purpose == Purpose::PasswordReset {
                    self.use_as_gate(&Item::of(registration), listener)?;
                }
                self.usable(registration, *purpose, listener)
            }
            Action::Add { method, device } => self.add(
                Coming {
                    method,
                    device: device.as_ref(),
                },
                listener,
            ),
            Action::CreateAppPassword => self.add(Method::AppPassword.coming(), listener),
            Action::Confirm { registration } => self.confirm(registration, listener),
            Action::Remove { registration } => self.remove(registration, listener),
            Action::Replace {
                registration,
                method,
                device,
            } => self.replace(
                registration,
                Coming {
                    method,
                    device: device.as_ref(),
                },
                listener,
            ),
            Action::Rename { registration } => self.rename(registration, listener),
            Action::SetDefault { registration } => self.set_default(registration, listener),
            Action::StartReset => self.start_reset(listener),
            Action::FinishReset => self.finish_reset(listener),
            Action::RememberDevice => self.remember_device(listener),
            Action::Administer(administration) => self.administer(administration, listener),
        }
    }
}
