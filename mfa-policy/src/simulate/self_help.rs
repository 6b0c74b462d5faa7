//! What a person who lacks something can do alone.

use std::collections::{BTreeSet, HashMap};

use crate::account::{Registration, State};
use crate::case::{Case, Coming, Item};
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
    NoProof {
        /// The old policy still lets the person prove and register.
        in_time: bool,
    },
    /// Nothing: no method that may be registered is enough.
    NothingToAdd,
}

/// Most of those who are affected by a change are affected alike, so the answer for each kind of account is kept.
#[derive(Clone, Debug)]
pub(super) struct SelfHelpDesk<'a> {
    before: &'a Policy,
    after: &'a Policy,
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
    registrations: Box<[RegistrationKind]>,
}

/// The part of a kind that comes from one registration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct RegistrationKind {
    /// The places in the two policies.
    method: [u8; 2],
    state: State,
    /// Under each policy.
    in_order: [bool; 2],
    /// Which of the devices of the account.
    device: u16,
}

impl<'a> SelfHelpDesk<'a> {
    pub(super) fn new(before: &'a Policy, after: &'a Policy, now: Timestamp) -> Self {
        Self {
            before,
            after,
            now,
            context: Context::anywhere(now).proven(Proven::Password, now),
            groups: groups(before).chain(groups(after)).collect(),
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
        let context = self.session(person, self.after);
        let case = Case::new(self.after, &person.subject, &person.account, &context);
        let missing: Vec<Required> = self
            .after
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
        if can_prove(&case) {
            return SelfHelp::Register(methods);
        }
        let context = self.session(person, self.before);
        let before = Case::new(self.before, &person.subject, &person.account, &context);
        SelfHelp::NoProof {
            in_time: can_prove(&before) && can_add_all(&before, &methods),
        }
    }

    /// With every proof that the person can give.
    fn session(&self, person: &Person, policy: &Policy) -> Context {
        let case = Case::new(policy, &person.subject, &person.account, &self.context);
        let provable = case
            .registrations()
            .filter(|registration| is_in_order(&case, registration));
        provable.fold(self.context.clone(), |context, registration| {
            context.proven(Proven::Registration(registration.id.clone()), self.now)
        })
    }

    fn kind(&self, person: &Person, missing: PurposeSet) -> Kind {
        let (subject, account) = (&person.subject, &person.account);
        let cases = [self.before, self.after]
            .map(|policy| Case::new(policy, subject, account, &self.context));
        let device = |registration: &Registration| {
            let item = Item::of(registration);
            account
                .registrations
                .iter()
                .position(|other| Item::of(other).shares_device(&item))
        };
        let kinds = account
            .registrations
            .iter()
            .map(|registration| RegistrationKind {
                method: [self.before, self.after].map(|policy| {
                    policy
                        .index(&registration.method)
                        .map_or(u8::MAX, |index| index.0)
                }),
                state: registration.state,
                in_order: cases.map(|case| is_in_order(&case, registration)),
                device: place(device(registration)),
            });
        let mut registrations: Vec<RegistrationKind> = kinds.collect();
        forget_identifiers(&mut registrations);
        Kind {
            role: person.subject.role(),
            groups: (0..)
                .zip(&self.groups)
                .filter(|(_, group)| person.subject.groups().contains(**group))
                .map(|(place, _)| place)
                .collect(),
            missing,
            registrations: registrations.into(),
        }
    }
}

/// Every group that the policy mentions.
fn groups(policy: &Policy) -> impl Iterator<Item = &Group> {
    let of_rules = policy.rules().flat_map(|rule| rule.audience.groups());
    let of_requirements = policy
        .requirements
        .iter()
        .flat_map(|requirement| requirement.audience.groups());
    of_rules
        .chain(of_requirements)
        .chain(policy.reset.audience.groups())
}

/// Whether something is left to prove with. The proof is as fresh as can be, so the age that a method asks for does not matter.
fn can_prove(case: &Case<'_>) -> bool {
    case.proven(None, RecoveryCode::Enough, &mut NotDenied)
        .is_continue()
}

/// Whether the methods can be added one after the other, whatever was proven.
fn can_add_all(case: &Case<'_>, methods: &[Method]) -> bool {
    let coming: Vec<Coming<'_>> = methods.iter().map(Method::coming).collect();
    methods.iter().enumerate().all(|(index, method)| {
        let earlier = coming.get(..index).unwrap_or_default();
        case.with(earlier).can_add(method, AddedBy::Person)
    })
}

/// The same kind whatever the identifiers are, which decide the order in an account: sorted, and devices numbered in that
/// order.
fn forget_identifiers(registrations: &mut [RegistrationKind]) {
    registrations.sort_by_key(|kind| (kind.method, kind.state, kind.in_order));
    let mut devices: Vec<u16> = Vec::new();
    for RegistrationKind { device, .. } in registrations {
        let known = devices.iter().position(|known| known == device);
        let known = known.unwrap_or_else(|| {
            devices.push(*device);
            devices.len().saturating_sub(1)
        });
        *device = place(Some(known));
    }
}

fn place(index: Option<usize>) -> u16 {
    index
        .and_then(|index| u16::try_from(index).ok())
        .unwrap_or(u16::MAX)
}

/// Whether the registration can be used now, whatever for.
pub(super) fn is_in_order(case: &Case<'_>, registration: &Registration) -> bool {
    case.in_order(registration, &mut NotDenied).is_continue()
}
