//! What will be missing when methods retire.

use std::collections::BTreeSet;

use crate::method::Method;
use crate::purpose::Purpose;
use crate::timestamp::Timestamp;

use super::Lint;
use super::possible::Possible;
use super::review::Review;

pub(super) fn check(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let dates: BTreeSet<Timestamp> = review
        .policy
        .rules()
        .filter_map(|rule| rule.sunset)
        .filter(|&date| date > review.now)
        .collect();
    let mut before = review.at(review.now);
    for at in dates {
        let after = review.at(at);
        let retiring: Vec<Method> = review
            .policy
            .rules()
            .filter(|rule| {
                rule.sunset == Some(at) && before.people().any(|person| person.has(&rule.method))
            })
            .map(|rule| rule.method.clone())
            .collect();
        let lost = |reached: &dyn Fn(&Possible<'_>) -> bool| {
            before.who(|person| {
                reached(person)
                    && !after
                        .people()
                        .any(|later| later.subject == person.subject && reached(later))
            })
        };
        for purpose in [
            Purpose::TwoStep,
            Purpose::PasswordReset,
            Purpose::ManageSecurityInfo,
        ] {
            if let Some(who) = lost(&|person| person.reaches(purpose, None)) {
                lints.push(Lint::SunsetLeavesNothing {
                    purpose,
                    at,
                    methods: retiring.clone(),
                    who,
                });
            }
        }
        let has_default = |person: &Possible<'_>| {
            person
                .lasting(Purpose::TwoStep)
                .iter()
                .any(|rule| rule.default)
        };
        let stays =
            |person: &Possible<'_>| has_default(person) || !person.reaches(Purpose::TwoStep, None);
        let lost_default = before.who(|person| {
            has_default(person)
                && !after
                    .people()
                    .any(|later| later.subject == person.subject && stays(later))
        });
        if let Some(who) = lost_default {
            lints.push(Lint::SunsetLeavesNoDefault {
                at,
                methods: retiring,
                who,
            });
        }
        before = after;
    }
}
