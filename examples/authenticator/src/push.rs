//! Push: pairing with a portal, its notifications, and the signed answers.

use serde::{Deserialize, Serialize};

/// A portal that this device is paired with. Redacted, and wiped when dropped.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pairing {}

impl std::fmt::Debug for Pairing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pairing(redacted)")
    }
}
