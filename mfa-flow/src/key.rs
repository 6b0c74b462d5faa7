//! Whose account it is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use mfa_policy::PersonId;

/// The longest name of a tenant in bytes.
const LONGEST: usize = 256;

/// An organisation whose people are kept apart from those of others. Compared as bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(Arc<str>);

/// A tenant's name that is empty, longer than 256 bytes or holds a control character.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tenant has 1 to 256 bytes and no control characters")]
pub struct TenantIdError(());

impl TenantId {
    /// Takes 1 to 256 bytes of text.
    ///
    /// # Errors
    /// The text is empty, too long, or holds a control character.
    pub fn new(text: &str) -> Result<Self, TenantIdError> {
        if text.is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(TenantIdError(()));
        }
        Ok(Self(text.into()))
    }

    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The key of an account: tenant and person.
///
/// The person is one opaque identifier, compared as bytes. Map names, addresses and their variants to it first, or each
/// variant has a budget of guesses of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    tenant: TenantId,
    holder: Holder,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Holder {
    Person(PersonId),
    Decoy(u16),
}

impl AccountKey {
    /// The account of a person.
    #[must_use]
    pub const fn new(tenant: TenantId, person: PersonId) -> Self {
        Self {
            tenant,
            holder: Holder::Person(person),
        }
    }

    pub(crate) const fn decoy(tenant: TenantId, number: u16) -> Self {
        Self {
            tenant,
            holder: Holder::Decoy(number),
        }
    }

    /// The tenant.
    #[must_use]
    pub const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The person; `None` for a decoy.
    #[must_use]
    pub const fn person(&self) -> Option<&PersonId> {
        match &self.holder {
            Holder::Person(person) => Some(person),
            Holder::Decoy(_) => None,
        }
    }

    /// Whether this stands for somebody who does not exist, see [`Flow::decoy`](crate::Flow::decoy).
    #[must_use]
    pub const fn is_decoy(&self) -> bool {
        matches!(self.holder, Holder::Decoy(_))
    }

    /// A key from the two columns that a store kept: the tenant and [`holder`](Self::holder). `None` if they are not what
    /// this crate wrote.
    #[must_use]
    pub fn from_stored(tenant: &str, holder: &str) -> Option<Self> {
        let tenant = TenantId::new(tenant).ok()?;
        let Some(number) = holder.strip_prefix('\u{1}') else {
            return Some(Self::new(tenant, PersonId::new(holder).ok()?));
        };
        let decoy = Self::decoy(tenant, number.parse().ok()?);
        // One key has one text: no sign, no leading zero.
        (decoy.holder() == holder).then_some(decoy)
    }

    /// The person as a column of a table. A decoy begins with a control character, which no identifier of a person has.
    #[must_use]
    pub fn holder(&self) -> Cow<'_, str> {
        match &self.holder {
            Holder::Person(person) => Cow::Borrowed(person.as_str()),
            Holder::Decoy(number) => Cow::Owned(format!("\u{1}{number}")),
        }
    }
}
