//! Password hashes of what people choose or what is too short for a keyed hash alone: Argon2id, with the hash key as its secret.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::hashing::HashKey;
use crate::id;

/// OWASP's second choice of parameters: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;
const HASH: usize = 32;

/// A salted hash: salt and hash in Base64, with a dot between them.
pub(crate) fn hash(key: &HashKey, value: &str, rng: &mut dyn CryptoRng) -> String {
    let salt: [u8; SALT] = id::random(rng);
    let hash = digest(key, value, &salt);
    format!(
        "{}.{}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(*hash)
    )
}

/// Whether the value has that hash. What is no hash has none, after the same work.
pub(crate) fn matches(key: &HashKey, value: &str, stored: &str) -> bool {
    let parts = stored.split_once('.').and_then(|(salt, hash)| {
        let salt: [u8; SALT] = STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?;
        let hash: [u8; HASH] = STANDARD_NO_PAD.decode(hash).ok()?.try_into().ok()?;
        Some((salt, hash))
    });
    let (salt, expected) = parts.unwrap_or_default();
    let right = digest(key, value, &salt).as_slice().ct_eq(&expected);
    bool::from(right) && parts.is_some()
}

#[expect(
    clippy::expect_used,
    reason = "constants, and a value of which the length is capped by its caller"
)]
fn digest(key: &HashKey, value: &str, salt: &[u8; SALT]) -> Zeroizing<[u8; HASH]> {
    #[cfg(test)]
    work::COUNT.with(|count| count.set(count.get().saturating_add(1)));
    let parameters =
        Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH)).expect("the parameters are right");
    let argon2 = Argon2::new_with_secret(
        key.expose(),
        Algorithm::Argon2id,
        Version::V0x13,
        parameters,
    )
    .expect("the secret is short enough");
    let mut hash = Zeroizing::new([0; HASH]);
    argon2
        .hash_password_into(value.as_bytes(), salt, hash.as_mut_slice())
        .expect("the value is short enough");
    hash
}

/// How many password hashes a test has made: they are what takes time, so they must be as many whatever the answer.
#[cfg(test)]
pub(crate) mod work {
    use std::cell::Cell;

    thread_local! {
        pub(super) static COUNT: Cell<u32> = const { Cell::new(0) };
    }

    /// The hashes since the last call.
    pub(crate) fn taken() -> u32 {
        COUNT.take()
    }
}
