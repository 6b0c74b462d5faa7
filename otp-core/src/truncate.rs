/// Dynamic truncation (RFC 4226 §5.3) of a hash given as big-endian words: the first five and the last.
///
/// The lowest four bits of the last word are an offset in bytes, and the 31 bits found there are the result. An address
/// taken from a secret shows in the cache, so all 16 offsets are read and one is kept by masks: first which
/// two words the offset lies in, then which byte of them it starts at.
#[inline]
pub(crate) fn truncate([a, b, c, d, e]: [u32; 5], last: u32) -> u32 {
    let word = (last >> 2) & 3;
    let byte = last & 3;
    let pair = (mask(word, 0) & join(a, b))
        | (mask(word, 1) & join(b, c))
        | (mask(word, 2) & join(c, d))
        | (mask(word, 3) & join(d, e));
    let found = (mask(byte, 0) & (pair >> 32))
        | (mask(byte, 1) & (pair >> 24))
        | (mask(byte, 2) & (pair >> 16))
        | (mask(byte, 3) & (pair >> 8));
    (found & 0x7fff_ffff) as u32
}

/// All ones if two numbers below 2^31 are equal, else all zeros.
#[inline]
const fn mask(left: u32, right: u32) -> u64 {
    // Only 0 - 1 sets the top bit; the arithmetic shift copies it everywhere.
    let difference = (left ^ right) as u64;
    (difference.wrapping_sub(1).cast_signed() >> 63).cast_unsigned()
}

#[inline]
const fn join(high: u32, low: u32) -> u64 {
    ((high as u64) << 32) | low as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The algorithm as RFC 4226 §5.4 writes it.
    fn by_index(hash: &[u8]) -> u32 {
        let offset = usize::from(hash.last().unwrap() & 0xf);
        u32::from_be_bytes(hash[offset..offset + 4].try_into().unwrap()) & 0x7fff_ffff
    }

    #[test]
    fn every_offset_finds_its_four_bytes() {
        for offset in 0..16_u8 {
            // Bytes that all differ, with the top bit set in some, so that a wrong offset or a kept sign shows.
            let mut byte = 0xa7_u8;
            let mut hash = [(); 20].map(|()| {
                byte = byte.wrapping_add(0x1d);
                byte
            });
            hash[19] = (hash[19] & 0xf0) | offset;
            let words = core::array::from_fn(|i| {
                u32::from_be_bytes(hash[4 * i..4 * i + 4].try_into().unwrap())
            });
            assert_eq!(
                truncate(words, words[4]),
                by_index(&hash),
                "offset {offset}"
            );
        }
    }
}
