//! What must hold for every question: each law a function that stops where it does not hold. The properties ask them of random
//! questions, and fuzzing of whatever it comes upon.

pub(crate) mod accounts;
pub(crate) mod answers;
pub(crate) mod drafts;
pub(crate) mod overviews;
pub(crate) mod remedies;
pub(crate) mod shuffle;

use std::fmt;

use mfa_policy::{
    AccountView, Action, Administration, Context, Decision, Effect, Method, PersonId, Policy,
    Reason, RegistrationId, Role, Subject, Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// A whole question: may this person do that with this account under this policy?
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) policy: Policy,
    pub(crate) subject: Subject,
    pub(crate) account: AccountView,
    pub(crate) context: Context,
    pub(crate) action: Action,
}

impl Case {
    pub(crate) fn decide(&self) -> Decision {
        self.policy
            .decide(&self.subject, &self.account, &self.action, &self.context)
    }

    pub(crate) fn allows(&self) -> bool {
        self.policy
            .allows(&self.subject, &self.account, &self.action, &self.context)
    }

    pub(crate) fn outcome(&self) -> AccountView {
        self.policy
            .outcome(&self.subject, &self.account, &self.action, &self.context)
    }

    pub(crate) fn asking(&self, action: Action) -> Self {
        Self {
            action,
            ..self.clone()
        }
    }

    pub(crate) fn under(&self, policy: Policy) -> Self {
        Self {
            policy,
            ..self.clone()
        }
    }

    pub(crate) fn with_account(&self, account: AccountView) -> Self {
        Self {
            account,
            ..self.clone()
        }
    }

    pub(crate) fn with_context(&self, context: Context) -> Self {
        Self {
            context,
            ..self.clone()
        }
    }

    /// As asked by the person.
    pub(crate) fn by_oneself(&self) -> Self {
        let context = self
            .context
            .clone()
            .asked_by(self.subject.id().clone(), self.subject.role());
        self.with_context(context)
    }

    /// Whether the action names this registration, or is about all of them.
    pub(crate) fn is_about(&self, id: &RegistrationId) -> bool {
        match &self.action {
            Action::Use { registration, .. }
            | Action::Confirm { registration }
            | Action::Remove { registration }
            | Action::Replace { registration, .. }
            | Action::Rename { registration }
            | Action::SetDefault { registration }
            | Action::Administer(Administration::Remove { registration }) => registration == id,
            Action::Administer(Administration::Unlock | Administration::RequireRegistration) => {
                true
            }
            Action::Administer(Administration::Add { method, .. }) => {
                *method == Method::TemporaryPass && self.is_pass(id)
            }
            Action::Administer(Administration::IssuePass { .. }) => self.is_pass(id),
            Action::Accept { .. }
            | Action::Add { .. }
            | Action::StartReset
            | Action::FinishReset
            | Action::CreateAppPassword
            | Action::RememberDevice
            | Action::Administer(Administration::RevokeRememberedDevices) => false,
        }
    }

    fn is_pass(&self, id: &RegistrationId) -> bool {
        let registration = self.account.registration(id);
        registration.is_some_and(|registration| *registration.method() == Method::TemporaryPass)
    }

    /// Whether it is the person who asks.
    pub(crate) fn is_by_oneself(&self) -> bool {
        let context = serde_json::to_value(&self.context).unwrap();
        let actor = context.get("actor").and_then(|actor| actor.get("id"));
        actor.is_none_or(|id| *id == *self.subject.id().as_str())
    }
}

/// As texts that a test can be made of.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\npolicy:\n{}", self.policy.draft().to_toml())?;
        writeln!(f, "subject: {}", json(&self.subject))?;
        writeln!(f, "account: {}", json(&self.account))?;
        writeln!(f, "context: {}", json(&self.context))?;
        writeln!(f, "action:  {}", json(&self.action))
    }
}

/// The part of an answer that is not advice.
pub(crate) fn verdict(decision: &Decision) -> (Effect, Vec<Reason>) {
    (decision.effect(), decision.reasons().to_vec())
}

/// The same context at another time.
pub(crate) fn at(context: &Context, seconds: i64) -> Context {
    edited(context, |context| {
        let time = Timestamp::from_unix_seconds(seconds);
        context["now"] = Value::String(time.to_string());
    })
}

/// An administrator who is not the person.
pub(crate) fn another_administrator(subject: &Subject) -> (PersonId, Role) {
    let id = PersonId::new(&format!("not-{:.200}", subject.id().as_str())).unwrap();
    (id, Role::Administrator)
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// The same with something changed in its serialised form: tests can reach what the public interface does not offer.
pub(crate) fn edited<T: Serialize + DeserializeOwned>(
    value: &T,
    edit: impl FnOnce(&mut Value),
) -> T {
    let mut value = serde_json::to_value(value).unwrap();
    edit(&mut value);
    serde_json::from_value(value).unwrap()
}
