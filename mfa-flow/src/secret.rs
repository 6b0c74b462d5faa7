//! Secrets of the account.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// A key as it is stored: wiped, redacted, not comparable.
pub(crate) struct StoredSecret(otp_core::Secret);

impl StoredSecret {
    pub(crate) const fn new(secret: otp_core::Secret) -> Self {
        Self(secret)
    }

    pub(crate) const fn secret(&self) -> &otp_core::Secret {
        &self.0
    }
}

impl fmt::Debug for StoredSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StoredSecret(redacted)")
    }
}

impl Serialize for StoredSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(STANDARD_NO_PAD.encode(self.0.expose()));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for StoredSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let refused = || D::Error::invalid_value(Unexpected::Other("something else"), &"a key");
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = Zeroizing::new(
            STANDARD_NO_PAD
                .decode(text.as_str())
                .map_err(|_| refused())?,
        );
        otp_core::Secret::import(&bytes)
            .map(Self)
            .map_err(|_| refused())
    }
}

/// Text that only one person may see, once: a code, a password, a pass. Wiped when dropped, redacted, not comparable.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    pub(crate) const fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text. The call to search for when asking who sees it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretString(redacted)")
    }
}
