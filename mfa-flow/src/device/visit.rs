//! Which device listens.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{PersonId, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::device::answer::Signature;
use crate::device::key::DeviceKey;
use crate::id;

/// What a signature of a visit begins with, so that it stands for nothing else.
const DOMAIN: &[u8] = b"mfa-flow: visit of a device, 1\n";

/// The longest visit in bytes, as text.
const LONGEST: usize = 5120;

/// The longest name of an audience in bytes.
const LONGEST_AUDIENCE: usize = 2048;

/// What a device says of itself, signed: which registration of whom it is, to whom it says so, and when. With it a device asks to be told
/// of its requests. [`DeviceKeyPair::visit`](crate::DeviceKeyPair::visit) makes it, [`Operation::is_device`](crate::Operation::is_device)
/// verifies it.
///
/// The text is two parts of Base64url with a dot between them: JSON, and the signature.
///
/// # Security
/// Whoever reads it can listen in this device's place within the minute for which it is good, and approve nothing. So it goes over TLS.
/// What it says is only claimed until it is verified.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedVisit {
    text: String,
    says: Says,
    signature: Signature,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Says {
    person: PersonId,
    registration: RegistrationId,
    audience: String,
    at: Timestamp,
}

/// A text that is no visit of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignedVisitError {
    /// More than 5120 bytes.
    #[error("a signed visit has at most 5120 bytes")]
    TooLong,
    /// Not the two parts of a visit, or with something in it that this version does not know.
    #[error("not a signed visit")]
    Malformed,
}

impl SignedVisit {
    pub(super) fn signed(
        person: &PersonId,
        registration: &RegistrationId,
        audience: &str,
        at: Timestamp,
        sign: impl FnOnce(&[u8]) -> Signature,
    ) -> Self {
        let says = Says {
            person: person.clone(),
            registration: registration.clone(),
            audience: audience.to_owned(),
            at,
        };
        #[expect(clippy::expect_used, reason = "a map with text as keys, into memory")]
        let text = serde_json::to_string(&says).expect("a visit is JSON");
        let signature = sign(&message(&text));
        Self {
            text,
            says,
            signature,
        }
    }

    /// Whose device it says it is.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.says.person
    }

    /// Which registration it says it is.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.says.registration
    }

    /// Whom it says that to.
    #[must_use]
    pub fn audience(&self) -> &str {
        &self.says.audience
    }

    /// When it says so, by its own clock.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.says.at
    }

    /// Whether it was signed with the other half of that key.
    ///
    /// It says nothing of whether that is the key of the registration, nor of the audience and the time:
    /// [`Operation::is_device`](crate::Operation::is_device) does, and it verifies the signature itself.
    #[must_use]
    pub fn is_signed_by(&self, key: &DeviceKey) -> bool {
        key.has_signed(&message(&self.text), &self.signature)
    }
}

impl fmt::Display for SignedVisit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = URL_SAFE_NO_PAD.encode(&self.text);
        write!(f, "{says}.{}", String::from(self.signature))
    }
}

impl fmt::Debug for SignedVisit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedVisit")
            .field("person", self.person())
            .field("registration", self.registration())
            .finish_non_exhaustive()
    }
}

impl FromStr for SignedVisit {
    type Err = SignedVisitError;

    fn from_str(text: &str) -> Result<Self, SignedVisitError> {
        if text.len() > LONGEST {
            return Err(SignedVisitError::TooLong);
        }
        read(text).ok_or(SignedVisitError::Malformed)
    }
}

fn read(text: &str) -> Option<SignedVisit> {
    let (says, signature) = text.split_once('.')?;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(says).ok()?).ok()?;
    let signature = id::bytes::<64>(signature).ok()?.into();
    let says: Says = serde_json::from_str(&text).ok()?;
    (says.audience.len() <= LONGEST_AUDIENCE).then_some(SignedVisit {
        text,
        says,
        signature,
    })
}

fn message(text: &str) -> Vec<u8> {
    [DOMAIN, text.as_bytes()].concat()
}
