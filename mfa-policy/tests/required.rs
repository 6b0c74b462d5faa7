//! What a policy requires of a person, and whether the person can reach it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use mfa_policy::{
    AccountView, Method, PersonId, Preset, Purpose, Registration, RegistrationId, Required,
    Strength, Subject, Timestamp,
};

const TWO_STEP: Required = Required {
    purpose: Purpose::TwoStep,
    strength: None,
};

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn person() -> Subject {
    Subject::new(PersonId::new("person").unwrap())
}

/// Whether two-step verification is reached now with that registration alone.
fn reached_with(registration: Registration) -> bool {
    let account = AccountView::new([registration]).unwrap();
    Preset::SecurityInfo
        .policy()
        .reaches(&person(), &account, TWO_STEP, now())
}

fn registered(method: Method) -> Registration {
    Registration::new(RegistrationId::new("only").unwrap(), method)
}

#[test]
fn a_purpose_is_required_once_with_the_highest_strength() {
    let policy = Preset::Nist.policy();
    assert_eq!(policy.required(&person()), [TWO_STEP]);
    let strong = Required {
        strength: Some(Strength::PhishingResistant),
        ..TWO_STEP
    };
    assert_eq!(policy.required(&person().administrator()), [strong]);
}

#[test]
fn what_lasts_and_is_not_locked_reaches() {
    let later = now().plus_minutes(10);
    assert!(reached_with(registered(Method::Text)));
    assert!(!reached_with(registered(Method::Text).locked_until(later)));
    assert!(!reached_with(
        registered(Method::RecoveryCodes).with_codes_left(10)
    ));
    assert!(!reached_with(registered(Method::Email)));
}
