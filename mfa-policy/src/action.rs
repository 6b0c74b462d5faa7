//! What somebody wants to do.

use serde::{Deserialize, Serialize};

use crate::method::Method;
use crate::name::{DeviceId, RegistrationId};
use crate::purpose::Purpose;

/// What somebody wants to do with an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Would a registration of this method count for this purpose, whether or not there is one?
    Accept {
        /// The method.
        method: Method,
        /// The purpose.
        purpose: Purpose,
    },
    /// Use a registration for a purpose. For [`Purpose::PasswordReset`]: as one more gate beside those that
    /// the context lists as proven.
    Use {
        /// The registration.
        registration: RegistrationId,
        /// The purpose.
        purpose: Purpose,
    },
    /// Begin to register a method.
    Add {
        /// The method.
        method: Method,
        /// The device, where it is known already (the number that was typed, the authenticator that already gives codes).
        #[serde(default)]
        device: Option<DeviceId>,
    },
    /// Finish a registration after its test was passed.
    Confirm {
        /// The pending registration.
        registration: RegistrationId,
    },
    /// Remove a registration.
    Remove {
        /// The registration.
        registration: RegistrationId,
    },
    /// Put a newly tested registration in the place of another, in one step.
    Replace {
        /// The registration that goes.
        registration: RegistrationId,
        /// The method that comes.
        method: Method,
        /// The device that comes.
        #[serde(default)]
        device: Option<DeviceId>,
    },
    /// Give a registration another name.
    Rename {
        /// The registration.
        registration: RegistrationId,
    },
    /// Choose a registration as the default of two-step verification.
    SetDefault {
        /// The registration.
        registration: RegistrationId,
    },
    /// Begin a password reset.
    StartReset,
    /// Set a new password, with the gates that the context lists as proven.
    FinishReset,
    /// Make a password for a client that cannot do two steps.
    CreateAppPassword,
    /// Skip the second step on this device from now on.
    RememberDevice,
    /// Something that an administrator does for somebody else.
    Administer(Administration),
}

/// What an administrator does with the account of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Administration {
    /// Register a method for the person, such as a hardware token or a telephone number. Not one whose secret only the
    /// person may know.
    Add {
        /// The method.
        method: Method,
        /// The device.
        #[serde(default)]
        device: Option<DeviceId>,
    },
    /// Remove a registration.
    Remove {
        /// The registration.
        registration: RegistrationId,
    },
    /// End the locks of registrations and of the password reset, and switch on again what an administrator switched off.
    Unlock,
    /// Demand that the person registers again: telephones and authenticator apps go, hardware tokens are disabled.
    RequireRegistration,
    /// Forget every remembered device.
    RevokeRememberedDevices,
    /// Issue a temporary pass, in the place of an earlier one.
    IssuePass {
        /// How long it is good, in minutes; `None` for the policy's own number.
        #[serde(default)]
        minutes: Option<u32>,
        /// Whether it is good for one use only.
        #[serde(default)]
        one_time: bool,
    },
}
