//! Devices on which the second step is skipped. Off unless the policy switches it on (SP 800-63B-4 §5.1).

use mfa_policy::Timestamp;
use serde::{Deserialize, Serialize};

use subtle::{Choice, ConstantTimeEq};

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
    /// Whether the browser brought the token of a device that is remembered, and the policy still lets devices be remembered.
    pub(crate) fn is_remembered(&self, token: Option<&str>) -> bool {
        let given = self.digest(
            Domain::RememberedDevice,
            &[],
            token.unwrap_or_default().as_bytes(),
        );
        let alive = self
            .account
            .record
            .remembered
            .iter()
            .filter(|device| device.until > self.now());
        let found = alive.fold(Choice::from(0), |found, device| {
            found | device.token.ct_eq(&given)
        });
        token.is_some() && self.flow.policy.remembered_devices().enabled() && bool::from(found)
    }
}
