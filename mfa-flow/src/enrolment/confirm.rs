//! Confirming an enrolment: its test is passed, and it becomes a registration.

use mfa_policy::{Action, Method, Purpose, RegistrationId};

use crate::budget::Failures;
use crate::change::Change;
use crate::contact::Contact;
use crate::effect::{Effect, Notice};
use crate::enrolment::test::Test;
use crate::event::{Class, What};
use crate::operation::{Operation, Refused};
use crate::proof::Rejected;
use crate::registration::Registered;
use crate::session::SessionId;

/// A registration that was bound.
#[must_use = "the session has another identifier now"]
#[derive(Debug)]
pub struct Enrolled {
    registration: RegistrationId,
    method: Method,
    is_default: bool,
    session: Option<SessionId>,
    failures: Failures,
}

impl Enrolled {
    /// The registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// Its method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Whether it is the default of two-step verification now.
    #[must_use]
    pub const fn is_default(&self) -> bool {
        self.is_default
    }

    /// The session that takes the place of the one before: passing the test proved the new registration in it. `None` for
    /// an administrator.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    /// Tests of enrolments that failed since one was last passed. Show them to the person (ASVS 6.3.5).
    #[must_use]
    pub const fn failures(&self) -> &Failures {
        &self.failures
    }
}

impl Operation<'_> {
    /// Takes the test of what was begun. If it is passed, the registration is active from now on; if it replaces another one,
    /// that one is gone with the same change.
    ///
    /// The other sessions end and remembered devices are forgotten (ASVS 7.4.3), and the person is told, also where he was
    /// reached before.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Rejected`] if the test is not passed, or was failed too often; [`Refused::MisreadKey`] if
    /// the app misread its key; both leave it pending. [`Refused::Over`] if nothing of that name was begun here, or it took too
    /// long. [`Refused::Policy`], as where the proof has become too old: prove again, and confirm again.
    pub fn confirm_enrolment(
        mut self,
        registration: &RegistrationId,
        test: Test<'_>,
    ) -> Change<Result<Enrolled, Refused>> {
        let enrolled = self.try_confirm(registration, test);
        self.finish(enrolled)
    }

    fn try_confirm(
        &mut self,
        registration: &RegistrationId,
        test: Test<'_>,
    ) -> Result<Enrolled, Refused> {
        self.testable_enrolment(registration)?;
        if !self.tests_are_open() {
            self.test_failed(Class::Locked);
            return Err(Refused::Rejected(Rejected(())));
        }
        self.take_over(test)?;
        self.is_nobody_elses()?;
        let action = self.binding_action()?;
        self.permitted(&action)?;
        let (class, misread) = self.check_test(test);
        if class != Class::Accepted {
            self.test_failed(class);
            return Err(misread.map_or(Refused::Rejected(Rejected(())), Refused::MisreadKey));
        }
        self.bind(&action).ok_or(Refused::Over)
    }

    /// Puts what the host brought with the test into what is pending, so that the policy decides on it.
    fn take_over(&mut self, test: Test<'_>) -> Result<(), Refused> {
        let pending = self.account.record.enrolment.as_ref();
        let brought = match pending.and_then(|pending| self.brought(pending, test)) {
            None => return Ok(()),
            Some(Ok(brought)) => brought,
            Some(Err(class)) => {
                self.test_failed(class);
                return Err(Refused::Rejected(Rejected(())));
            }
        };
        let device = self.device_of(brought.kind, &brought.identity);
        let claim = self.claim(brought.kind, &brought.identity);
        if let Some(pending) = self.account.record.enrolment.as_mut() {
            // A credential belongs to one person, whatever the policy says (WebAuthn §7.1).
            let unique = pending.method == Method::SecurityKey
                || self.flow.policy.is_unique(&pending.method);
            pending.device = device;
            pending.claim = unique.then_some(claim);
            pending.factor = Some(brought.factor);
        }
        Ok(())
    }

    /// What binds the pending registration, as the policy calls it.
    fn binding_action(&self) -> Result<Action, Refused> {
        let pending = self
            .account
            .record
            .enrolment
            .as_ref()
            .ok_or(Refused::Over)?;
        if self.visit.administrator.is_none() && pending.replaces.is_none() {
            return Ok(Action::Confirm {
                registration: pending.id.clone(),
            });
        }
        let (device, replaces) = (pending.device.as_ref(), pending.replaces.as_ref());
        self.adding(&pending.method, device, replaces)
    }

    /// Ends what is pending if a store has found it registered for somebody else.
    fn is_nobody_elses(&mut self) -> Result<(), Refused> {
        let pending = self.account.record.enrolment.as_ref();
        let taken = pending
            .and_then(|pending| pending.claim.as_ref())
            .is_some_and(|claim| self.account.taken.contains(claim));
        if !taken {
            return Ok(());
        }
        // The policy has the reason, where uniqueness is its own rule.
        let method = pending.map(|pending| pending.method.clone());
        let adding = method.map(|method| self.adding(&method, None, None));
        let denied = match adding {
            Some(Ok(action)) => self.permitted(&action),
            _ => Ok(()),
        };
        self.end_pending();
        denied?;
        Err(Refused::Invalid("it is registered for somebody else"))
    }

    fn bind(&mut self, action: &Action) -> Option<Enrolled> {
        let now = self.now();
        let pending = self.account.record.enrolment.as_mut()?;
        let (id, method) = (pending.id.clone(), pending.method.clone());
        let factor = pending.factor.take()?;
        let mut coming = Registered::new(id, method, pending.name.clone(), factor, now);
        coming.device.clone_from(&pending.device);
        coming.claim.clone_from(&pending.claim);
        coming.last_used = Some(now);
        let before = self.account.contacts();
        let default_before = self.account.record.default.clone();
        let replaced = self.account.record.enrolment.as_ref()?.replaces.clone();
        let replaced = replaced.and_then(|id| Some(self.account.registered(&id)?.method.clone()));
        if !self.adopt_new(action, coming) {
            return None;
        }
        let pending = self.account.record.enrolment.take()?;
        let result = Class::Accepted;
        self.event_about(What::EnrolmentTested { result }, pending.about());
        self.record_binding(&pending.id, &pending.method);
        self.claims.extend(pending.claim.clone());
        let failures = self.account.record.enrolling.succeed();
        self.account.record.sends.succeeded();
        // What was just tested is right: the first question whether it still is comes as late as every other.
        self.account.record.reconfirmed.get_or_insert(now);
        let default = self.account.record.default.clone();
        if default != default_before {
            let now = default.and_then(|id| self.account.registered(&id));
            let about = now.map(|default| (default.id.clone(), default.method.clone()));
            self.event_about(What::DefaultChanged, about);
        }
        let notice = match (self.by(), replaced) {
            (Some(by), _) => Notice::Administered {
                by,
                what: What::Bound,
                method: Some(pending.method.clone()),
            },
            (None, Some(method)) => Notice::Replaced {
                method,
                by: pending.method.clone(),
            },
            (None, None) => Notice::Added {
                method: pending.method.clone(),
                name: pending.name.clone(),
            },
        };
        self.notify_also(notice, before);
        let session = match self.session.filter(|_| self.visit.administrator.is_none()) {
            Some(old) => self.rotate_session(old, &pending.id, Purpose::ManageSecurityInfo),
            None => None,
        };
        self.factors_changed();
        Some(Enrolled {
            is_default: self.account.record.default.as_ref() == Some(&pending.id),
            registration: pending.id,
            method: pending.method,
            session,
            failures,
        })
    }

    /// Tells the person where he is reached now, and where he was before.
    fn notify_also(&mut self, notice: Notice, before: Vec<Contact>) {
        let mut also = self.account.contacts();
        let gone = before
            .into_iter()
            .filter(|contact| !also.contains(contact))
            .collect::<Vec<Contact>>();
        also.extend(gone);
        self.effect(Effect::NotifyUser { notice, also });
    }
}
