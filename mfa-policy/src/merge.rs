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
mod tests;
