//! Password reset: gates, and a permission to set a password once.

use mfa_policy::{Context, Purpose, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::event::Class;
use crate::id::ChallengeId;
use crate::operation::Operation;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ResetRecord {
    /// Locked after failures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) locked_until: Option<Timestamp>,
}

impl ResetRecord {
    pub(crate) const fn is_empty(&self) -> bool {
        self.locked_until.is_none()
    }
}

impl Operation<'_> {
    /// The circumstances for a purpose: in a reset, when it began and what was proven in it.
    pub(crate) fn context_for(&self, _purpose: Purpose) -> Context {
        self.context()
    }

    /// Counts a failure of a reset, on the reset.
    pub(crate) fn reset_failed(&mut self, _challenge: ChallengeId) {}

    pub(crate) fn check_questions(
        &mut self,
        _challenge: ChallengeId,
        _registration: &RegistrationId,
        _answers: &[&str],
    ) -> Class {
        Class::NoFactor
    }
}
