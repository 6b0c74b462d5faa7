//! A policy that has been checked.

use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::draft::{PolicyDraft, Sending};
use crate::method::{Method, Strength};
use crate::method_set::{MethodIndex, MethodSet};
use crate::name::{ExternalName, PoolName};
use crate::problem::Report;
use crate::purpose::{Purpose, PurposeSet};
use crate::settings::{
    Campaign, Challenge, Freshness, Lockout, PasswordLockout, Questions, Reconfirmation,
    RememberedDevices, ResetLimits, TemporaryPass,
};
use crate::subject::{Role, Subject};
use crate::timestamp::Timestamp;

/// A policy. It comes from [`PolicyDraft::validate`] only, so there is no invalid one.
///
/// It serialises as the draft that it was made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "PolicyDraft", try_from = "PolicyDraft")]
pub struct Policy {
    pub(crate) draft: PolicyDraft,
    /// INVARIANT: sorted; the external method at place `i` has the index `15 + i`.
    pub(crate) externals: Vec<ExternalName>,
    /// INVARIANT: one place for each method index; `None` where the draft has no rule.
    pub(crate) rules: Vec<Option<Rule>>,
    pub(crate) pools: Vec<Pool>,
    pub(crate) requirements: Vec<Requirement>,
    /// Methods that cannot be removed while they are the default.
    pub(crate) keep_default: MethodSet,
    pub(crate) backup: MethodSet,
    /// For what concerns no method, or one without a rule.
    pub(crate) freshness: Freshness,
    pub(crate) campaign_method: Method,
    pub(crate) reset: Reset,
    pub(crate) reset_limits: ResetLimits,
    pub(crate) questions: Questions,
    pub(crate) lockout: Lockout,
    pub(crate) password_lockout: PasswordLockout,
    pub(crate) challenge: Challenge,
    pub(crate) temporary_pass: TemporaryPass,
    pub(crate) remembered_devices: RememberedDevices,
    pub(crate) reconfirmation: Reconfirmation,
    pub(crate) campaign: Campaign,
}

/// The rule of one method.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) method: Method,
    pub(crate) enabled: bool,
    pub(crate) audience: Audience,
    pub(crate) purposes: PurposeSet,
    pub(crate) strength: Option<Strength>,
    pub(crate) self_service: bool,
    pub(crate) needs: Option<MethodSet>,
    pub(crate) needs_enabled: MethodSet,
    pub(crate) unique_in_organisation: bool,
    pub(crate) default: bool,
    pub(crate) makes_default: bool,
    pub(crate) sending: Sending,
    pub(crate) restricted: bool,
    pub(crate) sunset: Option<Timestamp>,
    pub(crate) freshness: Freshness,
    /// The place in the ranking, 0 first.
    pub(crate) rank: u16,
}

#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) name: PoolName,
    pub(crate) methods: MethodSet,
    pub(crate) max: u32,
}

#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    pub(crate) purpose: Purpose,
    pub(crate) strength: Option<Strength>,
    pub(crate) role: Option<Role>,
    pub(crate) audience: Audience,
}

impl Requirement {
    pub(crate) fn concerns(&self, subject: &Subject) -> bool {
        self.role.is_none_or(|role| role == subject.role()) && self.audience.admits(subject)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Reset {
    pub(crate) enabled: bool,
    pub(crate) audience: Audience,
    pub(crate) gates: u32,
    pub(crate) one_gate_without: MethodSet,
    pub(crate) counts_once: Vec<MethodSet>,
    pub(crate) administrator_gates: u32,
    pub(crate) administrators_without: MethodSet,
}

impl Reset {
    /// As many independent proofs as a reset by this person takes.
    pub(crate) fn gates(&self, subject: &Subject) -> u32 {
        match subject.role() {
            Role::User => self.gates,
            Role::Administrator => self.administrator_gates.max(self.gates),
        }
    }
}

impl Policy {
    /// The draft that this policy was made of.
    #[must_use]
    pub const fn draft(&self) -> &PolicyDraft {
        &self.draft
    }

    /// The methods that the policy has a rule for, in the order of the ranking.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        let mut rules: Vec<&Rule> = self.rules().collect();
        rules.sort_by_key(|rule| rule.rank);
        rules.into_iter().map(|rule| &rule.method)
    }

    /// Whether a default of this method is sent without asking. `None` if the policy has no rule for it.
    #[must_use]
    pub fn sending(&self, method: &Method) -> Option<Sending> {
        self.rule(method).map(|rule| rule.sending)
    }

    /// Whether what this method uses (a number, an address, a credential) may be registered for one person of the
    /// organisation only.
    ///
    /// ```
    /// use mfa_policy::{Method, Preset};
    ///
    /// let policy = Preset::SecurityInfo.policy();
    /// assert!(policy.is_unique(&Method::HardwareToken) && !policy.is_unique(&Method::Text));
    /// ```
    #[must_use]
    pub fn is_unique(&self, method: &Method) -> bool {
        self.rule(method)
            .is_some_and(|rule| rule.unique_in_organisation)
    }

    /// The strength of a proof by this method. `None` if the policy has no rule for it, or it proves no second factor.
    #[must_use]
    pub fn strength(&self, method: &Method) -> Option<Strength> {
        self.rule(method)?.strength
    }

    /// How many independent proofs a password reset by this person takes.
    #[must_use]
    pub fn reset_gates(&self, subject: &Subject) -> u32 {
        self.reset.gates(subject)
    }

    /// The limits of a password reset.
    #[must_use]
    pub const fn reset_limits(&self) -> &ResetLimits {
        &self.reset_limits
    }

    /// Security questions.
    #[must_use]
    pub const fn questions(&self) -> &Questions {
        &self.questions
    }

    /// What failures of a second factor lead to.
    #[must_use]
    pub const fn lockout(&self) -> &Lockout {
        &self.lockout
    }

    /// What wrong passwords lead to.
    #[must_use]
    pub const fn password_lockout(&self) -> &PasswordLockout {
        &self.password_lockout
    }

    /// The limits of a challenge.
    #[must_use]
    pub const fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// Temporary passes.
    #[must_use]
    pub const fn temporary_pass(&self) -> &TemporaryPass {
        &self.temporary_pass
    }

    /// Devices on which the second step is skipped.
    #[must_use]
    pub const fn remembered_devices(&self) -> &RememberedDevices {
        &self.remembered_devices
    }

    /// Asking whether the security info is still right.
    #[must_use]
    pub const fn reconfirmation(&self) -> &Reconfirmation {
        &self.reconfirmation
    }

    /// Asking people to register a better method.
    #[must_use]
    pub const fn campaign(&self) -> &Campaign {
        &self.campaign
    }

    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().flatten()
    }

    pub(crate) fn rule(&self, method: &Method) -> Option<&Rule> {
        self.rule_at(self.index(method)?)
    }

    pub(crate) fn rule_at(&self, MethodIndex(index): MethodIndex) -> Option<&Rule> {
        self.rules.get(usize::from(index))?.as_ref()
    }

    /// How old a proof may be for this method.
    pub(crate) fn freshness(&self, method: &Method) -> &Freshness {
        self.rule(method)
            .map_or(&self.freshness, |rule| &rule.freshness)
    }

    /// The place of a method; `None` for an external one that the policy does not mention.
    pub(crate) fn index(&self, method: &Method) -> Option<MethodIndex> {
        index_among(&self.externals, method)
    }

    /// The methods of a set, in their order.
    pub(crate) fn methods_of(&self, set: MethodSet) -> Vec<Method> {
        let external = |index: usize| {
            self.externals
                .get(index.checked_sub(Method::BUILT_IN.len())?)
                .cloned()
        };
        let places = set.iter().map(|MethodIndex(index)| usize::from(index));
        places
            .filter_map(|index| {
                Method::BUILT_IN
                    .get(index)
                    .cloned()
                    .or_else(|| external(index).map(Method::External))
            })
            .collect()
    }
}

pub(crate) fn index_among(externals: &[ExternalName], method: &Method) -> Option<MethodIndex> {
    match method {
        Method::External(name) => {
            let place = externals
                .binary_search(name)
                .ok()?
                .checked_add(Method::BUILT_IN.len())?;
            u8::try_from(place).ok().map(MethodIndex)
        }
        built_in => built_in.built_in_index().map(MethodIndex),
    }
}

impl PartialEq for Policy {
    /// Two policies are equal if they were made of equal drafts.
    fn eq(&self, other: &Self) -> bool {
        self.draft == other.draft
    }
}

impl Eq for Policy {}

impl From<Policy> for PolicyDraft {
    fn from(policy: Policy) -> Self {
        policy.draft
    }
}

impl TryFrom<PolicyDraft> for Policy {
    type Error = Report;

    fn try_from(draft: PolicyDraft) -> Result<Self, Report> {
        draft.validate()
    }
}
