//! A story for `mfa-flow` and for the reference of its tests, put together from choices: four bytes make a step.

use mfa_policy::Policy;

use crate::model::steps::{ASKED, Act, Does, PURPOSES, Step, TIMES, Typed};
use crate::model::world::{World, policies};

/// More steps come upon nothing new, and every one costs time.
const MOST_STEPS: usize = 120;

/// Tells the story that these choices make. It panics where the flow does not do what the reference says, or what must always
/// hold does not.
pub fn tell(data: &[u8]) {
    let [policy, seed, steps @ ..] = data else {
        return;
    };
    let policies: [Policy; 3] = policies();
    let policy = &policies[usize::from(*policy) % policies.len()];
    let mut world = World::new(policy, u64::from(*seed));
    let (steps, _) = steps.as_chunks::<4>();
    for step in steps.iter().take(MOST_STEPS) {
        world.tell(&read(*step));
    }
}

fn read([kind, first, second, third]: [u8; 4]) -> Step {
    let session = usize::from(first & 3);
    let factor = match first >> 2 & 15 {
        15 => ASKED,
        factor => usize::from(factor),
    };
    let challenge = usize::from(first >> 6);
    match kind % 24 {
        0 => Step::Password,
        1 => Step::SignOut { session },
        2..=4 => Step::Begin,
        5 => Step::Challenge {
            session,
            purpose: one_of(&PURPOSES, second),
        },
        6 | 7 => Step::Ask {
            session,
            challenge,
            factor,
        },
        8..=12 => Step::Answer {
            session,
            challenge,
            factor,
            typed: typed(second, third),
        },
        13 => Step::Phone {
            sent: session,
            does: one_of(&DOES, second),
        },
        14 => Step::Remove { session, factor },
        15 => Step::SetDefault { session, factor },
        16 => Step::Enrol { session },
        17 | 18 => Step::Confirm {
            session,
            offset: i64::from(second % 5) - 2,
            wrong: third & 1 == 1,
        },
        19 => Step::MakePaper { session },
        20 => Step::PasswordChanged { session },
        21 => Step::Operator(one_of(&ACTS, second)),
        22 => Step::Time(one_of(&TIMES, second)),
        _ if third & 1 == 1 => Step::Look {
            tried: usize::from(second),
        },
        _ => Step::Type {
            password: usize::from(second % 6),
        },
    }
}

fn typed(kind: u8, more: u8) -> Typed {
    match kind % 10 {
        0 | 1 => Typed::Right { offset: 0 },
        2 => Typed::Right {
            offset: i64::from(more % 9) - 4,
        },
        3 => Typed::Spaced,
        4 => Typed::Again {
            back: usize::from(more),
        },
        5 => Typed::Sent {
            back: usize::from(more),
        },
        6 => Typed::OfAnother {
            factor: usize::from(more),
        },
        7 => Typed::Wrong,
        8 => Typed::Approved,
        _ => Typed::Key {
            same_credential: more & 1 == 1,
            verified: more & 2 == 2,
            ahead: i64::from(more >> 2 & 3) - 1,
        },
    }
}

const DOES: [Does; 8] = [
    Does::ApprovesRightly,
    Does::ApprovesWrongly,
    Does::PressesHash,
    Does::Denies,
    Does::Reports,
    Does::IsAnother,
    Does::IsAltered,
    Does::SaysAgain,
];

const ACTS: [Act; 4] = [Act::Resume, Act::Suspend, Act::RepairClock, Act::Burn];

fn one_of<T: Copy>(all: &[T], choice: u8) -> T {
    all[usize::from(choice) % all.len()]
}
