//! The public half of a device's key.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::device::answer::Signature;
use crate::id;

/// The public half of the key of a device (Ed25519, RFC 8032): what the server keeps of it. The text is Base64url without
/// padding, 43 characters.
///
/// ```
/// use mfa_flow::{DeviceKey, DeviceKeyError};
///
/// // The first key of RFC 8032 §7.1.
/// let key: DeviceKey = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".parse()?;
/// assert_eq!(key.to_string(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
///
/// // The neutral element: everybody could sign for it.
/// let nobody = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".parse::<DeviceKey>();
/// assert_eq!(nobody.unwrap_err(), DeviceKeyError::Weak);
/// # Ok::<(), DeviceKeyError>(())
/// ```
///
/// # Security
/// It is public, and compared and verified with in variable time. Keys of small order are refused, for which a signature exists that
/// is good for every text, and so are the few that can be written in two ways.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct DeviceKey(VerifyingKey);

/// A text that is no key of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceKeyError {
    /// Not 43 characters of Base64url, or no point of the curve in its one form.
    #[error("a key of a device is an Ed25519 public key: 43 characters of URL-safe Base64")]
    Malformed,
    /// A point of small order, for which anybody can sign.
    #[error("that key of a device has a small order, so that anybody could sign for it")]
    Weak,
}

impl DeviceKey {
    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    fn from_bytes(bytes: &[u8; 32]) -> Result<Self, DeviceKeyError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| DeviceKeyError::Malformed)?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(DeviceKeyError::Malformed);
        }
        if key.is_weak() {
            return Err(DeviceKeyError::Weak);
        }
        Ok(Self(key))
    }

    /// What was made from a secret key is a key.
    pub(super) const fn of(key: VerifyingKey) -> Self {
        Self(key)
    }

    /// Whether that was signed with the other half. Strictly: of a signature nobody can make a second one (RFC 8032 §8.4), and nothing
    /// in it is of small order. In variable time, as all of it is public.
    pub(super) fn has_signed(&self, message: &[u8], signature: &Signature) -> bool {
        #[cfg(test)]
        work::COUNT.with(|count| count.set(count.get().saturating_add(1)));
        self.0.verify_strict(message, &signature.dalek()).is_ok()
    }
}

impl fmt::Display for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&id::text(self.as_bytes()))
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceKey({self})")
    }
}

impl FromStr for DeviceKey {
    type Err = DeviceKeyError;

    fn from_str(text: &str) -> Result<Self, DeviceKeyError> {
        let bytes = id::bytes(text).map_err(|_| DeviceKeyError::Malformed)?;
        Self::from_bytes(&bytes)
    }
}

impl TryFrom<String> for DeviceKey {
    type Error = DeviceKeyError;

    fn try_from(text: String) -> Result<Self, DeviceKeyError> {
        text.parse()
    }
}

impl From<DeviceKey> for String {
    fn from(key: DeviceKey) -> Self {
        key.to_string()
    }
}

/// How many signatures a test has verified: as many whether there is a device or not, so that time does not tell.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    thread_local! {
        pub(super) static COUNT: Cell<u32> = const { Cell::new(0) };
    }

    /// The verifications since the last call.
    pub(crate) fn taken() -> u32 {
        COUNT.take()
    }
}
