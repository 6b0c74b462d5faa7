//! What an account is good for after an action: the next question shows it.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use mfa_policy::{
    AccountView, Action, Administration, Context, Method, Pass, PersonId, Policy, Preset, Proven,
    Purpose, Reason, Registration, RegistrationId, Role, State, Subject, Timestamp,
};

fn now() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn person() -> Subject {
    Subject::new(PersonId::new("person").unwrap())
}

fn id(name: &str) -> RegistrationId {
    RegistrationId::new(name).unwrap()
}

fn registered(name: &str, method: Method) -> Registration {
    Registration::new(id(name), method)
}

fn account<const N: usize>(registrations: [Registration; N]) -> AccountView {
    AccountView::new(registrations).unwrap()
}

fn sign_in_with(name: &str) -> Action {
    Action::Use {
        registration: id(name),
        purpose: Purpose::TwoStep,
    }
}

/// The account after the action, which is allowed.
fn after(
    policy: &Policy,
    account: &AccountView,
    action: &Action,
    context: &Context,
) -> AccountView {
    assert!(policy.allows(&person(), account, action, context));
    policy.outcome(&person(), account, action, context)
}

/// The reasons against the action.
fn against(policy: &Policy, account: &AccountView, action: &Action) -> Vec<Reason> {
    let decision = policy.decide(&person(), account, action, &Context::anywhere(now()));
    decision.reasons().to_vec()
}

#[test]
fn each_recovery_code_is_good_once() {
    let policy = Preset::SecurityInfo.policy();
    let context = Context::anywhere(now());
    let codes = registered("codes", Method::RecoveryCodes).with_codes_left(2);
    let action = sign_in_with("codes");

    let one_left = after(&policy, &account([codes]), &action, &context);
    let none_left = after(&policy, &one_left, &action, &context);

    let no_codes_left = Reason::NoCodesLeft {
        registration: id("codes"),
    };
    assert_eq!(against(&policy, &none_left, &action), [no_codes_left]);
}

#[test]
fn a_pass_for_one_use_is_good_once() {
    let policy = Preset::Entra.policy();
    let pass = Pass {
        from: now(),
        until: now().plus_minutes(60),
        one_time: true,
        used: false,
    };
    let pass = registered("pass", Method::TemporaryPass).with_pass(pass);
    let action = sign_in_with("pass");

    let used = after(
        &policy,
        &account([pass]),
        &action,
        &Context::anywhere(now()),
    );

    let pass_used = Reason::PassUsed {
        registration: id("pass"),
    };
    assert_eq!(against(&policy, &used, &action), [pass_used]);
}

#[test]
fn what_was_used_last_is_asked_for_next() {
    let policy = Preset::SecurityInfo.policy();
    let context = Context::anywhere(now());
    let apps = ["app-1", "app-2"].map(|name| registered(name, Method::AuthenticatorPush));
    let before = account(apps);
    let asked_for = |account: &AccountView| {
        let default = policy.default_method(&person(), account, &context);
        default.map(|default| default.registration().clone())
    };
    assert_eq!(asked_for(&before), Some(id("app-1")));

    let after = after(&policy, &before, &sign_in_with("app-2"), &context);

    assert_eq!(asked_for(&after), Some(id("app-2")));
    let used = after.registration(&id("app-2")).unwrap();
    assert_eq!(used.last_use(), Some(now()));
}

#[test]
fn new_recovery_codes_are_good_at_once() {
    let policy = Preset::SecurityInfo.policy();
    let context = Context::anywhere(now()).proven(Proven::Password, now());
    let add = Action::Add {
        method: Method::RecoveryCodes,
        device: None,
    };

    let after = after(&policy, &account([]), &add, &context);

    assert_eq!(against(&policy, &after, &sign_in_with("new")), []);
}

#[test]
fn a_disabled_or_untested_token_is_not_made_good_by_demanding_registration_and_unlocking() {
    let policy = Preset::SecurityInfo.policy();
    let administrator = PersonId::new("administrator").unwrap();
    let context = Context::anywhere(now())
        .asked_by(administrator, Role::Administrator)
        .proven(Proven::Registration(id("own")), now());
    let token = |name, state| registered(name, Method::HardwareToken).in_state(state);
    let states = [
        State::Active,
        State::Deactivated,
        State::Disabled,
        State::Pending,
    ];
    let account = account([
        token("active", State::Active),
        token("deactivated", State::Deactivated),
        token("disabled", State::Disabled),
        token("pending", State::Pending),
    ]);
    let of = |account: &AccountView| {
        ["active", "deactivated", "disabled", "pending"]
            .map(|name| account.registration(&id(name)).unwrap().state())
    };
    assert_eq!(of(&account), states);

    let demanded = Action::Administer(Administration::RequireRegistration);
    let demanded = after(&policy, &account, &demanded, &context);
    assert_eq!(of(&demanded)[0], State::Deactivated);
    let unlock = Action::Administer(Administration::Unlock);
    let unlocked = after(&policy, &demanded, &unlock, &context);

    let states = [
        State::Active,
        State::Active,
        State::Disabled,
        State::Pending,
    ];
    assert_eq!(of(&unlocked), states);
}
