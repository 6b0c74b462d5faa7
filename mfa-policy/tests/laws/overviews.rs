//! Laws of the page that shows an account.

use std::collections::BTreeSet;

use mfa_policy::{Action, Overview, Proven, Purpose, Reason, Required};
use serde_json::Value;

use super::{
    Case,
    answers::later_times,
    at, json,
    remedies::{register, unlocked},
};

fn overview(case: &Case) -> Overview {
    case.policy
        .overview(&case.subject, &case.account, &case.context)
}

/// What the page says of each registration and each method is what a decision says.
pub(crate) fn an_overview_agrees_with_decisions(case: &Case) {
    let overview = overview(case);
    let oneself = case.by_oneself();

    let registrations = case.account.registrations();
    assert_eq!(overview.registrations().len(), registrations.len());
    for (shown, registration) in overview.registrations().iter().zip(registrations) {
        assert_eq!(shown.registration(), registration.id());
        for purpose in Purpose::ALL {
            let decision = oneself
                .asking(Action::Use {
                    registration: registration.id().clone(),
                    purpose,
                })
                .decide();
            let usable = shown.usable_for().contains(purpose);
            if purpose != Purpose::PasswordReset {
                assert_eq!(usable, decision.is_allowed());
            }
            // Whether a gate is independent of those that were passed is no matter of the page; whether there is a reset is.
            if usable {
                let accept = Action::Accept {
                    method: registration.method().clone(),
                    purpose,
                };
                assert!(oneself.asking(accept).allows(), "{purpose}");
            }
            if let Some(why) = shown.why_not().iter().find(|why| why.purpose() == purpose) {
                assert!(!usable);
                let known: BTreeSet<_> = decision.reasons().iter().collect();
                assert!(why.reasons().iter().all(|reason| known.contains(reason)));
                assert!(!why.reasons().is_empty() || !why.missing().is_empty());
            }
        }
    }

    let methods: Vec<_> = case.policy.methods().collect();
    let shown: Vec<_> = overview
        .additions()
        .iter()
        .map(|one| one.method())
        .collect();
    assert_eq!(shown, methods);
    for addition in overview.additions() {
        let add = oneself.asking(Action::Add {
            method: addition.method().clone(),
            device: None,
        });
        assert_eq!(addition.reasons(), without_proofs(add.decide().reasons()));
        assert_eq!(addition.missing(), add.decide().missing());
    }

    let default = case
        .policy
        .default_method(&case.subject, &case.account, &case.context);
    assert_eq!(overview.default_method(), default.as_ref());
}

/// Reasons that a proof in this session would take away are left out.
fn without_proofs(reasons: &[Reason]) -> Vec<Reason> {
    let by_proof = |reason: &&Reason| {
        !matches!(
            reason,
            Reason::NeedsFirstFactor | Reason::NeedsProof { .. } | Reason::RecoveryCodeNotEnough
        )
    };
    reasons.iter().filter(by_proof).cloned().collect()
}

/// What is shown as missing is required and not there; each proposal can be registered method by method, and then nothing is missing.
pub(crate) fn a_proposal_gives_what_is_missing(case: &Case) {
    let overview = overview(case);
    let required = case.policy.required(&case.subject);
    for missing in overview.missing() {
        assert!(required.contains(missing));
        assert!(!reaches(case, *missing));
    }
    for proposal in overview.proposals() {
        assert_eq!(proposal.is_required(), !overview.missing().is_empty());
        let mut after = case.by_oneself();
        for method in proposal.methods() {
            let add = Action::Add {
                method: method.clone(),
                device: None,
            };
            let decision = after.asking(add).decide();
            let not_here = |reason: &Reason| {
                matches!(
                    reason,
                    Reason::CapabilityMissing { .. } | Reason::NumberAtRisk { .. }
                )
            };
            let reasons = without_proofs(decision.reasons());
            assert!(reasons.iter().all(not_here), "{method}: {reasons:?}");
            let (registered, id) = register(&after, method);
            let by = Proven::Registration(id);
            let now = after.context.now();
            after = registered.with_context(registered.context.clone().proven(by, now));
        }
        if proposal.is_required() {
            // A lock that will end is no reason to register anew.
            let after = unlocked(&after);
            for missing in overview.missing() {
                assert!(
                    reaches(&after, *missing),
                    "{missing:?} after {:?}",
                    proposal.methods()
                );
            }
        }
    }
}

fn reaches(case: &Case, required: Required) -> bool {
    let now = case.context.now();
    case.policy
        .reaches(&case.subject, &case.account, required, now)
}

/// Nothing on the page changes before the time that it names.
pub(crate) fn an_overview_stands_until_it_is_to_be_checked_again(case: &Case) {
    let now = overview(case);
    for time in later_times(case, now.recheck_at()) {
        let then = overview(&case.with_context(at(&case.context, time)));
        let without_recheck = |overview: &Overview| {
            let mut value: Value = serde_json::from_str(&json(overview)).unwrap();
            value["recheck_at"] = Value::Null;
            value
        };
        assert_eq!(without_recheck(&then), without_recheck(&now));
    }
}
