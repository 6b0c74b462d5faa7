//! Enrolment: pending until its test is passed.
//!
//! One at a time, for ten minutes at most, for the session and the account in which it was begun (SP 800-63B-4 §4.1.2.2).

mod begin;
mod confirm;
mod misread;
mod pairing;
mod pending;
mod sending;
mod test;
mod token;
mod what;

use mfa_policy::{DeviceId, Method, PersonId, RegistrationId, State, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

pub use self::begin::{Enrolling, Instruction, ShownKey};
pub use self::confirm::Enrolled;
pub use self::misread::MisreadKey;
pub use self::pending::{PendingEnrolment, TestState};
pub use self::test::{NewExternal, NewSecurityKey, Test};
pub use self::token::{HardwareToken, HardwareTokenError};
pub use self::what::{AppKey, Enrol};

use crate::challenge::Sent;
use crate::change::Claim;
use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::operation::{Operation, Refused};
use crate::registration::Factor;

/// A registration that waits for its test.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolmentRecord {
    pub(crate) id: RegistrationId,
    /// What it is bound to: the session of the person, or the administrator with his.
    pub(crate) session: Digest,
    pub(crate) method: Method,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<DeviceId>,
    pub(crate) name: String,
    pub(crate) begun: Timestamp,
    /// The registration in whose place it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<RegistrationId>,
    /// The administrator who enrols it for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<PersonId>,
    /// What will be claimed for it in the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<Claim>,
    /// What an answer will be checked with. `None` until the telephone is paired, or the host has made the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) factor: Option<Factor>,
    /// The token that pairs the authenticator app, until it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pairing: Option<Digest>,
    /// How often something was sent for the test.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) sends: u32,
    /// What was sent, and what came back by the other way. One at a time: a new one makes the old one void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<AskedTest>,
}

/// What was sent for a test.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedTest {
    pub(crate) until: Timestamp,
    pub(crate) sent: Sent,
}

impl EnrolmentRecord {
    pub(crate) fn view(&self) -> mfa_policy::Registration {
        let view = mfa_policy::Registration::new(self.id.clone(), self.method.clone())
            .in_state(State::Pending);
        match &self.device {
            Some(device) => view.on(device.clone()),
            None => view,
        }
    }

    fn about(&self) -> Option<(RegistrationId, Method)> {
        Some((self.id.clone(), self.method.clone()))
    }
}

impl Operation<'_> {
    /// Gives up what was begun. What is registered stays as it was.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] if nothing of that name was begun here.
    pub fn cancel_enrolment(
        mut self,
        registration: &RegistrationId,
    ) -> crate::Change<Result<(), Refused>> {
        let cancelled = self.own_enrolment(registration).map(|_| ());
        if cancelled.is_ok() {
            self.end_pending();
        }
        self.finish(cancelled)
    }

    /// What an enrolment of this visit is bound to: the person's session, as long as it lives. An administrator is bound with
    /// the session of his own, if the visit has it.
    fn enrolment_binding(&self) -> Option<Digest> {
        let Some(administrator) = &self.visit.administrator else {
            return self
                .session
                .filter(|session| self.account.session(session).is_some());
        };
        let session = self.session.as_ref();
        let session: &[u8] = session.map_or(&[], |session| session.as_bytes());
        Some(self.digest(
            Domain::Session,
            administrator.id.as_str().as_bytes(),
            session,
        ))
    }

    /// The pending enrolment, if it was begun in this visit's session, expired or not.
    fn bound_enrolment(&self) -> Option<&EnrolmentRecord> {
        let binding = self.enrolment_binding()?;
        let pending = self.account.record.enrolment.as_ref();
        pending.filter(|pending| bool::from(pending.session.ct_eq(&binding)))
    }

    /// The same, if it has that name.
    fn own_enrolment(&self, registration: &RegistrationId) -> Result<&EnrolmentRecord, Refused> {
        self.bound_enrolment()
            .filter(|pending| pending.id == *registration)
            .ok_or(Refused::Over)
    }

    /// That one, to be tested now. One that has taken too long is ended.
    fn testable_enrolment(
        &mut self,
        registration: &RegistrationId,
    ) -> Result<&mut EnrolmentRecord, Refused> {
        self.own_enrolment(registration)?;
        if !self.is_in_time() {
            self.end_pending();
        }
        let suspended = self.is_switched_off();
        let pending = self.account.record.enrolment.as_mut();
        pending.filter(|_| !suspended).ok_or(Refused::Over)
    }

    /// Until when the pending enrolment waits for its test.
    fn enrolment_until(&self, pending: &EnrolmentRecord) -> Timestamp {
        let minutes = self.flow.policy.challenge().enrolment_minutes();
        pending.begun.plus_minutes(minutes)
    }

    pub(crate) fn is_in_time(&self) -> bool {
        let pending = self.account.record.enrolment.as_ref();
        pending.is_some_and(|pending| self.enrolment_until(pending) > self.now())
    }

    pub(crate) fn end_pending(&mut self) {
        if let Some(pending) = self.account.record.enrolment.take() {
            self.event_about(What::EnrolmentEnded, pending.about());
        }
    }

    /// Whether something is pending that was begun in a session which is over, however that ended.
    pub(crate) fn has_orphaned_enrolment(&self) -> bool {
        let of_the_person = |pending: &&EnrolmentRecord| pending.by.is_none();
        let pending = self.account.record.enrolment.as_ref().filter(of_the_person);
        pending.is_some_and(|pending| self.account.session(&pending.session).is_none())
    }

    /// Something of which there is one in an organisation.
    fn claim(&self, kind: &str, value: &str) -> Claim {
        let tenant = self.account.key().tenant().as_str();
        let parts = [tenant.as_bytes(), kind.as_bytes(), value.as_bytes()];
        Claim(self.flow.hash_key.mac(Domain::Claim, &parts).text())
    }

    /// The device that a number, an address or a key stands for: the same one for every method that uses it, and nothing that
    /// can be read.
    fn device_of(&self, kind: &str, value: &str) -> Option<DeviceId> {
        let digest = self.digest(Domain::Device, kind.as_bytes(), value.as_bytes());
        DeviceId::new(&digest.text()).ok()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}
