//! The file of keys of a portal, for who stands beside its process.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mfa_flow::HashKey;
use mfa_store::{KeyId, Keyring};
use serde_json::Value;

/// What it holds for accounts.
pub(crate) struct Keys {
    hash: [u8; 32],
    sealing: (u32, [u8; 32]),
}

impl Keys {
    pub(crate) fn read(path: &Path) -> Self {
        let keys: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let key = |value: &Value| -> [u8; 32] {
            let bytes = STANDARD.decode(value.as_str().unwrap()).unwrap();
            bytes.try_into().unwrap()
        };
        let first = &keys["sealing"][0];
        let number = u32::try_from(first["number"].as_u64().unwrap()).unwrap();
        Self {
            hash: key(&keys["hash"]),
            sealing: (number, key(&first["key"])),
        }
    }

    pub(crate) fn hash(&self) -> HashKey {
        HashKey::from_bytes(self.hash)
    }

    pub(crate) fn keyring(&self) -> Keyring {
        let (number, key) = self.sealing;
        Keyring::new(KeyId::new(number), key)
    }
}
