//! HMAC over a prepared key, on the compression functions of `sha1` and `sha2`.
//!
//! The two blocks that depend on the key alone (RFC 2104: `key ^ ipad`, `key ^ opad`) are compressed once. What is left
//! for a code is one block inside and one outside, because a counter is 8 bytes and a hash fits into one block.

use sha1::{Digest, Sha1, block_api::compress as compress1};
use sha2::{
    Sha256, Sha512,
    block_api::{compress256, compress512},
};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{Algorithm, Secret, truncate::truncate, wiped::wipe};

/// The inner and the outer hash state of a key.
pub(crate) enum PreparedKey {
    Sha1(KeyStates<[u32; 5]>),
    Sha256(KeyStates<[u32; 8]>),
    Sha512(KeyStates<[u64; 8]>),
}

pub(crate) struct KeyStates<S: Zeroize> {
    inner: Zeroizing<S>,
    outer: Zeroizing<S>,
}

impl ZeroizeOnDrop for PreparedKey {}

impl PreparedKey {
    pub(crate) fn new(secret: &Secret, algorithm: Algorithm) -> Self {
        match algorithm {
            Algorithm::Sha1 => Self::Sha1(KeyStates::<[u32; 5]>::new(secret)),
            Algorithm::Sha256 => Self::Sha256(KeyStates::<[u32; 8]>::new(secret)),
            Algorithm::Sha512 => Self::Sha512(KeyStates::<[u64; 8]>::new(secret)),
        }
    }

    /// The truncated HMACs (31 bit) of `N` counters from `first` on, wrapping after 2^64-1.
    ///
    /// All inner hashes come first, then all outer ones: within a phase they do not wait for each other, so the
    /// processor overlaps them.
    #[inline]
    pub(crate) fn truncated<const N: usize>(&self, first: u64) -> [u32; N] {
        match self {
            Self::Sha1(key) => key.truncated(first),
            Self::Sha256(key) => key.truncated(first),
            Self::Sha512(key) => key.truncated(first),
        }
    }
}

/// One hash function's part of the above; they differ in the sizes, and in nothing else.
macro_rules! key_states {
    (
        $hash:ty, $compress:path, word: $word:ty, words: $words:literal, block: $block:literal,
        initial: $initial:expr, truncate: $truncate:expr
    ) => {
        impl KeyStates<[$word; $words]> {
            /// RFC 2104 §2: a key longer than a block is replaced by its hash; the pads are the bytes 0x36 and 0x5c.
            fn new(secret: &Secret) -> Self {
                let key = secret.expose();
                let mut block = Zeroizing::new([0_u8; $block]);
                match block.get_mut(..key.len()) {
                    Some(start) => start.copy_from_slice(key),
                    None => {
                        let hash = Zeroizing::new(<$hash>::digest(key).0);
                        block
                            .iter_mut()
                            .zip(&*hash)
                            .for_each(|(to, from)| *to = *from);
                    }
                }
                let mut state_after_padding = |pad| {
                    block.iter_mut().for_each(|byte| *byte ^= pad);
                    let mut state = Zeroizing::new($initial);
                    $compress(&mut state, core::slice::from_ref(&block));
                    state
                };
                Self {
                    inner: state_after_padding(0x36),
                    outer: state_after_padding(0x36 ^ 0x5c),
                }
            }

            #[inline]
            fn truncated<const N: usize>(&self, first: u64) -> [u32; N] {
                let mut blocks = [[0_u8; $block]; N];
                let mut states = [*self.inner; N];
                let mut counter = first;
                for block in &mut blocks {
                    fill(block, &[counter.to_be_bytes()]);
                    counter = counter.wrapping_add(1);
                }
                for (state, block) in states.iter_mut().zip(&blocks) {
                    $compress(state, core::slice::from_ref(block));
                }
                for (block, state) in blocks.iter_mut().zip(&mut states) {
                    fill(block, &state.map(<$word>::to_be_bytes));
                    *state = *self.outer;
                }
                for (state, block) in states.iter_mut().zip(&blocks) {
                    $compress(state, core::slice::from_ref(block));
                }
                let truncated = states.each_ref().map($truncate);
                wipe(&mut blocks, [0; $block]);
                wipe(&mut states, [0; $words]);
                truncated
            }
        }
    };
}

key_states!(
    Sha1, compress1, word: u32, words: 5, block: 64,
    // FIPS 180-4 §5.3.1
    initial: [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0],
    truncate: |s: &[u32; 5]| truncate(*s, s[4])
);
key_states!(
    Sha256, compress256, word: u32, words: 8, block: 64,
    // FIPS 180-4 §5.3.3
    initial: [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ],
    truncate: |s: &[u32; 8]| truncate([s[0], s[1], s[2], s[3], s[4]], s[7])
);
key_states!(
    Sha512, compress512, word: u64, words: 8, block: 128,
    // FIPS 180-4 §5.3.5
    initial: [
        0x6a09_e667_f3bc_c908, 0xbb67_ae85_84ca_a73b, 0x3c6e_f372_fe94_f82b, 0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1, 0x9b05_688c_2b3e_6c1f, 0x1f83_d9ab_fb41_bd6b, 0x5be0_cd19_137e_2179,
    ],
    truncate: |s: &[u64; 8]| truncate([high(s[0]), low(s[0]), high(s[1]), low(s[1]), high(s[2])], low(s[7]))
);

/// The last block of a hash whose first block was the padded key: the message, a one bit, zeros, the length of
/// both blocks in bits (FIPS 180-4 §5.1).
#[inline]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "the length is that of two blocks of at most 128 bytes"
)]
fn fill<const BLOCK: usize, const WORD: usize>(block: &mut [u8; BLOCK], message: &[[u8; WORD]]) {
    let message = message.as_flattened();
    let bits = ((BLOCK + message.len()) * 8) as u16;
    let (text, rest) = block.split_at_mut(message.len());
    text.copy_from_slice(message);
    if let [one, zeros @ .., high, low] = rest {
        *one = 0x80;
        zeros.fill(0);
        [*high, *low] = bits.to_be_bytes();
    }
}

const fn high(word: u64) -> u32 {
    (word >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "half of the word is meant")]
const fn low(word: u64) -> u32 {
    word as u32
}
