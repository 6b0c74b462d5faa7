//! Opening an encrypted backup: a key of the file, in a slot for each password, sealed with what scrypt makes of the password.

use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead, KeyInit, Nonce, Tag};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use scrypt::scrypt;
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::super::ImportError;
use super::super::row::{Entries, Scalar, object};

/// Both null in a plain backup.
#[derive(Deserialize)]
pub(super) struct Header<'file> {
    #[serde(borrow)]
    slots: Option<Entries<'file>>,
    params: Option<Sealing>,
}

/// What was used to seal, in hexadecimal.
#[derive(Deserialize)]
struct Sealing {
    nonce: Scalar,
    tag: Scalar,
}

/// Other slots are for the key store of the phone.
#[derive(Deserialize)]
struct AnySlot {
    #[serde(rename = "type")]
    kind: u32,
}

#[derive(Deserialize)]
struct PasswordSlot {
    key: Scalar,
    key_params: Sealing,
    n: u64,
    r: u32,
    p: u32,
    salt: Scalar,
}

impl Header<'_> {
    pub(super) const fn is_encrypted(&self) -> bool {
        self.slots.is_some() || self.params.is_some()
    }

    /// The database, in clear.
    pub(super) fn open(
        &self,
        database: &RawValue,
        password: &str,
    ) -> Result<Zeroizing<Vec<u8>>, ImportError> {
        let (Some(slots), Some(sealing)) = (&self.slots, &self.params) else {
            return Err(ImportError::Damaged);
        };
        let slots = password_slots(&slots.0)?;
        let database: Scalar =
            serde_json::from_str(database.get()).map_err(|_| ImportError::Damaged)?;
        let database = STANDARD
            .decode(database.text())
            .map_err(|_| ImportError::Damaged)?;
        for slot in &slots {
            if let Some(key) = slot.open(password)? {
                return sealing.open(&key, &database)?.ok_or(ImportError::Damaged);
            }
        }
        Err(ImportError::WrongPassword)
    }
}

/// All of them, each of a cost that can be borne.
fn password_slots(slots: &[&RawValue]) -> Result<Vec<PasswordSlot>, ImportError> {
    let mut found = Vec::new();
    for slot in slots {
        let any: AnySlot = object(slot).ok_or(ImportError::Damaged)?;
        if any.kind != PASSWORD {
            continue;
        }
        let slot: PasswordSlot = object(slot).ok_or(ImportError::Damaged)?;
        if slot.cost() > MAX_COST || found.len() >= MAX_SLOTS {
            return Err(ImportError::TooCostly);
        }
        found.push(slot);
    }
    if found.is_empty() {
        return Err(ImportError::NoPassword);
    }
    Ok(found)
}

impl PasswordSlot {
    /// Blocks of 128 bytes that are mixed; as many are held in memory where p is 1.
    fn cost(&self) -> u64 {
        self.n
            .saturating_mul(self.r.into())
            .saturating_mul(self.p.into())
    }

    /// The key of the file, if this is the password.
    fn open(&self, password: &str) -> Result<Option<Zeroizing<Vec<u8>>>, ImportError> {
        let is_power = self.n.is_power_of_two();
        let log_n = u8::try_from(self.n.trailing_zeros()).map_err(|_| ImportError::Damaged)?;
        let parameters = scrypt::Params::new(log_n, self.r, self.p)
            .ok()
            .filter(|_| is_power)
            .ok_or(ImportError::Damaged)?;
        let mut key = Zeroizing::new([0; KEY]);
        scrypt(
            password.as_bytes(),
            &bytes(&self.salt)?,
            &parameters,
            &mut *key,
        )
        .map_err(|_| ImportError::Damaged)?;
        self.key_params.open(&*key, &bytes(&self.key)?)
    }
}

impl Sealing {
    /// What is in clear, if this is the key and nothing was changed.
    fn open(&self, key: &[u8], sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>, ImportError> {
        let cipher = Aes256Gcm::new_from_slice(key).map_err(|_| ImportError::Damaged)?;
        let (nonce, tag) = (bytes(&self.nonce)?, bytes(&self.tag)?);
        let nonce =
            Nonce::<Aes256Gcm>::try_from(nonce.as_slice()).map_err(|_| ImportError::Damaged)?;
        let tag = Tag::<Aes256Gcm>::try_from(tag.as_slice()).map_err(|_| ImportError::Damaged)?;
        let sealed = [sealed, tag.as_slice()].concat();
        Ok(cipher
            .decrypt(&nonce, sealed.as_slice())
            .map(Zeroizing::new)
            .ok())
    }
}

fn bytes(hexadecimal: &Scalar) -> Result<Vec<u8>, ImportError> {
    hex::decode(hexadecimal.text()).map_err(|_| ImportError::Damaged)
}

/// The type of slots for passwords.
const PASSWORD: u32 = 1;
/// The bytes of a key of AES-256.
const KEY: usize = 32;
/// Eight times what Aegis asks for (N is 2^15, r 8, p 1): 256 MiB, and about a second.
const MAX_COST: u64 = 8 << 18;
/// Aegis has one for the password and one for that of backups.
const MAX_SLOTS: usize = 8;
