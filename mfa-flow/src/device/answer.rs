//! What a device answers, signed.

use std::fmt;

use ed25519_dalek::Signature as DalekSignature;
use serde::{Deserialize, Serialize};

use crate::device::key::DeviceKey;
use crate::device::request::PushRequest;
use crate::id::{self, IdError};

/// What a signature of an answer begins with, so that it stands for nothing else.
const DOMAIN: &[u8] = b"mfa-flow: answer of a device, 1\n";

/// What the person decided on the device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Decision {
    /// Approved, with this number typed.
    Approved {
        /// The number that the person typed.
        number: u8,
        /// Whether the device has verified its user for this very answer.
        user_verified: bool,
    },
    /// Refused it.
    Denied,
    /// Refused it, and said that it was somebody else.
    Suspicious,
}

impl Decision {
    /// What is signed of it: one form for each, none a part of another.
    const fn bytes(self) -> [u8; 3] {
        match self {
            Self::Approved {
                number,
                user_verified,
            } => [1, number, user_verified as u8],
            Self::Denied => [2, 0, 0],
            Self::Suspicious => [3, 0, 0],
        }
    }

    /// Whether it is a no, which is heard also where a yes would not be.
    pub(crate) const fn refuses(self) -> bool {
        matches!(self, Self::Denied | Self::Suspicious)
    }
}

/// The answer of a device to a request: the request word for word, the decision, and a signature over both.
/// [`DeviceKeyPair::answer`](crate::DeviceKeyPair::answer) makes it, [`Operation::device_answered`](crate::Operation::device_answered) hears it.
///
/// In serde's form it is `{"request": "…", "decision": …, "signature": "…"}`: the exact text, the decision, and 64 bytes as Base64url.
///
/// # Security
/// Whoever carries it can read it and hold it back. He cannot alter a bit of the request, the decision or the number, nor use it
/// for another request or a second time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedAnswer {
    request: PushRequest,
    decision: Decision,
    signature: Signature,
}

impl SignedAnswer {
    pub(super) fn signed(
        request: PushRequest,
        decision: Decision,
        sign: impl FnOnce(&[u8]) -> Signature,
    ) -> Self {
        let signature = sign(&message(&request, decision));
        Self {
            request,
            decision,
            signature,
        }
    }

    /// What it answers.
    #[must_use]
    pub const fn request(&self) -> &PushRequest {
        &self.request
    }

    /// What was decided.
    #[must_use]
    pub const fn decision(&self) -> Decision {
        self.decision
    }

    /// Whether it was signed with the other half of that key.
    ///
    /// It says nothing of whether that was asked, is in time, or was heard before:
    /// [`Operation::device_answered`](crate::Operation::device_answered) does, and it verifies the signature itself.
    #[must_use]
    pub fn is_signed_by(&self, key: &DeviceKey) -> bool {
        key.has_signed(&message(&self.request, self.decision), &self.signature)
    }
}

impl fmt::Debug for SignedAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAnswer")
            .field("request", &self.request)
            .finish_non_exhaustive()
    }
}

/// What is signed: every part has its own length.
fn message(request: &PushRequest, decision: Decision) -> Vec<u8> {
    [
        DOMAIN,
        request.digest().as_bytes(),
        decision.bytes().as_slice(),
    ]
    .concat()
}

/// A signature as it is sent. Whether it is one is found out when it is verified.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(super) struct Signature([u8; 64]);

impl Signature {
    pub(super) fn dalek(&self) -> DalekSignature {
        DalekSignature::from_bytes(&self.0)
    }
}

impl From<DalekSignature> for Signature {
    fn from(signature: DalekSignature) -> Self {
        Self(signature.to_bytes())
    }
}

impl From<[u8; 64]> for Signature {
    fn from(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        id::text(&signature.0)
    }
}

impl TryFrom<String> for Signature {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        id::bytes(&text).map(Self)
    }
}
