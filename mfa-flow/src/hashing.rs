//! Keyed hashes of what must not be readable where it is kept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::id::{self, IdError};
use crate::key::AccountKey;

const LEN: usize = 16;

/// The key of keyed hashes: 32 bytes of a cryptographically secure random source, kept outside the database.
///
/// Wiped when dropped, redacted, not comparable.
pub struct HashKey(Zeroizing<[u8; 32]>);

impl HashKey {
    /// A key from 32 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(redacted)")
    }
}

/// A keyed hash (HMAC-SHA-256 cut to 128 bits). Without the key it tells nothing, not even of six digits.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub(crate) struct Digest([u8; LEN]);

/// What a hash is of, so that one never stands for another.
#[derive(Clone, Copy)]
pub(crate) enum Domain {
    Session,
    SentCode,
    RecoveryCode,
    AppPassword,
    RememberedDevice,
    Pairing,
    Permission,
    Decoy,
    Claim,
    Shown,
    Device,
    Password,
}

impl HashKey {
    /// The hash of a value that belongs to one account; `context` is what else it is bound to, such as a challenge.
    pub(crate) fn digest(
        &self,
        domain: Domain,
        account: &AccountKey,
        context: &[u8],
        value: &[u8],
    ) -> Digest {
        let holder = account.holder();
        self.mac(
            domain,
            &[
                account.tenant().as_str().as_bytes(),
                holder.as_bytes(),
                context,
                value,
            ],
        )
    }

    /// The hash of parts, each with its length before it.
    pub(crate) fn mac(&self, domain: Domain, parts: &[&[u8]]) -> Digest {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.expose()).expect("every length is right");
        mac.update(&[domain as u8]);
        for part in parts {
            // INVARIANT: usize is at most 64 bits wide on every platform of Rust.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let full = mac.finalize().into_bytes();
        let mut digest = [0; LEN];
        for (to, from) in digest.iter_mut().zip(full) {
            *to = from;
        }
        Digest(digest)
    }
}

impl Digest {
    /// What no value is known to have.
    pub(crate) const NONE: Self = Self([0; LEN]);

    pub(crate) const fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }

    pub(crate) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

impl ConstantTimeEq for Digest {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(redacted)")
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.text()
    }
}

impl TryFrom<String> for Digest {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, IdError> {
        id::bytes(&text).map(Self)
    }
}
