//! What the host has to carry out after a commit.

use mfa_policy::{Method, PersonId, Purpose, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::contact::{Contact, EmailAddress, PhoneNumber};
use crate::device::PushRequest;
use crate::event::What;
use crate::id::ChallengeId;
use crate::secret::SecretString;
use crate::session::SessionRef;

/// Something for the host to do, delivered at least once from the outbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Send a code by text message.
    SendText {
        /// The mobile telephone.
        to: PhoneNumber,
        /// The code.
        code: SecretString,
        /// For what.
        reason: Why,
        /// Not worth sending after that.
        until: Timestamp,
    },
    /// Call, and ask for `#` to be pressed. Say it to [`Operation::phone_said`](crate::Operation::phone_said).
    PlaceCall {
        /// The telephone.
        to: PhoneNumber,
        /// What the answer is for.
        reason: Why,
        /// Not worth calling after that.
        until: Timestamp,
    },
    /// Send a code by e-mail.
    SendMail {
        /// The mailbox.
        to: EmailAddress,
        /// The code.
        code: SecretString,
        /// For what.
        reason: Why,
        /// Not worth sending after that.
        until: Timestamp,
    },
    /// Send a request to an authenticator app. It asks for the number that the browser shows, and does not hold it. Give the answer to
    /// [`Operation::device_answered`](crate::Operation::device_answered).
    Push {
        /// The address that the app was paired with.
        address: String,
        /// What is asked, to be sent word for word: the app signs it.
        request: PushRequest,
        /// For what.
        reason: Why,
        /// Not worth showing after that.
        until: Timestamp,
    },
    /// Tell the person, by every way that the host knows and by those listed, with a way to say "that was not me".
    NotifyUser {
        /// What happened.
        notice: Notice,
        /// Also here: what was registered before the change, too.
        also: Vec<Contact>,
    },
    /// Give the browser a new session identifier: the one from before the proof must not be used any more (ASVS 7.2.4).
    RotateSession {
        /// The session that ended.
        from: SessionRef,
        /// The session that took its place.
        to: SessionRef,
    },
    /// End the sessions of the person, all but one (ASVS 7.4.3).
    EndSessions {
        /// The session that stays.
        except: Option<SessionRef>,
    },
}

impl Effect {
    /// When it is no longer worth doing. `None`: however late.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self {
            Self::SendText { until, .. }
            | Self::PlaceCall { until, .. }
            | Self::SendMail { until, .. }
            | Self::Push { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// Which registration it is sent for, if it is sent for one.
    #[must_use]
    pub const fn registration(&self) -> Option<&RegistrationId> {
        match self {
            Self::SendText { reason, .. }
            | Self::PlaceCall { reason, .. }
            | Self::SendMail { reason, .. }
            | Self::Push { reason, .. } => match reason {
                Why::Challenge { registration, .. } | Why::Enrolment { registration, .. } => {
                    Some(registration)
                }
            },
            _ => None,
        }
    }
}

/// For what something is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The answer to a challenge.
    Challenge {
        /// The challenge.
        challenge: ChallengeId,
        /// The registration that is asked for.
        registration: RegistrationId,
        /// What the challenge is for.
        purpose: Purpose,
    },
    /// The test of an enrolment.
    Enrolment {
        /// The registration that is pending.
        registration: RegistrationId,
    },
}

/// What a person is told of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// A method was added.
    Added {
        /// The method.
        method: Method,
        /// Its name.
        name: String,
    },
    /// A method was removed.
    Removed {
        /// The method.
        method: Method,
        /// Its name.
        name: String,
    },
    /// A method was replaced by another.
    Replaced {
        /// What went.
        method: Method,
        /// What came.
        by: Method,
    },
    /// Another default was chosen.
    DefaultChanged {
        /// Now it is this one, or none.
        method: Option<Method>,
    },
    /// A factor is locked or disabled after failures.
    Locked {
        /// The method.
        method: Method,
        /// Until then; `None` until it is bound again.
        until: Option<Timestamp>,
    },
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// Codes that are left.
        left: u32,
    },
    /// New recovery codes were made; the old ones are void.
    RecoveryCodesMade,
    /// A sign-in was reported as suspicious by the person.
    SuspiciousReported,
    /// A password reset was begun.
    ResetBegun,
    /// A password was set by a reset.
    PasswordReset,
    /// Passwords are not accepted for a while, after too many wrong ones.
    PasswordLocked {
        /// Until then.
        until: Timestamp,
    },
    /// Password reset is locked after failures.
    ResetLocked {
        /// Until then.
        until: Timestamp,
    },
    /// An administrator acted on the account.
    Administered {
        /// Who.
        by: PersonId,
        /// What it was.
        what: What,
        /// The method that it was about, if it was about one.
        method: Option<Method>,
    },
    /// A device is remembered: no second step there.
    DeviceRemembered,
}
