//! What goes to a registration, so that it can be answered.

use mfa_policy::Timestamp;

use crate::effect::{Effect, Why};
use crate::registration::Factor;
use crate::secret::SecretString;

impl Factor {
    /// The message that brings a code, or without a code the call or the notification. `None` if nothing goes there.
    pub(crate) fn message(
        &self,
        code: Option<SecretString>,
        reason: Why,
        origin: Option<String>,
        until: Timestamp,
    ) -> Option<Effect> {
        Some(match (self, code) {
            (Self::Phone { number }, Some(code)) => Effect::SendText {
                to: number.clone(),
                code,
                reason,
                until,
            },
            (Self::Email { address }, Some(code)) => Effect::SendMail {
                to: address.clone(),
                code,
                reason,
                until,
            },
            (Self::Phone { number }, None) => Effect::PlaceCall {
                to: number.clone(),
                reason,
                until,
            },
            (Self::Push { address }, None) => Effect::Push {
                address: address.clone(),
                reason,
                origin,
                until,
            },
            _ => return None,
        })
    }

    /// A number or an address with most of it hidden.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Phone { number } => Some(number.hint()),
            Self::Email { address } => Some(address.hint()),
            _ => None,
        }
    }
}
