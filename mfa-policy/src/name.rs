//! Identifiers that come from the server: compared as bytes, never looked into, and shared when they are cloned, because
//! reasons and copies of accounts hold many.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The longest identifier in bytes. Longer ones are refused, so that no input is unbounded.
const LONGEST: usize = 256;

/// An identifier that is empty, longer than 256 bytes or holds a control character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an identifier has 1 to 256 bytes and no control characters")]
pub struct NameError(());

fn checked(text: &str) -> Result<(), NameError> {
    if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(NameError(()));
    }
    Ok(())
}

macro_rules! identifier {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(with = "String"))]
        #[serde(into = "String", try_from = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes 1 to 256 bytes of text.
            ///
            /// # Errors
            /// The text is empty, too long, or holds a control character.
            pub fn new(text: &str) -> Result<Self, NameError> {
                checked(text).map(|()| Self(text.into()))
            }

            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                checked(&text).map(|()| Self(text.into()))
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

identifier! {
    /// A person, by the one opaque identifier that the server knows it by. Never a name or an address, which have variants.
    PersonId
}
identifier! {
    /// A group of people, by its identifier.
    Group
}
identifier! {
    /// One registration of one method, unique within its account.
    RegistrationId
}
identifier! {
    /// What a registration is bound to: one installation of an authenticator, one telephone number, one token. Registrations
    /// on one device count once in a pool, and as one gate of a password reset.
    DeviceId
}
identifier! {
    /// A method that the policy names itself, such as a certificate.
    ExternalName
}
identifier! {
    /// A pool of methods with a common limit.
    PoolName
}
