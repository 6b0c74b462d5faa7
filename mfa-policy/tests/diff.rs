//! What changes between two policies, and that each case that is shown really shows it and is as small as can be.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod patch;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use mfa_policy::{
    AccountView, Context, Diff, Difference, Direction, Group, Policy, Preset, Question,
    Registration, Role, Subject, Who, Witness, diff,
};
use patch::patched;
use serde_json::{Map, Value};

#[test]
fn nothing_changes_where_both_are_alike() {
    for preset in Preset::ALL {
        let changes = diff(&preset.policy(), &preset.policy());
        assert!(changes.is_empty());
        assert_eq!(changes.behaviour(), []);
    }
}

#[test]
fn the_answer_is_the_same_each_time() {
    let Pair { old, new, changes } = pairs().last().unwrap();
    assert_eq!(diff(old, new), *changes);
}

#[test]
fn text_messages_switched_off() {
    let (old, new) = security_info("methods.text.enabled = false");
    assert_eq!(
        told(&old, &new),
        [
            "use text for two_step: denied",
            "use text for password_reset: denied",
            "use text for manage_security_info: denied",
            "use text for step_up: denied",
            "add text: denied",
        ]
    );
}

#[test]
fn a_reset_with_one_gate() {
    let (old, new) = security_info("reset.gates = 1");
    let changes = diff(&old, &new);
    assert_eq!(
        told(&old, &new),
        ["start_reset: allowed", "finish_reset: allowed"]
    );
    // Administrators still pass two.
    assert!(
        changes
            .behaviour()
            .iter()
            .all(|difference| *difference.who() == Who::Users)
    );
    assert!(
        changes
            .behaviour()
            .iter()
            .all(|difference| size(difference) == 1)
    );
}

#[test]
fn a_reset_with_four_gates_needs_an_account_with_three() {
    let (three, four) = (
        security_info("reset.gates = 3").1,
        security_info("reset.gates = 4").1,
    );
    assert_eq!(
        told(&three, &four),
        ["start_reset: denied", "finish_reset: denied"]
    );
    assert!(
        diff(&three, &four)
            .behaviour()
            .iter()
            .all(|difference| size(difference) == 3)
    );
}

#[test]
fn a_reset_for_a_group_only() {
    let (old, new) = security_info(r#"reset.include = ["staff"]"#);
    let changes = diff(&old, &new);
    // That no method opens a reset follows, and is left out.
    assert_eq!(
        told(&old, &new),
        ["start_reset: denied", "finish_reset: denied"]
    );
    let who = Who::Some {
        role: Role::User,
        groups: BTreeSet::new(),
    };
    assert!(
        changes
            .behaviour()
            .iter()
            .all(|difference| *difference.who() == who)
    );
}

#[test]
fn an_excluded_group() {
    let (old, new) = security_info(r#"methods.email.exclude = ["guests"]"#);
    let changes = diff(&old, &new);
    assert_eq!(
        told(&old, &new),
        ["use email for password_reset: denied", "add email: denied"]
    );
    for difference in changes.behaviour() {
        let groups = BTreeSet::from([Group::new("guests").unwrap()]);
        assert_eq!(*difference.witness().subject.groups(), groups);
        assert_eq!(
            *difference.who(),
            Who::Some {
                role: Role::User,
                groups
            }
        );
    }
}

#[test]
fn a_method_for_those_in_one_group_and_not_in_another() {
    let (_, old) = security_info(r#"methods.email.include = ["staff"]"#);
    let new = patched(&old, r#"methods.email.exclude = ["guests"]"#);
    let changes = diff(&old, &new);
    assert!(
        changes
            .behaviour()
            .iter()
            .all(|difference| difference.witness().subject.groups().len() == 2)
    );
    assert_eq!(changes.behaviour().len(), 2);
}

#[test]
fn a_method_that_retires() {
    let (old, new) = security_info(r#"methods.call_office.sunset = "2027-02-01""#);
    let changes = diff(&old, &new);
    let first = changes.behaviour().first().unwrap();
    assert_eq!(first.question().to_string(), "use call_office for two_step");
    assert_eq!(
        first.witness().context.now().to_string(),
        "2027-02-01T00:00:00Z"
    );
    let later = patched(&new, r#"methods.call_office.sunset = "2028-02-01""#);
    let first = diff(&new, &later);
    let first = first.behaviour().first().unwrap();
    assert_eq!(first.direction(), Direction::Allowed);
    assert_eq!(
        first.witness().context.now().to_string(),
        "2027-02-01T00:00:00Z"
    );
}

#[test]
fn a_pool_that_is_smaller_or_larger() {
    let (five, two) = security_info("pools.authenticators.max = 2");
    let pool = "authenticator_push, authenticator_code, other_authenticator, phone_sign_in";
    assert_eq!(
        told(&five, &two),
        [
            format!("add {pool}: denied"),
            "administrator_adds hardware_token: denied".into()
        ]
    );
    assert_eq!(size(&diff(&five, &two).behaviour()[0]), 2);
    let (_, six) = security_info("pools.authenticators.max = 6");
    let changes = diff(&five, &six);
    assert_eq!(
        told(&five, &six),
        [
            format!("add {pool}: allowed"),
            "administrator_adds hardware_token: allowed".into()
        ]
    );
    assert_eq!(size(&changes.behaviour()[0]), 5);
}

#[test]
fn proofs_of_another_age() {
    let (old, new) = security_info("freshness.rename = 30");
    let changes = diff(&old, &new);
    assert_eq!(changes.behaviour().len(), 1);
    let Witness {
        context, account, ..
    } = changes.behaviour()[0].witness();
    assert_eq!(account.registrations().len(), 1);
    assert!(
        serde_json::to_string(context)
            .unwrap()
            .contains("T23:30:00Z"),
        "half an hour before midnight"
    );
    assert_eq!(changes.behaviour()[0].question().code(), "rename");
    let (old, new) = security_info("freshness.administer = 1");
    assert!(told(&old, &new).contains(&"administrator_acts: denied".to_owned()));
}

#[test]
fn another_order_and_another_way_to_send() {
    let (old, new) = security_info(
        r#"ranking = ["call_mobile", "text", "security_key", "phone_sign_in", "authenticator_push", "authenticator_code", "other_authenticator", "hardware_token", "call_office", "call_alternate", "temporary_pass", "recovery_codes"]"#,
    );
    let told_of = told(&old, &new);
    assert_eq!(
        told_of,
        [
            "default authenticator_push, authenticator_code, other_authenticator, hardware_token, text, security_key, phone_sign_in: changed"
        ]
    );
    let (old, new) = security_info(r#"methods.text.sending = "ask_first""#);
    assert_eq!(told(&old, &new), ["sending text: changed"]);
}

#[test]
fn a_default_that_is_kept() {
    let (old, new) = security_info(r#"default_method.keep = ["text"]"#);
    let changes = diff(&old, &new);
    assert_eq!(told(&old, &new)[0], "remove text: denied");
    let Witness { account, .. } = changes.behaviour()[0].witness();
    assert!(account.chosen_default().is_some());
}

#[test]
fn proofs_that_count_once() {
    let (old, new) = security_info(r#"reset.counts_once = [["text", "email"]]"#);
    assert_eq!(
        told(&old, &new),
        [
            "use text for password_reset: denied",
            "use email for password_reset: denied",
            "start_reset: denied",
            "finish_reset: denied",
        ]
    );
}

#[test]
fn passes_and_remembered_devices() {
    let (old, new) = security_info("methods.temporary_pass.enabled = true");
    assert!(told(&old, &new).contains(&"issue_pass: allowed".to_owned()));
    let longer = patched(&new, "temporary_pass.most_minutes = 500");
    assert_eq!(told(&new, &longer), ["issue_pass: allowed"]);
    let (old, new) = security_info("remembered_devices.enabled = true");
    assert_eq!(told(&old, &new), ["remember_device: allowed"]);
    let (old, new) = security_info("methods.text.restricted = true");
    assert!(told(&old, &new).contains(&"use text for two_step: denied".to_owned()));
}

#[test]
fn what_no_answer_depends_on_is_in_the_fields_only() {
    let (old, new) = security_info("lockout.rolling_failures = 100");
    let changes = diff(&old, &new);
    let field = &changes.fields()[0];
    assert_eq!(
        (field.path(), field.old_value(), field.new_value()),
        ("lockout.rolling_failures", Some("300"), Some("100"))
    );
    assert_eq!((changes.fields().len(), changes.behaviour().len()), (1, 0));
}

#[test]
fn fields_are_told_by_their_path_in_the_file() {
    let (old, new) = (Preset::SecurityInfo.policy(), Preset::Nist.policy());
    let changes = diff(&old, &new);
    let of = |path: &str| {
        changes
            .fields()
            .iter()
            .find(|field| field.path() == path)
            .unwrap()
    };
    assert_eq!(of("name").new_value(), Some("\"nist\""));
    assert_eq!(of("methods.app_password.enabled").new_value(), None);
    assert_eq!(
        of("methods.\"external:certificate\".registration").old_value(),
        None
    );
    assert_eq!(
        of("methods.call_alternate.needs_enabled").old_value(),
        Some("[\"call_mobile\"]")
    );
    assert!(
        changes
            .fields()
            .is_sorted_by_key(|field| field.path().to_owned())
    );
}

/// Two policies and what changes between them.
struct Pair {
    old: Policy,
    new: Policy,
    changes: Diff,
}

/// Pairs that differ in much and in little.
fn pairs() -> &'static [Pair] {
    static PAIRS: OnceLock<Vec<Pair>> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let compared = |(old, new)| Pair {
            changes: diff(&old, &new),
            old,
            new,
        };
        policies().into_iter().map(compared).collect()
    })
}

fn policies() -> Vec<(Policy, Policy)> {
    let preset = Preset::policy;
    let mut pairs = vec![
        (preset(Preset::SecurityInfo), preset(Preset::Nist)),
        (preset(Preset::Nist), preset(Preset::Entra)),
        (preset(Preset::SecurityInfo), preset(Preset::EntraLegacy)),
    ];
    let patches = [
        "requirements = []",
        r#"requirements = [{ purpose = "manage_security_info", strength = "phishing_resistant" }, { purpose = "password_reset" }]"#,
        r#"pools.all = { methods = ["text", "email", "security_key"], max = 2 }
           methods.text.needs = ["email"]"#,
        r#"reset.gates = 1
           reset.one_gate_without = ["text"]
           methods.security_key.include = ["staff"]
           methods.text.sunset = "2027-02-01""#,
    ];
    pairs.extend(patches.map(security_info));
    pairs
}

#[test]
fn every_case_tells_the_policies_apart() {
    for Pair { old, new, changes } in pairs() {
        for difference in changes.behaviour() {
            let witness = difference.witness();
            assert_eq!(
                witness.tells_apart(old, new),
                Some(difference.direction()),
                "{difference:?}"
            );
            match difference.direction() {
                Direction::Changed => {
                    assert_ne!(witness.default_method(old), witness.default_method(new));
                }
                direction => {
                    let allowed =
                        [old, new].map(|policy| witness.decide(policy).unwrap().is_allowed());
                    assert_eq!(
                        allowed,
                        [
                            direction == Direction::Denied,
                            direction == Direction::Allowed
                        ]
                    );
                }
            }
            let read: Witness =
                serde_json::from_str(&serde_json::to_string(witness).unwrap()).unwrap();
            assert_eq!(read, *witness);
        }
    }
}

#[test]
fn no_case_can_do_without_anything_in_it() {
    for Pair { old, new, changes } in pairs() {
        for difference in changes.behaviour() {
            for smaller in with_one_thing_less(difference.witness()) {
                // Where the answer still changes, it is for another reason: a registration that counts otherwise.
                let same = smaller.tells_apart(old, new) == Some(difference.direction());
                assert!(
                    !same,
                    "{}\n{difference:#?}\n{smaller:#?}",
                    difference.question()
                );
            }
        }
    }
}

#[test]
fn there_and_back_is_the_same_the_other_way_round() {
    for Pair {
        old,
        new,
        changes: there,
    } in pairs().iter().skip(2)
    {
        let back = diff(new, old);
        let turned = |direction| match direction {
            Direction::Allowed => Direction::Denied,
            Direction::Denied => Direction::Allowed,
            Direction::Changed => Direction::Changed,
        };
        let uses = |changes: &[Difference], turn: bool| -> BTreeSet<(Question, Direction)> {
            let uses = changes
                .iter()
                .filter(|difference| matches!(difference.question(), Question::Use { .. }));
            let direction = |d: &Difference| {
                if turn {
                    turned(d.direction())
                } else {
                    d.direction()
                }
            };
            uses.map(|difference| (difference.question().clone(), direction(difference)))
                .collect()
        };
        assert_eq!(uses(there.behaviour(), false), uses(back.behaviour(), true));
    }
}

/// The case without one registration, group, proof or fact.
fn with_one_thing_less(witness: &Witness) -> Vec<Witness> {
    let mut smaller = Vec::new();
    let registrations = witness.account.registrations();
    let action = serde_json::to_string(&witness.action).unwrap();
    for registration in registrations {
        // What is asked about has to be there.
        if action.contains(&format!("\"{}\"", registration.id())) {
            continue;
        }
        let others: Vec<Registration> = registrations
            .iter()
            .filter(|other| other.id() != registration.id())
            .cloned()
            .collect();
        let mut account = AccountView::new(others).unwrap();
        if let Some(default) = witness.account.chosen_default() {
            account = account.with_default(default.clone());
        }
        smaller.push(Witness {
            account,
            ..witness.clone()
        });
    }
    for group in witness.subject.groups() {
        let mut subject = Subject::new(witness.subject.id().clone());
        if witness.subject.role() == Role::Administrator {
            subject = subject.administrator();
        }
        let others = witness
            .subject
            .groups()
            .iter()
            .filter(|other| *other != group);
        smaller.push(Witness {
            subject: others.cloned().fold(subject, Subject::in_group),
            ..witness.clone()
        });
    }
    let context = serde_json::to_value(&witness.context).unwrap();
    let with = |change: &dyn Fn(&mut Map<String, Value>)| {
        let mut context = context.clone();
        change(context.as_object_mut().unwrap());
        let context: Context = serde_json::from_value(context).unwrap();
        Witness {
            context,
            ..witness.clone()
        }
    };
    for fact in context.as_object().unwrap().keys() {
        match context.get(fact) {
            Some(Value::Array(proofs)) => {
                let less = |place| {
                    move |context: &mut Map<String, Value>| {
                        context
                            .get_mut(fact)
                            .and_then(Value::as_array_mut)
                            .unwrap()
                            .remove(place);
                    }
                };
                smaller.extend((0..proofs.len()).map(|place| with(&less(place))));
            }
            _ if fact == "now" => {}
            _ => smaller.push(with(&|context| {
                context.remove(fact);
            })),
        }
    }
    smaller
}

/// The differences as short texts.
fn told(old: &Policy, new: &Policy) -> Vec<String> {
    let direction = |difference: &Difference| serde_json::to_value(difference.direction()).unwrap();
    let text = |difference: &Difference| {
        format!(
            "{}: {}",
            difference.question(),
            direction(difference).as_str().unwrap()
        )
    };
    diff(old, new).behaviour().iter().map(text).collect()
}

fn size(difference: &Difference) -> usize {
    difference.witness().account.registrations().len()
}

fn security_info(patch: &str) -> (Policy, Policy) {
    let old = Preset::SecurityInfo.policy();
    let new = patched(&old, patch);
    (old, new)
}
