//! Everything that a page about the security info shows.

use serde::Serialize;

use crate::account::{AccountView, Registration, State};
use crate::case::Case;
use crate::change::AddedBy;
use crate::context::Context;
use crate::decision::Effect;
use crate::default_method::DefaultMethod;
use crate::listener::{Findings, TimesOf};
use crate::method::Method;
use crate::name::RegistrationId;
use crate::policy::Policy;
use crate::proposals::Proposal;
use crate::purpose::{Purpose, PurposeSet};
use crate::reach::{Locks, Required};
use crate::reason::{Input, Reason};
use crate::subject::Subject;
use crate::timestamp::Timestamp;

/// An account as its owner sees it: what there is, what it is good for and why not, what may be added, what is the
/// default, and what should be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overview {
    registrations: Vec<RegistrationOverview>,
    additions: Vec<Addition>,
    default: Option<DefaultMethod>,
    choices: Vec<RegistrationId>,
    missing: Vec<Required>,
    proposals: Vec<Proposal>,
    campaign: Option<CampaignPrompt>,
    reconfirm: bool,
    recheck_at: Option<Timestamp>,
}

/// One registration on the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RegistrationOverview {
    registration: RegistrationId,
    method: Method,
    state: State,
    usable_for: PurposeSet,
    why_not: Vec<WhyNot>,
}

/// Why a registration cannot be used for a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhyNot {
    purpose: Purpose,
    effect: Effect,
    reasons: Vec<Reason>,
    missing: Vec<Input>,
}

/// Whether a method may be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Addition {
    method: Method,
    effect: Effect,
    reasons: Vec<Reason>,
    missing: Vec<Input>,
}

/// What the registration campaign asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CampaignPrompt {
    method: Method,
    skips_left: Option<u32>,
}

/// A limited campaign can be put off that often (Entra).
const CAMPAIGN_SKIPS: u32 = 3;

impl Overview {
    /// Every registration, by identifier.
    #[must_use]
    pub fn registrations(&self) -> &[RegistrationOverview] {
        &self.registrations
    }

    /// Every method of the policy, in the order of the ranking, with whether it may be added. What was proven is left out of
    /// account: asking for a proof is the next step, not a reason to grey the method.
    #[must_use]
    pub fn additions(&self) -> &[Addition] {
        &self.additions
    }

    /// The default of two-step verification in this context.
    #[must_use]
    pub const fn default_method(&self) -> Option<&DefaultMethod> {
        self.default.as_ref()
    }

    /// The registrations that may be chosen as the default, in the order of the ranking.
    #[must_use]
    pub fn choices(&self) -> &[RegistrationId] {
        &self.choices
    }

    /// What the policy requires and the person cannot reach: registration has to be asked for.
    #[must_use]
    pub fn missing(&self) -> &[Required] {
        &self.missing
    }

    /// What to register, the smallest sets first and among those the most secure first.
    #[must_use]
    pub fn proposals(&self) -> &[Proposal] {
        &self.proposals
    }

    /// What the registration campaign asks for now.
    #[must_use]
    pub const fn campaign(&self) -> Option<&CampaignPrompt> {
        self.campaign.as_ref()
    }

    /// Whether the person should be asked if the security info is still right.
    #[must_use]
    pub const fn asks_to_reconfirm(&self) -> bool {
        self.reconfirm
    }

    /// The time until which the overview stands if nothing but time changes; `None` for ever.
    #[must_use]
    pub const fn recheck_at(&self) -> Option<Timestamp> {
        self.recheck_at
    }
}

impl RegistrationOverview {
    /// The registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// The purposes for which it can be used here and now.
    #[must_use]
    pub const fn usable_for(&self) -> PurposeSet {
        self.usable_for
    }

    /// For each other purpose of the method: every reason why not.
    #[must_use]
    pub fn why_not(&self) -> &[WhyNot] {
        &self.why_not
    }
}

impl WhyNot {
    /// The purpose.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// No, or not without knowing more.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Every reason, in order.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Every fact that is missing.
    #[must_use]
    pub fn missing(&self) -> &[Input] {
        &self.missing
    }
}

impl Addition {
    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Yes, no, or not without knowing more.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        self.effect
    }

    /// Every reason why not, in order.
    #[must_use]
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Every fact that is missing.
    #[must_use]
    pub fn missing(&self) -> &[Input] {
        &self.missing
    }
}

impl CampaignPrompt {
    /// The method to register.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// How often it can still be put off; `None` for any number of times.
    #[must_use]
    pub const fn skips_left(&self) -> Option<u32> {
        self.skips_left
    }
}

impl Policy {
    /// Everything that a page about the security info shows.
    #[must_use]
    pub fn overview(
        &self,
        subject: &Subject,
        account: &AccountView,
        context: &Context,
    ) -> Overview {
        Case::new(self, subject, account, context).overview()
    }
}

impl Case<'_> {
    fn overview(&self) -> Overview {
        let mut times = Findings::default();
        let registrations = self
            .registrations()
            .map(|registration| self.registration_overview(registration, &mut times));
        let registrations = registrations.collect();
        let additions = self
            .policy
            .methods()
            .map(|method| self.addition(method, &mut times))
            .collect();
        let missing: Vec<Required> = {
            let required = self.policy.each_required(self.subject);
            required
                .filter(|&required| !self.reaches(required, Locks::WillEnd, &mut times))
                .collect()
        };
        Overview {
            registrations,
            additions,
            default: self.default_method(&mut times),
            choices: self.choices(&mut times),
            proposals: self.proposals(&missing),
            missing,
            campaign: self.campaign(&mut times),
            reconfirm: self.reconfirm(&mut times),
            recheck_at: times.changes_at,
        }
    }

    fn registration_overview(
        &self,
        registration: &Registration,
        times: &mut Findings,
    ) -> RegistrationOverview {
        let mut usable_for = PurposeSet::NONE;
        let mut why_not = Vec::new();
        for purpose in registration.method.possible_purposes().iter() {
            let mut findings = Findings::default();
            // What collects everything never breaks off.
            if purpose == Purpose::PasswordReset {
                let _ = self.reset_available(&mut findings);
            }
            let _ = self.usable(registration, purpose, &mut findings);
            let (effect, findings) = findings.finished(times);
            if effect == Effect::Allow {
                usable_for = usable_for.with(purpose);
            } else {
                why_not.push(WhyNot {
                    purpose,
                    effect,
                    reasons: findings.reasons,
                    missing: findings.missing,
                });
            }
        }
        RegistrationOverview {
            registration: registration.id.clone(),
            method: registration.method.clone(),
            state: registration.state,
            usable_for,
            why_not,
        }
    }

    fn addition(&self, method: &Method, times: &mut Findings) -> Addition {
        let mut findings = Findings::default();
        // What collects everything never breaks off.
        let _ = self.addable(method.coming(), AddedBy::Person, &mut findings);
        let _ = self.works_here(method, &mut findings);
        let (effect, findings) = findings.finished(times);
        Addition {
            method: method.clone(),
            effect,
            reasons: findings.reasons,
            missing: findings.missing,
        }
    }

    fn choices(&self, times: &mut Findings) -> Vec<RegistrationId> {
        let mut choices: Vec<&Registration> = self
            .registrations()
            .filter(|registration| self.choosable(registration, times))
            .collect();
        choices.sort_by_cached_key(|registration| self.place(registration));
        choices
            .into_iter()
            .map(|registration| registration.id.clone())
            .collect()
    }

    fn campaign(&self, times: &mut Findings) -> Option<CampaignPrompt> {
        let campaign = &self.policy.campaign;
        let method = &self.policy.campaign_method;
        let has_it = self
            .registrations()
            .any(|r| r.method == *method && r.state == State::Active);
        if !campaign.enabled || has_it {
            return None;
        }
        self.addable(method.coming(), AddedBy::Person, &mut TimesOf(times))
            .continue_value()?;
        let skips_left = campaign
            .limited
            .then(|| CAMPAIGN_SKIPS.saturating_sub(self.account.campaign_skips));
        let asks_again = self.account.campaign_snoozed.is_none_or(|snoozed| {
            skips_left == Some(0) || self.reached(snoozed.plus_days(campaign.snooze_days), times)
        });
        asks_again.then(|| CampaignPrompt {
            method: method.clone(),
            skips_left,
        })
    }

    fn reconfirm(&self, times: &mut Findings) -> bool {
        let days = self.policy.reconfirmation.days;
        let something_to_confirm = self
            .registrations()
            .any(|registration| registration.state == State::Active);
        days > 0
            && something_to_confirm
            && self
                .account
                .reconfirmed
                .is_none_or(|time| self.reached(time.plus_days(days), times))
    }
}

impl Findings {
    /// The effect of what was found; its times are passed on.
    fn finished(self, times: &mut Self) -> (Effect, Self) {
        use crate::listener::Listener;
        if let Some(time) = self.changes_at {
            times.changes_at(time);
        }
        let findings = self.sorted();
        (findings.effect(), findings)
    }
}
