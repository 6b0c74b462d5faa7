//! Laws of what an action leaves behind. Pools are counted again here, from the draft and in the plainest way.

use std::collections::BTreeSet;

use mfa_policy::{
    AccountView, Action, Administration, Effect, Method, PoolDraft, Purpose, Registration,
    RegistrationId, State,
};

use super::{Case, json};

/// What is not allowed leaves the account alone; what is allowed changes what it is about.
pub(crate) fn an_action_changes_only_what_it_is_about(case: &Case) {
    let before = &case.account;
    let after = case.outcome();
    if !case.allows() {
        assert_eq!(&after, before);
        return;
    }
    let ids = |account: &AccountView| -> BTreeSet<RegistrationId> {
        let ids = account.registrations().iter();
        ids.map(|registration| registration.id().clone()).collect()
    };
    let (old, new) = (ids(before), ids(&after));
    let gone: Vec<&RegistrationId> = old.difference(&new).collect();
    let came = new.difference(&old).count();
    match &case.action {
        Action::Accept { .. }
        | Action::StartReset
        | Action::FinishReset
        | Action::RememberDevice
        | Action::Administer(Administration::RevokeRememberedDevices) => assert_eq!(&after, before),
        Action::Use { .. }
        | Action::Confirm { .. }
        | Action::Rename { .. }
        | Action::SetDefault { .. }
        | Action::Administer(Administration::Unlock) => assert_eq!(old, new),
        // An earlier one that waits for its test, or an earlier set, may give way.
        Action::Add { .. }
        | Action::CreateAppPassword
        | Action::Administer(Administration::Add { .. }) => assert_eq!(came, 1),
        Action::Administer(Administration::IssuePass { .. }) => {
            assert_eq!(came, 1);
            let passes = |account: &AccountView| {
                let registrations = account.registrations().iter();
                registrations
                    .filter(|registration| *registration.method() == Method::TemporaryPass)
                    .count()
            };
            assert_eq!(passes(&after), 1);
            assert_eq!(gone.len(), passes(before));
        }
        Action::Remove { registration }
        | Action::Administer(Administration::Remove { registration }) => {
            assert_eq!((gone, came), (vec![registration], 0));
        }
        Action::Replace { registration, .. } => {
            assert_eq!((gone, came), (vec![registration], 1));
        }
        Action::Administer(Administration::RequireRegistration) => assert_eq!(came, 0),
    }
    for registration in before.registrations() {
        if let Some(stays) = after.registration(registration.id())
            && !case.is_about(registration.id())
        {
            assert_eq!(stays, registration);
        }
    }
}

/// Devices with a tested registration of these methods.
fn devices(account: &AccountView, pool: &PoolDraft) -> usize {
    let counted = account.registrations().iter().filter(|registration| {
        registration.state() != State::Pending && pool.methods.contains(registration.method())
    });
    let device = |registration: &Registration| match registration.device() {
        Some(device) => format!("device {device}"),
        None => format!("own device of {}", registration.id()),
    };
    counted.map(device).collect::<BTreeSet<_>>().len()
}

/// A pool that is too full already becomes no fuller.
pub(crate) fn no_allowed_action_fills_a_pool_beyond_its_limit(case: &Case) {
    if !case.allows() {
        return;
    }
    let after = case.outcome();
    for (name, pool) in &case.policy.draft().pools {
        let (before, after) = (devices(&case.account, pool), devices(&after, pool));
        assert!(
            after <= before || i64::try_from(after).unwrap() <= pool.max,
            "{name}: from {before} to {after} devices"
        );
    }
}

/// What the policy requires and the person could reach can still be reached.
pub(crate) fn nobody_locks_himself_out_by_an_allowed_action(case: &Case) {
    if !case.is_by_oneself() || !case.allows() {
        return;
    }
    let reaches = |account: &AccountView, required| {
        let now = case.context.now();
        case.policy.reaches(&case.subject, account, required, now)
    };
    let after = case.outcome();
    for required in case.policy.required(&case.subject) {
        assert!(
            !reaches(&case.account, required) || reaches(&after, required),
            "{required:?} after\n{}",
            json(&after)
        );
    }
}

/// The default, chosen or found by ranking, can take the second step here and now, or may if what is not known turns out well.
pub(crate) fn the_default_is_active_and_takes_the_second_step(case: &Case) {
    let default = case
        .policy
        .default_method(&case.subject, &case.account, &case.context);
    let Some(default) = default else { return };
    let id = default.registration();
    let registration = case.account.registration(id).unwrap();
    assert_eq!(registration.state(), State::Active);
    assert!(!matches!(
        registration.method(),
        Method::Email | Method::SecurityQuestions | Method::AppPassword
    ));
    let rule = &case.policy.draft().methods[registration.method()];
    assert!(rule.purposes.as_ref().unwrap().contains(&Purpose::TwoStep));
    if default.is_chosen() {
        assert_eq!(case.account.chosen_default(), Some(id));
        assert!(registration.method().can_be_default() && rule.default == Some(true));
    }
    let usable = case.by_oneself().asking(Action::Use {
        registration: id.clone(),
        purpose: Purpose::TwoStep,
    });
    assert_ne!(usable.decide().effect(), Effect::Deny, "{usable:?}");
}
