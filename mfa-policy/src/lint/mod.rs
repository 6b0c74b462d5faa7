//! What an administrator should know of a policy that is valid: who is locked out, what is weak, and what has no effect.

mod dates;
mod effect;
mod possible;
mod reset;
mod review;
mod sign_in;

use serde::Serialize;

use crate::method::{Method, Strength};
use crate::name::PoolName;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::representatives::{People, Who};
use crate::timestamp::Timestamp;

use review::Review;

/// What kind of harm a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Concern {
    /// Somebody cannot do what they have to, or will not be able to.
    LockedOut,
    /// Somebody gets in more easily than they should.
    Weakness,
    /// Something in the policy has no effect.
    NoEffect,
}

/// What stands in the way of a password reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ResetLimit {
    /// `reset.gates`, or `reset.administrators.gates` for an administrator: there are too few methods for so many.
    Gates,
    /// `reset.one_gate_without`: it takes away what would be enough.
    OneGateWithout,
    /// `reset.administrators.without`: it takes away what would be enough.
    AdministratorsWithout,
    /// `reset.counts_once`: it makes one of what would be enough.
    CountsOnce,
}

/// Something that an administrator should know of a policy that is valid. [`Policy::lint`] finds them.
///
/// [`Lint::code`] is stable; [`Lint::path`] is the place in the policy. "Can register" means: by the person or by an
/// administrator, with what has to be there first, within the pools, and one app and one mobile telephone a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lint {
    /// No administrator can pass two-step verification, so nobody can act for others.
    NoAdministrator,
    /// People have to reach a purpose, and nothing that they can register does.
    RequiredUnreachable {
        /// The purpose.
        purpose: Purpose,
        /// The strength that is required.
        strength: Option<Strength>,
        /// For whom.
        who: Who,
    },
    /// People have a second step, and nothing that they can register counts for managing: after the first registration
    /// nothing can be changed.
    CannotManage {
        /// For whom.
        who: Who,
    },
    /// A password reset takes more independent proofs than people have kinds of method for it.
    TooFewResetMethods {
        /// As many as a reset takes.
        gates: u32,
        /// As many as people can have, with one app and one mobile telephone.
        has: u32,
        /// What stands in the way.
        limit: ResetLimit,
        /// For whom.
        who: Who,
    },
    /// A method needs another one first, and a pool has no room for both.
    PoolTooSmall {
        /// The pool.
        pool: PoolName,
        /// Its limit.
        max: u32,
        /// The method that can never be added.
        method: Method,
        /// What it needs one of.
        one_of: Vec<Method>,
    },
    /// On that day people lose the last methods for a purpose.
    SunsetLeavesNothing {
        /// The purpose.
        purpose: Purpose,
        /// The day.
        at: Timestamp,
        /// The methods that retire then.
        methods: Vec<Method>,
        /// For whom.
        who: Who,
    },
    /// On that day people lose the last method that may be chosen as the default.
    SunsetLeavesNoDefault {
        /// The day.
        at: Timestamp,
        /// The methods that retire then.
        methods: Vec<Method>,
        /// For whom.
        who: Who,
    },
    /// Nobody can help people who lost everything: there is no temporary pass and no method that an administrator registers.
    NoHelp {
        /// For whom.
        who: Who,
    },
    /// Methods that are far weaker than what signing in takes are enough for a password reset.
    ///
    /// With one gate: any that is weaker; with more: e-mail, questions and telephones alone.
    ResetWeakerThanSignIn {
        /// What signing in takes.
        needs: Strength,
        /// As many proofs as the reset takes.
        gates: u32,
        /// Such methods.
        methods: Vec<Method>,
        /// For whom.
        who: Who,
    },
    /// One proof by e-mail, questions or telephone is enough for a password reset.
    WeakSingleGate {
        /// The methods; each is enough.
        methods: Vec<Method>,
        /// For whom.
        who: Who,
    },
    /// Methods of one factor count instead of the password.
    SingleFactorSignIn {
        /// The methods.
        methods: Vec<Method>,
    },
    /// People have nothing but telephones as the second step. SP 800-63B-4 §3.1.3.3 wants another kind to be offered.
    TelephoneOnly {
        /// For whom.
        who: Who,
    },
    /// People have nothing that resists phishing. SP 800-63B-4 §2.2.2 wants it to be offered.
    NoPhishingResistant {
        /// For whom.
        who: Who,
    },
    /// Two-step verification is required of no administrator.
    TwoStepNotRequired {
        /// [`Who::Everybody`] if it is required of nobody at all, else [`Who::Administrators`].
        who: Who,
    },
    /// Administrators need less than users.
    AdministratorsNeedLess {
        /// The purpose.
        purpose: Purpose,
        /// What users need.
        strength: Option<Strength>,
    },
    /// App passwords let people in without the second step that is required of them.
    ///
    /// Not found where they are only for some of the people, unless these need more than any second step.
    AppPasswordsSkipTwoStep {
        /// For whom.
        who: Who,
    },
    /// A remembered device skips the second step for longer than a session with one factor should last
    /// (SP 800-63B-4 §2.1.3: 30 days).
    RememberedTooLong {
        /// The days.
        days: u32,
        /// The most that are fine.
        most: u32,
    },
    /// A remembered device skips a step that has to be strong.
    RememberedSkipsStrength {
        /// What signing in takes.
        needs: Strength,
        /// For whom.
        who: Who,
    },
    /// Nothing asks for signs of a take-over of the number before telephones are used (SP 800-63B-4 §3.1.3.3).
    NumberTakeOverUnwatched {
        /// The methods.
        methods: Vec<Method>,
    },
    /// A weaker method comes before a stronger one in the ranking.
    WeakerRankedFirst {
        /// The weaker one, the first in the ranking if there are several.
        weaker: Method,
        /// The stronger one.
        stronger: Method,
    },
    /// A method is on, and nobody is in its groups.
    MethodForNobody {
        /// The method.
        method: Method,
    },
    /// A method is on, and retired.
    MethodRetired {
        /// The method.
        method: Method,
        /// Since then.
        since: Timestamp,
    },
    /// A method is on, and what has to be available with it is not.
    MethodNeedsUnavailable {
        /// The method.
        method: Method,
        /// What has to be available.
        other: Method,
    },
    /// A method needs another one first, which nobody can register.
    MethodNeedsUnreachable {
        /// The method.
        method: Method,
        /// What it needs one of.
        one_of: Vec<Method>,
    },
    /// A method is on, and counts only for a reset that nobody can do with it.
    MethodWithoutUse {
        /// The method.
        method: Method,
    },
    /// Methods count for a purpose, and everybody who can register them needs something stronger there.
    MethodsTooWeak {
        /// The purpose.
        purpose: Purpose,
        /// The least of what these people need.
        needs: Strength,
        /// The methods.
        methods: Vec<Method>,
    },
    /// Something is required of nobody.
    RequirementForNobody {
        /// What is required.
        purpose: Purpose,
    },
    /// Password reset is on, and for nobody.
    ResetForNobody,
    /// The campaign asks for a method that nobody can register.
    CampaignWithoutMethod {
        /// The method.
        method: Method,
    },
    /// Nothing of what is proposed as a backup can be registered by anybody.
    BackupWithoutMethod {
        /// The methods.
        methods: Vec<Method>,
    },
}

impl Policy {
    /// What an administrator should know of this policy at that time: the gravest first, each once, always in the same order.
    ///
    /// People are looked at as [`Who`] says, each with everything that they could register.
    ///
    /// ```
    /// use mfa_policy::{Preset, Timestamp};
    ///
    /// let now: Timestamp = "2026-11-22".parse()?;
    /// let mut draft = Preset::Nist.draft();
    /// assert!(draft.validate()?.lint(now).is_empty());
    ///
    /// draft.reset.gates = Some(1);
    /// let lints = draft.validate()?.lint(now);
    /// assert_eq!(lints.first().map(|lint| lint.code()), Some("weak_single_gate"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn lint(&self, now: Timestamp) -> Vec<Lint> {
        let people = People::of(&[self]);
        let review = Review::new(self, &people, now);
        let mut lints = Vec::new();
        sign_in::check(&review, &mut lints);
        reset::check(&review, &mut lints);
        dates::check(&review, &mut lints);
        effect::check(&review, &mut lints);
        lints.sort_by(|a, b| (a.concern(), a).cmp(&(b.concern(), b)));
        lints.dedup();
        lints
    }
}

impl Lint {
    /// The stable code, as in the message catalogues and in serialised form.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoAdministrator => "no_administrator",
            Self::RequiredUnreachable { .. } => "required_unreachable",
            Self::CannotManage { .. } => "cannot_manage",
            Self::TooFewResetMethods { .. } => "too_few_reset_methods",
            Self::PoolTooSmall { .. } => "pool_too_small",
            Self::SunsetLeavesNothing { .. } => "sunset_leaves_nothing",
            Self::SunsetLeavesNoDefault { .. } => "sunset_leaves_no_default",
            Self::NoHelp { .. } => "no_help",
            Self::ResetWeakerThanSignIn { .. } => "reset_weaker_than_sign_in",
            Self::WeakSingleGate { .. } => "weak_single_gate",
            Self::SingleFactorSignIn { .. } => "single_factor_sign_in",
            Self::TelephoneOnly { .. } => "telephone_only",
            Self::NoPhishingResistant { .. } => "no_phishing_resistant",
            Self::TwoStepNotRequired { .. } => "two_step_not_required",
            Self::AdministratorsNeedLess { .. } => "administrators_need_less",
            Self::AppPasswordsSkipTwoStep { .. } => "app_passwords_skip_two_step",
            Self::RememberedTooLong { .. } => "remembered_too_long",
            Self::RememberedSkipsStrength { .. } => "remembered_skips_strength",
            Self::NumberTakeOverUnwatched { .. } => "number_take_over_unwatched",
            Self::WeakerRankedFirst { .. } => "weaker_ranked_first",
            Self::MethodForNobody { .. } => "method_for_nobody",
            Self::MethodRetired { .. } => "method_retired",
            Self::MethodNeedsUnavailable { .. } => "method_needs_unavailable",
            Self::MethodNeedsUnreachable { .. } => "method_needs_unreachable",
            Self::MethodWithoutUse { .. } => "method_without_use",
            Self::MethodsTooWeak { .. } => "methods_too_weak",
            Self::RequirementForNobody { .. } => "requirement_for_nobody",
            Self::ResetForNobody => "reset_for_nobody",
            Self::CampaignWithoutMethod { .. } => "campaign_without_method",
            Self::BackupWithoutMethod { .. } => "backup_without_method",
        }
    }

    /// What kind of harm it is about.
    #[must_use]
    pub const fn concern(&self) -> Concern {
        match self {
            Self::NoAdministrator
            | Self::RequiredUnreachable { .. }
            | Self::CannotManage { .. }
            | Self::TooFewResetMethods { .. }
            | Self::PoolTooSmall { .. }
            | Self::SunsetLeavesNothing { .. }
            | Self::SunsetLeavesNoDefault { .. }
            | Self::NoHelp { .. } => Concern::LockedOut,
            Self::ResetWeakerThanSignIn { .. }
            | Self::WeakSingleGate { .. }
            | Self::SingleFactorSignIn { .. }
            | Self::TelephoneOnly { .. }
            | Self::NoPhishingResistant { .. }
            | Self::TwoStepNotRequired { .. }
            | Self::AdministratorsNeedLess { .. }
            | Self::AppPasswordsSkipTwoStep { .. }
            | Self::RememberedTooLong { .. }
            | Self::RememberedSkipsStrength { .. }
            | Self::NumberTakeOverUnwatched { .. }
            | Self::WeakerRankedFirst { .. } => Concern::Weakness,
            Self::MethodForNobody { .. }
            | Self::MethodRetired { .. }
            | Self::MethodNeedsUnavailable { .. }
            | Self::MethodNeedsUnreachable { .. }
            | Self::MethodWithoutUse { .. }
            | Self::MethodsTooWeak { .. }
            | Self::RequirementForNobody { .. }
            | Self::ResetForNobody
            | Self::CampaignWithoutMethod { .. }
            | Self::BackupWithoutMethod { .. } => Concern::NoEffect,
        }
    }

    /// The field of the policy to look at first.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::NoAdministrator
            | Self::CannotManage { .. }
            | Self::NoHelp { .. }
            | Self::TelephoneOnly { .. }
            | Self::NoPhishingResistant { .. }
            | Self::MethodsTooWeak { .. }
            | Self::SunsetLeavesNothing { .. }
            | Self::SunsetLeavesNoDefault { .. } => "methods".into(),
            Self::RequiredUnreachable { .. }
            | Self::TwoStepNotRequired { .. }
            | Self::AdministratorsNeedLess { .. }
            | Self::RequirementForNobody { .. } => "requirements".into(),
            Self::TooFewResetMethods { limit, .. } => match limit {
                ResetLimit::Gates => "reset.gates".into(),
                ResetLimit::OneGateWithout => "reset.one_gate_without".into(),
                ResetLimit::AdministratorsWithout => "reset.administrators.without".into(),
                ResetLimit::CountsOnce => "reset.counts_once".into(),
            },
            Self::PoolTooSmall { pool, .. } => format!("pools.{pool}.max"),
            Self::ResetWeakerThanSignIn { .. } => "reset".into(),
            Self::WeakSingleGate { .. } => "reset.gates".into(),
            Self::SingleFactorSignIn { methods } => first_of(methods, "purposes"),
            Self::AppPasswordsSkipTwoStep { .. } => of(&Method::AppPassword, "enabled"),
            Self::RememberedTooLong { .. } => "remembered_devices.days".into(),
            Self::RememberedSkipsStrength { .. } => "remembered_devices.enabled".into(),
            Self::NumberTakeOverUnwatched { methods } => first_of(methods, "restricted"),
            Self::WeakerRankedFirst { .. } => "ranking".into(),
            Self::MethodForNobody { method } => of(method, "include"),
            Self::MethodRetired { method, .. } => of(method, "sunset"),
            Self::MethodNeedsUnavailable { method, .. } => of(method, "needs_enabled"),
            Self::MethodNeedsUnreachable { method, .. } => of(method, "needs"),
            Self::MethodWithoutUse { method } => of(method, "enabled"),
            Self::ResetForNobody => "reset.include".into(),
            Self::CampaignWithoutMethod { .. } => "proposals.campaign".into(),
            Self::BackupWithoutMethod { .. } => "proposals.backup".into(),
        }
    }
}

fn first_of(methods: &[Method], field: &str) -> String {
    methods
        .first()
        .map_or_else(|| "methods".into(), |method| of(method, field))
}

fn of(method: &Method, field: &str) -> String {
    // A key with a colon is quoted in TOML.
    match method {
        Method::External(_) => format!("methods.\"{method}\".{field}"),
        _ => format!("methods.{method}.{field}"),
    }
}
