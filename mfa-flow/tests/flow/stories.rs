//! The flow beside a reference that is written to be read: random stories have to go the same way in both.

use std::collections::BTreeMap;

use mfa_flow::Class;
use mfa_policy::{Preset, Purpose, State};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::model::steps::{ASKED, Act, CALL, Does, FACTORS, PURPOSES, PUSH, Step, TIMES, Typed};
use crate::model::world::{START, World, policies};

/// Mostly the newest.
fn newest() -> impl Strategy<Value = usize> {
    prop_oneof![8 => Just(0_usize), 2 => 0..4_usize]
}

/// Mostly within the life of a code.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![3 => select(TIMES.to_vec()), 4 => select(vec![30_i64, 121, 301])]
}

fn typed() -> impl Strategy<Value = Typed> {
    prop_oneof![
        6 => Just(Typed::Right { offset: 0 }),
        2 => (-3..=3_i64).prop_map(|offset| Typed::Right { offset }),
        1 => Just(Typed::Spaced),
        2 => newest().prop_map(|back| Typed::Again { back }),
        2 => newest().prop_map(|back| Typed::Sent { back }),
        1 => (0..FACTORS).prop_map(|factor| Typed::OfAnother { factor }),
        5 => Just(Typed::Wrong),
        1 => Just(Typed::Nothing),
        1 => Just(Typed::Approved),
        1 => (any::<bool>(), any::<bool>(), -1..=2_i64).prop_map(|(same_credential, verified, ahead)| {
            Typed::Key { same_credential, verified, ahead }
        }),
    ]
}

/// Wrong passwords mostly, more of them than are remembered.
fn password() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Type { password: 0 }),
        5 => (1..6_usize).prop_map(|password| Step::Type { password }),
        3 => newest().prop_map(|tried| Step::Look { tried }),
    ]
}

/// What concerns passwords, and nothing else.
fn passwords() -> impl Strategy<Value = Vec<Step>> {
    let others = select(vec![
        Step::Begin,
        Step::PasswordChanged { session: 0 },
        Step::Operator(Act::Suspend),
        Step::Operator(Act::Resume),
        Step::Operator(Act::Resume),
        Step::Operator(Act::RepairClock),
        Step::Operator(Act::Burn),
    ]);
    let step = prop_oneof![12 => password(), 5 => time().prop_map(Step::Time), 1 => others];
    proptest::collection::vec(step, 1..80)
}

fn step() -> impl Strategy<Value = Step> {
    let does = select(vec![
        Does::ApprovesRightly,
        Does::ApprovesRightly,
        Does::ApprovesWrongly,
        Does::PressesHash,
        Does::Denies,
        Does::Reports,
        Does::IsAnother,
        Does::IsAltered,
        Does::SaysAgain,
        Does::SaysAgain,
    ]);
    let place = prop_oneof![3 => 0..2_usize, 3 => 0..FACTORS + 3];
    let act = select(vec![
        Act::Suspend,
        Act::Resume,
        Act::Resume,
        Act::RepairClock,
        Act::Burn,
    ]);
    let managing = prop_oneof![
        2 => (newest(), place.clone()).prop_map(|(session, factor)| Step::Remove { session, factor }),
        2 => (newest(), place).prop_map(|(session, factor)| Step::SetDefault { session, factor }),
        3 => newest().prop_map(|session| Step::Enrol { session }),
        5 => (newest(), -1..=1_i64, any::<bool>())
            .prop_map(|(session, offset, wrong)| Step::Confirm { session, offset, wrong }),
        2 => newest().prop_map(|session| Step::MakePaper { session }),
        1 => newest().prop_map(|session| Step::PasswordChanged { session }),
        2 => act.prop_map(Step::Operator),
    ];
    prop_oneof![
        6 => managing,
        4 => time().prop_map(Step::Time),
        1 => Just(Step::Password),
        4 => Just(Step::Begin),
        2 => password(),
        1 => newest().prop_map(|session| Step::SignOut { session }),
        4 => (newest(), select(PURPOSES.to_vec()))
            .prop_map(|(session, purpose)| Step::Challenge { session, purpose }),
        4 => (newest(), newest(), 0..FACTORS)
            .prop_map(|(session, challenge, factor)| Step::Ask { session, challenge, factor }),
        10 => (newest(), newest(), prop_oneof![3 => 0..2_usize, 3 => Just(ASKED), 2 => 0..FACTORS], typed())
            .prop_map(|(session, challenge, factor, typed)| Step::Answer { session, challenge, factor, typed }),
        3 => (newest(), does).prop_map(|(sent, does)| Step::Phone { sent, does }),
    ]
}

/// A notification, and what comes of it that single steps rarely come to.
fn on_a_device() -> impl Strategy<Value = Vec<Step>> {
    let asked = || {
        let ask = Step::Ask {
            session: 0,
            challenge: 0,
            factor: PUSH,
        };
        vec![Step::Begin, ask]
    };
    let phone = |sent, does| vec![Step::Phone { sent, does }];
    let wrong = move || [asked(), phone(0, Does::ApprovesWrongly)].concat();
    let day = || vec![Step::Time(86_400)];
    // Five wrong numbers, and the next day one more beside a request that waits.
    let locked = [
        day(),
        vec![wrong(); 5].concat(),
        day(),
        asked(),
        wrong(),
        phone(1, Does::ApprovesRightly),
        phone(1, Does::IsAnother),
        phone(1, Does::Denies),
    ];
    let removed = [
        day(),
        asked(),
        vec![
            Step::Answer {
                session: 0,
                challenge: 0,
                factor: 0,
                typed: Typed::Right { offset: 0 },
            },
            Step::Remove {
                session: 0,
                factor: PUSH,
            },
        ],
        phone(0, Does::ApprovesRightly),
        phone(0, Does::Reports),
    ];
    prop_oneof![
        2 => Just(locked.concat()),
        1 => Just(removed.concat()),
        3 => Just([wrong(), phone(0, Does::SaysAgain)].concat()),
        3 => Just([asked(), vec![Step::Time(301)], phone(0, Does::ApprovesRightly)].concat()),
    ]
}

/// A step, or what people usually do in a row.
fn scene() -> impl Strategy<Value = Vec<Step>> {
    let asked = |typed| Step::Answer {
        session: 0,
        challenge: 0,
        factor: ASKED,
        typed,
    };
    let usual = (0..FACTORS, time(), typed(), any::<bool>());
    let usual = usual.prop_map(move |(factor, later, typed, phone)| {
        let ask = Step::Ask {
            session: 0,
            challenge: 0,
            factor,
        };
        let does = if factor == CALL {
            Does::PressesHash
        } else {
            Does::ApprovesRightly
        };
        let mut steps = vec![Step::Begin, ask, Step::Time(later), asked(typed)];
        if phone {
            steps.insert(2, Step::Phone { sent: 0, does });
            steps.push(Step::Phone {
                sent: 0,
                does: Does::SaysAgain,
            });
        }
        steps
    });
    // Signed in, and an authenticator more.
    let enrols = (any::<bool>(), time()).prop_map(move |(wrong, later)| {
        vec![
            Step::Time(30),
            Step::Begin,
            Step::Answer {
                session: 0,
                challenge: 0,
                factor: 0,
                typed: Typed::Right { offset: 0 },
            },
            Step::Enrol { session: 0 },
            Step::Time(later),
            Step::Confirm {
                session: 0,
                offset: 0,
                wrong,
            },
        ]
    });
    prop_oneof![24 => step().prop_map(|step| vec![step]), 4 => usual, 2 => enrols, 1 => on_a_device()]
}

fn story() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(scene(), 1..60).prop_map(|scenes| scenes.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_story_goes_the_same_way_in_the_flow_and_in_the_reference(
        policy in 0..3_usize,
        seed: u64,
        steps in story(),
    ) {
        let mut world = World::new(&policies()[policy], seed);
        for step in &steps {
            world.tell(step);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn passwords_are_counted_in_the_flow_as_in_the_reference(
        policy in 0..3_usize,
        steps in passwords(),
    ) {
        let mut world = World::new(&policies()[policy], 1);
        for step in &steps {
            world.tell(step);
        }
    }
}

#[test]
fn random_passwords_come_to_every_end() {
    let mut runner = TestRunner::deterministic();
    let mut done = BTreeMap::<&str, u32>::new();
    for policy in policies().iter().cycle().take(60) {
        let mut world = World::new(policy, 1);
        for step in &passwords().new_tree(&mut runner).unwrap().current() {
            world.tell(step);
        }
        for (what, times) in world.done {
            *done.entry(what).or_default() += times;
        }
    }
    for what in ["open", "locks", "closed", "right"] {
        assert!(done.get(what) >= Some(&20), "{what}: {done:?}");
    }
}

/// How every answer can end for somebody who exists and is not suspended.
const CLASSES: [Class; 11] = [
    Class::Accepted,
    Class::Wrong,
    Class::Replayed,
    Class::Locked,
    Class::NoChallenge,
    Class::NoSession,
    Class::NoFactor,
    Class::NotAllowed,
    Class::Expired,
    Class::ClockBehind,
    Class::Waiting,
];

/// How every answer of a device can end.
const SIGNED: [Option<Class>; 9] = [
    Some(Class::Accepted),
    Some(Class::Wrong),
    Some(Class::Replayed),
    Some(Class::Locked),
    Some(Class::NoChallenge),
    Some(Class::NoFactor),
    Some(Class::Expired),
    Some(Class::NotSigned),
    None,
];

#[test]
fn random_stories_come_to_every_end_of_an_answer() {
    let mut runner = TestRunner::deterministic();
    let mut classes = BTreeMap::<Class, u32>::new();
    let mut signed = BTreeMap::<Option<Class>, u32>::new();
    let mut done = BTreeMap::<&str, u32>::new();
    for seed in 0..120 {
        let steps = story().new_tree(&mut runner).unwrap().current();
        let mut world = World::new(&policies()[usize::try_from(seed % 3).unwrap()], seed);
        for step in &steps {
            world.tell(step);
        }
        for (what, times) in world.done {
            *done.entry(what).or_default() += times;
        }
        for (class, times) in world.signed {
            *signed.entry(class).or_default() += times;
        }
        for (class, times) in world.classes {
            *classes.entry(class).or_default() += times;
        }
    }
    for what in ["remove", "set default", "enrol", "confirm", "paper"] {
        assert!(done.get(what) >= Some(&3), "{what}: {done:?}");
    }
    for class in SIGNED {
        let times = signed.get(&class).copied().unwrap_or_default();
        assert!(times >= 3, "{class:?} {times} times: {signed:?}");
    }
    for class in CLASSES {
        let times = classes.get(&class).copied().unwrap_or_default();
        assert!(times >= 3, "{class:?} {times} times: {classes:?}");
    }
}

/// The other authenticator of the stories.
const AUTHENTICATOR: usize = 0;
const DAY: i64 = 86_400;

/// One answer for a new challenge in the newest session.
fn answer(world: &mut World, typed: Typed) {
    world.tell(&Step::Challenge {
        session: 0,
        purpose: Purpose::TwoStep,
    });
    world.tell(&Step::Answer {
        session: 0,
        challenge: 0,
        factor: AUTHENTICATOR,
        typed,
    });
}

/// Somebody who knows the password guesses whenever the lock allows it, once a second. Returns when each guess was looked at.
fn guesses(days: i64, owner_signs_in: bool) -> (World, Vec<i64>) {
    let mut world = World::new(&Preset::SecurityInfo.policy(), 1);
    let (mut guesses, mut owner) = (Vec::new(), START + DAY);
    world.tell(&Step::Password);
    while world.now() < START + days * DAY && world.state(AUTHENTICATOR) == State::Active {
        let opens = world.opens(AUTHENTICATOR);
        if owner_signs_in && owner <= opens.max(world.now()) {
            // The owner comes first, as soon as it is open.
            world.tell(&Step::Time(opens.max(owner) - world.now()));
            world.tell(&Step::Password);
            answer(&mut world, Typed::Right { offset: 0 });
            assert_eq!(world.opens(AUTHENTICATOR), world.now());
            owner += DAY;
            world.tell(&Step::Password);
        }
        let opens = world.opens(AUTHENTICATOR);
        world.tell(&Step::Time(opens - world.now()));
        answer(&mut world, Typed::Wrong);
        guesses.push(world.now());
        world.tell(&Step::Time(1));
    }
    let wrong = world
        .classes
        .get(&Class::Wrong)
        .copied()
        .unwrap_or_default();
    assert_eq!(
        usize::try_from(wrong),
        Ok(guesses.len()),
        "each was looked at"
    );
    (world, guesses)
}

/// How likely one of so many guesses is right, where three of a million codes are.
fn likely(guesses: usize) -> f64 {
    let wrong = 1.0 - 3e-6_f64;
    1.0 - wrong.powi(i32::try_from(guesses).unwrap())
}

/// SP 800-63B-4 §3.2.2: no more than a hundred in a row.
#[test]
fn a_hundred_guesses_disable_the_factor_and_are_right_with_three_in_ten_thousand() {
    let (world, guesses) = guesses(30, false);
    assert_eq!(world.state(AUTHENTICATOR), State::Disabled);
    assert_eq!(guesses.len(), 100);
    assert!(likely(guesses.len()) <= 0.000_3);
}

#[test]
fn guessing_beside_an_owner_who_signs_in_daily_is_right_with_less_than_one_in_a_thousand_in_thirty_days()
 {
    let (world, guesses) = guesses(100, true);
    assert_eq!(world.state(AUTHENTICATOR), State::Active);
    let within_thirty_days = |first: &i64| {
        let last = first + 30 * DAY;
        guesses
            .iter()
            .filter(|at| (*first..last).contains(*at))
            .count()
    };
    let most = guesses.iter().map(within_thirty_days).max().unwrap();
    println!(
        "{} guesses in 100 days, at most {most} in any 30: {:.5} %",
        guesses.len(),
        100.0 * likely(most),
    );
    assert!((295..=300).contains(&most), "{most}");
    assert!(likely(most) < 0.001);
}
