//! What has no effect: methods that are on and that nobody can have or use, proposals of nothing.

use std::collections::BTreeMap;

use crate::method::{Method, Strength};
use crate::policy::Rule;
use crate::purpose::Purpose;
use crate::reason::Reason;

use super::Lint;
use super::possible::Possible;
use super::review::Review;

pub(super) fn check(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let on: Vec<&Rule> = review.policy.rules().filter(|rule| rule.enabled).collect();
    for rule in &on {
        lints.extend(out_of_reach(review, rule));
    }
    useless(review, &on, lints);
    proposals(review, lints);
}

/// Why nobody can have a method that is on.
fn out_of_reach(review: &Review<'_>, rule: &Rule) -> Option<Lint> {
    let method = rule.method.clone();
    if let Some(since) = rule.sunset.filter(|&since| since <= review.now) {
        return Some(Lint::MethodRetired { method, since });
    }
    let Some(member) = review
        .people()
        .find(|person| rule.audience.admits(person.subject))
    else {
        return Some(Lint::MethodForNobody { method });
    };
    let Some(person) = review.people().find(|person| person.is_available(&method)) else {
        let reasons = member.why_unavailable(&method);
        return reasons.into_iter().find_map(|reason| match reason {
            Reason::NeedsEnabled { other, .. } => Some(Lint::MethodNeedsUnavailable {
                method: method.clone(),
                other,
            }),
            _ => None,
        });
    };
    if review.people().any(|person| person.has(&method)) {
        return None;
    }
    let one_of = review.policy.methods_of(rule.needs.unwrap_or_default());
    let no_room = one_of
        .iter()
        .filter(|first| person.has(first))
        .find_map(|first| {
            person
                .why_not_added_after(&method, first)
                .into_iter()
                .find_map(|reason| match reason {
                    Reason::LimitReached { pool, limit, .. } => Some((pool, limit)),
                    _ => None,
                })
        });
    Some(match no_room {
        Some((pool, max)) => Lint::PoolTooSmall {
            pool,
            max,
            method,
            one_of,
        },
        None => Lint::MethodNeedsUnreachable { method, one_of },
    })
}

/// Methods that people can have and do nothing with.
fn useless(review: &Review<'_>, on: &[&Rule], lints: &mut Vec<Lint>) {
    let mut too_weak: BTreeMap<(Purpose, Strength), Vec<Method>> = BTreeMap::new();
    for rule in on {
        let method = &rule.method;
        let holders: Vec<&Possible<'_>> = review
            .people()
            .filter(|person| person.has(method))
            .collect();
        if holders.is_empty() || rule.purposes.is_empty() {
            continue;
        }
        let serves = |person: &Possible<'_>, purpose| {
            person.accepts(method, purpose)
                && (purpose != Purpose::PasswordReset || person.is_reset_offered())
        };
        let mut has_use = false;
        for purpose in rule.purposes.iter() {
            if holders.iter().any(|person| serves(person, purpose)) {
                has_use = true;
            } else if let Some(needs) = holders
                .iter()
                .map(|person| person.needs(purpose))
                .min()
                .flatten()
            {
                has_use = true;
                too_weak
                    .entry((purpose, needs))
                    .or_default()
                    .push(method.clone());
            }
        }
        if !has_use {
            lints.push(Lint::MethodWithoutUse {
                method: method.clone(),
            });
        }
    }
    lints.extend(
        too_weak
            .into_iter()
            .map(|((purpose, needs), methods)| Lint::MethodsTooWeak {
                purpose,
                needs,
                methods,
            }),
    );
}

fn proposals(review: &Review<'_>, lints: &mut Vec<Lint>) {
    let policy = review.policy;
    let nobody_has = |method: &Method| !review.people().any(|person| person.has(method));
    if policy.campaign.enabled && nobody_has(&policy.campaign_method) {
        lints.push(Lint::CampaignWithoutMethod {
            method: policy.campaign_method.clone(),
        });
    }
    let methods = policy.methods_of(policy.backup);
    if !policy.backup.is_empty() && methods.iter().all(nobody_has) {
        lints.push(Lint::BackupWithoutMethod { methods });
    }
}
