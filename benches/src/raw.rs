//! The floor: compressions of one block each, with nothing around them.
//!
//! *Chained*: each works on the state that the one before it left, as the plain loop over a hash does. *Independent*:
//! each has a state of its own, so that the processor may overlap them. An HMAC over a prepared key is two compressions.
//! The ratios are taken against the chained form.

use std::{hint::black_box, slice::from_ref};

use crate::Contender;

/// The chained and the independent form of `N` compressions.
macro_rules! raw {
    ($(#[$doc:meta])* $name:ident, $compress:path, $word:ty, $words:literal, $block:literal) => {
        $(#[$doc])*
        pub fn $name<const N: usize>(chained: &'static str, independent: &'static str) -> [Contender; 2] {
            let block = [0x5a_u8; $block];
            let start: [$word; $words] = std::array::from_fn(|i| i as $word);
            [
                Contender::new(chained, move || {
                    let mut state = black_box(start);
                    let block = black_box(&block);
                    for _ in 0..N {
                        $compress(&mut state, from_ref(block));
                    }
                    state
                }),
                Contender::new(independent, move || {
                    let mut states = black_box([start; N]);
                    let block = black_box(&block);
                    for state in &mut states {
                        $compress(state, from_ref(block));
                    }
                    states
                }),
            ]
        }
    };
}

raw!(
    /// `N` compressions of SHA-1.
    sha1, sha1::block_api::compress, u32, 5, 64
);
raw!(
    /// `N` compressions of SHA-256.
    sha256, sha2::block_api::compress256, u32, 8, 64
);
raw!(
    /// `N` compressions of SHA-512.
    sha512, sha2::block_api::compress512, u64, 8, 128
);
