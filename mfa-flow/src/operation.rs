//! One operation on one account: what all of them share.

use mfa_policy::{
    AccountView, Action, Administration, Capability, Context, Decision, Method, Proven,
    RegistrationId, Role, State, Timestamp,
};
use rand_core::CryptoRng;

use crate::account::{Account, Version};
use crate::change::{Change, Claim, Outgoing, Write};
use crate::effect::{Effect, Notice};
use crate::enrolment::MisreadKey;
use crate::event::{Event, What};
use crate::flow::Flow;
use crate::hashing::{Digest, Domain};
use crate::history::Binding;
use crate::id::CommitId;
use crate::proof::Rejected;
use crate::registration::Registered;
use crate::session::{SessionRecord, SessionRef};
use crate::visit::{Authority, Visit};

/// An operation that is about to be decided: [`Flow::on`] makes it, and each of its methods decides one thing and gives a
/// [`Change`].
#[must_use = "it does nothing by itself"]
pub struct Operation<'a> {
    pub(crate) flow: &'a Flow,
    pub(crate) account: Account,
    pub(crate) visit: &'a Visit,
    pub(crate) rng: &'a mut dyn CryptoRng,
    /// The session of the visit, as the account knows it.
    pub(crate) session: Option<Digest>,
    base: Version,
    outgoing: Vec<Outgoing>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) releases: Vec<Claim>,
}

/// Why something was not done, for a person who is signed in.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// The policy denies it: the reasons, and what would help.
    #[error("the policy denies it")]
    Policy(Box<Decision>),
    /// The answer was not accepted.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// There is no such session, challenge, enrolment or registration any more. Begin again.
    #[error("that is over; begin again")]
    Over,
    /// It was sent just now, or too often.
    #[error("nothing more is sent before {until}")]
    TooSoon {
        /// From then on it can be sent again.
        until: Timestamp,
    },
    /// Nothing more is sent for this. Use another method, or begin again.
    #[error("nothing more is sent for this; use another method, or begin again")]
    NoMoreSends,
    /// The authenticator app shows other codes than its key says, because it takes defaults.
    #[error("the authenticator app does not compute its codes as it was told to")]
    MisreadKey(MisreadKey),
    /// So much is registered that nothing can be added before something is removed.
    #[error("the account is full; remove something first")]
    Full,
    /// What was given cannot be used, as the text says. It repeats nothing of it.
    #[error("{0}")]
    Invalid(&'static str),
}

impl<'a> Operation<'a> {
    pub(crate) fn new(
        flow: &'a Flow,
        account: Account,
        visit: &'a Visit,
        rng: &'a mut dyn CryptoRng,
    ) -> Self {
        let session = visit
            .session
            .as_ref()
            .map(|session| session.digest(&flow.hash_key, &account));
        Self {
            flow,
            base: account.version,
            account,
            visit,
            rng,
            session,
            outgoing: Vec::new(),
            claims: Vec::new(),
            releases: Vec::new(),
        }
    }

    /// Ends the operation. The account has a new version, whatever was decided: an answer that is not accepted costs
    /// the same as one that is.
    pub(crate) fn finish<T>(mut self, outcome: T) -> Change<T> {
        self.account.version = self.base.next();
        // Two registrations can share a claim: a text and a call to one number. It goes with the last of them.
        let kept = &self.account.record.registrations;
        self.releases
            .retain(|claim| !kept.iter().any(|held| held.claim.as_ref() == Some(claim)));
        if self.has_orphaned_enrolment() {
            self.end_pending();
        }
        let write = Write {
            commit: CommitId::random(self.rng),
            account: self.account,
            base: self.base,
            outgoing: self.outgoing,
            claims: self.claims,
            releases: self.releases,
        };
        Change::new(write, outcome)
    }

    /// Ends the operation with a no that the policy did not say, which stands in the audit log all the same.
    pub(crate) fn refuse<T>(mut self, refused: Refused) -> Change<Result<T, Refused>> {
        let reason = match refused {
            Refused::TooSoon { .. } => "too_soon",
            Refused::NoMoreSends => "no_more_sends",
            _ => "over",
        };
        let reasons = vec![reason.to_owned()];
        self.event(What::Refused { reasons });
        self.finish(Err(refused))
    }

    pub(crate) const fn now(&self) -> Timestamp {
        self.visit.now
    }

    /// Whether nothing is accepted, whatever is right: the host has switched the account off, or has mixed two people up.
    pub(crate) fn is_switched_off(&self) -> bool {
        self.account.record.suspended || self.is_of_somebody_else()
    }

    /// Whether the visit is about another person than the account, whose groups say nothing about this one. Nobody administers
    /// a decoy.
    pub(crate) fn is_of_somebody_else(&self) -> bool {
        match self.account.key().person() {
            Some(person) => person != self.visit.subject.id(),
            None => self.visit.administrator.is_some(),
        }
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.outgoing.push(Outgoing::Effect(effect));
    }

    /// Tells the person, also where his registrations reach him. Call it before a contact goes, and after one comes.
    pub(crate) fn notify(&mut self, notice: Notice) {
        let also = self.account.contacts();
        self.effect(Effect::NotifyUser { notice, also });
    }

    /// An event about the account as a whole.
    pub(crate) fn event(&mut self, what: What) {
        self.event_about(what, None);
    }

    /// An event about a registration.
    pub(crate) fn event_about(&mut self, what: What, about: Option<(RegistrationId, Method)>) {
        let (registration, method) = about.unzip();
        self.outgoing.push(Outgoing::Event(Event {
            at: self.now(),
            what,
            registration,
            method,
            session: self.session.map(SessionRef::from),
            by: self.by(),
            origin: self.visit.origin.clone(),
        }));
    }

    /// What a policy has to know: the circumstances, and what was proven in this session. Of what the client said, nothing.
    pub(crate) fn context(&self) -> Context {
        let mut context =
            Context::at(self.now()).with_registered_elsewhere(!self.account.taken.is_empty());
        if let Some(present) = self.visit.webauthn {
            context = context.with_capability(Capability::Webauthn, present);
        }
        if let Some(present) = self.visit.telephony {
            context = context.with_capability(Capability::Telephony, present);
        }
        if let Some(at_risk) = self.visit.number_at_risk {
            context = context.with_number_at_risk(at_risk);
        }
        if let Some(administrator) = &self.visit.administrator {
            let (role, proof) = match &administrator.authority {
                Authority::Person { role, proof } => (*role, proof.as_ref()),
                Authority::Operator => (Role::User, None),
            };
            context = context.asked_by(administrator.id.clone(), role);
            // What the administrator proved stands on another account of this tenant; what is proven on this one is not his.
            let tenant = self.account.key().tenant();
            return match proof.filter(|proof| proof.key.tenant() == tenant) {
                Some(proof) => {
                    context.proven(Proven::Registration(proof.registration.clone()), proof.at)
                }
                None => context,
            };
        }
        // Without a first factor nothing was proven that opens anything: the proofs of a password reset count in that reset
        // only, see `context_for`.
        let session = self.session.and_then(|id| self.account.session(&id));
        match session.and_then(|session| Some((session, session.first_factor?))) {
            Some((session, at)) => with_proofs(context.proven(Proven::Password, at), session),
            None => context,
        }
    }

    /// The same with what was proven in this session as if it were now: for what it matters to that it was, and not when.
    pub(crate) fn context_as_if_proven_now(&self) -> Context {
        let session = self.session.and_then(|id| self.account.session(&id));
        let proofs = session.iter().flat_map(|session| &session.proofs);
        proofs.fold(self.context(), |context, proof| {
            context.proven(Proven::Registration(proof.by.clone()), self.now())
        })
    }

    /// Whether the policy allows it. If not, the audit log has the reasons.
    pub(crate) fn permitted(&mut self, action: &Action) -> Result<(), Refused> {
        self.permitted_in(action, &self.context())
    }

    pub(crate) fn permitted_in(
        &mut self,
        action: &Action,
        context: &Context,
    ) -> Result<(), Refused> {
        // An account that is switched off does nothing for its person. An administrator may put it in order.
        if self.is_of_somebody_else()
            || (self.account.record.suspended && self.visit.administrator.is_none())
        {
            return Err(Refused::Over);
        }
        let view = self.account.view();
        if self
            .flow
            .policy
            .allows(&self.visit.subject, &view, action, context)
        {
            return if adds(action) && self.account.is_full() {
                Err(Refused::Full)
            } else {
                Ok(())
            };
        }
        let decision = self
            .flow
            .policy
            .decide(&self.visit.subject, &view, action, context);
        let reasons = decision
            .reasons()
            .iter()
            .map(|reason| reason.code().to_owned())
            .collect();
        self.event(What::Refused { reasons });
        Err(Refused::Policy(Box::new(decision)))
    }

    /// Makes the account what the policy says it is after an action that was allowed: which registrations go, what their
    /// states are, and which one is the default.
    pub(crate) fn adopt(&mut self, action: &Action) {
        let after = self.outcome(action);
        self.become_like(&after, None);
    }

    /// The same for an action that adds a registration, which is this one. No if the policy did not add it.
    pub(crate) fn adopt_new(&mut self, action: &Action, coming: Registered) -> bool {
        let after = self.outcome(action);
        // What the policy adds has a name that it made up; what it confirms has its own.
        let before = self.account.view();
        let mut all = after.registrations().iter();
        let added = all
            .find(|registration| before.registration(registration.id()).is_none())
            .or_else(|| after.registration(&coming.id))
            .filter(|registration| {
                registration.state() == State::Active && *registration.method() == coming.method
            });
        let Some(added) = added.map(|added| added.id().clone()) else {
            return false;
        };
        let id = coming.id.clone();
        self.account.record.registrations.push(coming);
        self.become_like(&after, Some((&id, &added)));
        true
    }

    pub(crate) fn outcome(&self, action: &Action) -> AccountView {
        let (policy, view) = (&self.flow.policy, self.account.view());
        policy.outcome(&self.visit.subject, &view, action, &self.context())
    }

    /// `renamed` is a registration and the name that `after` has for it.
    fn become_like(
        &mut self,
        after: &AccountView,
        renamed: Option<(&RegistrationId, &RegistrationId)>,
    ) {
        let view_of = |id: &RegistrationId| match renamed {
            Some((ours, theirs)) if id == ours => after.registration(theirs),
            _ => after.registration(id),
        };
        let mut gone = Vec::new();
        for registered in &mut self.account.record.registrations {
            match view_of(&registered.id) {
                Some(view) => registered.state = view.state(),
                None => gone.push((registered.id.clone(), registered.method.clone())),
            }
        }
        let record = &mut self.account.record;
        for registered in record
            .registrations
            .extract_if(.., |r| view_of(&r.id).is_none())
        {
            self.releases.extend(registered.claim);
        }
        let is_known = |id: &&RegistrationId| record.registrations.iter().any(|r| r.id == **id);
        let default = after.chosen_default().map(|id| match renamed {
            Some((ours, theirs)) if id == theirs => ours,
            _ => id,
        });
        record.default = default.filter(is_known).cloned();
        for (registration, method) in gone {
            self.write_down(Binding::Removed, registration.clone(), method.clone());
            self.event_about(What::Removed, Some((registration, method)));
        }
    }

    pub(crate) fn digest(&self, domain: Domain, context: &[u8], value: &[u8]) -> Digest {
        self.flow
            .hash_key
            .digest(domain, self.account.key(), context, value)
    }
}

pub(crate) fn with_proofs(context: Context, session: &SessionRecord) -> Context {
    session.proofs.iter().fold(context, |context, proof| {
        context.proven(Proven::Registration(proof.by.clone()), proof.at)
    })
}

/// Whether the account is larger afterwards.
const fn adds(action: &Action) -> bool {
    matches!(
        action,
        Action::Add { .. }
            | Action::Replace { .. }
            | Action::CreateAppPassword
            | Action::Administer(Administration::Add { .. })
    )
}

impl std::fmt::Debug for Operation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}
