//! The smallest sets of steps after which the answer is yes.
//!
//! Each reason has alternatives, each of a few steps; a remedy takes one alternative for every reason. What only time
//! mends is asked again at that time. Remedies that change the account are tried out on a copy before they are offered.

use std::collections::BTreeSet;

use crate::account::State;
use crate::action::Action;
use crate::alternatives::Alternative;
use crate::case::{Case, Coming};
use crate::decision::{Remedy, Request, Step};
use crate::listener::NotDenied;
use crate::name::RegistrationId;
use crate::reason::Reason;
use crate::rehearsal::removed_by;
use crate::timestamp::Timestamp;

/// The most combinations that are looked at. The alternatives of one denial rarely make more than ten.
const MOST_COMBINATIONS: usize = 32;
/// The most remedies that are offered for one time. Nobody reads more, and a denial must not cost more than it is worth.
const MOST_REMEDIES: usize = 16;
/// The most times to wait for that are looked at, the earliest first.
const MOST_TIMES: usize = 2;

impl<'a> Case<'a> {
    /// What would lead from these reasons to yes: what the person can do alone first, then the shortest.
    pub(crate) fn remedies(&self, action: &'a Action, reasons: &[Reason]) -> Vec<Remedy> {
        let mut remedies: Vec<Alternative> = self.without_waiting(action, reasons);
        for until in self.times_to_wait_for(action, reasons) {
            let later = self.at(until);
            let findings = later.findings(action);
            let then = if findings.reasons.is_empty() {
                vec![Vec::new()]
            } else {
                later.without_waiting(action, &findings.reasons)
            };
            // Where the same helps at once, nobody waits.
            let only_then = then
                .into_iter()
                .filter(|steps| !self.rehearsal().leads_to_yes(action, steps));
            remedies.extend(only_then.map(|steps| [vec![Step::Wait { until }], steps].concat()));
        }
        if remedies.is_empty() && self.can_be_done_for_the_person(action) {
            remedies.push(vec![Step::Ask(Request::DoIt)]);
        }
        smallest(remedies)
    }

    /// What leads to yes at once.
    fn without_waiting(&self, action: &'a Action, reasons: &[Reason]) -> Vec<Alternative> {
        let mut combined: Vec<Alternative> = vec![Vec::new()];
        let starts_again = reasons
            .iter()
            .any(|reason| matches!(reason, Reason::ResetExpired { .. }));
        // Who starts again passes all gates again.
        let passed_by_then =
            |reason: &Reason| starts_again && matches!(reason, Reason::TooFewGates { .. });
        for reason in reasons.iter().filter(|reason| !passed_by_then(reason)) {
            let mut alternatives = self.alternatives(action, reason);
            alternatives.sort_by_key(|steps| (asks(steps), steps.len()));
            combined = combined
                .iter()
                .flat_map(|steps| alternatives.iter().map(move |more| together(steps, more)))
                .take(MOST_COMBINATIONS)
                .collect();
        }
        combined
            .into_iter()
            .filter_map(|steps| self.tried(action, steps))
            .take(MOST_REMEDIES)
            .collect()
    }

    /// Later times at which something that is locked, or not valid yet, may be of use.
    fn times_to_wait_for(
        &self,
        action: &'a Action,
        reasons: &[Reason],
    ) -> impl Iterator<Item = Timestamp> + use<> {
        let mut times = BTreeSet::new();
        for reason in reasons {
            match reason {
                Reason::ResetLocked { until } | Reason::Locked { until, .. } => {
                    times.insert(*until);
                }
                Reason::PassNotYetValid { from, .. } => {
                    times.insert(*from);
                }
                // Who can prove it at once does not wait.
                Reason::NeedsProof { .. }
                    if self
                        .alternatives(action, reason)
                        .iter()
                        .any(|steps| !asks(steps)) => {}
                Reason::LastMethod { .. }
                | Reason::TooFewGates { .. }
                | Reason::NeedsProof { .. } => {
                    times.extend(
                        self.registrations()
                            .filter_map(|registration| registration.locked_until),
                    );
                }
                _ => {}
            }
        }
        let now = self.now;
        times
            .into_iter()
            .filter(move |&time| time > now)
            .take(MOST_TIMES)
    }

    /// Whether an administrator could do the same for the person.
    fn can_be_done_for_the_person(&self, action: &'a Action) -> bool {
        match action {
            Action::Add { method, device } => {
                let coming = Coming {
                    method,
                    device: device.as_ref(),
                };
                self.added_for_the_person(coming, &mut NotDenied)
                    .is_continue()
            }
            Action::Remove { registration } => self
                .registration(registration)
                .is_some_and(|registration| registration.state != State::Pending),
            _ => false,
        }
    }

    /// The steps, if they lead to yes; with only those choices that do.
    ///
    /// Tried out is what changes the account or the policy. Proofs, waiting and going elsewhere are right by construction, and so
    /// is allowing a method for the use that was asked about.
    fn tried(&self, action: &'a Action, steps: Alternative) -> Option<Alternative> {
        let is_simple = |step: &Step| {
            matches!(
                step,
                Step::Wait { .. }
                    | Step::UseWhere { .. }
                    | Step::SignIn
                    | Step::Prove { .. }
                    | Step::PassGates { .. }
                    | Step::ChangePass { .. }
                    | Step::StartAgain
            )
        };
        let asks_for_policy = |step: &Step| {
            matches!(
                step,
                Step::Ask(
                    Request::AllowMethod { .. }
                        | Request::AllowReset
                        | Request::AllowRememberedDevices
                )
            )
        };
        let uses = matches!(action, Action::Accept { .. } | Action::Use { .. });
        let by_construction = match steps.as_slice() {
            [step] => is_simple(step) || (uses && asks_for_policy(step)),
            steps => steps.iter().all(is_simple),
        };
        if by_construction {
            return Some(steps);
        }
        let mut tried = self.with_good_choices(action, &steps)?;
        while let Some(fewer) = self.one_fewer(action, &tried) {
            tried = fewer;
        }
        proofs_that_stay(tried)
    }

    /// The steps with only those choices that lead to yes.
    fn with_good_choices(&self, action: &'a Action, steps: &[Step]) -> Option<Alternative> {
        let leads = |steps: &[Step]| self.leads_to_yes(action, steps);
        let (mut tried, mut leads_there) = (Vec::new(), false);
        for (index, step) in steps.iter().enumerate() {
            let choices = choices(step);
            if choices.len() < 2 {
                tried.push(step.clone());
                continue;
            }
            let rest = steps.get(index.saturating_add(1)..).unwrap_or(&[]);
            let good = |choice: &Step| {
                leads(&[tried.as_slice(), std::slice::from_ref(choice), rest].concat())
            };
            let good: Vec<Step> = choices.into_iter().filter(good).collect();
            tried.push(merged(good)?);
            leads_there = true;
        }
        (leads_there || leads(&tried)).then_some(tried)
    }

    /// The steps without one that is not needed: one step may do the work of two, as the test of a registration is a proof as well.
    ///
    /// Later steps stand on earlier ones, so the last is left out first. Without one, another may turn out to be needless too: who
    /// keeps a factor that proves enough need not lose the others. Of choices, those stay that need less.
    fn one_fewer(&self, action: &'a Action, steps: &[Step]) -> Option<Alternative> {
        if steps.len() < 2 {
            return None;
        }
        (0..steps.len()).rev().find_map(|index| {
            let mut fewer = steps.to_vec();
            fewer.remove(index);
            self.with_good_choices(action, &fewer)
        })
    }

    /// Whether the action is allowed once the registration is gone.
    fn allowed_without(&self, action: &'a Action, id: &RegistrationId) -> bool {
        self.without(&[id])
            .judge(action, &mut NotDenied)
            .is_continue()
    }

    fn leads_to_yes(&self, action: &'a Action, steps: &[Step]) -> bool {
        match steps {
            // The most frequent remedies need no copy: it is enough to imagine the registration away.
            [Step::RemoveOneOf { registrations }] => registrations.first().is_some_and(|id| {
                let here: Case<'_> = *self;
                here.remove(id, &mut NotDenied).is_continue() && self.allowed_without(action, id)
            }),
            [Step::Ask(Request::RemoveOneOf { registrations })] => registrations
                .first()
                .is_some_and(|id| self.allowed_without(action, id)),
            _ => self.rehearsal().leads_to_yes(action, steps),
        }
    }
}

/// The steps without proofs by what one of them may remove, as far as others are left; `None` if what is removed for certain
/// would be the only proof.
fn proofs_that_stay(mut steps: Alternative) -> Option<Alternative> {
    let removals: Vec<Vec<RegistrationId>> = steps
        .iter()
        .filter_map(removed_by)
        .map(<[RegistrationId]>::to_vec)
        .collect();
    let for_certain = |id: &RegistrationId| {
        removals
            .iter()
            .any(|choices| choices.as_slice() == [id.clone()])
    };
    for step in &mut steps {
        if let Step::Prove { one_of, .. } = step
            && !one_of.is_empty()
        {
            one_of.retain(|id| !for_certain(id));
            if one_of.is_empty() {
                return None;
            }
            let perhaps =
                |id: &RegistrationId| removals.iter().flatten().any(|removed| removed == id);
            if one_of.iter().any(|id| !perhaps(id)) {
                one_of.retain(|id| !perhaps(id));
            }
        }
    }
    Some(steps)
}

/// One step for each choice that a step leaves open.
fn choices(step: &Step) -> Vec<Step> {
    match step {
        Step::RemoveOneOf { registrations } => registrations
            .iter()
            .map(|id| Step::RemoveOneOf {
                registrations: vec![id.clone()],
            })
            .collect(),
        Step::Ask(Request::RemoveOneOf { registrations }) => registrations
            .iter()
            .map(|id| {
                Step::Ask(Request::RemoveOneOf {
                    registrations: vec![id.clone()],
                })
            })
            .collect(),
        Step::SetDefault { one_of } => one_of
            .iter()
            .map(|id| Step::SetDefault {
                one_of: vec![id.clone()],
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// One step that leaves these choices open; `None` if there is none.
fn merged(choices: Vec<Step>) -> Option<Step> {
    choices
        .into_iter()
        .reduce(|all, choice| match (all, choice) {
            (Step::RemoveOneOf { registrations: a }, Step::RemoveOneOf { registrations: b }) => {
                Step::RemoveOneOf {
                    registrations: [a, b].concat(),
                }
            }
            (
                Step::Ask(Request::RemoveOneOf { registrations: a }),
                Step::Ask(Request::RemoveOneOf { registrations: b }),
            ) => Step::Ask(Request::RemoveOneOf {
                registrations: [a, b].concat(),
            }),
            (Step::SetDefault { one_of: a }, Step::SetDefault { one_of: b }) => Step::SetDefault {
                one_of: [a, b].concat(),
            },
            (all, _) => all,
        })
}

/// The steps of both, each once, in the order in which they are taken. One proof serves for both.
fn together(a: &[Step], b: &[Step]) -> Alternative {
    let mut steps: Alternative = a.to_vec();
    for step in b {
        let same = steps
            .iter_mut()
            .find_map(|other| both(other, step).map(|both| (other, both)));
        match same {
            Some((other, both)) => *other = both,
            None => steps.push(step.clone()),
        }
    }
    steps.sort_unstable();
    steps.dedup();
    steps
}

/// One step that does what both do, if there is one.
fn both(a: &Step, b: &Step) -> Option<Step> {
    let common = |a: &[RegistrationId], b: &[RegistrationId]| -> Vec<RegistrationId> {
        a.iter().filter(|id| b.contains(id)).cloned().collect()
    };
    match (a, b) {
        (
            Step::Prove { strength, one_of },
            Step::Prove {
                strength: other,
                one_of: others,
            },
        ) => {
            let one_of = if one_of == others {
                one_of.clone()
            } else {
                common(one_of, others)
            };
            (!one_of.is_empty()).then(|| Step::Prove {
                strength: *strength.max(other),
                one_of,
            })
        }
        (
            Step::RemoveOneOf { registrations },
            Step::RemoveOneOf {
                registrations: others,
            },
        ) => {
            let registrations = common(registrations, others);
            (!registrations.is_empty()).then_some(Step::RemoveOneOf { registrations })
        }
        _ => None,
    }
}

/// Without those that contain another one: what the person can do alone first, then the shortest.
fn smallest(mut remedies: Vec<Alternative>) -> Vec<Remedy> {
    remedies.sort_unstable_by(|a, b| (asks(a), a.len(), a).cmp(&(asks(b), b.len(), b)));
    let mut kept: Vec<Remedy> = Vec::new();
    for steps in remedies {
        let contains = |smaller: &Remedy| smaller.steps.iter().all(|step| steps.contains(step));
        if !steps.is_empty() && !kept.iter().any(contains) {
            kept.push(Remedy { steps });
        }
    }
    kept
}

/// Whether an administrator is needed.
fn asks(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Ask(_)))
}
