//! From a draft to a policy, with everything that is wrong with it.

use std::collections::BTreeSet;

use crate::audience::Audience;
use crate::draft::{
    MethodDraft, PolicyDraft, RegisteredBy, RequirementDraft, ResetDraft, Sending, Unique,
};
use crate::method::Method;
use crate::method_set::{MOST_EXTERNALS, MethodSet};
use crate::name::{ExternalName, Group};
use crate::policy::{Policy, Pool, Requirement, Reset, Rule, index_among};
use crate::problem::Report;
use crate::purpose::{Purpose, PurposeSet};
use crate::settings::{
    Campaign, Challenge, Freshness, FreshnessDraft, Lockout, PasswordLockout, Questions,
    Reconfirmation, RememberedDevices, ResetLimits, TemporaryPass,
};

/// The chance to guess a code in one go of failures, as SP 800-63B-4 §3.2.2 bounds it: 0.03 %.
const GUESSES_IN_A_ROW_PER_MILLION: u64 = 300;
/// The chance to guess a code within the rolling time, even with successes between: 0.1 %.
const GUESSES_ROLLING_PER_MILLION: u64 = 1_000;
/// RFC 6238 §5.2 wants a window as small as can be; ten steps in all are the cap of `otp-core`.
const MOST_WINDOW_STEPS: u32 = 10;
pub(crate) const MOST_GATES: u32 = 4;
pub(crate) const MOST_IN_POOL: u32 = 256;

impl PolicyDraft {
    /// Makes a policy of the draft.
    ///
    /// # Errors
    /// The report of everything that is wrong, if there is at least one error. Warnings alone do not stop a policy;
    /// [`PolicyDraft::check`] has them.
    pub fn validate(&self) -> Result<Policy, Report> {
        let (policy, report) = self.examine();
        policy.ok_or(report)
    }

    /// Everything that is wrong with the draft, warnings included.
    #[must_use]
    pub fn check(&self) -> Report {
        self.examine().1
    }

    fn examine(&self) -> (Option<Policy>, Report) {
        let mut report = Report::default();
        let policy = build(self, &mut report);
        let report = report.sorted();
        (
            if report.has_errors() {
                None
            } else {
                Some(policy)
            },
            report,
        )
    }
}

/// The policy of a draft. Where the report then has errors, it means nothing.
pub(crate) fn build(draft: &PolicyDraft, report: &mut Report) -> Policy {
    if draft.schema != 1 {
        report.error(
            "schema",
            "schema",
            format!("this reads schema 1, not {}", draft.schema),
        );
    }
    let externals = externals(draft);
    if externals.len() > MOST_EXTERNALS {
        report.error(
            "too_many_externals",
            "methods",
            format!("more than {MOST_EXTERNALS} external methods"),
        );
    }
    let set = |methods: &BTreeSet<Method>| -> MethodSet {
        methods
            .iter()
            .filter_map(|method| index_among(&externals, method))
            .collect()
    };
    let general = Freshness::resolve(&draft.freshness, "freshness", report);
    let mut rules: Vec<Option<Rule>> = Vec::new();
    rules.resize_with(
        Method::BUILT_IN.len().saturating_add(externals.len()),
        || None,
    );
    for (method, rule_draft) in &draft.methods {
        let rule = rule(draft, method, rule_draft, &general, &set, report);
        if let Some(place) =
            index_among(&externals, method).and_then(|index| rules.get_mut(usize::from(index.0)))
        {
            *place = Some(rule);
        }
    }
    check_ranking(draft, report);
    check_questions(draft, report);
    let policy = Policy {
        pools: pools(draft, &set, report),
        requirements: draft
            .requirements
            .iter()
            .map(|requirement| requirement_of(requirement, report))
            .collect(),
        keep_default: draft
            .default_method
            .keep
            .as_ref()
            .map(&set)
            .unwrap_or_default(),
        backup: draft
            .proposals
            .backup
            .as_ref()
            .map(&set)
            .unwrap_or_default(),
        freshness: general,
        campaign_method: draft
            .proposals
            .campaign
            .clone()
            .unwrap_or(Method::AuthenticatorPush),
        reset: reset(draft, &set, report),
        reset_limits: ResetLimits::resolve(&draft.reset_limits, "reset_limits", report),
        questions: Questions::resolve(&draft.questions, "questions", report),
        lockout: Lockout::resolve(&draft.lockout, "lockout", report),
        password_lockout: PasswordLockout::resolve(
            &draft.password_lockout,
            "password_lockout",
            report,
        ),
        challenge: Challenge::resolve(&draft.challenge, "challenge", report),
        temporary_pass: TemporaryPass::resolve(&draft.temporary_pass, "temporary_pass", report),
        remembered_devices: RememberedDevices::resolve(
            &draft.remembered_devices,
            "remembered_devices",
            report,
        ),
        reconfirmation: Reconfirmation::resolve(&draft.reconfirmation, "reconfirmation", report),
        campaign: Campaign::resolve(&draft.campaign, "campaign", report),
        draft: draft.clone(),
        externals,
        rules,
    };
    check_numbers_together(&policy, report);
    policy
}

/// Every external method that the draft mentions anywhere, by name.
fn externals(draft: &PolicyDraft) -> Vec<ExternalName> {
    let mut methods: Vec<&Method> = draft.methods.keys().collect();
    for rule in draft.methods.values() {
        methods.extend(rule.needs.iter().flatten());
        methods.extend(rule.needs_enabled.iter().flatten());
    }
    methods.extend(draft.ranking.iter().flatten());
    methods.extend(draft.pools.values().flat_map(|pool| &pool.methods));
    methods.extend(draft.default_method.keep.iter().flatten());
    methods.extend(draft.proposals.backup.iter().flatten());
    methods.extend(draft.reset.one_gate_without.iter().flatten());
    methods.extend(draft.reset.counts_once.iter().flatten().flatten());
    methods.extend(draft.reset.administrators.without.iter().flatten());
    let names = methods.into_iter().filter_map(|method| match method {
        Method::External(name) => Some(name.clone()),
        _ => None,
    });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

fn rule(
    draft: &PolicyDraft,
    method: &Method,
    rule: &MethodDraft,
    general: &Freshness,
    set: &impl Fn(&BTreeSet<Method>) -> MethodSet,
    report: &mut Report,
) -> Rule {
    let path = |field: &str| method.path(field);
    if rule.enabled.is_none() {
        report.warning(
            "not_said_whether_on",
            &path("enabled"),
            "the method is off, because `enabled` is absent",
        );
    }
    let purposes: PurposeSet = rule.purposes.iter().flatten().copied().collect();
    if rule.enabled == Some(true) && purposes.is_empty() {
        report.warning(
            "no_purpose",
            &path("purposes"),
            "the method is on and counts for nothing",
        );
    }
    for purpose in purposes
        .iter()
        .filter(|&purpose| !method.possible_purposes().contains(purpose))
    {
        report.error(
            "purpose_impossible",
            &path("purposes"),
            format!("`{method}` can never count for `{purpose}`"),
        );
    }
    let strength = rule.strength.or(method.usual_strength());
    if strength > method.highest_strength() {
        report.error(
            "strength_impossible",
            &path("strength"),
            format!("`{method}` is not as strong as that"),
        );
    }
    if rule.default == Some(true) && !method.can_be_default() {
        report.error(
            "default_impossible",
            &path("default"),
            format!("`{method}` can never be the default"),
        );
    }
    if rule.default == Some(true) && !purposes.contains(Purpose::TwoStep) {
        report.error(
            "default_without_two_step",
            &path("default"),
            "a default has to count for `two_step`",
        );
    }
    if rule.makes_default == Some(true) && rule.default != Some(true) {
        report.error(
            "makes_default_without_default",
            &path("makes_default"),
            "only with `default = true`",
        );
    }
    if *method == Method::AuthenticatorPush && rule.sending == Some(Sending::AskFirst) {
        report.error(
            "push_asks",
            &path("sending"),
            "a notification is always sent automatically",
        );
    }
    if rule.registration == Some(RegisteredBy::Administrator)
        && !method.can_be_registered_for_others()
    {
        report.error(
            "administrator_impossible",
            &path("registration"),
            "only the person may know its secret",
        );
    }
    if rule.needs.as_ref().is_some_and(BTreeSet::is_empty) {
        report.error(
            "empty_list",
            &path("needs"),
            "none of nothing can ever be there",
        );
    }
    for (field, others) in [
        ("needs", &rule.needs),
        ("needs_enabled", &rule.needs_enabled),
    ] {
        for other in others.iter().flatten() {
            if other == method {
                report.error("needs_itself", &path(field), "a method cannot need itself");
            } else if !draft.methods.contains_key(other) {
                report.error(
                    "unknown_method",
                    &path(field),
                    format!("there is no rule for `{other}`"),
                );
            }
        }
    }
    check_groups(
        rule.include.as_ref(),
        rule.exclude.as_ref(),
        &path("exclude"),
        report,
    );
    Rule {
        method: method.clone(),
        enabled: rule.enabled.unwrap_or(false),
        audience: Audience::new(rule.include.as_ref(), rule.exclude.as_ref()),
        purposes,
        strength,
        // A pass is issued, whatever the rule says.
        self_service: *method != Method::TemporaryPass
            && rule.registration.unwrap_or_default() == RegisteredBy::SelfService,
        needs: rule.needs.as_ref().map(set),
        needs_enabled: rule.needs_enabled.as_ref().map(set).unwrap_or_default(),
        unique_in_organisation: rule.unique.unwrap_or_default() == Unique::Organisation,
        default: rule.default.unwrap_or(false),
        makes_default: rule.makes_default.unwrap_or(false),
        sending: rule.sending.unwrap_or_default(),
        restricted: rule.restricted.unwrap_or(false),
        sunset: rule.sunset,
        freshness: own_freshness(&rule.freshness, general, &path("freshness"), report),
        rank: rank(draft, method),
    }
}

/// The rule of the method where it has one, else the general one.
fn own_freshness(
    own: &FreshnessDraft,
    general: &Freshness,
    path: &str,
    report: &mut Report,
) -> Freshness {
    let own = Freshness::resolve(own, path, report);
    Freshness {
        add: own.add.or(general.add),
        remove: own.remove.or(general.remove),
        replace: own.replace.or(general.replace),
        rename: own.rename.or(general.rename),
        set_default: own.set_default.or(general.set_default),
        administer: own.administer.or(general.administer),
    }
}

/// The place in the ranking; those that are not in it follow in their own order.
fn rank(draft: &PolicyDraft, method: &Method) -> u16 {
    let ranking = draft.ranking.as_deref().unwrap_or(&[]);
    let place = ranking
        .iter()
        .position(|ranked| ranked == method)
        .unwrap_or_else(|| {
            let after = draft
                .methods
                .keys()
                .position(|known| known == method)
                .unwrap_or(usize::MAX);
            ranking.len().saturating_add(after)
        });
    u16::try_from(place).unwrap_or(u16::MAX)
}

fn check_ranking(draft: &PolicyDraft, report: &mut Report) {
    let ranking = draft.ranking.as_deref().unwrap_or(&[]);
    let mut seen = BTreeSet::new();
    for method in ranking {
        if !seen.insert(method) {
            report.error(
                "ranked_twice",
                "ranking",
                format!("`{method}` is there twice"),
            );
        }
        if !method.possible_purposes().contains(Purpose::TwoStep) {
            report.error(
                "ranking_impossible",
                "ranking",
                format!("`{method}` is no method of two-step verification"),
            );
        }
        if !draft.methods.contains_key(method) {
            report.warning(
                "unknown_method",
                "ranking",
                format!("there is no rule for `{method}`"),
            );
        }
    }
    for (method, rule) in &draft.methods {
        let two_step = rule
            .purposes
            .as_ref()
            .is_some_and(|purposes| purposes.contains(&Purpose::TwoStep));
        if two_step && !seen.contains(method) {
            report.warning(
                "not_ranked",
                "ranking",
                format!("`{method}` comes last, because it is not in the ranking"),
            );
        }
    }
}

fn check_groups(
    include: Option<&BTreeSet<Group>>,
    exclude: Option<&BTreeSet<Group>>,
    path: &str,
    report: &mut Report,
) {
    for group in include.into_iter().flatten() {
        if exclude.is_some_and(|excluded| excluded.contains(group)) {
            report.warning(
                "included_and_excluded",
                path,
                format!("`{group}` is included too; exclusion wins"),
            );
        }
    }
    if include.is_some_and(BTreeSet::is_empty) {
        report.warning(
            "nobody_included",
            path,
            "`include` is empty, so this is for nobody",
        );
    }
}

fn check_questions(draft: &PolicyDraft, report: &mut Report) {
    let on = draft
        .methods
        .get(&Method::SecurityQuestions)
        .is_some_and(|rule| rule.enabled == Some(true));
    let questions = Questions::resolve(&draft.questions, "questions", &mut Report::default());
    if questions.register < questions.reset {
        let text = format!(
            "{} registered are fewer than the {} of a reset",
            questions.register, questions.reset
        );
        report.error("too_few_registered", "questions.register", text);
    }
    let defined = questions
        .own
        .len()
        .saturating_add(usize::try_from(questions.standard).unwrap_or(usize::MAX));
    if on && defined < usize::try_from(questions.register).unwrap_or(usize::MAX) {
        let text = format!(
            "{defined} questions are fewer than the {} to register",
            questions.register
        );
        report.error("too_few_defined", "questions", text);
    }
}

fn pools(
    draft: &PolicyDraft,
    set: &impl Fn(&BTreeSet<Method>) -> MethodSet,
    report: &mut Report,
) -> Vec<Pool> {
    let mut pools = Vec::new();
    for (name, pool) in &draft.pools {
        let path = format!("pools.{name}");
        let max = number_within(pool.max, MOST_IN_POOL, &format!("{path}.max"), report);
        if pool.methods.is_empty() {
            report.error(
                "empty_list",
                &format!("{path}.methods"),
                "the pool counts nothing",
            );
        }
        for method in pool
            .methods
            .iter()
            .filter(|method| !draft.methods.contains_key(*method))
        {
            report.warning(
                "unknown_method",
                &format!("{path}.methods"),
                format!("there is no rule for `{method}`"),
            );
        }
        pools.push(Pool {
            name: name.clone(),
            methods: set(&pool.methods),
            max,
        });
    }
    pools
}

fn number_within(value: i64, most: u32, path: &str, report: &mut Report) -> u32 {
    u32::try_from(value)
        .ok()
        .filter(|number| (1..=most).contains(number))
        .unwrap_or_else(|| {
            report.error(
                "out_of_range",
                path,
                format!("{value} is not between 1 and {most}"),
            );
            1
        })
}

fn requirement_of(requirement: &RequirementDraft, report: &mut Report) -> Requirement {
    check_groups(
        requirement.include.as_ref(),
        requirement.exclude.as_ref(),
        "requirements",
        report,
    );
    let strength_means_something = !matches!(
        requirement.purpose,
        Purpose::PasswordReset | Purpose::LegacyClients
    );
    if requirement.strength.is_some() && !strength_means_something {
        let text = format!("`{}` has no strength", requirement.purpose);
        report.error("strength_impossible", "requirements", text);
    }
    Requirement {
        purpose: requirement.purpose,
        strength: requirement.strength,
        role: requirement.role,
        audience: Audience::new(requirement.include.as_ref(), requirement.exclude.as_ref()),
    }
}

fn reset(
    draft: &PolicyDraft,
    set: &impl Fn(&BTreeSet<Method>) -> MethodSet,
    report: &mut Report,
) -> Reset {
    let reset: &ResetDraft = &draft.reset;
    check_groups(
        reset.include.as_ref(),
        reset.exclude.as_ref(),
        "reset.exclude",
        report,
    );
    let gates = number_within(reset.gates.unwrap_or(2), MOST_GATES, "reset.gates", report);
    let administrators = &reset.administrators;
    let administrator_gates = number_within(
        administrators.gates.unwrap_or(2),
        MOST_GATES,
        "reset.administrators.gates",
        report,
    );
    if reset.authenticator_needs_others == Some(true) && reset.enabled == Some(true) {
        check_authenticator_has_others(draft, gates, report);
    }
    Reset {
        enabled: reset.enabled.unwrap_or(false),
        audience: Audience::new(reset.include.as_ref(), reset.exclude.as_ref()),
        gates,
        one_gate_without: reset.one_gate_without.as_ref().map(set).unwrap_or_default(),
        counts_once: reset.counts_once.iter().flatten().map(set).collect(),
        administrator_gates,
        administrators_without: administrators
            .without
            .as_ref()
            .map_or_else(|| set(&BTreeSet::from([Method::SecurityQuestions])), set),
    }
}

/// Entra before its migration: the authenticator may not be the only method for one gate, nor with only one other for two.
fn check_authenticator_has_others(draft: &PolicyDraft, gates: u32, report: &mut Report) {
    let counts = |rule: &MethodDraft| {
        rule.enabled == Some(true)
            && rule
                .purposes
                .as_ref()
                .is_some_and(|purposes| purposes.contains(&Purpose::PasswordReset))
    };
    let authenticator = [Method::AuthenticatorPush, Method::AuthenticatorCode];
    let on: Vec<&Method> = draft
        .methods
        .iter()
        .filter(|(_, rule)| counts(rule))
        .map(|(method, _)| method)
        .collect();
    let others = on
        .iter()
        .filter(|method| !authenticator.contains(**method))
        .count();
    if others < on.len() && others < usize::try_from(gates).unwrap_or(usize::MAX) {
        let text = format!(
            "{others} other methods beside the authenticator are fewer than the {gates} gates"
        );
        report.error(
            "authenticator_alone",
            "reset.authenticator_needs_others",
            text,
        );
    }
}

fn check_numbers_together(policy: &Policy, report: &mut Report) {
    let challenge = &policy.challenge;
    if !challenge.number_matching {
        report.error(
            "push_without_number",
            "challenge.number_matching",
            "approving alone does not count: a notification asks for the number on the screen",
        );
    }
    let steps = challenge
        .window_past
        .saturating_add(challenge.window_future);
    if steps > MOST_WINDOW_STEPS {
        let text = format!("a window of {steps} steps is wider than {MOST_WINDOW_STEPS}");
        report.error("window_too_wide", "challenge.window_past", text);
    }
    let candidates = u64::from(steps).saturating_add(1);
    // Six digits, whatever is enrolled here: imported tokens show six.
    let chances = |failures: u32| u64::from(failures).saturating_mul(candidates);
    for (path, failures, most) in [
        (
            "lockout.consecutive_failures",
            policy.lockout.consecutive_failures,
            GUESSES_IN_A_ROW_PER_MILLION,
        ),
        (
            "lockout.rolling_failures",
            policy.lockout.rolling_failures,
            GUESSES_ROLLING_PER_MILLION,
        ),
    ] {
        if chances(failures) > most {
            let text = format!(
                "{failures} guesses at {candidates} codes of a million are a chance of more than {most} in a million"
            );
            report.error("guessing_too_easy", path, text);
        }
    }
    if policy.lockout.first_delay_seconds > policy.lockout.longest_delay_seconds {
        report.error(
            "delays_crossed",
            "lockout.first_delay_seconds",
            "the first delay is longer than the longest",
        );
    }
    let pass = &policy.temporary_pass;
    if pass.least_minutes > pass.most_minutes {
        report.error(
            "lifetimes_crossed",
            "temporary_pass.least_minutes",
            "the shortest life is longer than the longest",
        );
    } else if !(pass.least_minutes..=pass.most_minutes).contains(&pass.minutes) {
        let text = format!(
            "{} is not between {} and {}",
            pass.minutes, pass.least_minutes, pass.most_minutes
        );
        report.error("out_of_range", "temporary_pass.minutes", text);
    }
}
