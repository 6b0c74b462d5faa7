//! What goes to a registration, so that it can be answered.

use mfa_policy::Timestamp;

use crate::device::PushRequest;
use crate::effect::{Effect, Why};
use crate::registration::Factor;
use crate::secret::SecretString;

/// What a message brings.
pub(crate) enum Brings {
    /// A code, by text or mail.
    Code(SecretString),
    /// A ringing telephone.
    Call,
    /// A request, to a device.
    Request(PushRequest),
}

impl Factor {
    /// The message that brings it. `None` if nothing goes there.
    pub(crate) fn message(&self, brings: Brings, reason: Why, until: Timestamp) -> Option<Effect> {
        Some(match (self, brings) {
            (Self::Phone { number }, Brings::Code(code)) => Effect::SendText {
                to: number.clone(),
                code,
                reason,
                until,
            },
            (Self::Email { address }, Brings::Code(code)) => Effect::SendMail {
                to: address.clone(),
                code,
                reason,
                until,
            },
            (Self::Phone { number }, Brings::Call) => Effect::PlaceCall {
                to: number.clone(),
                reason,
                until,
            },
            (Self::Push { address, .. }, Brings::Request(request)) => Effect::Push {
                address: address.clone(),
                request,
                reason,
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
