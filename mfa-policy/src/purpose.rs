//! What a proof is for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a method is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The second step after the password.
    TwoStep,
    /// One gate of a password reset.
    PasswordReset,
    /// Instead of the password.
    FirstFactor,
    /// Opening and changing the security info.
    ManageSecurityInfo,
    /// A client that cannot ask for a second step.
    LegacyClients,
    /// One more proof within a session, before something of weight.
    StepUp,
}

impl Purpose {
    /// All of them, in order.
    pub const ALL: [Self; 6] = [
        Self::TwoStep,
        Self::PasswordReset,
        Self::FirstFactor,
        Self::ManageSecurityInfo,
        Self::LegacyClients,
        Self::StepUp,
    ];

    /// The name in a policy file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TwoStep => "two_step",
            Self::PasswordReset => "password_reset",
            Self::FirstFactor => "first_factor",
            Self::ManageSecurityInfo => "manage_security_info",
            Self::LegacyClients => "legacy_clients",
            Self::StepUp => "step_up",
        }
    }

    const fn bit(self) -> u8 {
        match self {
            Self::TwoStep => 1,
            Self::PasswordReset => 2,
            Self::FirstFactor => 4,
            Self::ManageSecurityInfo => 8,
            Self::LegacyClients => 16,
            Self::StepUp => 32,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of purposes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Vec<Purpose>", from = "Vec<Purpose>")]
pub struct PurposeSet(u8);

impl PurposeSet {
    /// No purpose.
    pub const NONE: Self = Self(0);

    /// These purposes.
    #[must_use]
    pub const fn of(purposes: &[Purpose]) -> Self {
        let mut bits = 0;
        let mut rest = purposes;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Whether the purpose is one of them.
    #[must_use]
    pub const fn contains(self, purpose: Purpose) -> bool {
        self.0 & purpose.bit() != 0
    }

    /// These and that one.
    #[must_use]
    pub const fn with(self, purpose: Purpose) -> Self {
        Self(self.0 | purpose.bit())
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The purposes, in order.
    pub fn iter(self) -> impl Iterator<Item = Purpose> {
        Purpose::ALL
            .into_iter()
            .filter(move |&purpose| self.contains(purpose))
    }
}

impl From<Vec<Purpose>> for PurposeSet {
    fn from(purposes: Vec<Purpose>) -> Self {
        Self::of(&purposes)
    }
}

impl From<PurposeSet> for Vec<Purpose> {
    fn from(set: PurposeSet) -> Self {
        set.iter().collect()
    }
}

impl FromIterator<Purpose> for PurposeSet {
    fn from_iter<I: IntoIterator<Item = Purpose>>(purposes: I) -> Self {
        purposes.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for PurposeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
