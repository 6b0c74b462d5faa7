//! Code that leaks, each piece in the way that it is usually written. If memcheck finds nothing in one of them, it
//! would find nothing in otp-core either.

use std::hint::black_box;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::secrecy::{conceal, concealed};

/// A leak and its name on the command line.
pub struct Twin {
    pub name: &'static str,
    pub run: fn(),
}

pub const TWINS: [Twin; 4] = [
    Twin {
        name: "truncation-by-index",
        run: truncation_by_index,
    },
    Twin {
        name: "early-exit",
        run: early_exit,
    },
    Twin {
        name: "base32-by-table",
        run: base32_by_table,
    },
    Twin {
        name: "branch-elsewhere",
        run: branch_elsewhere,
    },
];

fn concealed_key() -> [u8; 20] {
    let mut key = *b"12345678901234567890";
    conceal(&mut key);
    key
}

fn hmac(key: &[u8], counter: u64) -> [u8; 20] {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("any length");
    mac.update(&counter.to_be_bytes());
    mac.finalize().into_bytes().into()
}

/// RFC 4226 §5.4 to the letter: the secret offset becomes an address.
fn truncation_by_index() {
    let hash = hmac(&concealed_key(), 1);
    let offset = usize::from(hash[19] & 0xf);
    let bytes: [u8; 4] = std::array::from_fn(|i| hash[offset + i]);
    black_box(u32::from_be_bytes(bytes) & 0x7fff_ffff);
}

/// Returns at the first step that matches: a secret branch.
fn early_exit() {
    let key = concealed_key();
    let attempt = black_box(287_082_u32);
    let find =
        || (0..3).find(|&step| truncated_without_index(&hmac(&key, step)) % 1_000_000 == attempt);
    black_box(find());
}

/// Reads all offsets, so that the only leak of its caller is the caller's own.
fn truncated_without_index(hash: &[u8; 20]) -> u32 {
    let offset = u32::from(hash[19] & 0xf);
    (0..16_u32)
        .zip(hash.windows(4))
        .fold(0, |found, (index, bytes)| {
            let equal = ((index ^ offset).wrapping_sub(1) >> 31).wrapping_neg();
            let word = bytes
                .iter()
                .fold(0, |word, &byte| word << 8 | u32::from(byte));
            found | equal & word
        })
        & 0x7fff_ffff
}

/// Looks the letters of a secret up in a table.
fn base32_by_table() {
    let mut table = [0xff_u8; 256];
    for (value, letter) in (0_u8..).zip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") {
        table[usize::from(*letter)] = value;
    }
    let table = black_box(table);
    let text = concealed("GEZDGNBVGY3TQOJQ");
    let bits = text.bytes().fold(0_u128, |bits, letter| {
        bits << 5 | u128::from(table[usize::from(letter)])
    });
    black_box(bits);
}

/// A verdict that is spoken anywhere but where otp-core speaks it, in a function of the same name: the one allowed
/// branch is allowed in that one place only.
fn branch_elsewhere() {
    let equal = black_box(concealed_key()[0] & 1);
    black_box(declassify(equal));
}

#[inline(never)]
fn declassify(found: u8) -> Option<u8> {
    if black_box(found) != 0 {
        println!("found");
        Some(found)
    } else {
        None
    }
}
