//! Devices on which the second step is skipped. Off unless the policy switches it on (SP 800-63B-4 §5.1).

use mfa_policy::{Action, Timestamp};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::account::Account;
use crate::change::Change;
use crate::effect::Notice;
use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::id::{self, RememberedDeviceId};
use crate::operation::{Operation, Refused};
use crate::secret::SecretString;

/// Devices that one account remembers. Of more the oldest is forgotten.
const MOST: usize = 8;

/// A device on which the second step is skipped.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RememberedDevice {
    pub(crate) id: RememberedDeviceId,
    pub(crate) token: Digest,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<String>,
}

impl RememberedDevice {
    /// The identifier, for forgetting it.
    #[must_use]
    pub const fn id(&self) -> RememberedDeviceId {
        self.id
    }

    /// Since when it is remembered.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Until when at the longest. The policy may have become stricter since.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// From where it was remembered, as the [`Visit`](crate::Visit) said it.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }
}

/// The token of a device that is remembered from now on: 128 random bits, shown once, for a cookie that only this server
/// gets and no script can read. Give it to [`Operation::first_factor`] at the next sign-in.
#[derive(Debug)]
pub struct RememberedToken {
    id: RememberedDeviceId,
    token: SecretString,
    until: Timestamp,
}

impl RememberedToken {
    /// The device.
    #[must_use]
    pub const fn id(&self) -> RememberedDeviceId {
        self.id
    }

    /// The token.
    #[must_use]
    pub const fn token(&self) -> &SecretString {
        &self.token
    }

    /// Until when it is good at the longest.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }
}

impl Account {
    /// The devices on which the second step is skipped, oldest first; also those of which the time is over.
    #[must_use]
    pub fn remembered_devices(&self) -> &[RememberedDevice] {
        &self.record.remembered
    }
}

impl Operation<'_> {
    /// Skips the second step on this device from now on, for as many days as the policy says, until a factor or the password
    /// changes. It takes a second factor that was proven in this session.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Policy`], for example where the policy does not switch it on.
    pub fn remember_device(mut self) -> Change<Result<RememberedToken, Refused>> {
        let outcome = self
            .permitted(&Action::RememberDevice)
            .map(|()| self.remember());
        self.finish(outcome)
    }

    fn remember(&mut self) -> RememberedToken {
        let id = RememberedDeviceId::random(self.rng);
        let random = Zeroizing::new(id::random::<16>(self.rng));
        let token = SecretString::new(Zeroizing::new(id::text(random.as_slice())));
        let since = self.now();
        let until = since.plus_days(self.flow.policy.remembered_devices().days());
        let device = RememberedDevice {
            id,
            token: self.remembered_digest(token.expose()),
            since,
            until,
            origin: self.visit.origin.clone(),
        };
        let devices = &mut self.account.record.remembered;
        if devices.len() >= MOST {
            devices.remove(0);
        }
        devices.push(device);
        self.event(What::DeviceRemembered);
        self.notify(Notice::DeviceRemembered);
        RememberedToken { id, token, until }
    }

    /// Forgets a device. What it spared is asked for from now on, also in sessions that are there.
    ///
    /// It takes the first factor only: it makes nothing easier for anybody.
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] without a session, or if there is no such device.
    pub fn forget_device(mut self, device: RememberedDeviceId) -> Change<Result<(), Refused>> {
        let known = |remembered: &RememberedDevice| remembered.id == device;
        let outcome = if self.may_forget() && self.account.record.remembered.iter().any(known) {
            self.account
                .record
                .remembered
                .retain(|device| !known(device));
            self.event(What::DevicesForgotten);
            Ok(())
        } else {
            Err(Refused::Over)
        };
        self.finish(outcome)
    }

    /// Forgets every device, see [`forget_device`](Self::forget_device).
    ///
    /// # Errors
    /// In the outcome: [`Refused::Over`] without a session.
    pub fn forget_all_devices(mut self) -> Change<Result<(), Refused>> {
        let outcome = if self.may_forget() {
            self.forget_devices();
            Ok(())
        } else {
            Err(Refused::Over)
        };
        self.finish(outcome)
    }

    fn may_forget(&self) -> bool {
        let himself = self.visit.administrator.is_none() && !self.is_switched_off();
        himself && self.has_first_factor()
    }

    /// The device of which the browser brought the token, if it is remembered and the policy still lets devices be remembered.
    pub(crate) fn remembered_device(&self, token: Option<&str>) -> Option<RememberedDeviceId> {
        let given = self.remembered_digest(token.unwrap_or_default());
        // Every one is compared, so that the time tells nothing of the place.
        let found = self
            .account
            .record
            .remembered
            .iter()
            .fold(None, |found, device| {
                if bool::from(device.token.ct_eq(&given)) {
                    Some(device.id)
                } else {
                    found
                }
            });
        token.and(found).filter(|&id| self.is_still_remembered(id))
    }

    /// Whether that device is remembered, by a policy that may have become stricter since. A device from the future is not.
    pub(crate) fn is_still_remembered(&self, id: RememberedDeviceId) -> bool {
        let (now, rules) = (self.now(), self.flow.policy.remembered_devices());
        let mut devices = self.account.record.remembered.iter();
        rules.enabled()
            && devices.any(|device| {
                let until = device.until.min(device.since.plus_days(rules.days()));
                device.id == id && device.since <= now && now < until
            })
    }

    /// Forgets every device, as has to be after any change of a factor or of the password.
    pub(crate) fn forget_devices(&mut self) {
        if self.account.record.remembered.is_empty() {
            return;
        }
        self.account.record.remembered.clear();
        self.event(What::DevicesForgotten);
    }

    fn remembered_digest(&self, token: &str) -> Digest {
        self.digest(Domain::RememberedDevice, &[], token.as_bytes())
    }
}
