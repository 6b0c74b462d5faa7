//! What an administrator, or the operator's own tool, does with the account of somebody else. Neither ever reads a secret of
//! the person or chooses one (ASVS 6.4.6).

use mfa_policy::{Action, Administration, Method, PersonId, RegistrationId, State};

use crate::budget::Budget;
use crate::change::Change;
use crate::effect::Notice;
use crate::event::What;
use crate::history::Binding;
use crate::manage::{Confirmed, Removed};
use crate::operation::{Operation, Refused};
use crate::proof::OwnProof;
use crate::visit::{Administrator, Authority};

impl Operation<'_> {
    /// Removes a registration of somebody else, see [`remove`](Self::remove). The last method that the policy requires can be
    /// removed so: who lost it has to register again.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn remove_for_person(
        mut self,
        registration: &RegistrationId,
        _: Confirmed,
    ) -> Change<Result<Removed, Refused>> {
        let action = Action::Administer(Administration::Remove {
            registration: registration.clone(),
        });
        let outcome = self
            .permitted(&action)
            .map(|()| self.take_off(&action, registration));
        self.finish(outcome)
    }

    /// Demands that the person registers again: telephones, authenticator apps and recovery codes go, hardware tokens are
    /// switched off until [`unlock`](Self::unlock), what else is registered stays. All sessions end.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn require_registration(mut self) -> Change<Result<(), Refused>> {
        let action = Action::Administer(Administration::RequireRegistration);
        let outcome = self.permitted(&action).map(|()| {
            // Before anything goes, so that the old numbers are told, too.
            self.tell_of(What::RegistrationDemanded, None);
            self.event(What::RegistrationDemanded);
            let off = self.switched_off();
            self.adopt(&action);
            for (registration, method) in self.switched_off() {
                if !off.iter().any(|(before, _)| *before == registration) {
                    self.write_down(Binding::Deactivated, registration, method);
                }
            }
            self.factors_changed();
        });
        self.finish(outcome)
    }

    fn switched_off(&self) -> Vec<(RegistrationId, Method)> {
        let all = self.account.registrations();
        all.filter(|registered| registered.state == State::Deactivated)
            .map(|registered| (registered.id.clone(), registered.method.clone()))
            .collect()
    }

    /// Ends the locks of every factor, of the password, of enrolments and of password reset, and switches on again what an administrator
    /// switched off. What was disabled after too many failures in a row stays so until it is bound again (SP 800-63B-4
    /// §3.2.2), and the next failure locks again at once.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn unlock(mut self) -> Change<Result<(), Refused>> {
        let action = Action::Administer(Administration::Unlock);
        let outcome = self.permitted(&action).map(|()| {
            self.adopt(&action);
            let record = &mut self.account.record;
            for registered in &mut record.registrations {
                registered.unlock();
            }
            record.enrolling = Budget::default();
            record.reset.unlock();
            record.password.unlock();
            self.event(What::Unlocked);
            self.tell_of(What::Unlocked, None);
        });
        self.finish(outcome)
    }

    /// Forgets every device on which the person skips the second step.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn revoke_remembered_devices(mut self) -> Change<Result<(), Refused>> {
        let action = Action::Administer(Administration::RevokeRememberedDevices);
        let outcome = self.permitted(&action).map(|()| {
            self.forget_devices();
            self.tell_of(What::DevicesForgotten, None);
        });
        self.finish(outcome)
    }

    /// Ends every session of the person.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn end_sessions(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.administers().map(|()| {
            self.end_other_sessions();
            self.event(What::SessionsEnded);
            self.tell_of(What::SessionsEnded, None);
        });
        self.finish(outcome)
    }

    /// Switches the account off: all sessions, challenges and enrolments end, and nothing more is accepted, whatever is right.
    /// From outside it looks like any other rejection. What is registered stays.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn suspend(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.administers().map(|()| {
            self.account.record.suspended = true;
            self.forget_devices();
            self.end_other_sessions();
            self.event(What::Suspended);
            self.tell_of(What::Suspended, None);
        });
        self.finish(outcome)
    }

    /// Switches the account on again.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`].
    pub fn resume(mut self) -> Change<Result<(), Refused>> {
        let outcome = self.administers().map(|()| {
            self.account.record.suspended = false;
            self.event(What::Resumed);
            self.tell_of(What::Resumed, None);
        });
        self.finish(outcome)
    }

    /// What the person of this account proved of himself in this session, the latest: for acting on the accounts of others
    /// by [`Visit::by_administrator`](crate::Visit::by_administrator). It reads only. `None` unless the person is signed in by a second
    /// factor that stands; a recovery code or a remembered device is none.
    #[must_use]
    pub fn own_proof(&self) -> Option<OwnProof> {
        self.signed_in().ok()?;
        let session = self.session.and_then(|id| self.account.session(&id))?;
        let proofs = session.proofs.iter().filter(|proof| {
            let registered = self.account.registered(&proof.by);
            registered.is_some_and(|registered| {
                registered.state == State::Active && registered.method != Method::RecoveryCodes
            }) && self.is_second_step(session, &proof.by)
        });
        let latest = proofs.max_by_key(|proof| proof.at)?;
        Some(OwnProof {
            key: self.account.key().clone(),
            registration: latest.by.clone(),
            at: latest.at,
            counts: true,
        })
    }

    /// Whether this is the operator's tool, or an administrator with what unlocking takes: the policy has no rule of its own
    /// for what harms nobody's security info.
    pub(crate) fn administers(&mut self) -> Result<(), Refused> {
        match &self.visit.administrator {
            Some(Administrator {
                authority: Authority::Operator,
                ..
            }) if !self.is_of_somebody_else() => Ok(()),
            _ => self.permitted(&Action::Administer(Administration::Unlock)),
        }
    }

    /// Who does it; `None` for the person.
    pub(crate) fn by(&self) -> Option<PersonId> {
        let administrator = self.visit.administrator.as_ref();
        administrator.map(|administrator| administrator.id.clone())
    }

    /// The notice of what an administrator did; `None` where the person did it.
    pub(crate) fn administered(&self, what: What, method: Option<Method>) -> Option<Notice> {
        let by = self.by()?;
        Some(Notice::Administered { by, what, method })
    }

    /// Tells the person what an administrator did.
    pub(crate) fn tell_of(&mut self, what: What, method: Option<Method>) {
        if let Some(notice) = self.administered(what, method) {
            self.notify(notice);
        }
    }
}
