//! What a device is asked, word for word.

use std::fmt;
use std::str::FromStr;

use mfa_policy::{PersonId, Purpose, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::effect::Why;
use crate::id::{self, IdError, RequestId};
use crate::shown::{is_shown, shown};

/// The longest request in bytes. What we write is shorter, whatever is in it.
const LONGEST: usize = 4096;

/// A request to a device to approve something: the text that goes to it, word for word, and what it says.
///
/// It is JSON: `id`, `reason` (as [`Why`]), `person`, `until`, and where they are `gesture`, `application` and `origin`. What is not among
/// them is refused, so that a device approves nothing that it does not understand.
///
/// ```
/// use mfa_flow::{PushRequest, PushRequestError};
///
/// let text = r#"{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{"enrolment":{"registration":"phone"}},"person":"ada","until":"2026-12-01T09:10:00Z"}"#;
/// let request: PushRequest = text.parse()?;
/// assert_eq!(request.person(), "ada");
/// assert_eq!(request.purpose(), None); // the test of an enrolment
/// assert_eq!(request.as_str(), text); // what is signed is this, and not something written anew
///
/// let unknown = text.replace("person", "somebody");
/// assert_eq!(unknown.parse::<PushRequest>(), Err(PushRequestError::Malformed));
/// # Ok::<(), PushRequestError>(())
/// ```
///
/// # Security
/// Nothing in it is secret, and it never holds the number. On its way it can be read, held back and altered; one that was altered can be
/// shown, but its answer is refused. Application and origin hold no control characters and none that change the direction of a line, whoever
/// wrote them; `person` is an opaque identifier, so show the name that the device was paired for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PushRequest {
    text: String,
    says: Says,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Says {
    id: RequestId,
    reason: Why,
    person: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    gesture: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    application: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    until: Timestamp,
}

/// A text that is no request to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PushRequestError {
    /// More than 4096 bytes.
    #[error("a request to a device has at most 4096 bytes")]
    TooLong,
    /// Not the JSON of a request, or with something in it that this version does not know.
    #[error("not a request to a device")]
    Malformed,
    /// The application or the origin is too long, or holds characters that would mislead.
    #[error("the request to a device holds text that cannot be shown")]
    Unshowable,
}

/// What the server asks: everything but the identifier and the text.
pub(crate) struct NewRequest<'a> {
    pub(crate) reason: Why,
    pub(crate) person: &'a str,
    pub(crate) gesture: bool,
    pub(crate) application: Option<&'a str>,
    pub(crate) origin: Option<&'a str>,
    pub(crate) until: Timestamp,
}

impl PushRequest {
    pub(crate) fn new(id: RequestId, new: NewRequest<'_>) -> Self {
        let says = Says {
            id,
            reason: new.reason,
            person: new.person.to_owned(),
            gesture: new.gesture,
            application: new.application.map(shown),
            origin: new.origin.map(shown),
            until: new.until,
        };
        #[expect(clippy::expect_used, reason = "maps with text as keys, into memory")]
        let text = serde_json::to_string(&says).expect("a request is JSON");
        Self { text, says }
    }

    /// The text as it was sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The identifier.
    #[must_use]
    pub const fn id(&self) -> &RequestId {
        &self.says.id
    }

    /// What an answer is for, with the registration that is asked.
    #[must_use]
    pub const fn reason(&self) -> &Why {
        &self.says.reason
    }

    /// What an approval is for; `None` for the test of an enrolment.
    #[must_use]
    pub const fn purpose(&self) -> Option<Purpose> {
        match &self.says.reason {
            Why::Challenge { purpose, .. } => Some(*purpose),
            Why::Enrolment { .. } => None,
        }
    }

    /// Whether the device has to verify its user (by PIN, biometrics or passphrase) before it approves: where it signs in without a password.
    #[must_use]
    pub const fn needs_gesture(&self) -> bool {
        self.says.gesture
    }

    /// Whose account it is, by the server's identifier.
    #[must_use]
    pub fn person(&self) -> &str {
        &self.says.person
    }

    /// What is signed in to, as the host said by [`Visit::for_application`](crate::Visit::for_application).
    #[must_use]
    pub fn application(&self) -> Option<&str> {
        self.says.application.as_deref()
    }

    /// Where it was asked for, as the host said by [`Visit::from`](crate::Visit::from).
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.says.origin.as_deref()
    }

    /// Until when an answer is good.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.says.until
    }

    pub(crate) fn digest(&self) -> RequestDigest {
        RequestDigest(Sha256::digest(self.text.as_bytes()).into())
    }
}

impl FromStr for PushRequest {
    type Err = PushRequestError;

    fn from_str(text: &str) -> Result<Self, PushRequestError> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for PushRequest {
    type Error = PushRequestError;

    fn try_from(text: String) -> Result<Self, PushRequestError> {
        if text.len() > LONGEST {
            return Err(PushRequestError::TooLong);
        }
        let says: Says = serde_json::from_str(&text).map_err(|_| PushRequestError::Malformed)?;
        PersonId::new(&says.person).map_err(|_| PushRequestError::Malformed)?;
        let mut shown = says.application.iter().chain(&says.origin);
        if !shown.all(|text| is_shown(text)) {
            return Err(PushRequestError::Unshowable);
        }
        Ok(Self { text, says })
    }
}

impl From<PushRequest> for String {
    fn from(request: PushRequest) -> Self {
        request.text
    }
}

impl fmt::Display for PushRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PushRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PushRequest").field(&self.text).finish()
    }
}

/// The SHA-256 of the text of a request: what the server keeps of it, and what is signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct RequestDigest([u8; 32]);

impl RequestDigest {
    pub(super) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<RequestDigest> for String {
    fn from(digest: RequestDigest) -> Self {
        id::text(&digest.0)
    }
}

impl TryFrom<String> for RequestDigest {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        id::bytes(&text).map(Self)
    }
}
