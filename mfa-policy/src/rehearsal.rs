//! Steps tried out on a copy of the account.

use crate::account::{AccountView, State};
use crate::action::{Action, Administration};
use crate::case::Case;
use crate::change::AddedBy;
use crate::context::{Context, Proof, Proven};
use crate::decision::{Request, Step};
use crate::listener::NotDenied;
use crate::method::{Capability, Method};
use crate::name::RegistrationId;
use crate::outcome::Change;
use crate::policy::Policy;
use crate::reason::Reason;
use crate::subject::Subject;

/// A copy of an account and its circumstances.
pub(crate) struct Rehearsal<'a> {
    policy: &'a Policy,
    subject: &'a Subject,
    account: AccountView,
    context: Context,
}

impl<'a> Case<'a> {
    pub(crate) fn rehearsal(&self) -> Rehearsal<'a> {
        Rehearsal {
            policy: self.policy,
            subject: self.subject,
            account: self.account.clone(),
            context: Context {
                now: self.now,
                ..self.context.clone()
            },
        }
    }
}

impl Rehearsal<'_> {
    /// Whether each step can be taken, and the action then is not denied.
    pub(crate) fn leads_to_yes(mut self, action: &Action, steps: &[Step]) -> bool {
        // Nobody proves with what is removed next.
        let removed: Vec<&RegistrationId> = steps.iter().filter_map(first_removed).collect();
        steps.iter().all(|step| self.take(step, &removed))
            && (self.is_allowed(action) || self.lacks_only_policy(action, steps))
    }

    fn is_allowed(&self, action: &Action) -> bool {
        Case::new(self.policy, self.subject, &self.account, &self.context)
            .judge(action, &mut NotDenied)
            .is_continue()
    }

    /// Whether only the policy is in the way, which one of the steps asks to change.
    fn lacks_only_policy(&self, action: &Action, steps: &[Step]) -> bool {
        let case = Case::new(self.policy, self.subject, &self.account, &self.context);
        let asked = |reason: &Reason| {
            let alternatives = case.alternatives(action, reason);
            alternatives
                .iter()
                .flatten()
                .any(|step| asks_for_policy(step) && steps.contains(step))
        };
        steps.iter().any(asks_for_policy) && case.findings(action).reasons.iter().all(asked)
    }

    /// Takes a step, with the first choice it leaves; false if it cannot be taken.
    fn take(&mut self, step: &Step, removed: &[&RegistrationId]) -> bool {
        match step {
            Step::Wait { until } => self.context.now = *until,
            Step::UseWhere {
                capability: Capability::Webauthn,
            } => self.context.webauthn = Some(true),
            Step::UseWhere {
                capability: Capability::Telephony,
            } => self.context.telephony = Some(true),
            Step::SignIn => self.prove(Proven::Password),
            Step::Prove { one_of, .. } => match one_of.iter().find(|id| !removed.contains(id)) {
                Some(id) => self.prove(Proven::Registration(id.clone())),
                None => return false,
            },
            Step::Confirm { registration } => {
                let taken = self.act(&Action::Confirm {
                    registration: registration.clone(),
                });
                self.prove(Proven::Registration(registration.clone()));
                return taken;
            }
            Step::RemoveOneOf { registrations } => {
                return registrations.first().is_some_and(|id| {
                    self.act(&Action::Remove {
                        registration: id.clone(),
                    })
                });
            }
            Step::Add { method } => return self.add(method),
            Step::SetDefault { one_of } => {
                return one_of.first().is_some_and(|id| {
                    self.act(&Action::SetDefault {
                        registration: id.clone(),
                    })
                });
            }
            Step::StartAgain => {
                self.context.proofs.clear();
                self.context.reset_started = Some(self.context.now);
            }
            Step::PassGates { registrations } => {
                for id in registrations {
                    self.prove(Proven::Registration(id.clone()));
                }
            }
            // Another question, which the alternatives got right by construction.
            Step::ChangePass { .. } => {}
            Step::Ask(request) => return self.ask(request),
        }
        true
    }

    fn ask(&mut self, request: &Request) -> bool {
        match request {
            Request::Register { method } => {
                let case = Case::new(self.policy, self.subject, &self.account, &self.context);
                let addable = case.can_add(method, AddedBy::Administrator);
                addable && self.register(method).is_some()
            }
            Request::RemoveOneOf { registrations } => match registrations.first() {
                Some(id) => {
                    self.change()
                        .apply(&Action::Administer(Administration::Remove {
                            registration: id.clone(),
                        }));
                    true
                }
                None => false,
            },
            Request::Unlock => {
                self.change()
                    .apply(&Action::Administer(Administration::Unlock));
                true
            }
            Request::IssuePass => {
                let one_time = self.policy.temporary_pass.one_time;
                self.change()
                    .apply(&Action::Administer(Administration::IssuePass {
                        minutes: None,
                        one_time,
                    }));
                let pass = self
                    .account
                    .registrations
                    .iter()
                    .find(|r| r.method == Method::TemporaryPass);
                let Some(id) = pass.map(|pass| pass.id.clone()) else {
                    return false;
                };
                self.prove(Proven::Registration(id));
                true
            }
            // The policy cannot be changed here; what these lead to is right by construction.
            Request::AllowMethod { .. }
            | Request::AllowReset
            | Request::AllowRememberedDevices
            | Request::DoIt => true,
        }
    }

    /// Does what the person may do.
    fn act(&mut self, action: &Action) -> bool {
        let allowed = self.is_allowed(action);
        if allowed {
            self.change().apply(action);
        }
        allowed
    }

    /// Registers a method and passes its test.
    fn add(&mut self, method: &Method) -> bool {
        let allowed = self.is_allowed(&Action::Add {
            method: method.clone(),
            device: None,
        });
        let Some(id) = allowed.then(|| self.register(method)).flatten() else {
            return false;
        };
        self.prove(Proven::Registration(id));
        true
    }

    fn register(&mut self, method: &Method) -> Option<RegistrationId> {
        let mut change = self.change();
        let id = change.free_id()?;
        change.insert(id.clone(), method, None, State::Pending);
        change.activate(&id);
        Some(id)
    }

    fn prove(&mut self, by: Proven) {
        let at = self.context.now;
        self.context.proofs.push(Proof { by, at });
    }

    const fn change(&mut self) -> Change<'_> {
        Change {
            policy: self.policy,
            subject: self.subject,
            context: &self.context,
            account: &mut self.account,
        }
    }
}

/// What a step removes, with the first choice it leaves.
fn first_removed(step: &Step) -> Option<&RegistrationId> {
    match step {
        Step::RemoveOneOf { registrations } | Step::Ask(Request::RemoveOneOf { registrations }) => {
            registrations.first()
        }
        _ => None,
    }
}

/// Whether a step asks for another policy.
const fn asks_for_policy(step: &Step) -> bool {
    matches!(
        step,
        Step::Ask(
            Request::AllowMethod { .. } | Request::AllowReset | Request::AllowRememberedDevices
        )
    )
}
