//! Laws of a single answer.

use mfa_policy::{
    AccountView, Action, Capability, Context, Effect, Input, Policy, PolicyDraft, Role, Subject,
    Timestamp,
};

use super::{Case, another_administrator, at, json, verdict};

pub(crate) fn yes_or_no_is_the_effect_of_the_decision(case: &Case) {
    let decision = case.decide();
    assert_eq!(case.allows(), decision.is_allowed());
    assert_eq!(decision.is_allowed(), decision.effect() == Effect::Allow);
}

pub(crate) fn the_same_question_has_the_same_bytes_as_answer(case: &Case) {
    assert_eq!(json(&case.decide()), json(&case.clone().decide()));
}

/// A reason goes before a missing fact, and a missing fact before yes; all are in order, each once; a yes needs no remedy.
pub(crate) fn an_answer_agrees_with_itself(case: &Case) {
    let decision = case.decide();
    let expected = match (decision.reasons(), decision.missing()) {
        ([], []) => Effect::Allow,
        ([], [first, ..]) => Effect::NeedInput(*first),
        _ => Effect::Deny,
    };
    assert_eq!(decision.effect(), expected);
    assert!(decision.reasons().is_sorted_by(|one, next| one < next));
    assert!(decision.missing().is_sorted_by(|one, next| one < next));
    assert!(decision.effect() == Effect::Deny || decision.remedies().is_empty());
    assert!(
        decision
            .recheck_at()
            .is_none_or(|time| time > case.context.now())
    );
    for reason in decision.reasons() {
        assert!(!reason.code().is_empty() && !reason.path().is_empty());
    }
}

/// Every part of the question is written and read again.
pub(crate) fn a_question_that_is_read_back_has_the_same_answer(case: &Case) {
    let read = Case {
        policy: serde_json::from_str(&json(&case.policy)).unwrap(),
        subject: serde_json::from_str(&json(&case.subject)).unwrap(),
        account: serde_json::from_str(&json(&case.account)).unwrap(),
        context: serde_json::from_str(&json(&case.context)).unwrap(),
        action: serde_json::from_str(&json(&case.action)).unwrap(),
    };
    assert_eq!(read.policy, case.policy);
    assert_eq!(read.subject, case.subject);
    assert_eq!(read.account, case.account);
    assert_eq!(read.context, case.context);
    assert_eq!(read.action, case.action);
    assert_eq!(read.decide(), case.decide());

    let toml = PolicyDraft::from_toml(&case.policy.draft().to_toml()).unwrap();
    assert_eq!(&toml, case.policy.draft());
    let from_toml: Policy = toml.validate().unwrap();
    assert_eq!(case.under(from_toml).decide(), case.decide());
}

pub(crate) fn an_answer_stands_until_it_is_to_be_checked_again(case: &Case) {
    let decision = case.decide();
    for time in later_times(case, decision.recheck_at()) {
        let then = case.with_context(at(&case.context, time)).decide();
        assert_eq!(
            verdict(&then),
            verdict(&decision),
            "at {} of {:?}",
            Timestamp::from_unix_seconds(time),
            decision.recheck_at()
        );
    }
}

/// Some times from now to just before that one: near both ends, in the middle, and beyond every limit of a policy where there is no end.
pub(crate) fn later_times(case: &Case, end: Option<Timestamp>) -> Vec<i64> {
    let now = case.context.now().unix_seconds();
    let last = end.map_or(i64::MAX, |time| time.unix_seconds().saturating_sub(1));
    let middle = now.saturating_add(last.saturating_sub(now) / 2);
    let steps = [
        1, 59, 60, 299, 600, 899, 900, 3_599, 86_400, 100_000, 40_000_000,
    ];
    let times = steps.map(|seconds| now.saturating_add(seconds));
    let mut times: Vec<i64> = times.into_iter().chain([now, middle, last]).collect();
    times.retain(|&time| time <= last);
    times
}

/// A fact that is missing can be given, and in the end the answer is yes or no, whatever the facts are.
pub(crate) fn missing_facts_lead_to_yes_or_no(case: &Case) {
    let decision = case.decide();
    if let Effect::NeedInput(_) = decision.effect() {
        for fact in decision.missing() {
            for context in given(case, *fact) {
                let informed = case.with_context(context);
                assert!(!informed.decide().missing().contains(fact));
                missing_facts_lead_to_yes_or_no(&informed);
            }
        }
    }
}

/// A no stands whatever fact is given beside what is known.
pub(crate) fn a_denial_stands_whatever_becomes_known(case: &Case) {
    if case.decide().effect() != Effect::Deny {
        return;
    }
    let known = serde_json::to_value(&case.context).unwrap();
    for fact in [
        Input::Actor,
        Input::Webauthn,
        Input::Telephony,
        Input::NumberAtRisk,
        Input::RegisteredElsewhere,
        Input::ResetStarted,
    ] {
        let name = fact.field().strip_prefix("context.").unwrap();
        if known.get(name).is_none() {
            for context in given(case, fact) {
                let informed = case.with_context(context);
                assert_eq!(informed.decide().effect(), Effect::Deny, "{informed:?}");
            }
        }
    }
}

/// The context with the fact, in every way that it can turn out.
fn given(case: &Case, fact: Input) -> Vec<Context> {
    let context = || case.context.clone();
    let both = [true, false];
    match fact {
        Input::Actor => {
            let (other, role) = another_administrator(&case.subject);
            let oneself = case.subject.id();
            vec![
                context().asked_by(oneself.clone(), Role::User),
                context().asked_by(oneself.clone(), Role::Administrator),
                context().asked_by(other.clone(), Role::User),
                context().asked_by(other, role),
            ]
        }
        Input::Webauthn => both
            .map(|present| context().with_capability(Capability::Webauthn, present))
            .into(),
        Input::Telephony => both
            .map(|present| context().with_capability(Capability::Telephony, present))
            .into(),
        Input::NumberAtRisk => both
            .map(|at_risk| context().with_number_at_risk(at_risk))
            .into(),
        Input::RegisteredElsewhere => both
            .map(|elsewhere| context().with_registered_elsewhere(elsewhere))
            .into(),
        Input::ResetStarted => [-100_000, -60, 0, 60]
            .map(|seconds| {
                let now = case.context.now().unix_seconds();
                context()
                    .with_reset_started(Timestamp::from_unix_seconds(now.saturating_add(seconds)))
            })
            .into(),
        other => panic!("nobody knows how to find out {other:?}"),
    }
}

/// Lists and maps in another order, in all that is read.
pub(crate) fn the_order_of_the_input_does_not_matter(case: &Case, seed: u64) {
    let mut shuffle = super::shuffle::Shuffle::new(seed);
    let draft = PolicyDraft::from_json(&shuffle.json(&case.policy)).unwrap();
    let shuffled = Case {
        policy: draft.validate().unwrap(),
        subject: serde_json::from_str::<Subject>(&shuffle.json(&case.subject)).unwrap(),
        account: serde_json::from_str::<AccountView>(&shuffle.json(&case.account)).unwrap(),
        context: serde_json::from_str::<Context>(&shuffle.json(&case.context)).unwrap(),
        action: serde_json::from_str::<Action>(&shuffle.json(&case.action)).unwrap(),
    };
    assert_eq!(shuffled.policy.draft(), case.policy.draft());
    assert_eq!(json(&shuffled.decide()), json(&case.decide()));
    assert_eq!(shuffled.outcome(), case.outcome());
    let overview = |case: &Case| {
        json(
            &case
                .policy
                .overview(&case.subject, &case.account, &case.context),
        )
    };
    assert_eq!(overview(&shuffled), overview(case));
}
