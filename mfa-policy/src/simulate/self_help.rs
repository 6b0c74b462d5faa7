//! What a person who lacks something can do alone.

use std::collections::{BTreeSet, HashMap};

use crate::account::{Registration, State};
use crate::case::{Case, Item};
use crate::change::AddedBy;
use crate::context::{Context, Proven};
use crate::listener::NotDenied;
use crate::method::Method;
use crate::name::Group;
use crate::person::Person;
use crate::policy::Policy;
use crate::proof::RecoveryCode;
use crate::purpose::PurposeSet;
use crate::reach::{Locks, Required};
use crate::subject::Role;
use crate::timestamp::Timestamp;

/// What a person can do who has signed in with the password, and proves whatever he or she can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SelfHelp {
    /// Register these.
    Register(Vec<Method>),
    /// Nothing: there are methods to register, and nothing is left to prove with.
    NoProof,
    /// Nothing: no method that may be registered is enough.
    NothingToAdd,
}

/// Most of those who are affected by a change are affected alike, so the answer for each kind of account is kept.
#[derive(Clone, Debug)]
pub(super) struct SelfHelpDesk<'a> {
    policy: &'a Policy,
    now: Timestamp,
    /// Signed in with the password, and nothing proven yet.
    context: Context,
    groups: BTreeSet<&'a Group>,
    known: HashMap<Kind, SelfHelp>,
}

/// Enough for the kinds that are frequent, and an end to the memory. What is forgotten is worked out again.
const MOST_KINDS: usize = 4096;

/// Everything of a person that the answer depends on, without the names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    role: Role,
    groups: Box<[u16]>,
    missing: PurposeSet,
    registrations: Box<[(u8, State, bool, u16)]>,
}

impl<'a> SelfHelpDesk<'a> {
    pub(super) fn new(policy: &'a Policy, now: Timestamp) -> Self {
        let of_rules = policy.rules().flat_map(|rule| rule.audience.groups());
        let of_requirements = policy
            .requirements
            .iter()
            .flat_map(|requirement| requirement.audience.groups());
        Self {
            policy,
            now,
            context: Context::anywhere(now).proven(Proven::Password, now),
            groups: of_rules
                .chain(of_requirements)
                .chain(policy.reset.audience.groups())
                .collect(),
            known: HashMap::new(),
        }
    }

    /// What the person can do to get all of the missing purposes.
    pub(super) fn ask(&mut self, person: &Person, missing: PurposeSet) -> SelfHelp {
        let kind = self.kind(person, missing);
        if let Some(known) = self.known.get(&kind) {
            return known.clone();
        }
        let answer = self.work_out(person, missing);
        if self.known.len() < MOST_KINDS {
            self.known.insert(kind, answer.clone());
        }
        answer
    }

    fn work_out(&self, person: &Person, missing: PurposeSet) -> SelfHelp {
        let context = self.session(person);
        let case = Case::new(self.policy, &person.subject, &person.account, &context);
        let missing: Vec<Required> = self
            .policy
            .each_required(&person.subject)
            .filter(|required| missing.contains(required.purpose))
            .collect();
        let sets = case.smallest_additions(AddedBy::Person, |case| {
            missing
                .iter()
                .all(|&required| case.reaches(required, Locks::WillEnd, &mut NotDenied))
        });
        let Some(methods) = sets.into_iter().next() else {
            return SelfHelp::NothingToAdd;
        };
        // The proof is as fresh as can be, so the age that a method asks for does not matter.
        if case
            .proven(None, RecoveryCode::Enough, &mut NotDenied)
            .is_continue()
        {
            SelfHelp::Register(methods)
        } else {
            SelfHelp::NoProof
        }
    }

    /// With every proof that the person can give.
    fn session(&self, person: &Person) -> Context {
        let case = self.case(person);
        let provable = case
            .registrations()
            .filter(|registration| is_in_order(&case, registration));
        provable.fold(self.context.clone(), |context, registration| {
            context.proven(Proven::Registration(registration.id.clone()), self.now)
        })
    }

    const fn case<'b>(&'b self, person: &'b Person) -> Case<'b> {
        Case::new(self.policy, &person.subject, &person.account, &self.context)
    }

    fn kind(&self, person: &Person, missing: PurposeSet) -> Kind {
        let case = self.case(person);
        let registrations = &person.account.registrations;
        let mut kinds: Vec<(u8, State, bool, u16)> = registrations
            .iter()
            .enumerate()
            .map(|(place, registration)| {
                let device = registrations
                    .iter()
                    .position(|other| Item::of(other).shares_device(&Item::of(registration)))
                    .unwrap_or(place);
                (
                    self.policy
                        .index(&registration.method)
                        .map_or(u8::MAX, |index| index.0),
                    registration.state,
                    is_in_order(&case, registration),
                    u16::try_from(device).unwrap_or(u16::MAX),
                )
            })
            .collect();
        name_devices_by_order(&mut kinds);
        Kind {
            role: person.subject.role(),
            groups: (0..)
                .zip(&self.groups)
                .filter(|(_, group)| person.subject.groups().contains(**group))
                .map(|(place, _)| place)
                .collect(),
            missing,
            registrations: kinds.into(),
        }
    }
}

/// The same kind whatever the identifiers are, which decide the order in an account: sorted, and devices numbered in that
/// order.
fn name_devices_by_order(kinds: &mut [(u8, State, bool, u16)]) {
    kinds.sort_by_key(|&(method, state, in_order, _)| (method, state, in_order));
    let mut devices: Vec<u16> = Vec::new();
    for (_, _, _, device) in kinds {
        let place = devices.iter().position(|known| known == device);
        let place = place.unwrap_or_else(|| {
            devices.push(*device);
            devices.len().saturating_sub(1)
        });
        *device = u16::try_from(place).unwrap_or(u16::MAX);
    }
}

fn is_in_order(case: &Case<'_>, registration: &Registration) -> bool {
    case.in_order(registration, &mut NotDenied).is_continue()
}
