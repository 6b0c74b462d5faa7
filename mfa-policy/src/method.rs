//! The methods of verification and what they can at most be good for.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::name::ExternalName;
use crate::purpose::{Purpose, PurposeSet};

/// A method of verification.
///
/// As text it is its name in a policy file: `authenticator_push`, `text`, `external:certificate`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Method {
    /// A notification in the authenticator app, approved with the number on the screen.
    AuthenticatorPush,
    /// The code that the same authenticator app shows.
    AuthenticatorCode,
    /// Another authenticator app: a code, never a notification.
    OtherAuthenticator,
    /// A hardware token that shows codes (TOTP or HOTP).
    HardwareToken,
    /// A code by text message to a mobile telephone.
    Text,
    /// A call to a mobile telephone, answered with `#`.
    CallMobile,
    /// A call to an office telephone.
    CallOffice,
    /// A call to an alternate mobile telephone.
    CallAlternate,
    /// A security key or passkey (WebAuthn).
    SecurityKey,
    /// A code by e-mail. Never a second factor (SP 800-63B-4 §3.1.3.1).
    Email,
    /// Questions that only the person should be able to answer. Never a second factor.
    SecurityQuestions,
    /// A password for one client that cannot do two steps.
    AppPassword,
    /// A pass for a short time, issued by an administrator.
    TemporaryPass,
    /// Codes kept on paper, each good once.
    RecoveryCodes,
    /// Sign-in without a password: a notification approved with the gesture of the phone.
    PhoneSignIn,
    /// A method that the policy names itself, such as a certificate.
    External(ExternalName),
}

/// A text that names no method.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such method; methods of the organisation's own are written `external:NAME`")]
pub struct MethodError(());

/// How strong a proof is. Each includes the ones before it.
///
/// Sources: Entra's authentication strengths, and SP 800-63B-4 §3.2.5 for phishing resistance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A second step beside a password.
    TwoStep,
    /// Two factors without a password.
    Passwordless,
    /// A proof that cannot be relayed by a look-alike site.
    PhishingResistant,
}

impl Strength {
    /// The name in a policy file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TwoStep => "two_step",
            Self::Passwordless => "passwordless",
            Self::PhishingResistant => "phishing_resistant",
        }
    }
}

/// What a browser or a connection must be able to do before a method can be used there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// The client speaks WebAuthn.
    Webauthn,
    /// Text messages and calls can be delivered.
    Telephony,
}

impl Method {
    /// Every method but the external ones, in the order in which they are shown where nothing else orders them.
    pub const BUILT_IN: [Self; 15] = [
        Self::AuthenticatorPush,
        Self::AuthenticatorCode,
        Self::OtherAuthenticator,
        Self::HardwareToken,
        Self::Text,
        Self::CallMobile,
        Self::CallOffice,
        Self::CallAlternate,
        Self::SecurityKey,
        Self::Email,
        Self::SecurityQuestions,
        Self::AppPassword,
        Self::TemporaryPass,
        Self::RecoveryCodes,
        Self::PhoneSignIn,
    ];

    /// The name in a policy file, without `external:` and what follows it for [`Method::External`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::AuthenticatorPush => "authenticator_push",
            Self::AuthenticatorCode => "authenticator_code",
            Self::OtherAuthenticator => "other_authenticator",
            Self::HardwareToken => "hardware_token",
            Self::Text => "text",
            Self::CallMobile => "call_mobile",
            Self::CallOffice => "call_office",
            Self::CallAlternate => "call_alternate",
            Self::SecurityKey => "security_key",
            Self::Email => "email",
            Self::SecurityQuestions => "security_questions",
            Self::AppPassword => "app_password",
            Self::TemporaryPass => "temporary_pass",
            Self::RecoveryCodes => "recovery_codes",
            Self::PhoneSignIn => "phone_sign_in",
            Self::External(_) => "external",
        }
    }

    /// The place in [`Method::BUILT_IN`], or `None` for an external method.
    pub(crate) const fn built_in_index(&self) -> Option<u8> {
        match self {
            Self::External(_) => None,
            Self::AuthenticatorPush => Some(0),
            Self::AuthenticatorCode => Some(1),
            Self::OtherAuthenticator => Some(2),
            Self::HardwareToken => Some(3),
            Self::Text => Some(4),
            Self::CallMobile => Some(5),
            Self::CallOffice => Some(6),
            Self::CallAlternate => Some(7),
            Self::SecurityKey => Some(8),
            Self::Email => Some(9),
            Self::SecurityQuestions => Some(10),
            Self::AppPassword => Some(11),
            Self::TemporaryPass => Some(12),
            Self::RecoveryCodes => Some(13),
            Self::PhoneSignIn => Some(14),
        }
    }

    /// The purposes that a policy may give this method at all.
    ///
    /// E-mail and questions only ever open a password reset (SP 800-63B-4 §3.1.3.1: e-mail SHALL NOT be used out of band);
    /// app passwords are for legacy clients, and legacy clients take nothing else; push and codes come after a first factor.
    #[must_use]
    pub const fn possible_purposes(&self) -> PurposeSet {
        use Purpose::{
            FirstFactor, LegacyClients, ManageSecurityInfo, PasswordReset, StepUp, TwoStep,
        };
        match self {
            Self::Email | Self::SecurityQuestions => PurposeSet::of(&[PasswordReset]),
            Self::AppPassword => PurposeSet::of(&[LegacyClients]),
            Self::HardwareToken
            | Self::OtherAuthenticator
            | Self::AuthenticatorCode
            | Self::CallMobile
            | Self::CallOffice
            | Self::CallAlternate => {
                PurposeSet::of(&[TwoStep, PasswordReset, ManageSecurityInfo, StepUp])
            }
            Self::RecoveryCodes => {
                PurposeSet::of(&[TwoStep, PasswordReset, ManageSecurityInfo, StepUp])
            }
            Self::TemporaryPass => {
                PurposeSet::of(&[TwoStep, FirstFactor, ManageSecurityInfo, StepUp])
            }
            Self::AuthenticatorPush
            | Self::Text
            | Self::SecurityKey
            | Self::PhoneSignIn
            | Self::External(_) => PurposeSet::of(&[
                TwoStep,
                PasswordReset,
                FirstFactor,
                ManageSecurityInfo,
                StepUp,
            ]),
        }
    }

    /// The highest strength that this method can have, or `None` where it proves no second factor.
    #[must_use]
    pub const fn highest_strength(&self) -> Option<Strength> {
        match self {
            Self::Email | Self::SecurityQuestions | Self::AppPassword => None,
            Self::SecurityKey | Self::External(_) => Some(Strength::PhishingResistant),
            Self::PhoneSignIn => Some(Strength::Passwordless),
            _ => Some(Strength::TwoStep),
        }
    }

    /// The strength that the method has where a policy does not say: the highest, but nobody knows an external one.
    pub(crate) const fn usual_strength(&self) -> Option<Strength> {
        match self {
            Self::External(_) => Some(Strength::TwoStep),
            _ => self.highest_strength(),
        }
    }

    /// The field of its rule in a policy. A key with a colon is quoted in TOML.
    pub(crate) fn path(&self, field: &str) -> String {
        match self {
            Self::External(_) => format!("methods.\"{self}\".{field}"),
            _ => format!("methods.{self}.{field}"),
        }
    }

    /// Whether the method may be the default of two-step verification at all.
    ///
    /// E-mail and questions never can; a pass and recovery codes end; a security key is found by ranking only.
    #[must_use]
    pub const fn can_be_default(&self) -> bool {
        matches!(
            self,
            Self::AuthenticatorPush
                | Self::AuthenticatorCode
                | Self::OtherAuthenticator
                | Self::HardwareToken
                | Self::Text
                | Self::CallMobile
                | Self::CallOffice
                | Self::CallAlternate
        )
    }

    /// Whether the method stays until it is removed. A pass runs out and recovery codes are used up, so neither keeps a
    /// person able to sign in.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        !matches!(self, Self::TemporaryPass | Self::RecoveryCodes)
    }

    /// What the place of use must be able to do.
    #[must_use]
    pub const fn needs_capability(&self) -> Option<Capability> {
        match self {
            Self::SecurityKey => Some(Capability::Webauthn),
            Self::Text | Self::CallMobile | Self::CallOffice | Self::CallAlternate => {
                Some(Capability::Telephony)
            }
            _ => None,
        }
    }

    /// Whether an administrator can register the method for somebody without learning a secret of that person
    /// (ASVS 6.4.6).
    #[must_use]
    pub const fn can_be_registered_for_others(&self) -> bool {
        matches!(
            self,
            Self::HardwareToken
                | Self::Text
                | Self::CallMobile
                | Self::CallOffice
                | Self::CallAlternate
                | Self::Email
                | Self::TemporaryPass
                | Self::External(_)
        )
    }

    /// Whether a registration is active at once. The others wait for a test.
    #[must_use]
    pub const fn needs_no_test(&self) -> bool {
        matches!(
            self,
            Self::AppPassword | Self::RecoveryCodes | Self::SecurityQuestions | Self::TemporaryPass
        )
    }

    /// Whether the method goes over the public telephone network, which SP 800-63B-4 §3.1.3.3 restricts.
    #[must_use]
    pub const fn is_telephone(&self) -> bool {
        matches!(
            self,
            Self::Text | Self::CallMobile | Self::CallOffice | Self::CallAlternate
        )
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())?;
        if let Self::External(name) = self {
            write!(f, ":{name}")?;
        }
        Ok(())
    }
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        if let Some(name) = text.strip_prefix("external:") {
            return ExternalName::new(name)
                .map(Self::External)
                .map_err(|_| MethodError(()));
        }
        Self::BUILT_IN
            .iter()
            .find(|method| method.kind() == text)
            .cloned()
            .ok_or(MethodError(()))
    }
}

impl TryFrom<String> for Method {
    type Error = MethodError;

    fn try_from(text: String) -> Result<Self, MethodError> {
        text.parse()
    }
}

impl From<Method> for String {
    fn from(method: Method) -> Self {
        method.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Method {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Method".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let built_in: Vec<&str> = Self::BUILT_IN.iter().map(Self::kind).collect();
        schemars::json_schema!({ "anyOf": [{ "enum": built_in }, { "type": "string", "pattern": "^external:.+$" }] })
    }
}
