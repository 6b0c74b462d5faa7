//! What is sent for the test of an enrolment, and what the telephone says to it.

use mfa_policy::{Method, RegistrationId};

use crate::challenge::{Heard, Said, Sent};
use crate::code;
use crate::effect::{Notice, Why};
use crate::enrolment::begin::Instruction;
use crate::enrolment::{AskedTest, EnrolmentRecord};
use crate::event::{Class, What};
use crate::hashing::{Digest, Domain};
use crate::message::Brings;
use crate::operation::{Operation, Refused};
use crate::proof::Rejected;

impl Operation<'_> {
    /// Sends what the test needs, if there is anything to send.
    pub(super) fn send_test(
        &mut self,
        pending: &mut EnrolmentRecord,
    ) -> Result<Instruction, Refused> {
        let (now, limits) = (self.now(), self.flow.policy.challenge());
        let until = self
            .enrolment_until(pending)
            .min(now.plus_minutes(limits.code_minutes()));
        let reason = Why::Enrolment {
            registration: pending.id.clone(),
        };
        let nothing = Refused::Invalid("nothing is sent for this method");
        let Some(factor) = &pending.factor else {
            return Err(nothing);
        };
        let hint = factor.hint().unwrap_or_default();
        let (sent, brings, instruction) = match &pending.method {
            Method::Text | Method::Email => {
                let code = code::digits(limits.code_digits(), self.rng);
                let digest = self.test_digest(&pending.id, code.expose());
                (
                    Sent::Code { digest },
                    Brings::Code(code),
                    Instruction::EnterCode { hint },
                )
            }
            method if method.is_telephone() => (
                Sent::Call { approved: false },
                Brings::Call,
                Instruction::PressHash { hint },
            ),
            method => {
                let (number, sent, request) = self.ask_device(reason.clone(), method, until);
                (
                    sent,
                    Brings::Request(request),
                    Instruction::MatchNumber(number),
                )
            }
        };
        let effect = factor.message(brings, reason, until).ok_or(nothing)?;
        if pending.sends >= limits.sends() {
            return Err(Refused::NoMoreSends);
        }
        let sends = &mut self.account.record.sends;
        match (&sent, &pending.method) {
            // It goes to an app that has reported just now, and tires nobody.
            (Sent::Push { .. }, Method::AuthenticatorPush) => {}
            (Sent::Push { .. }, _) => {
                if !sends.push(now, limits.pushes()) {
                    return Err(Refused::NoMoreSends);
                }
            }
            _ => {
                // By the number or address, so that beginning again does not send again at once.
                let device = pending.device.as_ref().map(|device| device.as_str());
                let by = device.and_then(|device| RegistrationId::new(device).ok());
                let by = by.as_ref().unwrap_or(&pending.id);
                sends
                    .send(by, now, limits.resend_seconds())
                    .map_err(|until| Refused::TooSoon { until })?;
            }
        }
        pending.sends = pending.sends.saturating_add(1);
        pending.asked = Some(AskedTest { until, sent });
        self.effect(effect);
        self.event_about(What::Sent, pending.about());
        Ok(instruction)
    }

    /// The hash of a code that was sent for the test of this enrolment, and is good for nothing else.
    pub(super) fn test_digest(&self, registration: &RegistrationId, code: &str) -> Digest {
        self.digest(
            Domain::SentCode,
            registration.as_str().as_bytes(),
            code.as_bytes(),
        )
    }

    /// Takes what the person did on the telephone for the test of an enrolment.
    pub(crate) fn heard_for_test(
        &mut self,
        registration: &RegistrationId,
        said: Said<'_>,
    ) -> Result<(), Rejected> {
        let now = self.now();
        // INVARIANT: what was sent for a test is never good for longer than the enrolment.
        if !self.tests_are_open() || self.is_switched_off() {
            return self.not_heard_for_test(Class::Locked, registration);
        }
        let pending = self.account.record.enrolment.as_mut();
        let named = pending.filter(|pending| pending.id == *registration);
        let Some((about, pending)) = named.map(|pending| (pending.about(), pending)) else {
            return self.not_heard_for_test(Class::NoChallenge, registration);
        };
        let Some(asked) = &mut pending.asked else {
            return self.not_heard_for_test(Class::NoChallenge, registration);
        };
        let in_time = asked.until > now;
        match asked.sent.hear(said, in_time) {
            Heard::Approved => Ok(()),
            Heard::Denied => {
                pending.asked = None;
                self.event_about(What::DeniedByPerson, about);
                Ok(())
            }
            Heard::Suspicious => {
                // It may be a stranger's telephone, so it ends what concerns that telephone and no more.
                self.event_about(What::ReportedSuspicious, about);
                self.end_pending();
                self.notify(Notice::SuspiciousReported);
                Ok(())
            }
            Heard::WrongNumber => {
                // The number is not guessed at twice.
                pending.asked = None;
                self.test_failed(Class::Wrong);
                Err(Rejected(()))
            }
            Heard::Not(class) => self.not_heard_for_test(class, registration),
        }
    }

    /// What is not heard is counted nowhere.
    pub(crate) fn not_heard_for_test(
        &mut self,
        result: Class,
        registration: &RegistrationId,
    ) -> Result<(), Rejected> {
        let pending = self.account.record.enrolment.as_ref();
        let named = pending.filter(|pending| pending.id == *registration);
        let about = named.and_then(EnrolmentRecord::about);
        self.event_about(What::EnrolmentTested { result }, about);
        Err(Rejected(()))
    }
}
