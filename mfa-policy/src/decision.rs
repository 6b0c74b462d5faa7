//! The answer to a question.

use serde::Serialize;

use crate::method::{Capability, Method, Strength};
use crate::name::RegistrationId;
use crate::purpose::Purpose;
use crate::reason::{Input, Reason};
use crate::timestamp::Timestamp;

/// Yes, no, or not without knowing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Yes.
    Allow,
    /// Not without this. The first missing fact; [`Decision::missing`] has all of them.
    NeedInput(Input),
    /// No.
    Deny,
}

/// One thing to do.
///
/// INVARIANT: the order of the variants is the order in which steps are taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Wait until that time.
    Wait {
        /// The time.
        until: Timestamp,
    },
    /// Use a client or a place that can do this.
    UseWhere {
        /// What it can do.
        capability: Capability,
    },
    /// Sign in with the first factor.
    SignIn,
    /// Ask an administrator.
    Ask(Request),
    /// Start the password reset again.
    StartAgain,
    /// Prove again with a method of at least that strength. For what administrators do, with one of their own.
    Prove {
        /// The strength.
        strength: Strength,
        /// One of these registrations serves. Empty for an administrator, whose registrations are in another account.
        one_of: Vec<RegistrationId>,
    },
    /// Finish a registration by passing its test.
    Confirm {
        /// The registration.
        registration: RegistrationId,
    },
    /// Remove one of these, but not the one that the proof was given with.
    RemoveOneOf {
        /// The registrations.
        registrations: Vec<RegistrationId>,
    },
    /// Register a method and pass its test, which proves it too.
    Add {
        /// The method.
        method: Method,
    },
    /// Choose another default.
    SetDefault {
        /// One of these.
        one_of: Vec<RegistrationId>,
    },
    /// Pass gates of a password reset until there are enough: one with each of these.
    PassGates {
        /// The registrations.
        registrations: Vec<RegistrationId>,
    },
    /// Ask for another length of the pass.
    ChangePass {
        /// Minutes that are allowed.
        minutes: u32,
        /// Whether it must be for one use.
        one_time: bool,
    },
}

/// What to ask an administrator for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Allow the method for this person in the policy: on, for the person's groups, not retired, with what it depends on.
    AllowMethod {
        /// The method.
        method: Method,
        /// For that purpose too, where the question had one.
        purpose: Option<Purpose>,
    },
    /// Allow password reset for this person in the policy.
    AllowReset,
    /// Allow devices to be remembered.
    AllowRememberedDevices,
    /// Register a method for the person.
    Register {
        /// The method.
        method: Method,
    },
    /// Remove one of these for the person.
    RemoveOneOf {
        /// The registrations.
        registrations: Vec<RegistrationId>,
    },
    /// End the lock of registrations and of the password reset, and switch on again what an administrator switched off.
    Unlock,
    /// Issue a temporary pass, and prove with it.
    IssuePass,
    /// Do it for the person.
    DoIt,
}

impl Step {
    /// The stable code, as in the message catalogues and in serialised form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wait { .. } => "wait",
            Self::UseWhere { .. } => "use_where",
            Self::SignIn => "sign_in",
            Self::Ask(_) => "ask",
            Self::StartAgain => "start_again",
            Self::Prove { .. } => "prove",
            Self::Confirm { .. } => "confirm",
            Self::RemoveOneOf { .. } => "remove_one_of",
            Self::Add { .. } => "add",
            Self::SetDefault { .. } => "set_default",
            Self::PassGates { .. } => "pass_gates",
            Self::ChangePass { .. } => "change_pass",
        }
    }
}

impl Request {
    /// The stable code, as in the message catalogues and in serialised form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AllowMethod { .. } => "allow_method",
            Self::AllowReset => "allow_reset",
            Self::AllowRememberedDevices => "allow_remembered_devices",
            Self::Register { .. } => "register",
            Self::RemoveOneOf { .. } => "remove_one_of",
            Self::Unlock => "unlock",
            Self::IssuePass => "issue_pass",
            Self::DoIt => "do_it",
        }
    }
}

/// Steps after which the answer is yes, in the order in which to take them.
///
/// Of several remedies each is enough, and none contains another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Remedy {
    pub(crate) steps: Vec<Step>,
}

impl Remedy {
    /// The steps, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// The answer to a question. A denial is a value, with all its reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[must_use = "a decision that nobody looks at protects nothing"]
pub struct Decision {
    pub(crate) effect: Effect,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) missing: Vec<Input>,
    pub(crate) remedies: Vec<Remedy>,
    pub(crate) recheck_at: Option<Timestamp>,
}

impl Decision {
    /// Yes, no, or not without knowing more. A reason to deny goes before a missing fact.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Whether the answer is yes.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self.effect, Effect::Allow)
    }

    /// Every reason to deny, in order, each once. Empty if there is none.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Every fact that is missing.
    #[must_use]
    pub fn missing(&self) -> &[Input] {
        &self.missing
    }

    /// What would lead to yes: what the person can do alone first, then the shortest. Empty if the answer is yes, or
    /// nothing would. Where facts are missing too, they are taken to be in favour.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    /// The time until which the answer stands if nothing but time changes; `None` for ever.
    #[must_use]
    pub const fn recheck_at(&self) -> Option<Timestamp> {
        self.recheck_at
    }
}
