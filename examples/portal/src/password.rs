//! Passwords: Argon2id with 7 MiB and five passes, one of the choices that OWASP calls equal, and the one that takes least memory.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use argon2::password_hash::PasswordHasher as _;
use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Argon2, Block, Params};
use serde::Deserialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::spawn_blocking;
use zeroize::Zeroizing;

/// A password as it was typed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(Zeroizing<String>);

/// As a second step follows, 8 characters are enough (SP 800-63B-4 §3.1.1.2).
pub(crate) const SHORTEST: usize = 8;
/// Long enough for every pass phrase, short enough to be hashed.
const LONGEST: usize = 256;

/// KiB that a password takes to be hashed, and how often they are gone through.
const MEMORY: u32 = 7 * 1024;
const PASSES: u32 = 5;

/// Each takes that memory and a core, so a crowd at the door waits here.
static AT_ONCE: Semaphore = Semaphore::const_new(2);
/// Some seconds of work. Who comes when so many wait is sent away, so that those who wait get an answer.
const MOST_WAITING: usize = 100;
static PLACES: Semaphore = Semaphore::const_new(MOST_WAITING);

/// How many are being hashed or wait for it.
pub(crate) fn waiting() -> i64 {
    let waiting = MOST_WAITING.saturating_sub(PLACES.available_permits());
    i64::try_from(waiting).unwrap_or(i64::MAX)
}

/// Waits for a turn, unless too many do.
async fn turn() -> anyhow::Result<[SemaphorePermit<'static>; 2]> {
    let place = PLACES.try_acquire();
    let place = place.context("too many passwords wait to be hashed")?;
    Ok([AT_ONCE.acquire().await?, place])
}

impl Password {
    pub(crate) fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text: the call to search for when asking who sees it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it can be chosen as a new one.
    pub(crate) fn is_good(&self, name: &str) -> bool {
        let length = self.0.chars().count();
        (SHORTEST..=LONGEST).contains(&length) && !self.0.eq_ignore_ascii_case(name)
    }

    /// What is kept of it.
    pub(crate) async fn hash(self) -> anyhow::Result<String> {
        let turn = turn().await?;
        let hash = spawn_blocking(move || {
            let _turn = turn;
            let params = Params::new(MEMORY, PASSES, 1, None);
            Argon2::from(params?).hash_password(self.0.as_bytes())
        });
        Ok(hash.await??.to_string())
    }

    /// Whether it is the one that was hashed. Where nobody is known, the same work is done.
    pub(crate) async fn is(self, hash: Option<String>) -> anyhow::Result<bool> {
        let turn = turn().await?;
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| OF_NOBODY.to_owned());
        let verified = spawn_blocking(move || {
            // Not given back before the work is done, even if nobody waits for it any more.
            let _turn = turn;
            self.0.len() <= 4 * LONGEST && verify(self.0.as_bytes(), &hash).unwrap_or(false)
        });
        Ok(verified.await? && known)
    }
}

/// Memory to hash in, used again and again: freed, it would not find its way back to the system, and half a gigabyte was held.
static SPARE: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

fn verify(typed: &[u8], hash: &str) -> argon2::password_hash::Result<bool> {
    let hash = PasswordHash::new(hash)?;
    let (Some(salt), Some(output)) = (&hash.salt, &hash.hash) else {
        return Ok(false);
    };
    let params = Params::try_from(&hash)?;
    let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut blocks = spare.unwrap_or_default();
    blocks.resize(params.block_count(), Block::default());
    let mut typed_output = [0; Output::MAX_LENGTH];
    let hashed = match typed_output.get_mut(..output.len()) {
        Some(out) => {
            Argon2::from(params).hash_password_into_with_memory(typed, salt, out, &mut blocks)
        }
        None => Err(argon2::Error::OutputTooLong),
    };
    SPARE
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(blocks);
    hashed?;
    // Compared in constant time.
    Ok(Output::new(typed_output.get(..output.len()).unwrap_or_default())? == *output)
}

/// The hash of a password that nobody knows, with the parameters of all others.
const OF_NOBODY: &str =
    "$argon2id$v=19$m=7168,t=5,p=1$bm9ib2R5IG5vYm9keQ$tbeWKmm1cYhpnD+ILV2p5d2lbx5h6L3ju6L1xqF3mUo";

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    #[tokio::test]
    async fn only_the_password_itself_is_accepted() {
        let hash = password("correct horse").hash().await.unwrap();
        assert!(
            password("correct horse")
                .is(Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!password("correct horsE").is(Some(hash)).await.unwrap());
        assert!(!password("correct horse").is(None).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_hash_with_the_parameters_of_everybody() {
        let hash = password("x").hash().await.unwrap();
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(OF_NOBODY), parameters(&hash));
        let read = PasswordHash::new(OF_NOBODY);
        assert!(
            read.is_ok_and(|hash| hash.hash.is_some()),
            "so that it is really hashed"
        );
    }

    #[test]
    fn a_new_password_is_long_enough_and_not_the_name() {
        assert!(password("12345678").is_good("ada"));
        assert!(!password("1234567").is_good("ada"));
        assert!(!password("ADALOVELACE").is_good("adalovelace"));
        assert!(!password(&"x".repeat(LONGEST + 1)).is_good("ada"));
    }
}
