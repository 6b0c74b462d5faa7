//! Who asks, in which session, when and from where.

use mfa_policy::{Capability, PersonId, Role, Subject, Timestamp};

use crate::proof::OwnProof;
use crate::session::SessionId;
use crate::shown::shown;

/// The circumstances of an operation. The time comes from the host's clock, and nothing of it from the client.
#[derive(Clone, Debug)]
pub struct Visit {
    pub(crate) subject: Subject,
    pub(crate) now: Timestamp,
    pub(crate) session: Option<SessionId>,
    pub(crate) origin: Option<String>,
    pub(crate) application: Option<String>,
    pub(crate) webauthn: Option<bool>,
    pub(crate) telephony: Option<bool>,
    pub(crate) number_at_risk: Option<bool>,
    pub(crate) administrator: Option<Administrator>,
}

/// Somebody who acts on the account of another.
#[derive(Clone, Debug)]
pub(crate) struct Administrator {
    pub(crate) id: PersonId,
    pub(crate) authority: Authority,
}

/// By what somebody may act on the account of another.
#[derive(Clone, Debug)]
pub(crate) enum Authority {
    /// A role, and perhaps a proof of the own second factor.
    Person { role: Role, proof: Option<OwnProof> },
    /// It is the operator's own tool.
    Operator,
}

impl Visit {
    /// Somebody, at that time, in no session yet.
    #[must_use]
    pub const fn new(subject: Subject, now: Timestamp) -> Self {
        Self {
            subject,
            now,
            session: None,
            origin: None,
            application: None,
            webauthn: None,
            telephony: None,
            number_at_risk: None,
            administrator: None,
        }
    }

    /// In that session.
    #[must_use]
    pub fn in_session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// From that place, as it is shown to the person beside the question whether that was he: address, town, browser.
    #[must_use]
    pub fn from(mut self, origin: &str) -> Self {
        self.origin = Some(shown(origin));
        self
    }

    /// To sign in to that application, as a device shows it that is asked to approve.
    #[must_use]
    pub fn for_application(mut self, application: &str) -> Self {
        self.application = Some(shown(application));
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

    /// By an administrator, who proved a second factor of his own, on an account of the same tenant:
    /// [`Operation::own_proof`](crate::Operation::own_proof), or the [`Proof`](crate::Proof) that was just given. Without one that counts the policy
    /// denies everything.
    #[must_use]
    pub fn by_administrator(mut self, administrator: &Subject, proof: impl Into<OwnProof>) -> Self {
        let proof = proof.into();
        let own = proof.counts && proof.key.person() == Some(administrator.id());
        self.administrator = Some(Administrator {
            id: administrator.id().clone(),
            authority: Authority::Person {
                role: administrator.role(),
                proof: own.then_some(proof),
            },
        });
        self
    }

    /// By the operator's own tool or another system of the operator, under the name that the audit log is to have.
    ///
    /// # Security
    /// It takes no proof, and is for what no request of the network reaches: a repair at night, a person who left. It may
    /// switch an account off and on, end its sessions, repair and burn, and nothing else.
    #[must_use]
    pub fn by_operator(mut self, name: PersonId) -> Self {
        self.administrator = Some(Administrator {
            id: name,
            authority: Authority::Operator,
        });
        self
    }

    /// The time.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whose account it is about.
    #[must_use]
    pub const fn subject(&self) -> &Subject {
        &self.subject
    }
}
