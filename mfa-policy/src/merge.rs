//! Several policies in one: the stricter opinion on each field wins.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::draft::{
    AdministratorResetDraft, DefaultMethodDraft, MethodDraft, PolicyDraft, PoolDraft,
    ProposalsDraft, ResetDraft,
};
use crate::method::Method;
use crate::purpose::Purpose;

/// Merges policies, such as one of the organisation and one of a region, to the policy that satisfies all of them.
///
/// Neither the order of the drafts nor repetition matters. What is absent has no opinion, so a draft that does not mention a
/// method leaves it to the others; to forbid it, a draft says `enabled = false`. No drafts at all are
/// [`PolicyDraft::empty`]. Of the fields that several drafts have an opinion on, the stricter value wins:
///
/// | field | rule |
/// |---|---|
/// | `schema`, `ranking`, `proposals.campaign` | have no stricter value: all must agree, else there is a [`Conflict`] |
/// | `name` | all names, in order: `base + region` |
/// | `enabled`, `default` | true where all say true |
/// | `makes_default`, `restricted`, `authenticator_needs_others` | true where one says true |
/// | `include`, `purposes`, `needs` | what is in all lists |
/// | `exclude`, `needs_enabled`, `keep`, `backup`, `one_gate_without`, `counts_once`, `without` | what is in any list |
/// | `strength` | the lower: the method is trusted less |
/// | `registration` | `administrator` before `self_service` |
/// | `unique` | `organisation` before `account` |
/// | `sending` | `ask_first` before `automatic` |
/// | `sunset` | the earliest |
/// | `pools`, by name | the methods of all, the lowest `max` |
/// | `requirements` | all of them |
/// | `gates` | the highest |
/// | `freshness` and every other number of minutes, days, digits, failures | the stricter one, as the documentation of each section says |
///
/// The merged draft is a draft: [`PolicyDraft::validate`] says whether the opinions fit together. Lists of `needs` that have
/// nothing in common, for example, do not. One thing is settled here: a method that no longer counts for `two_step` is no
/// default.
///
/// ```
/// use mfa_policy::{Method, PolicyDraft, Preset, merge};
///
/// let region = PolicyDraft::from_toml("schema = 1\nmethods.text.sunset = '2027-02-01'\nmethods.call_office.enabled = false")?;
/// let merged = merge([Preset::SecurityInfo.draft(), region])?;
/// assert_eq!(merged.methods[&Method::CallOffice].enabled, Some(false));
/// assert!(merged.validate().is_ok());
///
/// let conflicts = merge([Preset::Entra.draft(), Preset::Nist.draft()]).unwrap_err();
/// assert_eq!(conflicts.as_slice()[0].path(), "ranking");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Drafts differ in a field that has no stricter value; with every such field.
pub fn merge(
    drafts: impl IntoIterator<Item: Borrow<PolicyDraft>>,
) -> Result<PolicyDraft, Conflicts> {
    let drafts: Vec<_> = drafts.into_iter().collect();
    let drafts: Vec<&PolicyDraft> = drafts.iter().map(Borrow::borrow).collect();
    let conflicts = conflicts(&drafts);
    if !conflicts.0.is_empty() {
        return Err(conflicts);
    }
    let first = drafts
        .first()
        .map_or_else(PolicyDraft::empty, |&draft| draft.clone());
    let mut merged = drafts
        .iter()
        .fold(first, |merged, draft| policy(&merged, draft));
    merged.name = joined_names(&drafts);
    merged.methods.values_mut().for_each(settle);
    Ok(merged)
}

/// Everything that the drafts differ in and that has no stricter value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
pub struct Conflicts(Vec<Conflict>);

/// A field that has no stricter value, and the different values that the drafts have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    path: &'static str,
    values: BTreeSet<String>,
}

impl Conflicts {
    /// The conflicts, field by field. There is at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[Conflict] {
        &self.0
    }
}

impl Conflict {
    /// The field.
    #[must_use]
    pub const fn path(&self) -> &'static str {
        self.path
    }

    /// The values, as text.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the policies differ, and none is stricter:",
            self.path
        )?;
        for (index, value) in self.values().enumerate() {
            write!(f, "{} `{value}`", if index == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl fmt::Display for Conflicts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, conflict) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            conflict.fmt(f)?;
        }
        Ok(())
    }
}

fn conflicts(drafts: &[&PolicyDraft]) -> Conflicts {
    let fields = [
        (
            "schema",
            values(drafts, |draft| Some(draft.schema.to_string())),
        ),
        (
            "ranking",
            values(drafts, |draft| draft.ranking.as_deref().map(listed)),
        ),
        (
            "proposals.campaign",
            values(drafts, |draft| {
                draft.proposals.campaign.as_ref().map(Method::to_string)
            }),
        ),
    ];
    let differing = fields.into_iter().filter(|(_, values)| values.len() > 1);
    Conflicts(
        differing
            .map(|(path, values)| Conflict { path, values })
            .collect(),
    )
}

fn values(
    drafts: &[&PolicyDraft],
    value: impl Fn(&PolicyDraft) -> Option<String>,
) -> BTreeSet<String> {
    drafts.iter().filter_map(|draft| value(draft)).collect()
}

fn listed(methods: &[Method]) -> String {
    let names: Vec<String> = methods.iter().map(Method::to_string).collect();
    names.join(", ")
}

const BETWEEN_NAMES: &str = " + ";

/// Every name once, also if some drafts were merged before.
fn joined_names(drafts: &[&PolicyDraft]) -> Option<String> {
    let names: BTreeSet<&str> = drafts
        .iter()
        .filter_map(|draft| draft.name.as_deref())
        .flat_map(|name| name.split(BETWEEN_NAMES))
        .collect();
    (!names.is_empty()).then(|| names.into_iter().collect::<Vec<_>>().join(BETWEEN_NAMES))
}

// Every field is written out below, so that a new field of a draft does not compile without its rule.

fn policy(a: &PolicyDraft, b: &PolicyDraft) -> PolicyDraft {
    PolicyDraft {
        schema: a.schema,
        name: None,
        ranking: agreed(&a.ranking, &b.ranking),
        methods: by_key(&a.methods, &b.methods, method),
        pools: by_key(&a.pools, &b.pools, pool),
        requirements: union(&a.requirements, &b.requirements),
        default_method: DefaultMethodDraft {
            keep: both(&a.default_method.keep, &b.default_method.keep, union),
        },
        proposals: ProposalsDraft {
            backup: both(&a.proposals.backup, &b.proposals.backup, union),
            campaign: agreed(&a.proposals.campaign, &b.proposals.campaign),
        },
        freshness: a.freshness.merge(&b.freshness),
        reset: reset(&a.reset, &b.reset),
        reset_limits: a.reset_limits.merge(&b.reset_limits),
        questions: a.questions.merge(&b.questions),
        lockout: a.lockout.merge(&b.lockout),
        password_lockout: a.password_lockout.merge(&b.password_lockout),
        challenge: a.challenge.merge(&b.challenge),
        temporary_pass: a.temporary_pass.merge(&b.temporary_pass),
        remembered_devices: a.remembered_devices.merge(&b.remembered_devices),
        reconfirmation: a.reconfirmation.merge(&b.reconfirmation),
        campaign: a.campaign.merge(&b.campaign),
    }
}

fn method(a: &MethodDraft, b: &MethodDraft) -> MethodDraft {
    MethodDraft {
        enabled: both(&a.enabled, &b.enabled, lower),
        include: both(&a.include, &b.include, intersection),
        exclude: both(&a.exclude, &b.exclude, union),
        purposes: both(&a.purposes, &b.purposes, intersection),
        strength: both(&a.strength, &b.strength, lower),
        registration: both(&a.registration, &b.registration, higher),
        needs: both(&a.needs, &b.needs, intersection),
        needs_enabled: both(&a.needs_enabled, &b.needs_enabled, union),
        unique: both(&a.unique, &b.unique, higher),
        default: both(&a.default, &b.default, lower),
        makes_default: both(&a.makes_default, &b.makes_default, higher),
        sending: both(&a.sending, &b.sending, higher),
        restricted: both(&a.restricted, &b.restricted, higher),
        sunset: both(&a.sunset, &b.sunset, lower),
        freshness: a.freshness.merge(&b.freshness),
    }
}

fn pool(a: &PoolDraft, b: &PoolDraft) -> PoolDraft {
    PoolDraft {
        methods: union(&a.methods, &b.methods),
        max: a.max.min(b.max),
    }
}

fn reset(a: &ResetDraft, b: &ResetDraft) -> ResetDraft {
    ResetDraft {
        enabled: both(&a.enabled, &b.enabled, lower),
        include: both(&a.include, &b.include, intersection),
        exclude: both(&a.exclude, &b.exclude, union),
        gates: both(&a.gates, &b.gates, higher),
        one_gate_without: both(&a.one_gate_without, &b.one_gate_without, union),
        counts_once: both(&a.counts_once, &b.counts_once, union),
        authenticator_needs_others: both(
            &a.authenticator_needs_others,
            &b.authenticator_needs_others,
            higher,
        ),
        administrators: AdministratorResetDraft {
            gates: both(&a.administrators.gates, &b.administrators.gates, higher),
            without: both(&a.administrators.without, &b.administrators.without, union),
        },
    }
}

/// A method that another draft keeps from two-step verification is no default, and does not make itself one.
fn settle(rule: &mut MethodDraft) {
    let two_step = rule
        .purposes
        .as_ref()
        .is_none_or(|purposes| purposes.contains(&Purpose::TwoStep));
    if !two_step {
        rule.default = rule.default.map(|_| false);
    }
    if rule.default == Some(false) {
        rule.makes_default = rule.makes_default.map(|_| false);
    }
}

/// What both opinions make of a field; an absent one is none.
fn both<T: Clone>(a: &Option<T>, b: &Option<T>, stricter: impl Fn(&T, &T) -> T) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(stricter(a, b)),
        (one, None) | (None, one) => one.clone(),
    }
}

/// The opinion of a field on which all agree.
fn agreed<T: Clone>(a: &Option<T>, b: &Option<T>) -> Option<T> {
    a.as_ref().or(b.as_ref()).cloned()
}

/// The first of two values in their order: false before true, the weaker strength, the earlier time.
fn lower<T: Ord + Clone>(a: &T, b: &T) -> T {
    a.min(b).clone()
}

fn higher<T: Ord + Clone>(a: &T, b: &T) -> T {
    a.max(b).clone()
}

fn intersection<T: Ord + Clone>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> BTreeSet<T> {
    a & b
}

fn union<T: Ord + Clone>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> BTreeSet<T> {
    a | b
}

fn by_key<K: Ord + Clone, V: Clone>(
    a: &BTreeMap<K, V>,
    b: &BTreeMap<K, V>,
    stricter: impl Fn(&V, &V) -> V,
) -> BTreeMap<K, V> {
    let mut merged = a.clone();
    for (key, value) in b {
        merged
            .entry(key.clone())
            .and_modify(|own| *own = stricter(own, value))
            .or_insert_with(|| value.clone());
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, btree_set, vec};
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::draft::{RegisteredBy, RequirementDraft, Sending, Unique};
    use crate::method::Strength;
    use crate::name::{Group, PoolName};
    use crate::preset::Preset;
    use crate::settings::{
        CampaignDraft, ChallengeDraft, FreshnessDraft, LockoutDraft, PasswordLockoutDraft,
        QuestionsDraft, ReconfirmationDraft, RememberedDevicesDraft, ResetLimitsDraft,
        TemporaryPassDraft,
    };
    use crate::subject::Role;
    use crate::timestamp::Timestamp;

    fn a_number() -> impl Strategy<Value = Option<i64>> {
        of(-1_i64..12)
    }

    fn a_flag() -> impl Strategy<Value = Option<bool>> {
        of(any::<bool>())
    }

    fn a_method() -> impl Strategy<Value = Method> {
        let external = "external:certificate".parse().unwrap();
        let mut methods = Method::BUILT_IN.to_vec();
        methods.push(external);
        select(methods)
    }

    fn methods() -> impl Strategy<Value = BTreeSet<Method>> {
        btree_set(a_method(), 0..5)
    }

    fn groups() -> impl Strategy<Value = Option<BTreeSet<Group>>> {
        of(btree_set(
            select(vec!["staff", "guests", "it"]).prop_map(|name| Group::new(name).unwrap()),
            0..3,
        ))
    }

    fn a_strength() -> impl Strategy<Value = Option<Strength>> {
        of(select(vec![
            Strength::TwoStep,
            Strength::Passwordless,
            Strength::PhishingResistant,
        ]))
    }

    fn a_freshness() -> impl Strategy<Value = FreshnessDraft> {
        (a_number(), a_number(), a_number(), a_number()).prop_map(
            |(add, remove, replace, administer)| FreshnessDraft {
                add,
                remove,
                replace,
                administer,
                ..FreshnessDraft::default()
            },
        )
    }

    fn a_rule() -> impl Strategy<Value = MethodDraft> {
        let who = (a_flag(), groups(), groups(), a_strength());
        let needs = (
            of(btree_set(select(Purpose::ALL.to_vec()), 0..6)),
            of(methods()),
            of(methods()),
            of(select(vec![
                RegisteredBy::SelfService,
                RegisteredBy::Administrator,
            ])),
            of(select(vec![Unique::Account, Unique::Organisation])),
        );
        let default = (
            a_flag(),
            a_flag(),
            of(select(vec![Sending::Automatic, Sending::AskFirst])),
            a_flag(),
            of((0_i64..5).prop_map(Timestamp::from_unix_seconds)),
            a_freshness(),
        );
        (who, needs, default).prop_map(
            |(
                (enabled, include, exclude, strength),
                (purposes, needs, needs_enabled, registration, unique),
                (default, makes_default, sending, restricted, sunset, freshness),
            )| MethodDraft {
                enabled,
                include,
                exclude,
                purposes,
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
            },
        )
    }

    fn a_reset() -> impl Strategy<Value = ResetDraft> {
        let general = (a_flag(), groups(), groups(), a_number());
        let special = (
            of(methods()),
            of(btree_set(methods(), 0..3)),
            a_flag(),
            a_number(),
            of(methods()),
        );
        (general, special).prop_map(
            |(
                (enabled, include, exclude, gates),
                (one_gate_without, counts_once, authenticator_needs_others, own_gates, without),
            )| ResetDraft {
                enabled,
                include,
                exclude,
                gates,
                one_gate_without,
                counts_once,
                authenticator_needs_others,
                administrators: AdministratorResetDraft {
                    gates: own_gates,
                    without,
                },
            },
        )
    }

    fn a_requirement() -> impl Strategy<Value = RequirementDraft> {
        (
            select(Purpose::ALL.to_vec()),
            a_strength(),
            of(select(vec![Role::User, Role::Administrator])),
            groups(),
            groups(),
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

    /// One field at least of each section: the rule of each field stands in the table of the sections.
    fn sections() -> impl Strategy<Value = PolicyDraft> {
        let texts = of(btree_set(
            select(vec!["mother?", "pet?"]).prop_map(str::to_owned),
            0..3,
        ));
        let numbers = vec(a_number(), 12);
        let flags = vec(a_flag(), 4);
        (numbers, flags, texts).prop_map(|(number, flag, own)| PolicyDraft {
            reset_limits: ResetLimitsDraft {
                session_minutes: number[0],
                locked_hours: number[1],
                ..ResetLimitsDraft::default()
            },
            questions: QuestionsDraft {
                register: number[2],
                own,
                ..QuestionsDraft::default()
            },
            lockout: LockoutDraft {
                free_failures: number[3],
                rolling_days: number[4],
                ..LockoutDraft::default()
            },
            password_lockout: PasswordLockoutDraft {
                failures: number[5],
                ..PasswordLockoutDraft::default()
            },
            challenge: ChallengeDraft {
                minutes: number[6],
                number_matching: flag[0],
                ..ChallengeDraft::default()
            },
            temporary_pass: TemporaryPassDraft {
                characters: number[7],
                one_time: flag[1],
                ..TemporaryPassDraft::default()
            },
            remembered_devices: RememberedDevicesDraft {
                enabled: flag[2],
                days: number[8],
            },
            reconfirmation: ReconfirmationDraft { days: number[9] },
            campaign: CampaignDraft {
                enabled: flag[3],
                snooze_days: number[10],
                ..CampaignDraft::default()
            },
            ..PolicyDraft::empty()
        })
    }

    fn a_draft() -> impl Strategy<Value = PolicyDraft> {
        let rules = btree_map(a_method(), a_rule(), 0..6);
        let pool = (methods(), -1_i64..9).prop_map(|(methods, max)| PoolDraft { methods, max });
        let name = select(vec!["apps", "phones"]).prop_map(|name| PoolName::new(name).unwrap());
        // Mostly one ranking and one campaign, so that most drafts agree.
        let ranking = prop_oneof![
            4 => Just(None),
            4 => Just(Some(vec![Method::SecurityKey, Method::Text])),
            1 => Just(Some(vec![Method::Text, Method::SecurityKey])),
        ];
        let campaign = prop_oneof![
            4 => Just(None),
            4 => Just(Some(Method::SecurityKey)),
            1 => Just(Some(Method::AuthenticatorPush)),
        ];
        let of_the_whole = (
            of(select(vec!["base", "region", "region + base"]).prop_map(str::to_owned)),
            ranking,
            campaign,
            of(methods()),
            of(methods()),
        );
        (
            of_the_whole,
            rules,
            btree_map(name, pool, 0..3),
            btree_set(a_requirement(), 0..3),
            a_freshness(),
            a_reset(),
            sections(),
        )
            .prop_map(
                |(
                    (name, ranking, campaign, keep, backup),
                    methods,
                    pools,
                    requirements,
                    freshness,
                    reset,
                    sections,
                )| PolicyDraft {
                    name,
                    ranking,
                    methods,
                    pools,
                    requirements,
                    default_method: DefaultMethodDraft { keep },
                    proposals: ProposalsDraft { backup, campaign },
                    freshness,
                    reset,
                    ..sections
                },
            )
    }

    proptest! {
        #[test]
        fn the_order_of_policies_does_not_matter(a in a_draft(), b in a_draft(), c in a_draft()) {
            let merged = merge([&a, &b, &c]);
            prop_assert_eq!(&merged, &merge([&c, &a, &b]));
            prop_assert_eq!(&merged, &merge([&b, &a, &c]));
        }

        #[test]
        fn it_does_not_matter_which_are_merged_first(a in a_draft(), b in a_draft(), c in a_draft()) {
            if let Ok(whole) = merge([&a, &b, &c]) {
                let first_two = merge([&a, &b]).unwrap();
                let last_two = merge([&b, &c]).unwrap();
                prop_assert_eq!(&whole, &merge([&first_two, &c]).unwrap());
                prop_assert_eq!(&whole, &merge([&a, &last_two]).unwrap());
            }
        }

        #[test]
        fn a_policy_merged_with_itself_is_itself(a in a_draft()) {
            let once = merge([&a]).unwrap();
            prop_assert_eq!(&once, &merge([&a, &a]).unwrap());
            prop_assert_eq!(&once, &merge([&once, &a]).unwrap());
            prop_assert_eq!(&once, &merge([&once, &PolicyDraft::empty()]).unwrap());
        }
    }

    #[test]
    fn a_preset_merged_alone_is_unchanged() {
        for preset in Preset::ALL {
            assert_eq!(merge([&preset.draft()]), Ok(preset.draft()));
        }
        assert_eq!(
            merge(std::iter::empty::<PolicyDraft>()),
            Ok(PolicyDraft::empty())
        );
    }

    /// One pair of opinions for each row of the table in the documentation, with what comes of it.
    #[test]
    fn the_stricter_opinion_wins_field_by_field() {
        let a = PolicyDraft::from_toml(
            r#"
            schema = 1
            name = "base"
            [methods.text]
            enabled = true
            include = ["staff", "guests"]
            exclude = ["interns"]
            purposes = ["two_step", "password_reset"]
            strength = "two_step"
            registration = "self_service"
            needs = ["email", "authenticator_code"]
            needs_enabled = ["email"]
            unique = "account"
            default = true
            makes_default = false
            sending = "automatic"
            restricted = false
            sunset = "2028-01-01"
            freshness.add = 20
            [methods.email]
            enabled = true
            [pools.phones]
            methods = ["text"]
            max = 3
            [[requirements]]
            purpose = "two_step"
            [default_method]
            keep = ["text"]
            [proposals]
            backup = ["text"]
            [freshness]
            remove = 5
            [reset]
            enabled = true
            gates = 1
            one_gate_without = ["text"]
            counts_once = [["text", "call_mobile"]]
            authenticator_needs_others = false
            administrators.gates = 3
            administrators.without = ["text"]
            [lockout]
            free_failures = 5
            first_delay_seconds = 30
            [questions]
            own = ["First pet?"]
            "#,
        )
        .unwrap();
        let b = PolicyDraft::from_toml(
            r#"
            schema = 1
            name = "region"
            ranking = ["text"]
            [methods.text]
            enabled = false
            include = ["staff"]
            exclude = ["visitors"]
            purposes = ["two_step", "step_up"]
            strength = "phishing_resistant"
            registration = "administrator"
            needs = ["email"]
            needs_enabled = ["call_mobile"]
            unique = "organisation"
            default = true
            makes_default = true
            sending = "ask_first"
            restricted = true
            sunset = "2027-02-01"
            freshness.add = 10
            [pools.phones]
            methods = ["call_mobile"]
            max = 2
            [[requirements]]
            purpose = "step_up"
            [default_method]
            keep = ["call_mobile"]
            [proposals]
            backup = ["email"]
            [freshness]
            remove = 10
            [reset]
            enabled = false
            gates = 2
            one_gate_without = ["email"]
            counts_once = [["email", "text"]]
            authenticator_needs_others = true
            administrators.gates = 2
            administrators.without = ["email"]
            [lockout]
            free_failures = 3
            first_delay_seconds = 60
            [questions]
            own = ["First car?"]
            "#,
        )
        .unwrap();
        let merged = PolicyDraft::from_toml(
            r#"
            schema = 1
            name = "base + region"
            ranking = ["text"]
            [methods.text]
            enabled = false
            include = ["staff"]
            exclude = ["interns", "visitors"]
            purposes = ["two_step"]
            strength = "two_step"
            registration = "administrator"
            needs = ["email"]
            needs_enabled = ["call_mobile", "email"]
            unique = "organisation"
            default = true
            makes_default = true
            sending = "ask_first"
            restricted = true
            sunset = "2027-02-01"
            freshness.add = 10
            [methods.email]
            enabled = true
            [pools.phones]
            methods = ["text", "call_mobile"]
            max = 2
            [[requirements]]
            purpose = "two_step"
            [[requirements]]
            purpose = "step_up"
            [default_method]
            keep = ["text", "call_mobile"]
            [proposals]
            backup = ["text", "email"]
            [freshness]
            remove = 5
            [reset]
            enabled = false
            gates = 2
            one_gate_without = ["text", "email"]
            counts_once = [["text", "call_mobile"], ["email", "text"]]
            authenticator_needs_others = true
            administrators.gates = 3
            administrators.without = ["text", "email"]
            [lockout]
            free_failures = 3
            first_delay_seconds = 60
            [questions]
            own = ["First car?", "First pet?"]
            "#,
        )
        .unwrap();
        assert_eq!(merge([&a, &b]), Ok(merged));
    }

    #[test]
    fn a_method_kept_from_two_step_verification_is_no_default() {
        let mut only_reset = PolicyDraft::empty();
        only_reset.methods.insert(
            Method::AuthenticatorPush,
            MethodDraft {
                purposes: Some(BTreeSet::from([Purpose::PasswordReset])),
                ..MethodDraft::default()
            },
        );
        let merged = merge([&Preset::SecurityInfo.draft(), &only_reset]).unwrap();
        let push = &merged.methods[&Method::AuthenticatorPush];
        assert_eq!(
            (push.default, push.makes_default),
            (Some(false), Some(false))
        );
        assert!(merged.validate().is_ok());
    }

    #[test]
    fn every_conflict_is_named() {
        let mut other = Preset::Nist.draft();
        other.schema = 2;
        let conflicts = merge([&Preset::Entra.draft(), &other]).unwrap_err();
        let paths: Vec<_> = conflicts.as_slice().iter().map(Conflict::path).collect();
        assert_eq!(paths, ["schema", "ranking", "proposals.campaign"]);
        let last = conflicts.as_slice().last().unwrap();
        assert_eq!(
            last.to_string(),
            "proposals.campaign: the policies differ, and none is stricter: `authenticator_push`, `security_key`"
        );
    }
}
