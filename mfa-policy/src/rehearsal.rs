//! Steps tried out on copies of the account and, if need be, of the policy.

use std::borrow::Cow;

use crate::account::{AccountView, State};
use crate::action::{Action, Administration};
use crate::case::Case;
use crate::change::AddedBy;
use crate::context::{Context, Proof, Proven};
use crate::decision::{Request, Step};
use crate::draft::{MethodDraft, PolicyDraft};
use crate::listener::NotDenied;
use crate::method::{Capability, Method};
use crate::name::RegistrationId;
use crate::outcome::Change;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::subject::Subject;

/// A copy of an account and its circumstances.
pub(crate) struct Rehearsal<'a> {
    policy: Cow<'a, Policy>,
    subject: &'a Subject,
    account: AccountView,
    context: Context,
}

impl<'a> Case<'a> {
    pub(crate) fn rehearsal(&self) -> Rehearsal<'a> {
        Rehearsal {
            policy: Cow::Borrowed(self.policy),
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
        let removed: Vec<&RegistrationId> = steps
            .iter()
            .filter_map(removed_by)
            .filter_map(<[RegistrationId]>::first)
            .collect();
        let another_pass = steps.iter().find_map(another_pass);
        steps.iter().all(|step| self.take(step, &removed))
            && self.is_allowed(another_pass.as_ref().unwrap_or(action))
    }

    fn is_allowed(&self, action: &Action) -> bool {
        self.case().judge(action, &mut NotDenied).is_continue()
    }

    fn case(&self) -> Case<'_> {
        Case::new(&self.policy, self.subject, &self.account, &self.context)
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
            Step::Prove { one_of, .. } => {
                let usable = |id: &&RegistrationId| {
                    !removed.contains(id) && self.can_use(id, Purpose::ManageSecurityInfo)
                };
                match one_of.iter().find(usable) {
                    Some(id) => self.prove(Proven::Registration(id.clone())),
                    None => return false,
                }
            }
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
                    if !self.can_use(id, Purpose::PasswordReset) {
                        return false;
                    }
                    self.prove(Proven::Registration(id.clone()));
                }
            }
            // Another question.
            Step::ChangePass { .. } => {}
            Step::Ask(request) => return self.ask(request),
        }
        true
    }

    fn ask(&mut self, request: &Request) -> bool {
        match request {
            Request::Register { method } => {
                let addable = self.case().can_add(method, AddedBy::Administrator);
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
            Request::AllowMethod { .. } | Request::AllowReset | Request::AllowRememberedDevices => {
                match self.policy.draft().granting(request).validate() {
                    Ok(policy) => self.policy = Cow::Owned(policy),
                    Err(_) => return false,
                }
                true
            }
            Request::DoIt => true,
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

    fn can_use(&self, id: &RegistrationId, purpose: Purpose) -> bool {
        self.is_allowed(&Action::Use {
            registration: id.clone(),
            purpose,
        })
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

    fn change(&mut self) -> Change<'_> {
        Change {
            policy: &self.policy,
            subject: self.subject,
            context: &self.context,
            account: &mut self.account,
        }
    }
}

/// The question as a step changes it.
fn another_pass(step: &Step) -> Option<Action> {
    match step {
        Step::ChangePass { minutes, one_time } => {
            Some(Action::Administer(Administration::IssuePass {
                minutes: Some(*minutes),
                one_time: *one_time,
            }))
        }
        _ => None,
    }
}

/// What a step removes: one of these.
pub(crate) fn removed_by(step: &Step) -> Option<&[RegistrationId]> {
    match step {
        Step::RemoveOneOf { registrations } | Step::Ask(Request::RemoveOneOf { registrations }) => {
            Some(registrations)
        }
        _ => None,
    }
}

impl PolicyDraft {
    /// The draft as an administrator would change it who grants the request.
    fn granting(&self, request: &Request) -> Self {
        let mut draft = self.clone();
        match request {
            Request::AllowMethod { method, purpose } => {
                let rule = draft.switch_on(method);
                rule.purposes.get_or_insert_default().extend(*purpose);
                for other in rule.needs_enabled.clone().unwrap_or_default() {
                    draft.switch_on(&other);
                }
            }
            Request::AllowReset => {
                let reset = &mut draft.reset;
                (reset.enabled, reset.include, reset.exclude) = (Some(true), None, None);
            }
            Request::AllowRememberedDevices => draft.remembered_devices.enabled = Some(true),
            _ => {}
        }
        draft
    }

    /// On, for everybody, for ever.
    fn switch_on(&mut self, method: &Method) -> &mut MethodDraft {
        let rule = self.methods.entry(method.clone()).or_default();
        (rule.enabled, rule.include, rule.exclude, rule.sunset) = (Some(true), None, None, None);
        rule
    }
}
