//! Enrolment: pending until its test is passed.

use mfa_policy::{DeviceId, Method, PersonId, RegistrationId, State, Timestamp};
use serde::{Deserialize, Serialize};

use crate::answer::PhoneSaid;
use crate::change::Claim;
use crate::hashing::Digest;
use crate::operation::Operation;
use crate::proof::Rejected;
use crate::registration::Factor;

/// A registration that waits for its test.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnrolmentRecord {
    pub(crate) id: RegistrationId,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<Claim>,
    pub(crate) factor: Factor,
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
}

impl Operation<'_> {
    /// Takes what the person did on the telephone for the test of an enrolment.
    pub(crate) fn phone_tested(
        &mut self,
        _registration: &RegistrationId,
        _said: PhoneSaid,
    ) -> Result<(), Rejected> {
        Err(Rejected(()))
    }
}
