//! The authenticator app that the page *Outbox* plays: its key is derived from the portal's, so that nothing of it is stored and
//! every portal on one database plays the same one.

use hmac::{Hmac, KeyInit as _, Mac as _};
use mfa_flow::DeviceKeyPair;
use mfa_policy::RegistrationId;
use sha2::Sha256;
use zeroize::Zeroizing;

/// What the addresses of played apps begin with.
const SCHEME: &str = "demonstration:";

/// Where the requests of a played app go.
pub(crate) fn address(registration: &RegistrationId) -> String {
    format!("{SCHEME}{registration}")
}

/// Whether requests to that address go to the page, and to no device.
pub(crate) fn is_played(address: &str) -> bool {
    address.starts_with(SCHEME)
}

/// The key pair of the app of that address.
#[expect(clippy::expect_used, reason = "every length is right")]
pub(crate) fn key_pair(portal_key: &[u8; 32], address: &str) -> DeviceKeyPair {
    let mac = Hmac::<Sha256>::new_from_slice(portal_key).expect("every length is right");
    let mac = mac
        .chain_update(b"portal: the app that is played\0")
        .chain_update(address);
    let seed = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    DeviceKeyPair::from_bytes(&seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_registration_has_a_key_of_its_own_which_stays_the_same() {
        let of = |portal_key, registration| {
            let address = address(&RegistrationId::new(registration).unwrap());
            assert!(is_played(&address));
            key_pair(portal_key, &address).public().to_string()
        };
        let first = of(&[7; 32], "a");
        assert_eq!(of(&[7; 32], "a"), first);
        assert_ne!(of(&[7; 32], "b"), first);
        assert_ne!(of(&[8; 32], "a"), first);
    }
}
