//! Which differences say no more than others do.

use crate::draft::PolicyDraft;
use crate::method::Method;
use crate::policy::Policy;
use crate::purpose::Purpose;
use crate::settings::FreshnessDraft;

use super::{Direction, Found, Question};

/// Whether a difference is only the consequence of another one.
pub(super) fn follows(one: &Found, all: &[Found], old: &Policy, new: &Policy) -> bool {
    let is_there = |question: &Question, direction| {
        all.iter()
            .any(|other| other.question == *question && other.direction == direction)
    };
    let two_step = |method: &Method, direction| {
        is_there(
            &Question::Use {
                method: method.clone(),
                purpose: Purpose::TwoStep,
            },
            direction,
        )
    };
    let is_added = |method: &Method| {
        is_there(
            &Question::Add {
                methods: vec![method.clone()],
            },
            one.direction,
        )
    };
    // A method that counts no longer is no loss, and makes the others more precious.
    let is_worth_another = || {
        all.iter()
            .any(|other| matches!(other.question, Question::Use { .. }))
            && guards_are_alike(old, new)
    };
    match &one.question {
        Question::Confirm { methods } | Question::AdministratorAdds { methods } => {
            methods.iter().all(is_added)
        }
        Question::Replace { methods } => methods.iter().all(is_added) || is_worth_another(),
        Question::Remove { .. } => is_worth_another(),
        Question::SetDefault { methods } => {
            methods.iter().all(|method| two_step(method, one.direction))
        }
        Question::Default { methods } => {
            methods
                .iter()
                .all(|method| two_step(method, Direction::Denied))
                || new_default(one, new).is_some_and(|method| two_step(method, Direction::Allowed))
        }
        _ => false,
    }
}

fn new_default<'a>(one: &'a Found, new: &Policy) -> Option<&'a Method> {
    let default = one.witness.default_method(new)?;
    Some(
        one.witness
            .account
            .registration(default.registration())?
            .method(),
    )
}

/// Whether removing and replacing are guarded by the same rules in both.
fn guards_are_alike(old: &Policy, new: &Policy) -> bool {
    let minutes = |freshness: &FreshnessDraft| (freshness.remove, freshness.replace);
    let of_methods = |draft: &PolicyDraft| {
        let each = draft
            .methods
            .iter()
            .map(|(method, rule)| (method.clone(), minutes(&rule.freshness)));
        each.filter(|(_, minutes)| *minutes != (None, None))
            .collect::<Vec<_>>()
    };
    let (old, new) = (old.draft(), new.draft());
    old.requirements == new.requirements
        && old.default_method == new.default_method
        && minutes(&old.freshness) == minutes(&new.freshness)
        && of_methods(old) == of_methods(new)
}
