//! Laws of changing a policy.

use std::collections::BTreeSet;

use mfa_policy::{
    Action, Group, Method, Policy, PolicyDraft, Purpose, RegistrationId, Required, Strength,
};

use serde_json::Value;

use super::{Case, edited};

/// What a person can do: use registrations, and reach purposes with strengths.
#[derive(Debug, PartialEq, Eq)]
struct Abilities {
    uses: BTreeSet<(RegistrationId, Purpose)>,
    accepted: BTreeSet<(Method, Purpose)>,
    reached: BTreeSet<Required>,
}

fn abilities(case: &Case) -> Abilities {
    // At the start of a session: a gate that was passed and counts no longer is none that another has to be independent of.
    let nothing_proven = edited(&case.context, |context| {
        context["proofs"] = Value::Array(vec![]);
    });
    let case = case.with_context(nothing_proven).by_oneself();
    let registrations = || case.account.registrations().iter();
    let allows = |action| case.asking(action).allows();
    let of_each = |purpose: Purpose| registrations().map(move |one| (one, purpose));
    let every = || Purpose::ALL.into_iter().flat_map(of_each);
    let strengths = [
        None,
        Some(Strength::TwoStep),
        Some(Strength::Passwordless),
        Some(Strength::PhishingResistant),
    ];
    let requirements = Purpose::ALL
        .into_iter()
        .flat_map(|purpose| strengths.map(|strength| Required { purpose, strength }));
    Abilities {
        uses: every()
            .map(|(one, purpose)| (one.id().clone(), purpose))
            .filter(|(registration, purpose)| {
                allows(Action::Use {
                    registration: registration.clone(),
                    purpose: *purpose,
                })
            })
            .collect(),
        accepted: every()
            .map(|(one, purpose)| (one.method().clone(), purpose))
            .filter(|(method, purpose)| {
                allows(Action::Accept {
                    method: method.clone(),
                    purpose: *purpose,
                })
            })
            .collect(),
        reached: requirements
            .filter(|&required| {
                let now = case.context.now();
                case.policy
                    .reaches(&case.subject, &case.account, required, now)
            })
            .collect(),
    }
}

impl Abilities {
    fn include(&self, other: &Self) -> bool {
        self.uses.is_superset(&other.uses)
            && self.accepted.is_superset(&other.accepted)
            && self.reached.is_superset(&other.reached)
    }
}

fn changed(policy: &Policy, change: impl FnOnce(&mut PolicyDraft)) -> Policy {
    let mut draft = policy.draft().clone();
    change(&mut draft);
    draft.validate().unwrap()
}

/// A method that is switched on takes nothing away.
pub(crate) fn enabling_a_method_removes_no_ability(case: &Case, method: &Method) {
    let enabled = changed(&case.policy, |draft| {
        draft.methods.entry(method.clone()).or_default().enabled = Some(true);
    });
    let (before, after) = (abilities(case), abilities(&case.under(enabled)));
    assert!(after.include(&before), "{before:?}\n{after:?}");
}

/// A group that is excluded, from a method or from the reset of passwords, gains nothing by it.
pub(crate) fn excluding_a_group_adds_no_ability(case: &Case, method: &Method, group: &Group) {
    let without = |group: &Group| BTreeSet::from([group.clone()]);
    let from_method = changed(&case.policy, |draft| {
        if let Some(rule) = draft.methods.get_mut(method) {
            rule.exclude
                .get_or_insert_with(|| without(group))
                .insert(group.clone());
        }
    });
    let from_reset = changed(&case.policy, |draft| {
        let exclude = &mut draft.reset.exclude;
        exclude
            .get_or_insert_with(|| without(group))
            .insert(group.clone());
    });
    let before = abilities(case);
    for policy in [from_method, from_reset] {
        let after = abilities(&case.under(policy));
        assert!(before.include(&after), "{before:?}\n{after:?}");
    }
}

/// Under a policy that allows nothing the account stays as it is, and back under the old one everything is as it was.
pub(crate) fn tightening_deletes_nothing(case: &Case) {
    let before = (abilities(case), case.decide());
    let nothing = case.under(changed(&case.policy, |draft| {
        for rule in draft.methods.values_mut() {
            rule.enabled = Some(false);
        }
    }));
    assert_eq!(abilities(&nothing).uses, BTreeSet::new());
    let account = nothing.outcome();
    let meanwhile = case.account.registrations().iter().filter(|registration| {
        account
            .registration(registration.id())
            .is_none_or(|stays| stays != *registration)
    });
    for registration in meanwhile {
        // Only what was asked for by name goes or changes.
        assert!(nothing.is_about(registration.id()), "{registration:?}");
    }
    if account == case.account {
        let relaxed = nothing.with_account(account).under(case.policy.clone());
        assert_eq!((abilities(&relaxed), relaxed.decide()), before);
    }
}
