//! The circumstances of a question: the time, who asks, what was proven, what the client can do.

use serde::{Deserialize, Serialize};

use crate::method::Capability;
use crate::name::{PersonId, RegistrationId};
use crate::subject::Role;
use crate::timestamp::Timestamp;

/// What was proven in this session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proven {
    /// The password.
    Password,
    /// A registration of the person.
    Registration(RegistrationId),
}

/// A proof that was given in this session.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(expecting = "a proof", deny_unknown_fields)]
pub struct Proof {
    /// What was proven.
    pub by: Proven,
    /// When.
    pub at: Timestamp,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "who asks", deny_unknown_fields)]
pub struct Actor {
    /// The person.
    pub id: PersonId,
    /// The role in which the person acts.
    #[serde(default)]
    pub role: Role,
}

/// The circumstances of a question.
///
/// What is not known is left out. A rule that needs it then answers with
/// [`Effect::NeedInput`](crate::Effect::NeedInput), and never guesses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "the circumstances", deny_unknown_fields)]
pub struct Context {
    pub(crate) now: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) actor: Option<Actor>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) proofs: Vec<Proof>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) webauthn: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) telephony: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) number_at_risk: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) registered_elsewhere: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reset_started: Option<Timestamp>,
}

impl Context {
    /// At that time, with nothing else known.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self {
            now,
            actor: None,
            proofs: Vec::new(),
            webauthn: None,
            telephony: None,
            number_at_risk: None,
            registered_elsewhere: None,
            reset_started: None,
        }
    }

    /// At that time, where WebAuthn is spoken and telephones are reached.
    #[must_use]
    pub const fn anywhere(now: Timestamp) -> Self {
        Self::at(now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
    }

    /// Asked by that person in that role. Without it, the person asks for himself.
    #[must_use]
    pub fn asked_by(mut self, id: PersonId, role: Role) -> Self {
        self.actor = Some(Actor { id, role });
        self
    }

    /// With one more proof given in this session.
    #[must_use]
    pub fn proven(mut self, by: Proven, at: Timestamp) -> Self {
        self.proofs.push(Proof { by, at });
        self
    }

    /// Whether the client speaks WebAuthn, or text messages and calls can be delivered.
    #[must_use]
    pub const fn with_capability(mut self, capability: Capability, present: bool) -> Self {
        match capability {
            Capability::Webauthn => self.webauthn = Some(present),
            Capability::Telephony => self.telephony = Some(present),
        }
        self
    }

    /// Whether the telephone number shows signs of a take-over (SIM change, porting; SP 800-63B-4 §3.1.3.3).
    #[must_use]
    pub const fn with_number_at_risk(mut self, at_risk: bool) -> Self {
        self.number_at_risk = Some(at_risk);
        self
    }

    /// Whether what is to be added is registered for somebody else.
    #[must_use]
    pub const fn with_registered_elsewhere(mut self, elsewhere: bool) -> Self {
        self.registered_elsewhere = Some(elsewhere);
        self
    }

    /// The time at which this password reset began.
    #[must_use]
    pub const fn with_reset_started(mut self, time: Timestamp) -> Self {
        self.reset_started = Some(time);
        self
    }

    /// The time of the question.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What is known of a capability.
    pub(crate) const fn capability(&self, capability: Capability) -> Option<bool> {
        match capability {
            Capability::Webauthn => self.webauthn,
            Capability::Telephony => self.telephony,
        }
    }
}
