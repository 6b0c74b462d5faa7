//! Whom a question is about.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::name::{Group, PersonId};

/// The part a person plays for the rules of password reset and administration.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Anybody.
    #[default]
    User,
    /// Somebody who may act on the accounts of others.
    Administrator,
}

/// A person, as far as a policy looks at one: an identifier, the role and the groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "a person", deny_unknown_fields)]
pub struct Subject {
    id: PersonId,
    #[serde(default)]
    role: Role,
    #[serde(default)]
    groups: BTreeSet<Group>,
}

impl Subject {
    /// A user in no group.
    #[must_use]
    pub const fn new(id: PersonId) -> Self {
        Self {
            id,
            role: Role::User,
            groups: BTreeSet::new(),
        }
    }

    /// The same person as an administrator.
    #[must_use]
    pub fn administrator(mut self) -> Self {
        self.role = Role::Administrator;
        self
    }

    /// The same person, also in that group.
    #[must_use]
    pub fn in_group(mut self, group: Group) -> Self {
        self.groups.insert(group);
        self
    }

    /// The person.
    #[must_use]
    pub const fn id(&self) -> &PersonId {
        &self.id
    }

    /// The role.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The groups, without repetition.
    #[must_use]
    pub const fn groups(&self) -> &BTreeSet<Group> {
        &self.groups
    }
}
