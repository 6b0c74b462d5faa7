//! A policy as it is written down: everything optional, nothing checked yet.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::method::{Method, Strength};
use crate::name::{Group, PoolName};
use crate::purpose::Purpose;
use crate::settings::{
    CampaignDraft, ChallengeDraft, FreshnessDraft, LockoutDraft, PasswordLockoutDraft,
    QuestionsDraft, ReconfirmationDraft, RememberedDevicesDraft, ResetLimitsDraft,
    TemporaryPassDraft,
};
use crate::subject::Role;
use crate::timestamp::Timestamp;

/// A policy as it is written in TOML or JSON. [`PolicyDraft::validate`] makes a [`Policy`](crate::Policy) of it.
///
/// What is absent has no opinion when drafts are [merged](crate::merge), and is the default, mostly "off", when a draft is validated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyDraft {
    /// The version of this format: 1.
    pub schema: i64,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Which method goes before which where nobody has chosen: the most secure first. Methods that are not named come last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Vec<Method>>,
    /// The rules, method by method. A method that is not mentioned is denied.
    #[serde(
        default,
        deserialize_with = "each_key_once",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub methods: BTreeMap<Method, MethodDraft>,
    /// Limits over several methods together.
    #[serde(
        default,
        deserialize_with = "each_key_once",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    pub pools: BTreeMap<PoolName, PoolDraft>,
    /// Who needs what. The strongest that applies to a person holds.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub requirements: BTreeSet<RequirementDraft>,
    /// The default method of two-step verification.
    #[serde(default, skip_serializing_if = "DefaultMethodDraft::is_default")]
    pub default_method: DefaultMethodDraft,
    /// What is proposed to people.
    #[serde(default, skip_serializing_if = "ProposalsDraft::is_default")]
    pub proposals: ProposalsDraft,
    /// How old a proof may be.
    #[serde(default, skip_serializing_if = "FreshnessDraft::is_default")]
    pub freshness: FreshnessDraft,
    /// Password reset.
    #[serde(default, skip_serializing_if = "ResetDraft::is_default")]
    pub reset: ResetDraft,
    /// The limits of a password reset.
    #[serde(default, skip_serializing_if = "ResetLimitsDraft::is_default")]
    pub reset_limits: ResetLimitsDraft,
    /// Security questions.
    #[serde(default, skip_serializing_if = "QuestionsDraft::is_default")]
    pub questions: QuestionsDraft,
    /// Failures of a second factor.
    #[serde(default, skip_serializing_if = "LockoutDraft::is_default")]
    pub lockout: LockoutDraft,
    /// Wrong passwords.
    #[serde(default, skip_serializing_if = "PasswordLockoutDraft::is_default")]
    pub password_lockout: PasswordLockoutDraft,
    /// Challenges and codes.
    #[serde(default, skip_serializing_if = "ChallengeDraft::is_default")]
    pub challenge: ChallengeDraft,
    /// Temporary passes.
    #[serde(default, skip_serializing_if = "TemporaryPassDraft::is_default")]
    pub temporary_pass: TemporaryPassDraft,
    /// Devices on which the second step is skipped.
    #[serde(default, skip_serializing_if = "RememberedDevicesDraft::is_default")]
    pub remembered_devices: RememberedDevicesDraft,
    /// Asking whether the security info is still right.
    #[serde(default, skip_serializing_if = "ReconfirmationDraft::is_default")]
    pub reconfirmation: ReconfirmationDraft,
    /// Asking people to register a better method.
    #[serde(default, skip_serializing_if = "CampaignDraft::is_default")]
    pub campaign: CampaignDraft,
}

/// Who may register a method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RegisteredBy {
    /// The person.
    #[default]
    SelfService,
    /// Only an administrator.
    Administrator,
}

/// Within what a device may be registered once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unique {
    /// Within the account.
    #[default]
    Account,
    /// Within the whole organisation.
    Organisation,
}

/// Whether a code is sent, or a call placed, without asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Sending {
    /// At once.
    #[default]
    Automatic,
    /// After the person said so.
    AskFirst,
}

/// The rule of one method.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MethodDraft {
    /// Whether it is on. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Only for members of one of these groups. Absent: for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<BTreeSet<Group>>,
    /// Not for members of any of these groups, included or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<BTreeSet<Group>>,
    /// What it counts for. Default: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purposes: Option<BTreeSet<Purpose>>,
    /// How strong it is. Default: the highest that the method can have, but `two_step` for an external one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Who may register it. Default `self_service`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration: Option<RegisteredBy>,
    /// One of these has to be registered first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<BTreeSet<Method>>,
    /// All of these have to be available to the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs_enabled: Option<BTreeSet<Method>>,
    /// Within what a device may be registered once. Default `account`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique: Option<Unique>,
    /// Whether it may be chosen as the default of two-step verification. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
    /// Whether finishing its registration makes it the default, also beside an earlier one. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub makes_default: Option<bool>,
    /// Whether a default is sent without asking. Default `automatic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sending: Option<Sending>,
    /// Whether it is used with care only: signs of a take-over of the number must be looked for before each use
    /// (SP 800-63B-4 §3.1.3.3). Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted: Option<bool>,
    /// From this time on it is retired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sunset: Option<Timestamp>,
    /// How old a proof may be for this method, where that differs from the general rule.
    #[serde(skip_serializing_if = "FreshnessDraft::is_default")]
    pub freshness: FreshnessDraft,
}

/// A limit over several methods together. What counts is devices, so push and code of one authenticator are one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PoolDraft {
    /// The methods that count together.
    pub methods: BTreeSet<Method>,
    /// The most devices, 1 to 256.
    pub max: i64,
}

/// What some people need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequirementDraft {
    /// The purpose that these people must be able to reach, and that takes no weaker proof.
    pub purpose: Purpose,
    /// The strength. Absent: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<Strength>,
    /// Only for that role. Absent: for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Only for members of one of these groups. Absent: for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub include: Option<BTreeSet<Group>>,
    /// Not for members of any of these groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclude: Option<BTreeSet<Group>>,
}

/// The default method of two-step verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct DefaultMethodDraft {
    /// Methods that cannot be removed while they are the default: another one has to be chosen first. The others are
    /// followed by another available method. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<BTreeSet<Method>>,
}

/// What is proposed to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ProposalsDraft {
    /// Methods of which one is proposed as a backup to a person with a single device. Default: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backup: Option<BTreeSet<Method>>,
    /// The method that the registration campaign asks for. Default `authenticator_push`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Method>,
}

/// Password reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ResetDraft {
    /// Whether people may reset their password. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Only for members of one of these groups. Absent: for everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include: Option<BTreeSet<Group>>,
    /// Not for members of any of these groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude: Option<BTreeSet<Group>>,
    /// How many independent proofs it takes, 1 to 4. Default 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates: Option<i64>,
    /// Methods that do not count where one gate is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_gate_without: Option<BTreeSet<Method>>,
    /// Lists of methods that count as one gate together, whatever the devices. Registrations on one device always do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_once: Option<BTreeSet<BTreeSet<Method>>>,
    /// Whether at least as many other methods as there are gates must be on beside the authenticator app. Default false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authenticator_needs_others: Option<bool>,
    /// What differs for administrators.
    #[serde(skip_serializing_if = "AdministratorResetDraft::is_default")]
    pub administrators: AdministratorResetDraft,
}

/// What differs in the password reset of an administrator.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct AdministratorResetDraft {
    /// How many independent proofs it takes, 1 to 4, but never fewer than for others. Default 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gates: Option<i64>,
    /// Methods that do not count. Default: security questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub without: Option<BTreeSet<Method>>,
}

macro_rules! is_default {
    ($($name:ident)*) => {$(
        impl $name {
            pub(crate) fn is_default(&self) -> bool {
                *self == Self::default()
            }
        }
    )*};
}
is_default!(DefaultMethodDraft ProposalsDraft ResetDraft AdministratorResetDraft);

/// A text that is no draft of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {text}")]
pub struct DraftError {
    line: usize,
    column: usize,
    text: String,
}

impl DraftError {
    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }

    /// What is wrong.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PolicyDraft {
    /// A draft that mentions nothing, so that everything is denied.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            schema: 1,
            name: None,
            ranking: None,
            methods: BTreeMap::new(),
            pools: BTreeMap::new(),
            requirements: BTreeSet::new(),
            default_method: DefaultMethodDraft::default(),
            proposals: ProposalsDraft::default(),
            freshness: FreshnessDraft::default(),
            reset: ResetDraft::default(),
            reset_limits: ResetLimitsDraft::default(),
            questions: QuestionsDraft::default(),
            lockout: LockoutDraft::default(),
            password_lockout: PasswordLockoutDraft::default(),
            challenge: ChallengeDraft::default(),
            temporary_pass: TemporaryPassDraft::default(),
            remembered_devices: RememberedDevicesDraft::default(),
            reconfirmation: ReconfirmationDraft::default(),
            campaign: CampaignDraft::default(),
        }
    }

    /// Reads a draft in TOML.
    ///
    /// # Errors
    /// The text is no TOML, has an unknown field or a value of another type; with line and column.
    pub fn from_toml(text: &str) -> Result<Self, DraftError> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let before = error
                .span()
                .and_then(|span| text.get(..span.start))
                .unwrap_or("");
            let last_line = before.rsplit('\n').next().unwrap_or("");
            DraftError {
                line: before.matches('\n').count().saturating_add(1),
                column: last_line.chars().count().saturating_add(1),
                text: error.message().to_owned(),
            }
        })
    }

    /// Reads a draft in JSON.
    ///
    /// # Errors
    /// The text is no JSON, has an unknown field or a value of another type; with line and column.
    pub fn from_json(text: &str) -> Result<Self, DraftError> {
        serde_json::from_str(text).map_err(|error| {
            // Its columns are bytes, and 0 before the first.
            let line = text
                .lines()
                .nth(error.line().saturating_sub(1))
                .unwrap_or("");
            let before = (0..error.column())
                .rev()
                .find_map(|end| line.get(..end))
                .unwrap_or("");
            DraftError {
                line: error.line().max(1),
                column: before.chars().count().saturating_add(1),
                text: without_place(&error.to_string()),
            }
        })
    }

    /// The draft in TOML.
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Maps with text keys, texts, numbers, lists: nothing that TOML could not hold.
        toml::to_string(self).unwrap_or_default()
    }

    /// The draft in JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// `serde_json` puts the place at the end of its texts; it has fields of its own here.
fn without_place(text: &str) -> String {
    text.rsplit_once(" at line ")
        .map_or(text, |(message, _)| message)
        .to_owned()
}

/// Reads a map, and refuses a key that is there twice: a policy that says two things says nothing.
fn each_key_once<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    struct Entries<K, V>(PhantomData<(K, V)>);

    impl<'de, K, V> Visitor<'de> for Entries<K, V>
    where
        K: Deserialize<'de> + Ord + fmt::Display,
        V: Deserialize<'de>,
    {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = access.next_entry::<K, V>()? {
                if map.contains_key(&key) {
                    return Err(A::Error::custom(format_args!("`{key}` is there twice")));
                }
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(Entries(PhantomData))
}
