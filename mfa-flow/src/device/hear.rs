//! Hearing a device: what it has signed, and whether it is the one that it says it is.

use mfa_policy::RegistrationId;

use crate::challenge::{Said, Sent};
use crate::change::Change;
use crate::device::answer::SignedAnswer;
use crate::device::key::DeviceKey;
use crate::device::request::PushRequest;
use crate::device::visit::SignedVisit;
use crate::effect::Why;
use crate::enrolment::EnrolmentRecord;
use crate::event::Class;
use crate::history::{Binding, HistoryEntry};
use crate::operation::Operation;
use crate::proof::Rejected;
use crate::registration::Factor;

/// How far the clock of a device that visits may be from ours, in seconds.
const CLOCKS_APART: u64 = 60;

/// Why a visit is not that of a device of this account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDevice {
    /// Its registration was removed from the account.
    #[error("the registration of that device was removed")]
    Gone,
    /// It is not signed with the key of a registration, to this audience and at this time. A registration that never was looks the same,
    /// so that nobody learns which of those that a page shows are real.
    #[error("not the visit of a device of this account")]
    NotSigned,
}

impl Operation<'_> {
    /// Takes the answer of a device to a [`PushRequest`](crate::PushRequest), whichever way it came. The visit is the device's, in no session.
    ///
    /// It has to be signed by the key with which the registration was paired, word for word over what was sent for it last, and in
    /// time; it is good once. An approval has to have the number on the screen, and where the request says so the device has to have
    /// verified its user. It proves nothing by itself: the browser that asked collects it by [`Answer::Approved`](crate::Answer::Approved).
    ///
    /// # Errors
    /// In the outcome: [`Rejected`], whatever the cause; the event has it. What the right device has not signed is counted against nobody.
    ///
    /// # Security
    /// Signatures are verified in variable time, as everything in it is public. Where there is no such registration one is verified
    /// all the same, so that time does not tell.
    pub fn device_answered(mut self, answer: &SignedAnswer) -> Change<Result<(), Rejected>> {
        let outcome = match (self.signed(answer), answer.request().reason()) {
            (
                Class::Accepted,
                Why::Challenge {
                    challenge,
                    registration,
                    ..
                },
            ) => self.heard(*challenge, registration, Said::Signed(answer)),
            (Class::Accepted, Why::Enrolment { registration }) => {
                self.heard_for_test(registration, Said::Signed(answer))
            }
            (
                class,
                Why::Challenge {
                    challenge,
                    registration,
                    ..
                },
            ) => {
                let purpose = self.account.challenge(*challenge).map(|c| c.purpose);
                self.not_heard(purpose, class, registration)
            }
            (class, Why::Enrolment { registration }) => {
                self.not_heard_for_test(class, registration)
            }
        };
        self.finish(outcome)
    }

    /// Whether this very request was the last that was sent for what it asks, and still waits: neither answered nor over in any other way.
    /// For telling a device that an answer has become useless. It reads only.
    #[must_use]
    pub fn awaits(&self, request: &PushRequest) -> bool {
        let asked = match request.reason() {
            Why::Challenge {
                challenge,
                registration,
                ..
            } => {
                let challenge = self.account.challenge(*challenge);
                let asked = challenge.and_then(|challenge| challenge.asked.as_ref());
                let asked = asked.filter(|asked| asked.registration == *registration);
                asked.map(|asked| (&asked.sent, asked.until))
            }
            Why::Enrolment { registration } => {
                let asked = self.pending_test(registration);
                let asked = asked.and_then(|pending| pending.asked.as_ref());
                asked.map(|asked| (&asked.sent, asked.until))
            }
        };
        asked.is_some_and(|(sent, until)| {
            matches!(sent, Sent::Push { approved: false, request: sent, .. } if *sent == request.digest())
                && until > self.now()
        })
    }

    /// Whether a visit is that of a device which is paired with this account, or is just being: signed with the key of its registration,
    /// said to this audience, and not more than a minute from our time. It reads only.
    ///
    /// It is for telling the device what is asked of it, and opens nothing else. So it does not matter whether the registration can be used now.
    ///
    /// # Errors
    /// [`NoDevice::Gone`] if a registration of that name was removed, [`NoDevice::NotSigned`] for everything else.
    pub fn is_device(&self, visit: &SignedVisit, audience: &str) -> Result<(), NoDevice> {
        let key = self.device_key(visit.registration());
        let signed = visit.is_signed_by(key.unwrap_or(&self.flow.no_device));
        let (now, at) = (self.now().unix_seconds(), visit.at().unix_seconds());
        let is_for_us = self.account.key().person() == Some(visit.person())
            && !self.is_of_somebody_else()
            && visit.audience() == audience
            && now.abs_diff(at) <= CLOCKS_APART;
        let is_removed = |entry: &HistoryEntry| {
            entry.registration == *visit.registration() && entry.what == Binding::Removed
        };
        if key.is_some() && signed && is_for_us {
            Ok(())
        } else if key.is_none() && is_for_us && self.account.history().iter().any(is_removed) {
            Err(NoDevice::Gone)
        } else {
            Err(NoDevice::NotSigned)
        }
    }

    /// Whether a device of that name is paired with this account, or is just being: for one that was verified by
    /// [`is_device`](Self::is_device) a while ago. It reads only.
    #[must_use]
    pub fn has_device(&self, registration: &RegistrationId) -> bool {
        self.device_key(registration).is_some()
    }

    /// Whether the registration that the request names has signed the answer.
    fn signed(&self, answer: &SignedAnswer) -> Class {
        let (Why::Challenge { registration, .. } | Why::Enrolment { registration }) =
            answer.request().reason();
        let key = self.device_key(registration);
        let signed = answer.is_signed_by(key.unwrap_or(&self.flow.no_device));
        if self.account.key().is_decoy() {
            Class::UnknownPerson
        } else if key.is_none() {
            Class::NoFactor
        } else if !signed {
            Class::NotSigned
        } else {
            Class::Accepted
        }
    }

    /// The key of a registration, or of what waits for its test.
    fn device_key(&self, registration: &RegistrationId) -> Option<&DeviceKey> {
        let registered = self.account.registered(registration);
        let pending = || self.pending_test(registration)?.factor.as_ref();
        registered
            .map(|registered| &registered.factor)
            .or_else(pending)
            .and_then(Factor::device_key)
    }

    fn pending_test(&self, registration: &RegistrationId) -> Option<&EnrolmentRecord> {
        let pending = self.account.record.enrolment.as_ref();
        pending.filter(|pending| pending.id == *registration && self.is_in_time())
    }
}

impl Factor {
    const fn device_key(&self) -> Option<&DeviceKey> {
        match self {
            Self::Push { key, .. } => Some(key),
            _ => None,
        }
    }
}
