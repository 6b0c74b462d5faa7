//! Random identifiers of 128 bits.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mfa_policy::{DeviceId, RegistrationId};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};

const LEN: usize = 16;

/// A text that is not one of our identifiers: 22 characters of URL-safe Base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier has 22 characters of URL-safe Base64")]
pub struct IdError(());

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub struct $name([u8; LEN]);

        impl $name {
            pub(crate) fn random(rng: &mut dyn CryptoRng) -> Self {
                Self(random(rng))
            }

            /// The 16 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; LEN] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&text(&self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                bytes(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                text(&id.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self}")
            }
        }
    };
}

identifier! {
    /// A challenge, within its account and for its session only.
    ChallengeId
}
identifier! {
    /// One commit of one change. A store keeps it beside the account, so that after an unknown result it can be told
    /// whether the change is there.
    CommitId
}
identifier! {
    /// One request to a device, see [`PushRequest`](crate::PushRequest).
    RequestId
}
identifier! {
    /// A device on which the second step is skipped. Not its token.
    RememberedDeviceId
}

impl CommitId {
    /// From the 16 bytes that a store kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }
}

pub(crate) fn random<const N: usize>(rng: &mut dyn CryptoRng) -> [u8; N] {
    let mut bytes = [0; N];
    rng.fill_bytes(&mut bytes);
    bytes
}

pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn bytes<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let mut bytes = [0; N];
    match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
        Ok(len) if len == N => Ok(bytes),
        _ => Err(IdError(())),
    }
}

/// A new registration. What is new is never taken for something old.
pub(crate) fn registration(rng: &mut dyn CryptoRng) -> RegistrationId {
    registration_of(&random(rng))
}

#[expect(clippy::expect_used, reason = "22 letters are an identifier")]
pub(crate) fn registration_of(bytes: &[u8; LEN]) -> RegistrationId {
    RegistrationId::new(&text(bytes)).expect("22 letters are an identifier")
}

/// A new device.
#[expect(clippy::expect_used, reason = "22 letters are an identifier")]
pub(crate) fn device(rng: &mut dyn CryptoRng) -> DeviceId {
    DeviceId::new(&text(&random::<LEN>(rng))).expect("22 letters are an identifier")
}
