//! What an account holds, as far as a policy looks at it. No secrets.

use serde::{Deserialize, Serialize};

use crate::method::Method;
use crate::name::{DeviceId, RegistrationId};
use crate::timestamp::Timestamp;

/// The most registrations of one account. More are refused, so that every question has an end.
const MOST_REGISTRATIONS: usize = 256;

/// Where a registration is in its life.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Begun, and not yet tested. It neither satisfies nor demands anything.
    Pending,
    /// Tested and in use.
    #[default]
    Active,
    /// Switched off after too many failures, until it is bound again (SP 800-63B-4 §3.2.2).
    Disabled,
    /// Switched off by an administrator, who can switch it on again.
    Deactivated,
}

/// The validity of a temporary pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "the validity of a pass", deny_unknown_fields)]
pub struct Pass {
    /// Not good before.
    pub from: Timestamp,
    /// Not good at this time or after.
    pub until: Timestamp,
    /// Good for one use only.
    #[serde(default)]
    pub one_time: bool,
    /// Has been used.
    #[serde(default)]
    pub used: bool,
}

/// One registration of one method.
///
/// A device that offers several methods has one registration for each, with the same [`DeviceId`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "a registration", deny_unknown_fields)]
pub struct Registration {
    pub(crate) id: RegistrationId,
    pub(crate) method: Method,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) device: Option<DeviceId>,
    #[serde(default)]
    pub(crate) state: State,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locked_until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_used: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pass: Option<Pass>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) codes_left: Option<u32>,
}

impl Registration {
    /// An active registration on a device of its own.
    #[must_use]
    pub const fn new(id: RegistrationId, method: Method) -> Self {
        Self {
            id,
            method,
            device: None,
            state: State::Active,
            locked_until: None,
            last_used: None,
            pass: None,
            codes_left: None,
        }
    }

    /// On that device.
    #[must_use]
    pub fn on(mut self, device: DeviceId) -> Self {
        self.device = Some(device);
        self
    }

    /// In that state.
    #[must_use]
    pub const fn in_state(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Locked after failures until that time.
    #[must_use]
    pub const fn locked_until(mut self, time: Timestamp) -> Self {
        self.locked_until = Some(time);
        self
    }

    /// Last used at that time.
    #[must_use]
    pub const fn last_used(mut self, time: Timestamp) -> Self {
        self.last_used = Some(time);
        self
    }

    /// With the validity of a temporary pass. Without one a pass cannot be used.
    #[must_use]
    pub const fn with_pass(mut self, pass: Pass) -> Self {
        self.pass = Some(pass);
        self
    }

    /// With that many recovery codes left. Without a number recovery codes cannot be used.
    #[must_use]
    pub const fn with_codes_left(mut self, codes: u32) -> Self {
        self.codes_left = Some(codes);
        self
    }

    /// The identifier within the account.
    #[must_use]
    pub const fn id(&self) -> &RegistrationId {
        &self.id
    }

    /// The method.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The device, or `None` for one of its own.
    #[must_use]
    pub const fn device(&self) -> Option<&DeviceId> {
        self.device.as_ref()
    }

    /// The state.
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// Until when failures have locked it, over or not.
    #[must_use]
    pub const fn lock_end(&self) -> Option<Timestamp> {
        self.locked_until
    }

    /// When the registration was last used.
    #[must_use]
    pub const fn last_use(&self) -> Option<Timestamp> {
        self.last_used
    }
}

/// An account as the policy sees it: the registrations, the chosen default and what is locked.
///
/// The order of registrations does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "AccountFields")]
pub struct AccountView {
    pub(crate) registrations: Vec<Registration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<RegistrationId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reset_locked_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reconfirmed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) campaign_snoozed: Option<Timestamp>,
    pub(crate) campaign_skips: u32,
}

#[derive(Deserialize)]
#[serde(expecting = "an account", deny_unknown_fields)]
struct AccountFields {
    #[serde(default)]
    registrations: Vec<Registration>,
    default: Option<RegistrationId>,
    reset_locked_until: Option<Timestamp>,
    reconfirmed: Option<Timestamp>,
    campaign_snoozed: Option<Timestamp>,
    #[serde(default)]
    campaign_skips: u32,
}

/// Why a list of registrations is no account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// Two registrations have one identifier.
    #[error("two registrations have the identifier `{0}`")]
    SameId(RegistrationId),
    /// More than 256 registrations.
    #[error("an account has at most {MOST_REGISTRATIONS} registrations")]
    TooMany,
}

impl AccountView {
    /// An account with these registrations and no chosen default.
    ///
    /// # Errors
    /// Two registrations have one identifier, or there are more than 256.
    pub fn new(
        registrations: impl IntoIterator<Item = Registration>,
    ) -> Result<Self, AccountError> {
        let mut registrations: Vec<Registration> = registrations.into_iter().collect();
        if registrations.len() > MOST_REGISTRATIONS {
            return Err(AccountError::TooMany);
        }
        // INVARIANT: sorted by identifier, each once; so the order of input cannot matter, and look-up is a binary search.
        registrations.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        let twice = |pair: &&[Registration]| matches!(pair, [a, b] if a.id == b.id);
        if let Some([first, ..]) = registrations.windows(2).find(twice) {
            return Err(AccountError::SameId(first.id.clone()));
        }
        Ok(Self {
            registrations,
            ..Self::default()
        })
    }

    /// With that registration chosen as the default by the person.
    ///
    /// It may be one that is not usable, or gone: then it is as if none were chosen.
    #[must_use]
    pub fn with_default(mut self, default: RegistrationId) -> Self {
        self.default = Some(default);
        self
    }

    /// With password reset locked after failures until that time.
    #[must_use]
    pub const fn with_reset_locked_until(mut self, time: Timestamp) -> Self {
        self.reset_locked_until = Some(time);
        self
    }

    /// With the time at which the person last confirmed that the security info is right.
    #[must_use]
    pub const fn with_reconfirmed(mut self, time: Timestamp) -> Self {
        self.reconfirmed = Some(time);
        self
    }

    /// With the registration campaign put off at that time, for that many times in all.
    #[must_use]
    pub const fn with_campaign_snoozed(mut self, time: Timestamp, skips: u32) -> Self {
        self.campaign_snoozed = Some(time);
        self.campaign_skips = skips;
        self
    }

    /// The registrations, by identifier.
    #[must_use]
    pub fn registrations(&self) -> &[Registration] {
        &self.registrations
    }

    /// The registration with that identifier.
    #[must_use]
    pub fn registration(&self, id: &RegistrationId) -> Option<&Registration> {
        let index = self
            .registrations
            .binary_search_by(|registration| registration.id.cmp(id))
            .ok()?;
        self.registrations.get(index)
    }

    /// The default that the person chose, usable or not.
    #[must_use]
    pub const fn chosen_default(&self) -> Option<&RegistrationId> {
        self.default.as_ref()
    }
}

impl TryFrom<AccountFields> for AccountView {
    type Error = AccountError;

    fn try_from(fields: AccountFields) -> Result<Self, AccountError> {
        Ok(Self {
            default: fields.default,
            reset_locked_until: fields.reset_locked_until,
            reconfirmed: fields.reconfirmed,
            campaign_snoozed: fields.campaign_snoozed,
            campaign_skips: fields.campaign_skips,
            ..Self::new(fields.registrations)?
        })
    }
}
