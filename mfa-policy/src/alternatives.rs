//! What would do away with one reason.

use crate::account::Registration;
use crate::action::{Action, Administration};
use crate::case::{Case, Coming, Item};
use crate::change::AddedBy;
use crate::context::{Context, Proven};
use crate::decision::{Request, Step};
use crate::listener::NotDenied;
use crate::method::{Capability, Method, Strength};
use crate::name::{PoolName, RegistrationId};
use crate::purpose::Purpose;
use crate::reach::{Locks, Required};
use crate::reason::Reason;

/// Steps that together do away with a reason.
pub(crate) type Alternative = Vec<Step>;

impl<'a> Case<'a> {
    /// Each of these does away with the reason. None if nothing does, or only time.
    pub(crate) fn alternatives(&self, action: &'a Action, reason: &Reason) -> Vec<Alternative> {
        match reason {
            Reason::ResetOff | Reason::ResetNotForGroups | Reason::ResetExcluded { .. } => {
                ask(Request::AllowReset)
            }
            Reason::RememberedDevicesOff => ask(Request::AllowRememberedDevices),
            Reason::ResetLocked { .. } | Reason::Deactivated { .. } | Reason::Locked { .. } => {
                ask(Request::Unlock)
            }
            Reason::ResetExpired { .. } => self.start_again(),
            Reason::TooFewGates { .. } => match action {
                Action::FinishReset => self.pass_gates(),
                _ => self.add_gates(),
            },
            Reason::NotInPolicy { method }
            | Reason::MethodOff { method }
            | Reason::NotForGroups { method }
            | Reason::Excluded { method, .. }
            | Reason::Retired { method, .. }
            | Reason::NeedsEnabled { method, .. }
            | Reason::PurposeNotAllowed { method, .. } => {
                self.allow_method(method, purpose_of(action))
            }
            Reason::CapabilityMissing { capability, .. } => vec![vec![Step::UseWhere {
                capability: *capability,
            }]],
            Reason::LimitReached {
                pool, limit, has, ..
            } => {
                let mut alternatives = self.make_room(pool, has.saturating_sub(*limit));
                if matches!(action, Action::Administer(_)) {
                    // The person is not here to do it.
                    alternatives
                        .retain(|steps| steps.iter().all(|step| matches!(step, Step::Ask(_))));
                }
                alternatives
            }
            Reason::NeedsMethod { one_of, .. } => match action {
                Action::Administer(_) => self.register_one_of(one_of),
                _ => one_of
                    .iter()
                    .flat_map(|method| self.add_method(method))
                    .collect(),
            },
            Reason::Pending { registration } => self.after_proof(
                Action::Confirm {
                    registration: registration.clone(),
                },
                Step::Confirm {
                    registration: registration.clone(),
                },
            ),
            Reason::IsDefault { registration } => self.choose_another_default(registration),
            Reason::LastMethod {
                registration,
                purpose,
                strength,
            } => {
                let required = Required {
                    purpose: *purpose,
                    strength: *strength,
                };
                self.keep_reachable(action, registration, required)
            }
            Reason::PassMinutes { .. } | Reason::PassMustBeOneTime => self.change_pass(action),
            Reason::NeedsFirstFactor => vec![vec![Step::SignIn]],
            Reason::NeedsProof { strength, .. } => match action {
                Action::Administer(_) => vec![vec![Step::Prove {
                    strength: *strength,
                    one_of: Vec::new(),
                }]],
                _ => self.prove(*strength, takes_recovery_code(action)),
            },
            Reason::RecoveryCodeNotEnough => self.prove(self.proof_strength(), false),
            // Nobody can help with these: another person, method, registration or question is needed.
            Reason::NotOneself
            | Reason::NotAnAdministrator
            | Reason::NotForOneself
            | Reason::NotForThisReset { .. }
            | Reason::TooWeak { .. }
            | Reason::NumberAtRisk { .. }
            | Reason::AdministratorOnly { .. }
            | Reason::PersonOnly { .. }
            | Reason::AlreadyRegistered { .. }
            | Reason::RegisteredElsewhere { .. }
            | Reason::NoSuchRegistration { .. }
            | Reason::NotPending { .. }
            | Reason::Disabled { .. }
            | Reason::PassNotYetValid { .. }
            | Reason::PassExpired { .. }
            | Reason::PassUsed { .. }
            | Reason::PassWithoutValidity { .. }
            | Reason::NoCodesLeft { .. }
            | Reason::NotIndependent { .. }
            | Reason::NotAsDefault { .. } => Vec::new(),
        }
    }

    /// The policy could allow the method, unless the purpose is out of the question for it.
    fn allow_method(&self, method: &Method, purpose: Option<Purpose>) -> Vec<Alternative> {
        let strength = self
            .policy
            .rule(method)
            .map_or_else(|| method.usual_strength(), |rule| rule.strength);
        let possible = purpose.is_none_or(|purpose| {
            method.possible_purposes().contains(purpose)
                && strength >= self.needed_strength(purpose)
        });
        if possible {
            ask(Request::AllowMethod {
                method: method.clone(),
                purpose,
            })
        } else {
            Vec::new()
        }
    }

    /// With a registration that proves as much; else where it can be used; else with a pass.
    fn prove(&self, strength: Strength, takes_recovery_code: bool) -> Vec<Alternative> {
        let proves = |registration: &&Registration| {
            self.manages_with(&registration.method, &mut NotDenied) >= Some(strength)
                && self.in_order(registration, &mut NotDenied).is_continue()
                && (takes_recovery_code || registration.method != Method::RecoveryCodes)
        };
        let works_here =
            |r: &&Registration| self.works_here(&r.method, &mut NotDenied).is_continue();
        let ids = |registrations: Vec<&Registration>| -> Vec<RegistrationId> {
            registrations
                .into_iter()
                .map(|registration| registration.id.clone())
                .collect()
        };
        let here: Vec<&Registration> = self
            .registrations()
            .filter(proves)
            .filter(works_here)
            .collect();
        if !here.is_empty() {
            return vec![vec![Step::Prove {
                strength,
                one_of: ids(here),
            }]];
        }
        let mut alternatives = Vec::new();
        for capability in [Capability::Webauthn, Capability::Telephony] {
            let needs_it = |r: &&Registration| {
                let taken_over =
                    r.method.is_telephone() && self.context.number_at_risk == Some(true);
                r.method.needs_capability() == Some(capability) && !taken_over
            };
            let there: Vec<&Registration> = self
                .registrations()
                .filter(proves)
                .filter(needs_it)
                .collect();
            if !there.is_empty() {
                alternatives.push(vec![
                    Step::UseWhere { capability },
                    Step::Prove {
                        strength,
                        one_of: ids(there),
                    },
                ]);
            }
        }
        let pass = &self.policy.temporary_pass;
        if alternatives.is_empty()
            && self.manages_with(&Method::TemporaryPass, &mut NotDenied) >= Some(strength)
            && self
                .issue_pass(pass.minutes, pass.one_time, &mut NotDenied)
                .is_continue()
        {
            return ask(Request::IssuePass);
        }
        if alternatives.is_empty() {
            alternatives.extend(self.begin_anew());
        }
        alternatives
    }

    /// Where no second factor can prove anything any more, an administrator takes them away, and the first factor is enough.
    fn begin_anew(&self) -> Option<Alternative> {
        let factors = self
            .registrations()
            .filter(|registration| registration.is_second_factor());
        let remove = |factor: &Registration| {
            Step::Ask(Request::RemoveOneOf {
                registrations: vec![factor.id.clone()],
            })
        };
        let steps: Alternative = [Step::SignIn]
            .into_iter()
            .chain(factors.map(remove))
            .collect();
        (steps.len() <= MOST_FACTORS_TO_REMOVE).then_some(steps)
    }

    /// The step, if the action that it stands for is allowed, perhaps after a proof.
    fn after_proof(&self, action: Action, step: Step) -> Vec<Alternative> {
        let reasons = self.findings_of(&action);
        if reasons.is_empty() {
            return vec![vec![step]];
        }
        let [reason] = reasons.as_slice() else {
            return Vec::new();
        };
        let proofs = match reason {
            Reason::NeedsFirstFactor => vec![vec![Step::SignIn]],
            Reason::NeedsProof { strength, .. } => {
                self.prove(*strength, takes_recovery_code(&action))
            }
            Reason::RecoveryCodeNotEnough => self.prove(self.proof_strength(), false),
            _ => Vec::new(),
        };
        proofs
            .into_iter()
            .map(|proof| [proof, vec![step.clone()]].concat())
            .collect()
    }

    /// The reasons against an action that is only thought of.
    fn findings_of(&self, action: &Action) -> Vec<Reason> {
        let (subject, account, context) = (self.subject, self.account, self.context);
        let case = Case::new(self.policy, subject, account, context).at(self.now);
        case.findings(action).reasons
    }

    fn register_one_of(&self, methods: &[Method]) -> Vec<Alternative> {
        let registrable = methods.iter().filter(|method| {
            self.addable(method.coming(), AddedBy::Administrator, &mut NotDenied)
                .is_continue()
        });
        registrable
            .flat_map(|method| {
                ask(Request::Register {
                    method: method.clone(),
                })
            })
            .collect()
    }

    /// Registered by the person, or if that cannot be, by an administrator.
    fn add_method(&self, method: &Method) -> Vec<Alternative> {
        let add = Action::Add {
            method: method.clone(),
            device: None,
        };
        let own = self.after_proof(
            add,
            Step::Add {
                method: method.clone(),
            },
        );
        if own.is_empty() {
            self.register_one_of(std::slice::from_ref(method))
        } else {
            own
        }
    }

    /// Removing devices from a full pool.
    fn make_room(&self, pool: &PoolName, excess: u32) -> Vec<Alternative> {
        let Some(pool) = self.policy.pools.iter().find(|known| known.name == *pool) else {
            return Vec::new();
        };
        let counts = |item: &Item<'_>| {
            self.policy
                .index(item.method)
                .is_some_and(|index| pool.methods.contains(index))
        };
        let mut devices: Vec<Vec<Item<'a>>> = Vec::new();
        for item in self.items().filter(counts) {
            match devices
                .iter_mut()
                .find(|device| device.iter().any(|other| other.shares_device(&item)))
            {
                Some(device) => device.push(item),
                None => devices.push(vec![item]),
            }
        }
        // A proof by what is removed would be none any more.
        let gave_proof = |item: &Item<'_>| {
            item.id.is_some_and(|id| {
                self.context
                    .proofs
                    .iter()
                    .any(|proof| proof.by == Proven::Registration(id.clone()))
            })
        };
        devices.sort_by_key(|device| (device.iter().any(gave_proof), device.len()));
        if excess > 0 {
            return self.make_much_room(&devices, excess);
        }
        let (single, several): (Vec<_>, Vec<_>) =
            devices.into_iter().partition(|device| device.len() == 1);
        let single: Vec<RegistrationId> = single
            .iter()
            .flatten()
            .filter_map(|item| item.id.cloned())
            .collect();
        let mut alternatives: Vec<Alternative> = Vec::new();
        for id in &single {
            for alternative in self.removals(std::slice::from_ref(id)) {
                join_choices(&mut alternatives, alternative);
            }
        }
        for device in &several {
            let ids: Vec<RegistrationId> =
                device.iter().filter_map(|item| item.id.cloned()).collect();
            alternatives.extend(self.removals(&ids));
        }
        if !single.is_empty() {
            alternatives.extend(ask(Request::RemoveOneOf {
                registrations: single,
            }));
        }
        alternatives
    }

    /// Where a limit was lowered, more than one device is too many. One way is enough then: the devices with the fewest
    /// registrations.
    fn make_much_room(&self, devices: &[Vec<Item<'a>>], excess: u32) -> Vec<Alternative> {
        let number = usize::try_from(excess)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        let ids: Vec<RegistrationId> = devices
            .iter()
            .take(number)
            .flatten()
            .filter_map(|item| item.id.cloned())
            .collect();
        let asked = ids
            .iter()
            .map(|id| {
                Step::Ask(Request::RemoveOneOf {
                    registrations: vec![id.clone()],
                })
            })
            .collect();
        let mut alternatives = self.removals(&ids);
        alternatives.push(asked);
        alternatives
    }

    /// Removing all of these, after a proof if one is needed.
    fn removals(&self, ids: &[RegistrationId]) -> Vec<Alternative> {
        let mut alternatives: Vec<Alternative> = vec![Vec::new()];
        for id in ids {
            let step = Step::RemoveOneOf {
                registrations: vec![id.clone()],
            };
            let one = self.after_proof(
                Action::Remove {
                    registration: id.clone(),
                },
                step,
            );
            alternatives = alternatives
                .iter()
                .flat_map(|steps| {
                    one.iter()
                        .map(move |more| [steps.as_slice(), more].concat())
                })
                .collect();
        }
        for alternative in &mut alternatives {
            alternative.sort_unstable();
            alternative.dedup();
        }
        alternatives
    }

    fn choose_another_default(&self, kept: &RegistrationId) -> Vec<Alternative> {
        let others = self
            .registrations()
            .filter(|other| other.id != *kept && self.choosable(other, &mut NotDenied));
        let mut alternatives: Vec<Alternative> = Vec::new();
        for other in others {
            let step = Step::SetDefault {
                one_of: vec![other.id.clone()],
            };
            for alternative in self.after_proof(
                Action::SetDefault {
                    registration: other.id.clone(),
                },
                step,
            ) {
                join_choices(&mut alternatives, alternative);
            }
        }
        alternatives
    }

    /// Adding what keeps the purpose reachable without the registration.
    fn keep_reachable(
        &self,
        action: &'a Action,
        id: &RegistrationId,
        required: Required,
    ) -> Vec<Alternative> {
        let coming = match action {
            Action::Replace { method, device, .. } => Some(Coming {
                method,
                device: device.as_ref(),
            }),
            _ => None,
        };
        let reaches = |case: &Case<'_>, locks| {
            let with: Vec<Coming<'_>> = case.with.iter().copied().chain(coming).collect();
            case.without(&[id])
                .with(&with)
                .reaches(required, locks, &mut NotDenied)
        };
        let mut alternatives = self.additions(|case| reaches(case, Locks::Count));
        if reaches(self, Locks::WillEnd) {
            alternatives.extend(ask(Request::Unlock));
        }
        alternatives
    }

    /// Adding what makes a reset possible.
    fn add_gates(&self) -> Vec<Alternative> {
        let needs = self.policy.reset.gates(self.subject);
        let enough =
            |case: &Case<'_>| case.independent_gates(&case.possible_gates(&mut NotDenied)) >= needs;
        let mut alternatives = self.additions(enough);
        if self.independent_gates(&self.reset_items(Locks::WillEnd, &mut NotDenied)) >= needs {
            alternatives.extend(ask(Request::Unlock));
        }
        let elsewhere = Context {
            webauthn: Some(true),
            telephony: Some(true),
            ..self.context.clone()
        };
        for capability in [Capability::Webauthn, Capability::Telephony] {
            let context = match capability {
                Capability::Webauthn => Context {
                    telephony: self.context.telephony,
                    ..elsewhere.clone()
                },
                Capability::Telephony => Context {
                    webauthn: self.context.webauthn,
                    ..elsewhere.clone()
                },
            };
            let there = Case::new(self.policy, self.subject, self.account, &context).at(self.now);
            if self.context.capability(capability) == Some(false) && enough(&there) {
                alternatives.push(vec![Step::UseWhere { capability }]);
            }
        }
        alternatives
    }

    /// The smallest sets to add, by the person where that is possible, else by an administrator.
    fn additions(&self, enough: impl Fn(&Case<'_>) -> bool) -> Vec<Alternative> {
        let own = self.smallest_additions(AddedBy::Person, &enough);
        let mut alternatives: Vec<Alternative> = Vec::new();
        for methods in own {
            let steps = methods.iter().map(|method| Step::Add {
                method: method.clone(),
            });
            let [first, ..] = methods.as_slice() else {
                continue;
            };
            // The first registration takes a proof; its own test is the proof for the next.
            let add = Action::Add {
                method: first.clone(),
                device: None,
            };
            let rest: Alternative = steps.skip(1).collect();
            for proven in self.after_proof(
                add,
                Step::Add {
                    method: first.clone(),
                },
            ) {
                alternatives.push([proven, rest.clone()].concat());
            }
        }
        if alternatives.is_empty() {
            let asked = self
                .smallest_additions(AddedBy::Administrator, &enough)
                .into_iter();
            let registered = |method| Step::Ask(Request::Register { method });
            alternatives.extend(
                asked.map(|methods| methods.into_iter().map(registered).collect::<Alternative>()),
            );
        }
        alternatives
    }

    /// Passing the gates that are missing.
    fn pass_gates(&self) -> Vec<Alternative> {
        let proven: Vec<Item<'a>> = self
            .proven_in_reset(&mut NotDenied)
            .into_iter()
            .map(Item::of)
            .collect();
        let mut possible = self.possible_gates(&mut NotDenied);
        possible.retain(|item| {
            !proven
                .iter()
                .any(|proven| self.policy.one_gate(item, proven))
        });
        self.completions(self.passed_gates(&mut NotDenied), &possible)
    }

    fn start_again(&self) -> Vec<Alternative> {
        let possible = self.possible_gates(&mut NotDenied);
        let completions = self.completions(Vec::new(), &possible).into_iter();
        completions
            .map(|gates| [vec![Step::StartAgain], gates].concat())
            .collect()
    }

    /// The smallest sets of possible gates that are enough beside those that were passed.
    fn completions(&self, passed: Vec<Item<'a>>, possible: &[Item<'a>]) -> Vec<Alternative> {
        let needs = self.policy.reset.gates(self.subject);
        let mut sets: Vec<Vec<Item<'a>>> = vec![passed.clone()];
        while !sets.is_empty() {
            let enough = |set: &&Vec<Item<'a>>| self.independent_gates(set) >= needs;
            let found: Vec<Alternative> = sets
                .iter()
                .filter(enough)
                .map(|set| pass(&passed, set))
                .collect();
            if !found.is_empty() {
                return found;
            }
            let grown = sets
                .iter()
                .flat_map(|set| possible.iter().map(move |item| (set, item)));
            let larger = grown.filter(|(set, item)| {
                // In the order of identifiers, so that each set comes once.
                let after = set
                    .iter()
                    .skip(passed.len())
                    .all(|other| other.id < item.id);
                after && !set.iter().any(|other| self.policy.one_gate(other, item))
            });
            sets = larger
                .map(|(set, item)| [set.as_slice(), &[*item]].concat())
                .take(MOST_GATE_SETS)
                .collect();
        }
        Vec::new()
    }

    fn change_pass(&self, action: &Action) -> Vec<Alternative> {
        let pass = &self.policy.temporary_pass;
        let (asked, one_time) = match action {
            Action::Administer(Administration::IssuePass { minutes, one_time }) => {
                (minutes.unwrap_or(pass.minutes), *one_time)
            }
            _ => (pass.minutes, false),
        };
        let minutes = asked.clamp(pass.least_minutes, pass.most_minutes);
        vec![vec![Step::ChangePass {
            minutes,
            one_time: one_time || pass.one_time,
        }]]
    }
}

/// With more steps than this, nobody would follow them.
const MOST_FACTORS_TO_REMOVE: usize = 6;
/// The most sets of gates that are looked at in one size.
const MOST_GATE_SETS: usize = 64;

fn ask(request: Request) -> Vec<Alternative> {
    vec![vec![Step::Ask(request)]]
}

/// The purpose that the question is about.
const fn purpose_of(action: &Action) -> Option<Purpose> {
    match action {
        Action::Accept { purpose, .. } | Action::Use { purpose, .. } => Some(*purpose),
        Action::SetDefault { .. } => Some(Purpose::TwoStep),
        _ => None,
    }
}

/// Whether a recovery code is proof enough for the action.
const fn takes_recovery_code(action: &Action) -> bool {
    matches!(
        action,
        Action::Add { .. } | Action::Confirm { .. } | Action::CreateAppPassword
    )
}

/// Passing those that are not passed yet.
fn pass(passed: &[Item<'_>], set: &[Item<'_>]) -> Alternative {
    let registrations = set
        .iter()
        .skip(passed.len())
        .filter_map(|item| item.id.cloned())
        .collect();
    vec![Step::PassGates { registrations }]
}

/// Puts the choices of one step together, where all else is equal: remove this, or that.
fn join_choices(alternatives: &mut Vec<Alternative>, alternative: Alternative) {
    let Some((last, before)) = alternative.split_last() else {
        return;
    };
    for known in alternatives.iter_mut() {
        let Some((known_last, known_before)) = known.split_last_mut() else {
            continue;
        };
        if known_before != before {
            continue;
        }
        match (known_last, last) {
            (
                Step::RemoveOneOf { registrations },
                Step::RemoveOneOf {
                    registrations: more,
                },
            ) => {
                registrations.extend(more.iter().cloned());
                return;
            }
            (Step::SetDefault { one_of }, Step::SetDefault { one_of: more }) => {
                one_of.extend(more.iter().cloned());
                return;
            }
            _ => {}
        }
    }
    alternatives.push(alternative);
}
