//! What is pending, for a page that is loaded again or waits.

use mfa_policy::{Method, RegistrationId, Timestamp};

use crate::challenge::Sent;
use crate::enrolment::EnrolmentRecord;
use crate::operation::Operation;
use crate::registration::Factor;

/// An enrolment that waits for its test: nothing of it is secret. What was shown once is not shown again; begin anew for that.
#[derive(Clone, Debug)]
pub struct PendingEnrolment {
    registration: RegistrationId,
    method: Method,
    name: String,
    hint: Option<String>,
    until: Timestamp,
    test: TestState,
}

/// How far the test of an enrolment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestState {
    /// The authenticator app has not reported yet.
    Unpaired,
    /// A notification, a call or a code is under way.
    Waiting {
        /// The number to show, for a notification.
        number: Option<u8>,
    },
    /// The telephone has approved: [`confirm_enrolment`](Operation::confirm_enrolment) with
    /// [`Test::Approved`](crate::Test::Approved) collects it.
    Approved,
    /// Nothing is under way: nothing is ever sent for this method, or what was sent is over or was denied.
    Idle,
}

impl PendingEnrolment {
    /// The identifier: of the enrolment now, and of the registration once the test is passed.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The name that the person gave.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number or address with most of it hidden, if it has one.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Until when the test has to be passed.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// How far the test is.
    #[must_use]
    pub const fn test(&self) -> TestState {
        self.test
    }
}

impl Operation<'_> {
    /// What was begun to be enrolled in this session and waits for its test, so that it can be gone on with. It reads only; the
    /// account was loaded, so what it says is durable. `None` if there is nothing, or it took too long.
    #[must_use]
    pub fn pending(&self) -> Option<PendingEnrolment> {
        let pending = self.bound_enrolment().filter(|_| self.is_in_time())?;
        Some(PendingEnrolment {
            registration: pending.id.clone(),
            method: pending.method.clone(),
            name: pending.name.clone(),
            hint: pending.factor.as_ref().and_then(Factor::hint),
            until: self.enrolment_until(pending),
            test: self.test_state(pending),
        })
    }

    fn test_state(&self, pending: &EnrolmentRecord) -> TestState {
        if pending.pairing.is_some() {
            return TestState::Unpaired;
        }
        let asked = pending.asked.as_ref();
        let live = asked.filter(|asked| asked.until > self.now());
        match live.map(|asked| &asked.sent) {
            None => TestState::Idle,
            Some(Sent::Push { approved: true, .. } | Sent::Call { approved: true }) => {
                TestState::Approved
            }
            Some(Sent::Push { number, .. }) => TestState::Waiting {
                number: Some(*number),
            },
            Some(_) => TestState::Waiting { number: None },
        }
    }
}
