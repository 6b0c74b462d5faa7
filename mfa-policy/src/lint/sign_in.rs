//! Signing in: what people have to reach and cannot, and what lets in too easily.

use crate::method::{Method, Strength};
use crate::policy::Rule;
use crate::purpose::Purpose;
use crate::representatives::Who;
use crate::subject::Role;

use super::Lint;
use super::possible::Possible;
use super::review::Review;

/// SP 800-63B-4 §2.1.3: a session with one factor SHOULD last no longer.
const MOST_REMEMBERED_DAYS: u32 = 30;

pub(super) fn check(review: &Review<'_>, lints: &mut Vec<Lint>) {
    locked_out(review, lints);
    requirements(review, lints);
    methods_on_offer(review, lints);
    ways_around(review, lints);
    ranking(review, lints);
}

fn locked_out(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let cannot = |person: &Possible<'_>| person.lasting(Purpose::TwoStep).is_empty();
    let no_administrator = review.administrators().all(cannot);
    if no_administrator {
        lints.push(Lint::NoAdministrator);
    }
    let known = |person: &Possible<'_>, purpose| {
        no_administrator
            && purpose == Purpose::TwoStep
            && person.subject.role() == Role::Administrator
    };
    for purpose in Purpose::ALL {
        let unreachable = review.by_answer(|person| {
            let required = review
                .policy
                .each_required(person.subject)
                .find(|required| required.purpose == purpose)?;
            // Too few methods for a reset that is there are a finding of their own.
            let found_elsewhere = known(person, purpose)
                || (purpose == Purpose::PasswordReset && person.is_reset_offered());
            (!found_elsewhere && !person.reaches(purpose, required.strength))
                .then_some(required.strength)
        });
        for (strength, who) in unreachable {
            lints.push(Lint::RequiredUnreachable {
                purpose,
                strength,
                who,
            });
        }
    }
    if let Some(who) = review.who(|person| !cannot(person) && !person.manages()) {
        lints.push(Lint::CannotManage { who });
    }
    if let Some(who) = review.who(|person| {
        person.is_required(Purpose::TwoStep) && !cannot(person) && !can_be_helped(person)
    }) {
        lints.push(Lint::NoHelp { who });
    }
}

/// Whether an administrator can give the person something to sign in with.
fn can_be_helped(person: &Possible<'_>) -> bool {
    person.rules().any(|rule| {
        let method = &rule.method;
        method.can_be_registered_for_others()
            && [
                Purpose::TwoStep,
                Purpose::FirstFactor,
                Purpose::ManageSecurityInfo,
            ]
            .into_iter()
            .any(|purpose| person.accepts(method, purpose))
    })
}

fn requirements(review: &Review<'_>, lints: &mut Vec<Lint>) {
    for requirement in &review.policy.requirements {
        if review
            .who(|person| requirement.concerns(person.subject))
            .is_none()
        {
            lints.push(Lint::RequirementForNobody {
                purpose: requirement.purpose,
            });
        }
    }
    let somebody_can = review
        .people()
        .any(|person| !person.lasting(Purpose::TwoStep).is_empty());
    if somebody_can
        && !review
            .administrators()
            .any(|person| person.is_required(Purpose::TwoStep))
    {
        let nobody = !review
            .people()
            .any(|person| person.is_required(Purpose::TwoStep));
        let who = if nobody {
            Who::Everybody
        } else {
            Who::Administrators
        };
        lints.push(Lint::TwoStepNotRequired { who });
    }
    for user in review
        .people()
        .filter(|person| person.subject.role() == Role::User)
    {
        let same_as_administrator = user.subject.clone().administrator();
        for required in review.policy.each_required(user.subject) {
            let matched = review
                .policy
                .each_required(&same_as_administrator)
                .any(|other| {
                    other.purpose == required.purpose && other.strength >= required.strength
                });
            let none_at_all = required.purpose == Purpose::TwoStep
                && lints
                    .iter()
                    .any(|lint| matches!(lint, Lint::TwoStepNotRequired { .. }));
            if !matched && !none_at_all {
                lints.push(Lint::AdministratorsNeedLess {
                    purpose: required.purpose,
                    strength: required.strength,
                });
            }
        }
    }
}

fn methods_on_offer(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let only_telephones = |person: &Possible<'_>| {
        let methods = person.lasting(Purpose::TwoStep);
        !methods.is_empty() && methods.iter().all(|rule| rule.method.is_telephone())
    };
    if let Some(who) = review.who(only_telephones) {
        lints.push(Lint::TelephoneOnly { who });
    }
    let phishable = |person: &Possible<'_>| {
        let methods = person.lasting(Purpose::TwoStep);
        !methods.is_empty()
            && methods
                .iter()
                .all(|rule| rule.strength < Some(Strength::PhishingResistant))
    };
    if let Some(who) = review.who(|person| phishable(person) && !only_telephones(person)) {
        lints.push(Lint::NoPhishingResistant { who });
    }
    let unwatched: Vec<Method> = review
        .rules()
        .filter(|rule| rule.method.is_telephone() && !rule.restricted && !rule.purposes.is_empty())
        .map(|rule| rule.method.clone())
        .collect();
    if !unwatched.is_empty() {
        lints.push(Lint::NumberTakeOverUnwatched { methods: unwatched });
    }
}

fn ways_around(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let one_factor = |rule: &&Rule| {
        rule.purposes.contains(Purpose::FirstFactor)
            && rule.method != Method::TemporaryPass
            && rule.strength < Some(Strength::Passwordless)
            && review.people().any(|person| {
                person.has(&rule.method) && person.accepts(&rule.method, Purpose::FirstFactor)
            })
    };
    let methods: Vec<Method> = review
        .rules()
        .filter(one_factor)
        .map(|rule| rule.method.clone())
        .collect();
    if !methods.is_empty() {
        lints.push(Lint::SingleFactorSignIn { methods });
    }
    if let Some(who) = app_passwords(review) {
        lints.push(Lint::AppPasswordsSkipTwoStep { who });
    }
    let remembered = &review.policy.remembered_devices;
    if remembered.enabled && remembered.days > MOST_REMEMBERED_DAYS {
        lints.push(Lint::RememberedTooLong {
            days: remembered.days,
            most: MOST_REMEMBERED_DAYS,
        });
    }
    if remembered.enabled {
        for (needs, who) in review.by_answer(strong_need) {
            lints.push(Lint::RememberedSkipsStrength { needs, who });
        }
    }
}

/// What the person needs for signing in, if it is more than any second step.
pub(super) fn strong_need(person: &Possible<'_>) -> Option<Strength> {
    person
        .needs(Purpose::TwoStep)
        .filter(|&needs| needs > Strength::TwoStep)
}

fn app_passwords(review: &Review<'_>) -> Option<Who> {
    let method = Method::AppPassword;
    let skips = |person: &Possible<'_>| {
        person.is_required(Purpose::TwoStep)
            && person.has(&method)
            && person.accepts(&method, Purpose::LegacyClients)
    };
    let for_all = review
        .people()
        .filter(|person| person.is_required(Purpose::TwoStep))
        .all(skips);
    review.who(|person| skips(person) && (for_all || strong_need(person).is_some()))
}

fn ranking(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let ranked: Vec<&Rule> = review
        .rules()
        .filter(|rule| {
            rule.method.lasts()
                && rule.purposes.contains(Purpose::TwoStep)
                && rule.strength.is_some()
        })
        .collect();
    let weight = |rule: &Rule| (rule.strength, !rule.method.is_telephone());
    for (place, stronger) in ranked.iter().enumerate() {
        if let Some(weaker) = ranked
            .iter()
            .take(place)
            .find(|earlier| weight(earlier) < weight(stronger))
        {
            lints.push(Lint::WeakerRankedFirst {
                weaker: weaker.method.clone(),
                stronger: stronger.method.clone(),
            });
        }
    }
}
