//! Sessions and what was proven in them.

use std::fmt;
use std::str::FromStr;

use mfa_policy::{RegistrationId, Timestamp};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::hashing::{Digest, Domain, HashKey};
use crate::id::{self, IdError, RememberedDeviceId};
use crate::reset::ResetSession;

/// Sessions that one account keeps of those with a first factor, and as many of those without one.
const MOST_SESSIONS: usize = 12;

/// A session, as the host keeps it in the session of its own: 128 random bits. Wiped, redacted, not comparable.
///
/// It is made at the first factor and made anew at every success, so that the session from before a proof is never the one
/// after it (ASVS 7.2.4). Keep it where the client cannot set it, and replace it by the one that a [`Proof`](crate::Proof) brings.
#[derive(Clone)]
pub struct SessionId(Zeroizing<[u8; 16]>);

impl SessionId {
    pub(crate) fn random(rng: &mut dyn CryptoRng) -> Self {
        Self(Zeroizing::new(id::random(rng)))
    }

    /// The text to be kept in the host's session. The call to search for when asking who sees it.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        Zeroizing::new(id::text(self.0.as_slice()))
    }

    pub(crate) fn digest(&self, key: &HashKey, account: &Account) -> Digest {
        key.digest(Domain::Session, account.key(), &[], self.0.as_slice())
    }
}

impl FromStr for SessionId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        id::bytes(text).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(redacted)")
    }
}

/// A session by a name that opens nothing: for events and effects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionRef(String);

impl SessionRef {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Digest> for SessionRef {
    fn from(digest: Digest) -> Self {
        Self(digest.text())
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionRecord {
    pub(crate) id: Digest,
    pub(crate) begun: Timestamp,
    /// When the first factor was proven. `None` in a password reset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_factor: Option<Timestamp>,
    /// What stood in the place of the password, if anything did. It is not the second step as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first_by: Option<RegistrationId>,
    /// The remembered device that spares this session the second step, as long as it is remembered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) remembered: Option<RememberedDeviceId>,
    /// A password reset. INVARIANT: such a session never gets a first factor, so what is proven in it opens nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reset: Option<ResetSession>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) proofs: Vec<ProofRecord>,
}

impl SessionRecord {
    /// Whether it was begun, or something proven in it, while our clock was ahead.
    pub(crate) fn is_from_the_future(&self, now: Timestamp) -> bool {
        let proofs = self.proofs.iter().map(|proof| proof.at);
        proofs
            .chain(self.first_factor)
            .chain([self.begun])
            .any(|time| time > now)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProofRecord {
    pub(crate) by: RegistrationId,
    pub(crate) at: Timestamp,
}

impl Account {
    pub(crate) fn session(&self, id: &Digest) -> Option<&SessionRecord> {
        // Every one is compared, so that the time tells nothing of the place.
        self.record.sessions.iter().fold(None, |found, session| {
            if bool::from(session.id.ct_eq(id)) {
                Some(session)
            } else {
                found
            }
        })
    }

    pub(crate) fn session_mut(&mut self, id: &Digest) -> Option<&mut SessionRecord> {
        self.record
            .sessions
            .iter_mut()
            .fold(None, |found, session| {
                if bool::from(session.id.ct_eq(id)) {
                    Some(session)
                } else {
                    found
                }
            })
    }

    pub(crate) fn end_session(&mut self, id: &Digest) {
        self.record
            .sessions
            .retain(|session| !bool::from(session.id.ct_eq(id)));
        self.record
            .challenges
            .retain(|challenge| !bool::from(challenge.session.ct_eq(id)));
    }

    /// Keeps a session. Of too many of its kind one goes, with its challenges: of those with a first factor one that has no
    /// second, else the oldest. Who has proven nothing never ends the session of somebody who has.
    pub(crate) fn keep_session(&mut self, session: SessionRecord) {
        let anonymous = session.first_factor.is_none();
        let alike = |other: &&SessionRecord| other.first_factor.is_none() == anonymous;
        let others = self.record.sessions.iter().filter(alike);
        let weight = |session: &&SessionRecord| {
            (
                session.proofs.iter().map(|proof| proof.at).max(),
                session.begun,
            )
        };
        if others.clone().count() >= MOST_SESSIONS
            && let Some(least) = others.min_by_key(weight)
        {
            self.end_session(&{ least.id });
        }
        self.record.sessions.push(session);
    }

    /// Whether nothing was proven before the session began.
    pub(crate) fn is_anonymous(&self, session: &Digest) -> bool {
        is_anonymous(&self.record.sessions, session)
    }
}

pub(crate) fn is_anonymous(sessions: &[SessionRecord], id: &Digest) -> bool {
    let mut found = sessions
        .iter()
        .filter(|session| bool::from(session.id.ct_eq(id)));
    !found.any(|session| session.first_factor.is_some())
}
