//! What was ever bound to an account (SP 800-63B-4 §4.1).

use mfa_policy::{Method, PersonId, RegistrationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::operation::Operation;

/// Entries that are kept in the account; of more the oldest go, and stand in the audit log only.
const MOST: usize = 128;

/// Something that was bound or taken off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryEntry {
    #[serde(rename = "id")]
    pub(crate) registration: RegistrationId,
    pub(crate) method: Method,
    pub(crate) at: Timestamp,
    pub(crate) what: Binding,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<PersonId>,
}

/// What happened to a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Binding {
    /// It was bound, after its test.
    Bound,
    /// It was taken off.
    Removed,
    /// It was disabled after too many failures in a row.
    Disabled,
    /// An administrator switched it off.
    Deactivated,
}

impl HistoryEntry {
    /// Which registration.
    #[must_use]
    pub const fn registration(&self) -> &RegistrationId {
        &self.registration
    }

    /// Of which method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What happened.
    #[must_use]
    pub const fn what(&self) -> Binding {
        self.what
    }

    /// Who did it; `None` for the person.
    #[must_use]
    pub const fn by(&self) -> Option<&PersonId> {
        self.by.as_ref()
    }
}

impl Operation<'_> {
    /// Writes down what happens to a registration now, and who does it.
    pub(crate) fn write_down(
        &mut self,
        what: Binding,
        registration: RegistrationId,
        method: Method,
    ) {
        let entry = HistoryEntry {
            registration,
            method,
            at: self.now(),
            what,
            by: self.by(),
        };
        self.account.remember_binding(entry);
    }
}

impl Account {
    pub(crate) fn remember_binding(&mut self, entry: HistoryEntry) {
        if self.record.history.len() >= MOST {
            self.record.history.remove(0);
        }
        self.record.history.push(entry);
    }
}
