//! The simulation against a plain model that asks one question after the other, and its independence of threads and order.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may stop"
)]

use std::collections::BTreeMap;

use mfa_policy::{
    AccountView, Action, Context, DeviceId, Group, Method, Person, PersonId, Policy, PolicyDraft,
    Preset, Proven, Purpose, Registration, RegistrationId, Required, RequirementDraft, Simulation,
    State, Strength, Subject, Summary, Timestamp,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn now() -> Timestamp {
    "2026-11-22T09:00:00Z".parse().unwrap()
}

fn without(method: &Method) -> Policy {
    let mut draft = Preset::SecurityInfo.draft();
    draft.methods.get_mut(method).unwrap().enabled = Some(false);
    draft.validate().unwrap()
}

fn person(id: &str, methods: &[Method]) -> Person {
    let registrations = methods.iter().enumerate().map(|(index, method)| {
        Registration::new(
            RegistrationId::new(&format!("r{index}")).unwrap(),
            method.clone(),
        )
    });
    Person {
        subject: Subject::new(PersonId::new(id).unwrap()),
        account: AccountView::new(registrations).unwrap(),
    }
}

fn summary(before: &Policy, after: &Policy, people: &[Person]) -> Summary {
    let mut simulation = Simulation::new(before, after, now());
    for (index, person) in (0..).zip(people) {
        simulation.add(index, person);
    }
    simulation.into_summary()
}

fn ids(people: &mfa_policy::People) -> Vec<String> {
    people.first().map(|(_, id)| id.to_string()).collect()
}

#[test]
fn who_has_nothing_else_to_prove_with_is_stranded_when_text_messages_go() {
    let people = [
        person("text", &[Method::Text]),
        person("text and paper", &[Method::Text, Method::Email]),
        person("app", &[Method::AuthenticatorPush]),
        person("both", &[Method::Text, Method::AuthenticatorCode]),
        person("nothing", &[]),
    ];
    let summary = summary(&Policy::default(), &without(&Method::Text), &people);
    let two_step = &summary.purposes()[0];
    assert_eq!(
        (two_step.purpose(), two_step.required()),
        (Purpose::TwoStep, 5)
    );
    assert_eq!((two_step.before(), two_step.after()), (4, 2));
    assert_eq!(ids(two_step.lost()), ["text", "text and paper"]);
    assert_eq!(ids(summary.stranded()), ["text", "text and paper"]);
    assert_eq!(summary.stranded_without_proof(), 2);
    assert_eq!(summary.stranded_unless_in_time(), 2);
    assert_eq!(summary.must_register().count(), 0);
    assert_eq!(summary.lacking_all_along(), 1);
    let text = summary
        .methods()
        .iter()
        .find(|change| *change.method() == Method::Text)
        .unwrap();
    assert_eq!(
        (text.registered(), text.usable_before(), text.usable_after()),
        (3, 3, 0)
    );
    let defaults: Vec<_> = summary
        .defaults()
        .iter()
        .map(|change| {
            (
                change.from().cloned(),
                change.to().cloned(),
                change.people(),
            )
        })
        .collect();
    assert_eq!(
        defaults,
        [
            (None, None, 1),
            (
                Some(Method::AuthenticatorPush),
                Some(Method::AuthenticatorPush),
                1
            ),
            (
                Some(Method::AuthenticatorCode),
                Some(Method::AuthenticatorCode),
                1
            ),
            (Some(Method::Text), None, 2),
        ]
    );
}

#[test]
fn who_can_prove_with_a_recovery_code_registers_alone() {
    let id = RegistrationId::new("codes").unwrap();
    let codes = |left| Registration::new(id.clone(), Method::RecoveryCodes).with_codes_left(left);
    let text = Registration::new(RegistrationId::new("text").unwrap(), Method::Text);
    let people: Vec<Person> = [3, 0]
        .map(|left| Person {
            subject: Subject::new(PersonId::new(&format!("{left} left")).unwrap()),
            account: AccountView::new([text.clone(), codes(left)]).unwrap(),
        })
        .into();
    let summary = summary(&Policy::default(), &without(&Method::Text), &people);
    assert_eq!(ids(summary.must_register()), ["3 left"]);
    assert_eq!(ids(summary.stranded()), ["0 left"]);
    let [proposal] = summary.proposals() else {
        panic!("{:?}", summary.proposals())
    };
    // Any active method opens the way to a key, whether it still counts or not.
    assert_eq!(
        (proposal.methods(), proposal.people()),
        ([Method::SecurityKey].as_slice(), 1)
    );
}

#[test]
fn what_is_newly_required_must_be_registered_without_being_lost() {
    let mut draft = Preset::SecurityInfo.draft();
    draft.requirements.clear();
    let before = draft.validate().unwrap();
    let people = [
        person("nothing", &[]),
        person("app", &[Method::AuthenticatorCode]),
    ];
    let summary = summary(&before, &Policy::default(), &people);
    let two_step = &summary.purposes()[0];
    assert_eq!((two_step.lost().count(), two_step.newly_required()), (0, 1));
    assert_eq!(ids(two_step.must_register()), ["nothing"]);
    assert_eq!(summary.stranded().count(), 0);
}

#[test]
fn a_lock_that_will_end_says_nothing_about_a_policy() {
    let tomorrow = now().plus_days(1);
    let open = person("p", &[Method::Text, Method::Email]);
    let mut json = serde_json::to_value(&open).unwrap();
    json["account"]["registrations"][0]["locked_until"] = serde_json::to_value(tomorrow).unwrap();
    json["account"]["reset_locked_until"] = serde_json::to_value(tomorrow).unwrap();
    let locked: Person = serde_json::from_value(json).unwrap();
    assert_ne!(locked, open);
    let (before, after) = (Policy::default(), without(&Method::Text));
    assert_eq!(
        summary(&before, &after, &[locked]),
        summary(&before, &after, &[open])
    );
}

#[test]
fn samples_are_the_first_of_the_input_and_bounded_whoever_comes_first() {
    let (before, after) = (Policy::default(), without(&Method::Text));
    let mut forwards = Simulation::new(&before, &after, now()).with_samples(3);
    let mut backwards = forwards.clone();
    for index in 0..1_000 {
        let text = |index: u64| person(&format!("p{index}"), &[Method::Text]);
        forwards.add(index, &text(index));
        backwards.add(999 - index, &text(999 - index));
    }
    let summary = forwards.into_summary();
    assert_eq!(summary.stranded().count(), 1_000);
    assert_eq!(ids(summary.stranded()), ["p0", "p1", "p2"]);
    assert_eq!(backwards.into_summary(), summary);
    let mut none = Simulation::new(&before, &after, now()).with_samples(0);
    none.add(0, &person("p", &[Method::Text]));
    assert_eq!(ids(none.into_summary().stranded()), Vec::<String>::new());
}

#[test]
fn bad_lines_are_counted_and_the_rest_goes_on() {
    let (before, after) = (Policy::default(), without(&Method::Text));
    for threads in [0, 1, 2, 5, 64] {
        let simulation = Simulation::new(&before, &after, now()).with_samples(4);
        let result = simulation.run(threads, 0..10_000_u64, |index, item| {
            assert_eq!(index, item);
            if index % 100 == 7 {
                Err(format!("line {item}"))
            } else {
                Ok(person(&format!("p{item}"), &[Method::Text]))
            }
        });
        assert_eq!(result.rejected.count(), 100);
        let expected = [7, 107, 207, 307].map(|index| (index, format!("line {index}")));
        assert_eq!(result.rejected.first(), expected);
        assert_eq!(result.summary.people(), 9_900);
        assert_eq!(ids(result.summary.stranded()), ["p0", "p1", "p2", "p3"]);
    }
}

#[test]
fn external_methods_of_either_policy_are_counted_and_others_are_not() {
    let mut draft = Preset::SecurityInfo.draft();
    let external = |name: &str| format!("external:{name}").parse::<Method>().unwrap();
    let rule = draft.methods[&Method::Text].clone();
    draft.methods.insert(
        external("badge"),
        mfa_policy::MethodDraft {
            default: None,
            ..rule
        },
    );
    let after = draft.validate().unwrap();
    let people = [person("p", &[external("badge"), external("unheard of")])];
    let summary = summary(&Policy::default(), &after, &people);
    let last = summary.methods().last().unwrap();
    assert_eq!(summary.methods().len(), 16);
    assert_eq!((last.method(), last.registered()), (&external("badge"), 1));
    assert_eq!((last.usable_before(), last.usable_after()), (0, 1));
    assert_eq!(ids(summary.purposes()[0].gained()), ["p"]);
}

/// What the simulation should count, asked with the questions that everybody can ask.
fn check_against_model(before: &Policy, after: &Policy, people: &[Person]) {
    let summary = summary(before, after, people);
    let reaches = |policy: &Policy, person: &Person, purpose| {
        let required = Required {
            purpose,
            strength: None,
        };
        policy.reaches(&person.subject, &person.account, required, now())
    };
    for change in summary.purposes() {
        let purpose = change.purpose();
        let count =
            |wanted: &dyn Fn(&Person) -> bool| people.iter().filter(|p| wanted(p)).count() as u64;
        assert_eq!(change.before(), count(&|p| reaches(before, p, purpose)));
        assert_eq!(change.after(), count(&|p| reaches(after, p, purpose)));
        let lost = |p: &Person| reaches(before, p, purpose) && !reaches(after, p, purpose);
        assert_eq!(change.lost().count(), count(&lost));
        let gained = |p: &Person| !reaches(before, p, purpose) && reaches(after, p, purpose);
        assert_eq!(change.gained().count(), count(&gained));
        let requires = |policy: &Policy, p: &Person| {
            policy
                .required(&p.subject)
                .iter()
                .any(|required| required.purpose == purpose)
        };
        assert_eq!(change.required(), count(&|p| requires(after, p)));
        let newly = |p: &Person| {
            requires(after, p)
                && !requires(before, p)
                && !reaches(after, p, purpose)
                && !reaches(before, p, purpose)
        };
        assert_eq!(change.newly_required(), count(&newly));
        let affected = |p: &Person| requires(after, p) && lost(p) || newly(p);
        assert_eq!(
            change.must_register().count() + change.stranded().count(),
            count(&affected)
        );
    }

    let anywhere = Context::anywhere(now());
    let default = |policy: &Policy, person: &Person| {
        let default = policy.default_method(&person.subject, &person.account, &anywhere)?;
        Some(
            person
                .account
                .registration(default.registration())
                .unwrap()
                .method()
                .clone(),
        )
    };
    let mut defaults: BTreeMap<_, u64> = BTreeMap::new();
    for person in people {
        *defaults
            .entry((default(before, person), default(after, person)))
            .or_default() += 1;
    }
    let counted = summary.defaults().iter().map(|change| {
        (
            (change.from().cloned(), change.to().cloned()),
            change.people(),
        )
    });
    assert_eq!(
        counted.collect::<Vec<_>>(),
        defaults.into_iter().collect::<Vec<_>>()
    );

    for change in summary.methods() {
        let usable = |policy: &Policy, person: &Person| {
            let mut registrations = person.account.registrations().iter();
            registrations.any(|registration| {
                registration.method() == change.method()
                    && Purpose::ALL.into_iter().any(|purpose| {
                        let registration = registration.id().clone();
                        let context = anywhere
                            .clone()
                            .with_number_at_risk(false)
                            .with_reset_started(now());
                        let action = Action::Use {
                            registration,
                            purpose,
                        };
                        policy.allows(&person.subject, &person.account, &action, &context)
                    })
            })
        };
        let count = |policy| {
            people
                .iter()
                .filter(|person| usable(policy, person))
                .count() as u64
        };
        assert_eq!(change.usable_before(), count(before), "{}", change.method());
        assert_eq!(change.usable_after(), count(after), "{}", change.method());
    }

    let mut proposed: BTreeMap<Vec<Method>, u64> = BTreeMap::new();
    let mut stranded = Vec::new();
    let mut in_time = 0;
    for person in people {
        let missing = missing(after, person);
        let affected = missing
            .iter()
            .any(|&purpose| is_affected(before, person, purpose));
        if !affected {
            continue;
        }
        match can_register(after, person) {
            Some(methods) => *proposed.entry(methods).or_default() += 1,
            None => {
                stranded.push(person.subject.id().to_string());
                in_time += u64::from(could_register_before(before, after, person));
            }
        }
    }
    let counted = summary
        .proposals()
        .iter()
        .map(|proposal| (proposal.methods().to_vec(), proposal.people()));
    assert_eq!(
        counted.collect::<Vec<_>>(),
        proposed.into_iter().collect::<Vec<_>>()
    );
    assert_eq!(ids(summary.stranded()), stranded);
    assert_eq!(summary.stranded().count(), stranded.len() as u64);
    assert_eq!(summary.stranded_unless_in_time(), in_time);
}

fn missing(policy: &Policy, person: &Person) -> Vec<Purpose> {
    let required = policy.required(&person.subject).into_iter();
    required
        .filter(|&required| !policy.reaches(&person.subject, &person.account, required, now()))
        .map(|required| required.purpose)
        .collect()
}

/// Whether what is missing is so because of the change.
fn is_affected(before: &Policy, person: &Person, purpose: Purpose) -> bool {
    let any = Required {
        purpose,
        strength: None,
    };
    before.reaches(&person.subject, &person.account, any, now())
        || !before
            .required(&person.subject)
            .iter()
            .any(|required| required.purpose == purpose)
}

/// The first proposal of the overview, if the person can begin with it after proving whatever there is to prove with.
fn can_register(policy: &Policy, person: &Person) -> Option<Vec<Method>> {
    let proposal = proposal(policy, person)?;
    let action = Action::Add {
        method: proposal[0].clone(),
        device: None,
    };
    let session = session(policy, person);
    policy
        .allows(&person.subject, &person.account, &action, &session)
        .then_some(proposal)
}

/// Whether what the new policy proposes can all be registered under the old one.
fn could_register_before(before: &Policy, after: &Policy, person: &Person) -> bool {
    let Some(methods) = proposal(after, person) else {
        return false;
    };
    let subject = &person.subject;
    let mut account = person.account.clone();
    let session = session(before, person);
    methods.into_iter().all(|method| {
        let add = Action::Add {
            method,
            device: None,
        };
        let allowed = before.allows(subject, &account, &add, &session);
        account = before.outcome(subject, &account, &add, &session);
        let pending = account
            .registrations()
            .iter()
            .find(|new| new.state() == State::Pending);
        if let Some(registration) = pending.map(|new| new.id().clone()) {
            let confirm = Action::Confirm { registration };
            account = before.outcome(subject, &account, &confirm, &session);
        }
        allowed
    })
}

fn proposal(policy: &Policy, person: &Person) -> Option<Vec<Method>> {
    let overview = policy.overview(&person.subject, &person.account, &session(policy, person));
    let proposal = overview
        .proposals()
        .iter()
        .find(|proposal| proposal.is_required())?;
    Some(proposal.methods().to_vec())
}

/// Signed in with the password, and with everything proven that can be used.
fn session(policy: &Policy, person: &Person) -> Context {
    let (subject, account) = (&person.subject, &person.account);
    let mut session = Context::anywhere(now())
        .with_number_at_risk(false)
        .with_registered_elsewhere(false)
        .proven(Proven::Password, now());
    for registration in account.registrations() {
        let usable = Purpose::ALL.into_iter().any(|purpose| {
            let registration = registration.id().clone();
            let action = Action::Use {
                registration,
                purpose,
            };
            policy.allows(subject, account, &action, &session)
        });
        if usable {
            session = session.proven(Proven::Registration(registration.id().clone()), now());
        }
    }
    session
}

fn group() -> impl Strategy<Value = Group> {
    select(vec!["staff", "field", "guests"]).prop_map(|name| Group::new(name).unwrap())
}

fn method() -> impl Strategy<Value = Method> {
    select(Method::BUILT_IN.to_vec())
}

fn any_person() -> impl Strategy<Value = Person> {
    let state = prop_oneof![
        6 => Just(State::Active),
        1 => Just(State::Pending),
        1 => Just(State::Disabled),
    ];
    let registration = (method(), state, 0..5_u8, 0..3_u32);
    (
        vec(registration, 0..7),
        vec(group(), 0..2),
        any::<bool>(),
        0..9_usize,
    )
        .prop_map(|(registrations, groups, administrator, default)| {
            let id = |index: usize| RegistrationId::new(&format!("r{index}")).unwrap();
            let registrations = registrations.into_iter().enumerate().map(|(index, parts)| {
                let (method, state, device, codes) = parts;
                let registration = Registration::new(id(index), method)
                    .in_state(state)
                    .with_codes_left(codes);
                match device {
                    0..=2 => registration.on(DeviceId::new(&format!("d{device}")).unwrap()),
                    _ => registration,
                }
            });
            let mut account = AccountView::new(registrations).unwrap();
            if default < 7 {
                account = account.with_default(id(default));
            }
            let mut subject = Subject::new(PersonId::new("p").unwrap());
            subject = groups.into_iter().fold(subject, Subject::in_group);
            if administrator {
                subject = subject.administrator();
            }
            Person { subject, account }
        })
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let requirement = (
        select(vec![
            Purpose::TwoStep,
            Purpose::PasswordReset,
            Purpose::ManageSecurityInfo,
        ]),
        select(vec![
            None,
            Some(Strength::TwoStep),
            Some(Strength::PhishingResistant),
        ]),
        proptest::option::of(group()),
    );
    let preset = select(Preset::ALL.to_vec());
    let off = vec((method(), proptest::option::of(group())), 0..4);
    (preset, off, vec(requirement, 0..3), 1..3_i64).prop_filter_map("no valid policy", |parts| {
        let (preset, off, requirements, gates) = parts;
        let mut draft: PolicyDraft = preset.draft();
        for (method, group) in off {
            let Some(rule) = draft.methods.get_mut(&method) else {
                continue;
            };
            match group {
                None => rule.enabled = Some(false),
                Some(group) => rule.exclude.get_or_insert_default().extend([group]),
            }
        }
        draft
            .requirements
            .extend(
                requirements
                    .into_iter()
                    .map(|(purpose, strength, group)| RequirementDraft {
                        purpose,
                        strength: strength.filter(|_| purpose != Purpose::PasswordReset),
                        role: None,
                        include: group.map(|group| [group].into()),
                        exclude: None,
                    }),
            );
        draft.reset.gates = Some(gates);
        draft.validate().ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn counts_what_one_question_after_the_other_finds(
        before in any_policy(), after in any_policy(), people in vec(any_person(), 0..15),
    ) {
        // Of a person who lacks one thing all along and another one through the change, the overview proposes for both.
        let plain = |person: &Person| {
            let affected = missing(&after, person).into_iter().map(|purpose| is_affected(&before, person, purpose));
            let affected: Vec<bool> = affected.collect();
            affected.iter().all(|&affected| affected) || affected.iter().all(|&affected| !affected)
        };
        let people: Vec<Person> = people.into_iter().filter(plain).collect();
        check_against_model(&before, &after, &people);
    }

    #[test]
    fn threads_and_merging_change_nothing(
        before in any_policy(), after in any_policy(), people in vec(any_person(), 0..40), split in 0..40_usize,
    ) {
        let people: Vec<Person> = people.iter().cycle().take(people.len() * 10).cloned().collect();
        let alone = summary(&before, &after, &people);
        for threads in 1..=8 {
            let simulation = Simulation::new(&before, &after, now());
            let result = simulation.run(threads, &people, |_, person| Ok::<_, ()>(person.clone()));
            prop_assert_eq!(&result.summary, &alone);
        }
        let mut first = Simulation::new(&before, &after, now());
        let mut second = first.clone();
        for (index, person) in (0..).zip(&people) {
            let part = if index % 40 < split { &mut first } else { &mut second };
            part.add(index as u64, person);
        }
        second.merge(first);
        prop_assert_eq!(second.into_summary(), alone);
    }
}
