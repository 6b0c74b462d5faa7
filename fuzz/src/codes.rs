//! HOTP and the search for a code as the RFCs write them, on the `hmac` crate: slow and plain.

use std::ops::RangeInclusive;

use hmac::{Hmac, KeyInit, Mac};
use otp_core::{Algorithm, Digits};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// A token: what it takes to make a code.
pub struct Token<'a> {
    /// The key as it was given, however long.
    pub key: &'a [u8],
    /// The hash function.
    pub algorithm: Algorithm,
    /// The length of a code.
    pub digits: Digits,
}

impl Token<'_> {
    /// RFC 4226 §5.3: the code for a counter.
    #[must_use]
    pub fn code(&self, counter: u64) -> String {
        let width = usize::from(self.digits.get());
        let modulus = 10_u32.pow(self.digits.get().into());
        format!("{:0width$}", self.truncated(counter) % modulus)
    }

    /// RFC 4226 §5.3, dynamic truncation: 31 bits.
    #[must_use]
    pub fn truncated(&self, counter: u64) -> u32 {
        let hash = match self.algorithm {
            Algorithm::Sha1 => hmac::<Hmac<Sha1>>(self.key, counter),
            Algorithm::Sha256 => hmac::<Hmac<Sha256>>(self.key, counter),
            Algorithm::Sha512 => hmac::<Hmac<Sha512>>(self.key, counter),
        };
        let offset = usize::from(hash[hash.len() - 1] & 0xf);
        let bytes = hash[offset..offset + 4].try_into().unwrap();
        u32::from_be_bytes(bytes) & 0x7fff_ffff
    }

    /// The rule of every verification: the highest of these counters at which the row of codes ends and whose first code
    /// is not below `first_fresh`.
    #[must_use]
    pub fn highest(
        &self,
        codes: &[&str],
        mut ends: RangeInclusive<u64>,
        first_fresh: u64,
    ) -> Option<u64> {
        let before_end = codes.len() as u64 - 1;
        ends.rfind(|end| {
            end.checked_sub(before_end).is_some_and(|start| {
                let mut row = (start..=*end).zip(codes);
                start >= first_fresh && row.all(|(counter, code)| self.code(counter) == *code)
            })
        })
    }
}

fn hmac<M: Mac + KeyInit>(key: &[u8], counter: u64) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    mac.update(&counter.to_be_bytes());
    mac.finalize().into_bytes().to_vec()
}
