//! The page about the security info: why something cannot be used, what is not known, and until when the page stands.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use mfa_policy::{
    AccountView, Capability, Context, Effect, Input, Method, Overview, PersonId, Preset, Purpose,
    Reason, Registration, RegistrationId, State, Subject, Timestamp, WhyNot,
};

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn id(name: &str) -> RegistrationId {
    RegistrationId::new(name).unwrap()
}

fn page(account: &AccountView, context: &Context) -> Overview {
    let subject = Subject::new(PersonId::new("person").unwrap());
    Preset::SecurityInfo
        .policy()
        .overview(&subject, account, context)
}

fn with(registration: Registration) -> AccountView {
    AccountView::new([registration]).unwrap()
}

/// Why the only registration cannot be used for the purpose.
fn why_not(page: &Overview, purpose: Purpose) -> WhyNot {
    let all = page.registrations().first().unwrap().why_not();
    let found = all.iter().find(|why_not| why_not.purpose() == purpose);
    found.cloned().unwrap()
}

#[test]
fn what_is_locked_is_shown_with_the_lock_and_its_end() {
    let until = now().plus_minutes(10);
    let app = Registration::new(id("app"), Method::AuthenticatorCode).locked_until(until);

    let page = page(&with(app), &Context::anywhere(now()));

    let locked = Reason::Locked {
        registration: id("app"),
        until,
    };
    let why_not = why_not(&page, Purpose::TwoStep);
    assert_eq!(why_not.effect(), Effect::Deny);
    assert_eq!(why_not.reasons(), [locked]);
    assert_eq!(page.recheck_at(), Some(until));
}

#[test]
fn what_is_switched_off_is_shown_as_that() {
    let token = Registration::new(id("token"), Method::HardwareToken).in_state(State::Deactivated);

    let page = page(&with(token), &Context::anywhere(now()));

    let state = page.registrations().first().unwrap().state();
    assert_eq!(state, State::Deactivated);
}

#[test]
fn a_lock_of_the_reset_is_in_the_way_of_the_reset_alone() {
    let until = now().plus_minutes(10);
    let app = Registration::new(id("app"), Method::AuthenticatorCode);
    let account = with(app).with_reset_locked_until(until);

    let page = page(&account, &Context::anywhere(now()));

    assert_eq!(
        why_not(&page, Purpose::PasswordReset).reasons(),
        [Reason::ResetLocked { until }]
    );
    let usable_for = page.registrations().first().unwrap().usable_for();
    assert!(usable_for.contains(Purpose::TwoStep));
}

#[test]
fn what_is_not_known_of_the_place_is_named() {
    let key = Registration::new(id("key"), Method::SecurityKey);
    let context = Context::at(now()).with_capability(Capability::Telephony, true);

    let page = page(&with(key), &context);

    let why_not = why_not(&page, Purpose::TwoStep);
    assert_eq!(why_not.effect(), Effect::NeedInput(Input::Webauthn));
    assert_eq!(why_not.missing(), [Input::Webauthn]);
    let mut additions = page.additions().iter();
    let key = additions.find(|addition| *addition.method() == Method::SecurityKey);
    assert_eq!(key.unwrap().missing(), [Input::Webauthn]);
}
