//! Signing in: from the first factor to a session that may do what it asks for.

use mfa_policy::{Action, Method, Purpose, RegistrationId, Strength};

use crate::budget::Failures;
use crate::change::Change;
use crate::event::{Class, What};
use crate::operation::Operation;
use crate::password_try::PasswordTry;
use crate::proof::Rejected;
use crate::registration::Registered;
use crate::session::{SessionId, SessionRecord};

/// A session after the first factor.
#[derive(Debug)]
pub struct SignedIn {
    session: SessionId,
    next: Next,
    failures: Failures,
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

    /// Wrong passwords since the last right one, as far as they are counted here. Show them to the person (ASVS 6.3.5).
    #[must_use]
    pub const fn failures(&self) -> &Failures {
        &self.failures
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
    /// Begins a session, after the host has verified what was typed for [`password_tried`](Self::password_tried), and it was right. What was
    /// counted of the password is over; what is counted of second factors stays.
    ///
    /// `remembered` is the token of a remembered device, if the browser has one.
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if the try is not open or is another account's, the account is switched off, or a decoy.
    pub fn password_was_right(
        self,
        tried: &PasswordTry,
        remembered: Option<&str>,
    ) -> Change<Result<SignedIn, Rejected>> {
        self.begin_session(Some(tried), remembered)
    }

    /// Begins a session, after the host has verified whatever stands in the place of the password, or the password where it counts wrong ones
    /// itself: nothing of that is counted here, and no lock is looked at. Else it is [`password_was_right`](Self::password_was_right).
    ///
    /// Whatever is counted against second factors is counted only in sessions that were begun so.
    /// `remembered` is the token of a remembered device, if the browser has one.
    ///
    /// # Errors
    /// In the outcome: [`Rejected`] if the account is switched off, or a decoy.
    pub fn first_factor(self, remembered: Option<&str>) -> Change<Result<SignedIn, Rejected>> {
        self.begin_session(None, remembered)
    }

    fn begin_session(
        mut self,
        tried: Option<&PasswordTry>,
        remembered: Option<&str>,
    ) -> Change<Result<SignedIn, Rejected>> {
        let now = self.now();
        let id = SessionId::random(self.rng);
        let result = self.may_begin_session(tried);
        if result != Class::Accepted {
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
            first_by: None,
            remembered: self.remembered_device(remembered),
            reset: None,
            proofs: Vec::new(),
        });
        self.session = Some(digest);
        self.event(What::FirstFactor);
        let next = self.next();
        let failures = tried.map(|right| self.account.record.password.succeed(right));
        self.finish(Ok(SignedIn {
            session: id,
            next,
            failures: failures.unwrap_or_default(),
        }))
    }

    fn may_begin_session(&self, tried: Option<&PasswordTry>) -> Class {
        if self.is_switched_off() {
            Class::Suspended
        } else if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if tried.is_some_and(|tried| !tried.is_of(self.account.key())) {
            Class::NoChallenge
        } else if tried.is_some_and(|tried| !tried.is_open()) {
            Class::Locked
        } else {
            Class::Accepted
        }
    }

    /// What this session still needs before the person is in. It reads only; the account was loaded, so what it says is durable.
    #[must_use]
    pub fn next(&self) -> Next {
        if self.is_switched_off() {
            return Next::SecondStep;
        }
        let session = self.session.and_then(|id| self.account.session(&id));
        if session.is_some_and(|session| self.is_passed(session)) {
            return Next::Done;
        }
        let stands = self.account.registrations().any(|registered| {
            self.flow.policy.strength(&registered.method).is_some() && registered.stands(self.now())
        });
        let required = self.flow.policy.required(&self.visit.subject);
        let required = required.iter().any(|r| r.purpose == Purpose::TwoStep);
        let begun = session.is_some_and(|session| session.first_factor.is_some());
        match required {
            _ if stands || !begun => Next::SecondStep,
            true => Next::Register,
            false => Next::Done,
        }
    }

    /// Whether a second step was passed in this session, or is spared by a device that is still remembered.
    fn is_passed(&self, session: &SessionRecord) -> bool {
        if session.first_factor.is_none() {
            return false;
        }
        let spared = session
            .remembered
            .is_some_and(|id| self.is_still_remembered(id));
        spared
            || session
                .proofs
                .iter()
                .any(|proof| self.is_second_step(session, &proof.by))
    }

    /// Whether a proof is a second step of this session: one that the policy accepts, and not what the session began
    /// with, unless that is two factors at once (a passkey, the gesture of the phone) or stands for them (a pass).
    pub(crate) fn is_second_step(&self, session: &SessionRecord, by: &RegistrationId) -> bool {
        let Some(registered) = self.account.registered(by) else {
            return false;
        };
        let method = &registered.method;
        let began_with_it = session
            .first_by
            .as_ref()
            .is_some_and(|first| self.is_same_factor(first, registered));
        let is_both = *method == Method::TemporaryPass
            || self.flow.policy.strength(method) >= Some(Strength::Passwordless);
        let purpose = match (began_with_it, is_both) {
            (true, false) => return false,
            (true, true) => Purpose::FirstFactor,
            (false, _) => Purpose::TwoStep,
        };
        let accept = Action::Accept {
            method: method.clone(),
            purpose,
        };
        let view = self.account.view();
        self.flow
            .policy
            .allows(&self.visit.subject, &view, &accept, &self.context())
    }

    /// Whether the session began with this factor, so that it is no second one.
    pub(crate) fn is_first_factor(&self, registered: &Registered) -> bool {
        let session = self.session.and_then(|id| self.account.session(&id));
        let first = session.and_then(|session| session.first_by.as_ref());
        first.is_some_and(|first| self.is_same_factor(first, registered))
    }

    /// Whether both are one factor: the same registration, or one device.
    fn is_same_factor(&self, first: &RegistrationId, other: &Registered) -> bool {
        let device = self
            .account
            .registered(first)
            .and_then(|first| first.device.as_ref());
        *first == other.id || (device.is_some() && device == other.device.as_ref())
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
