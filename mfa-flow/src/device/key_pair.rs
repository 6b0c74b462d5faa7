//! The key of a device, on the device.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use mfa_policy::{PersonId, RegistrationId, Timestamp};
use rand_core::CryptoRng;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::device::answer::{Decision, Signature, SignedAnswer};
use crate::device::key::DeviceKey;
use crate::device::request::PushRequest;
use crate::device::visit::SignedVisit;

/// The key of a device: made on it when it is paired, one for each registration, and never sent anywhere. The server gets its
/// [`public`](Self::public) half.
///
/// Wiped when dropped, redacted, not comparable, not quietly cloned.
///
/// ```
/// use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
/// use mfa_flow::{Decision, DeviceKeyPair, PushRequest, SignedAnswer};
///
/// let mut rng = ChaCha20Rng::from_seed([1; 32]); // on a device: seeded by the system
/// let device = DeviceKeyPair::generate(&mut rng);
///
/// // What came from the server; the person has typed 42.
/// let text = r#"{"id":"AAECAwQFBgcICQoLDA0ODw","reason":{"enrolment":{"registration":"phone"}},"person":"ada","until":"2026-12-01T09:10:00Z"}"#;
/// let request: PushRequest = text.parse()?;
/// let decision = Decision::Approved { number: 42, user_verified: true };
/// let answer = device.answer(&request, decision);
/// assert!(answer.is_signed_by(&device.public()));
///
/// // On its way to the server somebody makes another number of it.
/// let sent = serde_json::to_string(&answer)?;
/// let altered: SignedAnswer = serde_json::from_str(&sent.replace("42", "43"))?;
/// assert!(!altered.is_signed_by(&device.public()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
/// Whoever has it can answer whatever is asked of this device: deny it, and approve it where he also has the number on the screen of the
/// sign-in, with a gesture that he only says he made. So keep it sealed. Serde's form is a secret: the 32 bytes as Base64url, for a file that
/// is encrypted as a whole. Signing takes the same time whatever the key; the copy that a serialiser makes of it is the caller's to wipe.
pub struct DeviceKeyPair(SigningKey);

impl DeviceKeyPair {
    /// A new key.
    #[must_use]
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut secret = Zeroizing::new([0; 32]);
        rng.fill_bytes(secret.as_mut_slice());
        Self::from_bytes(&secret)
    }

    /// A key from 32 secret bytes, of a random source or derived with a key.
    #[must_use]
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// One key more with the same bytes, to be kept in a second place.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::from_bytes(self.0.as_bytes())
    }

    /// The half that the server gets.
    #[must_use]
    pub fn public(&self) -> DeviceKey {
        DeviceKey::of(self.0.verifying_key())
    }

    /// Answers a request. What is signed is the exact text of it with the decision, so nothing of it can be altered on the way.
    #[must_use]
    pub fn answer(&self, request: &PushRequest, decision: Decision) -> SignedAnswer {
        SignedAnswer::signed(request.clone(), decision, |message| self.sign(message))
    }

    /// Says which registration of whom this device is, to listen for what is asked of it.
    ///
    /// `audience` is the server that it is said to, by the URL under which the device knows it, of at most 2048 bytes: what is said to one
    /// cannot be said to another.
    #[must_use]
    pub fn visit(
        &self,
        person: &PersonId,
        registration: &RegistrationId,
        audience: &str,
        at: Timestamp,
    ) -> SignedVisit {
        SignedVisit::signed(person, registration, audience, at, |message| {
            self.sign(message)
        })
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from(self.0.sign(message))
    }
}

impl fmt::Debug for DeviceKeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceKeyPair(redacted)")
    }
}

impl Serialize for DeviceKeyPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.0.as_bytes()));
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for DeviceKeyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let mut secret = Zeroizing::new([0; 32]);
        match URL_SAFE_NO_PAD.decode_slice(text.as_str(), secret.as_mut_slice()) {
            Ok(32) => Ok(Self::from_bytes(&secret)),
            _ => Err(D::Error::custom("not the key of a device")),
        }
    }
}
