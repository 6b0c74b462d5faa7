//! What a person could come to have under a policy.

use std::collections::BTreeMap;

use crate::account::AccountView;
use crate::case::{Case, Coming, Item};
use crate::change::AddedBy;
use crate::context::Context;
use crate::listener::{Findings, YesNo};
use crate::method::{Method, Strength};
use crate::method_set::MethodIndex;
use crate::name::DeviceId;
use crate::policy::{Policy, Rule};
use crate::purpose::Purpose;
use crate::reason::Reason;
use crate::subject::Subject;
use crate::timestamp::Timestamp;

/// Somebody with an empty account at a time, and every method that could be registered.
///
/// For each method one way to it is known: what is registered before, and itself. So a method is missed whose only way is a
/// longer one than another that a pool has no room for.
#[derive(Debug)]
pub(super) struct Possible<'a> {
    policy: &'a Policy,
    pub(super) subject: &'a Subject,
    account: AccountView,
    context: Context,
    devices: Devices,
    /// INVARIANT: of each way, every method but the last has a way too.
    ways: BTreeMap<MethodIndex, Vec<&'a Method>>,
}

/// The devices that people have one of.
#[derive(Debug)]
struct Devices {
    app: Option<DeviceId>,
    mobile: Option<DeviceId>,
}

impl Devices {
    fn new() -> Self {
        Self {
            app: DeviceId::new("app").ok(),
            mobile: DeviceId::new("mobile").ok(),
        }
    }

    /// One phone has one app with all that it offers, and one number; everything else stands on its own.
    const fn of(&self, method: &Method) -> Option<&DeviceId> {
        match method {
            Method::AuthenticatorPush | Method::AuthenticatorCode | Method::PhoneSignIn => {
                self.app.as_ref()
            }
            Method::Text | Method::CallMobile => self.mobile.as_ref(),
            _ => None,
        }
    }

    fn coming<'a>(&'a self, method: &'a Method) -> Coming<'a> {
        Coming {
            method,
            device: self.of(method),
        }
    }
}

impl<'a> Possible<'a> {
    pub(super) fn new(policy: &'a Policy, subject: &'a Subject, now: Timestamp) -> Self {
        let mut possible = Self {
            policy,
            subject,
            account: AccountView::default(),
            context: Context::anywhere(now)
                .with_number_at_risk(false)
                .with_registered_elsewhere(false),
            devices: Devices::new(),
            ways: BTreeMap::new(),
        };
        while possible.find_more() {}
        possible
    }

    /// Looks for methods that can be registered after those that are known. Whether there were any.
    fn find_more(&mut self) -> bool {
        let mut found = Vec::new();
        for rule in self.policy.rules() {
            let Some(index) = self
                .policy
                .index(&rule.method)
                .filter(|index| !self.ways.contains_key(index))
            else {
                continue;
            };
            let before = std::iter::once(&[][..]).chain(self.ways.values().map(Vec::as_slice));
            let way = before
                .into_iter()
                .find(|before| self.can_be_added(&rule.method, before));
            if let Some(before) = way {
                found.push((
                    index,
                    before.iter().copied().chain([&rule.method]).collect(),
                ));
            }
        }
        let any = !found.is_empty();
        self.ways.extend(found);
        any
    }

    fn can_be_added(&self, method: &Method, after: &[&Method]) -> bool {
        let there: Vec<Coming<'_>> = after
            .iter()
            .map(|method| self.devices.coming(method))
            .collect();
        let case = self.case();
        let case = case.with(&there);
        [AddedBy::Person, AddedBy::Administrator]
            .into_iter()
            .any(|by| {
                case.addable(self.devices.coming(method), by, &mut YesNo)
                    .is_continue()
            })
    }

    fn case(&self) -> Case<'_> {
        Case::new(self.policy, self.subject, &self.account, &self.context)
    }

    /// Whether the person can come to have the method.
    pub(super) fn has(&self, method: &Method) -> bool {
        self.policy
            .index(method)
            .is_some_and(|index| self.ways.contains_key(&index))
    }

    /// Whether the method is on for the person now, with what it has to be on with.
    pub(super) fn is_available(&self, method: &Method) -> bool {
        self.case()
            .method_available(method, &mut YesNo)
            .is_continue()
    }

    /// Why the method is not available.
    pub(super) fn why_unavailable(&self, method: &Method) -> Vec<Reason> {
        let mut findings = Findings::default();
        let _ = self.case().method_available(method, &mut findings);
        findings.sorted().reasons
    }

    /// Why the method cannot be added after all that can be registered first, one at a time.
    pub(super) fn why_not_added_after(&self, method: &Method, first: &Method) -> Vec<Reason> {
        let way = self
            .policy
            .index(first)
            .and_then(|index| self.ways.get(&index));
        let there: Vec<Coming<'_>> = way
            .into_iter()
            .flatten()
            .map(|method| self.devices.coming(method))
            .collect();
        let mut findings = Findings::default();
        let _ = self.case().with(&there).addable(
            self.devices.coming(method),
            AddedBy::Person,
            &mut findings,
        );
        findings.sorted().reasons
    }

    /// What the person can come to have, in the order of the ranking.
    pub(super) fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        let mut rules: Vec<&Rule> = self
            .ways
            .keys()
            .filter_map(|&index| self.policy.rule_at(index))
            .collect();
        rules.sort_by_key(|rule| rule.rank);
        rules.into_iter()
    }

    /// Whether the method counts for the purpose, if it is registered.
    pub(super) fn accepts(&self, method: &Method, purpose: Purpose) -> bool {
        self.case()
            .accepts(method, purpose, &mut YesNo)
            .is_continue()
    }

    /// What the person can come to have for the purpose and keep.
    pub(super) fn lasting(&self, purpose: Purpose) -> Vec<&'a Rule> {
        self.rules()
            .filter(|rule| rule.method.lasts() && self.accepts(&rule.method, purpose))
            .collect()
    }

    /// Whether the person can come to reach the purpose, with that strength.
    pub(super) fn reaches(&self, purpose: Purpose, strength: Option<Strength>) -> bool {
        if purpose == Purpose::PasswordReset {
            return self.is_reset_offered()
                && self.reset_gates(|_| true).len() >= self.gates_needed();
        }
        self.lasting(purpose)
            .iter()
            .any(|rule| rule.strength >= strength)
    }

    pub(super) fn is_reset_offered(&self) -> bool {
        self.case().reset_offered(&mut YesNo).is_continue()
    }

    pub(super) fn gates_needed(&self) -> usize {
        usize::try_from(self.policy.reset_gates(self.subject)).unwrap_or(usize::MAX)
    }

    /// Independent methods for a password reset that the person can have together, of those that are wanted: as many as it
    /// takes, or the most that there can be.
    pub(super) fn reset_gates(&self, wanted: impl Fn(&Rule) -> bool) -> Vec<&'a Method> {
        let counts =
            |rule: &&Rule| self.accepts(&rule.method, Purpose::PasswordReset) && wanted(rule);
        self.gates_among(
            &self
                .rules()
                .filter(counts)
                .map(|rule| &rule.method)
                .collect::<Vec<_>>(),
        )
    }

    /// The same, of these methods, whether or not they count.
    pub(super) fn gates_among(&self, methods: &[&'a Method]) -> Vec<&'a Method> {
        let mut best = Vec::new();
        self.choose(methods, &mut Vec::new(), &mut Vec::new(), &mut best);
        best
    }

    /// Tries each choice of gates with everything that has to be registered for them.
    fn choose(
        &self,
        rest: &[&'a Method],
        gates: &mut Vec<&'a Method>,
        all: &mut Vec<&'a Method>,
        best: &mut Vec<&'a Method>,
    ) {
        if gates.len() > best.len() {
            best.clone_from(gates);
        }
        let mut rest = rest;
        while let [method, others @ ..] = rest {
            if best.len() >= self.gates_needed() {
                return;
            }
            rest = others;
            let registered = all.len();
            if gates.iter().all(|gate| !self.is_one_gate(gate, method))
                && self.registers(method, all)
            {
                gates.push(method);
                self.choose(others, gates, all, best);
                gates.pop();
            }
            all.truncate(registered);
        }
    }

    /// Adds the way to a method, as far as it is not there yet, if there is room.
    fn registers(&self, method: &Method, all: &mut Vec<&'a Method>) -> bool {
        let way = self
            .policy
            .index(method)
            .and_then(|index| self.ways.get(&index));
        for step in way.into_iter().flatten() {
            if !all.contains(step) {
                if !self.can_be_added(step, all) {
                    return false;
                }
                all.push(step);
            }
        }
        true
    }

    fn is_one_gate(&self, a: &Method, b: &Method) -> bool {
        let item = |coming: Coming<'_>| Item::coming(&coming).device.cloned();
        let on_one_device = item(self.devices.coming(a)).is_some()
            && item(self.devices.coming(a)) == item(self.devices.coming(b));
        on_one_device
            || self.policy.one_gate(
                &Item::coming(&Coming {
                    method: a,
                    device: None,
                }),
                &Item::coming(&Coming {
                    method: b,
                    device: None,
                }),
            )
    }

    /// What the person has to prove for the purpose at least, if it is more than nothing.
    pub(super) fn needs(&self, purpose: Purpose) -> Option<Strength> {
        self.case().needed_strength(purpose)
    }

    /// Whether something that the person can have counts for managing.
    pub(super) fn manages(&self) -> bool {
        self.rules().any(|rule| {
            rule.method.lasts() && self.case().manages_with(&rule.method, &mut YesNo).is_some()
        })
    }

    /// Whether the policy requires the purpose of the person.
    pub(super) fn is_required(&self, purpose: Purpose) -> bool {
        self.policy
            .each_required(self.subject)
            .any(|required| required.purpose == purpose)
    }
}
