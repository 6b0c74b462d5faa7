use subtle::{Choice, ConditionallySelectable};

/// Dynamic truncation (RFC 4226 §5.3) of a hash given as big-endian words: the first five and the last.
///
/// The lowest four bits of the last word are an offset in bytes, and the 31 bits found there are the result. An address
/// taken from a secret shows in the cache, so all 16 offsets are read, and the offset moves the words bit by bit: by two words
/// or not, by one, by two bytes, by one.
///
/// Plain masks are not enough: the compiler saw through them and made branches of them.
#[inline]
pub(crate) fn truncate([a, b, c, d, e]: [u32; 5], last: u32) -> u32 {
    let two_words = bit(last, 3);
    let a = u32::conditional_select(&a, &c, two_words);
    let b = u32::conditional_select(&b, &d, two_words);
    let c = u32::conditional_select(&c, &e, two_words);

    let one_word = bit(last, 2);
    let high = u32::conditional_select(&a, &b, one_word);
    let low = u32::conditional_select(&b, &c, one_word);

    let two_bytes = bit(last, 1);
    let high = u32::conditional_select(&high, &(high << 16 | low >> 16), two_bytes);
    let low = u32::conditional_select(&low, &(low << 16), two_bytes);

    let one_byte = bit(last, 0);
    let found = u32::conditional_select(&high, &(high << 8 | low >> 24), one_byte);
    found & 0x7fff_ffff
}

#[inline]
fn bit(word: u32, place: u32) -> Choice {
    Choice::from((word >> place).to_le_bytes()[0] & 1)
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
