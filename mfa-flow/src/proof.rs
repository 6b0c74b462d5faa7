//! The proof that somebody passed a challenge.

use mfa_policy::{Method, PersonId, Purpose, RegistrationId, Strength, Timestamp};

use crate::budget::Failures;
use crate::id::ChallengeId;
use crate::key::{AccountKey, TenantId};
use crate::session::SessionId;

/// Somebody passed a challenge. Only an accepted answer makes one, and only a durable one can be read.
#[must_use = "let the person in by the new session of this proof"]
#[derive(Debug)]
pub struct Proof {
    pub(crate) key: AccountKey,
    pub(crate) registration: RegistrationId,
    pub(crate) method: Method,
    pub(crate) strength: Option<Strength>,
    pub(crate) purpose: Purpose,
    pub(crate) challenge: ChallengeId,
    pub(crate) at: Timestamp,
    pub(crate) session: SessionId,
    pub(crate) failures: Failures,
}

impl Proof {
    /// The tenant.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        self.key.tenant()
    }

    /// The person.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        self.key.person()
    }

    /// The registration that was used.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// Its method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The strength; `None` for what only opens a password reset.
    #[must_use]
    pub const fn strength(&self) -> Option<Strength> {
        self.strength
    }

    /// What the challenge was for.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The challenge, which is used up.
    #[must_use]
    pub const fn challenge(&self) -> ChallengeId {
        self.challenge
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The session that takes the place of the one in which the challenge was answered.
    #[must_use]
    pub const fn session(&self) -> &SessionId {
        &self.session
    }

    /// What failed with this factor since it last succeeded. Show it to the person (ASVS 6.3.5).
    #[must_use]
    pub const fn failures(&self) -> &Failures {
        &self.failures
    }
}

/// What an administrator proved of himself, for [`Visit::by_administrator`](crate::Visit::by_administrator).
///
/// [`Operation::own_proof`](crate::Operation::own_proof) reads it from the administrator's own session, on his own account; or it is made of
/// the [`Proof`] that was just given. There is no other way to one.
#[derive(Clone, Debug)]
pub struct OwnProof {
    pub(crate) key: AccountKey,
    pub(crate) registration: RegistrationId,
    pub(crate) at: Timestamp,
    /// Whether it was a second factor, or two at once. A recovery code is one for oneself only.
    pub(crate) counts: bool,
}

impl From<&Proof> for OwnProof {
    fn from(proof: &Proof) -> Self {
        let strong = match proof.purpose {
            Purpose::FirstFactor => proof.strength >= Some(Strength::Passwordless),
            _ => proof.strength.is_some(),
        };
        Self {
            key: proof.key.clone(),
            registration: proof.registration.clone(),
            at: proof.at,
            counts: strong && proof.method != Method::RecoveryCodes,
        }
    }
}

/// Not accepted. Wrong, used before, locked, expired, unknown: all look the same. The audit event has the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not accepted")]
pub struct Rejected(pub(crate) ());
