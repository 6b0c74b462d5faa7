//! Whose account it is.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
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
    Decoy(u16, TypedName),
}

/// A keyed hash of the name that was typed, for what a decoy shows. It is no part of the key: two names of one number are one row.
#[derive(Clone, Copy, Debug, Default)]
struct TypedName([u8; 16]);

impl PartialEq for TypedName {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TypedName {}

impl PartialOrd for TypedName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for TypedName {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Hash for TypedName {
    fn hash<H: Hasher>(&self, _: &mut H) {}
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

    pub(crate) const fn decoy(tenant: TenantId, number: u16, typed: [u8; 16]) -> Self {
        Self {
            tenant,
            holder: Holder::Decoy(number, TypedName(typed)),
        }
    }

    /// Which of the names that share a row was typed; `None` for a person. What is counted for one is not counted for the others.
    pub(crate) const fn typed_name(&self) -> Option<u64> {
        match &self.holder {
            Holder::Person(_) => None,
            Holder::Decoy(_, TypedName([a, b, c, d, e, f, g, h, ..])) => {
                Some(u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]))
            }
        }
    }

    /// Of what is drawn that is shown where there is nothing: who it is, or the name that was typed.
    pub(crate) fn shown_as(&self) -> Cow<'_, [u8]> {
        match &self.holder {
            Holder::Person(person) => Cow::Borrowed(person.as_str().as_bytes()),
            Holder::Decoy(_, TypedName(typed)) => Cow::Owned(typed.to_vec()),
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
            Holder::Decoy(..) => None,
        }
    }

    /// Whether this stands for somebody who does not exist, see [`Flow::decoy`](crate::Flow::decoy).
    #[must_use]
    pub const fn is_decoy(&self) -> bool {
        matches!(self.holder, Holder::Decoy(..))
    }

    /// A key from the two columns that a store kept: the tenant and [`holder`](Self::holder). `None` if they are not what
    /// this crate wrote.
    #[must_use]
    pub fn from_stored(tenant: &str, holder: &str) -> Option<Self> {
        let tenant = TenantId::new(tenant).ok()?;
        let Some(number) = holder.strip_prefix('\u{1}') else {
            return Some(Self::new(tenant, PersonId::new(holder).ok()?));
        };
        let decoy = Self::decoy(tenant, number.parse().ok()?, [0; 16]);
        // One key has one text: no sign, no leading zero.
        (decoy.holder() == holder).then_some(decoy)
    }

    /// The person as a column of a table. A decoy begins with a control character, which no identifier of a person has.
    #[must_use]
    pub fn holder(&self) -> Cow<'_, str> {
        match &self.holder {
            Holder::Person(person) => Cow::Borrowed(person.as_str()),
            Holder::Decoy(number, _) => Cow::Owned(format!("\u{1}{number}")),
        }
    }
}
