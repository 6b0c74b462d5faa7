use core::fmt;

use zeroize::ZeroizeOnDrop;

use crate::{Digits, division::Divisor, wiped::Wiped};

/// A one-time password: text of fixed width, leading zeros kept, wiped when dropped.
///
/// # Security
/// `Debug` is redacted, and there is neither `Display` nor `==`: a code that is compared as text is compared
/// too quickly. To check one, use [`Totp::verify`](crate::Totp::verify) or [`Hotp::verify`](crate::Hotp::verify).
pub struct Code {
    // Always eight digits; a shorter code is the end of them.
    text: Wiped<8>,
    digits: Digits,
}

impl Code {
    /// The code for a truncated HMAC value.
    #[inline]
    pub(crate) fn new(truncated: u32, digits: Digits) -> Self {
        Self {
            text: Wiped::new(decimal(digits.modulus().remainder(truncated))),
            digits,
        }
    }

    /// The digits, to show to the owner of the token.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let leading = self.text.len().saturating_sub(self.digits.get().into());
        self.text
            .get(leading..)
            .and_then(|digits| str::from_utf8(digits).ok())
            .unwrap_or_default()
    }

    /// How many digits it has.
    #[must_use]
    pub const fn digits(&self) -> Digits {
        self.digits
    }
}

/// Eight decimal digits of a number below 10^8, without a division and without waiting for one digit after the other.
///
/// The number is cut in two, and again, and again, in lanes of one word: two of 32 bits with four digits each, four of 16 bits
/// with two, eight bytes with one. 10486 / 2^20 and 103 / 2^10 are close enough to 1/100 and 1/10 for numbers of four and two digits.
#[inline]
const fn decimal(number: u32) -> [u8; 8] {
    const TEN_THOUSAND: Divisor = Divisor::new(10_000);
    let fours =
        TEN_THOUSAND.quotient(number) as u64 | (TEN_THOUSAND.remainder(number) as u64) << 32;
    let hundreds = (fours.wrapping_mul(10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | fours.wrapping_sub(hundreds.wrapping_mul(100)) << 16;
    let tens = (twos.wrapping_mul(103) >> 10) & 0x000f_000f_000f_000f;
    let ones = tens | twos.wrapping_sub(tens.wrapping_mul(10)) << 8;
    (ones | 0x3030_3030_3030_3030).to_le_bytes()
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(redacted)")
    }
}

impl ZeroizeOnDrop for Code {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_writes_every_group_of_digits() {
        // The lanes do not touch each other: all values of one half beside the extremes of the other one are enough.
        for four in 0..10_000 {
            for other in [0, 1, 4_999, 9_999] {
                for number in [four * 10_000 + other, other * 10_000 + four] {
                    assert_eq!(
                        str::from_utf8(&decimal(number)),
                        Ok(std::format!("{number:08}").as_str())
                    );
                }
            }
        }
    }
}
