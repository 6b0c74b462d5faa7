//! What can be enrolled.

use mfa_policy::{ExternalName, Method, RegistrationId};
use otp_core::TotpParameters;
use otp_uri::Account;

use crate::contact::{EmailAddress, PhoneNumber};
use crate::enrolment::token::HardwareToken;

/// What is to be enrolled. Security questions, recovery codes, app passwords and passes need no test and have operations of
/// their own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Enrol<'a> {
    /// The authenticator app, with notifications.
    AuthenticatorPush {
        /// A registration of the same app, if there is one: both are on one device.
        on: Option<&'a RegistrationId>,
    },
    /// The code that the authenticator app shows.
    AuthenticatorCode {
        /// A registration of the same app, if there is one: both are on one device.
        on: Option<&'a RegistrationId>,
        /// The key to make.
        key: AppKey<'a>,
    },
    /// Another authenticator app.
    OtherAuthenticator {
        /// The key to make.
        key: AppKey<'a>,
    },
    /// Sign-in without a password, by the authenticator app that already gets notifications.
    PhoneSignIn {
        /// Its registration for notifications.
        push: &'a RegistrationId,
    },
    /// A hardware token, imported.
    HardwareToken(&'a HardwareToken),
    /// A mobile telephone, by text message.
    Text(&'a PhoneNumber),
    /// A mobile telephone, by call.
    CallMobile(&'a PhoneNumber),
    /// An office telephone.
    CallOffice(&'a PhoneNumber),
    /// An alternate telephone.
    CallAlternate(&'a PhoneNumber),
    /// A mailbox.
    Email(&'a EmailAddress),
    /// A security key or passkey, registered by the host's WebAuthn library.
    SecurityKey,
    /// A method of the organisation's own.
    External(&'a ExternalName),
}

impl Enrol<'_> {
    /// The method.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::AuthenticatorPush { .. } => Method::AuthenticatorPush,
            Self::AuthenticatorCode { .. } => Method::AuthenticatorCode,
            Self::OtherAuthenticator { .. } => Method::OtherAuthenticator,
            Self::PhoneSignIn { .. } => Method::PhoneSignIn,
            Self::HardwareToken(_) => Method::HardwareToken,
            Self::Text(_) => Method::Text,
            Self::CallMobile(_) => Method::CallMobile,
            Self::CallOffice(_) => Method::CallOffice,
            Self::CallAlternate(_) => Method::CallAlternate,
            Self::Email(_) => Method::Email,
            Self::SecurityKey => Method::SecurityKey,
            Self::External(name) => Method::External((*name).clone()),
        }
    }
}

/// The key to be made for an authenticator app.
#[derive(Clone, Copy, Debug)]
pub struct AppKey<'a> {
    pub(crate) account: &'a Account,
    pub(crate) parameters: Option<TotpParameters>,
}

impl<'a> AppKey<'a> {
    /// A key that every app reads: SHA-1, 30 seconds, and as many digits as the policy says (six, unless it says more).
    /// `account` is whose key it is, as the app shows it.
    #[must_use]
    pub const fn new(account: &'a Account) -> Self {
        Self {
            account,
            parameters: None,
        }
    }

    /// A key with other parameters: SHA-1, SHA-256 or SHA-512; 6 to 8 digits, but no fewer than the policy says; a code
    /// for 15 to 60 seconds, counted from 1970.
    ///
    /// Several apps show wrong codes then, without a word: see [`KeyUri::compatibility`](otp_uri::KeyUri::compatibility).
    #[must_use]
    pub const fn with_parameters(mut self, parameters: TotpParameters) -> Self {
        self.parameters = Some(parameters);
        self
    }
}
