//! One-time passwords as RFC 4226 §5.3 and RFC 6238 §4.2 write them down, and nothing besides.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

/// The code of six digits that belongs to a counter.
pub(crate) fn hotp(key: &[u8], counter: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).unwrap();
    mac.update(&counter.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let offset = usize::from(hash[19] & 15);
    let bytes = [
        hash[offset] & 127,
        hash[offset + 1],
        hash[offset + 2],
        hash[offset + 3],
    ];
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

/// The step of thirty seconds in which a moment lies. What is before 1970 lies in the first.
pub(crate) fn step(now: i64) -> i64 {
    now.max(0) / 30
}

/// The code that an authenticator shows during a step.
pub(crate) fn totp(key: &[u8], step: i64) -> String {
    hotp(key, u64::try_from(step).unwrap())
}

/// RFC 4648 §4 without padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    in_digits(bytes, 6, ALPHABET)
}

/// RFC 4648 §6 without padding.
pub(crate) fn base32(bytes: &[u8]) -> String {
    in_digits(bytes, 5, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
}

/// So many bits to a digit.
fn in_digits(bytes: &[u8], width: usize, alphabet: &[u8]) -> String {
    let bits: Vec<usize> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| usize::from(byte >> bit & 1)))
        .collect();
    let digit = |bits: &[usize]| {
        let value = bits.iter().fold(0, |value, bit| value << 1 | bit);
        char::from(alphabet[value << (width - bits.len())])
    };
    bits.chunks(width).map(digit).collect()
}
