//! Whether one policy is at least as strict as another.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::diff::{Difference, Direction, Question, Search};
use crate::draft::{MethodDraft, RequirementDraft, ResetDraft};
use crate::method::{Method, Strength};
use crate::name::Group;
use crate::policy::{Policy, Rule};
use crate::purpose::Purpose;
use crate::settings::{
    Campaign, Challenge, Freshness, Lockout, PasswordLockout, Questions, Reconfirmation,
    RememberedDevices, ResetLimits, TemporaryPass,
};
use crate::subject::Role;

/// How strict a policy is, compared with another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "strictness", content = "because", rename_all = "snake_case")]
pub enum Strictness {
    /// Whatever it allows, the other one allows too. This is proven, field by field.
    AtLeastAsStrict,
    /// It allows this, and the other one does not.
    Looser(Box<Difference>),
    /// Neither is shown. In these fields it is not known to be as strict.
    Undecided(Vec<String>),
}

/// Whether the new policy is at least as strict as the old one.
///
/// What counts is what gives somebody something: using, adding, confirming and renaming methods, choosing a default, resetting
/// a password, and what administrators do. Removing and replacing count as far as their own rules go (who has to be able to
/// reach what, how old a proof may be), but it is no looser to let go of a method that no longer counts. Numbers that only the
/// server acts on (lockouts, lengths, lifetimes) count by the direction in which each is stricter, so they never make a policy
/// [`Strictness::Looser`], which always has a case to show.
///
/// The proof is by fields: if each one is at least as strict, then so is the whole. Where a field is not, a case is looked for
/// as [`diff`](crate::diff()) does. A policy can be stricter without either being found; a higher number of gates, for example,
/// lets methods count that one gate alone would not take.
///
/// ```
/// use mfa_policy::{Preset, Strictness, at_least_as_strict};
///
/// let old = Preset::SecurityInfo.policy();
/// let mut draft = Preset::SecurityInfo.draft();
/// draft.reset.gates = Some(3);
/// let new = draft.validate()?;
///
/// assert_eq!(at_least_as_strict(&new, &old), Strictness::AtLeastAsStrict);
/// assert!(matches!(at_least_as_strict(&old, &new), Strictness::Looser(_)));
/// # Ok::<(), mfa_policy::Report>(())
/// ```
#[must_use]
pub fn at_least_as_strict(new: &Policy, old: &Policy) -> Strictness {
    let looser = Comparison::new(new, old).looser_fields();
    if looser.is_empty() {
        return Strictness::AtLeastAsStrict;
    }
    let guards = [
        "requirements",
        "default_method.keep",
        "freshness.remove",
        "freshness.replace",
    ];
    let guards_differ = looser
        .iter()
        .any(|field| guards.iter().any(|guard| field.ends_with(guard)));
    let search = Search::new(old, new);
    let counts = |question: &Question| {
        guards_differ || !matches!(question, Question::Remove { .. } | Question::Replace { .. })
    };
    let found = search.everything();
    let case = found
        .iter()
        .find(|found| found.direction == Direction::Allowed && counts(&found.question));
    case.map_or_else(
        || Strictness::Undecided(looser.into_iter().collect()),
        |found| Strictness::Looser(Box::new(search.line(found))),
    )
}

/// The comparison of each field. A field is looser if something could be allowed because of it that was not before.
struct Comparison<'a> {
    new: &'a Policy,
    old: &'a Policy,
    methods: BTreeSet<&'a Method>,
    looser: BTreeSet<String>,
}

impl<'a> Comparison<'a> {
    fn new(new: &'a Policy, old: &'a Policy) -> Self {
        let methods = [new, old]
            .into_iter()
            .flat_map(Policy::rules)
            .map(|rule| &rule.method)
            .collect();
        Self {
            new,
            old,
            methods,
            looser: BTreeSet::new(),
        }
    }

    fn looser_fields(mut self) -> BTreeSet<String> {
        for method in self.methods.clone() {
            self.method(method);
            self.freshness(method);
        }
        let general = Freshness::looser_fields(&self.new.freshness, &self.old.freshness);
        // Adding and choosing are for methods with a rule; the others are for what is registered, whatever it is.
        let for_all = general
            .into_iter()
            .filter(|field| matches!(*field, "remove" | "rename" | "administer"));
        self.looser
            .extend(for_all.map(|field| format!("freshness.{field}")));
        self.managing();
        self.pools();
        self.requirements();
        self.keep_default();
        if self.has_reset(self.new) {
            self.reset();
        }
        self.numbers();
        self.looser
    }

    fn note(&mut self, is_looser: bool, path: impl FnOnce() -> String) {
        if is_looser {
            self.looser.insert(path());
        }
    }

    fn method(&mut self, method: &Method) {
        let Some((new, new_draft)) = on(self.new, method) else {
            return;
        };
        let Some((old, old_draft)) = on(self.old, method) else {
            return self.note(true, || path(method, "enabled"));
        };
        let field = |name: &'static str| move || path(method, name);
        let (for_new, for_old) = (Targets::of_method(new_draft), Targets::of_method(old_draft));
        self.note(!for_new.are_within(&for_old), field("include"));
        let lasts_longer = old
            .sunset
            .is_some_and(|old| new.sunset.is_none_or(|new| new > old));
        self.note(lasts_longer, field("sunset"));
        let still_needed = new_draft.needs_enabled.clone().unwrap_or_default();
        let needed = old_draft.needs_enabled.iter().flatten();
        let let_go = needed.into_iter().any(|other| {
            !still_needed.contains(other) && !self.was_there_with(other, new, &for_new)
        });
        self.note(let_go, field("needs_enabled"));
        self.note(
            new.purposes
                .iter()
                .any(|purpose| !old.purposes.contains(purpose)),
            field("purposes"),
        );
        self.note(new.strength > old.strength, field("strength"));
        self.note(new.self_service && !old.self_service, field("registration"));
        self.note(
            old.unique_in_organisation && !new.unique_in_organisation,
            field("unique"),
        );
        let has_less_to_have = match (&new_draft.needs, &old_draft.needs) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(new), Some(old)) => !new.is_subset(old),
        };
        self.note(has_less_to_have, field("needs"));
        self.note(new.default && !old.default, field("default"));
        self.note(old.restricted && !new.restricted, field("restricted"));
    }

    /// Whether the other method was there in the old policy for all these people as long as the new rule lasts.
    fn was_there_with(&self, other: &Method, new: &Rule, people: &Targets<'_>) -> bool {
        on(self.old, other).is_some_and(|(rule, draft)| {
            let lasts = rule
                .sunset
                .is_none_or(|end| new.sunset.is_some_and(|sunset| sunset <= end));
            lasts && people.are_within(&Targets::of_method(draft))
        })
    }

    /// The ages that hold for the method, whether it has its own or the general ones.
    fn freshness(&mut self, method: &Method) {
        let is_on = on(self.new, method).is_some();
        for field in
            Freshness::looser_fields(self.new.freshness(method), self.old.freshness(method))
        {
            if is_on || matches!(field, "remove" | "rename" | "administer") {
                let own = |policy: &Policy| {
                    policy
                        .draft()
                        .methods
                        .get(method)
                        .is_some_and(|rule| !rule.freshness.is_default())
                };
                let is_own = own(self.new) || own(self.old);
                self.note(true, || {
                    if is_own {
                        path(method, &format!("freshness.{field}"))
                    } else {
                        format!("freshness.{field}")
                    }
                });
            }
        }
    }

    /// A proof for managing has to be as strong as the strongest method that somebody holds, up to what is required, whether the
    /// method is on or off. So where more than two steps is required, a strong method that no longer is for managing lets weaker
    /// ones prove.
    fn managing(&mut self) {
        let requirements = &self.old.draft().requirements;
        let strong = requirements.iter().any(|requirement| {
            requirement.purpose == Purpose::ManageSecurityInfo
                && requirement.strength > Some(Strength::TwoStep)
        });
        if !strong {
            return;
        }
        let strength = |policy: &Policy, method: &Method| {
            let rule = policy.rule(method)?;
            let manages = rule.purposes.contains(Purpose::ManageSecurityInfo);
            rule.strength.filter(|_| manages)
        };
        for method in self.methods.clone() {
            let (new, old) = (strength(self.new, method), strength(self.old, method));
            self.note(old > Some(Strength::TwoStep) && new < old, || {
                path(method, "purposes")
            });
        }
    }

    fn pools(&mut self) {
        for pool in &self.old.pools {
            let methods = self.old.methods_of(pool.methods);
            // A larger pool is not stricter: a device that shares with one of its other methods is always let in.
            let is_kept = self
                .new
                .pools
                .iter()
                .any(|new| new.max <= pool.max && self.new.methods_of(new.methods) == methods);
            let matters = methods.iter().any(|method| on(self.new, method).is_some());
            self.note(matters && !is_kept, || format!("pools.{}", pool.name));
        }
    }

    fn requirements(&mut self) {
        let new = &self.new.draft().requirements;
        let is_kept = |old: &RequirementDraft| {
            let for_old = Targets {
                include: old.include.as_ref(),
                exclude: old.exclude.as_ref(),
            };
            for_old.are_nobody()
                || new.iter().any(|new| {
                    let for_new = Targets {
                        include: new.include.as_ref(),
                        exclude: new.exclude.as_ref(),
                    };
                    new.purpose == old.purpose
                        && new.strength >= old.strength
                        && (new.role.is_none() || new.role == old.role)
                        && for_old.are_within(&for_new)
                })
        };
        let is_looser = !self.old.draft().requirements.iter().all(is_kept);
        self.note(is_looser, || "requirements".to_owned());
    }

    fn keep_default(&mut self) {
        let kept = |policy: &'a Policy| policy.methods_of(policy.keep_default);
        let new = kept(self.new);
        let is_looser = kept(self.old)
            .iter()
            .any(|method| !new.contains(method) && on(self.new, method).is_some());
        self.note(is_looser, || "default_method.keep".to_owned());
    }

    fn has_reset(&self, policy: &Policy) -> bool {
        policy.reset.enabled && !Targets::of_reset(&policy.draft().reset).are_nobody()
    }

    fn reset(&mut self) {
        let (new, old) = (self.new, self.old);
        if !self.has_reset(old) {
            return self.note(true, || "reset.enabled".to_owned());
        }
        let (for_new, for_old) = (
            Targets::of_reset(&new.draft().reset),
            Targets::of_reset(&old.draft().reset),
        );
        self.note(!for_new.are_within(&for_old), || "reset.include".to_owned());
        // What does not count in the new policy anyway needs no rule against it.
        let counting: Vec<&Method> = self
            .methods
            .iter()
            .copied()
            .filter(|method| {
                on(new, method)
                    .is_some_and(|(rule, _)| rule.purposes.contains(Purpose::PasswordReset))
            })
            .collect();
        let gates = |policy: &Policy, role| match role {
            Role::User => policy.reset.gates,
            Role::Administrator => policy.reset.administrator_gates.max(policy.reset.gates),
        };
        self.note(gates(new, Role::User) < gates(old, Role::User), || {
            "reset.gates".to_owned()
        });
        let fewer = gates(new, Role::Administrator) < gates(old, Role::Administrator);
        self.note(fewer, || "reset.administrators.gates".to_owned());

        let for_administrators =
            |policy: &Policy| policy.methods_of(policy.reset.administrators_without);
        let for_one_gate = |policy: &Policy| policy.methods_of(policy.reset.one_gate_without);
        let left_out = |policy: &Policy, role, method: &Method| {
            (role == Role::Administrator && for_administrators(policy).contains(method))
                || (gates(policy, role) == 1 && for_one_gate(policy).contains(method))
        };
        for method in &counting {
            for role in [Role::User, Role::Administrator] {
                let is_let_in = left_out(old, role, method) && !left_out(new, role, method);
                let by_administrators =
                    role == Role::Administrator && for_administrators(old).contains(method);
                self.note(is_let_in, || {
                    if by_administrators {
                        "reset.administrators.without"
                    } else {
                        "reset.one_gate_without"
                    }
                    .to_owned()
                });
            }
        }
        let together = |policy: &Policy, one: &Method, other: &Method| {
            let holds_both = |list: &crate::method_set::MethodSet| {
                let methods = policy.methods_of(*list);
                methods.contains(one) && methods.contains(other)
            };
            policy.reset.counts_once.iter().any(holds_both)
        };
        let is_parted = counting.iter().enumerate().any(|(place, one)| {
            counting
                .iter()
                .skip(place)
                .any(|other| together(old, one, other) && !together(new, one, other))
        });
        self.note(is_parted, || "reset.counts_once".to_owned());
    }

    /// The numbers and switches, each with a direction.
    fn numbers(&mut self) {
        let (new, old) = (self.new, self.old);
        let mut sections = vec![
            (
                "questions",
                Questions::looser_fields(&new.questions, &old.questions),
            ),
            (
                "lockout",
                Lockout::looser_fields(&new.lockout, &old.lockout),
            ),
            (
                "password_lockout",
                PasswordLockout::looser_fields(&new.password_lockout, &old.password_lockout),
            ),
            (
                "challenge",
                Challenge::looser_fields(&new.challenge, &old.challenge),
            ),
            (
                "reconfirmation",
                Reconfirmation::looser_fields(&new.reconfirmation, &old.reconfirmation),
            ),
            (
                "campaign",
                Campaign::looser_fields(&new.campaign, &old.campaign),
            ),
        ];
        if self.has_reset(new) {
            sections.push((
                "reset_limits",
                ResetLimits::looser_fields(&new.reset_limits, &old.reset_limits),
            ));
        }
        if new.remembered_devices.enabled {
            let looser =
                RememberedDevices::looser_fields(&new.remembered_devices, &old.remembered_devices);
            sections.push(("remembered_devices", looser));
        }
        if on(new, &Method::TemporaryPass).is_some() {
            sections.push((
                "temporary_pass",
                TemporaryPass::looser_fields(&new.temporary_pass, &old.temporary_pass),
            ));
            // A shorter pass than before can be issued.
            let shorter = new.temporary_pass.least_minutes < old.temporary_pass.least_minutes;
            self.note(shorter, || "temporary_pass.least_minutes".to_owned());
        }
        for (section, fields) in sections {
            self.looser
                .extend(fields.into_iter().map(|field| format!("{section}.{field}")));
        }
    }
}

/// The rule of a method that is on for somebody, with its draft.
fn on<'a>(policy: &'a Policy, method: &Method) -> Option<(&'a Rule, &'a MethodDraft)> {
    let rule = policy.rule(method).filter(|rule| rule.enabled)?;
    let draft = policy.draft().methods.get(method)?;
    (!Targets::of_method(draft).are_nobody()).then_some((rule, draft))
}

fn path(method: &Method, field: &str) -> String {
    // A key with a colon is quoted in TOML.
    match method {
        Method::External(_) => format!("methods.\"{method}\".{field}"),
        _ => format!("methods.{method}.{field}"),
    }
}

/// Groups that are in, and groups that are out. Out wins.
#[derive(Clone, Copy)]
struct Targets<'a> {
    include: Option<&'a BTreeSet<Group>>,
    exclude: Option<&'a BTreeSet<Group>>,
}

impl<'a> Targets<'a> {
    const fn of_method(draft: &'a MethodDraft) -> Self {
        Self {
            include: draft.include.as_ref(),
            exclude: draft.exclude.as_ref(),
        }
    }

    const fn of_reset(draft: &'a ResetDraft) -> Self {
        Self {
            include: draft.include.as_ref(),
            exclude: draft.exclude.as_ref(),
        }
    }

    fn is_out(&self, group: &Group) -> bool {
        self.exclude.is_some_and(|out| out.contains(group))
    }

    /// The groups that let somebody in who is in no other; `None` if no group is needed.
    fn doors(&self) -> Option<Vec<&'a Group>> {
        Some(
            self.include?
                .iter()
                .filter(|group| !self.is_out(group))
                .collect(),
        )
    }

    fn are_nobody(&self) -> bool {
        self.doors().is_some_and(|doors| doors.is_empty())
    }

    /// Whether everybody in these is in the other ones, whatever the groups of people are.
    fn are_within(&self, others: &Self) -> bool {
        if self.are_nobody() {
            return true;
        }
        let includes_all = match (self.doors(), others.include) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(doors), Some(include)) => doors.iter().all(|group| include.contains(*group)),
        };
        // Somebody who is let in here may be in that group as well.
        includes_all
            && others
                .exclude
                .into_iter()
                .flatten()
                .all(|group| self.is_out(group))
    }
}

#[cfg(test)]
mod tests;
