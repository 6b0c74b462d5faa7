//! Random drafts that validate: drawn field by field, full or sparse, and then made right where fields go together.

use std::collections::{BTreeMap, BTreeSet};

use mfa_policy::{
    AdministratorResetDraft, CampaignDraft, DefaultMethodDraft, FreshnessDraft, Group, Method,
    MethodDraft, Policy, PolicyDraft, PoolDraft, PoolName, Preset, ProposalsDraft, Purpose,
    ReconfirmationDraft, RegisteredBy, RememberedDevicesDraft, RequirementDraft, ResetDraft,
    ResetLimitsDraft, Sending, Strength, TemporaryPassDraft, Unique,
};
use proptest::{collection, option, prelude::*, sample::select};

use super::{group, method, methods, people::role, time};

/// The policy of a draft that is right.
///
/// # Panics
/// The draft is not right, which is a mistake in this module.
pub(crate) fn validated(draft: &PolicyDraft) -> Policy {
    draft.validate().unwrap_or_else(|report| {
        panic!("no random draft has errors:\n{report}\n{}", draft.to_toml())
    })
}

/// How likely things are there.
#[derive(Clone, Copy, Debug)]
struct Density {
    rule: f64,
    on: f64,
    purpose: f64,
    /// Whatever narrows a rule: groups, dependencies, dates.
    limit: f64,
}

const FULL: Density = Density {
    rule: 0.95,
    on: 0.95,
    purpose: 0.85,
    limit: 0.08,
};
const MIXED: Density = Density {
    rule: 0.7,
    on: 0.75,
    purpose: 0.6,
    limit: 0.3,
};
const SPARSE: Density = Density {
    rule: 0.25,
    on: 0.8,
    purpose: 0.6,
    limit: 0.2,
};

/// A draft that validates.
pub(crate) fn draft() -> impl Strategy<Value = PolicyDraft> {
    prop_oneof![
        2 => edited_preset().boxed(),
        3 => drawn(FULL).boxed(),
        2 => drawn(MIXED).boxed(),
        1 => drawn(SPARSE).boxed(),
    ]
}

/// A preset, some of whose rules and parts are those of a drawn draft.
fn edited_preset() -> impl Strategy<Value = PolicyDraft> {
    let kept = collection::vec(prop::bool::weighted(0.9), methods().len());
    let parts = collection::vec(prop::bool::weighted(0.2), 6);
    (select(&Preset::ALL[..]), drawn(MIXED), kept, parts).prop_map(
        |(preset, drawn, kept, parts)| {
            let mut draft = preset.draft();
            for (method, kept) in methods().into_iter().zip(kept) {
                if !kept {
                    match drawn.methods.get(&method) {
                        Some(rule) => draft.methods.insert(method, rule.clone()),
                        None => draft.methods.remove(&method),
                    };
                }
            }
            let mut parts = parts.into_iter();
            let mut drawn_instead = || parts.next() == Some(true);
            if drawn_instead() {
                draft.pools = drawn.pools;
            }
            if drawn_instead() {
                draft.requirements = drawn.requirements;
            }
            if drawn_instead() {
                draft.reset = drawn.reset;
            }
            if drawn_instead() {
                draft.freshness = drawn.freshness;
            }
            if drawn_instead() {
                draft.default_method = drawn.default_method;
            }
            if drawn_instead() {
                draft.temporary_pass = drawn.temporary_pass;
            }
            make_right(&mut draft);
            draft
        },
    )
}

fn drawn(density: Density) -> impl Strategy<Value = PolicyDraft> {
    let what = (
        rules(density),
        option::of(Just(methods()).prop_shuffle()),
        collection::vec(pool(), 0..=3),
        collection::btree_set(requirement(), 0..=2),
        option::weighted(0.5, collection::btree_set(method(), 1..=30)),
        (option::of(few_methods()), option::of(method())),
    );
    let numbers = (
        freshness(),
        reset(),
        option::weighted(0.3, 5..=60_i64),
        temporary_pass(),
        (option::of(any::<bool>()), option::of(1..=365_i64)),
        option::of(select(vec![0, 1, 30, 730])),
        (option::of(any::<bool>()), option::of(0..=14_i64)),
    );
    (what, numbers).prop_map(|(what, numbers)| {
        let (methods, ranking, pools, requirements, keep, (backup, campaign_method)) = what;
        let (freshness, reset, session, pass, remembered, reconfirm, campaign) = numbers;
        let mut draft = PolicyDraft {
            ranking,
            methods,
            pools: pools.into_iter().collect(),
            requirements,
            default_method: DefaultMethodDraft { keep },
            proposals: ProposalsDraft {
                backup,
                campaign: campaign_method,
            },
            freshness,
            reset,
            reset_limits: ResetLimitsDraft {
                session_minutes: session,
                ..ResetLimitsDraft::default()
            },
            temporary_pass: pass,
            remembered_devices: RememberedDevicesDraft {
                enabled: remembered.0,
                days: remembered.1,
            },
            reconfirmation: ReconfirmationDraft { days: reconfirm },
            campaign: CampaignDraft {
                enabled: campaign.0,
                snooze_days: campaign.1,
                ..CampaignDraft::default()
            },
            ..PolicyDraft::empty()
        };
        make_right(&mut draft);
        draft
    })
}

/// Takes away what validation would refuse, and nothing else.
pub(crate) fn make_right(draft: &mut PolicyDraft) {
    let known: BTreeSet<Method> = draft.methods.keys().cloned().collect();
    for (method, rule) in &mut draft.methods {
        let others = |methods: Option<BTreeSet<Method>>| {
            let mut methods = methods?;
            methods.retain(|other| other != method && known.contains(other));
            (!methods.is_empty()).then_some(methods)
        };
        rule.needs = others(rule.needs.take());
        rule.needs_enabled = others(rule.needs_enabled.take());
        if let Some(purposes) = &mut rule.purposes {
            purposes.retain(|&purpose| method.possible_purposes().contains(purpose));
        }
        if rule.strength > method.highest_strength() {
            rule.strength = None;
        }
        let two_step = rule
            .purposes
            .as_ref()
            .is_some_and(|purposes| purposes.contains(&Purpose::TwoStep));
        if !method.can_be_default() || !two_step {
            rule.default = None;
        }
        if rule.default != Some(true) {
            rule.makes_default = None;
        }
        if *method == Method::AuthenticatorPush {
            rule.sending = None;
        }
        if !method.can_be_registered_for_others() {
            rule.registration = None;
        }
    }
    if let Some(ranking) = &mut draft.ranking {
        ranking.retain(|method| method.possible_purposes().contains(Purpose::TwoStep));
    }
    draft.pools.retain(|_, pool| !pool.methods.is_empty());
    draft.requirements = std::mem::take(&mut draft.requirements)
        .into_iter()
        .map(|mut requirement| {
            if matches!(
                requirement.purpose,
                Purpose::PasswordReset | Purpose::LegacyClients
            ) {
                requirement.strength = None;
            }
            requirement
        })
        .collect();
    // What this asks of the other rules is a rule of validation, not of decisions.
    draft.reset.authenticator_needs_others = None;
}

fn rules(density: Density) -> impl Strategy<Value = BTreeMap<Method, MethodDraft>> {
    let rules: Vec<_> = methods()
        .into_iter()
        .map(|method| {
            option::weighted(density.rule, rule(density))
                .prop_map(move |rule| rule.map(|rule| (method.clone(), rule)))
                // Without a box, all the rules lie on the stack.
                .boxed()
        })
        .collect();
    rules.prop_map(|rules| rules.into_iter().flatten().collect())
}

fn rule(density: Density) -> impl Strategy<Value = MethodDraft> {
    let Density {
        on, purpose, limit, ..
    } = density;
    let audience = (
        option::weighted(limit, groups()),
        option::weighted(limit, groups()),
    );
    let purposes = collection::vec(prop::bool::weighted(purpose), Purpose::ALL.len());
    let limits = (
        option::weighted(limit, select(&STRENGTHS[..])),
        option::weighted(limit, Just(RegisteredBy::Administrator)),
        option::weighted(limit, few_methods()),
        option::weighted(limit, few_methods()),
        option::weighted(limit, Just(Unique::Organisation)),
        option::weighted(limit, any::<bool>()),
        option::weighted(limit, time()),
    );
    let rest = (
        option::weighted(0.7, any::<bool>()),
        option::weighted(0.4, any::<bool>()),
        option::weighted(0.3, Just(Sending::AskFirst)),
        prop_oneof![3 => Just(FreshnessDraft::default()), 1 => freshness()],
    );
    (prop::bool::weighted(on), audience, purposes, limits, rest).prop_map(
        |(enabled, (include, exclude), purposes, limits, rest)| {
            let (strength, registration, needs, needs_enabled, unique, restricted, sunset) = limits;
            let (default, makes_default, sending, freshness) = rest;
            let purposes = Purpose::ALL.into_iter().zip(purposes);
            let purposes = purposes.filter_map(|(purpose, counts)| counts.then_some(purpose));
            MethodDraft {
                enabled: Some(enabled),
                include,
                exclude,
                purposes: Some(purposes.collect()),
                strength,
                registration,
                needs,
                needs_enabled,
                unique,
                default,
                makes_default,
                sending,
                restricted,
                sunset,
                freshness,
            }
        },
    )
}

const STRENGTHS: [Strength; 3] = [
    Strength::TwoStep,
    Strength::Passwordless,
    Strength::PhishingResistant,
];

fn groups() -> impl Strategy<Value = BTreeSet<Group>> {
    collection::btree_set(group(), 1..=2)
}

fn few_methods() -> impl Strategy<Value = BTreeSet<Method>> {
    collection::btree_set(method(), 1..=3)
}

fn pool() -> impl Strategy<Value = (PoolName, PoolDraft)> {
    (
        select(vec!["authenticators", "phones", "keys"]),
        collection::btree_set(method(), 1..=6),
        1..=4_i64,
    )
        .prop_map(|(name, methods, max)| {
            let name = PoolName::new(name).unwrap();
            (name, PoolDraft { methods, max })
        })
}

fn requirement() -> impl Strategy<Value = RequirementDraft> {
    (
        prop_oneof![
            3 => Just(Purpose::TwoStep),
            1 => select(&Purpose::ALL[..]),
        ],
        option::of(select(&STRENGTHS[..])),
        option::weighted(0.2, role()),
        option::weighted(0.3, groups()),
        option::weighted(0.2, groups()),
    )
        .prop_map(
            |(purpose, strength, role, include, exclude)| RequirementDraft {
                purpose,
                strength,
                role,
                include,
                exclude,
            },
        )
}

fn freshness() -> impl Strategy<Value = FreshnessDraft> {
    let minutes = || option::weighted(0.3, select(vec![1, 5, 10, 15, 60, 1_440]));
    (
        minutes(),
        minutes(),
        minutes(),
        minutes(),
        minutes(),
        minutes(),
    )
        .prop_map(
            |(add, remove, replace, rename, set_default, administer)| FreshnessDraft {
                add,
                remove,
                replace,
                rename,
                set_default,
                administer,
            },
        )
}

fn reset() -> impl Strategy<Value = ResetDraft> {
    (
        option::weighted(0.9, prop::bool::weighted(0.8)),
        option::weighted(0.15, groups()),
        option::weighted(0.15, groups()),
        option::weighted(0.8, 1..=3_i64),
        option::weighted(0.3, few_methods()),
        option::weighted(
            0.3,
            collection::btree_set(collection::btree_set(method(), 2..=3), 1..=2),
        ),
        option::weighted(0.5, 1..=3_i64),
        option::weighted(0.3, few_methods()),
    )
        .prop_map(
            |(
                enabled,
                include,
                exclude,
                gates,
                one_gate_without,
                counts_once,
                administrator_gates,
                without,
            )| {
                ResetDraft {
                    enabled,
                    include,
                    exclude,
                    gates,
                    one_gate_without,
                    counts_once,
                    authenticator_needs_others: None,
                    administrators: AdministratorResetDraft {
                        gates: administrator_gates,
                        without,
                    },
                }
            },
        )
}

/// A shortest, an own and a longest life that fit together.
fn temporary_pass() -> impl Strategy<Value = TemporaryPassDraft> {
    let minutes = select(vec![
        None,
        Some((10, 10, 10)),
        Some((60, 120, 480)),
        Some((10, 60, 43_200)),
    ]);
    (minutes, option::of(any::<bool>())).prop_map(|(minutes, one_time)| TemporaryPassDraft {
        least_minutes: minutes.map(|(least, _, _)| least),
        minutes: minutes.map(|(_, minutes, _)| minutes),
        most_minutes: minutes.map(|(_, _, most)| most),
        one_time,
        ..TemporaryPassDraft::default()
    })
}
