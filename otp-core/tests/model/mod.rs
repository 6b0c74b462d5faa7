//! HOTP and TOTP as the RFCs write them, on the `hmac` crate: slow, plain, and independent of the crate under test.

use hmac::{Hmac, KeyInit, Mac};
use otp_core::{Algorithm, Digits};
use sha1::Sha1;
use sha2::{Sha256, Sha512};

/// RFC 4226 §5.3, by index and division, zero-padded.
pub(crate) fn code(key: &[u8], algorithm: Algorithm, counter: u64, digits: Digits) -> String {
    let hash = hmac(key, algorithm, counter);
    let offset = usize::from(hash[hash.len() - 1] & 0xf);
    let bytes: [u8; 4] = hash[offset..offset + 4].try_into().unwrap();
    let truncated = u32::from_be_bytes(bytes) & 0x7fff_ffff;
    let width = usize::from(digits.get());
    format!("{:0width$}", truncated % 10_u32.pow(digits.get().into()))
}

fn hmac(key: &[u8], algorithm: Algorithm, counter: u64) -> Vec<u8> {
    fn of<M: Mac + KeyInit>(key: &[u8], counter: u64) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
        mac.update(&counter.to_be_bytes());
        mac.finalize().into_bytes().to_vec()
    }
    match algorithm {
        Algorithm::Sha1 => of::<Hmac<Sha1>>(key, counter),
        Algorithm::Sha256 => of::<Hmac<Sha256>>(key, counter),
        Algorithm::Sha512 => of::<Hmac<Sha512>>(key, counter),
    }
}

/// The rule of verification, word for word: the highest counter of the range at which this row of codes ends and
/// whose first code is fresh.
pub(crate) fn highest(
    codes: &[&str],
    range: impl Iterator<Item = u64>,
    last_used: Option<u64>,
    shown: impl Fn(u64) -> String,
) -> Option<u64> {
    range
        .filter(|&end| {
            let Some(start) = end.checked_sub(codes.len() as u64 - 1) else {
                return false;
            };
            last_used.is_none_or(|last| start > last)
                && (start..=end)
                    .zip(codes)
                    .all(|(counter, code)| shown(counter) == *code)
        })
        .max()
}
