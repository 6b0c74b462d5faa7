//! Laws of remedies, and what it means to take their steps: the person and the administrator do what the step says, and nothing more.

use std::collections::BTreeSet;

use mfa_policy::{
    AccountView, Action, Administration, Decision, Effect, Method, Pass, PolicyDraft, Proven,
    Purpose, Registration, RegistrationId, Request, State, Step,
};
use serde_json::{Value, json as value};

use super::{Case, another_administrator, at, edited};

/// What the person can do alone comes first, then the shortest; none is a part of another.
pub(crate) fn no_remedy_contains_another(case: &Case) {
    let remedies: Vec<Vec<Step>> = remedies(case);
    assert!(remedies.iter().all(|steps| !steps.is_empty()));
    assert!(remedies.is_sorted_by_key(|steps| {
        let asks = steps.iter().any(|step| matches!(step, Step::Ask(_)));
        (asks, steps.len())
    }));
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

/// Each step of a remedy can be taken, and whoever takes all of them, in any of the ways that they leave open, is allowed what was
/// denied, unless a fact is missing that was missing before.
pub(crate) fn each_remedy_leads_to_yes(case: &Case) {
    let missing = case.decide().missing().to_vec();
    let good = |decision: &Decision| match decision.effect() {
        Effect::Allow => true,
        Effect::NeedInput(input) => missing.contains(&input),
        Effect::Deny => false,
    };
    for steps in remedies(case) {
        let after = after(case, &steps).unwrap_or_else(|denied| panic!("in {steps:?}: {denied}"));
        for after in after {
            let decision = after.decide();
            assert!(
                good(&decision),
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
            let after = after(case, &some).unwrap_or_default();
            assert!(
                !after.iter().any(Case::allows),
                "{some:?} is enough, but the remedy is {steps:?}"
            );
        }
    }
}

/// What a step stands for is itself denied.
type Denied = String;

/// Every way to take these steps.
fn after(case: &Case, steps: &[Step]) -> Result<Vec<Case>, Denied> {
    let mut cases = vec![case.clone()];
    for step in steps {
        let taken = cases.iter().map(|now| take(case, now, step));
        let taken: Result<Vec<_>, Denied> = taken.collect();
        cases = taken?.concat();
    }
    Ok(cases)
}

/// Every way to take the step, in a row that began with `start`.
fn take(start: &Case, case: &Case, step: &Step) -> Result<Vec<Case>, Denied> {
    let now = case.context.now();
    match step {
        Step::Wait { until } => {
            assert!(*until > now, "there is no waiting for the past");
            Ok(vec![
                case.with_context(at(&case.context, until.unix_seconds())),
            ])
        }
        Step::UseWhere { capability } => {
            let context = case.context.clone().with_capability(*capability, true);
            Ok(vec![case.with_context(context)])
        }
        Step::SignIn => {
            Ok(vec![case.with_context(
                case.context.clone().proven(Proven::Password, now),
            )])
        }
        Step::Prove { one_of, .. } if matches!(case.action, Action::Administer(_)) => {
            assert!(one_of.is_empty(), "an administrator has another account");
            let by = Proven::Registration(administrators_own());
            Ok(vec![
                case.with_context(case.context.clone().proven(by, now)),
            ])
        }
        Step::Prove { strength, one_of } => {
            // But not one that was removed in a step before.
            let mut others = one_of.clone();
            others.retain(|id| {
                case.account.registration(id).is_some() || start.account.registration(id).is_none()
            });
            each(&others, |id| {
                let method = case.account.registration(id).map(Registration::method);
                let strength_of = |method: &Method| method.highest_strength();
                if method.and_then(strength_of) < Some(*strength) {
                    return Err(format!("{id} is not there or not strong enough"));
                }
                can(case, used(id, Purpose::ManageSecurityInfo))?;
                Ok(prove(case, id))
            })
        }
        Step::Confirm { registration } => {
            can(
                case,
                Action::Confirm {
                    registration: registration.clone(),
                },
            )?;
            Ok(vec![prove(&confirm(case, registration), registration)])
        }
        Step::RemoveOneOf { registrations } => {
            // But not the one that the proof was given with, in a step before.
            let mut others = registrations.clone();
            others.retain(|id| proofs_by(case, id) == proofs_by(start, id));
            each(&others, |id| {
                can(
                    case,
                    Action::Remove {
                        registration: id.clone(),
                    },
                )?;
                Ok(removed(case, id))
            })
        }
        Step::Add { method } => {
            can(
                case,
                Action::Add {
                    method: method.clone(),
                    device: None,
                },
            )?;
            let (added, id) = register(case, method);
            Ok(vec![prove(&added, &id)])
        }
        Step::SetDefault { one_of } => each(one_of, |id| {
            can(
                case,
                Action::SetDefault {
                    registration: id.clone(),
                },
            )?;
            Ok(case.with_account(case.account.clone().with_default(id.clone())))
        }),
        Step::StartAgain => {
            can(case, Action::StartReset)?;
            let context = case.context.clone().with_reset_started(now);
            // Another session: nothing is proven in it.
            Ok(vec![case.with_context(edited(&context, |context| {
                context["proofs"] = value!([]);
            }))])
        }
        Step::PassGates { registrations } => {
            assert!(!registrations.is_empty());
            let mut passed = case.clone();
            for id in registrations {
                can(&passed, used(id, Purpose::PasswordReset))?;
                passed = prove(&passed, id);
            }
            Ok(vec![passed])
        }
        Step::ChangePass { minutes, one_time } => Ok(vec![case.asking(Action::Administer(
            Administration::IssuePass {
                minutes: Some(*minutes),
                one_time: *one_time,
            },
        ))]),
        Step::Ask(request) => ask(case, request),
    }
}

fn used(id: &RegistrationId, purpose: Purpose) -> Action {
    Action::Use {
        registration: id.clone(),
        purpose,
    }
}

fn each(
    ids: &[RegistrationId],
    step: impl FnMut(&RegistrationId) -> Result<Case, Denied>,
) -> Result<Vec<Case>, Denied> {
    if ids.is_empty() {
        return Err("there is no choice".to_owned());
    }
    ids.iter().map(step).collect()
}

/// Whether the person is allowed to; what is not known may turn out well.
fn can(case: &Case, action: Action) -> Result<(), Denied> {
    not_denied(&case.asking(action))
}

/// Whether an administrator who has just proven a second factor of his own is allowed to.
fn administrator_can(case: &Case, administration: Administration) -> Result<(), Denied> {
    not_denied(&by_an_administrator(case, administration))
}

fn not_denied(case: &Case) -> Result<(), Denied> {
    let decision = case.decide();
    match decision.effect() {
        Effect::Deny => Err(format!(
            "{:?} is denied: {:?}",
            case.action,
            decision.reasons()
        )),
        Effect::Allow | Effect::NeedInput(_) => Ok(()),
    }
}

fn ask(case: &Case, request: &Request) -> Result<Vec<Case>, Denied> {
    match request {
        Request::AllowMethod { method, purpose } => Ok(vec![with_draft(case, |draft| {
            allow(draft, method, *purpose);
        })]),
        Request::AllowReset => Ok(vec![with_draft(case, |draft| {
            let reset = &mut draft.reset;
            (reset.enabled, reset.include, reset.exclude) = (Some(true), None, None);
        })]),
        Request::AllowRememberedDevices => Ok(vec![with_draft(case, |draft| {
            draft.remembered_devices.enabled = Some(true);
        })]),
        Request::Register { method } => {
            administrator_can(
                case,
                Administration::Add {
                    method: method.clone(),
                    device: None,
                },
            )?;
            Ok(vec![register(case, method).0])
        }
        Request::RemoveOneOf { registrations } => each(registrations, |id| {
            administrator_can(
                case,
                Administration::Remove {
                    registration: id.clone(),
                },
            )?;
            Ok(removed(case, id))
        }),
        Request::Unlock => {
            administrator_can(case, Administration::Unlock)?;
            Ok(vec![unlocked(case)])
        }
        Request::IssuePass => {
            let one_time = case.policy.temporary_pass().one_time();
            administrator_can(
                case,
                Administration::IssuePass {
                    minutes: None,
                    one_time,
                },
            )?;
            Ok(vec![with_new_pass(case)])
        }
        Request::DoIt => Ok(vec![done_by_an_administrator(case)]),
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

/// Proofs by the registration, counting those that are too old, or not given yet.
fn proofs_by(case: &Case, id: &RegistrationId) -> usize {
    let context = serde_json::to_value(&case.context).unwrap();
    let proofs = context.get("proofs").and_then(Value::as_array);
    let by_it = |proof: &&Value| proof["by"]["registration"] == *id.as_str();
    proofs.map_or(0, |proofs| proofs.iter().filter(by_it).count())
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
    tested(&case.with_account(account), id)
}

/// A registration on a device of its own, tested.
pub(crate) fn register(case: &Case, method: &Method) -> (Case, RegistrationId) {
    let id = (0..)
        .map(|number| RegistrationId::new(&format!("added by a remedy {number}")).unwrap())
        .find(|id| case.account.registration(id).is_none())
        .unwrap();
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
    (tested(&case.with_account(account), &id), id)
}

/// What was just tested is the default if it makes itself so, or if there is none.
fn tested(case: &Case, id: &RegistrationId) -> Case {
    let method = case.account.registration(id).unwrap().method();
    let Some(rule) = case.policy.draft().methods.get(method) else {
        return case.clone();
    };
    let account = json_of(&case.account);
    let registrations = case.account.registrations().iter();
    let is_chosen = registrations
        .map(Registration::id)
        .any(|other| account["default"] == *other.as_str());
    if rule.default == Some(true) && (rule.makes_default == Some(true) || !is_chosen) {
        case.with_account(case.account.clone().with_default(id.clone()))
    } else {
        case.clone()
    }
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

fn removed(case: &Case, id: &RegistrationId) -> Case {
    assert!(case.account.registration(id).is_some());
    let account = with_registrations(&case.account, |registrations| {
        registrations.retain(|registration| registration["id"] != id.as_str());
    });
    case.with_account(account)
}

pub(crate) fn unlocked(case: &Case) -> Case {
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

/// The same thing as an administrator does it.
fn done_by_an_administrator(case: &Case) -> Case {
    let administration = match case.action.clone() {
        Action::Add { method, device } => Administration::Add { method, device },
        Action::Remove { registration } => Administration::Remove { registration },
        other => panic!("no administrator can do {other:?}"),
    };
    by_an_administrator(case, administration)
}

/// By an administrator who has just proven a second factor of his own.
fn by_an_administrator(case: &Case, administration: Administration) -> Case {
    let (id, role) = another_administrator(&case.subject);
    let by = Proven::Registration(administrators_own());
    let context = case.context.clone().asked_by(id, role);
    case.with_context(context.proven(by, case.context.now()))
        .asking(Action::Administer(administration))
}

/// A registration of the administrator, in another account.
fn administrators_own() -> RegistrationId {
    RegistrationId::new("an administrator's").unwrap()
}

fn with_registrations(account: &AccountView, change: impl FnOnce(&mut Vec<Value>)) -> AccountView {
    edited(account, |account| {
        change(account["registrations"].as_array_mut().unwrap());
    })
}

fn json_of(of: &impl serde::Serialize) -> Value {
    value!(of)
}
