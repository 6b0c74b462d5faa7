//! Devices on which the second step is skipped. Off unless the policy switches it on (SP 800-63B-4 §5.1).

use mfa_policy::Timestamp;
use serde::{Deserialize, Serialize};

use subtle::ConstantTimeEq;

use crate::event::What;
use crate::hashing::{Digest, Domain};
use crate::id::RememberedDeviceId;
use crate::operation::Operation;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RememberedDevice {
    pub(crate) id: RememberedDeviceId,
    pub(crate) token: Digest,
    pub(crate) since: Timestamp,
    pub(crate) until: Timestamp,
}

impl Operation<'_> {
    /// The device of which the browser brought the token, if it is remembered and the policy still lets devices be remembered.
    pub(crate) fn remembered_device(&self, token: Option<&str>) -> Option<RememberedDeviceId> {
        let given = self.digest(
            Domain::RememberedDevice,
            &[],
            token.unwrap_or_default().as_bytes(),
        );
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

    pub(crate) fn is_still_remembered(&self, id: RememberedDeviceId) -> bool {
        let on = self.flow.policy.remembered_devices().enabled();
        let mut devices = self.account.record.remembered.iter();
        on && devices.any(|device| device.id == id && device.until > self.now())
    }

    /// Forgets every device, as has to be after any change of a factor or of the password.
    pub(crate) fn forget_devices(&mut self) {
        if self.account.record.remembered.is_empty() {
            return;
        }
        self.account.record.remembered.clear();
        self.event(What::DevicesForgotten);
    }
}
