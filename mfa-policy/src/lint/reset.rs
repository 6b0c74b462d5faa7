//! Password reset: who cannot do it, and who can too easily.

use crate::method::{Method, Strength};
use crate::policy::Rule;
use crate::purpose::Purpose;
use crate::subject::Role;

use super::possible::Possible;
use super::review::{Review, is_weak};
use super::sign_in::strong_need;
use super::{Lint, ResetLimit};

pub(super) fn check(review: &Review<'_>, lints: &mut Vec<Lint>) {
    if !review.policy.reset.enabled {
        return;
    }
    if review.who(Possible::is_reset_offered).is_none() {
        lints.push(Lint::ResetForNobody);
        return;
    }
    too_few(review, lints);
    weaker_than_sign_in(review, lints);
    weak_gate(review, lints);
}

fn count(methods: &[&Method]) -> u32 {
    u32::try_from(methods.len()).unwrap_or(u32::MAX)
}

fn too_few(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let too_few = review.by_answer(|person| {
        let gates = review.policy.reset_gates(person.subject);
        let has = count(&person.reset_gates(|_| true));
        (person.is_reset_offered() && has < gates).then(|| (gates, has, in_the_way(review, person)))
    });
    for ((gates, has, limit), who) in too_few {
        lints.push(Lint::TooFewResetMethods {
            gates,
            has,
            limit,
            who,
        });
    }
}

/// Which list would have to be shorter; if none is to blame, there are too many gates.
fn in_the_way(review: &Review<'_>, person: &Possible<'_>) -> ResetLimit {
    let reset = &review.policy.reset;
    let for_a_reset: Vec<&Method> = person
        .rules()
        .filter(|rule| rule.purposes.contains(Purpose::PasswordReset))
        .map(|rule| &rule.method)
        .collect();
    let listed = |methods: crate::method_set::MethodSet, method: &Method| {
        review
            .policy
            .index(method)
            .is_some_and(|index| methods.contains(index))
    };
    let enough_without = |left_out: &dyn Fn(&Method) -> bool| {
        let methods: Vec<&Method> = for_a_reset
            .iter()
            .copied()
            .filter(|method| !left_out(method))
            .collect();
        person.gates_among(&methods).len() >= person.gates_needed()
    };
    let administrator = person.subject.role() == Role::Administrator;
    let one_gate =
        |method: &Method| person.gates_needed() == 1 && listed(reset.one_gate_without, method);
    let administrators =
        |method: &Method| administrator && listed(reset.administrators_without, method);
    if enough_without(&administrators) {
        ResetLimit::OneGateWithout
    } else if enough_without(&one_gate) {
        ResetLimit::AdministratorsWithout
    } else if count(&for_a_reset) >= review.policy.reset_gates(person.subject)
        && !reset.counts_once.is_empty()
    {
        ResetLimit::CountsOnce
    } else {
        ResetLimit::Gates
    }
}

fn weaker_than_sign_in(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let weaker = review.by_answer(|person| {
        let (needs, methods) = weak_way_in(person)?;
        Some((needs, review.policy.reset_gates(person.subject), methods))
    });
    for ((needs, gates, methods), who) in weaker {
        lints.push(Lint::ResetWeakerThanSignIn {
            needs,
            gates,
            methods,
            who,
        });
    }
}

/// Methods that are enough for the person's reset, though far from what signing in takes.
fn weak_way_in(person: &Possible<'_>) -> Option<(Strength, Vec<Method>)> {
    let needs = strong_need(person)?;
    let gates = person.gates_needed();
    // Two proofs of two-step strength are not much less than one that cannot be phished; one is.
    let far_weaker =
        |rule: &Rule| is_weak(&rule.method) || (gates == 1 && rule.strength < Some(needs));
    let methods = person.reset_gates(far_weaker);
    let enough = person.is_reset_offered() && methods.len() >= gates;
    enough.then(|| (needs, methods.into_iter().cloned().collect()))
}

fn weak_gate(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let weak = review.by_answer(|person| {
        if !person.is_reset_offered() || person.gates_needed() != 1 || weak_way_in(person).is_some()
        {
            return None;
        }
        let weak = |rule: &&Rule| {
            is_weak(&rule.method) && person.accepts(&rule.method, Purpose::PasswordReset)
        };
        let methods: Vec<Method> = person
            .rules()
            .filter(weak)
            .map(|rule| rule.method.clone())
            .collect();
        (!methods.is_empty()).then_some(methods)
    });
    for (methods, who) in weak {
        lints.push(Lint::WeakSingleGate { methods, who });
    }
}
