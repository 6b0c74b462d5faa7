//! Signing in: from the first factor to a session that may do what it asks for.

use mfa_policy::{Purpose, Required};

use crate::change::Change;
use crate::event::{Class, What};
use crate::operation::Operation;
use crate::proof::Rejected;
use crate::session::{SessionId, SessionRecord};

/// A session after the first factor.
#[derive(Debug)]
pub struct SignedIn {
    session: SessionId,
    next: Next,
}

impl SignedIn {
    /// The session, to be kept in the host's own.
    #[must_use]
    pub const fn session(&self) -> &SessionId {
        &self.session
    }

    /// What comes next.
    #[must_use]
    pub const fn next(&self) -> Next {
        self.next
    }
}

/// What has to come before somebody is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the person is in.
    Done,
    /// The second step: [`Operation::challenge`] with [`Purpose::TwoStep`].
    SecondStep,
    /// The policy requires a second step, and nothing is registered for it: the session may only register.
    Register,
}

impl Operation<'_> {
    /// Begins a session, after the host has verified the password (or whatever stands in its place).
    ///
    /// Whatever is counted against second factors is counted only in sessions that were begun so.
    /// `remembered` is the token of a remembered device, if the browser has one.
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if the account is switched off, or a decoy.
    pub fn first_factor(mut self, remembered: Option<&str>) -> Change<Result<SignedIn, Rejected>> {
        let now = self.now();
        let id = SessionId::random(self.rng);
        if self.account.record.suspended || self.account.key().is_decoy() {
            let result = if self.account.record.suspended {
                Class::Suspended
            } else {
                Class::UnknownPerson
            };
            self.event(What::Answered {
                purpose: Some(Purpose::FirstFactor),
                result,
            });
            return self.finish(Err(Rejected(())));
        }
        let digest = id.digest(&self.flow.hash_key, &self.account);
        self.account.keep_session(SessionRecord {
            id: digest,
            begun: now,
            first_factor: Some(now),
            proofs: Vec::new(),
        });
        self.session = Some(digest);
        self.event(What::FirstFactor);
        let next = if self.is_remembered(remembered) {
            Next::Done
        } else {
            self.next()
        };
        self.finish(Ok(SignedIn { session: id, next }))
    }

    /// What this session still needs before the person is in. It reads only; the account was loaded, so what it says is durable.
    #[must_use]
    pub fn next(&self) -> Next {
        let two_step = |required: &Required| required.purpose == Purpose::TwoStep;
        let required = self
            .flow
            .policy
            .required(&self.visit.subject)
            .iter()
            .any(two_step);
        let proven = self
            .session
            .and_then(|id| self.account.session(&id))
            .is_some_and(|session| {
                session
                    .proofs
                    .iter()
                    .any(|proof| self.counts_for_sign_in(&proof.by))
            });
        if proven {
            return Next::Done;
        }
        // What is disabled or locked still stands: who spoils a factor by guessing must not get in without it.
        let stands = self
            .account
            .registrations()
            .any(|registered| self.flow.policy.strength(&registered.method).is_some());
        match (stands, required) {
            (true, _) => Next::SecondStep,
            (false, true) => Next::Register,
            (false, false) => Next::Done,
        }
    }

    /// Whether a proof that was given in this session by that registration is enough for sign-in, now.
    fn counts_for_sign_in(&self, registration: &mfa_policy::RegistrationId) -> bool {
        let Some(registered) = self.account.registered(registration) else {
            return false;
        };
        let accept = |purpose| mfa_policy::Action::Accept {
            method: registered.method.clone(),
            purpose,
        };
        let view = self.account.view();
        [Purpose::TwoStep, Purpose::FirstFactor]
            .into_iter()
            .any(|purpose| {
                self.flow.policy.allows(
                    &self.visit.subject,
                    &view,
                    &accept(purpose),
                    &self.context(),
                )
            })
    }

    /// Ends the session of the visit, with its challenges and with an enrolment that was begun in it.
    pub fn sign_out(mut self) -> Change<()> {
        if let Some(session) = self.session {
            self.account.end_session(&session);
            self.event(What::SessionEnded);
        }
        self.finish(())
    }
}
