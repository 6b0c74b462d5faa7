//! Codes that we make.

use std::fmt::Write as _;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use crate::secret::SecretString;

/// Letters and digits of RFC 4648 Base32: none is read as another.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// That many digits (1 to 9), each number as likely as the other: drawn again where it would not be.
#[expect(clippy::arithmetic_side_effects, reason = "divided by at least 1")]
pub(crate) fn digits(count: u32, rng: &mut dyn CryptoRng) -> SecretString {
    let width = usize::try_from(count).unwrap_or(6);
    let numbers = 10_u32.saturating_pow(count).max(1);
    let fair = (u32::MAX / numbers).saturating_mul(numbers);
    let number = loop {
        let drawn = rng.next_u32();
        if drawn < fair {
            break drawn % numbers;
        }
    };
    let mut text = Zeroizing::new(String::with_capacity(width));
    // Writing into a string cannot fail.
    let _ = write!(text, "{number:0width$}");
    SecretString::new(text)
}

/// A number from 10 to 99, for matching.
pub(crate) fn two_digits(rng: &mut dyn CryptoRng) -> u8 {
    loop {
        let [drawn] = crate::id::random::<1>(rng);
        if drawn < 180 {
            return 10_u8.saturating_add(drawn % 90);
        }
    }
}

/// That many characters of Base32, five bits each.
pub(crate) fn letters(count: usize, rng: &mut dyn CryptoRng) -> SecretString {
    let mut text = Zeroizing::new(String::with_capacity(count));
    for _ in 0..count {
        let [drawn] = crate::id::random::<1>(rng);
        // 256 is a multiple of 32, so every character is as likely.
        let place = usize::from(drawn & 31);
        text.extend(BASE32.get(place).map(|&byte| char::from(byte)));
    }
    SecretString::new(text)
}

/// In groups of four with hyphens between, for reading.
pub(crate) fn grouped(letters: &SecretString) -> SecretString {
    let text = letters.expose();
    let mut grouped = Zeroizing::new(String::with_capacity(text.len().saturating_mul(2)));
    for (place, letter) in text.chars().enumerate() {
        if place > 0 && place.is_multiple_of(4) {
            grouped.push('-');
        }
        grouped.push(letter);
    }
    SecretString::new(grouped)
}

/// What a person typed, as we made it: upper case, without spaces and hyphens.
pub(crate) fn cleaned_letters(typed: &str) -> Zeroizing<String> {
    let kept = typed.chars().filter(|c| !matches!(c, ' ' | '-'));
    Zeroizing::new(kept.take(64).map(|c| c.to_ascii_uppercase()).collect())
}
