//! What the audit log is told. No secrets.

use mfa_policy::{Method, PersonId, Purpose, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::session::SessionRef;

/// One line of the audit log: who, what, when, with which result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, by the time that was given.
    pub at: Timestamp,
    /// What happened.
    pub what: What,
    /// The registration that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegistrationId>,
    /// Its method.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// In which session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionRef>,
    /// The administrator who did it; `None` for the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// From where, as [`Visit::from`](crate::Visit::from) said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// The first factor was proven.
    FirstFactor,
    /// A password was typed, and is counted before it is looked at. If that waits it was wrong, unless the first factor follows.
    PasswordTried {
        /// Waiting if the host may look at it; else why it does not count.
        result: Class,
    },
    /// So many passwords were wrong that none is accepted for a while, unless the last one was right.
    PasswordLocked {
        /// Until then.
        until: Timestamp,
    },
    /// A challenge was made.
    Challenged {
        /// For what.
        purpose: Purpose,
    },
    /// Something was sent.
    Sent,
    /// An answer to a challenge.
    Answered {
        /// For what; `None` if there is no such challenge.
        purpose: Option<Purpose>,
        /// The result. Outside, everything but accepted looks the same.
        result: Class,
    },
    /// A factor was locked after failures.
    Locked {
        /// Until then.
        until: Timestamp,
    },
    /// A factor was disabled after too many failures in a row.
    Disabled,
    /// The person denied a notification or a call.
    DeniedByPerson,
    /// The person reported a notification or a call as suspicious.
    ReportedSuspicious,
    /// A stored time step lies in the future: our clock went back, or was ahead before.
    ClockBehind,
    /// The replay state was brought back to the present time.
    ClockRepaired,
    /// The sign count of a security key went back: it may have been copied.
    SecurityKeyCopied,
    /// An enrolment was begun.
    EnrolmentBegun,
    /// The test of an enrolment.
    EnrolmentTested {
        /// The result.
        result: Class,
    },
    /// An authenticator app reported for an enrolment.
    Paired {
        /// The result.
        result: Class,
    },
    /// An enrolment was given up, or took too long.
    EnrolmentEnded,
    /// A hardware token was looked for by consecutive codes.
    Resynchronised {
        /// The result.
        result: Class,
    },
    /// A registration was bound.
    Bound,
    /// A registration was removed.
    Removed,
    /// A registration was renamed.
    Renamed,
    /// Another default was chosen, or followed.
    DefaultChanged,
    /// The policy refused something.
    Refused {
        /// The codes of the reasons.
        reasons: Vec<String>,
    },
    /// A password reset was asked for. It was begun if that is accepted; outside everything looks the same.
    ResetBegun {
        /// The result.
        result: Class,
    },
    /// A password reset was locked after failures.
    ResetLocked {
        /// Until then.
        until: Timestamp,
    },
    /// A permission to set a password was given.
    ResetPermitted,
    /// A permission to set a password was used.
    PasswordReset,
    /// A permission to set a password was not accepted.
    PermissionRefused {
        /// Why.
        result: Class,
    },
    /// A sign-in without a password was asked for. A notification went out if that is accepted; outside everything looks the same.
    PhoneSignInBegun {
        /// The result.
        result: Class,
    },
    /// A factor was tried too often in the place of a password. As a second step it is as good as before.
    FirstFactorLocked {
        /// Until then; `None` until it is bound again.
        until: Option<Timestamp>,
    },
    /// A pass was issued.
    PassIssued,
    /// Recovery codes were made.
    RecoveryCodesMade,
    /// An app password was used.
    AppPasswordUsed {
        /// The result.
        result: Class,
    },
    /// A device was remembered.
    DeviceRemembered,
    /// A remembered device was forgotten, or all of them.
    DevicesForgotten,
    /// Registration was demanded anew.
    RegistrationDemanded,
    /// Locks were ended.
    Unlocked,
    /// The account was switched off.
    Suspended,
    /// The account was switched on again.
    Resumed,
    /// Every time step up to now was burned, after a backup was restored.
    Burned,
    /// A session ended.
    SessionEnded,
    /// Every other session ended.
    SessionsEnded,
    /// The host has set another password.
    PasswordChanged,
    /// The person said that the security info is right.
    Reconfirmed,
    /// The person put the registration campaign off.
    CampaignSnoozed,
    /// What is stored of the account could not be opened.
    Unreadable,
    /// Something was not sent in time, and is not sent any more.
    NotSent,
}

/// The result of an answer, for the audit log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Class {
    /// Right.
    Accepted,
    /// Wrong.
    Wrong,
    /// Right, and used before; or signed, and not for what was sent last.
    Replayed,
    /// Not looked at: the factor is locked or disabled.
    Locked,
    /// There is no such challenge, or it is over.
    NoChallenge,
    /// The challenge belongs to another session, or the session has no first factor.
    NoSession,
    /// There is no such registration, or it cannot be answered that way.
    NoFactor,
    /// The policy does not let it count for this.
    NotAllowed,
    /// What was sent is over.
    Expired,
    /// The account is switched off.
    Suspended,
    /// There is no such person.
    UnknownPerson,
    /// The stored time step lies in the future.
    ClockBehind,
    /// Nobody has approved yet, or looked at it.
    Waiting,
    /// The key of the registration has not signed it: another device, or it was altered on the way.
    NotSigned,
    /// The device has not verified its user, where it has to.
    NoGesture,
}
