//! Why an answer is not yes.

use serde::Serialize;

use crate::method::{Capability, Method, Strength};
use crate::name::{Group, PoolName, RegistrationId};
use crate::purpose::Purpose;
use crate::timestamp::Timestamp;

/// A fact that the answer needs and that was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Input {
    /// [`Context::asked_by`](crate::Context::asked_by).
    Actor,
    /// [`Context::with_capability`](crate::Context::with_capability) with [`Capability::Webauthn`].
    Webauthn,
    /// [`Context::with_capability`](crate::Context::with_capability) with [`Capability::Telephony`].
    Telephony,
    /// [`Context::with_number_at_risk`](crate::Context::with_number_at_risk).
    NumberAtRisk,
    /// [`Context::with_registered_elsewhere`](crate::Context::with_registered_elsewhere).
    RegisteredElsewhere,
    /// [`Context::with_reset_started`](crate::Context::with_reset_started).
    ResetStarted,
}

impl Input {
    /// The field that is missing.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Actor => "context.actor",
            Self::Webauthn => "context.webauthn",
            Self::Telephony => "context.telephony",
            Self::NumberAtRisk => "context.number_at_risk",
            Self::RegisteredElsewhere => "context.registered_elsewhere",
            Self::ResetStarted => "context.reset_started",
        }
    }
}

impl From<Capability> for Input {
    fn from(capability: Capability) -> Self {
        match capability {
            Capability::Webauthn => Self::Webauthn,
            Capability::Telephony => Self::Telephony,
        }
    }
}

/// Why something is denied, with the values that were compared.
///
/// [`Reason::code`] is stable; [`Reason::path`] is the place in the policy (or in the account or context) that decides.
/// Reasons are ordered: first what concerns the policy as a whole, then the method, the registration, the proof.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The action is for the person, and somebody else asks.
    NotOneself,
    /// The action is for administrators, and somebody else asks.
    NotAnAdministrator,
    /// An administrator asks for the own account, where the own security info is the way.
    NotForOneself,
    /// Password reset is switched off, or was never switched on.
    ResetOff,
    /// Password reset is not for the groups of this person.
    ResetNotForGroups,
    /// Password reset is excluded for a group of this person.
    ResetExcluded {
        /// The group.
        group: Group,
    },
    /// Password reset is locked after failures.
    ResetLocked {
        /// Until then.
        until: Timestamp,
    },
    /// This password reset took too long.
    ResetExpired {
        /// When it ended.
        at: Timestamp,
    },
    /// Fewer independent methods than the gates that a reset has.
    TooFewGates {
        /// As many gates as the policy asks for.
        needs: u32,
        /// As many independent methods as there are.
        has: u32,
    },
    /// Remembering devices is switched off.
    RememberedDevicesOff,
    /// The policy does not mention the method: what is not allowed is denied.
    NotInPolicy {
        /// The method.
        method: Method,
    },
    /// The method is switched off.
    MethodOff {
        /// The method.
        method: Method,
    },
    /// The method is only for groups that the person is not in.
    NotForGroups {
        /// The method.
        method: Method,
    },
    /// The method is excluded for a group of the person.
    Excluded {
        /// The method.
        method: Method,
        /// The group, the first by name if there are several.
        group: Group,
    },
    /// The method is retired.
    Retired {
        /// The method.
        method: Method,
        /// Since then.
        since: Timestamp,
    },
    /// The method works only together with another one, which is not available to the person.
    NeedsEnabled {
        /// The method.
        method: Method,
        /// The one that has to be available.
        other: Method,
    },
    /// The method does not count for the purpose.
    PurposeNotAllowed {
        /// The method.
        method: Method,
        /// The purpose.
        purpose: Purpose,
    },
    /// The method counts for a password reset, but not for this person's kind of reset.
    NotForThisReset {
        /// The method.
        method: Method,
        /// Whether the rule for administrators says so, or the rule for resets with one gate.
        administrators: bool,
    },
    /// The method is not as strong as the person's groups need.
    TooWeak {
        /// The method.
        method: Method,
        /// The strength that is needed.
        needs: Strength,
        /// The strength of the method, `None` if it proves no second factor.
        has: Option<Strength>,
    },
    /// The place of use cannot do what the method needs.
    CapabilityMissing {
        /// The method.
        method: Method,
        /// What is missing.
        capability: Capability,
    },
    /// The telephone number shows signs of a take-over.
    NumberAtRisk {
        /// The method.
        method: Method,
    },
    /// Only an administrator can register the method.
    AdministratorOnly {
        /// The method.
        method: Method,
    },
    /// Only the person can register the method, because nobody else may know its secret.
    PersonOnly {
        /// The method.
        method: Method,
    },
    /// A pool is full.
    LimitReached {
        /// The method that was to be added.
        method: Method,
        /// The pool.
        pool: PoolName,
        /// The methods that count together.
        methods: Vec<Method>,
        /// The limit.
        limit: u32,
        /// The number of devices that are there.
        has: u32,
    },
    /// The same method is registered on the same device already.
    AlreadyRegistered {
        /// The method.
        method: Method,
        /// The registration that is there.
        registration: RegistrationId,
    },
    /// The same thing is registered for somebody else.
    RegisteredElsewhere {
        /// The method.
        method: Method,
    },
    /// Another method has to be there first.
    NeedsMethod {
        /// The method that was to be added.
        method: Method,
        /// One of these has to be there.
        one_of: Vec<Method>,
    },
    /// The account has no such registration.
    NoSuchRegistration {
        /// The identifier that was asked for.
        registration: RegistrationId,
    },
    /// The registration has not been tested yet.
    Pending {
        /// The registration.
        registration: RegistrationId,
    },
    /// The registration is not waiting for a test.
    NotPending {
        /// The registration.
        registration: RegistrationId,
    },
    /// The registration is switched off until it is bound again.
    Disabled {
        /// The registration.
        registration: RegistrationId,
    },
    /// The registration was switched off by an administrator.
    Deactivated {
        /// The registration.
        registration: RegistrationId,
    },
    /// The registration is locked after failures.
    Locked {
        /// The registration.
        registration: RegistrationId,
        /// Until then.
        until: Timestamp,
    },
    /// The pass is not valid yet.
    PassNotYetValid {
        /// The registration.
        registration: RegistrationId,
        /// From then on it is.
        from: Timestamp,
    },
    /// The pass is no longer valid.
    PassExpired {
        /// The registration.
        registration: RegistrationId,
        /// Since then.
        since: Timestamp,
    },
    /// The pass was for one use and has been used.
    PassUsed {
        /// The registration.
        registration: RegistrationId,
    },
    /// The pass carries no validity.
    PassWithoutValidity {
        /// The registration.
        registration: RegistrationId,
    },
    /// No recovery code is left.
    NoCodesLeft {
        /// The registration.
        registration: RegistrationId,
    },
    /// The gate does not count beside one that was already passed.
    NotIndependent {
        /// The registration.
        registration: RegistrationId,
        /// The gate that was passed.
        passed: RegistrationId,
    },
    /// The method cannot be chosen as the default.
    NotAsDefault {
        /// The method.
        method: Method,
    },
    /// The registration is the default, and the policy asks for another default first.
    IsDefault {
        /// The registration.
        registration: RegistrationId,
    },
    /// Without the registration, something that the policy requires could not be reached.
    LastMethod {
        /// The registration.
        registration: RegistrationId,
        /// What could not be reached.
        purpose: Purpose,
        /// With that strength.
        strength: Option<Strength>,
    },
    /// The pass would last too short or too long.
    PassMinutes {
        /// The shortest.
        least: u32,
        /// The longest.
        most: u32,
        /// What was asked for.
        asked: u32,
    },
    /// The policy asks for passes that are good once.
    PassMustBeOneTime,
    /// The person has not signed in with a first factor.
    NeedsFirstFactor,
    /// A proof with two-step verification is needed, or a stronger one.
    NeedsProof {
        /// The strength of proof.
        strength: Strength,
        /// At most that old, in minutes; `None` for any in this session.
        within_minutes: Option<u32>,
    },
    /// The only proof is a recovery code, which does not allow this.
    RecoveryCodeNotEnough,
}

impl Reason {
    /// The stable code, as in the message catalogues and in serialised form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOneself => "not_oneself",
            Self::NotAnAdministrator => "not_an_administrator",
            Self::NotForOneself => "not_for_oneself",
            Self::ResetOff => "reset_off",
            Self::ResetNotForGroups => "reset_not_for_groups",
            Self::ResetExcluded { .. } => "reset_excluded",
            Self::ResetLocked { .. } => "reset_locked",
            Self::ResetExpired { .. } => "reset_expired",
            Self::TooFewGates { .. } => "too_few_gates",
            Self::RememberedDevicesOff => "remembered_devices_off",
            Self::NotInPolicy { .. } => "not_in_policy",
            Self::MethodOff { .. } => "method_off",
            Self::NotForGroups { .. } => "not_for_groups",
            Self::Excluded { .. } => "excluded",
            Self::Retired { .. } => "retired",
            Self::NeedsEnabled { .. } => "needs_enabled",
            Self::PurposeNotAllowed { .. } => "purpose_not_allowed",
            Self::NotForThisReset { .. } => "not_for_this_reset",
            Self::TooWeak { .. } => "too_weak",
            Self::CapabilityMissing { .. } => "capability_missing",
            Self::NumberAtRisk { .. } => "number_at_risk",
            Self::AdministratorOnly { .. } => "administrator_only",
            Self::PersonOnly { .. } => "person_only",
            Self::LimitReached { .. } => "limit_reached",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::RegisteredElsewhere { .. } => "registered_elsewhere",
            Self::NeedsMethod { .. } => "needs_method",
            Self::NoSuchRegistration { .. } => "no_such_registration",
            Self::Pending { .. } => "pending",
            Self::NotPending { .. } => "not_pending",
            Self::Disabled { .. } => "disabled",
            Self::Deactivated { .. } => "deactivated",
            Self::Locked { .. } => "locked",
            Self::PassNotYetValid { .. } => "pass_not_yet_valid",
            Self::PassExpired { .. } => "pass_expired",
            Self::PassUsed { .. } => "pass_used",
            Self::PassWithoutValidity { .. } => "pass_without_validity",
            Self::NoCodesLeft { .. } => "no_codes_left",
            Self::NotIndependent { .. } => "not_independent",
            Self::NotAsDefault { .. } => "not_as_default",
            Self::IsDefault { .. } => "is_default",
            Self::LastMethod { .. } => "last_method",
            Self::PassMinutes { .. } => "pass_minutes",
            Self::PassMustBeOneTime => "pass_must_be_one_time",
            Self::NeedsFirstFactor => "needs_first_factor",
            Self::NeedsProof { .. } => "needs_proof",
            Self::RecoveryCodeNotEnough => "recovery_code_not_enough",
        }
    }

    /// The field that decides: of the policy, or of what was asked (`account.`, `context.`, `action.`).
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::NotOneself | Self::NotAnAdministrator | Self::NotForOneself => {
                "context.actor".into()
            }
            Self::ResetOff => "reset.enabled".into(),
            Self::ResetNotForGroups => "reset.include".into(),
            Self::ResetExcluded { .. } => "reset.exclude".into(),
            Self::ResetLocked { .. } => "account.reset_locked_until".into(),
            Self::ResetExpired { .. } => "reset_limits.session_minutes".into(),
            Self::TooFewGates { .. } => "reset.gates".into(),
            Self::RememberedDevicesOff => "remembered_devices.enabled".into(),
            Self::NotInPolicy { .. } => "methods".into(),
            Self::MethodOff { method } => method.path("enabled"),
            Self::NotForGroups { method } => method.path("include"),
            Self::Excluded { method, .. } => method.path("exclude"),
            Self::Retired { method, .. } => method.path("sunset"),
            Self::NeedsEnabled { method, .. } => method.path("needs_enabled"),
            Self::PurposeNotAllowed { method, .. } => method.path("purposes"),
            Self::NotForThisReset {
                administrators: true,
                ..
            } => "reset.administrators.without".into(),
            Self::NotForThisReset {
                administrators: false,
                ..
            } => "reset.one_gate_without".into(),
            Self::TooWeak { .. } => "requirements".into(),
            Self::CapabilityMissing {
                capability: Capability::Webauthn,
                ..
            } => "context.webauthn".into(),
            Self::CapabilityMissing {
                capability: Capability::Telephony,
                ..
            } => "context.telephony".into(),
            Self::NumberAtRisk { .. } => "context.number_at_risk".into(),
            Self::AdministratorOnly { method } => method.path("registration"),
            Self::PersonOnly { .. } => "action.method".into(),
            Self::LimitReached { pool, .. } => format!("pools.{pool}.max"),
            Self::AlreadyRegistered { registration, .. }
            | Self::NoSuchRegistration { registration }
            | Self::Pending { registration }
            | Self::NotPending { registration }
            | Self::Disabled { registration }
            | Self::Deactivated { registration }
            | Self::Locked { registration, .. }
            | Self::PassNotYetValid { registration, .. }
            | Self::PassExpired { registration, .. }
            | Self::PassUsed { registration }
            | Self::PassWithoutValidity { registration }
            | Self::NoCodesLeft { registration } => format!("account.registrations.{registration}"),
            Self::RegisteredElsewhere { method } => method.path("unique"),
            Self::NeedsMethod { method, .. } => method.path("needs"),
            Self::NotIndependent { .. } => "reset.counts_once".into(),
            Self::NotAsDefault { method } => method.path("default"),
            Self::IsDefault { .. } => "default_method.keep".into(),
            Self::LastMethod { .. } => "requirements".into(),
            Self::PassMinutes { .. } => "temporary_pass".into(),
            Self::PassMustBeOneTime => "temporary_pass.one_time".into(),
            Self::NeedsFirstFactor => "context.proofs".into(),
            Self::NeedsProof { .. } => "freshness".into(),
            Self::RecoveryCodeNotEnough => "context.proofs".into(),
        }
    }
}
