//! Looking before doing: what a page shows of an account, and what would follow. Nothing is changed, so there is nothing to commit.

use mfa_policy::{AccountView, Action, Decision, Overview, Reason, State};

use crate::operation::Operation;

impl Operation<'_> {
    /// Everything that a page about the security info shows, with what was proven in this session.
    #[must_use]
    pub fn overview(&self) -> Overview {
        self.overview_of(&self.account.view())
    }

    /// The same after that action, for telling somebody the consequences before he says yes. What is not allowed now changes
    /// nothing, so ask [`decide`](Self::decide) first.
    #[must_use]
    pub fn overview_after(&self, action: &Action) -> Overview {
        self.overview_of(&self.outcome(action))
    }

    /// Whether the policy allows it in this session, every reason why not, and what would help. The operation itself asks once
    /// more.
    pub fn decide(&self, action: &Action) -> Decision {
        let view = self.account.view();
        self.flow
            .policy
            .decide(&self.visit.subject, &view, action, &self.context())
    }

    /// Whether the security info may be opened, or a proof has to come first ([`Purpose::ManageSecurityInfo`]): as soon as
    /// something is registered it takes two-step verification, and one that a remembered device spared is none. How long ago it
    /// was does not matter for looking.
    ///
    /// [`Purpose::ManageSecurityInfo`]: mfa_policy::Purpose::ManageSecurityInfo
    #[must_use]
    pub fn may_open(&self) -> bool {
        if self.signed_in().is_err() {
            return false;
        }
        let view = self.account.view();
        let mut registered = view.registrations().iter();
        let Some(registered) = registered.find(|r| r.state() != State::Pending) else {
            return true;
        };
        // A name is the least that can be changed, and takes the same proof as everything else.
        let action = Action::Rename {
            registration: registered.id().clone(),
        };
        let (policy, subject) = (&self.flow.policy, &self.visit.subject);
        let decision = policy.decide(subject, &view, &action, &self.context_as_if_proven_now());
        !decision
            .reasons()
            .iter()
            .any(|reason| matches!(reason, Reason::NeedsProof { .. } | Reason::NeedsFirstFactor))
    }

    fn overview_of(&self, view: &AccountView) -> Overview {
        self.flow
            .policy
            .overview(&self.visit.subject, view, &self.context())
    }
}
