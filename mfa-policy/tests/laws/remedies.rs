//! Laws of remedies, and what it means to take their steps: the person and the administrator do what the step says, and nothing more.

use std::collections::BTreeSet;

use mfa_policy::{
    AccountView, Action, Administration, Effect, Method, Pass, PolicyDraft, Proven, Purpose,
    Registration, RegistrationId, Request, State, Step,
};
use serde_json::{Value, json as value};

use super::{Case, another_administrator, at, edited, json};

/// Of several remedies each is short, and none is a part of another.
pub(crate) fn no_remedy_contains_another(case: &Case) {
    let remedies: Vec<Vec<Step>> = remedies(case);
    assert!(remedies.iter().all(|steps| !steps.is_empty()));
    assert!(remedies.is_sorted_by_key(Vec::len));
    for (index, steps) in remedies.iter().enumerate() {
        let parts = remedies
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        for (_, other) in parts {
            assert!(
                !steps.iter().all(|step| other.contains(step)),
                "{steps:?} and {other:?}"
            );
        }
    }
}

fn remedies(case: &Case) -> Vec<Vec<Step>> {
    let decision = case.decide();
    let remedies = decision.remedies().iter();
    remedies.map(|remedy| remedy.steps().to_vec()).collect()
}

/// Whoever takes all the steps of a remedy, in any of the ways that they leave open, is allowed what was denied.
pub(crate) fn each_remedy_leads_to_yes(case: &Case) {
    for steps in remedies(case) {
        for after in after(case, &steps) {
            let decision = after.decide();
            assert!(
                matches!(decision.effect(), Effect::Allow | Effect::NeedInput(_)),
                "after {steps:?}\nthe answer is {decision:?}\nto {after:?}"
            );
        }
    }
}

/// No step of a remedy can be left out.
pub(crate) fn each_remedy_is_smallest(case: &Case) {
    for steps in remedies(case) {
        let subsets = 1_usize << steps.len();
        // All of the steps is the last one of the subsets.
        for subset in 0..subsets.saturating_sub(1) {
            let some: Vec<Step> = steps
                .iter()
                .enumerate()
                .filter(|(index, _)| subset & (1 << index) != 0)
                .map(|(_, step)| step.clone())
                .collect();
            assert!(
                !after(case, &some).iter().any(Case::allows),
                "{some:?} is enough, but the remedy is {steps:?}"
            );
        }
    }
}

/// Every way to take these steps.
fn after(case: &Case, steps: &[Step]) -> Vec<Case> {
    let start = vec![case.clone()];
    steps.iter().fold(start, |cases, step| {
        cases.iter().flat_map(|case| take(case, step)).collect()
    })
}

/// Every way to take the step.
fn take(case: &Case, step: &Step) -> Vec<Case> {
    let now = case.context.now();
    match step {
        Step::Wait { until } => {
            assert!(*until > now, "there is no waiting for the past");
            vec![case.with_context(at(&case.context, until.unix_seconds()))]
        }
        Step::UseWhere { capability } => {
            let context = case.context.clone().with_capability(*capability, true);
            vec![case.with_context(context)]
        }
        Step::SignIn => vec![case.with_context(case.context.clone().proven(Proven::Password, now))],
        Step::Prove { strength, one_of } => {
            assert!(!one_of.is_empty());
            let strong = |id: &RegistrationId| {
                let method = case.account.registration(id).unwrap().method();
                method.highest_strength() >= Some(*strength)
            };
            assert!(one_of.iter().all(strong));
            one_of.iter().map(|id| prove(case, id)).collect()
        }
        Step::Confirm { registration } => vec![confirm(case, registration)],
        Step::RemoveOneOf { registrations } => each_removed(case, registrations),
        Step::Add { method } => {
            let (added, id) = register(case, method);
            vec![prove(&added, &id)]
        }
        Step::SetDefault { one_of } => {
            assert!(!one_of.is_empty());
            one_of
                .iter()
                .map(|id| {
                    assert!(case.account.registration(id).is_some());
                    case.with_account(case.account.clone().with_default(id.clone()))
                })
                .collect()
        }
        Step::StartAgain => vec![case.with_context(case.context.clone().with_reset_started(now))],
        Step::PassGates { registrations } => {
            assert!(!registrations.is_empty());
            let all = registrations
                .iter()
                .fold(case.clone(), |case, id| prove(&case, id));
            vec![all]
        }
        Step::ChangePass { minutes, one_time } => {
            vec![case.asking(Action::Administer(Administration::IssuePass {
                minutes: Some(*minutes),
                one_time: *one_time,
            }))]
        }
        Step::Ask(request) => ask(case, request),
    }
}

fn ask(case: &Case, request: &Request) -> Vec<Case> {
    match request {
        Request::AllowMethod { method, purpose } => {
            vec![with_draft(case, |draft| allow(draft, method, *purpose))]
        }
        Request::AllowReset => vec![with_draft(case, |draft| {
            let reset = &mut draft.reset;
            (reset.enabled, reset.include, reset.exclude) = (Some(true), None, None);
        })],
        Request::AllowRememberedDevices => vec![with_draft(case, |draft| {
            draft.remembered_devices.enabled = Some(true);
        })],
        Request::Register { method } => {
            assert!(method.can_be_registered_for_others());
            vec![register(case, method).0]
        }
        Request::RemoveOneOf { registrations } => each_removed(case, registrations),
        Request::Unlock => vec![unlocked(case)],
        Request::IssuePass => vec![with_new_pass(case)],
        Request::DoIt => vec![done_by_an_administrator(case)],
    }
}

fn with_draft(case: &Case, change: impl FnOnce(&mut PolicyDraft)) -> Case {
    let mut draft = case.policy.draft().clone();
    change(&mut draft);
    case.under(draft.validate().unwrap())
}

/// On, for everybody, for ever, and so is all that it depends on.
fn allow(draft: &mut PolicyDraft, method: &Method, purpose: Option<Purpose>) {
    switch_on(draft, method);
    let rule = draft.methods.get(method).unwrap();
    for other in rule.needs_enabled.clone().into_iter().flatten() {
        switch_on(draft, &other);
    }
    let rule = draft.methods.get_mut(method).unwrap();
    if let Some(purpose) = purpose {
        assert!(method.possible_purposes().contains(purpose));
        rule.purposes
            .get_or_insert_with(BTreeSet::new)
            .insert(purpose);
    }
}

fn switch_on(draft: &mut PolicyDraft, method: &Method) {
    let rule = draft.methods.entry(method.clone()).or_default();
    (rule.enabled, rule.include, rule.exclude, rule.sunset) = (Some(true), None, None, None);
}

fn prove(case: &Case, id: &RegistrationId) -> Case {
    assert!(case.account.registration(id).is_some(), "{id} is there");
    let by = Proven::Registration(id.clone());
    let now = case.context.now();
    case.with_context(case.context.clone().proven(by, now))
}

fn confirm(case: &Case, id: &RegistrationId) -> Case {
    let pending = case.account.registration(id).unwrap();
    assert_eq!(pending.state(), State::Pending);
    let account = with_registrations(&case.account, |registrations| {
        for registration in registrations.iter_mut() {
            if registration["id"] == id.as_str() {
                registration["state"] = json_of(&State::Active);
            }
        }
    });
    case.with_account(account)
}

/// A registration on a device of its own, tested.
pub(crate) fn register(case: &Case, method: &Method) -> (Case, RegistrationId) {
    let number = case.account.registrations().len();
    let id = RegistrationId::new(&format!("added by a remedy {number}")).unwrap();
    let mut registration = Registration::new(id.clone(), method.clone());
    if *method == Method::TemporaryPass {
        registration = registration.with_pass(new_pass(case));
    }
    if *method == Method::RecoveryCodes {
        registration = registration.with_codes_left(10);
    }
    let account = with_registrations(&case.account, |registrations| {
        registrations.push(json_of(&registration));
    });
    (case.with_account(account), id)
}

fn new_pass(case: &Case) -> Pass {
    let now = case.context.now();
    Pass {
        from: now,
        until: now.plus_minutes(case.policy.temporary_pass().minutes()),
        one_time: case.policy.temporary_pass().one_time(),
        used: false,
    }
}

fn each_removed(case: &Case, ids: &[RegistrationId]) -> Vec<Case> {
    assert!(!ids.is_empty());
    ids.iter()
        .map(|id| {
            assert!(case.account.registration(id).is_some());
            let account = with_registrations(&case.account, |registrations| {
                registrations.retain(|registration| registration["id"] != id.as_str());
            });
            case.with_account(account)
        })
        .collect()
}

fn unlocked(case: &Case) -> Case {
    let account = edited(&case.account, |account| {
        account["reset_locked_until"] = Value::Null;
        for registration in account["registrations"].as_array_mut().unwrap() {
            registration["locked_until"] = Value::Null;
            if registration["state"] == json_of(&State::Deactivated) {
                registration["state"] = json_of(&State::Active);
            }
        }
    });
    case.with_account(account)
}

/// A pass in the place of an earlier one, and proven.
fn with_new_pass(case: &Case) -> Case {
    let account = with_registrations(&case.account, |registrations| {
        registrations.retain(|registration| registration["method"] != "temporary_pass");
    });
    let (case, id) = register(&case.with_account(account), &Method::TemporaryPass);
    prove(&case, &id)
}

/// The same thing as an administrator does it, who has just proven a second factor of his own.
fn done_by_an_administrator(case: &Case) -> Case {
    let (id, role) = another_administrator(&case.subject);
    let by = Proven::Registration(RegistrationId::new("an administrator's").unwrap());
    let context = case.context.clone().asked_by(id, role);
    let context = context.proven(by, case.context.now());
    let administration = match case.action.clone() {
        Action::Add { method, device } => Administration::Add { method, device },
        Action::Remove { registration } => Administration::Remove { registration },
        Action::Administer(administration) => administration,
        other => panic!("no administrator can do {other:?}"),
    };
    case.with_context(context)
        .asking(Action::Administer(administration))
}

fn with_registrations(account: &AccountView, change: impl FnOnce(&mut Vec<Value>)) -> AccountView {
    edited(account, |account| {
        change(account["registrations"].as_array_mut().unwrap());
    })
}

fn json_of(of: &impl serde::Serialize) -> Value {
    value!(of)
}

/// The kinds of steps in the remedies of a question, by name.
pub(crate) fn kinds_of_steps(case: &Case) -> BTreeSet<String> {
    let steps = remedies(case).into_iter().flatten();
    steps
        .map(|step| {
            let step: Value = serde_json::from_str(&json(&step)).unwrap();
            let name = |field: &str| step.get(field).and_then(Value::as_str).map(str::to_owned);
            [name("step"), name("request")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}
