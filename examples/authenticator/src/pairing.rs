//! A portal that asks this device.

use std::fmt;

use mfa_flow::DeviceKeyPair;
use mfa_policy::{PersonId, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

/// A portal that this device is paired with. Redacted, and its key is wiped when it is dropped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {
    portal: Url,
    product: String,
    account: String,
    person: PersonId,
    registration: RegistrationId,
    key: DeviceKeyPair,
    added: Timestamp,
}

impl Pairing {
    /// Where the portal is.
    #[must_use]
    pub const fn portal(&self) -> &Url {
        &self.portal
    }

    /// What the portal calls itself, harmless for a terminal.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.product
    }

    /// The name that one signs in with there, harmless for a terminal.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Whose account it is, as the portal knows it.
    #[must_use]
    pub const fn person(&self) -> &PersonId {
        &self.person
    }

    /// What this device is at the portal.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// When it was paired.
    #[must_use]
    pub const fn added(&self) -> Timestamp {
        self.added
    }
}

/// What is said to the portal, and in its name.
#[cfg(feature = "program")]
impl Pairing {
    /// With the names that the portal gives itself and the account.
    pub(crate) fn new(
        link: &crate::push::Link,
        (product, account): (String, String),
        key: DeviceKeyPair,
        added: Timestamp,
    ) -> Self {
        Self {
            portal: link.portal().clone(),
            product,
            account,
            person: link.person().clone(),
            registration: link.registration().clone(),
            key,
            added,
        }
    }

    /// Signs as this device.
    pub(crate) const fn key(&self) -> &DeviceKeyPair {
        &self.key
    }

    /// The portal as it knows itself: without a slash at its end.
    pub(crate) fn audience(&self) -> &str {
        audience(&self.portal)
    }

    /// Whether a request is for the person of this pairing. One device stands behind several registrations of a person (phone sign-in
    /// is one of its own), so the registration that the request names need not be this one.
    pub(crate) fn is_asked_by(&self, request: &mfa_flow::PushRequest) -> bool {
        request.person() == self.person.as_str()
    }

    /// For the thread that listens.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            portal: self.portal.clone(),
            product: self.product.clone(),
            account: self.account.clone(),
            person: self.person.clone(),
            registration: self.registration.clone(),
            key: self.key.duplicate(),
            added: self.added,
        }
    }
}

impl fmt::Debug for Pairing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pairing")
            .field("portal", &self.portal.as_str())
            .field("registration", &self.registration)
            .finish_non_exhaustive()
    }
}

/// An address without a slash at its end.
#[cfg(feature = "program")]
pub(crate) fn audience(portal: &Url) -> &str {
    portal.as_str().trim_end_matches('/')
}
